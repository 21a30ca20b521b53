"""Reads the timeline's records (kernel/core/timeline.h) out of the memory of a machine that stands."""
from __future__ import annotations

import dataclasses
import struct
from pathlib import Path

from elftools.elf.elffile import ELFFile

from grading import kernel_types
from grading.kernel_memory import KernelMemory, Reader
from grading.page_walk import Format, PageTables

UNITS = ("kernel/core/timeline.cc", "kernel/sched/timeline.cc", "kernel/entry/trace.cc", "kernel/entry/system_call_table.cc")
RECORD = struct.Struct("<QiBBHQQ")
SIGNED = struct.Struct("<q")
MOST_CPUS = 8


@dataclasses.dataclass(frozen=True)
class Record:
    time_ns: int
    cpu: int
    tid: int            # of the thread that ran; 0: the CPU's idle thread
    mark: str           # core::Mark without its k: "Wakes"
    what: str           # the call, the trap, or the state in which the thread leaves; else empty
    a: int = 0
    b: int = 0


@dataclasses.dataclass(frozen=True)
class Rings:
    records: list[Record]       # of all CPUs, in the order of time
    lost: int                   # older ones, which the rings had no room for


class Kernel:
    """What the kernel's ELF file tells: names of calls, marks, traps and states."""

    def __init__(self, path: Path):
        self.types = kernel_types.of(path, UNITS)
        self.marks = self._names("core::Mark")
        self.states = self._names("sched::ThreadState")
        self.interrupts = self._names("entry::Action")
        self.faults = self._names("arch::Event")
        self.calls = self._read_calls(path)

    def _names(self, kind: str) -> dict[int, str]:
        return {value: name.removeprefix("k") for name, value in self.types.enumerators(kind).items()}

    def _read_calls(self, path: Path) -> dict[int, str]:
        """By their numbers, from the descriptors that SYSCALL left."""
        name, number = (self.types.field("entry::SystemCall", member).offset for member in ("name", "number"))
        begin, end = (self.types.address(f"system_calls_{word}") for word in ("begin", "end"))
        with open(path, "rb") as file:
            image = Image(file)
            descriptors = struct.unpack(f"<{(end - begin) // 8}Q", image.read(begin, end - begin))
            return {image.number(one + number, 4): image.text(image.number(one + name, 8)) for one in descriptors}

    def what(self, mark: str, detail: int) -> str:
        if mark.startswith("Call"):
            return self.calls.get(detail, f"system call {detail}")
        if mark == "InterruptBegins":
            return {"Tick": "timer", "Ipi": "another CPU", "Device": "device"}.get(self.interrupts.get(detail, ""), "interrupt")
        if mark == "FaultBegins":
            return words(self.faults.get(detail, "fault"))
        if mark == "Leaves":
            return self.states.get(detail, "")
        return "by an interrupt" if mark == "Wakes" and detail else ""


def words(name: str) -> str:
    """ReadFault -> read fault"""
    return "".join(" " + c.lower() if c.isupper() else c for c in name).strip()


class Image:
    """The constants of an ELF file, by address."""

    def __init__(self, file):
        self.segments = [(s["p_vaddr"], s["p_vaddr"] + s["p_filesz"], s.data()) for s in ELFFile(file).iter_segments("PT_LOAD")]

    def read(self, address: int, size: int) -> bytes:
        for begin, end, data in self.segments:
            if begin <= address < end:
                return data[address - begin:address - begin + size]
        return bytes(size)

    def number(self, address: int, size: int) -> int:
        return int.from_bytes(self.read(address, size), "little")

    def text(self, address: int) -> str:
        return self.read(address, 64).split(b"\0")[0].decode("ascii", "replace")


def read(kernel: Kernel, form: Format, reader: Reader, registers: list[dict[str, int]]) -> Rings:
    """`registers`: each CPU's. All that the machine has recorded and not yet overwritten."""
    memory = KernelMemory(kernel.types, form, reader)
    memory.use(PageTables(form, reader, form.root(registers[0])))
    rings, size = kernel.types.address("_ZN4core9timelinesE"), kernel.types.size("core::Timeline")
    capacity = kernel.types.constant("core::Timeline", "kCapacity")
    found: list[list[Record]] = []
    lost = 0
    for cpu in range(MOST_CPUS):
        place, count = (memory.member(rings + cpu * size, "core::Timeline", name) for name in ("records", "count"))
        if not place:
            continue
        # When all places are taken, the oldest may be half overwritten.
        first = count - capacity + 1 if count >= capacity else 0
        data = memory.read(place, min(count, capacity) * RECORD.size)
        found.append([decoded(kernel, data, number % capacity) for number in range(first, count)])
        lost += first
    return Rings(merged(found, capacity), lost)


def decoded(kernel: Kernel, data: bytes, place: int) -> Record:
    time_ns, tid, mark, cpu, detail, a, b = RECORD.unpack_from(data, place * RECORD.size)
    name = kernel.marks.get(mark, "Nothing")
    return Record(time_ns, cpu, tid, name, kernel.what(name, detail), a, b)


def merged(cpus: list[list[Record]], capacity: int) -> list[Record]:
    """In the order of time, from the moment on since when every CPU's records are whole."""
    begin = max((records[0].time_ns for records in cpus if len(records) >= capacity - 1), default=0)
    return sorted((record for records in cpus for record in records if record.time_ns >= begin), key=lambda record: record.time_ns)


def signed(word: int) -> int:
    return SIGNED.unpack(word.to_bytes(8, "little"))[0]


def name_of(record: Record) -> str:
    """The name in a record of kind Runs or Named."""
    return (record.a.to_bytes(8, "little") + record.b.to_bytes(8, "little")).split(b"\0")[0].decode("utf-8", "replace")
