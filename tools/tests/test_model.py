"""Reading and validating lab.toml, and who owns which file."""

import shutil
import subprocess
from pathlib import Path

import pytest

from labkit import validate
from labkit.errors import LabError
from labkit.model import load_course
from labkit.tree import Step, is_private, matches, other_port, partition, step_sources

TOP = Path(__file__).resolve().parents[2]


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def problems(course):
    return "\n".join(error.text() for work in (validate.check_model, validate.check_partition, validate.check_grammar)
                     for error in validate.collect(work, course))


def test_the_toy_is_in_order(toy):
    course = load_course(toy)
    assert problems(course) == ""
    assert [lab.id for lab in course.labs] == ["count", "stack", "queue"]
    assert course.lab("queue").planned and course.prefix("stack") == ["count", "stack"]
    assert course.lab("count").points("riscv64") == 7 and course.lab("count").points("x86_64") == 8
    assert course.home(course.room("stack.3")) == 1


@pytest.mark.parametrize("old, new, message", [
    ('spec = "What was pushed and not popped is counted at the end."\n', "", "row 'pushes' lacks spec"),
    ("number = 1", 'number = "1"', "`number` has the wrong type"),
    ("number = 1", "number = 2", "do not fit the folder"),
    ('id = "stack"', 'id = "stack', "cannot be read"),
])
def test_a_broken_lab_toml_is_named_when_it_is_read(toy, old, new, message):
    edit(toy / "labs/01-stack/lab.toml", old, new)
    with pytest.raises(LabError) as error:
        load_course(toy)
    assert message in error.value.text() and "labs/01-stack/lab.toml" in error.value.text()


@pytest.mark.parametrize("old, new, message", [
    ('behind = ["pushes"]', 'behind = ["pulls"]', "stands behind a row that is not there"),
    ('theme = "robustness"', 'theme = "strength"', "unknown theme"),
    ('points = 2\nroom = "stack.1"', 'room = "stack.1"', "row pushes is without points and not given"),
    ('points = 2\nroom = "stack.2"', 'points = 2\ngiven = true\nroom = "stack.2"', "row pops is given and carries points"),
    ('points = 2\nroom = "stack.1"', 'given = true\nroom = "stack.1"', "row pops carries points and stands behind a given one"),
    ('room = "stack.1"', 'room = "stack.9"', "turned green by no room"),
    ('part = "B"', 'partt = "B"', "unknown key `partt`"),
    ('return todo("stack.2", depth);', "return 0;", "the starter of stack.2 does not name itself"),
    ('file = "kernel/stack/stack.cc"', 'file = "kernel/count/count.cc"', "is not in kernel/count/count.cc"),
    ('needs = ["count"]', 'needs = ["counting"]', "speaks of a lab `counting`"),
])
def test_a_wrong_table_is_named_by_the_validation(toy, old, new, message):
    edit(toy / "labs/01-stack/lab.toml", old, new)
    assert message in problems(load_course(toy))


def test_a_wrong_solution_must_name_rows_that_exist(toy):
    edit(toy / "labs/01-stack/wrong/pops_the_oldest.toml", '"pops"', '"popped"')
    assert "names a row `popped`" in problems(load_course(toy))


def test_every_file_has_one_owner(toy):
    (toy / "kernel/lost.cc").write_text("")
    edit(toy / "labs/base.toml", '"kernel/lib/**"', '"kernel/lib/**", "kernel/stack/*.h"')
    with pytest.raises(LabError) as error:
        partition(load_course(toy))
    assert "kernel/lost.cc has no owner" in error.value.text()
    assert "kernel/stack/door.h has several owners" in error.value.text()


def test_two_absent_labs_may_not_lend_the_same_file(toy):
    other = toy / "labs/02-queue/before/kernel/stack/door.h"
    other.parent.mkdir(parents=True)
    other.write_text("")
    with pytest.raises(LabError, match="would stand twice"):
        step_sources(load_course(toy), ("count",))


def lend(toy, folder, path, text):
    file = toy / "labs/02-queue" / folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_a_stand_in_that_needs_a_lab_is_laid_where_the_lab_is(toy):
    lend(toy, "before", "kernel/queue/one.cc", "")
    lend(toy, "before-stack", "kernel/queue/one.cc", "// with a stack\n")
    lend(toy, "before-stack", "kernel/queue/two.cc", "")
    course = load_course(toy)
    without, with_stack = (step_sources(course, labs) for labs in (("count",), ("count", "stack")))
    assert problems(course) == ""
    assert without["kernel/queue/one.cc"].read_text() == "" and "kernel/queue/two.cc" not in without
    assert with_stack["kernel/queue/one.cc"].read_text() == "// with a stack\n" and "kernel/queue/two.cc" in with_stack
    assert is_private(course, "labs/02-queue/before-stack/kernel/queue/two.cc")


def test_of_two_labs_that_a_stand_in_is_for_the_later_one_counts(toy):
    for lab in ("count", "stack"):
        lend(toy, f"before-{lab}", "kernel/queue/one.cc", lab)
    course = load_course(toy)
    assert step_sources(course, ("count",))["kernel/queue/one.cc"].read_text() == "count"
    assert step_sources(course, ("count", "stack"))["kernel/queue/one.cc"].read_text() == "stack"


def test_a_stand_in_waits_for_a_lab_that_exists_and_is_small(toy):
    lend(toy, "before-stak", "kernel/queue/one.cc", "")
    lend(toy, "before-stack", "kernel/queue/two.cc", "\n" * 251)
    told = problems(load_course(toy))
    assert "labs/02-queue/before-stak waits for a lab that is not there" in told
    assert "labs/02-queue/before-stack/kernel/queue/two.cc is too large" in told


def test_make_finds_the_files_that_the_cut_lays(tmp_path):
    """The main tree is built with the stand-ins of the labs that nobody has written yet."""
    for name in ("Makefile", "kernel/build.mk"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(TOP / name, tmp_path / name)
    for path in ("tools/door.inc", "tools/setup.inc", "kernel/arch/riscv64/kernel.ld", "kernel/a/a.cc", "labs/01-a/handout.md",
                 "labs/01-a/before/kernel/a/closed.cc", "labs/02-b/handout.md", "labs/03-c/before/kernel/c/one.cc",
                 *(f"labs/03-c/before-{lab}/kernel/c/{name}.cc" for lab in "abd" for name in ("one", lab))):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    told = subprocess.run(["make", "-s", "-C", tmp_path, "--eval=told:;@echo $(KERNEL_SOURCES)", "told"],
                          capture_output=True, text=True, timeout=600)
    assert told.stdout.split() == ["kernel/a/a.cc", "labs/03-c/before-a/kernel/c/a.cc", "labs/03-c/before-b/kernel/c/b.cc",
                                   "labs/03-c/before-b/kernel/c/one.cc"], told.stdout + told.stderr


def test_a_marker_must_be_known_to_its_lab(toy):
    with (toy / "kernel/main.cc").open("a") as file:
        file.write("// ROOM stack.7 begin: lost\n// ROOM stack.7 end\n")
    assert "room stack.7 stands in kernel/main.cc" in problems(load_course(toy))


def test_a_set_must_be_closed_under_needs(toy):
    with pytest.raises(LabError, match="is not closed"):
        step_sources(load_course(toy), ("stack",))


@pytest.mark.parametrize("path, globs, expected", [
    ("kernel/a/b.cc", ["kernel/**"], True), ("kernel/a/b.cc", ["kernel/*"], False), ("kernel/b.cc", ["kernel/*"], True),
    ("kernel/b.cc", ["**/b.cc"], True), ("b.cc", ["**/b.cc"], True), ("kernel/b.cc", ["kernel/**", "!kernel/b.*"], False),
    ("kernel/b.cc", ["!kernel/b.*", "kernel/**"], True), ("kernelx/b.cc", ["kernel/**"], False),
])
def test_globs(path, globs, expected):
    assert matches(path, globs) is expected


def test_the_other_port_is_known_by_its_name():
    step = Step("starter", ("count",), "riscv64")
    assert other_port("kernel/arch/x86_64/boot.S", step) and other_port("user/tests/traps/die.x86_64.cc", step)
    assert not other_port("kernel/arch/riscv64/boot.S", step)
    assert not other_port("kernel/arch/x86_64/boot.S", Step("starter", ("count",)))


def test_private_files(toy):
    course = load_course(toy)
    assert is_private(course, "labs/00-count/wrong/adds_one_more.toml") and is_private(course, "docs/for_developers.md")
    assert is_private(course, "labs/01-stack/before/kernel/stack/door.h") and not is_private(course, "docs/index.md")
