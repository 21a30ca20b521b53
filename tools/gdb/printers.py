"""How gdb prints the kernel's own types: as a reader writes them, not as they are made."""
import errno
import re

import gdb

import machine


def error_name(error: gdb.Value) -> str:
    number = int(error)
    return errno.errorcode.get(number, f"error {number}")


class Text:
    """lib::Text: "the text"."""

    def __init__(self, value: gdb.Value):
        self.value = value

    def to_string(self) -> str:
        try:
            return '"' + machine.text_of(self.value).replace('"', '\\"') + '"'
        except gdb.MemoryError:
            return f"text at {self.value['data_']}, which cannot be read"


class Result:
    """lib::Result<T>: its value, or the name of its error."""

    def __init__(self, value: gdb.Value):
        is_void = value.type.strip_typedefs().template_argument(0).code == gdb.TYPE_CODE_VOID
        storage = value if is_void else value["storage_"]
        self.error = storage["error_"]
        self.inner = None if is_void or int(self.error) != 0 else storage["value_"]

    def to_string(self) -> str:
        if int(self.error) != 0:
            return f"error {error_name(self.error)}"
        return "ok" if self.inner is None else "ok:"

    def children(self):
        if self.inner is not None:
            yield "value", self.inner


class List:
    """lib::List<T, &T::link>: the objects in it, in their order."""
    most = 50

    def __init__(self, value: gdb.Value):
        self.value = value

    def addresses(self) -> list[int]:
        head = int(self.value["head_"].address)
        node, found = int(self.value["head_"]["next_"]), []
        while node not in (head, 0) and len(found) < self.most:
            found.append(node)
            node = int(machine.object_at("lib::ListNode", node)["next_"])
        return found

    def to_string(self) -> str:
        count = len(self.addresses())
        return f"list of {count}{' or more' if count == self.most else ''}"

    def display_hint(self) -> str:
        return "array"

    def children(self):
        kind = self.value.type.strip_typedefs()
        objects = kind.template_argument(0)
        # gdb shows a pointer to a member as its offset in the object.
        offset = int(re.search(r"\d+", str(kind.template_argument(1).cast(gdb.lookup_type("long"))))[0])
        for number, node in enumerate(self.addresses()):
            yield f"[{number}]", machine.object_at(str(objects), node - offset)


class UserContext:
    """arch::UserContext: the registers by name; code is named."""

    def __init__(self, value: gdb.Value):
        self.value = value

    def to_string(self) -> str:
        return "registers of a program"

    def children(self):
        for name, number in machine.port().saved_registers(self.value).items():
            yield name, Plain(number)
        yield "status", Plain(machine.port().saved_status(self.value))


def Plain(number: int) -> gdb.Value:
    return gdb.Value(number).cast(gdb.lookup_type("unsigned long").pointer())


class Address:
    """arch::PhysAddr and mm::UserAddr: which kind of address, and the number."""

    def __init__(self, value: gdb.Value):
        self.value = value

    def to_string(self) -> str:
        kind = "physical" if "PhysAddr" in str(self.value.type) else "user"
        number = int(self.value.cast(gdb.lookup_type("unsigned long")))
        return f"{kind} 0x{number:x}"


class Holder:
    """mm::UserPtr<T> and mm::UserBuffer: the address, and what lies there."""

    def __init__(self, value: gdb.Value):
        self.value = value

    def to_string(self) -> str:
        return f"{str(self.value.type).rsplit('::', 1)[-1]}: {Address(self.value['address_']).to_string()}"


class Tree:
    """lib::Tree<T, &T::node, Rules>: the objects in it, in their order."""

    def __init__(self, value: gdb.Value):
        self.value = value
        kind = value.type.strip_typedefs()
        self.objects = kind.template_argument(0)
        self.offset = int(re.search(r"\d+", str(kind.template_argument(1).cast(gdb.lookup_type("long"))))[0])

    def addresses(self) -> list[int]:
        return [node - self.offset for node in machine.nodes_of(self.value, List.most)]

    def to_string(self) -> str:
        count = len(self.addresses())
        return f"tree of {count}{' or more' if count == List.most else ''}"

    def display_hint(self) -> str:
        return "array"

    def children(self):
        for number, address in enumerate(self.addresses()):
            yield f"[{number}]", machine.object_at(str(self.objects), address)


class Vma:
    """mm::Vma: which addresses, and what may be done with them."""

    def __init__(self, value: gdb.Value):
        self.value = value

    def to_string(self) -> str:
        begin, end = int(self.value["begin"]), int(self.value["end"])
        return f"0x{begin:x}-0x{end:x} {machine.protection_text(self.value)}"


class Frame:
    """mm::Frame: what it is, how large its block is, and how many hold it."""

    def __init__(self, value: gdb.Value):
        self.value = value

    def to_string(self) -> str:
        state = str(self.value["state"]).rsplit("::k", 1)[-1].lower()
        if state == "nothing":
            return "no block begins here"
        return f"{state}, block of {1 << int(self.value['order'])}, {int(self.value['references']['value_'])} references"


PRINTERS = {
    r"lib::Text": Text,
    r"lib::Result<.*>": Result,
    r"lib::List<.*>": List,
    r"arch::UserContext": UserContext,
    r"(arch::PhysAddr|mm::UserAddr)": Address,
    r"mm::(UserPtr<.*>|UserBuffer)": Holder,
    r"lib::Tree<.*>": Tree,
    r"mm::Vma": Vma,
    r"mm::Frame": Frame,
}


def find(value: gdb.Value):
    kind = value.type.strip_typedefs().unqualified()
    if kind.code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF):
        kind, value = kind.target().unqualified(), value.referenced_value()
    name = str(kind)
    for pattern, printer in PRINTERS.items():
        if re.fullmatch(pattern, name):
            return printer(value)
    return None


def register() -> None:
    find.name, find.enabled = "cairn", True
    gdb.pretty_printers.insert(0, find)
