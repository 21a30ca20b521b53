"""What a kernel's image says of itself: the descriptors that SELFTEST and SYSCALL leave in it, read before it is booted."""
from __future__ import annotations

import functools
import os
import struct
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile

from . import symbols
from .verdicts import Failed

POINTER = 8
KINDS = {"self-test": ("selftests_begin", "selftests_end"), "system call": ("system_calls_begin", "system_calls_end")}
LONGEST_NAME = 80


def require_unique(kernel: Path) -> None:
    """Raises Failed if two self-tests, or two system calls, have one name: which of them runs, the order of linking says."""
    state = os.stat(kernel)
    for kind, names in descriptors(kernel, (state.st_mtime_ns, state.st_size)).items():
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise Failed(f"the {kind} {twice[0]} is defined twice in this kernel", expected=f"one {kind} of each name",
                         got=f"{names.count(twice[0])} of the name {twice[0]}")


@functools.lru_cache(maxsize=8)
def descriptors(kernel: Path, _state: tuple[int, int]) -> dict[str, list[str]]:
    """The names in each section; none where a kernel is not ours."""
    try:
        labels = symbols.of(kernel).by_name
    except ELFError:
        return {}
    with open(kernel, "rb") as file:
        image = Image(ELFFile(file))
        return {kind: image.names(labels[begin], labels[end]) if begin in labels and end in labels else []
                for kind, (begin, end) in KINDS.items()}


class Image:
    """The bytes of an ELF file by their addresses in the machine."""

    def __init__(self, elf: ELFFile):
        self._pieces = [(part["p_vaddr"], part.data()) for part in elf.iter_segments() if part["p_type"] == "PT_LOAD"]

    def read(self, address: int, size: int) -> bytes:
        for begin, data in self._pieces:
            if begin <= address < begin + len(data):
                return data[address - begin:address - begin + size]
        return b""

    def names(self, begin: int, end: int) -> list[str]:
        """Both kinds of descriptor begin with a pointer to their name."""
        out = []
        for (descriptor,) in struct.iter_unpack("<Q", self.read(begin, (end - begin) // POINTER * POINTER)):
            pointer = self.read(descriptor, POINTER)
            text = self.read(int.from_bytes(pointer, "little"), LONGEST_NAME)
            out.append(text.partition(b"\0")[0].decode("ascii", "replace"))
        return out
