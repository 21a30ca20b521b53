"""The commands `pagetable` and `vmas`: what the kernel told the CPU of memory, and what it knows itself.

The page tables are read as physical memory, entry by entry, as the CPU reads them; how entries look is in
grading/page_walk.py, which rows use too.
"""
import gdb

import machine
from commands import Command
from grading.page_walk import ENTRIES, PAGE, Leaf, PageTables, canonical
from machine import port

MOST_MAPPINGS = 1000
MOST_NAME = 60


class Physical:
    """Physical memory, for page_walk."""

    @staticmethod
    def read_memory(address: int, size: int, physical: bool = True) -> bytes:
        return machine.read_physical(address, size)


def root() -> int:
    """The table that the selected hart translates by."""
    name = port().ROOT_REGISTER
    value = int(gdb.parse_and_eval(f"(unsigned long)${name}"))
    table = port().PAGE_TABLES.root({name: value})
    if table == 0:
        raise gdb.GdbError("this hart does not translate addresses yet")
    return table


def rights_text(rights: str) -> str:
    return "".join(letter if letter in rights else "-" for letter in "rwxu")


class PageTable(Command):
    """pagetable [ADDR | kernel]: the page tables of the selected hart.
With ADDR (any expression): the way from the root to that address, entry by entry. Without: what is mapped in the
program's half, or in the kernel's. r, w, x: what may be done with a page; u: the program may do it."""
    name = "pagetable"

    def run(self, argument: str) -> None:
        if argument in ("", "kernel"):
            self.show_all(argument == "kernel")
        else:
            self.show_way(int(gdb.parse_and_eval(argument)) & (1 << 64) - 1)

    def show_way(self, address: int) -> None:
        form, table, rights = port().PAGE_TABLES, root(), "rwxu"
        if canonical(address, form.levels) != address:
            raise gdb.GdbError(f"0x{address:x} is no address: the bits above the translated ones must equal the topmost of them")
        for level in reversed(range(form.levels)):
            size = PAGE << 9 * level
            index = address // size % ENTRIES
            entry = int.from_bytes(machine.read_physical(table + 8 * index, 8), "little")
            print(f"level {level}: table 0x{table:x}, entry {index:3}: 0x{entry:016x}  ", end="")
            if not form.is_present(entry):
                print("nothing" if entry == 0 else "not valid, but not empty: the kernel keeps a frame here (PROT_NONE)")
                print(f"0x{address:x} is not mapped")
                return
            rights = "".join(right for right in rights if right in form.rights(entry))
            table = form.frame(entry)
            if form.is_leaf(entry, level):
                print(f"page of 0x{size:x} bytes at 0x{table:x}, {rights_text(rights)}")
                print(f"0x{address:x} is physical 0x{table + address % size:x}, {rights_text(rights)}")
                return
            print(f"table at 0x{table:x}")
        print(f"0x{address:x}: the lowest level holds no page: this is no page table")

    def show_all(self, of_kernel: bool) -> None:
        try:
            tables = PageTables(port().PAGE_TABLES, Physical(), root())
        except ValueError as error:
            raise gdb.GdbError(str(error)) from error
        runs: list[list[Leaf]] = []
        for leaf in tables.kernel() if of_kernel else tables.user():
            last = runs[-1][-1] if runs else None
            if last and (last.end, last.rights, last.size) == (leaf.address, leaf.rights, leaf.size):
                runs[-1].append(leaf)
            else:
                runs.append([leaf])
        for run in runs:
            first, last = run[0], run[-1]
            together = all(leaf.frame - first.frame == leaf.address - first.address for leaf in run)
            print(f"0x{first.address:016x}-0x{last.end:016x} {rights_text(first.rights)} {len(run):5} of {first.size >> 10:7} KiB,"
                  f" from 0x{first.frame:x} {'on' if together else 'and elsewhere'}")
        print(f"{sum(len(run) for run in runs)} pages; all in all {len(tables.tables)} tables, root 0x{tables.tables[0]:x}")


# ---- mappings -----------------------------------------------------------------------------------------------
def source_text(vma: gdb.Value) -> str:
    """What a mapping shows: its class, by its table of virtual functions, and its name."""
    source = int(vma["source"]["object_"])
    if source == 0:
        return ""
    said = gdb.execute(f"info symbol {machine.words_at(source, 1)[0]:#x}", to_string=True)
    kind = said.split(" in section ")[0].removeprefix("vtable for ").split(" + ")[0]
    name = ""
    if "name_" in [field.name for field in gdb.lookup_type(kind).fields()]:
        address = machine.text_address(machine.object_at(kind, source)["name_"])
        name = f" {machine.read_memory(address, MOST_NAME).split(bytes(1))[0].decode(errors='replace')}" if address else ""
    return f"{kind}{name}, from its byte 0x{int(vma['offset']):x}"


def mappings_of(space: gdb.Value) -> list[gdb.Value]:
    """In the order of their addresses."""
    offset = next(field.bitpos // 8 for field in gdb.lookup_type("mm::Vma").fields() if field.name == "node")
    return [machine.object_at("mm::Vma", node - offset) for node in machine.nodes_of(space["vmas_"]["tree_"], MOST_MAPPINGS)]


class Vmas(Command):
    """vmas: the mappings of the program on the selected hart, and how many of their pages are there.
The kernel keeps them in AddressSpace::vmas_ (kernel/mm/vma_tree.h); the page tables are filled from them by faults."""
    name = "vmas"

    def run(self, argument: str) -> None:
        thread = machine.running_thread(machine.cpu_block(machine.selected_hart()))
        address = int(thread["memory"]["space"]) if thread is not None else 0
        if address == 0:
            raise gdb.GdbError("no program runs on this hart; `harts` shows which one has a thread, `thread N` goes there")
        space = machine.object_at("mm::AddressSpace", address)
        tables = PageTables(port().PAGE_TABLES, Physical(), int(space["table_"]["root_"]))
        pages = sorted(leaf.address for leaf in tables.user())
        for vma in mappings_of(space):
            begin, end = int(vma["begin"]), int(vma["end"])
            there = sum(begin <= page < end for page in pages)
            flags = " ".join(name for name in machine.flags_of(vma) if name != "kShared")
            print(f"0x{begin:012x}-0x{end:012x} {machine.protection_text(vma)} {there:6} of {(end - begin) // PAGE:6} pages"
                  + "".join(f"  {more}" for more in (flags, source_text(vma)) if more))


for command in (PageTable, Vmas):
    command()
