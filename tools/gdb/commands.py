"""The commands `regs`, `trapframe`, `bt-user` and `harts`. Their help texts are the classes' own."""
import gdb

import machine
from machine import function_at, port

MOST_FRAMES = 32


class Command(gdb.Command):
    """What all commands have in common."""
    name = ""

    def __init__(self):
        super().__init__(self.name, gdb.COMMAND_DATA)

    def invoke(self, argument: str, from_tty: bool) -> None:
        machine.selected_hart()             # says what to do when nothing is attached
        self.dont_repeat()
        self.run(argument.strip())


def print_registers(registers: dict[str, int]) -> None:
    """One line each; code that a register points to is named."""
    for name, value in registers.items():
        code = function_at(value)
        print(f"  {name:>3} 0x{value:016x}" + (f"  {code}" if code else ""))


class Regs(Command):
    """regs [user]: the registers of the selected frame by their ABI names.
In the kernel, `regs user` shows the program's: where it goes on when the kernel is done."""
    name = "regs"

    def run(self, argument: str) -> None:
        if argument == "user":
            registers, where = machine.program_registers()
            print(f"the program's registers, {where}")
        elif argument == "":
            frame = gdb.selected_frame()
            registers = {name: int(frame.read_register(name)) & (1 << 64) - 1 for name in port().REGISTERS}
            print(f"frame #{frame.level()} of hart {machine.selected_hart()}, which is in {port().mode()} mode")
        else:
            raise gdb.GdbError(f"regs {argument}: expected nothing, or `user`")
        print_registers(registers)


class Trapframe(Command):
    """trapframe [EXPRESSION]: registers that the kernel saved on a trap.
Without an argument: the UserContext of the program on this hart. EXPRESSION: a UserContext, or a KernelFrame,
by reference, pointer or address (a bare address is taken for a KernelFrame): trapframe frame"""
    name = "trapframe"

    def run(self, argument: str) -> None:
        if not argument:
            thread = machine.running_thread(machine.cpu_block(machine.selected_hart()))
            if thread is None:
                raise gdb.GdbError("no program runs on this hart; `harts` shows which one has a thread")
            return self.show(thread["user"], f"UserContext of {machine.text_of(thread['name'])}")
        value = gdb.parse_and_eval(argument)
        kind = value.type.strip_typedefs()
        if kind.code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF):
            value = value.referenced_value()
            address, kind = int(value.address), value.type
        elif kind.code == gdb.TYPE_CODE_STRUCT:
            address = int(value.address)
        else:
            address = int(value) & (1 << 64) - 1
            kind = kind.target() if kind.code == gdb.TYPE_CODE_PTR else kind
        name = str(kind.unqualified())
        name = name if name == "arch::UserContext" else "arch::KernelFrame"
        self.show(machine.object_at(name, address), f"{name.split('::')[1]} at 0x{address:x}")

    def show(self, frame: gdb.Value, title: str) -> None:
        print(title)
        registers = port().saved_registers(frame)
        print_registers(registers)
        print(f"  status 0x{port().saved_status(frame):x}: {port().describe_status(frame)}")
        if str(frame.type) == "arch::KernelFrame":
            print(f"  {port().describe_cause(frame)}")
        else:
            print(f"  if this is a system call, its number is {port().CALL_NUMBER} = {registers[port().CALL_NUMBER]}")


def names_at(pc: int) -> list[str]:
    """The functions at a pc, the innermost first: all but the last were inlined into the next one."""
    try:
        block = gdb.block_for_pc(pc)
    except gdb.error:
        block = None
    names = []
    while block is not None and not block.is_global and not block.is_static:
        if block.function is not None:
            names.append(block.function.name)
        block = block.superblock
    return names


class BacktraceOfUser(Command):
    """bt-user: the backtrace of the program on this hart, also while the kernel runs.
It follows the frame pointers on the program's stack, as the kernel's own report does."""
    name = "bt-user"

    def run(self, argument: str) -> None:
        registers, where = machine.program_registers()
        print(f"the program, {where}")
        number = 0
        for pc, is_return_address in self.chain(registers):
            # A return address lies behind the call, which may be the last of its line or function.
            place = pc - 1 if is_return_address else pc
            for inlined in names_at(place)[:-1]:
                print(f"#{number:<2}                    {inlined}, inlined into")
            line = machine.line_at(place)
            print(f"#{number:<2} 0x{pc:016x} {function_at(pc) or '?'}" + (f" ({line})" if line else ""))
            number += 1

    def chain(self, registers: dict[str, int]):
        """(address, whether it is a return address): kernel/entry/report.cc walks in the same way."""
        pc, fp = registers[port().REGISTERS[0]], registers[port().FRAME_POINTER]
        yield pc, False
        if function_at(pc).endswith("+0x0"):    # its first instruction: it has no frame of its own yet
            yield port().leaf_return_address(registers, machine.words_at), True
        for number in range(1, MOST_FRAMES):
            try:
                previous, back = machine.words_at(fp + port().RECORD_OFFSET, 2)
            except gdb.MemoryError:
                return
            if back == 0:
                return
            if number == 1 and back > fp:
                # A function that calls nobody has its caller's frame pointer where others have a return address.
                yield port().leaf_return_address(registers, machine.words_at), True
                fp = back
                continue
            yield back, True
            if previous <= fp:
                return
            fp = previous


class Harts(Command):
    """harts: what each hart does: its per-CPU block, the program that it runs, and where its pc is.
In the first column * marks the selected hart; gdb's `thread N` selects hart N - 1."""
    name = "harts"

    def run(self, argument: str) -> None:
        selected = machine.selected_hart()
        print("  hart  cpu  preempt  depth  ticks  program     mode      pc")
        with machine.each_hart() as harts:
            for hart in harts:
                print(("* " if hart == selected else "  ") + self.line(hart))

    def line(self, hart: int) -> str:
        pc = int(gdb.parse_and_eval("(unsigned long)$pc"))
        block = machine.cpu_block(hart)
        if block is None:
            known = f"{'-':>3}  {'not in the kernel yet':<35}"
        else:
            thread = machine.running_thread(block)
            program = machine.text_of(thread["name"]) if thread is not None else "-"
            known = (f"{int(block['index']):3}  {int(block['preempt_count']):7}  {int(block['interrupt_depth']):5}"
                     f"  {int(block['ticks']):5}  {program:<10}")
        return f"{hart:4}  {known}  {port().mode():<8}  0x{pc:016x} {function_at(pc)}"


for command in (Regs, Trapframe, BacktraceOfUser, Harts):
    command()
