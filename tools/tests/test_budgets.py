"""make budgets: what it reads from a console."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from tools import budgets  # noqa: E402

CONSOLE = (b"[    0.100000 0] cairn: 1 CPUs, 128 MiB of memory\n[    0.500000 0] cairn: running /x\nhello\n"
           b"[    1.500000 0] cairn: /x exited with status 0\n")


def test_counts_from_where_the_program_runs() -> None:
    times, wanted_ns = budgets.times_needed(CONSOLE, 6_500_000_000)
    assert times == pytest.approx(6)
    assert wanted_ns == 500_000_000 + 10 * 1_000_000_000


def test_a_console_without_stamps_tells_nothing() -> None:
    assert budgets.times_needed(b"hello\n", 1) is None


def test_a_row_with_too_little_is_named(capsys) -> None:
    measure = budgets.Measure()
    measure.worst = {"wide": (12.0, 1), "tight": (1.3, 1_310_000_000)}
    assert measure.report() == 1
    said = capsys.readouterr().out
    assert "tight has 1.3 times what it needs: give it budget = 1400000000" in said and "1 passed, 1 failed" in said
