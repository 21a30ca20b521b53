"""`labs.py graft`: lays a submission's rooms into a pristine tree, so that only what a student may change counts.

Taken over: the text of the rooms, the labs' student_files, answers, and new source files in the labs' folders.
Everything else is the pristine tree's; what differs there is listed, never used. A marker that is missing,
doubled or nested is an error that names itself. Instructors graft into a tree cut from the source
(`graft SUBMISSION OUT --lab traps`), `make grade` in a hand-out into the pristine bytes of its own git history
(`graft --here build/graft`).
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .errors import LabError, LabErrors, raise_all
from .manifest import MANIFEST, File, format_manifest, pristine_from_git, read_manifest
from .model import ARCHES, Course, Room, load_course, read_toml
from .rooms import find_rooms, is_open, replace_rooms
from .tree import HUNTED, NOT_SOURCE, matches

SOURCE_SUFFIXES = (".cc", ".h", ".S", ".inc")
LARGEST_FILE = 1 << 20
MOST_NEW_FILES = 200


@dataclass
class Report:
    """What a graft took, left and refused; written as JSON beside the tree."""
    tree: str
    labs: list[str]
    rooms: dict[str, str] = field(default_factory=dict)
    student_files: list[str] = field(default_factory=list)
    new_files: list[str] = field(default_factory=list)
    ignored: list[dict[str, str]] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)

    def text(self) -> str:
        filled = [room for room, state in self.rooms.items() if state == "filled"]
        lines = [f"graft: {len(filled)} of {len(self.rooms)} rooms are filled; "
                 f"{len(self.student_files)} student files and {len(self.new_files)} new files taken over"]
        lines += [f"graft: not taken over: {item['path']} ({item['what']})" for item in self.ignored]
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
    # In an instructor's graft the tree built on may differ from what was handed out; differences are told against this.
    handed_out: dict[str, File] | None = None

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
    handed_out = rules.handed_out or pristine
    with_rooms = {room.file for room in rules.rooms}
    for path in present:
        student = matches(path, rules.student_globs)
        known = path in handed_out or path in pristine or path in rules.generated
        new = not known and rules.may_be_new(path)
        if student or new:
            if len(report.new_files) >= MOST_NEW_FILES:
                raise LabError("too many new files", expected=f"at most {MOST_NEW_FILES}", got=path, where=path)
            taken[path] = File(read_submitted(root, path))
            (report.student_files if student else report.new_files).append(path)
        elif not known:
            report.ignored.append({"path": path, "what": "new, outside the labs' folders"})
        elif path in handed_out and path not in rules.generated and not same(handed_out[path], root, path, with_rooms):
            report.ignored.append({"path": path, "what": "changed outside its rooms" if path in with_rooms else "changed"})
    here = set(present)
    for path in sorted(set(handed_out) - here - rules.generated - {MANIFEST}):
        if not matches(path, rules.student_globs):
            report.ignored.append({"path": path, "what": "removed"})
    return taken


def same(handed_out: File, root: Path, path: str, with_rooms: set[str]) -> bool:
    """Whether a submitted file is as handed out, its rooms left aside."""
    if (root / path).is_symlink():
        return False
    data = (root / path).read_bytes()
    if data == handed_out.data:
        return True
    if path not in with_rooms:
        return False
    text, base = as_text(data, path), handed_out.data.decode()
    blank = {room: "" for room in find_rooms(text, path)}
    return replace_rooms(text, path, blank) == replace_rooms(base, path, {room: "" for room in find_rooms(base, path)})


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


# ---- the command ------------------------------------------------------------------------------------
def add_graft_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("submission", nargs="?", type=Path, help="a student's tree")
    parser.add_argument("out", nargs="?", type=Path, help="where the grafted tree is laid")
    parser.add_argument("--here", type=Path, metavar="OUT", help="graft this hand-out into its own pristine tree")
    parser.add_argument("--lab", help="the lab that is graded")
    parser.add_argument("--own", action="store_true", help="take only this lab's rooms, the reference for earlier ones")
    parser.add_argument("--arch", choices=(*ARCHES, "both"), default="both")
    parser.add_argument("--report", type=Path, help="where the report is written (default: OUT.json)")


def run_graft(options: argparse.Namespace) -> int:
    if options.here:
        return graft_here(options.root, options.here, options.report)
    if not (options.submission and options.out and options.lab):
        raise LabError("a graft needs a submission, a place and a lab",
                       expected="tools/labs.py graft SUBMISSION OUT --lab traps", got="fewer arguments",
                       run="tools/labs.py graft --help")
    return graft_submission(load_course(options.root), options)


def finish(files: dict[str, File], out: Path, report: Report, report_path: Path | None) -> int:
    from .laying import write_tree
    changed = write_tree(out, files)
    write_report(report, out, report_path)
    print(f"{report.text()}\ngraft: {len(changed)} files changed in {out}\ntree: {out}")
    return 0


def write_report(report: Report, out: Path, report_path: Path | None) -> None:
    target = report_path or out.with_name(out.name + ".json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")


def graft_here(root: Path, out: Path, report_path: Path | None) -> int:
    """The form that make grade uses. Ends with 0 and the line `tree: PATH`, the tree to be graded."""
    course = load_course(root)
    report = Report(str(out), course.step.get("labs", []))

    def as_it_is(why: str) -> int:
        report.tree = "."
        report.ignored.append({"path": ".", "what": f"graded as it is: {why}"})
        write_report(report, out, report_path)
        print(f"graft: the tree is graded as it is: {why}\ntree: .")
        return 0

    if not course.step:
        return as_it_is("it is the one source tree, not a hand-out")
    if course.step["kind"] == "solved":
        return as_it_is("it is a solved tree")
    entries = read_manifest(root / MANIFEST)
    try:
        pristine = pristine_from_git(root, entries)
    except LabError as error:
        return as_it_is(f"{error.what}, so there is no pristine tree to graft into")
    labs = course.step["labs"]
    rooms = [room for lab_id in labs for room in course.lab(lab_id).rooms
             if room.file in pristine and set(room.needs) <= set(labs)]
    rules = rules_for(course, labs, rooms)
    rules.generated = {MANIFEST}
    pristine[MANIFEST] = File((root / MANIFEST).read_bytes())
    try:
        files = graft(pristine, root, rules, report)
    except LabError:
        write_report(report, out, report_path)
        raise
    return finish(files, out, report, report_path)


def graft_submission(course: Course, options: argparse.Namespace) -> int:
    """An instructor's graft: the pristine tree is cut anew from the one source tree."""
    files, report = graft_from_source(course, options.submission, options.lab, options.arch, options.own, options.out,
                                      options.report)
    return finish(files, options.out, report, options.report)


def graft_from_source(course: Course, submission: Path, lab_id: str, arch: str, own: bool, out: Path,
                      report_path: Path | None = None) -> tuple[dict[str, File], Report]:
    from .cut import render, step_for
    lab = course.lab(lab_id)
    base = render(course, step_for(course, "solved", lab.id, arch))
    handed_out = render(course, step_for(course, handed_out_kind(submission), lab.id, arch))
    labs = list(base.step.labs)
    rooms = [room for room_lab in labs for room in course.lab(room_lab).rooms
             if room.file in base.files and set(room.needs) <= set(labs)
             and (not own or course.home(room) == lab.number)]
    rules = rules_for(course, labs, rooms)
    rules.handed_out = handed_out.files
    rules.generated = {path for path, source in handed_out.sources.items() if source is None}
    report = Report(str(out), labs)
    try:
        return graft(base.files, submission, rules, report), report
    except LabError:
        write_report(report, out, report_path)
        raise


def handed_out_kind(submission: Path) -> str:
    """Which kind of hand-out a submission says that it is; only the list of differences depends on it."""
    try:
        kind = read_toml(submission / "labs/step.toml").get("kind")
    except LabError:
        kind = None
    return kind if kind in ("starter", "carry") else "carry"
