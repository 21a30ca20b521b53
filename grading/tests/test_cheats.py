"""Cheating kernels, built from the solved tree: none of the rows that a cheat is after gives a point.

Each grading/cheats/NAME.toml says what the cheat does, the rows it is after, and [[edit]]s like those of a
wrong solution. The trees are laid on one bench, so that only what differs is compiled again.
"""
from __future__ import annotations

from pathlib import Path

import pytest

from tools.labkit.bench import Bench
from tools.labkit.model import load_course, load_edits, read_toml
from tools.labkit.proofs import Proofs, apply_edits
from tools.labkit.tree import partition

from .conftest import ROOT

CHEATS = sorted((ROOT / "grading/cheats").glob("*.toml"))
LABS = ("start", "traps")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("cheats") / "tree", load_course(ROOT), "riscv64")


@pytest.fixture(scope="module")
def proofs(bench: Bench) -> Proofs:
    return Proofs(bench.course, LABS, "riscv64", partition(bench.course))


@pytest.mark.parametrize("path", CHEATS, ids=lambda path: path.stem)
def test_a_cheat_gets_nothing(path: Path, bench: Bench, proofs: Proofs) -> None:
    cheat = read_toml(path)
    edits = load_edits(cheat["edit"], path.name)
    bench.lay(apply_edits(proofs, proofs.tree("solved"), edits, path.name), clean=False)
    results = bench.grade(LABS[-1], cheat["rows"])
    assert set(cheat["rows"]) <= set(results)
    for row in cheat["rows"]:
        assert results[row].points == 0, f"{row}: {results[row].verdict}"
        assert results[row].verdict != "INFRA", results[row].reason
