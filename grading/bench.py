"""The bench a row works on: it makes the program, boots the machine and judges what came of it.

A Python row is `def test_<row id>(bench)` in grading/test_<lab>.py; it returns when the row has passed
and raises verdicts.Failed and its like when not. A row of kind `program` needs no function:
`run_program` is its body.
"""
from __future__ import annotations

import contextlib
import dataclasses
import shlex
import signal
from collections.abc import Iterator
from pathlib import Path

from tools.qemu import RESET_STATUS

from . import autopsy, frames, initramfs, kernel_image, poison, proof, symbols, thread_view
from .console import Console, Dump
from .gdbstub import GdbStub, StubClosed, StubTimeout
from .machine import Boot, Machine
from .proof import Program
from .settings import Draw, Settings
from .storm import TrapStorm
from .verdicts import Failed, Infrastructure, Panicked, TimedOut

STOPPING_SECONDS = 3
CHEAP_CPU_SECONDS = 8       # a run that cost more is not repeated to learn where it was
ROOM_STATUS, REFUSED_STATUS, PANIC_STATUS = 121, 120, 127
LAST_TRAPS = 3              # that lead to a reset
SIGNAL_STATUS = 64
SIGNALS = {4: "SIGILL", 5: "SIGTRAP", 7: "SIGBUS", 8: "SIGFPE", 11: "SIGSEGV"}


class Run:
    """One boot of the kernel under test."""

    def __init__(self, bench: "Bench", machine: Machine, program: Program | None):
        self.bench = bench
        self.machine = machine
        self.program = program
        self.interactive = False        # something outside the machine's own time took part

    # What a row does with a running machine.
    def press(self, keys: bytes) -> None:
        """Types at whatever moment this is."""
        self.interactive = True
        self.machine.press(keys)

    def gdb(self) -> GdbStub:
        self.interactive = True
        return self.machine.gdb()

    def run_to(self, address: int, what: str) -> dict[str, int]:
        """Runs to an address under the gdb stub, within the budget; the registers there."""
        registers = self.run_to_one_of([address])
        if registers["pc"] != address:
            raise Failed(f"the machine stopped elsewhere than at {what}", expected=f"pc 0x{address:x}",
                         got=f"pc 0x{registers['pc']:x}")
        return registers

    def run_to_one_of(self, addresses: list[int]) -> dict[str, int]:
        """Runs to whichever of these addresses comes first; the registers there."""
        stub = self.gdb()
        for address in addresses:
            stub.breakpoint(address)
        self._run_to_a_stop(stub)
        for address in addresses:
            stub.remove_breakpoint(address)
        return stub.registers()

    def run_to_access(self, address: int, size: int, reading: bool) -> dict[str, int]:
        """Runs to where these bytes, at an address of the CPU's, are read or written to; the registers there."""
        stub = self.gdb()
        stub.watch(address, size, reading)
        self._run_to_a_stop(stub)
        stub.remove_watch(address, size, reading)
        return stub.registers()

    def _run_to_a_stop(self, stub: GdbStub) -> None:
        stub.resume()
        while True:
            try:
                stub.wait_stop(0.05)
                return
            except StubTimeout:
                self._tick_under_gdb(stub)
            except StubClosed:
                self.wait()
                self.require_status(None)

    def _tick_under_gdb(self, stub: GdbStub) -> None:
        """A look at the machine that may just be stopping: then QEMU's clock may have run to the end
        of time, with no CPU at work and no timer set."""
        try:
            if self.machine.tick():
                self.require_status(None)
        except TimedOut:
            if not stub.stops_within(STOPPING_SECONDS):
                raise

    def press_stopped(self, key: int) -> None:
        """Types a key while gdb holds the machine, so that it comes at the same instruction each time."""
        self.machine.press(bytes([key]))
        if not self.machine.key_has_arrived():
            raise Infrastructure("QEMU did not take a key from its standard input")

    def resume(self) -> None:
        self.machine.gdb().detach()

    def symbol(self, name: str) -> int:
        """The address of a label in the program."""
        table = symbols.of(self.program.debug).by_name
        if name not in table:
            raise Infrastructure(f"the program {self.program.name} has no label {name}")
        return table[name]

    def wait(self) -> int:
        """To the end; QEMU's status."""
        return self.machine.wait()

    def wait_for(self, status: int) -> int:
        """To the end, which must be this one."""
        self.wait()
        self.require_status(status)
        return status

    @property
    def console(self) -> Console:
        return Console(self.machine.console)

    def frames(self) -> list[frames.Frame]:
        try:
            return frames.parse(self.machine.console)
        except frames.BadFrame as error:
            raise Failed(f"the result channel holds {error}") from error

    def values(self) -> dict[int, int]:
        """Verifies the program's proof; what it reported, by site."""
        assert self.program is not None
        return proof.verify(self.program, self.frames())

    def values_in_order(self) -> list[int]:
        return [value for _, value in sorted(self.values().items())]

    def notes(self) -> list[str]:
        return [frames.note_text(frame) for frame in self.frames() if frame.kind == "note"]

    # Judging an end.
    def require_status(self, wanted: int | None) -> None:
        """Raises what another end than `wanted` means; None: any end is too early."""
        status, console = self.machine.status, self.console
        if status == wanted and wanted is not None:
            return
        if not self.machine.console and status != RESET_STATUS:
            said = " ".join(self.machine.errors().split())
            raise Infrastructure(f"QEMU said nothing at all and ended with {status}: {said[:200]}")
        if status is not None and -status in CRASHES:
            raise Infrastructure(f"QEMU itself crashed ({signal.Signals(-status).name}): {self.machine.errors()[-200:].strip()}")
        if room := console.open_room():
            raise Failed(f"room {room[0]} is still open" + (f" ({room[1]})" if room[1] else ""),
                         expected=status_text(wanted), got=f"the run came to room {room[0]}")
        panic = console.panic()
        if panic or status == PANIC_STATUS:
            raise self.panicked(panic)
        if status == REFUSED_STATUS:
            raise Failed(f"the kernel refused to go on: {console.refusal() or 'without a reason'}",
                         expected=status_text(wanted), got=status_text(status))
        if status == RESET_STATUS:
            raise Failed("the CPU gave up and the machine was reset (triple fault)" + self.last_traps(),
                         expected=status_text(wanted), got=status_text(status),
                         cpus=self.where(self.machine.last_registers))
        killed = console.killed()
        if self.program:    # a check that failed says more than the status after it
            proof.raise_failed_check(self.program, self.frames())
        raise Failed("the run ended in another way than it must", expected=status_text(wanted),
                     got=status_text(status) + (f" ({killed.headline})" if killed else ""),
                     backtrace=self.backtrace_of(killed))

    def last_traps(self) -> str:
        """What led to a reset: the run again, with QEMU's trap log."""
        boot = self.machine.boot
        if not self.interactive and not boot.trap_log:
            folder = boot.scratch / "reset"
            folder.mkdir(exist_ok=True)
            with Machine(dataclasses.replace(boot, scratch=folder, trap_log=True, gdb=False, watch=None)) as again:
                again.wait()
                traps = again.trap_log()
        else:
            traps = self.machine.trap_log()
        said = [f"{trap.name} at 0x{trap.pc:x}" + (f" address 0x{trap.value:x}" if trap.name == "page_fault" else "")
                for trap in traps if not trap.interrupt]
        return ": " + ", then ".join(said[-LAST_TRAPS:]) if said else ""

    def refuse_silence(self, wanted: int) -> None:
        """Before a row says what is missing: an open room, a panic or a refusal explains it better."""
        status, console = self.machine.status, self.console
        told = console.open_room() or console.panic() or console.refusal() or not self.machine.console
        if status != wanted and told:
            self.require_status(wanted)

    def refuse_room(self) -> None:
        """Where a panic is wanted: an open room is still the better reason."""
        if self.machine.status == ROOM_STATUS or not self.machine.console:
            self.require_status(PANIC_STATUS)

    def panicked(self, dump: Dump | None) -> Panicked:
        said = dump.headline if dump else "the kernel ended with the status of a panic, without a message"
        remark = poison.remark(dump, self.bench.settings.root) if dump else ""
        return Panicked(said[:200] + remark, backtrace=self.backtrace_of(dump))

    def backtrace_of(self, dump: Dump | None) -> list[str]:
        if dump is None:
            return []
        kernel = symbols.of(self.machine.boot.kernel)
        own = symbols.of(self.program.debug) if self.program else None
        steps = []
        for number, step in enumerate(dump.backtrace[:24]):
            table = own if own and own.find(step.address) else kernel
            steps.append(step.text(number, table))
        return steps

    def examine(self, late: TimedOut) -> None:
        """Says where each CPU was at a TIMEOUT, and what the console held: exactly, where it can be had."""
        if isinstance(late, TrapStorm):
            late.cpus = self.where([late.registers])
            return
        if self.bench.settings.brief or self.machine.cpu_seconds() > CHEAP_CPU_SECONDS:
            return
        self.machine.stop()
        finding = None if self.interactive else autopsy.examine(self.machine.boot)
        if finding:
            late.cpus = self.where(finding.registers) + finding.threads
            late.console = finding.console
        else:
            registers = self.machine.registers()
            late.cpus = self.where(registers) + thread_view.of(self.machine, self.machine.boot, registers)

    def where(self, cpus: list[dict[str, int]]) -> list[str]:
        kernel = symbols.of(self.machine.boot.kernel)
        own = symbols.of(self.program.debug) if self.program else None
        lines = []
        for number, registers in enumerate(cpus):
            pc = registers.get("pc", 0)
            if own and own.find(pc):
                place = f"{self.program.name}: {own.describe(pc)}"
            else:
                place = kernel.describe(pc) if kernel.find(pc) else "neither the kernel nor the program"
            lines.append(f"CPU {number} at 0x{pc:016x} ({place})")
        return lines


class Bench:
    """What a row's body is given."""

    def __init__(self, settings: Settings, row: object, scratch: Path, patience: float = 1.0,
                 watch: object = None):
        self.settings = settings
        self.row = row
        self.scratch = scratch
        self.draw = Draw(settings.seed, row.id)
        self.patience = patience
        self.last_run: Run | None = None
        self.boot_seed: int | None = None
        self.host_output = b""              # of a row of kind host
        self.pictures: list[tuple[str, str]] = []       # (title, SVG): what the HTML report shall show
        self._watch = watch
        self._boots = 0

    # ---- programs ---------------------------------------------------------------------------------
    def program(self, name: str | None = None) -> Program:
        """Links the row's program (or another one) with this run's base and secret."""
        name = name or self.row.program
        objects = self.settings.user_path
        found = self.object_of(name)
        if found is None:
            raise Infrastructure(f"the test program {name} is not built (make user-tests)")
        program = proof.link(name, [found, objects / "libuser.a"], compiler=self.settings.compiler,
                          base=self.draw.base, secret=self.draw.secret, padding=self.draw.padding,
                             out=self.scratch / f"{name}.elf")
        program.source = self.source_of(name)
        return program

    def source_of(self, name: str) -> list[str]:
        """The lines of a test program, if the tree has it."""
        path = self.settings.root / "user/tests" / self.row.lab / f"{name}.cc"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def object_of(self, name: str) -> Path | None:
        """The object file of a test program; one for a single CPU has that in its name."""
        folder = self.settings.user_path / "tests" / self.row.lab
        places = [folder / f"{name}.o", folder / f"{name}.{self.settings.arch}.o"]
        return next((path for path in places if path.exists()), None)

    def initramfs(self, program: Program) -> tuple[str, bytes]:
        """(name of the program, archive with it and decoys, in an order that SEED decides)."""
        name = self.draw.name("program")
        files = {name: program.elf}
        for number in range(2 + self.draw.below("decoys", 3)):
            size = 64 + self.draw.below(f"decoy size {number}", 3000)
            files[self.draw.name(f"decoy {number}")] = self.draw.bytes(f"decoy {number}", size)
        order = sorted(files, key=lambda path: self.draw.bytes("order " + path, 8))
        return name, initramfs.build({path: files[path] for path in order})

    # ---- boots ------------------------------------------------------------------------------------
    @contextlib.contextmanager
    def boot(self, program: Program | str | None = None, *, args: str | None = None, selftest: str = "",
             options: str = "", seed: int | None = None, seeded: bool = True, trap_log: bool = False,
             gdb: bool = False, smp: int | None = None, budget: int | None = None,
             memory: str = "") -> Iterator[Run]:
        """Boots the kernel under test. `args` are the program's own; `options` go to the kernel."""
        self._boots += 1
        folder = self.scratch / f"boot{self._boots}"
        folder.mkdir()
        if isinstance(program, str) or (program is None and self.row.program and not selftest):
            program = self.program(program)
        words = []
        image = None
        if program is not None:
            name, archive = self.initramfs(program)
            image = folder / "initramfs.cpio"
            image.write_bytes(archive)
            words.append(f"init=/{name}")
        elif not selftest:
            raise Infrastructure(f"row {self.row.id} boots neither a program nor a self-test")
        if selftest:
            words.append(f"selftest={selftest}")
        if seeded:
            self.boot_seed = seed if seed is not None else self.draw.boot_seed
            words.append(f"seed={self.boot_seed}")
        words += shlex.split(options or self.row.extra.get("options", ""))
        own = self.row.args if args is None else args
        if own and program is not None:
            words += ["--", own]
        kernel = self.settings.kernel_path
        if not kernel.exists():
            raise Infrastructure(f"there is no kernel at {kernel.name} (make kernel)")
        kernel_image.require_unique(kernel)
        boot = Boot(arch=self.settings.arch, kernel=kernel, scratch=folder, initrd=image,
                    append=" ".join(words), smp=smp or self.row.smp, trap_log=trap_log, gdb=gdb,
                    budget=budget or self.row.budget, patience=self.patience, watch=self._watch)
        if memory:
            boot.memory = memory
        with Machine(boot) as machine:
            run = Run(self, machine, program)
            self.last_run = run
            try:
                yield run
            except TimedOut as late:
                if not machine.console and machine.port.firmware_speaks:
                    raise Infrastructure("QEMU ran and said nothing at all, not even its firmware") from late
                if program is not None:     # a check that failed says more than that the end did not come
                    proof.raise_failed_check(program, run.frames())
                run.examine(late)
                raise


def run_program(bench: Bench) -> None:
    """The body of a row of kind `program`: every check holds, and the program says so with its proof."""
    for seed in seeds_of(bench.row, bench.settings.full) or [None]:
        with bench.boot(seed=seed) as run:
            run.wait()
            judge(run)


def seeds_of(row: object, full: bool) -> list[int]:
    """The scheduling seeds that a race row searches: its own, and in a full run as many more as it names."""
    more = row.extra.get("long_seeds", 0) - len(row.seeds) if full and row.seeds else 0
    return row.seeds + [row.seeds[-1] + 1 + n for n in range(more)]


# How a program ends by a mistake of its own: no kernel, however wrong, may do that to QEMU.
CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE)


def judge(run: Run, status: int = 0) -> dict[int, int]:
    """The usual end: QEMU's status is `status` and the program's proof verifies."""
    run.frames()                        # a damaged result channel comes before anything else
    run.require_status(status)
    return run.values()


def status_text(status: int | None) -> str:
    if status is None:
        return "to go on"
    if status == 0:
        return "init exits with 0"
    known = {ROOM_STATUS: "an open room was reached", REFUSED_STATUS: "the kernel refused to start",
             PANIC_STATUS: "the kernel panicked", RESET_STATUS: "the machine was reset"}
    if status in known:
        return f"{known[status]} (status {status})"
    if status < 0:
        return f"QEMU was ended by signal {-status}"
    if SIGNAL_STATUS < status < SIGNAL_STATUS + 32:
        number = status - SIGNAL_STATUS
        return f"init is killed by {SIGNALS.get(number, f'signal {number}')} (status {status})"
    return f"init exits with {status}"
