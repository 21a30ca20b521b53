"""What the lab.toml files say, as data: Course holds Labs, a Lab holds Rooms, Rows and Wrongs.

Loading is lenient about keys it does not know (they go to `extra`); `validate.py` is not.
Read by the cut, by the grader (rows, points, reasons, hints) and by the documentation.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import LabError

ARCHES = ("riscv64", "x86_64")
THEMES = ("function", "robustness", "concurrency", "resources")
KINDS = ("program", "host", "python")
VISIBILITIES = ("public", "hidden", "after_due")
# Keys of a row that only the grader reads: they stay in `extra`, and labs/*/lab.toml says what they mean.
GRADER_KEYS = ("options", "ends", "linux_program", "long_seeds", "root")
LAB_FOLDER = re.compile(r"^(\d\d)-([a-z][a-z0-9_]*)$")


@dataclass
class Must:
    """If `match` (a regular expression) is found on the console, `say` is the reason of the failure."""
    match: str
    say: str


@dataclass
class Room:
    """One place of a lab that a student fills: a function or a few, between two marker lines of `file`."""
    id: str
    title: str
    file: str
    starter: str
    part: str = "A"
    arch: str = "any"
    stretch: bool = False
    read: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    lab: str = ""

    @property
    def number(self) -> int:
        return int(self.id.rsplit(".", 1)[1])

    def on(self, arch: str) -> bool:
        return self.arch in ("any", arch)


@dataclass
class Row:
    """One graded sentence. `room` is the room that, rooms being filled in order, turns it green. A row that is `given`
    proves provided code: it carries no points, and `make grade` runs it when asked for all rows. In `sources`, {arch}
    stands for the CPU."""
    id: str
    spec: str
    points: int = 0
    given: bool = False
    part: str = "A"
    theme: str = "function"
    room: str = ""
    behind: list[str] = field(default_factory=list)
    program: str = ""
    kind: str = "program"
    sources: list[str] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)
    budget: int = 200_000_000
    visibility: str = "public"
    linux: str = "same"
    arch: list[str] = field(default_factory=list)
    args: str = ""
    smp: int = 1
    must: list[Must] = field(default_factory=list)
    why: str = ""
    hints: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    lab: str = ""

    def on(self, arch: str) -> bool:
        return not self.arch or arch in self.arch

    def active(self, labs: set[str]) -> bool:
        """Whether the row is proven in a tree that holds these labs."""
        return self.lab in labs and set(self.needs) <= labs


@dataclass
class Edit:
    """One change of a wrong solution or a cheat: in a room's reference text, or in a file."""
    room: str = ""
    file: str = ""
    find: str = ""
    put: str = ""
    text: str | None = None
    append: str | None = None
    new: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Wrong:
    """A mistake that students make, and the rows that must catch it."""
    name: str
    lab: str
    mistake: str
    must_fail: list[str | list[str]]     # a list in it: one of these rows, whichever the mistake meets first
    edit: list[Edit]
    may_fail: list[str] | str = field(default_factory=list)
    arch: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    path: Path = Path()

    def on(self, arch: str) -> bool:
        return not self.arch or arch in self.arch

    @property
    def must(self) -> list[list[str]]:
        """The demands: of each, one row falls."""
        return [[one] if isinstance(one, str) else one for one in self.must_fail]

    @property
    def must_rows(self) -> list[str]:
        """All rows that a demand names."""
        return [row for rows in self.must for row in rows]

    def may(self, row: str) -> bool:
        return self.may_fail == "*" or row in self.may_fail or row in self.must_rows


@dataclass
class Lab:
    """One lab. `folder` is labs/NN-name; a planned lab has only a before/ in it."""
    id: str
    number: int
    title: str
    folder: Path
    needs: list[str] = field(default_factory=list)
    status: str = "complete"
    files: list[str] = field(default_factory=list)
    student_files: list[str] = field(default_factory=list)
    floor: dict[str, int | str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    rooms: list[Room] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def planned(self) -> bool:
        return self.status == "planned"

    @property
    def folder_name(self) -> str:
        return self.folder.name

    def rooms_on(self, arch: str) -> list[Room]:
        return [room for room in self.rooms if room.on(arch)]

    def rows_on(self, arch: str, labs: set[str] | None = None) -> list[Row]:
        """The rows graded on this CPU; with `labs`, only those active in such a tree."""
        return [row for row in self.rows if row.on(arch) and (labs is None or row.active(labs))]

    def points(self, arch: str, labs: set[str] | None = None) -> int:
        return sum(row.points for row in self.rows_on(arch, labs))

    def row(self, row_id: str) -> Row:
        for row in self.rows:
            if row.id == row_id:
                return row
        raise LabError(f"lab {self.id} has no row `{row_id}`", expected=", ".join(row.id for row in self.rows),
                       got=row_id, where=str(self.folder / "lab.toml"), run=f"make labs LAB={self.id}")

    def room(self, room_id: str, arch: str = "") -> Room:
        """A room by id. One that is written anew for each CPU has a table, and a file, for each: `arch` says which."""
        for room in self.rooms:
            if room.id == room_id and (not arch or room.on(arch)):
                return room
        raise LabError(f"lab {self.id} has no room `{room_id}`", expected=", ".join(room.id for room in self.rooms),
                       got=room_id, where=str(self.folder / "lab.toml"), run=f"make labs LAB={self.id}")


@dataclass
class Course:
    """All labs of a tree (the one source tree, or a cut one), in order of their numbers."""
    root: Path
    labs: list[Lab]
    base_files: list[str]
    private: list[str]
    hidden: list[str]
    sets: list[list[str]]
    arches: list[str]
    new_files: list[str]
    step: dict[str, Any] = field(default_factory=dict)

    def lab(self, lab_id: str) -> Lab:
        """A lab by id (traps), folder (01-traps) or number (1)."""
        for lab in self.labs:
            if lab_id in (lab.id, lab.folder_name, str(lab.number)):
                return lab
        raise LabError(f"there is no lab `{lab_id}` in this tree", expected=", ".join(lab.id for lab in self.complete),
                       got=lab_id, where="labs/", run="make labs")

    def lab_named(self, name: str) -> str:
        """The id of a lab of this tree, or the name as it is: a hand-out knows only the labs up to its own."""
        return next((lab.id for lab in self.labs if name in (lab.id, lab.folder_name, str(lab.number))), name)

    @property
    def complete(self) -> list[Lab]:
        return [lab for lab in self.labs if not lab.planned]

    def prefix(self, lab_id: str) -> list[str]:
        """The ids of the complete labs up to and with this one, in order."""
        last = self.lab(lab_id)
        return [lab.id for lab in self.complete if lab.number <= last.number]

    def room(self, room_id: str, arch: str = "") -> Room:
        lab = self.lab(room_id.rsplit(".", 1)[0])
        return lab.room(room_id, arch)

    def home(self, room: Room) -> int:
        """The number of the lab in whose step the room is open: its own, or the last lab that it needs."""
        return max(self.lab(lab_id).number for lab_id in [room.lab, *room.needs])

    def hidden_programs(self) -> list[str]:
        """Globs of the programs that only rows live on which no hand-out shows."""
        out = []
        for lab in self.complete:
            shown = {row.program or row.id for row in lab.rows if row.visibility == "public"}
            out += [f"user/tests/{lab.id}/{name}{suffix}" for row in lab.rows if row.visibility != "public"
                    and (name := row.program or row.id) not in shown for suffix in (".cc", ".*.cc", ".h")]
        return out

    def wrongs(self, lab: Lab) -> list[Wrong]:
        return [load_wrong(path, lab.id) for path in sorted((lab.folder / "wrong").glob("*.toml"))]


@dataclass
class Proof:
    """labs/NN-name/proof.toml: what only `check` needs and no hand-out shows.

    rename: room -> [[old, new], …]: how the carry proof renames locals of the reference.
    field:  an extra member for a struct of a student's file: {file, after, add}.
    leak_ok: room -> passages of the reference that may stand in the open, with a reason as comment.
    hunt:   the wrong solution of the lab before that this lab's warm-up hunts; the first if left out.
    """
    rename: dict[str, list[list[str]]] = dataclasses.field(default_factory=dict)
    field: list[dict[str, str]] = dataclasses.field(default_factory=list)
    leak_ok: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    hunt: str = ""
    extra: dict[str, Any] = dataclasses.field(default_factory=dict)


# ---- reading ------------------------------------------------------------------------------------
def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LabError(f"{path} is missing", expected="a TOML file", got="no file", where=str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LabError(f"{path} cannot be read", expected="valid TOML", got=str(error), where=str(path)) from None


def build(kind: type, table: Any, where: str, **given: Any) -> Any:
    """Makes a dataclass from a TOML table; keys that it has no field for go to `extra`."""
    if not isinstance(table, dict):
        raise LabError(f"{where}: a table was expected", expected="key = value lines", got=repr(table), where=where)
    names = {f.name: f for f in dataclasses.fields(kind)}
    known = {key: value for key, value in table.items() if key in names and key not in given and key != "extra"}
    extra = {key: value for key, value in table.items() if key not in known and key not in given}
    needed = [f.name for f in names.values()
              if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING and f.name not in given]
    missing = [name for name in needed if name not in known]
    name = table.get("id", "")
    if missing:
        raise LabError(f"{where}: {kind.__name__.lower()} {name!r} lacks {', '.join(missing)}",
                       expected=", ".join(needed), got=", ".join(table) or "nothing", where=where)
    for key, value in known.items():
        problem = type_problem(str(names[key].type), value)
        if problem:
            raise LabError(f"{where}: {kind.__name__.lower()} {name!r}: `{key}` has the wrong type",
                           expected=problem, got=repr(value), where=where)
    return kind(**known, **given, extra=extra)


def type_problem(declared: str, value: Any) -> str:
    """What was expected, in words, when a TOML value does not fit the field's declared type; else nothing."""
    if declared == "str" or declared == "str | None":
        return "" if isinstance(value, str) else "a string"
    if declared == "int":
        return "" if isinstance(value, int) and not isinstance(value, bool) else "a whole number"
    if declared == "bool":
        return "" if isinstance(value, bool) else "true or false"
    if declared == "list[str]":
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return "" if fits else "a list of strings"
    if declared == "list[str] | str":
        return "" if isinstance(value, (list, str)) else 'a list of strings, or "*"'
    if declared.startswith("list"):
        return "" if isinstance(value, list) else "a list"
    if declared.startswith("dict"):
        return "" if isinstance(value, dict) else "a table"
    return ""


def load_lab(folder: Path) -> Lab:
    """Reads labs/NN-name. A folder without lab.toml is a planned lab that only lends its before/."""
    named = LAB_FOLDER.match(folder.name)
    if not named:
        raise LabError(f"{folder} is not named as a lab", expected="NN-name, e.g. 01-traps", got=folder.name,
                       where=str(folder))
    path = folder / "lab.toml"
    if not path.exists():
        return Lab(named[2], int(named[1]), named[2].capitalize(), folder, status="planned")
    table = read_toml(path)
    where = str(path)
    rooms = [build(Room, room, where, lab=table.get("id", "")) for room in table.pop("rooms", [])]
    rows = []
    for row in table.pop("rows", []):
        must = [build_must(item, where) for item in row.pop("must", [])]
        rows.append(build(Row, row, where, must=must, lab=table.get("id", "")))
    lab = build(Lab, table, where, folder=folder, rooms=rooms, rows=rows)
    if (lab.number, lab.id) != (int(named[1]), named[2]):
        raise LabError(f"{where}: id and number do not fit the folder", expected=f"number {int(named[1])}, id {named[2]}",
                       got=f"number {lab.number}, id {lab.id}", where=where)
    return lab


def build_must(table: Any, where: str) -> Must:
    if not isinstance(table, dict) or set(table) != {"match", "say"}:
        raise LabError(f"{where}: an entry of `must` is wrong", expected='{match = "regex", say = "reason"}',
                       got=repr(table), where=where)
    return Must(table["match"], table["say"])


def load_proof(lab: Lab) -> Proof:
    path = lab.folder / "proof.toml"
    return build(Proof, read_toml(path), str(path)) if path.exists() else Proof()


def load_wrong(path: Path, lab_id: str) -> Wrong:
    table = read_toml(path)
    edits = load_edits(table.pop("edit", []), str(path))
    if not edits:
        raise LabError(f"{path} changes nothing", expected="at least one [[edit]]", got="none", where=str(path))
    return build(Wrong, table, str(path), name=path.stem, lab=lab_id, edit=edits, path=path)


def load_edits(tables: Any, where: str) -> list[Edit]:
    """The [[edit]] tables of a wrong solution or a cheat; each names a room or a file and one way to change it."""
    edits = []
    for table in tables:
        edit = build(Edit, table, where)
        ways = [way for way in ("find", "text", "append", "new") if way in table]
        if bool(edit.room) == bool(edit.file) or len(ways) != 1:
            raise LabError(f"{where}: an [[edit]] is wrong",
                           expected="`room` or `file`, and one of find+put, text, append, new",
                           got=", ".join(table) or "nothing", where=where)
        edits.append(edit)
    return edits


def load_course(root: Path | str) -> Course:
    """Reads every lab of the tree at `root`. A cut tree also has labs/step.toml, which says what it is."""
    root = Path(root)
    labs_folder = root / "labs"
    if not labs_folder.is_dir():
        raise LabError(f"{root} is not a Cairn tree", expected="a folder labs/ in it", got="none", where=str(root),
                       run="cd to the top of the tree and try again")
    folders = sorted(path for path in labs_folder.iterdir() if path.is_dir() and LAB_FOLDER.match(path.name))
    labs = [load_lab(folder) for folder in folders]
    base = read_toml(labs_folder / "base.toml") if (labs_folder / "base.toml").exists() else {}
    courses = read_toml(labs_folder / "courses.toml") if (labs_folder / "courses.toml").exists() else {}
    step = read_toml(labs_folder / "step.toml") if (labs_folder / "step.toml").exists() else {}
    complete = [lab.id for lab in labs if not lab.planned]
    prefixes = [complete[:count] for count in range(1, len(complete) + 1)]
    return Course(root, sorted(labs, key=lambda lab: lab.number), base.get("files", []), base.get("private", []),
                  base.get("hidden", []),
                  courses.get("sets", prefixes), courses.get("arches", ["riscv64"]),
                  step.get("new_files", base.get("new_files", ["kernel/**"])), step)
