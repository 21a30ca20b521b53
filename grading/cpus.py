"""What rows and witnesses must know of a CPU kind; all of the grader that differs between them is here and in
tools/qemu.py."""
from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Protocol

from . import page_walk
from .gdbstub import GdbStub
from .kernel_memory import KernelMemory

USER_BIT_OF_MSTATUS = 8         # SPP: 0 if the trap came from user mode
USER_LEVEL = 3                  # CPL of x86-64


class Stopped(Protocol):
    """A run whose machine stands still under gdb (bench.py)."""
    machine: Any

    def gdb(self) -> GdbStub: ...


def riscv64_privilege(run: Stopped) -> str:
    """The trap is taken: sstatus tells where it came from."""
    run.gdb().step()
    status = run.machine.registers()[0].get("mstatus", 0)
    return "a trap from supervisor mode (sstatus.SPP is set)" if status >> USER_BIT_OF_MSTATUS & 1 else ""


def x86_64_privilege(run: Stopped) -> str:
    level = run.machine.registers()[0].get("cpl", 0)
    return "" if level == USER_LEVEL else f"privilege level {level}"


def riscv64_trap(run: Stopped, registers: dict[str, int]) -> tuple[int, int]:
    return run.machine.registers()[0].get("sepc", 0), registers["sp"]


def x86_64_trap(run: Stopped, registers: dict[str, int]) -> tuple[int, int]:
    """What the CPU has pushed, behind the vector and the error code: rip, cs, rflags and rsp."""
    return run.gdb().read_word(registers["rsp"] + 16), run.gdb().read_word(registers["rsp"] + 40)


def riscv64_resumes(memory: KernelMemory, thread: int) -> tuple[int, int]:
    return memory.member(thread, "core::Thread", "kernel.ra"), memory.number(
        thread + memory.types.field("core::Thread", "kernel.s").offset)


def x86_64_resumes(memory: KernelMemory, thread: int) -> tuple[int, int]:
    return (memory.number(memory.member(thread, "core::Thread", "kernel.rsp")),
            memory.member(thread, "core::Thread", "kernel.rbp"))


def canonical(number: int, bits: int) -> int:
    """The address whose lowest bits these are: those above are copies of the last of them."""
    number &= (1 << bits) - 1
    return number | (-(number >> (bits - 1)) << bits) & (1 << 64) - 1


@dataclasses.dataclass(frozen=True)
class Cpu:
    stub_registers: list[str]       # as QEMU's gdb stub lists them, from the first one
    patterned: dict[str, int]       # register -> index of its pattern: what draw_patterns of user/lib/registers.cc loads
    spin_instructions: int          # of a round at cpu_spin_loop (user/arch/<cpu>/registers.S)
    # Asked where the program is about to trap: nothing if it is in user mode, else where it is.
    not_in_user_mode: Callable[[Stopped], str]
    # Asked at the first instruction of user_trap: the program's pc and stack pointer.
    trapped_at: Callable[[Stopped, dict[str, int]], tuple[int, int]]
    address_register: str           # kAddressRegister of cpu_registers.h
    first_argument: str             # of a function (C ABI)
    stack_pointer: str
    address_bits: int               # kAddressBits of cpu_registers.h
    kept_registers: int             # that a function keeps for its caller, and a switch of contexts saves
    page_tables: page_walk.Format
    # Where a thread that does not run goes on, and its frame pointer there; and where from a frame pointer the record lies.
    resumes_at: Callable[[KernelMemory, int], tuple[int, int]]
    record_offset: int
    call_number_slot: int           # of a UserContext, in words: the number of a system call,
    arguments_slot: int             # and its first argument


# Element i of riscv64's array belongs to x(i + 1); s11 counts, and is the address that a program touches.
RISCV64 = ("ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6").split()
# Here r15 does both.
X86_64 = "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15".split()

CPUS = {
    "riscv64": Cpu(
        stub_registers=["zero", *RISCV64, "pc"],
        patterned={name: index for index, name in enumerate(RISCV64) if name != "s11"},
        spin_instructions=2,
        not_in_user_mode=riscv64_privilege,
        trapped_at=riscv64_trap,
        address_register="s11",
        first_argument="a0",
        stack_pointer="sp",
        address_bits=64,
        kept_registers=12,
        page_tables=page_walk.SV39,
        resumes_at=riscv64_resumes,
        record_offset=-16,
        call_number_slot=17,
        arguments_slot=10,
    ),
    "x86_64": Cpu(
        stub_registers=[*X86_64, "pc", "eflags"],    # the upper half of the last is cs
        patterned={name: index for index, name in enumerate(X86_64) if name != "r15"},
        spin_instructions=3,
        not_in_user_mode=x86_64_privilege,
        trapped_at=x86_64_trap,
        address_register="r15",
        first_argument="rdi",
        stack_pointer="rsp",
        address_bits=48,
        kept_registers=6,
        page_tables=page_walk.X86_64,
        resumes_at=x86_64_resumes,
        record_offset=0,
        call_number_slot=6,
        arguments_slot=0,
    ),
}


def of(arch: str) -> Cpu:
    return CPUS[arch]
