"""Reads what the kernel itself says on the console: its endings, panics, reports and open rooms."""
from __future__ import annotations

import dataclasses
import re

from . import frames
from .symbols import Symbols

_STAMP = re.compile(r"^\[ *[0-9]+\.[0-9]+ [0-9]+\] ")
# The firmware may print without a newline at the end (OpenSBI 1.6: "Invalid opcode"); the kernel's line begins there.
_STAMP_WITHIN = re.compile(r"(?<=[^\n])(?=\[ {0,4}[0-9]{1,5}\.[0-9]{6} [0-9]{1,2}\] )")
_FIRMWARE = re.compile(r"(Boot HART|Domain\d|Platform|Firmware|Runtime SBI)\b.*: ")
_REGISTER = re.compile(r"\b([a-z]\w*) +0x([0-9a-f]{1,16})\b")
_FRAME = re.compile(r"^\s+#(\d+) 0x([0-9a-f]{1,16})(?: (\S.*))?$")
_ROOM = re.compile(r"ROOM (\S+) is open(?:: (\S+))?")
_PANIC = re.compile(r"PANIC: (.*)")
_KILLED = re.compile(r"cairn: \S+ killed by (\w+)(?:: (.*))?")
_REFUSED = re.compile(r"cairn: refused: (.*)")


@dataclasses.dataclass
class Step:
    """One line of a backtrace."""
    address: int
    name: str           # as the kernel says, or empty

    def text(self, number: int, symbols: Symbols | None) -> str:
        name = self.name or (symbols.describe(self.address) if symbols else "?")
        return f"#{number} 0x{self.address:016x} {name}"


@dataclasses.dataclass
class Dump:
    """A headline of the kernel, with the registers and the backtrace that follow it."""
    headline: str
    registers: dict[str, int] = dataclasses.field(default_factory=dict)
    backtrace: list[Step] = dataclasses.field(default_factory=list)

    @property
    def pc(self) -> int | None:
        """Where it was: from the registers, the headline or the backtrace."""
        said = re.search(r"\bpc 0x([0-9a-f]+)", self.headline)
        for name in ("pc", "rip"):
            if name in self.registers:
                return self.registers[name]
        if said:
            return int(said[1], 16)
        return self.backtrace[0].address if self.backtrace else None

    @property
    def address(self) -> int | None:
        said = re.search(r"\baddress 0x([0-9a-f]+)", self.headline)
        return int(said[1], 16) if said else None


class Console:
    """A finished or running console, as text without frames."""

    def __init__(self, raw: bytes):
        self.raw = raw
        self.text = frames.without_frames(raw)
        self.lines = [_STAMP.sub("", line.rstrip()) for line in _STAMP_WITHIN.sub("\n", self.text).split("\n")]

    def last_lines(self, count: int) -> list[str]:
        """Without the firmware's greeting."""
        kept = [line.rstrip() for line in self.text.split("\n") if line.strip()]
        firmware = [number for number, line in enumerate(kept) if _FIRMWARE.match(line)]
        kept = kept[firmware[-1] + 1:] if firmware else kept
        return [line[:160] for line in kept[-count:]]

    def find(self, pattern: str | re.Pattern[str]) -> re.Match[str] | None:
        wanted = re.compile(pattern)
        return next((m for line in self.lines if (m := wanted.match(line))), None)

    def open_room(self) -> tuple[str, str] | None:
        """(room, where) if the kernel came to a room that is not filled."""
        found = self.find(_ROOM)
        return (found[1], found[2] or "") if found else None

    def refusal(self) -> str | None:
        found = self.find(_REFUSED)
        return found[1] if found else None

    def panic(self) -> Dump | None:
        return self.dump(_PANIC)

    def killed(self) -> Dump | None:
        return self.dump(_KILLED)

    def status_report(self) -> Dump | None:
        """The answer to Ctrl-T."""
        return self.dump(r"status: (.*)")

    def dump(self, headline: str | re.Pattern[str]) -> Dump | None:
        """The first line that matches, and what is indented below it."""
        wanted = re.compile(headline)
        for number, line in enumerate(self.lines):
            if wanted.match(line):
                return self._dump_at(number)
        return None

    def _dump_at(self, number: int) -> Dump:
        dump = Dump(self.lines[number])
        for line in self.lines[number + 1:]:
            if line and not line.startswith(" "):
                break
            step = _FRAME.match(line)
            if step:
                dump.backtrace.append(Step(int(step[2], 16), step[3] or ""))
            else:
                dump.registers.update((m[1], int(m[2], 16)) for m in _REGISTER.finditer(line))
        return dump
