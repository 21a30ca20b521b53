"""Who sleeps where: the processes of a machine that stands, as gdb's `ps` shows them, and the last call of each.

Read from outside at the instant of a TIMEOUT (bench.py): of what the kernel is made, kernel_types.py knows; a tree
without processes has nothing to show but its CPUs.
"""
from __future__ import annotations

from pathlib import Path

from . import cpus, kernel_types, symbols
from .kernel_memory import KernelMemory, NotStanding
from .page_walk import PageTables
from .verdicts import Infrastructure

UNITS = ("kernel/task/family.cc", "kernel/sched/scheduler.cc", "kernel/entry/user_loop.cc")
PIDS, CALLS = "_ZN4task4pidsE", "_ZN5entry16the_system_callsE"
MOST_PROCESSES, MOST_FRAMES, SHOWN = 500, 20, 12
# Going to sleep, and the switch: a thread that sleeps is below these, and where it sleeps is above them.
ON_THE_WAY = ("sched::switch_away", "sched::block", "sched::give_way", "sched::preempt_kernel", "sched::yield", "sync::", "switch_context")
STATES = {"kNew": "is new", "kReady": "waits for its turn", "kRunning": "runs", "kBlocked": "sleeps", "kEnded": "has ended"}
ARGUMENTS = 3                   # of a call, that are shown


class MonitorReader:
    """Physical memory by QEMU's monitor: what a machine without a gdb stub can still be asked for."""

    def __init__(self, machine: object, scratch: Path):
        self._machine = machine
        self._file = scratch / "memory.bin"

    def read_memory(self, address: int, size: int, physical: bool = False) -> bytes:
        if not physical:
            raise ValueError("the monitor reads physical memory")
        # The name is relative: QEMU stands in that folder.
        said = self._machine.monitor.human(f"pmemsave 0x{address:x} {size} {self._file.name}")
        data = self._file.read_bytes() if not said.strip() else b""
        if len(data) != size:
            raise ValueError(f"no memory at 0x{address:x}")
        return data


class ThreadView(KernelMemory):
    """Of one machine, at one moment."""

    def __init__(self, kernel: Path, arch: str, reader: object):
        self.cpu = cpus.of(arch)
        super().__init__(kernel_types.of(kernel, UNITS), self.cpu.page_tables, reader)
        self.symbols = symbols.of(kernel)
        self.states = {number: name for name, number in self.types.enumerators("sched::ThreadState").items()}

    def lines(self, registers: list[dict[str, int]]) -> list[str]:
        self.use(PageTables(self.form, self.reader, self.form.root(registers[0])))
        return [self.line(process) for process in self.processes()]

    def processes(self) -> list[int]:
        """In the order of their pids: the tree of the kernel's table of numbers."""
        node_offset = self.types.field("task::PidEntry", "node").offset
        left, right = (self.types.field("lib::TreeNode", name).offset for name in ("left_", "right_"))
        found: list[int] = []
        above: list[int] = []
        node = self.number(self.types.address(PIDS) + self.types.field("task::PidTable", "tree_.root_").offset)
        while (node or above) and len(found) + len(above) < MOST_PROCESSES:
            if node:
                above.append(node)
                node = self.number(node + left)
                continue
            node = above.pop()
            if process := self.member(node - node_offset, "task::PidEntry", "process"):
                found.append(process)
            node = self.number(node + right)
        return found

    def line(self, process: int) -> str:
        pid = self.member(process, "core::Process", "pid")
        thread = self.member(process, "core::Process", "task.thread")
        if not thread:
            return f"process {pid}: a zombie, status 0x{self.member(process, 'core::Process', 'task.status'):x}"
        state = self.states.get(self.member(thread, "core::Thread", "sched.state"), "")
        said = STATES.get(state, "is in an unknown state")
        if state == "kRunning":
            return f"process {pid}: {said} on CPU {self.member(thread, 'core::Thread', 'sched.cpu.value_')}"
        if state != "kBlocked":
            return f"process {pid}: {said}"
        return f"process {pid}: {said} in {self.sleeping_in(thread)}, its last call: {self.last_call(thread)}"

    def sleeping_in(self, thread: int) -> str:
        """The function that went to sleep: the first one below the switch, by the frame pointers of the thread's stack."""
        pc, frame = self.cpu.resumes_at(self, thread)
        for _ in range(MOST_FRAMES):
            found = self.symbols.find(pc - 1)
            name = symbols.demangle(found[0]).split("(")[0] if found else "?"
            if not name.startswith(ON_THE_WAY):
                return name
            try:
                frame, pc = (self.number(frame + self.cpu.record_offset + offset) for offset in (0, 8))
            except NotStanding:
                break
            if pc == 0:
                break
        return "?"

    def last_call(self, thread: int) -> str:
        """A thread that sleeps has not changed its context since it came into the kernel."""
        context = thread + self.types.field("core::Thread", "user").offset
        number, first = (self.number(context + 8 * self.cpu.call_number_slot),
                         [self.number(context + 8 * (self.cpu.arguments_slot + i)) for i in range(ARGUMENTS)])
        shown = ", ".join(str(value - (1 << 64)) if value >> 63 else f"0x{value:x}" if value > 9999 else str(value)
                          for value in first)
        return f"{self.name_of_call(number & 0xFFFFFFFF)}({shown}, …)"

    def name_of_call(self, number: int) -> str:
        limit = self.types.size("entry::SystemCallTable") // 8
        call = self.number(self.types.address(CALLS) + 8 * number) if number < limit else 0
        if not call:
            return f"call {number}"
        name = self.member(call, "entry::SystemCall", "name")
        return self.read(name, 32).split(b"\0")[0].decode("ascii", "replace")


def of(machine: object, boot: object, registers: list[dict[str, int]]) -> list[str]:
    """A line for each process of a machine that stands; nothing where the kernel has no processes, or no memory that
    can be read at this moment."""
    try:
        if PIDS not in symbols.of(boot.kernel).by_name or not registers:
            return []
        lines = ThreadView(boot.kernel, boot.arch, MonitorReader(machine, boot.scratch)).lines(registers)
    except (NotStanding, Infrastructure, ValueError, KeyError, OSError):
        return []
    more = len(lines) - SHOWN
    return lines[:SHOWN] + ([f"and {more} processes more"] if more > 0 else [])
