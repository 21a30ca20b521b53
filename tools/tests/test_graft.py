"""Grafts: what counts of a submission, and what is refused."""

import json

import pytest

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


def test_without_history_the_tree_is_graded_as_it_is(toy, labs, tmp_path):
    labs("cut", "--root", toy, "--starter", "count", tmp_path / "plain")
    status, told, _ = labs("graft", "--here", "build/graft", cwd=tmp_path / "plain")
    assert status == 0 and "graded as it is" in told and told.splitlines()[-1] == "tree: ."
    status, told, _ = labs("graft", "--here", "build/graft", cwd=toy)
    assert status == 0 and "one source tree" in told


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
