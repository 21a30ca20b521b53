"""The kernel's self-tests as seen from outside: where they are, what they draw, and what they print.

What a self-test prints is no proof, because any other part of the kernel can print it. A row stops the machine in the
middle of the test and reads memory and registers there.
"""
from __future__ import annotations

import re

from . import symbols
from .bench import Bench, Run


def selftest_place(run: Run, name: str) -> int:
    """The address of a function or a variable that a file of kernel/selftest keeps to itself: no other file can call it,
    or have one of the name."""
    return symbols.of(run.machine.boot.kernel).only(f"_ZN8selftest12_GLOBAL__N_1{len(name)}{name}")


def run_to_selftest(run: Run, name: str) -> dict[str, int]:
    """To the next call of it."""
    place = selftest_place(run, name)
    if run.gdb().registers()["pc"] == place:
        run.gdb().step()
    return run.run_to(place, f"the self-test's {name}")


def numbers_in(line: str) -> dict[str, int]:
    """The `name=number` pairs of a line that any kernel may have written."""
    return {name: int(digits) for name, digits in re.findall(r"\b([a-z]+)=([0-9]{1,20})(?!\S)", line)}


def selftest_seed(bench: Bench) -> int:
    return bench.draw.below("selftest", 1 << 60)


class KernelRandom:
    """kernel/lib/random.h, SplitMix64."""

    def __init__(self, seed: int):
        self._state = seed

    def next(self) -> int:
        mask = (1 << 64) - 1
        self._state = z = self._state + 0x9E3779B97F4A7C15 & mask
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ z >> 27) * 0x94D049BB133111EB & mask
        return z ^ z >> 31

    def below(self, limit: int) -> int:
        return self.next() * limit >> 64
