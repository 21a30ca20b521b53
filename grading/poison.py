"""Freed memory is filled with a pattern (kernel/mm/poison.h): a panic over a value of that kind says what happened."""
from __future__ import annotations

import re
from pathlib import Path

from .console import Dump

HEADER = Path("kernel/mm/poison.h")
_BYTE = re.compile(r"kPoisonByte\s*=\s*0x([0-9a-fA-F]{2})\b")
_NUMBER = re.compile(r"\b0x([0-9a-f]{9,16})\b")
LEAST_BYTES = 5                 # of a pointer that was read from freed memory and then moved on by a member's offset


def byte_of(root: Path) -> int | None:
    """The pattern's byte in this tree; none where there is no heap yet."""
    try:
        found = _BYTE.search((root / HEADER).read_text(encoding="utf-8"))
    except OSError:
        return None
    return int(found[1], 16) if found else None


def is_poisoned(value: int, byte: int) -> bool:
    """Whether a number's upper bytes are the pattern."""
    return value >> 64 - 8 * LEAST_BYTES == int.from_bytes(bytes([byte]) * LEAST_BYTES, "big")


def remark(dump: Dump, root: Path) -> str:
    """What a panic's reason says beside its headline, if a number in it or in a register is of freed memory."""
    byte = byte_of(root)
    if byte is None:
        return ""
    numbers = {"the message": int(number, 16) for number in _NUMBER.findall(dump.headline)} | dump.registers
    places = [name for name, value in numbers.items() if is_poisoned(value, byte)]
    if not places:
        return ""
    return (f" (0x{byte:02x} is the poison of freed memory, and {places[0]} holds it: something is used after it was "
            "given back)")
