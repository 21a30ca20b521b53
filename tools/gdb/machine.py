"""The stopped machine, for gdb's commands: memory whoever may read it, harts, and where the program is.

QEMU's stub reads memory as the stopped CPU may: in user mode no kernel data, in the kernel no user stack. So
what it refuses is read through the page table, as physical memory.
"""
import contextlib
import importlib
from collections.abc import Iterator

import gdb


def ports() -> dict:
    """What belongs to each CPU kind that this tree has, by the name that gdb has for it."""
    found = {}
    for name, module in (("riscv:rv64", "riscv64"), ("i386:x86-64", "x86_64")):
        try:
            found[name] = importlib.import_module(module)
        except ImportError:
            pass            # a hand-out for one CPU
    return found


PORTS = ports()


def port():
    """What belongs to the CPU that gdb talks to."""
    name = gdb.selected_inferior().architecture().name()
    if name not in PORTS:
        raise gdb.GdbError(f"Cairn's commands know {', '.join(PORTS)}; gdb is set to {name}. Load kernel.elf first")
    return PORTS[name]


# ---- memory ---------------------------------------------------------------------------------------------
def read_physical(address: int, size: int) -> bytes:
    gdb.execute("maintenance packet Qqemu.PhyMemMode:1", to_string=True)
    try:
        return gdb.selected_inferior().read_memory(address, size).tobytes()
    finally:
        gdb.execute("maintenance packet Qqemu.PhyMemMode:0", to_string=True)


def read_memory(address: int, size: int) -> bytes:
    """Bytes of the kernel or of the program; gdb.MemoryError if nothing is mapped there."""
    try:
        return gdb.selected_inferior().read_memory(address, size).tobytes()
    except gdb.MemoryError:
        pass
    data = b""
    while len(data) < size:
        here = address + len(data)
        rest_of_page = port().PAGE - here % port().PAGE
        data += read_physical(port().translate(here, read_physical), min(size - len(data), rest_of_page))
    return data


def object_at(type_name: str, address: int) -> gdb.Value:
    """A copy of an object of the kernel's."""
    kind = gdb.lookup_type(type_name)
    return gdb.Value(read_memory(address, kind.sizeof), kind)


def words_at(address: int, count: int) -> list[int]:
    data = read_memory(address, 8 * count)
    return [int.from_bytes(data[i:i + 8], "little") for i in range(0, len(data), 8)]


def text_of(value: gdb.Value) -> str:
    """A lib::Text."""
    size = min(int(value["size_"]), 200)
    return read_memory(int(value["data_"]), size).decode("utf-8", "replace") if size else ""


def text_address(value: gdb.Value) -> int:
    """Where a text begins that ends with a NUL: a pointer, or a lib::OwnedText; 0 if there is none."""
    return int(value["bytes_"] if value.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT else value)


# ---- trees and mappings ---------------------------------------------------------------------------------
def nodes_of(tree: gdb.Value, most: int) -> list[int]:
    """The addresses of a lib::Tree's nodes, in their order."""
    found, above, node = [], [], int(tree["root_"])
    while (node or above) and len(found) < most:
        if node:
            above.append(node)
            node = int(object_at("lib::TreeNode", node)["left_"])
        else:
            found.append(above.pop())
            node = int(object_at("lib::TreeNode", found[-1])["right_"])
    return found


def flags_of(vma: gdb.Value) -> list[str]:
    """The names of the flags of a mm::Vma that are set, as the kernel's sources have them."""
    names = [field.name for field in vma.type.fields() if not hasattr(field, "bitpos") and field.name.startswith("k")]
    flags = int(vma["flags"])
    return [name for name in names if int(vma[name]).bit_count() == 1 and flags & int(vma[name])]


def protection_text(vma: gdb.Value) -> str:
    """As /proc/<pid>/maps shows it: rw-p."""
    protection = int(vma["protection"])
    said = "".join(letter if protection >> bit & 1 else "-" for bit, letter in enumerate("rwx"))
    return said + ("s" if "kShared" in flags_of(vma) else "p")


# ---- names ----------------------------------------------------------------------------------------------
def function_at(pc: int) -> str:
    """`name+0x12`, or nothing: by debug information or the symbol table, of the kernel or the program."""
    said = gdb.execute(f"info symbol {pc:#x}", to_string=True)
    if said.startswith("No symbol"):
        return ""
    name = said.split(" in section ")[0]
    name, plus, offset = name.partition(" + ")
    return f"{name.split('(')[0]}+{int(offset) if plus else 0:#x}"


def line_at(pc: int) -> str:
    place = gdb.find_pc_line(pc)
    return f"{place.symtab.filename}:{place.line}" if place.symtab and place.line else ""


# ---- harts ----------------------------------------------------------------------------------------------
@contextlib.contextmanager
def each_hart() -> Iterator[Iterator[int]]:
    """Selects one hart after another, and at the end the one that was selected."""
    before, frame = gdb.selected_thread(), gdb.selected_frame()

    def walk() -> Iterator[int]:
        for thread in sorted(gdb.selected_inferior().threads(), key=lambda thread: thread.num):
            thread.switch()
            yield thread.num - 1            # QEMU numbers its threads from 1, harts from 0
    try:
        yield walk()
    finally:
        before.switch()
        frame.select()


def selected_hart() -> int:
    thread = gdb.selected_thread()
    if thread is None:
        raise gdb.GdbError("no machine is attached: make gdb, or target remote PATH of its socket")
    return thread.num - 1


def cpu_block(hart: int) -> gdb.Value | None:
    """The per-CPU block of this hart; None before the kernel has filled it."""
    # `::`, because gdb would find the declaration in namespace arch, which has no such linker symbol.
    address = int(gdb.parse_and_eval("(unsigned long)&::cpu_blocks"))
    size = gdb.lookup_type("arch::Cpu").sizeof
    for index in range(len(gdb.selected_inferior().threads())):
        try:
            cpu = object_at("arch::Cpu", address + index * size)
        except gdb.MemoryError:
            return None                     # no page table yet
        if int(cpu["hardware_id"]) == hart and int(cpu["stack_low"]) != 0:
            return cpu
    return None


def running_thread(cpu: gdb.Value | None) -> gdb.Value | None:
    """The core::Thread that runs on this CPU."""
    if cpu is None or int(cpu["running"]) == 0:
        return None
    return object_at("core::Thread", int(cpu["running"]))


# ---- the program ----------------------------------------------------------------------------------------
def live_registers() -> dict[str, int]:
    frame = gdb.newest_frame()
    return {name: int(frame.read_register(name)) & (1 << 64) - 1 for name in port().REGISTERS}


def program_registers() -> tuple[dict[str, int], str]:
    """The registers of the program on the selected hart, and where they were found."""
    if port().mode() == "user":
        return live_registers(), "on the CPU: it is in user mode"
    function = function_at(int(gdb.parse_and_eval("(unsigned long)$pc")))
    if registers := port().registers_at_trap(function, live_registers()):
        return registers, "on the CPU: the trap has just come"
    thread = running_thread(cpu_block(selected_hart()))
    if thread is None:
        raise gdb.GdbError("no program runs on this hart; `harts` shows which one has a thread, `thread N` goes there")
    return port().saved_registers(thread["user"]), "in its UserContext, saved by the last trap"
