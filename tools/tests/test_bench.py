"""make bench on a starved host: the row says so, the others are printed, and the exit status tells."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from grading.verdicts import Infrastructure, TimedOut  # noqa: E402
from tools import bench  # noqa: E402


def fine(_: Namespace) -> list[bool]:
    return [bench.line("a figure", "1", "<= 2", True)]


def missed(_: Namespace) -> list[bool]:
    return [bench.line("another figure", "3", "<= 2", False)]


def starved(_: Namespace) -> list[bool]:
    raise Infrastructure("the host is starved: QEMU has hardly run in all the time it was given")


def late(_: Namespace) -> list[bool]:
    raise TimedOut("the machine still ran after 2,000,000,000 instructions")


def not_built(_: Namespace) -> list[bool]:
    raise subprocess.CalledProcessError(2, ["make"])


@pytest.mark.parametrize("measurements, status", [
    ([("x", fine)], 0), ([("x", missed), ("y", fine)], 1), ([("x", starved), ("y", fine)], 2), ([("x", late), ("y", missed)], 2)])
def test_the_status_says_what_became_of_it(measurements: list, status: int) -> None:
    assert bench.measure(Namespace(), measurements) == status


def test_what_cannot_be_measured_says_so_and_the_others_are_printed(capsys) -> None:
    assert bench.measure(Namespace(), [("calls", starved), ("crowds", late), ("clean build", not_built), ("lat", fine)]) == 2
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["calls", "crowds", "clean build", "a figure"]
    assert "NOT MEASURED: the host is starved" in lines[0] and "NOT MEASURED: the machine still ran" in lines[1]
    assert "not measured: calls, crowds, clean build. Next: make bench again" in said.err
