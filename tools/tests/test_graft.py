"""Grafts: what counts of a submission, and what is refused."""

import json
import tarfile

import pytest

from labkit.accepted import shown

SUM = ("  return todo(\"count.1\", left, right);", "  return left + right;")


@pytest.fixture
def work(toy, labs, git, tmp_path):
    """A student's clone of the hand-out of lab count."""
    assert labs("cut", "--root", toy, "--repo", "--through", "count", tmp_path / "r")[0] == 0
    git(tmp_path, "clone", "-q", tmp_path / "r", tmp_path / "work")
    return tmp_path / "work"


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def report(path):
    return json.loads(path.read_text())


def test_only_rooms_new_files_and_student_files_count(work, labs, score):
    edit(work / "kernel/count/count.cc", *SUM)
    edit(work / "kernel/count/count.cc", "static int zero() { return 0; }", "static int zero() { return 5; }")
    edit(work / "kernel/lib/todo.h", "std::exit(121)", "std::exit(0)")
    (work / "kernel/count/more.h").write_text("// mine\n")
    (work / "user/tests/mine/a.cc").write_text("// mine\n")
    (work / "grading/extra.py").write_text("# not mine\n")
    (work / "docs/index.md").unlink()
    status, told, error = labs("graft", "--here", "build/graft", cwd=work)
    assert status == 0, error
    assert told.splitlines()[-1] == "tree: build/graft"
    text = (work / "build/graft/kernel/count/count.cc").read_text()
    assert "return left + right;" in text and "static int zero() { return 0; }" in text
    assert "std::exit(121)" in (work / "build/graft/kernel/lib/todo.h").read_text()
    assert (work / "build/graft/kernel/count/more.h").exists() and (work / "build/graft/user/tests/mine/a.cc").exists()
    assert not (work / "build/graft/grading/extra.py").exists() and (work / "build/graft/docs/index.md").exists()
    found = report(work / "build/graft.json")
    assert found["rooms"] == {"count.1": "filled", "count.2": "open"} and found["new_files"] == ["kernel/count/more.h"]
    assert {item["path"]: item["what"] for item in found["ignored"]} == {
        "kernel/count/count.cc": "changed outside its rooms", "kernel/lib/todo.h": "changed", "docs/index.md": "removed",
        "grading/extra.py": "new, outside the labs' folders"}
    assert score(work / "build/graft", "count") == {"adds": 2, "adds_negative": 1, "multiplies": 0}


def test_a_second_graft_touches_only_what_changed(work, labs):
    (work / "kernel/count/more.h").write_text("// mine\n")
    labs("graft", "--here", "build/graft", cwd=work)
    time = (work / "build/graft/kernel/main.cc").stat().st_mtime_ns
    edit(work / "kernel/count/count.cc", *SUM)
    (work / "kernel/count/more.h").unlink()
    _, told, _ = labs("graft", "--here", "build/graft", cwd=work)
    assert "graft: 3 files changed" in told and not (work / "build/graft/kernel/count/more.h").exists()
    assert (work / "build/graft/kernel/main.cc").stat().st_mtime_ns == time


def test_the_graft_survives_commits_and_clones(work, labs, git, tmp_path):
    edit(work / "kernel/main.cc", "unknown word", "no word")
    git(work, "commit", "-qam", "mine")
    git(tmp_path, "clone", "-q", work, tmp_path / "second")
    status, told, _ = labs("graft", "--here", "build/graft", cwd=tmp_path / "second")
    assert status == 0 and "kernel/main.cc (changed)" in told
    assert "unknown word" in (tmp_path / "second/build/graft/kernel/main.cc").read_text()


def test_without_a_pristine_tree_nothing_is_grafted(toy, work, labs, git, tmp_path):
    """Graded as it is, a tree of a student's says what its author likes: no pristine tree, no grade."""
    labs("cut", "--root", toy, "--starter", "count", tmp_path / "plain")
    labs("cut", "--root", toy, "--solved", "count", tmp_path / "solved")
    (tmp_path / "plain/labs/00-count/wrong").mkdir()
    edit(work / "kernel/count/count.cc", "static int zero()", "static int nought()")
    git(work, "commit", "-qam", "mine")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{work}", tmp_path / "shallow")
    for tree, why in ((tmp_path / "plain", "git"), (tmp_path / "solved", "solved tree"), (toy, "one source tree"),
                      (tmp_path / "shallow", "history does not hold kernel/count/count.cc")):
        status, told, error = labs("graft", "--here", "build/graft", cwd=tree)
        assert status == 2 and "no pristine tree to graft into" in error and why in error, error
        assert "WHOLE_TREE=1" in error and "tree:" not in told
        results = report(tree / "build/graft/build/results.json")
        assert results["score"] == 0 and results["tests"] == [] and "no pristine tree" in results["extra_data"]["error"]


@pytest.mark.parametrize("old, new, message", [
    ("// ROOM count.1 begin: add two numbers\n", "", "missing marker: room count.1"),
    ("// ROOM count.1 end\n", "", "nested marker: room count.2 begins inside room count.1"),
    ("// ROOM count.2 end\n", "// ROOM count.2 end\n// ROOM count.1 begin: x\n// ROOM count.1 end\n",
     "doubled marker: room count.1"),
])
def test_broken_markers_are_named_errors(work, labs, old, new, message):
    edit(work / "kernel/count/count.cc", old, new)
    status, _, error = labs("graft", "--here", "build/graft", cwd=work)
    assert status == 2 and message in error and "run next:" in error
    assert message in report(work / "build/graft.json")["errors"][0]["what"]


def test_a_removed_file_and_a_link_are_named_errors(work, labs):
    (work / "kernel/count/count.cc").unlink()
    status, _, error = labs("graft", "--here", "build/graft", cwd=work)
    assert status == 2 and "kernel/count/count.cc is missing from the submission" in error
    (work / "kernel/count/count.cc").symlink_to("/etc/passwd")
    status, _, error = labs("graft", "--here", "build/graft", cwd=work)
    assert status == 2 and "is a symbolic link" in error


def test_line_ends_of_another_system_do_no_harm(work, labs):
    path = work / "kernel/count/count.cc"
    edit(path, *SUM)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert labs("graft", "--here", "build/graft", cwd=work)[0] == 0
    assert b"\r" not in (work / "build/graft/kernel/count/count.cc").read_bytes()


def test_an_instructors_graft_has_the_hidden_rows(toy, work, labs, score, tmp_path):
    edit(work / "kernel/count/count.cc", *SUM)
    status, told, error = labs("graft", "--root", toy, work, tmp_path / "graft", "--lab", "count")
    assert status == 0, error
    assert "not taken over" not in told
    assert score(tmp_path / "graft", "count") == {"adds": 2, "adds_negative": 1, "multiplies": 0, "multiplies_large": 0}


def test_a_lab_is_graded_on_the_reference_of_the_others(toy, labs, score, tmp_path):
    labs("cut", "--root", toy, "--carry", "stack", tmp_path / "carry")
    edit(tmp_path / "carry/kernel/count/count.cc", '  return todo("stack.3");', "  return add(peek_all(), 0);")
    edit(tmp_path / "carry/kernel/count/count.cc", "add(peek_all(), 0)", "stack::peek(0) + stack::peek(1)")
    labs("graft", "--root", toy, tmp_path / "carry", tmp_path / "own", "--lab", "stack", "--own")
    labs("graft", "--root", toy, tmp_path / "carry", tmp_path / "whole", "--lab", "stack")
    assert score(tmp_path / "own", "count")["adds"] == 2 and score(tmp_path / "whole", "count")["adds"] == 0
    assert "stack::peek(0) + stack::peek(1)" in (tmp_path / "own/kernel/count/count.cc").read_text()


# ---- what a submission may not bring ----------------------------------------------------------------------
REFUSED = {
    "user/tests/mine/`touch hacked`.cc": "its name may hold", "user/tests/mine/$(shell touch hacked).cc": "its name may hold",
    "user/tests/mine/a b.cc": "its name may hold", "user/tests/mine/a.cc\n.cc": "its name may hold",
    "user/tests/mine/-include.cc": "no part of it begins", "user/tests/mine/.hidden/a.cc": "no part of it begins",
    "user/tests/mine/.gitattributes": "no part of it begins", "user/tests/mine/conftest.py": "none of",
    "user/tests/mine/pytest.ini": "none of", "user/tests/mine/rules.mk": "none of", "user/tests/mine/a.pth": "none of",
    "user/tests/mine/specs": "none of", "user/tests/mine/a.h.gch": "none of", "kernel/count/`touch hacked`.cc": "its name may hold",
    "kernel/count/count.S": "in the place of kernel/count/count.cc", "kernel/count/lib/todo.h": "included by kernel/count/count.cc",
    "kernel/count/count/count.h": "included by kernel/count/count.cc",
}


def test_names_and_places_that_are_refused(toy, work, labs, tmp_path):
    """At home and by an instructor's graft: each file is named, nothing is laid, and the points are none."""
    for path in REFUSED:
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text("")
    for where, command in ((work, ("graft", "--here", "build/graft")),
                           (tmp_path, ("graft", "--root", toy, work, tmp_path / "out", "--lab", "count"))):
        status, told, error = labs(*command, cwd=where)
        assert status == 2 and all(c.isprintable() for line in error.splitlines() for c in line)
        for path, why in REFUSED.items():
            _, named, rest = error.partition(f"the file {shown(path)} cannot be taken over")
            assert named and why in rest.partition("run next:")[0], path
    assert not (tmp_path / "out/Makefile").exists() and "cannot be taken over" in report(tmp_path / "out/build/results.json")["output"]
    assert not list(tmp_path.rglob("hacked"))


def test_a_header_of_ones_own_is_taken(work, labs):
    (work / "kernel/count/own_todo.h").write_text("// mine\n")
    (work / "user/tests/mine/sub").mkdir()
    (work / "user/tests/mine/sub/helper.h").write_text("// mine\n")
    status, _, error = labs("graft", "--here", "build/graft", cwd=work)
    assert status == 0, error
    assert (work / "build/graft/kernel/count/own_todo.h").exists()


def test_no_file_of_a_submission_is_in_the_graders_tree(work, labs):
    edit(work / "kernel/count/count.cc", *SUM)
    (work / "kernel/count/more.cc").write_text("// mine\n")
    (work / "user/tests/mine/a.cc").write_text("// mine\n")
    assert labs("graft", "--here", "build/graft", cwd=work)[0] == 0
    grader = work / "build/graft/grader"
    assert (grader / "grading/grade.py").exists() and "todo(" in (grader / "kernel/count/count.cc").read_text()
    assert not (grader / "kernel/count/more.cc").exists() and not (grader / "user/tests/mine/a.cc").exists()


# ---- what an instructor relies on ----------------------------------------------------------------------
def test_what_the_student_before_left_is_gone(toy, work, labs, tmp_path):
    out = tmp_path / "out"
    edit(work / "kernel/count/count.cc", *SUM)
    assert labs("graft", "--root", toy, work, out, "--lab", "count")[0] == 0
    (out / "build").mkdir()
    (out / "build/results.json").write_text('{"score": 400}')
    edit(work / "kernel/count/count.cc", "// ROOM count.2 end\n", "")
    assert labs("graft", "--root", toy, work, out, "--lab", "count")[0] == 2
    assert not (out / "kernel").exists() and not (out / "grader/kernel").exists()
    results = report(out / "build/results.json")
    assert results["score"] == 0 and "count.2" in results["output"]
    assert "count.2" in report(tmp_path / "out.json")["errors"][0]["what"]
    status, _, error = labs("graft", "--root", toy, tmp_path / "nobody", out, "--lab", "count")
    assert status == 2 and "nobody does not exist" in error and "nobody does not exist" in report(out / "build/results.json")["output"]
    assert not (tmp_path / "out.json").exists()


def test_a_foreign_folder_is_left_alone(toy, work, labs, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/chapter.tex").write_text("")
    status, _, error = labs("graft", "--root", toy, work, tmp_path / "thesis", "--lab", "count")
    assert status == 2 and "is not empty" in error and [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter.tex"]


def handed_in(work, labs, git, *options):
    git(work, "add", "-A")
    git(work, "commit", "-qm", "mine")
    status, told, error = labs("handin", *options, cwd=work)
    assert status == 0, error
    return next((work / "build/handin").glob("*.tar.gz"))


def test_the_package_of_a_handin_and_its_bundle_are_taken(toy, work, labs, git, score, tmp_path):
    edit(work / "kernel/count/count.cc", *SUM)
    (work / ".gitignore").write_text("build/\n")
    (work / ".gitattributes").write_text("* filter=evil\n")
    package = handed_in(work, labs, git, "--no-grade")
    git(work, "bundle", "create", "-q", tmp_path / "mine.bundle", "HEAD")
    for number, submission in enumerate((package, tmp_path / "mine.bundle")):
        status, told, error = labs("graft", "--root", toy, submission, tmp_path / f"out{number}", "--lab", "count")
        assert status == 0, error
        assert "1 of 2 rooms are filled" in told
    assert score(tmp_path / "out0", "count")["adds"] == 2
    (tmp_path / "letter.tar.gz").write_text("Dear all,")
    status, _, error = labs("graft", "--root", toy, tmp_path / "letter.tar.gz", tmp_path / "out0", "--lab", "count")
    assert status == 2 and "is no package of make handin" in error and "Traceback" not in error


def test_links_and_foreign_names_in_a_package_reach_nothing(toy, work, labs, git, tmp_path):
    (work / ".gitignore").write_text("build/\n")
    (work / "user/tests/mine/secrets.cc").symlink_to("/etc/passwd")
    (work / " ").write_text("")
    (work / "a\x1b[31m").write_text("")
    package = handed_in(work, labs, git, "--no-grade")
    status, _, error = labs("graft", "--root", toy, package, tmp_path / "out", "--lab", "count")
    assert status == 2 and "user/tests/mine/secrets.cc is a symbolic link" in error


def test_an_old_score_is_in_no_package(work, labs, git):
    (work / ".gitignore").write_text("build/\n")
    (work / "build/handin").mkdir(parents=True)
    (work / "build/handin/results.json").write_text('{"tests": [], "score": 400}')
    package = handed_in(work, labs, git, "--no-grade")
    with tarfile.open(package) as archive:
        assert "results.json" not in archive.getnames()


def test_one_correction_behind_is_no_change_of_the_students(toy, work, labs, git, tmp_path):
    edit(work / "kernel/count/count.cc", *SUM)
    edit(work / "kernel/main.cc", "unknown word", "no word")
    (work / ".gitignore").write_text("build/\n")
    package = handed_in(work, labs, git, "--no-grade")
    for path in ("kernel/count/count.cc", "kernel/lib/todo.h"):
        (toy / path).write_text((toy / path).read_text() + "// corrected\n")
    (toy / "docs/new.md").write_text("A page that came later.\n")
    for submission in (package, work):
        status, told, error = labs("graft", "--root", toy, submission, tmp_path / "out", "--lab", "count")
        assert status == 0, error
        assert [item["path"] for item in report(tmp_path / "out.json")["ignored"]] == [".gitignore", "kernel/main.cc"]
        assert "2 files are those of an earlier version" in told


def test_one_cpu_of_a_hand_out_for_two(toy, work, labs, tmp_path):
    with (toy / "kernel/lib/todo.h").open("a") as file:
        file.write("// ARCH x86_64 begin\n// a passage of one CPU\n// ARCH x86_64 end\n")
    labs("cut", "--root", toy, "--starter", "count", tmp_path / "both")
    status, told, error = labs("graft", "--root", toy, tmp_path / "both", tmp_path / "out", "--lab", "count", "--arch", "riscv64")
    assert status == 0, error
    assert report(tmp_path / "out.json")["ignored"] == []
    assert not (tmp_path / "out/kernel/arch/x86_64").exists()


def test_a_new_file_costs_no_build(toy, work, labs, score, tmp_path):
    out = tmp_path / "out"
    (work / "kernel/count/more.cc").write_text("int more() { return 1; }\n")
    labs("graft", "--root", toy, work, out, "--lab", "count")
    score(out, "count")
    compiled = out / "build/riscv64/kernel/main.o"
    time = compiled.stat().st_mtime_ns
    (work / "kernel/count/more.cc").unlink()
    labs("graft", "--root", toy, work, out, "--lab", "count")
    assert not (out / "build/riscv64/kernel/count/more.o").exists() and not (out / "build/riscv64/machine").exists()
    score(out, "count")
    assert compiled.stat().st_mtime_ns == time and (out / "build/riscv64/machine").exists()
