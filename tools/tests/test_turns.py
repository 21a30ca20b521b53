"""Which proofs have their turn: each at some commit, on each CPU, and never too many at one."""

from types import SimpleNamespace

import pytest

from labkit.turns import NEWEST, OLDER, Turns

ARCHES = ["riscv64", "x86_64"]
SETS = [["a"], ["a", "b"], ["a", "b", "c"]]
WRONGS = [SimpleNamespace(name=f"w{number}", arch=("x86_64",) if number % 50 == 7 else ()) for number in range(211)]


def chosen(labs, turn):
    turns = Turns(SimpleNamespace(sets=SETS, arches=ARCHES), turn)
    return [(wrong.name, arch) for arch in turns.arches(labs)
            for wrong in turns.wrongs(labs, arch, [wrong for wrong in WRONGS if not wrong.arch or arch in wrong.arch])]


@pytest.mark.parametrize("labs", SETS, ids="+".join)
def test_each_mistake_has_its_turn_on_each_cpu(labs):
    seen = {pair for turn in range(100, 160) for pair in chosen(labs, turn)}
    assert seen == {(wrong.name, arch) for wrong in WRONGS for arch in wrong.arch or ARCHES}


@pytest.mark.parametrize("turn", range(40))
def test_no_turn_takes_long(turn):
    few = sum(bool(wrong.arch) for wrong in WRONGS)         # those of one CPU come on top
    assert len(chosen(SETS[-1], turn)) <= NEWEST + few
    assert sum(len(chosen(labs, turn)) for labs in SETS[:-1]) <= OLDER + few


def test_the_newest_labs_are_proven_on_each_cpu_and_older_ones_on_one_of_them():
    for turn in range(4):
        turns = Turns(SimpleNamespace(sets=SETS, arches=ARCHES), turn)
        assert turns.arches(SETS[-1]) == ARCHES
        assert sorted(turns.arches(SETS[0]) + turns.arches(SETS[1])) == ARCHES


def test_every_row_of_the_newest_labs_is_graded_on_one_cpu_a_turn():
    for turn in range(4):
        turns = Turns(SimpleNamespace(sets=SETS, arches=ARCHES), turn)
        assert [turns.every_row(SETS[-1], arch) for arch in ARCHES] == [turn % 2 == 0, turn % 2 == 1]
        assert all(turns.every_row(labs, arch) for labs in SETS[:-1] for arch in turns.arches(labs))
    assert all(Turns(SimpleNamespace(sets=SETS, arches=ARCHES), None).every_row(SETS[-1], arch) for arch in ARCHES)


def test_without_turns_a_mistake_is_proven_once():
    names = [name for name, _ in chosen(SETS[0], None)]
    assert sorted(names) == sorted(wrong.name for wrong in WRONGS)


def test_a_course_of_one_lab():
    turns = Turns(SimpleNamespace(sets=[["a"]], arches=ARCHES), 3)
    assert turns.arches(["a"]) == ARCHES and len(turns.wrongs(["a"], "riscv64", WRONGS)) <= NEWEST
