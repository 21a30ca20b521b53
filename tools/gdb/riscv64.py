"""riscv64: what gdb's commands must know of this CPU. machine.py and commands.py use nothing else of it."""
import gdb

from grading.page_walk import SV39

# The pc first. Here also the order of UserContext::x and KernelFrame::x: slot 0 holds the pc.
REGISTERS = ("pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 "
             "t3 t4 t5 t6").split()
FRAME_POINTER, CALL_NUMBER, CALL_RESULT = "s0", "a7", "a0"
# A function's frame record: its caller's frame pointer and its return address, below its frame pointer.
RECORD_OFFSET = -16

MODES = {0: "user", 1: "kernel", 3: "firmware"}
INTERRUPT = 1 << 63
PAGE = 4096
ROOT_REGISTER, PAGE_TABLES = "satp", SV39


def mode() -> str:
    """Of the selected hart. QEMU's stub shows the privilege level as a register."""
    return MODES.get(int(gdb.parse_and_eval("$priv")) & 3, "?")


def registers_at_trap(function: str, live: dict[str, int]) -> dict[str, int] | None:
    """The program's registers at the kernel's first instruction after a trap, `function` being where the pc is; else
    None. `sepc` is valid until the kernel is interrupted itself."""
    return live | {"pc": int(gdb.parse_and_eval("$sepc"))} if function == "user_trap+0x0" else None


def saved_registers(frame: gdb.Value) -> dict[str, int]:
    """Of a UserContext or a KernelFrame."""
    return {name: int(frame["x"][i]) for i, name in enumerate(REGISTERS)}


def saved_status(frame: gdb.Value) -> int:
    return int(frame["status"])


def leaf_return_address(registers: dict[str, int], _read_words) -> int:
    """Where a function returns to that has no frame yet, or never has one."""
    return registers["ra"]


def kernel_context(context: gdb.Value, _read_words) -> tuple[int, int]:
    """Where a thread that does not run goes on, and its frame pointer there: of a KernelContext."""
    return int(context["ra"]), int(context["s"][0])


def translate(address: int, read_physical) -> int:
    """Virtual to physical by the selected hart's page table (Sv39), whatever that hart may access itself."""
    satp = int(gdb.parse_and_eval("(unsigned long)$satp"))
    if satp >> 60 != 8:
        return address
    table = (satp & ((1 << 44) - 1)) * PAGE
    for shift in (30, 21, 12):
        index = address >> shift & 511
        entry = int.from_bytes(read_physical(table + 8 * index, 8), "little")
        if not entry & 1:
            break
        target = (entry >> 10 & ((1 << 44) - 1)) * PAGE
        if entry & 0xE:                     # readable, writable or executable: a leaf
            return target + (address & ((1 << shift) - 1))
        table = target
    raise gdb.MemoryError(f"0x{address:x} is not mapped")


def describe_status(frame: gdb.Value) -> str:
    """sstatus, the fields that decide where sret goes."""
    status = saved_status(frame)
    floating = ("off", "initial", "clean", "dirty")[status >> 13 & 3]
    return (f"from {'kernel' if status & 0x100 else 'user'} mode, "
            f"interrupts {'on' if status & 0x20 else 'off'}, FPU {floating}")


def describe_cause(frame: gdb.Value) -> str:
    """scause and stval of a KernelFrame, by the names that the kernel gives them (arch/riscv64/port/trap.h)."""
    cause, value = int(frame["cause"]), int(frame["value"])
    return f"cause 0x{cause:x}: {name_of_cause(cause)}, value 0x{value:x}"


def name_of_cause(cause: int) -> str:
    kind = "InterruptCode" if cause & INTERRUPT else "ExceptionCode"
    for field in gdb.lookup_type(f"arch::{kind}").fields():
        if field.enumval == cause & ~INTERRUPT:
            return field.name.rsplit("::", 1)[-1]
    return "unknown"
