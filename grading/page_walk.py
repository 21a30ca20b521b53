"""Walks page tables from outside: the machine stands, its memory is read over the gdb stub.

What the CPU would find is found, and nothing that the kernel says about it is believed. The tables'
format is the CPU's (cpus.py).
"""
from __future__ import annotations

import dataclasses
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .gdbstub import GdbStub

PAGE = 4096
ENTRIES = 512
MOST_TABLES = 4000              # a machine of 128 MiB has fewer: these have no end


@dataclasses.dataclass(frozen=True)
class Format:
    """How a CPU's page tables look. All functions take an entry."""
    levels: int
    root: Callable[[dict[str, int]], int]       # from the machine's registers: the root's physical address
    is_present: Callable[[int], bool]
    is_leaf: Callable[[int, int], bool]         # entry, level (0: pages)
    frame: Callable[[int], int]
    rights: Callable[[int], str]                # of an entry on the way or a leaf, some of "rwxu"

    @property
    def user_end(self) -> int:
        """Where the lower half of the addresses ends, the programs'."""
        return PAGE << 9 * self.levels - 1


@dataclasses.dataclass(frozen=True)
class Leaf:
    address: int
    size: int
    frame: int
    rights: str         # what the entries from the root to the leaf allow together

    @property
    def end(self) -> int:
        return self.address + self.size

    def may(self, right: str) -> bool:
        return right in self.rights


class PageTables:
    """The tables below one root, read once."""

    def __init__(self, form: Format, stub: "GdbStub", root: int):
        self.leaves: list[Leaf] = []
        self.tables: list[int] = []             # physical addresses, the root first
        self.user_tables: list[int] = []        # those that a program's addresses lead through
        self._seen: set[int] = set()
        self._form, self._stub = form, stub
        self._walk(root, form.levels - 1, 0, "rwxu")

    def _walk(self, table: int, level: int, base: int, rights: str) -> None:
        if table in self._seen:
            raise ValueError(f"the page table at 0x{table:x} is reached twice")
        if len(self._seen) == MOST_TABLES:
            raise ValueError(f"there are more than {MOST_TABLES} page tables")
        self._seen.add(table)
        self.tables.append(table)
        if base >> 63 == 0:
            self.user_tables.append(table)
        span = PAGE << 9 * level
        data = self._stub.read_memory(table, PAGE, physical=True)
        for number, (entry,) in enumerate(struct.iter_unpack("<Q", data)):
            if not self._form.is_present(entry):
                continue
            address = canonical(base + number * span, self._form.levels)
            allowed = "".join(right for right in self._form.rights(entry) if right in rights)
            if self._form.is_leaf(entry, level):
                self.leaves.append(Leaf(address, span, self._form.frame(entry), allowed))
            elif level == 0:
                raise ValueError(f"the entry of 0x{address:x} is neither a page nor nothing: 0x{entry:x}")
            else:
                self._walk(self._form.frame(entry), level - 1, address, allowed)

    def between(self, begin: int, end: int) -> dict[int, Leaf]:
        """The pages mapped in a range, by address."""
        return {leaf.address: leaf for leaf in self.leaves if begin <= leaf.address < end}

    def user(self) -> list[Leaf]:
        return [leaf for leaf in self.leaves if leaf.address >> 63 == 0]

    def kernel(self) -> list[Leaf]:
        return [leaf for leaf in self.leaves if leaf.address >> 63]


def canonical(address: int, levels: int) -> int:
    """With the top bit of the translated ones copied upwards."""
    bits = 12 + 9 * levels
    address &= (1 << bits) - 1
    return address | (-1 << bits) & (1 << 64) - 1 if address >> bits - 1 else address


# ---- RISC-V, Sv39 (privileged specification, "Sv39: Page-Based 39-bit Virtual-Memory System") -------
def _sv39_rights(entry: int) -> str:
    """An entry that leads to a table restricts nothing."""
    if not entry & 0b1110:
        return "rwxu"
    return "".join(right for right, bit in (("r", 1), ("w", 2), ("x", 3), ("u", 4)) if entry >> bit & 1)


SV39 = Format(
    levels=3,
    root=lambda registers: (registers["satp"] & (1 << 44) - 1) * PAGE,
    is_present=lambda entry: bool(entry & 1),
    is_leaf=lambda entry, level: bool(entry & 0b1110),
    frame=lambda entry: (entry >> 10 & (1 << 44) - 1) * PAGE,
    rights=_sv39_rights,
)


# ---- x86-64, four levels (Intel SDM volume 3, "4-Level Paging") --------------------------------------
def _x86_rights(entry: int) -> str:
    return "r" + "".join(right for right, allowed in
                         (("w", entry >> 1 & 1), ("x", not entry >> 63), ("u", entry >> 2 & 1)) if allowed)


X86_64 = Format(
    levels=4,
    root=lambda registers: registers["cr3"] & 0x000F_FFFF_FFFF_F000,
    is_present=lambda entry: bool(entry & 1),
    is_leaf=lambda entry, level: level == 0 or bool(entry >> 7 & 1),
    frame=lambda entry: entry & 0x000F_FFFF_FFFF_F000,
    rights=_x86_rights,
)
