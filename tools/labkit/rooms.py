"""Finds and replaces rooms: the passages that a student fills, between two marker lines.

    // ROOM traps.4 begin: dispatch a system call
    … one function, or a few with their helpers …
    // ROOM traps.4 end

The invariant kept here: replacing a room changes the lines strictly between its markers and nothing else.
Read by the cut, the graft, adopt and check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import LabError, raise_all

MARKER = re.compile(r"^\s*(?://|#|;)\s*ROOM\s+(?P<id>\S+)\s+(?P<edge>begin|end)\b(?P<rest>.*)$")
STRICT_BEGIN = re.compile(r"^(?://|#|;) ROOM [a-z][a-z0-9_]*\.[1-9][0-9]* begin: \S.*$")
STRICT_END = re.compile(r"^(?://|#|;) ROOM [a-z][a-z0-9_]*\.[1-9][0-9]* end$")
ROOM_SUFFIXES = (".cc", ".h", ".S", ".c", ".inc")


@dataclass
class Found:
    """A room as it stands in a file; `begin` and `end` are the indexes of its marker lines."""
    id: str
    title: str
    begin: int
    end: int
    text: str


def may_hold_rooms(path: str) -> bool:
    return path.endswith(ROOM_SUFFIXES)


def find_rooms(text: str, path: str, run: str = "") -> dict[str, Found]:
    """The rooms of a file by id; raises every missing, doubled, nested or malformed marker at once."""
    found: dict[str, Found] = {}
    errors: list[LabError] = []
    opened: tuple[str, str, int] | None = None
    lines = text.splitlines(keepends=True)

    def complain(what: str, expected: str, index: int) -> None:
        got = lines[index].strip() if index < len(lines) else "the end of the file"
        errors.append(LabError(what, expected=expected, got=got, where=f"{path}:{index + 1}", run=run))

    for index, line in enumerate(lines):
        marker = MARKER.match(line.rstrip("\n"))
        if not marker:
            continue
        room = marker["id"]
        strict = STRICT_BEGIN if marker["edge"] == "begin" else STRICT_END
        if not strict.match(line.rstrip("\r\n")):
            complain(f"malformed marker of room {room}",
                     "`// ROOM lab.N begin: title` or `// ROOM lab.N end`, alone on its line, not indented", index)
            continue
        if marker["edge"] == "begin":
            if opened:
                complain(f"nested marker: room {room} begins inside room {opened[0]}",
                         f"`// ROOM {opened[0]} end` first (it begins at line {opened[2] + 1})", index)
            if room in found:
                complain(f"doubled marker: room {room} begins a second time",
                         f"one room {room} (the first begins at line {found[room].begin + 1})", index)
            opened = (room, marker["rest"].lstrip(": ").strip(), index)
        elif not opened or opened[0] != room:
            inside = f"room {opened[0]} is open" if opened else "no room is open"
            complain(f"missing marker: room {room} ends but has not begun here", f"its begin line before it; {inside}", index)
        else:
            if room not in found:
                found[room] = Found(room, opened[1], opened[2], index, "".join(lines[opened[2] + 1:index]))
            opened = None
    if opened:
        complain(f"missing marker: room {opened[0]} has no end", f"`// ROOM {opened[0]} end` after line {opened[2] + 1}",
                 len(lines))
    raise_all(errors)
    return found


def replace_rooms(text: str, path: str, texts: dict[str, str]) -> str:
    """The file with the text of the given rooms replaced; every one of them must be in it."""
    found = find_rooms(text, path)
    missing = sorted(set(texts) - set(found))
    if missing:
        raise LabError(f"missing marker: room {', '.join(missing)} is not in the file",
                       expected=f"`// ROOM {missing[0]} begin: …` and `// ROOM {missing[0]} end`",
                       got=", ".join(found) or "no room at all", where=path)
    lines = text.splitlines(keepends=True)
    for room in sorted(texts, key=lambda name: found[name].begin, reverse=True):
        place = found[room]
        lines[place.begin + 1:place.end] = [whole_lines(texts[room])]
    return "".join(lines)


def whole_lines(text: str) -> str:
    """Text as it is laid between markers: no blank first line, one newline at the end."""
    text = text.removeprefix("\n")
    return text if not text or text.endswith("\n") else text + "\n"


def is_open(room: str, text: str) -> bool:
    """Whether a room's text still stops at its todo() or TODO_ROOM."""
    name = re.escape(room)
    for line in text.splitlines():
        code = line.split("//")[0]
        if re.search(rf'\btodo(?:<[^>]*>)?\(\s*"{name}"', code) or re.search(rf"\bTODO_ROOM\s+{name}\b", code):
            return True
    return False


def apply_edit(text: str, find: str, put: str, where: str) -> str:
    """One find-and-put of a wrong solution: the passage must occur exactly once."""
    count = text.count(find)
    if count != 1:
        raise LabError(f"{where}: the passage to replace occurs {count} times", expected="exactly once", got=repr(find),
                       where=where)
    return text.replace(find, put)
