"""Grafts: a submission's rooms laid into a pristine tree, so that only what a student may change counts.

Taken over: the text of the rooms, the labs' student_files, answers, and new source files in the labs' folders, if their
names are plain and they stand before nothing of the tree's (accepted.py). Everything else is the pristine tree's; what
differs there is listed, never used. A marker that is missing, doubled or nested is an error that names itself.
Used by graft_command.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .accepted import LARGEST_FILE, MOST_NEW_FILES, SOURCE_SUFFIXES, Places, name_problem, shown
from .errors import LabError, LabErrors, raise_all
from .manifest import MANIFEST, Entry, File, blob_name, format_manifest
from .model import Course, Room
from .rooms import find_rooms, is_open, replace_rooms
from .tree import HUNTED, NOT_SOURCE, matches


@dataclass
class Report:
    """What a graft took, left and refused; written as JSON beside the tree."""
    tree: str
    labs: list[str]
    rooms: dict[str, str] = field(default_factory=dict)
    student_files: list[str] = field(default_factory=list)
    new_files: list[str] = field(default_factory=list)
    ignored: list[dict[str, str]] = field(default_factory=list)
    older: int = 0      # files that are as an earlier version of the hand-out had them
    errors: list[dict[str, str]] = field(default_factory=list)

    def text(self) -> str:
        filled = [room for room, state in self.rooms.items() if state == "filled"]
        lines = [f"graft: {len(filled)} of {len(self.rooms)} rooms are filled; "
                 f"{len(self.student_files)} student files and {len(self.new_files)} new files taken over"]
        lines += [f"graft: not taken over: {shown(item['path'])} ({item['what']})" for item in self.ignored]
        if self.older:
            lines.append(f"graft: {self.older} files are those of an earlier version of the hand-out; "
                         "today's are in their place")
        return "\n".join(lines)


@dataclass
class Rules:
    """What may be taken from a submission."""
    rooms: list[Room]
    student_globs: list[str]
    # New sources count where base.toml lets them (new_globs) and a lab of the tree is at home (lab_globs).
    new_globs: list[str]
    lab_globs: list[str]
    generated: set[str] = field(default_factory=set)
    # In an instructor's graft the tree built on may differ from what was handed out; differences are told against this,
    # and against the version that the student held, by its own list and as far as it can be read.
    handed_out: dict[str, File] | None = None
    held: dict[str, Entry] = field(default_factory=dict)
    held_text: Callable[[str], bytes | None] = lambda blob: None

    def may_be_new(self, path: str) -> bool:
        return path.endswith(SOURCE_SUFFIXES) and matches(path, self.new_globs) and matches(path, self.lab_globs)


def walk(root: Path) -> list[str]:
    """Every file of a submission, symbolic links included (they are refused later, never followed)."""
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCE)
        found += [str((Path(folder) / name).relative_to(root)) for name in files if name != HUNTED]
    return sorted(found)


def read_submitted(root: Path, path: str) -> bytes:
    """A submitted file's bytes; a link or a giant is refused, so that grading a submission cannot read elsewhere."""
    target = root / path
    parts = [root.joinpath(*Path(path).parts[:count]) for count in range(1, len(Path(path).parts) + 1)]
    if any(part.is_symlink() for part in parts):
        raise LabError(f"{path} is a symbolic link", expected="a plain file", got=f"a link to {os.readlink(target)}"
                       if target.is_symlink() else "a path through a link", where=path, run=f"git checkout -- {path}")
    if not target.is_file():
        raise LabError(f"{path} is missing from the submission", expected="the file with its rooms", got="no file",
                       where=path, run=f"git checkout -- {path}")
    if target.stat().st_size > LARGEST_FILE:
        raise LabError(f"{path} is too large", expected=f"at most {LARGEST_FILE} bytes",
                       got=f"{target.stat().st_size} bytes", where=path)
    return target.read_bytes()


def as_text(data: bytes, path: str) -> str:
    try:
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise LabError(f"{path} is not text", expected="UTF-8", got=str(error), where=path) from None


def name_of(room: Room, rules: Rules) -> str:
    """A room's id, with the CPU where the tree has it for several."""
    alone = sum(other.id == room.id for other in rules.rooms) == 1
    return room.id if alone else f"{room.id} ({room.arch})"


def graft_rooms(pristine: dict[str, File], root: Path, rules: Rules, report: Report) -> dict[str, File]:
    """The pristine files that hold rooms, with the submission's text in them; raises all errors at once."""
    files: dict[str, File] = {}
    errors: list[LabError] = []
    for path in sorted({room.file for room in rules.rooms if room.file in pristine}):
        wanted = {room.id: name_of(room, rules) for room in rules.rooms if room.file == path}
        base = pristine[path].data.decode()
        try:
            submitted = find_rooms(as_text(read_submitted(root, path), path), path, run=f"git diff HEAD -- {path}")
        except LabErrors as several:
            errors += several.errors
            continue
        except LabError as error:
            errors.append(error)
            continue
        for room, name in wanted.items():
            if room not in submitted:
                errors.append(LabError(f"missing marker: room {room} is not in {path}",
                                       expected=f"its two lines `// ROOM {room} begin: …` and `// ROOM {room} end`",
                                       got="neither", where=path, run=f"git diff HEAD -- {path}"))
            else:
                report.rooms[name] = "open" if is_open(room, submitted[room].text) else "filled"
        if all(room in submitted for room in wanted):
            text = replace_rooms(base, path, {room: submitted[room].text for room in wanted})
            files[path] = File(text.encode(), pristine[path].executable)
    names = [name_of(room, rules) for room in rules.rooms]
    report.rooms = {name: report.rooms[name] for name in names if name in report.rooms}
    raise_all(errors)
    return files


def graft_files(pristine: dict[str, File], root: Path, rules: Rules, report: Report) -> dict[str, File]:
    """Student files (also removed ones) and new source files; notes everything else that differs."""
    taken: dict[str, File] = {}
    present = walk(root)
    places = Places(pristine)
    handed_out = rules.handed_out or pristine
    with_rooms = {room.file for room in rules.rooms}
    errors: list[LabError] = []
    for path in present:
        student = matches(path, rules.student_globs)
        known = path in handed_out or path in pristine or path in rules.generated
        new = not known and (student or rules.may_be_new(path))
        if student or new:
            try:
                taken[path] = accept(path, root, places if new else None, len(taken))
                (report.student_files if student else report.new_files).append(path)
            except LabError as error:
                errors.append(error)
        elif not known and path not in rules.held:
            report.ignored.append({"path": path, "what": "new, outside the labs' folders"})
        elif path in handed_out and path not in rules.generated and not same(handed_out[path], root, path, with_rooms):
            note_difference(root, path, rules, report, path in with_rooms)
    here = set(present)
    for path in sorted(set(handed_out) - here - rules.generated - {MANIFEST}):
        if not matches(path, rules.student_globs) and (not rules.held or path in rules.held):
            report.ignored.append({"path": path, "what": "removed"})
    raise_all(errors)
    return taken


def accept(path: str, root: Path, places: Places | None, count: int) -> File:
    """A file of the student's own. `places`: for one that is new to the tree."""
    problem = name_problem(path) or (places.problem(path) if places else "")
    if problem:
        raise LabError(f"the file {shown(path)} cannot be taken over", expected="a source file with a plain name that stands in "
                       "the place of no other", got=problem, where=shown(path), run="rename it, or move it out of this folder")
    if count >= MOST_NEW_FILES:
        raise LabError("too many new files", expected=f"at most {MOST_NEW_FILES}", got=path, where=path)
    return File(read_submitted(root, path))


def note_difference(root: Path, path: str, rules: Rules, report: Report, has_rooms: bool) -> None:
    """A file that is not as handed out today may be as the student was handed it."""
    entry = rules.held.get(path)
    if entry and not (root / path).is_symlink():
        if blob_name((root / path).read_bytes()) == entry.blob:
            report.older += 1
            return
        text = rules.held_text(entry.blob) if has_rooms else None
        if text is not None and blob_name(text) == entry.blob and same(File(text), root, path, {path}):
            report.older += 1
            return
    report.ignored.append({"path": path, "what": "changed outside its rooms" if has_rooms else "changed"})


def same(handed_out: File, root: Path, path: str, with_rooms: set[str]) -> bool:
    """Whether a submitted file is as handed out, its rooms left aside."""
    if (root / path).is_symlink():
        return False
    data = (root / path).read_bytes()
    if data == handed_out.data:
        return True
    if path not in with_rooms:
        return False
    try:
        return without_rooms(as_text(data, path), path) == without_rooms(as_text(handed_out.data, path), path)
    except LabError:        # markers that are of no use here: it differs
        return False


def without_rooms(text: str, path: str) -> str:
    return replace_rooms(text, path, {room: "" for room in find_rooms(text, path)})


def graft(pristine: dict[str, File], root: Path, rules: Rules, report: Report) -> dict[str, File]:
    """The grafted tree as bytes."""
    files = dict(pristine)
    try:
        files.update(graft_rooms(pristine, root, rules, report))
        taken = graft_files(pristine, root, rules, report)
    except LabError as error:
        report.errors = [one.as_dict() for one in (error.errors if isinstance(error, LabErrors) else [error])]
        raise
    files = {path: file for path, file in files.items() if path in taken or not matches(path, rules.student_globs)}
    files.update(taken)
    # The list of this tree's own files: the next graft into the same folder removes what has gone by it.
    files[MANIFEST] = File(format_manifest(files).encode())
    return files


def rules_for(course: Course, labs: list[str], rooms: list[Room]) -> Rules:
    student = [glob for lab_id in labs for glob in course.lab(lab_id).student_files]
    student += [f"labs/{course.lab(lab_id).folder_name}/answers.md" for lab_id in labs]
    homes = [f"{Path(room.file).parent}/*" for room in rooms]
    homes += [glob for lab_id in labs for glob in course.lab(lab_id).files if "*" in glob or glob.startswith("!")]
    return Rules(rooms, student, course.new_files, homes)
