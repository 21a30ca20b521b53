"""`make budgets`: has each row ten times the guest time that the reference needs? Another compiler may need more.

Grades as `make grade` does, and compares, for each boot that counts instructions, the kernel's last stamp on the console
with the row's budget; what the firmware and the kernel take to come up counts for neither. Guest time is exact, so
the figures are the same on every host. Rows below the wanted number are named, with the budget that they need.
Run from the tree's top: python3 -m tools.budgets --arch riscv64 [what grading takes].
"""
from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator

from grading import __main__ as grading
from grading import bench, plugin
from grading.machine import Machine

WANTED = 10
ROUND = 100_000_000
STAMP = re.compile(rb"\[ *(\d+)\.(\d{6}) \d+\] (cairn: running |PANIC)?")


def nanoseconds(stamp: re.Match[bytes]) -> int:
    return (int(stamp[1]) * 1_000_000 + int(stamp[2])) * 1000


def times_needed(console: bytes, budget_ns: int) -> tuple[float, int] | None:
    """How often the budget holds what the run took, and nanoseconds of both; None if the console does not tell."""
    stamps = list(STAMP.finditer(console))
    if len(stamps) < 2:
        return None
    begin = nanoseconds(next((stamp for stamp in stamps if stamp[3]), stamps[0]))
    took = nanoseconds(stamps[-1]) - begin
    return (budget_ns - begin) / max(took, 1), begin + WANTED * took


class Measure:
    """Looks at each boot of a row when it ends."""

    def __init__(self) -> None:
        self.worst: dict[str, tuple[float, int]] = {}       # row: (times, instructions that it should have)

    def note(self, row: object, machine: Machine) -> None:
        boot = machine.boot
        found = times_needed(machine.console, boot.budget << boot.shift) if boot.shift is not None else None
        if found:
            times, ns = found
            self.worst[row.id] = min(self.worst.get(row.id, (float("inf"), 0)), (times, ns >> boot.shift))

    def install(self) -> None:
        inner = bench.Bench.boot

        @contextlib.contextmanager
        def boot(of: bench.Bench, *arguments: object, **more: object) -> Iterator[bench.Run]:
            with inner(of, *arguments, **more) as run:
                yield run
                self.note(of.row, run.machine)
        bench.Bench.boot = boot

    def report(self) -> int:
        """Prints the rows with the least room; the number of those that have too little."""
        short = {row: found for row, found in sorted(self.worst.items(), key=lambda item: item[1]) if found[0] < WANTED}
        for row, (times, instructions) in short.items():
            print(f"budgets: {row} has {times:.1f} times what it needs: give it budget = {-(-instructions // ROUND) * ROUND}")
        print(f"budgets: {len(self.worst) - len(short)} passed, {len(short)} failed")
        return len(short)


def main() -> int:
    sys.argv.insert(1, "grade")
    measure = Measure()
    measure.install()
    _, status = plugin.run(grading.settings_of(grading.parse_arguments()))
    return 1 if measure.report() or status else 0


if __name__ == "__main__":
    sys.exit(main())
