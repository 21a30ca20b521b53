"""x86-64: what gdb's commands must know of this CPU. machine.py and commands.py use nothing else of it."""
import gdb

from grading.page_walk import X86_64

REGISTERS = "rip rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15".split()
FRAME_POINTER, CALL_NUMBER, CALL_RESULT = "rbp", "rax", "rax"
# A function's frame record lies where its frame pointer points: its caller's frame pointer and its return address.
RECORD_OFFSET = 0

PAGE = 4096
ROOT_REGISTER, PAGE_TABLES = "cr3", X86_64
ADDRESS_BITS = (1 << 52) - PAGE         # of a page-table entry
CALL_BYTES = 2                          # of the instruction syscall
# Above the vector, which rsp points to when user_trap begins (kernel/arch/x86_64/vectors.S).
RIP_ABOVE, RSP_ABOVE = 16, 40


def mode() -> str:
    """Of the selected hart: the privilege level is in the two lowest bits of cs."""
    return "user" if int(gdb.parse_and_eval("$cs")) & 3 else "kernel"


def registers_at_trap(function: str, live: dict[str, int]) -> dict[str, int] | None:
    """The program's registers at the kernel's first instruction after a trap, `function` being where the pc is; else
    None. Of a system call, the CPU itself put the pc behind it into rcx, and the flags into r11."""
    if function == "system_call_entry+0x0":
        return live | {"rip": live["rcx"] - CALL_BYTES}
    if function == "user_trap+0x0":
        read = gdb.selected_inferior().read_memory
        word = {above: int.from_bytes(read(live["rsp"] + above, 8), "little") for above in (RIP_ABOVE, RSP_ABOVE)}
        return live | {"rip": word[RIP_ABOVE], "rsp": word[RSP_ABOVE]}
    return None


def slots_of(frame: gdb.Value) -> dict[str, int]:
    """All that a trap frame holds, by the names of arch::FrameSlot."""
    fields = gdb.lookup_type("arch::FrameSlot").fields()
    return {field.name.rsplit("::", 1)[-1][1:].lower(): int(frame["slots"][field.enumval])
            for field in fields if not field.name.endswith("kFrameSlots")}


def saved_registers(frame: gdb.Value) -> dict[str, int]:
    """Of a UserContext or a KernelFrame."""
    slots = slots_of(frame)
    return {name: slots[name] for name in REGISTERS}


def saved_status(frame: gdb.Value) -> int:
    return slots_of(frame)["rflags"]


def leaf_return_address(registers: dict[str, int], read_words) -> int:
    """Where a function returns to that has no frame yet: the call pushed it."""
    return read_words(registers["rsp"], 1)[0]


def kernel_context(context: gdb.Value, read_words) -> tuple[int, int]:
    """Where a thread that does not run goes on, and its frame pointer there: of a KernelContext."""
    return read_words(int(context["rsp"]), 1)[0], int(context["rbp"])


def translate(address: int, read_physical) -> int:
    """Virtual to physical by the selected hart's page table (four levels), whatever that hart may access itself."""
    if not int(gdb.parse_and_eval("(unsigned long)$cr0")) >> 31 & 1:
        return address
    table = int(gdb.parse_and_eval("(unsigned long)$cr3")) & ADDRESS_BITS
    for shift in (39, 30, 21, 12):
        entry = int.from_bytes(read_physical(table + 8 * (address >> shift & 511), 8), "little")
        if not entry & 1:
            break
        target = entry & ADDRESS_BITS
        if shift == 12 or (entry & 0x80 and shift < 39):        # a large page is a leaf, too
            size = 1 << shift
            return target & -size | address & size - 1
        table = target
    raise gdb.MemoryError(f"0x{address:x} is not mapped")


def describe_status(frame: gdb.Value) -> str:
    """cs and rflags, the fields that decide where iretq goes."""
    slots = slots_of(frame)
    return (f"from {'user' if slots['cs'] & 3 else 'kernel'} mode, "
            f"interrupts {'on' if slots['rflags'] & 0x200 else 'off'}")


def describe_cause(frame: gdb.Value) -> str:
    """The vector, by the name that the kernel gives it (arch/x86_64/port/trap.h), its error code and CR2."""
    slots = slots_of(frame)
    name = next((field.name.rsplit("::", 1)[-1] for field in gdb.lookup_type("arch::Vector").fields()
                 if field.enumval == slots["vectorslot"]), "unknown")
    return f"vector 0x{slots['vectorslot']:x}: {name}, error code 0x{slots['errorcode']:x}, CR2 0x{int(frame['value']):x}"
