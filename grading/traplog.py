"""QEMU's own log of the traps it took (`-d int`): a witness that no kernel can talk to."""
from __future__ import annotations

import dataclasses
import re

_LINE = re.compile(rb"riscv_cpu_do_interrupt: hart:(\d+), async:(\d), cause:([0-9a-f]+), "
                   rb"epc:0x([0-9a-f]+), tval:0x([0-9a-f]+), desc=(\S+)")


@dataclasses.dataclass(frozen=True)
class Trap:
    hart: int
    interrupt: bool
    cause: int
    pc: int
    value: int          # tval
    name: str           # QEMU's: user_ecall, s_timer, ...

    def within(self, low: int, high: int) -> bool:
        return low <= self.pc < high


def parse(text: bytes) -> list[Trap]:
    return [Trap(int(m[1]), m[2] == b"1", int(m[3], 16), int(m[4], 16), int(m[5], 16), m[6].decode())
            for m in _LINE.finditer(text)]
