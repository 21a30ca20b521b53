"""When a program that was started has to be ended: by the processor time that it used, or because it does nothing.

Never by the clock on the wall: on a loaded machine everything takes longer, and nothing is wrong. A program that waits
for a processor is left alone; one that sleeps, prints nothing and uses no processor time is ended after a while.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

USUAL_CALIBRATION_SECONDS = 0.10
LOOK_SECONDS = 1.0
BUSY_COSTS = 20         # looks that one busy look takes back: a program that polls now and then sleeps all the same
PR_SET_CHILD_SUBREAPER = 36
TICKS = os.sysconf("SC_CLK_TCK")


@functools.cache
def slowness() -> float:
    """How many times as much processor time as on a usual machine this one needs, 1 to 20; what others do hardly matters."""
    start = time.process_time()
    data = b"cairn"
    for _ in range(100_000):
        data = hashlib.sha256(data).digest()
    return min(20.0, max(1.0, (time.process_time() - start) / USUAL_CALIBRATION_SECONDS))


def adopt_orphans() -> None:
    """From now on a program whose parent ends becomes this process's child, so that `below` finds all of them."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


@dataclass
class Process:
    pid: int
    parent: int
    state: str          # R runs or wants to, D waits for a disk, S sleeps, T is stopped, Z is a zombie
    own: float          # seconds of processor time
    children: float     # of children that were waited for


def look_at(pid: int | str) -> Process | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None
    return Process(int(pid), int(fields[1]), fields[0], (int(fields[11]) + int(fields[12])) / TICKS,
                   (int(fields[13]) + int(fields[14])) / TICKS)


def below(pid: int) -> list[Process]:
    """The children of a process, and theirs."""
    everybody = [process for name in os.listdir("/proc") if name.isdigit() and (process := look_at(name))]
    children: dict[int, list[Process]] = {}
    for process in everybody:
        children.setdefault(process.parent, []).append(process)
    found, todo = [], [pid]
    while todo:
        for child in children.get(todo.pop(), []):
            found.append(child)
            todo.append(child.pid)
    return found


class Watch:
    """Over a process and all below it; `why` is to be asked about once a second."""

    def __init__(self, pid: int, cpu_seconds: float, idle_seconds: float, progress: Callable[[], object] = lambda: None):
        self._pid = pid
        self._cpu_seconds = cpu_seconds * slowness()
        self._idle_seconds = idle_seconds
        self._progress = progress
        self._seen: object = None
        self._quiet = 0.0
        self._looked = time.monotonic()
        self._used = 0.0
        self._begin = self._cpu(self._family())

    def _family(self) -> list[Process]:
        me = look_at(self._pid)
        return ([me] if me else []) + below(self._pid)

    def _cpu(self, family: list[Process]) -> float:
        # What this very process computes is no work of those that it watches.
        return sum(process.children + (process.own if process.pid != os.getpid() else 0) for process in family)

    def why(self) -> str:
        """Why it has to be ended now, or nothing."""
        now = time.monotonic()
        family = self._family()
        used = max(self._used, self._cpu(family) - self._begin)
        busy = any(process.state in "RD" and process.pid != os.getpid() for process in family)
        passed, self._looked = now - self._looked, now
        news = self._progress()
        if news != self._seen:
            self._seen, self._quiet = news, 0.0
        elif busy or used - self._used > passed / 10:
            self._quiet = max(0.0, self._quiet - BUSY_COSTS * passed)
        else:
            self._quiet += passed
        self._used = used
        if used > self._cpu_seconds:
            return f"ended: it had used {used / 60:.0f} minutes of processor time"
        if self._quiet > self._idle_seconds:
            return f"ended: it slept and printed nothing for {self._quiet / 60:.1f} minutes"
        return ""


def end(pid: int, grace: float = 2.0) -> None:
    """Ends a process that was started here (not this one itself), and all below it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        family = [process.pid for process in below(pid)] + ([pid] if pid != os.getpid() else [])
        for one in family:
            try:
                os.kill(one, number)
            except ProcessLookupError:
                pass
        if number == signal.SIGTERM:
            time.sleep(grace)


def wait(process: subprocess.Popen, cpu_seconds: float, idle_seconds: float,
         progress: Callable[[], object] = lambda: None) -> str:
    """Waits for a program's end; ends it, and all below it, if it has to be, and says why. Its output needs another reader."""
    watch = Watch(process.pid, cpu_seconds, idle_seconds, progress)
    while True:
        try:
            process.wait(LOOK_SECONDS)
            return ""
        except subprocess.TimeoutExpired:
            if reason := watch.why():
                end(process.pid)
                process.wait()
                return reason


def collect(process: subprocess.Popen, cpu_seconds: float, idle_seconds: float) -> tuple[bytes, str]:
    """All that a program and those below it write to its `stdout` pipe; ended as in `wait`, with the reason why."""
    parts: list[bytes] = []

    def read() -> None:
        while data := os.read(process.stdout.fileno(), 65536):
            parts.append(data)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    watch = Watch(process.pid, cpu_seconds, idle_seconds, lambda: len(parts))
    reason = ""
    while not reason and reader.is_alive():
        reader.join(LOOK_SECONDS)
        reason = watch.why() if reader.is_alive() else ""
    if reason:
        end(process.pid)
        reader.join(LOOK_SECONDS)
    process.wait()
    return b"".join(parts), reason


def run(words: list[str], cpu_seconds: float, idle_seconds: float) -> tuple[bytes, int]:
    """What a command wrote to its standard output, and its status; -1 if it had to be ended."""
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        output, late = collect(process, cpu_seconds, idle_seconds)
    return output, -1 if late else process.returncode
