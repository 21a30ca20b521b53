"""Where the members of the kernel's structures lie, by the kernel's own debug information (DWARF).

So whoever looks at a kernel from outside needs no number that the sources might change.
"""
from __future__ import annotations

import dataclasses
import functools
import os
from collections.abc import Iterator
from pathlib import Path

from elftools.dwarf.die import DIE
from elftools.elf.elffile import ELFFile

from . import symbols
from .verdicts import Infrastructure

ALIASES = ("DW_TAG_typedef", "DW_TAG_const_type", "DW_TAG_volatile_type")
SPACES = ("DW_TAG_namespace", "DW_TAG_class_type", "DW_TAG_structure_type")


@dataclasses.dataclass(frozen=True)
class Field:
    offset: int
    size: int


class KernelTypes:
    """`units`: ends of the names of the source files that know the wanted types."""

    def __init__(self, path: Path, units: tuple[str, ...]):
        self.symbols = symbols.of(path)
        self._types: dict[str, DIE] = {}
        self._file = open(path, "rb")       # DIEs are read from it when they are asked for
        info = ELFFile(self._file).get_dwarf_info()
        for unit in info.iter_CUs():
            top = unit.get_top_DIE()
            if name_of(top).endswith(units):
                self._collect(top, "")

    def _collect(self, die: DIE, prefix: str) -> None:
        for child in die.iter_children():
            name = name_of(child)
            if child.tag in (*SPACES, "DW_TAG_enumeration_type") and name:
                if child.tag != "DW_TAG_namespace" and "DW_AT_declaration" not in child.attributes:
                    self._types.setdefault(prefix + name, child)
                if child.tag in SPACES:
                    self._collect(child, f"{prefix}{name}::")

    def _type(self, name: str) -> DIE:
        if name not in self._types:
            raise Infrastructure(f"the kernel's debug information does not know {name}")
        return self._types[name]

    def size(self, name: str) -> int:
        return self._type(name).attributes["DW_AT_byte_size"].value

    def field(self, name: str, path: str) -> Field:
        """`path`: a member, or a member's member behind a dot, and so on."""
        die, offset = self._type(name), 0
        for member_name in path.split("."):
            member, base = next(((m, b) for m, b in members(die) if name_of(m) == member_name), (None, 0))
            if member is None:
                raise Infrastructure(f"{name} has no member {path} (by the kernel's debug information)")
            offset += base + offset_of(member)
            die = resolved(member)
        return Field(offset, size_of(die))

    def enumerators(self, name: str) -> dict[str, int]:
        return {name_of(child): child.attributes["DW_AT_const_value"].value for child in self._type(name).iter_children()
                if child.tag == "DW_TAG_enumerator"}

    def constant(self, name: str, member_name: str) -> int:
        """Of a static constexpr member."""
        for child in self._type(name).iter_children():
            if name_of(child) == member_name and "DW_AT_const_value" in child.attributes:
                return child.attributes["DW_AT_const_value"].value
        raise Infrastructure(f"{name} has no constant {member_name} (by the kernel's debug information)")

    def address(self, linked_name: str) -> int:
        """Of a variable; link-time optimisation appends to the names of those that one file alone sees."""
        for name, address in self.symbols.by_name.items():
            if name == linked_name or name.startswith(linked_name + ".lto_priv"):
                return address
        raise Infrastructure(f"the kernel has no variable {symbols.demangle(linked_name)}")


def name_of(die: DIE) -> str:
    attribute = die.attributes.get("DW_AT_name")
    return attribute.value.decode() if attribute else ""


def offset_of(die: DIE) -> int:
    attribute = die.attributes.get("DW_AT_data_member_location")
    return attribute.value if attribute else 0


def resolved(die: DIE) -> DIE:
    """The type of a member or of an alias, aliases followed."""
    target = die.get_DIE_from_attribute("DW_AT_type")
    while target.tag in ALIASES:
        target = target.get_DIE_from_attribute("DW_AT_type")
    return target


def size_of(die: DIE) -> int:
    if die.tag == "DW_TAG_array_type":
        counts = [child.attributes["DW_AT_upper_bound"].value + 1 for child in die.iter_children()
                  if child.tag == "DW_TAG_subrange_type"]
        return functools.reduce(lambda size, count: size * count, counts, size_of(resolved(die)))
    return die.attributes["DW_AT_byte_size"].value if "DW_AT_byte_size" in die.attributes else 8


def members(die: DIE) -> Iterator[tuple[DIE, int]]:
    """The members of a structure and of those it derives from, with the offset of the latter."""
    for child in die.iter_children():
        if child.tag == "DW_TAG_member" and "DW_AT_external" not in child.attributes:
            yield child, 0
        elif child.tag == "DW_TAG_inheritance":
            for member, base in members(resolved(child)):
                yield member, base + offset_of(child)


@functools.lru_cache(maxsize=4)
def _load(path: Path, units: tuple[str, ...], stamp: tuple[int, int]) -> KernelTypes:
    return KernelTypes(path, units)


def of(path: Path, units: tuple[str, ...]) -> KernelTypes:
    """Read once for each state of the file."""
    state = os.stat(path)
    return _load(path, units, (state.st_mtime_ns, state.st_size))
