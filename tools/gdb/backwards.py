"""reverse-stepi and reverse-continue on a replayed run: `make qemu-record`, then `make qemu-replay`.

QEMU can go backwards itself: it loads its snapshot of the start and runs up to the place before. But loading resets
the machine's clock by what it showed when the load was asked for, and no snapshot holds that difference (riscv64,
seen with QEMU 7.2): the run then reads other times and goes another way. These commands do the same steps and set
the clock right in between.
"""
import os
import re
import socket

import gdb

from grading.monitor import Monitor
from machine import port

MONITOR = os.environ.get("CAIRN_MONITOR", "")       # QEMU's own socket, beside that of its gdb stub


def monitor(command: str) -> str:
    return gdb.execute(f"monitor {command}", to_string=True)


def load_snapshot() -> None:
    """Not by gdb's `monitor`: an x86-64 machine whose stub is busy with that request does not run on afterwards."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(MONITOR)
        except OSError as error:
            raise gdb.GdbError(f"QEMU's monitor cannot be reached ({error}). Next: make qemu-replay, then make gdb") from error
        said = Monitor(connection).human("loadvm init", 60).strip()
    if said:
        raise gdb.GdbError(f"QEMU cannot go back to the start of the recording: {said}")


def position() -> int:
    """How many instructions the replayed run has executed."""
    found = re.search(r"Replaying .*instruction count = (\d+)", monitor("info replay"))
    if not found:
        raise gdb.GdbError("this machine runs forwards only. Next: make qemu-record, then make qemu-replay")
    return int(found[1])


def rewind() -> None:
    """To the start of the recording."""
    load_snapshot()
    port().set_clock_to_zero()
    gdb.execute("maintenance flush register-cache", to_string=True)


def run_until(end: int) -> list[int]:
    """Runs forwards to a position; returns where breakpoints stopped it on the way."""
    monitor(f"replay_break {end}")
    stops = []
    gdb.execute("set suppress-cli-notifications on")        # it would show every stop
    try:
        while True:
            gdb.execute("continue", to_string=True)
            now = position()
            if now >= end:
                return stops
            stops.append(now)
    finally:
        gdb.execute("set suppress-cli-notifications off")


def go_to(place: int) -> None:
    """Back to a position, whatever breakpoints lie before it."""
    enabled = [point for point in gdb.breakpoints() if point.enabled]
    for point in enabled:
        point.enabled = False
    try:
        rewind()
        if place > 0:
            run_until(place)
    finally:
        for point in enabled:
            point.enabled = True


def count_of(argument: str) -> int:
    return int(gdb.parse_and_eval(argument)) if argument else 1


class Backwards(gdb.Command):
    """Takes the place of gdb's own command of this name."""

    def __init__(self, name: str):
        super().__init__(name, gdb.COMMAND_RUNNING)

    def invoke(self, argument: str, from_tty: bool) -> None:
        self.go(count_of(argument))
        gdb.execute("frame")


class ReverseStepi(Backwards):
    """reverse-stepi [N]: back by one instruction (or N). The machine is replayed from its start up to there."""

    def go(self, count: int) -> None:
        go_to(max(0, position() - count))


class ReverseContinue(Backwards):
    """reverse-continue [N]: back to where a breakpoint or watchpoint would have stopped last (N times).
All stops from the start on are visited to find it: a condition or a late `delete` makes that quick."""

    def go(self, count: int) -> None:
        end = position()
        rewind()
        stops = run_until(end)
        go_to(stops[-count] if len(stops) >= count else 0)
        if len(stops) < count:
            print("No breakpoint was passed before: this is where the recording starts.")


class TooCoarse(Backwards):
    """Not available: gdb would ask QEMU to go backwards by itself, and end up in another run.
Use reverse-stepi, or a breakpoint and reverse-continue."""

    def go(self, count: int) -> None:
        raise gdb.GdbError("use reverse-stepi [N], or set a breakpoint and reverse-continue")


for name in ("reverse-stepi", "rsi"):
    ReverseStepi(name)
for name in ("reverse-continue", "rc"):
    ReverseContinue(name)
for name in ("reverse-step", "rs", "reverse-next", "rn", "reverse-nexti", "rni", "reverse-finish"):
    TooCoarse(name)
