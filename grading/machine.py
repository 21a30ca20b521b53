"""A QEMU machine: started, watched, typed at and always ended.

The console is QEMU's standard input and output; monitor and gdb stub are socket pairs that only this
process and its child hold, so runs cannot collide and no neighbour can listen. Time is guest time: the
guest's own clock is read through the monitor, and a row's budget is spent there, never on the host.
"""
from __future__ import annotations

import atexit
import dataclasses
import fcntl
import os
import re
import shutil
import socket
import subprocess
import threading
import time
import weakref
from pathlib import Path
from typing import Callable

from tools import qemu

from . import cpus, traplog
from .clock import GuestClock
from .gdbstub import GdbStub
from .monitor import Monitor, MonitorSilent, parse_registers, parse_word
from .storm import StormWatch
from .verdicts import Failed, Infrastructure, TimedOut

CONSOLE_LIMIT = 4 << 20         # bytes of console; more is a flood
PIPE_SIZE = 1 << 20             # a full pipe would let the host's load into the guest's serial timing
POLL_SECONDS = 0.025
STARVED_CPU_SECONDS = 3.0       # QEMU ran so long without answering its monitor: all its CPUs sleep
UNCOUNTED_CPU_SECONDS = 20.0    # budget of a machine without an instruction count
COUNTED_CPU_SECONDS = 30.0      # a usual row's whole budget takes a twentieth of it, unless most of it are traps
SLOWEST_A_SECOND = 40_000_000   # instructions of a budget that is larger
IDLE_LOOKS = 50
MOST_QUIT_SECONDS = 5
DEAD_MAN_SECONDS = 60.0         # wall clock, times `patience`, until somebody looks whether it sleeps; never the measure of a row
STARVED_SECONDS = 7200.0        # wall clock: a host that gives a machine nothing at all

SLEEPS_FOR_EVER = "the machine sleeps for ever: its CPU waits for an interrupt, and no timer is set"

_alive: "weakref.WeakSet[Machine]" = weakref.WeakSet()


@atexit.register
def end_all() -> None:
    """No machine outlives the grader."""
    for machine in list(_alive):
        machine.close()


@dataclasses.dataclass
class Boot:
    """What is to be started."""
    arch: str
    kernel: Path
    scratch: Path                       # a folder of this run's own
    initrd: Path | None = None
    append: str = ""
    smp: int = 1
    memory: str = "128M"
    shift: int | None = qemu.GRADED_SHIFT
    budget: int = 200_000_000           # guest instructions
    trap_log: bool = False
    gdb: bool = False
    replay: str | None = None           # QEMU's recorder: autopsy.py
    extra: list[str] = dataclasses.field(default_factory=list)      # more words for QEMU
    patience: float = 1.0               # how much slower than a usual one this host is
    watch: Callable[[bytes], None] | None = None        # sees the console as it comes


class Machine:
    """Use as a context manager."""

    def __init__(self, boot: Boot):
        self.boot = boot
        self.port = qemu.port(boot.arch)
        self.flooded = False
        self.status: int | None = None          # QEMU's, once it has ended
        self._console = bytearray()
        self._news = threading.Condition()
        self._closed_console = False
        self.last_registers: list[dict[str, int]] = []      # of a machine that was reset
        self._asked_clock = 0.0                 # QEMU's CPU time when the clock was asked for
        self._gdb: GdbStub | None = None
        self._storms = [StormWatch() for _ in range(boot.smp)]
        self._start()

    # ---- life -------------------------------------------------------------------------------------
    def _start(self) -> None:
        b = self.boot
        words = qemu.command(b.arch, kernel=str(b.kernel.absolute()),
                             initrd=str(b.initrd.absolute()) if b.initrd else None,
                             append=b.append, smp=b.smp, memory=b.memory, replay=b.replay,
                             shift=b.shift if b.smp == 1 else None)
        monitor, monitor_child = socket.socketpair()
        children = [monitor_child]
        words += ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
                  "-chardev", f"socket,id=monitor,fd={monitor_child.fileno()}",
                  "-mon", "chardev=monitor,mode=control"]
        if b.gdb:
            stub, stub_child = socket.socketpair()
            children.append(stub_child)
            self._gdb = GdbStub(stub, cpus.of(b.arch).stub_registers)
            words += ["-S", "-chardev", f"socket,id=gdb,fd={stub_child.fileno()}", "-gdb", "chardev:gdb"]
        if b.trap_log:
            words += ["-d", "int", "-D", self._trap_file.name]      # in its folder: QEMU reads % in a name
        # At its end it waits until it is told to go: QEMU's own way out may wait for its monitor for ever after a reset,
        # and QEMU 10 crashes if a request arrives while it clears up.
        words += ["-no-shutdown"]
        words += b.extra
        if shutil.which("setpriv"):     # should the grader be killed, its machines die with it
            words = ["setpriv", "--pdeathsig", "KILL", *words]
        self._errors = open(b.scratch / "qemu.errors", "w+b")
        try:
            self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                             stderr=self._errors, cwd=b.scratch,
                                             pass_fds=[s.fileno() for s in children])
        except OSError as error:
            raise Infrastructure(f"{words[0]} cannot be started: {error.strerror}") from error
        finally:
            for child in children:
                child.close()
        _alive.add(self)
        self.monitor = Monitor(monitor)
        self.clock = GuestClock(self.monitor, self.port, b.shift if b.smp == 1 else None)
        self._born = time.monotonic()
        self._next_look = DEAD_MAN_SECONDS * b.patience
        try:
            fcntl.fcntl(self._process.stdout, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
        except OSError:
            pass        # a user's pipe quota is spent: slower, not wrong
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def _trap_file(self) -> Path:
        return self.boot.scratch / "traps.log"

    def _read(self) -> None:
        pipe = self._process.stdout.fileno()
        while data := os.read(pipe, 65536):
            with self._news:
                room = CONSOLE_LIMIT - len(self._console)
                self._console += data[:room]
                self.flooded = self.flooded or len(data) > room
                self._news.notify_all()
            if self.boot.watch and not self.flooded:
                self.boot.watch(data)
        with self._news:
            self._closed_console = True
            self._news.notify_all()

    def close(self) -> None:
        """Ends QEMU and waits for it; harmless when called again."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join(timeout=20)
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            try:
                pipe.close()
            except OSError:
                pass
        self.monitor.close()
        if self._gdb is not None:
            self._gdb.close()
        _alive.discard(self)

    def quit(self, seconds: float) -> None:
        """Asks QEMU to end in good order."""
        try:
            self.monitor.ask("quit", seconds)
        except MonitorSilent:
            pass
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass

    def __enter__(self) -> "Machine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- console ----------------------------------------------------------------------------------
    @property
    def console(self) -> bytes:
        with self._news:
            return bytes(self._console)

    def press(self, keys: bytes) -> None:
        """Types on the console."""
        try:
            self._process.stdin.write(keys)
            self._process.stdin.flush()
        except OSError:
            pass        # the machine has ended; whoever waits next sees that

    def key_has_arrived(self) -> bool:
        """Whether the UART holds a key that the guest has not taken; waits a while for it."""
        for _ in range(400):
            said = parse_word(self.monitor.human(self.port.key_status))
            if said and said & 1:
                return True
            time.sleep(0.01)
        return False

    def expect(self, pattern: bytes, *, after: int = 0, what: str = "",
               ended: Callable[[None], None] | None = None) -> re.Match[bytes]:
        """Waits until the console matches; `after` is where to begin looking. `ended` may explain why
        the machine ended before that."""
        wanted = re.compile(pattern, re.M)
        while True:
            found = wanted.search(self.console, after)
            if found:
                return found
            if self.tick():
                found = wanted.search(self.console, after)
                if found:
                    return found
                if ended:
                    ended(None)
                raise Failed(f"the machine ended before {what or pattern!r} was on the console",
                             expected=what or repr(pattern), got=f"QEMU's status {self.status}")

    def wait(self) -> int:
        """Runs the machine to its end, within its budget; returns QEMU's exit status."""
        while not self.tick():
            pass
        assert self.status is not None
        return self.status

    # ---- watching ---------------------------------------------------------------------------------
    def tick(self) -> bool:
        """Waits a moment; True when the machine has ended. Raises what ends a row early."""
        try:
            self.status = qemu.guest_status(self.boot.arch, self._process.wait(POLL_SECONDS))
        except subprocess.TimeoutExpired:
            pass
        if self.flooded:
            raise Failed(f"the console was flooded: more than {CONSOLE_LIMIT >> 20} MiB in one run")
        if self.status is not None:
            self._reader.join(timeout=20)
            return True
        try:
            self._read_clock()
        except MonitorSilent:
            try:        # QEMU is on its way out
                self.status = qemu.guest_status(self.boot.arch, self._process.wait(20))
                self._reader.join(timeout=20)
                return True
            except subprocess.TimeoutExpired as error:
                raise Infrastructure("QEMU's monitor is gone but QEMU is not") from error
        if self.clock.stands:
            self._end_standing()
            return True
        self._check_limits()
        return False

    def _end_standing(self) -> None:
        """Ends a machine that has come to its end and waits, as -no-shutdown has it: it was reset, or a later QEMU
        than 7.2 keeps the status of its exit device until it may go. No other request may come after `quit`."""
        self.last_registers = self.registers()
        self.quit(MOST_QUIT_SECONDS * self.boot.patience)
        status = self._process.poll()
        if status is None:
            self._process.kill()
            if not self.port.exit_device:       # the guest's status is lost, where 0 would mean a good end
                raise Infrastructure("QEMU was told to end, and did not")
            status = 0                          # as after a reset
        self.status = qemu.guest_status(self.boot.arch, status)
        self._reader.join(timeout=20)

    def _read_clock(self) -> None:
        if not self.clock.waits:
            self._asked_clock = self.cpu_seconds()
        if self.clock.look():
            self._look_for_storm()

    def _look_for_storm(self) -> None:
        spent = self.cpu_seconds()
        counted = self.boot.shift is not None and self.boot.smp == 1
        if not counted or self._storms[0].is_slow(spent, self.clock.instructions):
            for storm, registers in zip(self._storms, self.registers()):
                if "scause" in registers:       # x86-64 has no such register; there a storm ends in a reset
                    storm.look(spent, registers)

    def _check_limits(self) -> None:
        wall = time.monotonic() - self._born
        if self.boot.shift is not None and self.boot.smp == 1:
            self._check_counted()
        elif (spent := self.cpu_seconds()) > UNCOUNTED_CPU_SECONDS * self.boot.patience:
            raise TimedOut(f"the machine still ran after {spent:.0f} s of processor time")
        if wall < self._next_look:
            return
        if self._is_idle():
            raise TimedOut("the machine sleeps: its CPUs wait for interrupts and do nothing else")
        # It wants a processor that others have: a loaded host makes a run longer.
        self._next_look = wall + DEAD_MAN_SECONDS
        if wall > STARVED_SECONDS:
            raise Infrastructure("the host is starved: QEMU has hardly run in all the time it was given")

    def _check_counted(self) -> None:
        if self.sleeps_for_ever:
            raise TimedOut(SLEEPS_FOR_EVER)
        if self.clock.is_over(self.boot.budget << self.boot.shift):
            raise TimedOut(f"the machine still ran after its {self.boot.budget:,} guest instructions")
        most = max(COUNTED_CPU_SECONDS, self.boot.budget / SLOWEST_A_SECOND)
        if self.cpu_seconds() > most * self.boot.patience:
            raise TimedOut("the machine still ran, most of the time taking traps, when it had used as much of the "
                           "host's processor as twenty such rows")
        if self.clock.waits and self.cpu_seconds() - self._asked_clock > STARVED_CPU_SECONDS:
            raise TimedOut(SLEEPS_FOR_EVER)

    def _is_idle(self) -> bool:
        """Whether QEMU's threads all sleep: a machine that only wants a CPU of the host has one that does not."""
        asleep = 0
        for _ in range(IDLE_LOOKS):
            states = [path.read_text().rsplit(")", 1)[1].split()[0]
                      for path in Path(f"/proc/{self._process.pid}/task").glob("*/stat")]
            asleep += all(state == "S" for state in states)
            time.sleep(0.02)
        return asleep > IDLE_LOOKS * 0.9

    @property
    def sleeps_for_ever(self) -> bool:
        return self.clock.sleeps_for_ever(self.boot.budget << (self.boot.shift or 0))

    def instructions(self) -> int:
        """What the guest has executed, exactly if it stands still; 0 if nobody counts."""
        return int(self.monitor.ask("query-replay")["icount"])

    def cpu_seconds(self) -> float:
        """CPU time that QEMU has used."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    # ---- outside witnesses ------------------------------------------------------------------------
    def gdb(self) -> GdbStub:
        if self._gdb is None:
            raise Infrastructure("this machine was started without a gdb stub")
        return self._gdb

    def trap_log(self) -> list[traplog.Trap]:
        """The traps that QEMU took; whole once the machine has ended."""
        return traplog.parse(self._trap_file.read_bytes() if self._trap_file.exists() else b"", self.boot.arch)

    def stop(self) -> None:
        """The guest stands still from now on, and leaves the host's processor to others."""
        try:
            self.monitor.ask("stop", 2)
        except MonitorSilent:
            pass        # it sleeps

    def registers(self) -> list[dict[str, int]]:
        """Every CPU's registers at this moment, or nothing if QEMU does not answer."""
        try:
            return parse_registers(self.monitor.human("info registers -a", 2))
        except MonitorSilent:
            return []

    def errors(self) -> str:
        """What QEMU itself had to say."""
        self._errors.flush()
        return (self.boot.scratch / "qemu.errors").read_text(errors="replace")
