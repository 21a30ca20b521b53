"""Rows of the traps lab that only x86-64 has: gdb brings the machine into moments that no program can choose."""
from __future__ import annotations

from . import symbols
from .bench import SIGNAL_STATUS, Bench, Run, judge
from .gdbstub import StubClosed
from .verdicts import Failed, Infrastructure

SIGSEGV = 11
DIRECTION_FLAG, ALIGNMENT_FLAG = 0x400, 0x40000
SYSRETQ, IRETQ = b"\x48\x0f\x07", b"\x48\xcf"
CONTEXT_RCX, CONTEXT_RIP = 104, 136         # kernel/arch/x86_64/offsets.h
MOST_STEPS = 200                            # of enter_user


def kernel_place(run: Run, name: str) -> int:
    """The address of a function of the kernel: its label, or how its C++ name begins."""
    table = symbols.of(run.machine.boot.kernel).by_name
    found = [address for label, address in table.items() if label == name or label.startswith(name + "E")]
    if not found:
        raise Infrastructure(f"the kernel has no function {name}")
    return found[0]


def step_to_return(run: Run) -> tuple[dict[str, int], bytes] | None:
    """Through enter_user to the instruction that returns to the program: (registers, that instruction), or nothing
    if it returns to the kernel instead."""
    table = symbols.of(run.machine.boot.kernel)
    stub = run.gdb()
    for _ in range(MOST_STEPS):
        registers = stub.registers()
        found = table.find(registers["pc"])
        if found is None or found[0].startswith("_Z"):
            return None
        code = stub.read_memory(registers["pc"], 3)
        for instruction in (SYSRETQ, IRETQ):
            if code.startswith(instruction):
                return registers, instruction
        try:
            stub.step()
        except StubClosed:
            run.wait()
            run.require_status(None)
    raise Failed("enter_user does not come to its end", expected=f"sysretq or iretq within {MOST_STEPS} instructions",
                 got="neither")


CR2 = 28                                    # its number in QEMU's gdb stub
SAVING = {0xAE: (0, 1, 4, 5, 6), 0xC7: (3, 4, 5)}   # behind 0f: FXSAVE, XSAVE, XRSTOR and their like, by modrm's reg


def leave_stale_address(run: Run, place: int) -> None:
    """Runs to the program's mistake and puts an address into CR2, as a page fault before it would have."""
    run.run_to(place, "the program's mistake")
    run.gdb().write_register(CR2, run.bench.draw.below("stale address", 1 << 46) | 1)
    run.resume()


def is_short_form(code: bytes) -> bool:
    """Whether an instruction saves or loads the FPU's state in its form for 32 bits, without REX.W."""
    prefix = 1 if code[0] >> 4 == 4 else 0
    if code[prefix] != 0x0F or code[prefix + 1] not in SAVING:
        return False
    modrm = code[prefix + 2]
    in_memory = modrm >> 6 != 3
    return in_memory and modrm >> 3 & 7 in SAVING[code[prefix + 1]] and not (prefix and code[0] & 8)


def whole_float_forms(bench: Bench) -> None:
    """fpu_save and fpu_restore, step by step. QEMU keeps no address of the last floating-point instruction, so what
    the form for 32 bits cuts off cannot be seen in a register."""
    with bench.boot(gdb=True) as run:
        table = symbols.of(run.machine.boot.kernel)
        stub = run.gdb()
        for name in ("fpu_save", "fpu_restore"):
            registers = run.run_to(kernel_place(run, name), name)
            for _ in range(MOST_STEPS):
                found = table.find(registers["pc"])
                if found is None or found[0] != name:
                    break
                if is_short_form(stub.read_memory(registers["pc"], 4)):
                    raise Failed(f"{name} uses a form for 32 bits: the upper half of the last instruction's address is lost",
                                 expected="an instruction with REX.W, such as xsave64 or xrstor64",
                                 got=f"{stub.read_memory(registers['pc'], 4).hex(' ')} at 0x{registers['pc']:x}")
                stub.step()
                registers = stub.registers()


def is_address(word: int) -> bool:
    return word >> 47 in (0, (1 << 17) - 1)


def no_return_address(bench: Bench) -> None:
    """A context of which the pc is no address: it is not loaded, and the program ends by SIGSEGV."""
    bad = 1 << 47 | bench.draw.below("address", 1 << 44) << 2
    with bench.boot(gdb=True) as run:
        run.run_to(kernel_place(run, "system_call_entry"), "the program's first system call")
        seen = run.run_to(kernel_place(run, "enter_user"), "the way back from a system call")
        for offset in (CONTEXT_RIP, CONTEXT_RCX):
            run.gdb().write_word(seen["rdi"] + offset, bad)
        if at := step_to_return(run):
            registers, instruction = at
            place = registers["rcx"] if instruction == SYSRETQ else run.gdb().read_word(registers["rsp"])
            if not is_address(place):
                raise Failed("the kernel loads a pc that is no address",
                             expected="enter_user returns to its caller before that",
                             got=f"{'sysretq' if instruction == SYSRETQ else 'iretq'} to 0x{place:x}")
        run.resume()
        run.wait_for(SIGNAL_STATUS + SIGSEGV)


def kernel_flags(bench: Bench) -> None:
    """The kernel's flags in a system call and in a tick of a program that has set all of its own."""
    with bench.boot(gdb=True) as run:
        for label, function in (("flags_call", "_ZN5entry18handle_system_call"), ("flags_spin", "_ZN5entry11handle_tick")):
            run.run_to(run.symbol(label), "the program, where it has set its flags")
            seen = run.run_to(kernel_place(run, function), "the kernel")
            for flag, name in ((DIRECTION_FLAG, "the direction flag"), (ALIGNMENT_FLAG, "AC, which opens user memory")):
                if seen["eflags"] & flag:
                    raise Failed(f"{name} of the program is set while the kernel runs",
                                 expected="a clear bit in rflags", got=f"rflags 0x{seen['eflags'] & 0xFFFFFFFF:x}")
        run.resume()
        run.wait()
        judge(run)


def nmi_anywhere(bench: Bench) -> None:
    """An NMI with the program's stack and GS in place and the kernel's privilege, on the way in and on the way out."""
    with bench.boot(gdb=True) as run:
        places = [kernel_place(run, "system_call_entry")]
        run.run_to(places[0], "the program's first system call")
        run.machine.monitor.ask("inject-nmi")
        run.run_to(kernel_place(run, "enter_user"), "the way back from it")
        if at := step_to_return(run):
            places.append(at[0]["pc"])
            run.machine.monitor.ask("inject-nmi")
        run.resume()
        run.wait()
        judge(run)
        for place in places:
            if not run.console.find(f"NMI: CPU 0 at pc 0x{place:x}"):
                raise Failed("an NMI was not taken where it came", expected=f"a line `NMI: CPU 0 at pc 0x{place:x}`",
                             got="no such line")
