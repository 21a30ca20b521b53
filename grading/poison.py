"""Freed memory is filled with one of two patterns (kernel/lib/poison.h): a panic over a value of that kind says what happened."""
from __future__ import annotations

import re
from pathlib import Path

from .console import Dump

HEADER = Path("kernel/lib/poison.h")
_PATTERN = re.compile(r"kPoison\s*=\s*0x([0-9a-fA-F]{2})\1{7}\b")
_NUMBER = re.compile(r"\b0x([0-9a-f]{9,16})\b")
LEAST_BYTES = 5                 # of a pointer that was read from freed memory and then moved on by a member's offset


def bytes_of(root: Path) -> list[int]:
    """The bytes of the two patterns in this tree, each the other's complement; none where it has no such header."""
    try:
        found = _PATTERN.search((root / HEADER).read_text(encoding="utf-8"))
    except OSError:
        return []
    return [int(found[1], 16), int(found[1], 16) ^ 0xFF] if found else []


def is_poisoned(value: int, byte: int) -> bool:
    """Whether a number's upper bytes are the pattern."""
    return value >> 64 - 8 * LEAST_BYTES == int.from_bytes(bytes([byte]) * LEAST_BYTES, "big")


def remark(dump: Dump, root: Path) -> str:
    """What a panic's reason says beside its headline, if a number in it or in a register is of freed memory."""
    numbers = {"the message": int(number, 16) for number in _NUMBER.findall(dump.headline)} | dump.registers
    for byte in bytes_of(root):
        for name, value in numbers.items():
            if is_poisoned(value, byte):
                return (f" (0x{byte:02x} is the poison of freed memory, and {name} holds it: something is used after it was "
                        "given back)")
    return ""
