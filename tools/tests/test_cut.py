"""The cut: step trees, hand-outs, and the repository of branches."""

import json
import subprocess
from pathlib import Path

import pytest

FULL = {"adds": 2, "adds_negative": 1, "multiplies": 3}


def cut(labs, toy, out, *arguments):
    status, told, error = labs("cut", "--root", toy, *arguments, out)
    assert status == 0, error
    return told


def branches(git, repo):
    return dict(line.split()[::-1] for line in git(repo, "for-each-ref", "--format=%(objectname) %(refname:short)").splitlines())


def test_the_starter_scores_nothing_and_the_solved_tree_all(toy, labs, score, tmp_path):
    cut(labs, toy, tmp_path / "s", "--starter", "count")
    assert score(tmp_path / "s", "count") == dict.fromkeys(FULL, 0)
    cut(labs, toy, tmp_path / "k", "--solved", "count")
    assert score(tmp_path / "k", "count") == FULL | {"multiplies_large": 1}


def test_a_tree_without_a_lab_has_its_door_and_stand_in(toy, labs, tmp_path):
    cut(labs, toy, tmp_path / "s", "--starter", "count")
    assert "closed door" in (tmp_path / "s/kernel/stack/door.h").read_text()
    assert (tmp_path / "s/kernel/stack/slot.cc").exists() and not (tmp_path / "s/kernel/stack/stack.cc").exists()
    assert (tmp_path / "s/kernel/queue/door.h").exists()
    cut(labs, toy, tmp_path / "t", "--starter", "stack")
    assert "closed door" not in (tmp_path / "t/kernel/stack/door.h").read_text()
    assert not (tmp_path / "t/kernel/stack/slot.cc").exists()
    for tree in ("s", "t"):
        assert not list((tmp_path / tree).glob("labs/*/before")) and not list((tmp_path / tree).glob("labs/*/wrong"))
        assert not (tmp_path / tree / "labs/02-queue").exists() and not (tmp_path / tree / "labs/base.toml").exists()


def test_the_starter_solves_earlier_labs_and_the_carry_tree_does_not(toy, labs, tmp_path):
    cut(labs, toy, tmp_path / "s", "--starter", "stack")
    cut(labs, toy, tmp_path / "c", "--carry", "stack")
    starter, carry = ((tmp_path / tree / "kernel/count/count.cc").read_text() for tree in "sc")
    assert "sum += right" in starter and 'todo("stack.3")' in starter
    assert 'todo("count.1", left, right)' in carry and 'todo("stack.3")' in carry


def test_hidden_rows_are_in_no_hand_out(toy, labs, tmp_path):
    cut(labs, toy, tmp_path / "s", "--starter", "count")
    text = (tmp_path / "s/labs/00-count/lab.toml").read_text()
    assert "multiplies_large" not in text and "do not see" not in text and "word_x86" in text


def test_a_hidden_rows_program_is_in_no_hand_out(toy, labs, tmp_path):
    """Unless a row that is shown lives on it too."""
    toml = toy / "labs/00-count/lab.toml"
    toml.write_text(toml.read_text().replace('files = [', 'files = ["user/tests/count/**", ')
                    .replace('visibility = "hidden"', 'visibility = "hidden"\nprogram = "secret_numbers"'))
    (toy / "user/tests/count").mkdir(parents=True)
    for name in ("secret_numbers.cc", "secret_numbers.riscv64.cc", "adds.cc"):
        (toy / "user/tests/count" / name).write_text("// numbers\n")
    cut(labs, toy, tmp_path / "s", "--starter", "count")
    cut(labs, toy, tmp_path / "k", "--solved", "count")
    assert [path.name for path in (tmp_path / "s/user/tests/count").iterdir()] == ["adds.cc"]
    assert len(list((tmp_path / "k/user/tests/count").iterdir())) == 3


@pytest.mark.parametrize("told", ["multiplies_large", "Large  products\nare exact."])
def test_a_hidden_row_that_is_told_is_found(toy, labs, told):
    with (toy / "docs/index.md").open("a") as file:
        file.write(f"There is more: {told}\n")
    status, out, _ = labs("check", "--root", toy, "--only", "leaks", "--arch", "riscv64", "--lab", "count")
    assert status == 1 and "the hidden row multiplies_large" in out and "docs/index.md" in out


def test_one_cpu_only(toy, labs, tmp_path):
    with (toy / "kernel/lib/todo.h").open("a") as file:
        file.write("// ARCH x86_64 begin\n// a passage of one CPU\n// ARCH x86_64 end\n")
    cut(labs, toy, tmp_path / "s", "--starter", "count", "--arch", "riscv64")
    assert not (tmp_path / "s/kernel/arch/x86_64").exists()
    assert "word_x86" not in (tmp_path / "s/labs/00-count/lab.toml").read_text()
    assert "x86_64" not in (tmp_path / "s/kernel/lib/todo.h").read_text()
    cut(labs, toy, tmp_path / "b", "--starter", "count")
    assert "a passage of one CPU" in (tmp_path / "b/kernel/lib/todo.h").read_text()


@pytest.fixture
def room_of_each_cpu(toy):
    """The toy with a room count.3 that is written anew for each CPU."""
    lab = toy / "labs/00-count/lab.toml"
    lab.write_text(lab.read_text() + '[[rows]]\nid = "word"\nspec = "A word is known."\npoints = 1\nroom = "count.3"\n' + "".join(
        f'[[rooms]]\nid = "count.3"\ntitle = "A word of {arch}"\nfile = "kernel/arch/{arch}/word.cc"\narch = "{arch}"\n'
        f"starter = 'const int kWordBits = todo(\"count.3\");  // {arch}'\n" for arch in ("riscv64", "x86_64")))
    for arch in ("riscv64", "x86_64"):
        path = toy / f"kernel/arch/{arch}/word.cc"
        path.write_text("// ROOM count.3 begin: a word\n" + path.read_text() + "// ROOM count.3 end\n")
    return toy


def test_a_room_that_each_cpu_has_is_one_room(room_of_each_cpu, labs, tmp_path):
    toy = room_of_each_cpu
    assert labs("check", "--root", toy, "--only", "model,grammar")[0] == 0
    cut(labs, toy, tmp_path / "s", "--starter", "count")
    for arch in ("riscv64", "x86_64"):
        assert f'todo("count.3");  // {arch}' in (tmp_path / f"s/kernel/arch/{arch}/word.cc").read_text()
        assert f"| count.3 | `kernel/arch/{arch}/word.cc` |" in (tmp_path / "s/README.md").read_text()
    assert 'rooms = ["count.1", "count.2", "count.3"]' in (tmp_path / "s/labs/step.toml").read_text()
    path = tmp_path / "s/kernel/arch/x86_64/word.cc"
    path.write_text(path.read_text().replace('todo("count.3")', "64"))
    assert labs("graft", "--root", toy, tmp_path / "s", tmp_path / "g", "--lab", "count")[0] == 0
    assert "= 64;  // x86_64" in (tmp_path / "g/kernel/arch/x86_64/word.cc").read_text()
    report = json.loads((tmp_path / "g.json").read_text())["rooms"]
    assert (report["count.3 (riscv64)"], report["count.3 (x86_64)"]) == ("open", "filled")


def test_a_room_is_listed_once_for_each_cpu(room_of_each_cpu, labs):
    lab = room_of_each_cpu / "labs/00-count/lab.toml"
    lab.write_text(lab.read_text().replace('arch = "x86_64"', 'arch = "any"'))
    status, told, _ = labs("check", "--root", room_of_each_cpu, "--only", "model")
    assert status == 1 and "room count.3 is listed twice" in told


def test_a_second_cut_writes_only_what_changed(toy, labs, tmp_path):
    cut(labs, toy, tmp_path / "s", "--starter", "count")
    assert "0 files written" in cut(labs, toy, tmp_path / "s", "--starter", "count")
    (toy / "kernel/lib/todo.h").write_text((toy / "kernel/lib/todo.h").read_text() + "// more\n")
    (toy / "docs/index.md").unlink()
    told = cut(labs, toy, tmp_path / "s", "--starter", "count")
    assert "3 files written" in told and not (tmp_path / "s/docs/index.md").exists()


def test_the_cut_refuses_a_folder_that_is_not_its_own(toy, labs, tmp_path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s/precious").write_text("")
    status, _, error = labs("cut", "--root", toy, "--starter", "count", tmp_path / "s")
    assert status == 2 and "was not cut by this tool" in error


@pytest.mark.parametrize("arguments, message", [
    (("--starter", "cuont"), "there is no lab `cuont`"), (("--starter", "queue"), "only planned"),
])
def test_errors_are_named(toy, labs, tmp_path, arguments, message):
    status, _, error = labs("cut", "--root", toy, *arguments, tmp_path / "s")
    assert status == 2 and message in error


def test_no_solved_branch_is_laid_beside_students_unasked(toy, labs, git, tmp_path):
    cut(labs, toy, tmp_path / "r", "--repo")
    cut(labs, toy, tmp_path / "r", "--update", "--through", "stack")
    assert set(branches(git, tmp_path / "r")) == {f"{family}/{lab}" for family in ("lab", "carry") for lab in (0, 1)}


def test_the_repository_has_three_families_and_is_always_the_same(toy, labs, git, tmp_path):
    for name in ("one", "two"):
        cut(labs, toy, tmp_path / name, "--repo", "--instructors")
    first = branches(git, tmp_path / "one")
    assert first == branches(git, tmp_path / "two")
    assert set(first) == {f"{family}/{lab}" for family in ("solved", "lab", "carry") for lab in (0, 1)}
    assert git(tmp_path / "one", "merge-base", "carry/0", "carry/1").strip() == first["carry/0"]
    assert [line.split(":")[0] for line in git(tmp_path / "one", "log", "--format=%s", "carry/0..carry/1").splitlines()] == \
        ["lab", "given"]


def test_a_released_repository_holds_nothing_of_later_labs(toy, labs, git, tmp_path):
    cut(labs, toy, tmp_path / "r", "--repo", "--through", "count")
    assert set(branches(git, tmp_path / "r")) == {"carry/0"}
    everything = git(tmp_path / "r", "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)")
    blobs = [line.split()[0] for line in everything.splitlines() if line.endswith("blob")]
    text = "\n".join(git(tmp_path / "r", "cat-file", "blob", blob) for blob in blobs)
    for secret in ("sum += right", "product = add", "slots[top++]", "stack.1", "adds_one_more", "multiplies_large"):
        assert secret not in text


def test_a_release_appends_the_next_lab(toy, labs, git, tmp_path):
    cut(labs, toy, tmp_path / "r", "--repo", "--through", "count")
    before = branches(git, tmp_path / "r")
    cut(labs, toy, tmp_path / "r", "--update", "--through", "stack")
    after = branches(git, tmp_path / "r")
    assert set(after) == {"carry/0", "carry/1"} and after["carry/0"] == before["carry/0"]
    cut(labs, toy, tmp_path / "all", "--repo", "--through", "stack")
    assert branches(git, tmp_path / "all") == after


def test_a_fix_is_appended_to_every_branch_and_merged_upward(toy, labs, git, tmp_path):
    cut(labs, toy, tmp_path / "r", "--repo", "--through", "stack")
    before = branches(git, tmp_path / "r")
    assert "nothing to append" in cut(labs, toy, tmp_path / "r", "--update")
    (toy / "kernel/lib/todo.h").write_text((toy / "kernel/lib/todo.h").read_text() + "// fixed\n")
    cut(labs, toy, tmp_path / "r", "--update", "--message", "todo.h says more")
    after = branches(git, tmp_path / "r")
    for name in before:
        assert git(tmp_path / "r", "merge-base", before[name], after[name]).strip() == before[name] != after[name]
    assert git(tmp_path / "r", "merge-base", "carry/0", "carry/1").strip() == after["carry/0"]
    assert "fix: todo.h says more" in git(tmp_path / "r", "log", "-1", "--format=%s", "carry/1")


def test_a_fix_may_not_touch_a_room(toy, labs, tmp_path):
    cut(labs, toy, tmp_path / "r", "--repo", "--through", "count")
    path = toy / "labs/00-count/lab.toml"
    path.write_text(path.read_text().replace('return todo("count.1", left, right);', 'return todo("count.1", left + right);'))
    status, _, error = labs("cut", "--root", toy, "--update", tmp_path / "r")
    assert status == 2 and "touches room count.1" in error


def test_a_cut_tree_cannot_be_cut(toy, labs, tmp_path):
    cut(labs, toy, tmp_path / "s", "--starter", "count")
    status, _, error = labs("cut", "--root", tmp_path / "s", "--starter", "count", tmp_path / "t")
    assert status == 2 and "only the one source tree can be cut" in error


def test_a_handout_boots_the_program_unless_asked_otherwise(labs, tmp_path):
    """The bug hunt has boot arguments of its own; they must not become everybody's."""
    cut(labs, Path(__file__).resolve().parents[2], tmp_path / "s", "--starter", "start")
    told = subprocess.run(["make", "-s", "-C", tmp_path / "s", "SETUP=no", "--eval=told:;@echo [$(strip $(APPEND))]", "told"],
                          capture_output=True, text=True, timeout=600)
    assert told.stdout.strip() == "[]", told.stdout + told.stderr
