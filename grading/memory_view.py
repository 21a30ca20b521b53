"""What physical and virtual memory are used for at a moment, seen from outside a machine that stands.

Frames come from the kernel's own array (kernel/mm/frames.cc) and mappings from its tree (vma_tree.h); what is really
there, the page tables say. kernel_types.py knows where all that lies. Drawn by memory_picture.py.
"""
from __future__ import annotations

import dataclasses
from pathlib import Path

from . import kernel_types
from .kernel_memory import KernelMemory, NotStanding, Reader
from .page_walk import PAGE, Format, Leaf, PageTables

UNITS = ("kernel/mm/mapping.cc", "kernel/mm/frames.cc", "kernel/entry/user_loop.cc")
MOST_MAPPINGS = 70_000          # more than the kernel allows: the tree is being changed, or broken
MOST_CPUS = 8
MOST_FRAMES = 1 << 22          # 16 GiB
READ, WRITE, EXECUTE = 1, 2, 4  # of Vma::protection

# What a frame can be used for; what stands later overrules what stands earlier.
KINDS = ("free", "reserved", "kernel", "table", "program", "heap", "stack", "mapping", "shared", "zero")


@dataclasses.dataclass(frozen=True)
class Mapping:
    begin: int
    end: int
    rights: str                 # as /proc/<pid>/maps: rw-p
    kind: str
    present: frozenset[int]     # numbers of the pages that are there, from the mapping's beginning

    @property
    def pages(self) -> int:
        return (self.end - self.begin) // PAGE


@dataclasses.dataclass(frozen=True)
class View:
    program: str                # empty: none runs
    first: int                  # physical address of the first frame
    frames: list[str]           # the kind of each frame
    mappings: list[Mapping]

    def count(self, kind: str) -> int:
        return self.frames.count(kind)


class Looker(KernelMemory):
    """Looks at one machine, as often as it is asked to."""

    def __init__(self, kernel: Path, form: Format, reader: Reader):
        super().__init__(kernel_types.of(kernel, UNITS), form, reader)
        self.states = {value: name for name, value in self.types.enumerators("mm::Frame::State").items()}

    # ---- looking ------------------------------------------------------------------------------------
    def look(self, registers: list[dict[str, int]]) -> View:
        """`registers`: each CPU's. Raises NotStanding where another moment may be better."""
        try:
            return self._look(registers)
        except (ValueError, KeyError) as error:     # nothing to read there, or no paging yet
            raise NotStanding(str(error)) from error

    def _look(self, registers: list[dict[str, int]]) -> View:
        tables = PageTables(self.form, self.reader, self.form.root(registers[0]))
        self.use(tables)
        space, program = self.running()
        mappings: list[Mapping] = []
        kind_of_page: dict[int, str] = {}
        if space:
            root = self.member(space, "mm::AddressSpace", "table_.root_")
            if root != tables.tables[0]:
                tables = PageTables(self.form, self.reader, root)
            mappings = self.mappings(space, {leaf.address: leaf for leaf in tables.user()})
            for mapping in mappings:
                for page in mapping.present:
                    kind_of_page[mapping.begin + page * PAGE] = mapping.kind
        first, frames = self.frames()
        for table in tables.tables:
            self.mark(frames, first, table, "table")
        for leaf in tables.user():
            self.mark(frames, first, leaf.frame, kind_of_page.get(leaf.address, "kernel"))
        self.mark(frames, first, self.variable("_ZN2mm12_GLOBAL__N_114the_zero_frameE"), "zero")
        return View(program, first, frames, mappings)

    @staticmethod
    def mark(frames: list[str], first: int, address: int, kind: str) -> None:
        number = (address - first) // PAGE
        if 0 <= number < len(frames):
            frames[number] = kind

    def running(self) -> tuple[int, str]:
        """The address space of the first CPU that has one, and its program's name; (0, "") if none has."""
        blocks, size = self.types.address("cpu_blocks"), self.types.size("arch::Cpu")
        for cpu in range(MOST_CPUS):
            thread = self.member(blocks + cpu * size, "arch::Cpu", "running")
            space = self.member(thread, "core::Thread", "memory.space") if thread else 0
            if space:
                name = self.member(thread, "core::Thread", "name.data_")
                length = self.member(thread, "core::Thread", "name.size_")
                return space, self.read(name, min(length, 100)).decode("utf-8", "replace")
        return 0, ""

    def frames(self) -> tuple[int, list[str]]:
        """The physical address of the first frame, and what each is used for as far as the array tells."""
        count = self.variable("_ZN2mm12_GLOBAL__N_111frame_countE")
        first = self.variable("_ZN2mm12_GLOBAL__N_110first_pageE") * PAGE
        if count > MOST_FRAMES:
            raise NotStanding(f"the kernel tells of {count} frames")
        array, size = self.variable("_ZN2mm12_GLOBAL__N_16framesE"), self.types.size("mm::Frame")
        data = self.read(array, count * size)
        state, order = (self.types.field("mm::Frame", name).offset for name in ("state", "order"))
        kinds = ["reserved"] * count
        for number in range(count):
            name = self.states.get(data[number * size + state], "kNothing")
            if name == "kCached":
                kinds[number] = "free"
            elif name in ("kFree", "kUsed"):
                end = min(number + (1 << data[number * size + order]), count)
                kinds[number:end] = ["free" if name == "kFree" else "kernel"] * (end - number)
        return first, kinds

    def mappings(self, space: int, pages: dict[int, Leaf]) -> list[Mapping]:
        """In the order of their addresses."""
        field, node_offset = self.types.field, self.types.field("mm::Vma", "node").offset
        left, right = (field("lib::TreeNode", name).offset for name in ("left_", "right_"))
        break_begin = self.member(space, "mm::AddressSpace", "break_begin_")
        found: list[Mapping] = []
        above: list[int] = []
        node = self.member(space, "mm::AddressSpace", "vmas_.tree_.root_")
        while node or above:
            if len(found) + len(above) > MOST_MAPPINGS:
                raise NotStanding("the tree of mappings has no end")
            if node:
                above.append(node)
                node = self.number(node + left)
                continue
            node = above.pop()
            found.append(self.mapping(node - node_offset, break_begin, pages))
            node = self.number(node + right)
        return found

    def mapping(self, vma: int, break_begin: int, pages: dict[int, Leaf]) -> Mapping:
        begin, end, protection, flags, source = (self.member(vma, "mm::Vma", name)
                                                 for name in ("begin", "end", "protection", "flags", "source"))
        if not 0 <= begin < end or (begin | end) % PAGE:
            raise NotStanding(f"a mapping from 0x{begin:x} to 0x{end:x}")
        shared = bool(flags & self.types.constant("mm::Vma", "kShared"))
        kind = "shared" if source else "mapping"
        if flags & self.types.constant("mm::Vma", "kHeap"):
            kind = "heap"
        elif flags & self.types.constant("mm::Vma", "kGrowsDown"):
            kind = "stack"
        elif end <= -(-break_begin // PAGE) * PAGE:
            kind = "program"
        rights = "".join(letter if protection & bit else "-" for letter, bit in (("r", READ), ("w", WRITE), ("x", EXECUTE)))
        present = frozenset((page - begin) // PAGE for page in range(begin, end, PAGE) if page in pages) \
            if end - begin < len(pages) * PAGE else \
            frozenset((page - begin) // PAGE for page in pages if begin <= page < end)
        return Mapping(begin, end, rights + ("s" if shared else "p"), kind, present)
