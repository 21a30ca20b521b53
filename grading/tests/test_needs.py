"""`make grade T=row` builds what the row needs, and nothing else."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from grading import needs, rows
from grading.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
ARCHES = sorted(path.parent.name for path in ROOT.glob("kernel/arch/*/kernel.ld"))


def settings(arch: str, *names: str) -> Settings:
    return Settings(root=ROOT, arch=arch, rows=list(names))


@pytest.mark.parametrize("arch", ARCHES)
def test_each_row_gets_its_own_program(arch: str) -> None:
    course = rows.course_of(settings(arch))
    everything = [(lab, row) for lab, chosen in rows.select(settings(arch)) for row in chosen]
    assert len(everything) > 40
    for lab, row in everything:
        wanted = needs.targets(Settings(root=ROOT, arch=arch, labs=[lab.id], rows=[row.id], course=course))
        if row.kind == "host":
            assert wanted == [], row.id
            continue
        assert wanted[:2] == ["kernel", f"build/{arch}/user/libuser.a"]
        if row.program:
            own = [f"build/{arch}/user/tests/{lab.id}/{row.program}{cpu}.o" for cpu in ("", f".{arch}")]
            assert len({*own} & {*wanted}) == 1, row.id
        assert len(wanted) < 10, row.id


def test_programs_that_a_row_names_in_its_code_are_among_them() -> None:
    wanted = needs.targets(settings("riscv64", "spin_shown"))
    assert "build/riscv64/user/tests/traps/spins_long.o" in wanted
    assert "build/riscv64/user/tests/control/must_fail.o" in wanted


def test_code_names_further_programs_in_so_many_words() -> None:
    """A name that is computed would be missed: then `needs` must learn of it."""
    for path in ROOT.glob("grading/test_*.py"):
        computed = re.findall(r"bench\.(?:boot|program)\(\s*(?![\"')\n]|\w+=)(?:\w+)[^)]*\)", path.read_text())
        assert not computed, f"{path.name}: {computed}"


def test_a_row_that_is_not_there_is_named() -> None:
    with pytest.raises(rows.NothingToGrade, match="there is no row no_such_row"):
        needs.targets(settings("riscv64", "no_such_row"))
