"""The kernel's own memory, read from outside a machine that stands.

The page tables say where it is, and kernel_types.py what lies where in it. Used by memory_view.py and tools/tracekit/rings.py.
"""
from __future__ import annotations

import bisect
from typing import Protocol

from .kernel_types import KernelTypes
from .page_walk import Format, Leaf, PageTables


class NotStanding(Exception):
    """Memory cannot be read at this moment: the kernel is about to change it, or has not set it up."""


class Reader(Protocol):
    """GdbStub is one."""
    def read_memory(self, address: int, size: int, physical: bool = False) -> bytes: ...


class KernelMemory:
    """Of one machine, as often as it stands."""

    def __init__(self, types: KernelTypes, form: Format, reader: Reader):
        self.types, self.form, self.reader = types, form, reader
        self._leaves: list[Leaf] = []
        self._begins: list[int] = []

    def use(self, tables: PageTables) -> None:
        self._leaves = tables.kernel()
        self._begins = [leaf.address for leaf in self._leaves]

    def read(self, address: int, size: int) -> bytes:
        """Memory of the kernel, whatever the CPU may read at this moment."""
        data = b""
        while len(data) < size:
            here = address + len(data)
            number = bisect.bisect_right(self._begins, here) - 1
            leaf = self._leaves[number] if number >= 0 else None
            if leaf is None or here >= leaf.end:
                raise NotStanding(f"the kernel has nothing at 0x{here:x}")
            most = min(size - len(data), leaf.end - here)
            data += self.reader.read_memory(leaf.frame + here - leaf.address, most, physical=True)
        return data

    def number(self, address: int, size: int = 8) -> int:
        return int.from_bytes(self.read(address, size), "little")

    def variable(self, linked_name: str) -> int:
        return self.number(self.types.address(linked_name))

    def member(self, address: int, kind: str, path: str) -> int:
        field = self.types.field(kind, path)
        return self.number(address + field.offset, field.size)
