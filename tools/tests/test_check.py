"""check: the toy passes, and each kind of fault that it is there to find is found."""

import pytest

from labkit import carry
from labkit.manifest import File
from labkit.model import load_course
from labkit.proofs import Proofs
from labkit.tree import partition


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.fixture
def check(toy, labs):
    def run(*arguments):
        status, told, error = labs("check", "--root", toy, *arguments)
        assert error == ""
        return status, told
    return run


def test_the_toy_passes_in_full(check):
    status, told = check("--full")
    assert status == 0, told
    assert " 0 failed, 0 skipped" in told.splitlines()[-1] and "check-labs took" in told


def test_an_uncaught_mistake(toy, check):
    edit(toy / "labs/00-count/wrong/adds_one_more.toml", "right + 1", "right + 0")
    status, told = check("--only", "wrong", "--arch", "riscv64", "--name", "adds_one_more")
    assert status == 1 and "wrong solution adds_one_more is not caught by row adds" in told
    assert "run next: make -C" in told and "tools/labs.py check --only wrong" in told


def test_one_row_of_several_is_enough(toy, check):
    edit(toy / "labs/00-count/wrong/adds_one_more.toml", 'must_fail = ["adds"]', 'must_fail = [["multiplies", "adds"]]')
    status, told = check("--only", "wrong", "--arch", "riscv64", "--name", "adds_one_more")
    assert status == 0, told
    edit(toy / "labs/00-count/wrong/adds_one_more.toml", "right + 1", "right + 0")
    status, told = check("--only", "wrong", "--arch", "riscv64", "--name", "adds_one_more")
    assert status == 1 and "wrong solution adds_one_more is not caught by row multiplies or adds" in told


def test_a_mistake_that_takes_more_with_it(toy, check):
    edit(toy / "labs/00-count/wrong/adds_one_more.toml", 'may_fail = "*"', "may_fail = []")
    status, told = check("--full", "--only", "wrong", "--arch", "riscv64", "--name", "adds_one_more")
    assert status == 1 and "also fails row multiplies_large" in told


def test_a_passage_that_occurs_twice(toy, check):
    edit(toy / "labs/00-count/wrong/adds_one_more.toml", 'find = "sum += right;"', 'find = "sum"')
    status, told = check("--only", "wrong", "--name", "adds_one_more", "--arch", "x86_64")
    assert status == 1 and "occurs 3 times" in told


def test_a_rung_that_turns_nothing_green(toy, check):
    edit(toy / "labs/00-count/lab.toml", 'room = "count.1"\nbehind', 'room = "count.2"\nbehind')
    edit(toy / "labs/00-count/lab.toml", 'room = "count.2"\nbehind = ["adds"]\n\n# A row', 'room = "count.1"\n\n# A row')
    status, told = check("--only", "ladder,starter", "--lab", "count", "--arch", "riscv64")
    assert status == 1
    assert "row count/multiplies is not green" in told and "room count.2 still open: row count/adds_negative gives points" in told


def test_a_starter_that_earns_points_or_hangs_silently(toy, check):
    edit(toy / "grading/rows_stack.py", '("pop", "-1\\n")', '("add 1 2", "3\\n")')
    status, told = check("--only", "starter", "--lab", "stack", "--arch", "riscv64")
    assert status == 1 and "the starter: row stack/pops_empty gives points" in told


def test_an_open_room_that_does_not_name_itself(toy, check):
    edit(toy / "kernel/lib/todo.h", 'std::printf("ROOM %s is open: %s:%u\\n", room,', 'std::printf("%p %s:%u\\n", (void*)room,')
    status, told = check("--only", "starter", "--lab", "count", "--arch", "riscv64")
    assert status == 1 and "does not say that room count.1 is open" in told


def test_another_floor(toy, check):
    edit(toy / "labs/01-stack/lab.toml", 'floor = { count = "all" }', "floor = { count = 3 }")
    status, told = check("--only", "starter", "--lab", "stack", "--arch", "riscv64")
    assert status == 1 and "has another floor in lab count" in told


def test_warnings_count(toy, check):
    edit(toy / "labs/00-count/lab.toml", 'return todo("count.1", left, right);', 'int unused; return todo("count.1", left, right);')
    for _ in range(2):
        status, told = check("--only", "starter", "--lab", "count", "--arch", "riscv64")
        assert status == 1 and "builds with warnings" in told


def test_a_leak_in_a_comment_or_a_document(toy, check):
    with (toy / "docs/index.md").open("a") as file:
        file.write("The loop: `int product = zero(); for (int done = 0; done < right; ++done) { product = add(product,"
                   " left); }`\n")
    status, told = check("--only", "leaks", "--arch", "riscv64")
    assert status == 1 and "the reference of room count.2 stands in docs/index.md" in told and "docs/index.md:2" in told
    (toy / "labs/00-count/proof.toml").write_text('[leak_ok]\n"count.2" = ["int product = zero(); for (int done = 0; done < '
                                                  'right; ++done) { product = add(product, left); }"]\n')
    assert check("--only", "leaks", "--arch", "riscv64")[0] == 0


def test_a_hand_out_that_comes_too_near(toy):
    course = load_course(toy)

    class Near(Proofs):
        def tree(self, kind, fills=None):
            files = super().tree(kind, fills)
            text = files["kernel/count/count.cc"].data
            if "stack" in self.labs:
                text = text.replace(b"static int zero() { return 0; }", b"static int zero() { return 1; }")
            return files | {"kernel/count/count.cc": File(text)}

    errors = carry.distance(Near(course, ("count", "stack"), "riscv64", partition(course))).work(None)
    assert ["count.1" in error.what or "count.2" in error.what for error in errors] == [True, True]
    assert carry.distance(Proofs(course, ("count", "stack"), "riscv64", partition(course))).work(None) == []


def test_own_work_that_conflicts(toy, check):
    edit(toy / "labs/00-count/proof.toml", '"count.1" = [["sum", "together"]]', '"count.1" = [["summe", "together"]]')
    status, told = check("--only", "carry", "--arch", "riscv64")
    assert status == 1 and "renames `summe` in room count.1, which does not hold it" in told


def test_the_first_hour_stops_at_a_command_that_fails(toy, check):
    edit(toy / "labs/00-count/handout.md", "$ git commit -am", "$ git comit -am")
    status, told = check("--only", "hour")
    assert status == 1 and "the first hour stops at `git comit" in told
    edit(toy / "labs/00-count/handout.md", "$ git comit -am", "$ echo 'next: make coffee' #")
    status, told = check("--only", "hour")
    assert status == 1 and "prints a next command that is none" in told and "make coffee" in told


def test_a_stage_that_does_not_exist(labs, toy):
    status, _, error = labs("check", "--root", toy, "--only", "wrnog")
    assert status == 2 and "there is no stage wrnog" in error
