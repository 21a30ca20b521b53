"""The ends of a run on QEMU's x86-64 machine: its clock, its exit device, and a CPU that gives up."""
from __future__ import annotations

import re
import shutil

import pytest

from grading.verdicts import Verdict

for tool in ("qemu-system-x86_64", "x86_64-linux-gnu-g++"):
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed (make doctor)", allow_module_level=True)


@pytest.mark.parametrize("cheat, verdict, reason", [
    ("kEndsWell", Verdict.Fail, "did not come to its end"),
    ("kHang", Verdict.Timeout, "still ran after its 200,000,000 guest instructions"),
    ("kSleep", Verdict.Timeout, "sleeps for ever"),
    ("kSilent", Verdict.Timeout, "still ran"),
    ("kPanic", Verdict.Panic, "PANIC: a thing went wrong: 0xdead"),
    ("kFlood", Verdict.Fail, "the console was flooded: more than 4 MiB"),
    ("kOpenRoom", Verdict.Fail, r"room traps.4 is still open \(kernel/entry/dispatch.cc:42\)"),
    ("kRefuse", Verdict.Fail, "the kernel refused to go on: unknown boot argument colour="),
    ("kReset", Verdict.Fail, r"the CPU gave up .*: invalid_opcode at 0x[0-9a-f]+, then "),
    ("kSilentReset", Verdict.Fail, "the CPU gave up"),
])
def test_verdict(outcome_of, tiny_x86_64, cheat: str, verdict: Verdict, reason: str) -> None:
    outcome = outcome_of(tiny_x86_64(cheat), arch="x86_64")
    assert (outcome.verdict, outcome.points) == (verdict, 0)
    assert re.search(reason, outcome.reason), outcome.reason


def test_a_hang_is_told_twice_the_same(outcome_of, tiny_x86_64) -> None:
    first, second = (outcome_of(tiny_x86_64("kHang"), arch="x86_64") for _ in range(2))
    assert first == second and first.cpus
