"""Where was it when its budget ended? The same every time, though nobody can stop QEMU on the dot.

A machine that counts instructions and gets no input does the same again. So a run that timed out is
repeated under QEMU's recorder, and the recording is replayed to the budget's very instruction.
"""
from __future__ import annotations

import dataclasses
import time

from . import thread_view
from .machine import Boot, Machine
from .monitor import MonitorSilent, parse_registers
from .verdicts import RowEnded, TimedOut

WAIT_SECONDS = 60
ATTEMPTS = 3
STILL_SECONDS = 1       # a replay that comes no further for so long is through with its recording …
END_OF_RECORD = 0.99    # … if this part of it is behind it: QEMU notes nothing of what a machine does to fall asleep


@dataclasses.dataclass
class Finding:
    console: bytes
    registers: list[dict[str, int]]     # one for each CPU
    threads: list[str] = dataclasses.field(default_factory=list)    # thread_view.py


def examine(boot: Boot) -> Finding | None:
    """Repeats a boot that timed out; None if it cannot be repeated."""
    if boot.shift is None or boot.smp != 1:
        return None
    folder = boot.scratch / "autopsy"
    folder.mkdir(exist_ok=True)
    # The name is relative: QEMU's option parser would split a path at a comma.
    again = dataclasses.replace(boot, scratch=folder, trap_log=False, gdb=False, watch=None)
    try:
        for _ in range(ATTEMPTS):
            recorded = _record(dataclasses.replace(again, replay="rr=record,rrfile=record.bin"))
            finding = _replay(dataclasses.replace(again, replay="rr=replay,rrfile=record.bin",
                                                  extra=["-S"]), recorded)
            if finding:
                return finding
    except (RowEnded, MonitorSilent):
        pass
    return None


def _record(boot: Boot) -> int:
    """Records the run past its budget; how many instructions are on record."""
    with Machine(boot) as machine:
        try:
            machine.wait()
        except TimedOut:
            pass
        # QEMU notes how far the CPU has come only when something is recorded: a reading of the
        # host's clock is. Without it the recording may end long before this.
        if machine.port.host_clock and not machine.sleeps_for_ever:
            machine.monitor.human(machine.port.host_clock)
        count = machine.instructions()
        machine.quit(WAIT_SECONDS)      # QEMU completes the recording on its way out
        return count


def _replay(boot: Boot, recorded: int) -> Finding | None:
    """Replays to the budget's instruction, or to the end of a machine that slept for ever."""
    with Machine(boot) as machine:
        machine.monitor.human(f"replay_break {boot.budget}")
        machine.monitor.ask("cont")
        end = time.monotonic() + WAIT_SECONDS * boot.patience
        count, since = -1, 0.0
        while machine.monitor.ask("query-status").get("running"):
            before, count = count, machine.instructions()
            if count != before:
                since = time.monotonic()
            if time.monotonic() > end:
                return None
            if count >= recorded:       # it sleeps, at the end of what is on record
                break
            if time.monotonic() - since > STILL_SECONDS and count >= recorded * END_OF_RECORD:
                recorded = count
                break
            time.sleep(0.02)
        if machine.instructions() < min(recorded, boot.budget):
            return None
        registers = parse_registers(machine.monitor.human("info registers -a"))
        threads = thread_view.of(machine, boot, registers)
    return Finding(machine.console, registers, threads)
