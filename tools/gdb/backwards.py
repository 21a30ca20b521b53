"""reverse-stepi and reverse-continue on a replayed run: `make qemu-record`, then `make qemu-replay`.

Back means: from the start, up to there; every replay is the same to the instruction. QEMU could go back to its start
by a snapshot, but what it loads is not all that was (seen with QEMU 7.2: the clock of riscv64 is wrong afterwards, an
x86-64 may stand still). So the machine is ended, `make qemu-replay` starts it anew, and gdb attaches to that one.
"""
import contextlib
import os
import re
import time

import gdb

STUB = os.environ.get("CAIRN_STUB", "")         # the socket of QEMU's gdb stub
AGAIN = os.environ.get("CAIRN_AGAIN", "")       # a file that says: start it anew
START_SECONDS = 30


def monitor(command: str) -> str:
    return gdb.execute(f"monitor {command}", to_string=True)


def position() -> int:
    """How many instructions the replayed run has executed."""
    found = re.search(r"Replaying .*instruction count = (\d+)", monitor("info replay"))
    if not found:
        raise gdb.GdbError("this machine runs forwards only. Next: make qemu-record, then make qemu-replay")
    return int(found[1])


@contextlib.contextmanager
def quietly():
    """gdb would show every stop."""
    gdb.execute("set suppress-cli-notifications on")
    try:
        yield
    finally:
        gdb.execute("set suppress-cli-notifications off")


def rewind() -> None:
    """To the start of the recording."""
    open(AGAIN, "w", encoding="utf-8").close()
    os.unlink(STUB)         # the old machine, which takes its time to end, must not be met again
    with quietly():
        with contextlib.suppress(gdb.error):        # QEMU may be gone before it has said so
            gdb.execute("kill", to_string=True)
        late = time.monotonic() + START_SECONDS
        while True:
            try:
                gdb.execute(f"target remote {STUB}", to_string=True)
                return
            except gdb.error as error:
                if time.monotonic() > late:
                    raise gdb.GdbError(f"the machine did not start anew: {error}. Next: make qemu-replay, then make gdb") from error
                time.sleep(0.05)


def run_until(end: int) -> list[int]:
    """Runs forwards to a position; returns where breakpoints stopped it on the way."""
    monitor(f"replay_break {end}")
    stops = []
    with quietly():
        while True:
            gdb.execute("continue", to_string=True)
            now = position()
            if now >= end:
                return stops
            stops.append(now)


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
