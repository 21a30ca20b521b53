"""Rules on kernel and user code: floors, doors, rooms, the CPU's place, sizes, first lines."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .sources import CODE, ROOM_BEGIN, ROOM_END, Problem, Source, Tree

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)
CPU_MACRO = re.compile(r"\b(__riscv\w*|__x86_64\w*|__amd64\w*|__i386\w*|__aarch64__|ARCH_RISCV64|ARCH_X86_64)\b")
DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif)\b.*$", re.M)
# They cost most of a build when a header brings them (and a freestanding kernel has no use for the others).
DEAR_HEADERS = {"algorithm", "string_view", "string", "functional", "iostream", "memory", "map", "vector", "ranges"}
DOOR_FLOORS = {"lib", "sync"}  # abi stands on lib's floor
UNFINISHED = re.compile(r"\b(?:" + "TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b(?!_ROOM)")

FUNCTION_LINES, FUNCTION_LINES_MOST = 60, 100
FILE_LINES, FILE_LINES_MOST = 400, 600
NESTING, NESTING_MOST = 3, 5
ROOM_LINES, ROOM_LINES_MOST = 40, 50
DOOR_LINES, STAND_IN_LINES, STAND_IN_LINES_MOST = 60, 250, 300
OPENING_LINES = 8
PORT_LINES = 3000
COLUMNS, COLUMNS_MOST = 100, 110  # code is held to 100 by clang-format; comments and assembly by this


@dataclass(frozen=True)
class Floor:
    name: str
    height: int
    patterns: tuple[str, ...]


class Floors:
    """tools/floors.txt, read."""

    def __init__(self, text: str):
        self.floors = []
        for line in text.splitlines():
            words = line.split("#")[0].split()
            if words:
                self.floors.append(Floor(words[0], len(self.floors), tuple(words[1:])))

    def of(self, path: str) -> Floor | None:
        fitting = [(len(pattern), floor) for floor in self.floors for pattern in floor.patterns
                   if fnmatch.fnmatchcase(path, pattern)]
        return max(fitting, key=lambda found: found[0])[1] if fitting else None


def kernel_files(tree: Tree) -> list[Source]:
    """The kernel's own code; host tests and fuzzers beside it include what they like."""
    return [source for source in tree.under("kernel/") if not is_host_code(source.kernel_path())]


def is_host_code(path: str) -> bool:
    return bool(re.search(r"(^|/)(host|tests?|fuzz|compile_fail)/|/host_\w+\.cc$|(_|/)(test|fuzz|sample)\.(cc|h)$", path))


def resolve(tree: Tree, source: Source, name: str) -> str | None:
    """The path below the top that #include "name" means in this file, as the kernel's compiler is called."""
    here = Path(source.path).parent
    places = [str(here / name), f"kernel/{name}", f"user/lib/{name}"]
    places += [f"{folder}/{name}" for folder in sorted({str(Path(path).parent.parent) for path in tree.paths
                                                        if re.match(r"(kernel|user)/arch/[^/]+/[^/]+/", path)})]
    places += [f"{folder}/{name}" for folder in sorted({str(Path(path).parent) for path in tree.paths
                                                        if re.match(r"user/arch/[^/]+/[^/]+$", path)})]
    places += [f"{before}kernel/{name}" for before in befores(tree)]
    for place in places:
        if tree.has(place):
            return place
    return None


def befores(tree: Tree) -> list[str]:
    return sorted({match[0] for path in tree.paths if (match := re.match(r"labs/[^/]+/before[^/]*/", path))})


def includes(source: Source) -> Iterator[tuple[int, str, str]]:
    for match in INCLUDE.finditer(source.text):
        yield source.line_of(match.start()), match[1], match[2]


def floors_rule(tree: Tree) -> Iterator[Problem]:
    """An include points down only (tools/floors.txt); a door includes only lib, abi and sync."""
    if not tree.has("tools/floors.txt"):
        return
    floors = Floors(tree.sources["tools/floors.txt"].text)
    for source in kernel_files(tree):
        path = source.kernel_path()
        mine = floors.of(path)
        if mine is None:
            yield Problem(source.path, 1, "stands on no floor: add its folder to tools/floors.txt")
            continue
        for line, sign, name in includes(source):
            if sign == "<":
                continue
            found = resolve(tree, source, name)
            if found is None:
                yield Problem(source.path, line, f'#include "{name}" names no file of the tree; a system header is written <{name}>')
                continue
            target = tree.sources[found].kernel_path()
            theirs = floors.of(target)
            if theirs is None:
                continue
            if path.endswith("/door.h"):
                if theirs.name not in DOOR_FLOORS and not target.endswith("/door.h"):
                    yield Problem(source.path, line, f"a door includes only lib, abi and sync; {name} stands on floor {theirs.name}")
            elif theirs.height > mine.height and not target.endswith("/door.h"):
                yield Problem(source.path, line, f"includes upwards: this file stands on floor {mine.name}, {name} on {theirs.name};"
                              " go through a door.h, an interface declared lower, or a hook")


def cpu_place_rule(tree: Tree) -> Iterator[Problem]:
    """No #if on the CPU, and no header of a port, outside kernel/arch and user/arch."""
    for source in tree.under("kernel/", "user/"):
        path = source.kernel_path()
        if path.startswith(("kernel/arch/", "user/arch/")) or re.search(r"\.(riscv64|x86_64)\.\w+$", path):
            continue
        for match in DIRECTIVE.finditer(source.code):
            if cpu := CPU_MACRO.search(match[0]):
                yield Problem(source.path, source.line_of(match.start()),
                              f"asks which CPU it is built for ({cpu[1]}): let the port contract in kernel/arch/*.h answer")
        for line, _, name in includes(source):
            if re.match(r"(arch/)?(riscv64|x86_64)/", name) or (name.startswith("port/")):
                yield Problem(source.path, line, f"includes a port's own header {name}: include the contract, arch/*.h")


def dear_headers_rule(tree: Tree) -> Iterator[Problem]:
    """No kernel header includes a heavy header of the standard library."""
    for source in kernel_files(tree):
        if source.suffix != ".h":
            continue
        for line, sign, name in includes(source):
            if sign == "<" and name in DEAR_HEADERS:
                yield Problem(source.path, line, f"<{name}> makes every file that includes this one slow to build: write the few lines, or include it in the .cc")


def guard_rule(tree: Tree) -> Iterator[Problem]:
    """Every header has #pragma once."""
    for source in tree.under("kernel/", "user/", suffixes=(".h",)):
        if not re.search(r"#pragma once|#ifndef \w+_H", source.text) and "/compat/" not in source.path:
            yield Problem(source.path, 1, "lacks #pragma once")


def opening_rule(tree: Tree) -> Iterator[Problem]:
    """A file opens by saying what it is, in at most eight lines."""
    for source in kernel_files(tree) + tree.under("user/"):
        opening = []
        for line in source.lines:
            if not re.match(r"\s*(//|#(?!\s*(?:include|pragma|if|define))|/\*|\*)", line):
                break
            opening.append(line)
        first = opening[0].strip(" /#*") if opening else ""
        if len(first.split()) < 2 or ROOM_BEGIN.match(opening[0] if opening else ""):
            yield Problem(source.path, 1, "does not open by saying what it is (a comment in the first line)")


def sizes_rule(tree: Tree) -> Iterator[Problem]:
    """No function, file or nesting far beyond the size to aim at (the report names what is merely large)."""
    for source in tree.under("kernel/", "user/"):
        if len(source.lines) > FILE_LINES_MOST:
            yield Problem(source.path, 1, f"has {len(source.lines)} lines: at most {FILE_LINES_MOST}, aim at {FILE_LINES}; cut it in two")
        for function in source.functions:
            if function.lines > FUNCTION_LINES_MOST:
                yield Problem(source.path, function.first, f"{function.name} has {function.lines} lines:"
                              f" at most {FUNCTION_LINES_MOST}, aim at {FUNCTION_LINES}")
            if function.nesting > NESTING_MOST:
                yield Problem(source.path, function.first, f"{function.name} nests {function.nesting} deep: at most {NESTING_MOST}, aim at {NESTING}")


def columns_rule(tree: Tree) -> Iterator[Problem]:
    """No line of C++ or assembly is far beyond 100 columns."""
    for source in kernel_files(tree) + tree.under("user/"):
        for number, line in enumerate(source.lines, 1):
            if len(line.expandtabs(8)) > COLUMNS_MOST:
                yield Problem(source.path, number, f"is {len(line.expandtabs(8))} columns wide: aim at {COLUMNS}")


def unfinished_rule(tree: Tree) -> Iterator[Problem]:
    """Nothing is left for later but the rooms."""
    for source in tree.named(".cc", ".h", ".c", ".S", ".py", ".mk", ".inc", ".sh", "Makefile", "tools/setup", "tools/doctor"):
        for number, line in enumerate(source.lines, 1):
            if match := UNFINISHED.search(line):
                yield Problem(source.path, number, f"{match[0]}: do it, or say in docs/status.md that it is next")


# ---- rooms and doors ----------------------------------------------------------------------------

# What a room may not use: it is read and written by people who come from C.
ROOM_WORDS = {
    r"\btemplate\s*<": "a template", r"\bconcept\b": "a concept", r"\brequires\b": "a constraint",
    r"^\s*#\s*define\b": "a macro of its own", r"\bnew\s*\(": "placement new", r"\breinterpret_cast\s*<[^>]*User": "a cast of a user pointer",
    r"\bgoto\b": "goto",
}


def room_files(tree: Tree) -> list[Source]:
    return [source for source in tree.under("kernel/", "user/") if "ROOM " in source.text]


def room_markers_rule(tree: Tree) -> Iterator[Problem]:
    """Room markers come in pairs, are not nested, and no room stands twice."""
    seen: dict[str, str] = {}
    for source in room_files(tree):
        opened = ""
        for number, line in enumerate(source.lines, 1):
            begin, end = ROOM_BEGIN.match(line), ROOM_END.match(line)
            if begin:
                if opened:
                    yield Problem(source.path, number, f"room {begin[1]} begins inside room {opened}")
                if not re.fullmatch(r"[a-z][a-z0-9_]*\.\d+", begin[1]):
                    yield Problem(source.path, number, f"a room is called LAB.NUMBER, not {begin[1]}")
                if not re.match(r":\s*\S", begin[2]):
                    yield Problem(source.path, number, f"say what room {begin[1]} is for: `// ROOM {begin[1]} begin: what`")
                # One room may stand once for each CPU.
                key = begin[1] + (match[0] if (match := re.match(r"kernel/arch/[^/]+/", source.kernel_path())) else "")
                if key in seen:
                    yield Problem(source.path, number, f"room {begin[1]} stands in {seen[key]} too")
                seen[key] = source.path
                opened = begin[1]
            elif end:
                if end[1] != opened:
                    yield Problem(source.path, number, f"room {end[1]} ends here, but {opened or 'none'} is open")
                opened = ""
            elif re.match(r"\s*(//|#|/\*)\s*ROOM\b", line):
                yield Problem(source.path, number, "is almost a room marker: `// ROOM lab.1 begin: what` or `// ROOM lab.1 end`")
        if opened:
            yield Problem(source.path, len(source.lines), f"room {opened} is never closed")


def room_inside_rule(tree: Tree) -> Iterator[Problem]:
    """A room is short, uses only the vocabulary, and calls no door."""
    doors = door_functions(tree)
    for source in room_files(tree):
        for room in source.rooms:
            size = room.last - room.first + 1
            if size > ROOM_LINES_MOST:
                yield Problem(source.path, room.first, f"room {room.id} has {size} lines: at most {ROOM_LINES_MOST}, aim at {ROOM_LINES}")
            for number in range(room.first, room.last + 1):
                line = source.code.split("\n")[number - 1]
                for pattern, what in ROOM_WORDS.items():
                    if source.is_cpp and re.search(pattern, line):
                        yield Problem(source.path, number, f"room {room.id} uses {what}: keep to the vocabulary")
                for name in re.findall(r"\b([\w:]+)\s*\(", line):
                    door = doors.get(name.split("::")[-1])
                    own = f"kernel/{door[1]}/" if door else ""  # to its own lab it is no door
                    if door and not source.kernel_path().startswith(own) and (
                            "::" not in name or name.split("::")[-2] == door[1]):
                        yield Problem(source.path, number, f"room {room.id} calls {name} of the door {door[0]}: its provided caller does that")


def door_functions(tree: Tree) -> dict[str, tuple[str, str]]:
    """Name of each function that a door declares → (the door, its namespace)."""
    found = {}
    for source in tree.under("kernel/", suffixes=(".h",)):
        if not source.kernel_path().endswith("/door.h"):
            continue
        space = source.kernel_path().split("/")[-2]
        for match in re.finditer(r"^\s*(?:inline |\[\[nodiscard\]\] |constexpr |static )*[\w:<>,&* ]+?[ &*](\w+)\([^;{]*\)\s*(?:const\s*)?(?:noexcept\s*)?[;{]",
                                 source.code, re.M):
            if match[1] not in ("if", "while", "switch", "return", "for"):
                found[match[1]] = (source.path, space)
    return found


def before_rule(tree: Tree) -> Iterator[Problem]:
    """A closed door has at most 60 lines; a lab's stand-in is not far beyond 250 (of code)."""
    stand_ins: dict[str, int] = {}
    for source in tree.under("kernel/"):
        match = re.match(r"labs/[^/]+/before[^/]*/kernel/[^/]+/", source.path)
        if not match or is_host_code(source.path):
            continue
        size = sum(1 for line in source.code.split("\n") if line.strip())
        if source.path.endswith("/door.h"):
            if len(source.lines) > DOOR_LINES:
                yield Problem(source.path, 1, f"is a closed door of {len(source.lines)} lines: at most {DOOR_LINES}")
        else:
            stand_ins[match[0]] = stand_ins.get(match[0], 0) + size
    for folder, size in stand_ins.items():
        if size > STAND_IN_LINES_MOST:
            yield Problem(folder, 1, f"is a stand-in of {size} lines of code: at most {STAND_IN_LINES_MOST}, aim at {STAND_IN_LINES}")


def port_size_rule(tree: Tree) -> Iterator[Problem]:
    """A port, kernel/arch/<cpu>/, has at most 3,000 lines; what runs on this machine to test it does not count."""
    sizes: dict[str, int] = {}
    for source in tree.under("kernel/"):
        match = re.match(r"kernel/arch/[^/]+/", source.path)
        if match and not is_host_code(source.path):
            sizes[match[0]] = sizes.get(match[0], 0) + len(source.lines)
    for folder, size in sizes.items():
        if size > PORT_LINES:
            yield Problem(folder, 1, f"is a port of {size} lines: at most {PORT_LINES}")


RULES = [floors_rule, cpu_place_rule, dear_headers_rule, guard_rule, opening_rule, sizes_rule, columns_rule,
         unfinished_rule, room_markers_rule, room_inside_rule, before_rule,
         port_size_rule]


# ---- the report ---------------------------------------------------------------------------------

def report(tree: Tree) -> list[str]:
    """Sizes: what is larger than aimed at, lines a CPU's kernel has, the comments' share."""
    out = []
    for source in tree.under("kernel/", "user/"):
        if len(source.lines) > FILE_LINES:
            out.append(f"{source.path}: {len(source.lines)} lines (aim: {FILE_LINES})")
        for function in source.functions:
            if function.lines > FUNCTION_LINES:
                out.append(f"{source.path}:{function.first}: {function.name} has {function.lines} lines (aim: {FUNCTION_LINES})")
            if function.nesting > NESTING:
                out.append(f"{source.path}:{function.first}: {function.name} nests {function.nesting} deep (aim: {NESTING})")
        for room in source.rooms:
            if room.last - room.first + 1 > ROOM_LINES:
                out.append(f"{source.path}:{room.first}: room {room.id} has {room.last - room.first + 1} lines (aim: {ROOM_LINES})")
    kernel = [source for source in kernel_files(tree) if source.suffix in CODE]
    for arch in sorted({match[1] for source in kernel if (match := re.match(r"kernel/arch/([^/]+)/", source.kernel_path()))}):
        built = [source for source in kernel if not re.match(rf"kernel/arch/(?!{arch}/)[^/]+/", source.kernel_path())]
        folders: dict[str, int] = {}
        for source in built:
            folder = "/".join(source.kernel_path().split("/")[:2])
            folders[folder] = folders.get(folder, 0) + len(source.lines)
        code = sum(1 for source in built for line in source.code.split("\n") if line.strip())
        out.append(f"kernel, {arch}: {sum(folders.values())} lines, {code} of them code:"
                   f" {', '.join(f'{folder} {lines}' for folder, lines in sorted(folders.items()))}")
    words = comments = 0
    for source in kernel:
        for line, code in zip(source.lines, source.code.split("\n")):
            words += bool(line.strip())
            comments += len(code.rstrip()) < len(line.rstrip())
    if words:
        out.append(f"kernel: {100 * comments // words} % of the lines hold a comment (aim: 15 to 25)")
    return out
