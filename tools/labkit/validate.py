"""What must hold of the lab.toml files and the rooms before any tree is built (`check --only model,partition,grammar`)."""

from __future__ import annotations

import re
from pathlib import Path

from .errors import LabError, LabErrors
from .model import ARCHES, GRADER_KEYS, KINDS, THEMES, VISIBILITIES, Course, Lab, Row
from .rooms import find_rooms, is_open, may_hold_rooms
from .tree import list_files, partition, step_sources

ROOM_LINES = 40
CORE_LINES = 200
DOOR_LINES = 60
STAND_IN_LINES = 250
LINUX = re.compile(r"^(same|tolerance|none\(.+\))$")


def collect(work, *arguments) -> list[LabError]:
    """Runs one validation; what it raises becomes a list."""
    try:
        return list(work(*arguments) or [])
    except LabErrors as several:
        return several.errors
    except LabError as error:
        return [error]


def check_model(course: Course) -> list[LabError]:
    errors: list[LabError] = []
    for lab in course.complete:
        where = f"labs/{lab.folder_name}/lab.toml"

        def bad(what: str, expected: str, got: str, where: str = where) -> None:
            errors.append(LabError(what, expected=expected, got=got, where=where,
                                   run="tools/labs.py check --only model"))

        for thing in [lab, *lab.rooms, *lab.rows, *course.wrongs(lab)]:
            for key in set(thing.extra) - set(GRADER_KEYS if isinstance(thing, Row) else ()):
                bad(f"unknown key `{key}` in {getattr(thing, 'id', None) or thing.name}",
                    "a key of tools/labkit/model.py (add it there if it is meant)", key)
        for lab_id in {*lab.needs, *lab.floor, *(need for one in [*lab.rooms, *lab.rows] for need in one.needs)}:
            if all(lab_id != other.id for other in course.labs):
                bad(f"lab {lab.id} speaks of a lab `{lab_id}`", ", ".join(other.id for other in course.labs), lab_id)
        errors += collect(check_rooms, course, lab, bad)
        errors += collect(check_rows, lab, bad)
        for wrong in course.wrongs(lab):
            for row in [*wrong.must_rows, *(wrong.may_fail if wrong.may_fail != "*" else [])]:
                if all(row != other.id for one in course.complete for other in one.rows):
                    bad(f"wrong solution {wrong.name} names a row `{row}`", "a row of a lab", row, str(wrong.path))
            if not wrong.must_fail:
                bad(f"wrong solution {wrong.name} must fail nothing", "at least one row in must_fail", "none", str(wrong.path))
    return errors


def check_rooms(course: Course, lab: Lab, bad) -> None:
    seen: set[tuple[str, str]] = set()
    core = dict.fromkeys(ARCHES, 0)
    for number, room in enumerate(lab.rooms, 1):
        mine = {(room.id, arch) for arch in ARCHES if room.on(arch)}
        if mine & seen:
            bad(f"room {room.id} is listed twice", "one [[rooms]] table for each room, or one for each CPU", room.id)
        seen |= mine
        if room.id != f"{lab.id}.{number}" and not re.fullmatch(rf"{lab.id}\.\d+", room.id):
            bad(f"room {room.id} is not named after its lab", f"{lab.id}.{number}", room.id)
        if room.arch not in ("any", *ARCHES):
            bad(f"room {room.id}: unknown arch", f"any, {', '.join(ARCHES)}", room.arch)
        if not is_open(room.id, room.starter):
            bad(f"the starter of {room.id} does not name itself", f'todo("{room.id}", …) or TODO_ROOM {room.id}', room.starter)
        source = course.root / room.file
        if not source.is_file():
            bad(f"room {room.id} lies in a file that is not there", "a file of the tree", room.file)
            continue
        found = find_rooms(source.read_text(encoding="utf-8"), room.file).get(room.id)
        if found is None:
            bad(f"room {room.id} is not in {room.file}", f"`// ROOM {room.id} begin: …`", "a file without it", room.file)
            continue
        lines = len([line for line in found.text.splitlines() if line.strip()])
        for arch in ARCHES:
            core[arch] += lines if room.on(arch) and not room.stretch else 0
        if lines > ROOM_LINES * 3 // 2:
            bad(f"the reference of {room.id} is long", f"about {ROOM_LINES} lines", f"{lines} lines", room.file)
    if max(core.values()) > CORE_LINES * 3 // 2:
        bad(f"the core rooms of {lab.id} are long", f"at most {CORE_LINES} lines together on one CPU", f"{core} lines")


def check_rows(lab: Lab, bad) -> None:
    by_id: dict[str, Row] = {}
    rooms = {room.id for room in lab.rooms}
    for row in lab.rows:
        if row.id in by_id:
            bad(f"row {row.id} is listed twice", "one [[rows]] table for each row", row.id)
        by_id[row.id] = row
        for what, value, allowed in (("theme", row.theme, THEMES), ("kind", row.kind, KINDS),
                                     ("visibility", row.visibility, VISIBILITIES)):
            if value not in allowed:
                bad(f"row {row.id}: unknown {what}", ", ".join(allowed), value)
        if not LINUX.match(row.linux):
            bad(f"row {row.id}: `linux` is wrong", "same, tolerance or none(reason)", row.linux)
        if (row.points == 0) != row.given:
            bad(f"row {row.id} is {'given and carries points' if row.given else 'without points and not given'}",
                "points, or given = true", f"points = {row.points}")
        if row.room not in rooms:
            bad(f"row {row.id} is turned green by no room of {lab.id}", ", ".join(sorted(rooms)), row.room or "no room")
        for must in row.must:
            try:
                re.compile(must.match)
            except re.error as error:
                bad(f"row {row.id}: `must` holds no regular expression", "a pattern", f"{must.match}: {error}")
    for row in lab.rows:
        for other in row.behind:
            if other not in by_id:
                bad(f"row {row.id} stands behind a row that is not there", ", ".join(by_id), other)
            elif by_id[other].given and not row.given:
                bad(f"row {row.id} carries points and stands behind a given one", "a row with points", other)
            elif row.visibility == "public" != by_id[other].visibility:
                bad(f"the public row {row.id} stands behind a hidden one", "a public row", other)
    for room in lab.rooms:
        if not room.stretch and all(row.room != room.id for row in lab.rows):
            bad(f"room {room.id} turns no row green", "at least one row with this room", "none")


def check_partition(course: Course) -> list[LabError]:
    """Every file has one owner; no two files meet in a step tree; doors and stand-ins are small."""
    owner_of = partition(course)
    errors: list[LabError] = []
    for labs in course.sets:
        errors += collect(lambda labs=labs: step_sources(course, tuple(labs), owner_of) and None)
    for lab in course.labs:
        for folder in sorted(lab.folder.glob("before*/")):
            errors += check_stand_ins(course, lab, folder)
    return errors


def check_stand_ins(course: Course, lab: Lab, folder: Path) -> list[LabError]:
    """A folder of stand-ins is before/, or before-<lab>/ for another lab of the tree; what lies in it is small."""
    where = folder.relative_to(course.root)
    waits_for = folder.name.removeprefix("before").removeprefix("-")
    others = [f"before-{other.id}" for other in course.labs if other is not lab]
    if folder.name not in ("before", *others):
        return [LabError(f"{where} waits for a lab that is not there", expected=f"before, {', '.join(others)}",
                         got=waits_for or folder.name, where=str(where))]
    errors = []
    for path in list_files(folder):
        lines = len((folder / path).read_text(encoding="utf-8", errors="replace").splitlines())
        most = DOOR_LINES if path.endswith("/door.h") else STAND_IN_LINES
        if lines > most and path.endswith((".h", ".cc", ".S")):
            errors.append(LabError(f"{where / path} is too large", expected=f"at most {most} lines", got=f"{lines}",
                                   where=str(where / path)))
    return errors


def check_grammar(course: Course) -> list[LabError]:
    """Every marker of the tree belongs to a room that lab.toml knows, in that very file."""
    errors: list[LabError] = []
    place: dict[str, set[str]] = {}
    for room in (room for lab in course.complete for room in lab.rooms):
        place.setdefault(room.id, set()).add(room.file)
    for path in list_files(course.root):
        if not may_hold_rooms(path) or path.startswith("tools/"):
            continue
        text = (course.root / path).read_text(encoding="utf-8", errors="replace")
        try:
            found = find_rooms(text, path)
        except LabErrors as several:
            errors += several.errors
            continue
        except LabError as error:
            errors.append(error)
            continue
        errors += [LabError(f"room {room} stands in {path}", expected=", ".join(place.get(room, {"a room of a lab.toml"})),
                            got=path, where=f"{path}:{one.begin + 1}", run="tools/labs.py check --only grammar")
                   for room, one in found.items() if path not in place.get(room, set())]
    return errors
