"""QEMU's own log of the traps it took (`-d int`): a witness that no kernel can talk to."""
from __future__ import annotations

import dataclasses
import re

_RISCV64 = re.compile(rb"riscv_cpu_do_interrupt: hart:([0-9]{1,3}), async:([01]), cause:([0-9a-f]{1,16}), "
                      rb"epc:0x([0-9a-f]{1,16}), tval:0x([0-9a-f]{1,16}), desc=([!-~]+)")
# x86-64 logs neither the syscall instruction nor which CPU it was; CR2 stands there for page faults only.
_X86_64 = re.compile(rb"v=([0-9a-f]{2}) e=([0-9a-f]{4}) i=([0-9]) cpl=([0-9]) IP=[0-9a-f]{4}:([0-9a-f]{16}) pc=[0-9a-f]+ "
                     rb"SP=\S+(?: CR2=([0-9a-f]{16}))?")
_FIRST_INTERRUPT = 0x20
_X86_64_NAMES = {0: "divide_error", 1: "debug", 2: "nmi", 3: "breakpoint", 6: "invalid_opcode", 8: "double_fault",
                 13: "general_protection", 14: "page_fault", 17: "alignment_check", 0x20: "timer"}
_TICKS = ("s_timer", "timer")


@dataclasses.dataclass(frozen=True)
class Trap:
    hart: int
    interrupt: bool
    cause: int
    pc: int
    value: int          # tval, or CR2 of a page fault
    name: str           # QEMU's for riscv64 (user_ecall, s_timer, ...), ours for the vectors of x86-64

    @property
    def is_tick(self) -> bool:
        return self.name in _TICKS

    def within(self, low: int, high: int) -> bool:
        return low <= self.pc < high


def parse(text: bytes, arch: str) -> list[Trap]:
    if arch == "riscv64":
        return [Trap(int(m[1]), m[2] == b"1", int(m[3], 16), int(m[4], 16), int(m[5], 16), m[6].decode())
                for m in _RISCV64.finditer(text)]
    return [_x86_64_trap(m) for m in _X86_64.finditer(text)]


def _x86_64_trap(m: re.Match[bytes]) -> Trap:
    vector = int(m[1], 16)
    return Trap(0, vector >= _FIRST_INTERRUPT and m[3] == b"0", vector, int(m[5], 16), int(m[6] or b"0", 16),
                _X86_64_NAMES.get(vector, f"vector {vector:#x}"))
