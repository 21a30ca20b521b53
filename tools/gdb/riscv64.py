"""riscv64: what gdb's commands must know of this CPU. machine.py and commands.py use nothing else of it."""
import gdb

# In the order of UserContext::x and KernelFrame::x: slot 0 holds the pc.
REGISTERS = ("pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 "
             "t3 t4 t5 t6").split()
FRAME_POINTER, LINK, CALL_NUMBER, CALL_RESULT = "s0", "ra", "a7", "a0"
# A function's frame record: its caller's frame pointer and its return address, below its frame pointer.
RECORD_OFFSET = -16

MODES = {0: "user", 1: "kernel", 3: "firmware"}
INTERRUPT = 1 << 63
PAGE = 4096
MTIME = 0x0200BFF8


def mode() -> str:
    """Of the selected hart. QEMU's stub shows the privilege level as a register."""
    return MODES.get(int(gdb.parse_and_eval("$priv")) & 3, "?")


def program_counter_of_trap() -> int:
    """Where the program was: valid from the trap on until the kernel is interrupted itself."""
    return int(gdb.parse_and_eval("$sepc"))


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


def set_clock_to_zero() -> None:
    """mtime of the CLINT, which every hart's `time` shows; only physical addresses reach it."""
    gdb.execute("maintenance packet Qqemu.PhyMemMode:1", to_string=True)
    gdb.execute(f"maintenance packet M{MTIME:x},8:{0:016x}", to_string=True)
    gdb.execute("maintenance packet Qqemu.PhyMemMode:0", to_string=True)


def describe_status(status: int) -> str:
    """sstatus, the fields that decide where sret goes."""
    floating = ("off", "initial", "clean", "dirty")[status >> 13 & 3]
    return (f"from {'kernel' if status & 0x100 else 'user'} mode, "
            f"interrupts {'on' if status & 0x20 else 'off'}, FPU {floating}")


def describe_cause(cause: int) -> str:
    """scause, by the names that the kernel gives it (arch/riscv64/port/trap.h)."""
    kind = "InterruptCode" if cause & INTERRUPT else "ExceptionCode"
    for field in gdb.lookup_type(f"arch::{kind}").fields():
        if field.enumval == cause & ~INTERRUPT:
            return field.name.rsplit("::", 1)[-1]
    return "unknown"
