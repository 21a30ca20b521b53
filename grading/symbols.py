"""Addresses to names, from an ELF's symbol table."""
from __future__ import annotations

import bisect
import functools
import os
import re
import subprocess
from pathlib import Path

from elftools.elf.elffile import ELFFile

from .verdicts import Failed


def as_of_old(name: str) -> str:
    """A linked name as compilers before GCC 16 spell it: that one marks what an anonymous namespace holds as internal (L)."""
    return re.sub(r"(12_GLOBAL__N_1)L(?=\d)", r"\1", name)


class Symbols:
    """Functions of one ELF, by address."""

    def __init__(self, path: Path):
        self.path = path
        self._starts: list[int] = []
        self._names: list[str] = []
        self._ends: list[int] = []
        self.by_name: dict[str, int] = {}
        self.all_names: list[tuple[str, int]] = []
        with open(path, "rb") as file:
            elf = ELFFile(file)
            table = elf.get_section_by_name(".symtab")
            symbols = list(table.iter_symbols()) if table else []
            code = [(s["sh_addr"], s["sh_addr"] + s["sh_size"]) for s in elf.iter_sections()
                    if s["sh_flags"] & 4 and s["sh_size"]]
        self.code_start = min((start for start, _ in code if start >> 63), default=0)      # of the kernel's half
        functions = []
        for symbol in symbols:
            kind, address = symbol["st_info"]["type"], symbol["st_value"]
            if symbol["st_shndx"] == "SHN_UNDEF" or not symbol.name or symbol.name.startswith(("$", ".L")):
                continue
            name = as_of_old(symbol.name)
            self.all_names.append((name, address))
            if symbol["st_info"]["bind"] == "STB_LOCAL":     # may be anybody's; a global name has one owner
                self.by_name.setdefault(name, address)
            else:
                self.by_name[name] = address
            if kind == "STT_FUNC" or (kind == "STT_NOTYPE" and any(a <= address < b for a, b in code)):
                functions.append((address, symbol["st_size"], name))
        functions.sort()
        limit = max((end for _, end in code), default=0)
        for i, (address, size, name) in enumerate(functions):
            following = functions[i + 1][0] if i + 1 < len(functions) else limit
            self._starts.append(address)
            self._names.append(name)
            self._ends.append(address + size if size else following)

    def only(self, name: str) -> int:
        """The address of the one function or variable of this name, without its parameters. Two: nobody says which is whose."""
        found = {address for label, address in self.all_names if label == name or label.startswith(f"{name}E")}
        if len(found) != 1:
            raise Failed(f"the kernel has {len(found) or 'no'} {demangle(name + 'Ev')}, and the row must find it",
                         expected="one of this name", got=str(len(found)))
        return found.pop()

    def find(self, address: int) -> tuple[str, int] | None:
        """(name as linked, offset) of the function that holds the address."""
        i = bisect.bisect_right(self._starts, address) - 1
        if i < 0 or address >= max(self._ends[i], self._starts[i] + 1):
            return None
        return self._names[i], address - self._starts[i]

    def describe(self, address: int) -> str:
        found = self.find(address)
        return f"{demangle(found[0])}+0x{found[1]:x}" if found else "?"


@functools.lru_cache(maxsize=16)
def _load(path: Path, stamp: tuple[int, int]) -> Symbols:
    return Symbols(path)


def of(path: Path | str) -> Symbols:
    """The symbols of a file, read once for each state of the file."""
    path = Path(path)
    state = os.stat(path)
    return _load(path, (state.st_mtime_ns, state.st_size))


@functools.lru_cache(maxsize=4096)
def demangle(name: str) -> str:
    """A C++ name as one writes it, without its parameters; c++filt does the work."""
    if not name.startswith("_Z"):
        return name
    try:
        done = subprocess.run(["c++filt", "-p", name], capture_output=True, text=True, timeout=20)
        return re.sub(r"\[abi:\w+\]|\(anonymous namespace\)::", "", done.stdout.strip()) or name
    except (OSError, subprocess.TimeoutExpired):
        return name
