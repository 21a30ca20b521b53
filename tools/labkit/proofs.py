"""What `check` proves of one set of labs: solved, starter, ladder, wrong solutions (cut.md, proofs 1–4).

Each proof is a job: it lays one tree on a bench, builds it, grades the rows in question, and lists what is not so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .bench import FELL, Bench, behind_closure, must_pass
from .cut import render
from .errors import LabError
from .manifest import File
from .model import Course, Edit, Lab, Room, Row, Wrong
from .results import Result
from .rooms import apply_edit, find_rooms, replace_rooms
from .tree import Step


@dataclass
class Job:
    """One proof. `work` gets a bench of the job's set and CPU and returns what is not as it should be."""
    stage: str
    name: str
    labs: tuple[str, ...]
    arch: str
    work: Callable[[Bench], list[LabError]]
    seconds: float = 0.0
    errors: list[LabError] = field(default_factory=list)
    skipped: str = ""
    known: bool = False         # all that it asked for had been graded before

    @property
    def title(self) -> str:
        return f"{self.stage:<8} {'+'.join(self.labs)} {self.arch}  {self.name}"


@dataclass
class Proofs:
    """The jobs of one set of labs on one CPU."""
    course: Course
    labs: tuple[str, ...]
    arch: str
    owner_of: dict[str, str]
    full: bool = False

    @property
    def lab(self) -> Lab:
        return self.course.lab(self.labs[-1])

    @property
    def rooms(self) -> list[Room]:
        """The rooms that are open in this set's starter, in the order of the hand-out."""
        return [room for lab_id in self.labs for room in self.course.lab(lab_id).rooms_on(self.arch)
                if set(room.needs) <= set(self.labs) and self.course.home(room) == self.lab.number]

    @property
    def rows(self) -> list[Row]:
        """The rows that are first proven in this set: the last lab's, and earlier ones that waited for it."""
        earlier = set(self.labs[:-1])
        return [row for lab_id in self.labs for row in self.course.lab(lab_id).rows_on(self.arch, set(self.labs))
                if not row.active(earlier)]

    @property
    def scored(self) -> list[Row]:
        """Those of them that a room decides; provided code is proven on the solved tree."""
        return [row for row in self.rows if not row.given]

    def tree(self, kind: str, fills: dict[str, str] | None = None) -> dict[str, File]:
        step = Step(kind, self.labs, self.arch, hidden_rows=True)
        return dict(render(self.course, step, fills, self.owner_of).files)

    def reference(self, room: Room) -> str:
        """The reference text of a room, out of the source tree."""
        text = (self.course.root / room.file).read_text(encoding="utf-8")
        return find_rooms(text, room.file)[room.id].text

    def job(self, stage: str, name: str, work: Callable[[Bench], list[LabError]]) -> Job:
        return Job(stage, name, self.labs, self.arch, work)

    def grade(self, bench: Bench, rows: list[Row], wanted: set[str] | None = None) -> dict[str, Result]:
        """Grades these rows (by default all of them), lab by lab."""
        results: dict[str, Result] = {}
        for lab_id in self.labs:
            of_lab = self.course.lab(lab_id).rows_on(self.arch, set(self.labs))
            ids = {row.id for row in rows if row.lab == lab_id and (wanted is None or row.id in wanted)}
            if ids:
                results.update(bench.grade(lab_id, behind_closure(of_lab, ids)))
        return results

    # ---- 1 and 2: the solved tree and the starter ----
    def solved(self) -> Job:
        def work(bench: Bench) -> list[LabError]:
            bench.lay(self.tree("solved"))
            errors = []
            for lab_id in self.labs:
                rows = [row.id for row in self.course.lab(lab_id).rows_on(self.arch, set(self.labs))]
                errors += must_pass(bench.grade(lab_id, rows), rows, "the reference")
            return errors
        return self.job("solved", "builds clean, scores all", work)

    def starter(self) -> Job:
        def work(bench: Bench) -> list[LabError]:
            bench.lay(self.tree("starter"))
            results = self.grade(bench, self.scored)
            errors = [unearned(result, "the starter") for result in results.values() if result.points]
            errors += self.names_a_room(results, self.rooms[0] if self.rooms else None, self.rooms)
            for lab_id in self.labs[:-1]:
                errors += self.floor(bench, lab_id)
            return errors
        return self.job("starter", "builds clean, scores its floor", work)

    def floor(self, bench: Bench, lab_id: str) -> list[LabError]:
        rows = [row for row in self.course.lab(lab_id).rows_on(self.arch, set(self.labs)) if row not in self.rows and not row.given]
        results = bench.grade(lab_id, [row.id for row in rows])
        most = sum(result.max_points for result in results.values())
        stated = self.lab.floor.get(lab_id, 0)
        expected = most if stated == "all" else int(stated)
        got = sum(result.points for result in results.values())
        if got == expected:
            return []
        lost = [f"{result.id} {result.verdict} {result.reason}" for result in results.values() if result.verdict != "PASS"]
        return [LabError(f"the starter of {self.lab.id} has another floor in lab {lab_id}",
                         expected=f"floor = {{ {lab_id} = {stated!r} }}: {expected} points", got=f"{got} of {most}: {lost}",
                         where=f"labs/{self.lab.folder_name}/lab.toml", run=f"make -C {bench.folder} grade LAB={lab_id}")]

    def names_a_room(self, results: dict[str, Result], room: Room | None, still_open: list[Room]) -> list[LabError]:
        """A row that falls at an open room must say so: the room names itself, and nothing hangs."""
        ids = {one.id for one in still_open}
        errors = []
        for row in self.scored:
            if room is None or row.room != room.id or row.id not in results or results[row.id].verdict == "SKIP":
                continue
            result = results[row.id]
            named = set(re.findall(r"\b[a-z][a-z0-9_]*\.\d+\b", result.reason)) & ids
            if result.verdict == "TIMEOUT" or not named:
                errors.append(LabError(f"row {row.id} does not say that room {room.id} is open",
                                       expected=f"a reason that names one of {', '.join(sorted(ids))}",
                                       got=f"{result.verdict}: {result.reason or 'no reason'}",
                                       where=f"the starter of {room.id} in labs/{self.lab.folder_name}/lab.toml",
                                       run=result.where))
        return errors

    # ---- 3: the ladder ----
    def ladder(self) -> Iterator[Job]:
        """One rung for each room but the last: rooms up to it filled, its rows green, those of the next not yet."""
        for count in range(1, len(self.rooms)):
            room, coming = self.rooms[count - 1], self.rooms[count]
            yield self.job("ladder", f"{room.id} turns {self.green(room)} green", self.rung(count, room, coming))

    def green(self, room: Room) -> str:
        rows = [row.id for row in self.scored if row.room == room.id]
        return ", ".join(rows) if len(rows) < 4 else f"{len(rows)} rows"

    def rung(self, count: int, room: Room, coming: Room) -> Callable[[Bench], list[LabError]]:
        def work(bench: Bench) -> list[LabError]:
            fills = {one.id: self.reference(one) for one in self.rooms[:count]}
            bench.lay(self.tree("starter", fills))
            mine = [row.id for row in self.scored if row.room == room.id]
            later = [row.id for row in self.scored if row.room == coming.id]
            results = self.grade(bench, self.scored, {*mine, *later})
            errors = must_pass(results, mine, f"rooms up to {room.id} filled")
            errors += [unearned(results[row], f"room {coming.id} still open") for row in later if results[row].points]
            return errors + self.names_a_room(results, coming, self.rooms[count:])
        return work

    def opened(self) -> Iterator[Job]:
        """Every room open alone in the solved tree: what reaches it must name it (FULL)."""
        for room in self.rooms:
            def work(bench: Bench, room: Room = room) -> list[LabError]:
                bench.lay(self.tree("solved", {room.id: room.starter}))
                results = self.grade(bench, self.scored, {row.id for row in self.scored if row.room == room.id})
                return self.names_a_room(results, room, [room])
            yield self.job("opened", f"{room.id} alone is open", work)

    # ---- 4: wrong solutions ----
    def wrongs(self) -> list[Wrong]:
        """Those that are first active in this set."""
        found = []
        for lab_id in self.labs:
            for wrong in self.course.wrongs(self.course.lab(lab_id)):
                needed = {wrong.lab, *wrong.needs}
                if wrong.on(self.arch) and needed <= set(self.labs) and self.lab.id in needed:
                    found.append(wrong)
        return found

    def wrong(self, wrong: Wrong) -> Job:
        def work(bench: Bench) -> list[LabError]:
            bench.lay(apply_edits(self, self.tree("solved"), wrong.edit, str(wrong.path)), clean=False)
            here = {row.id for row in self.rows if row.on(self.arch)}
            must = [rows for demand in wrong.must if (rows := [row for row in demand if row in here])]
            # Which others fall is asked only where it matters.
            matters = self.full and wrong.may_fail != "*"
            wanted = {row for rows in must for row in rows} | ({row.id for row in self.scored} if matters else set())
            results = self.grade(bench, self.rows, wanted)
            errors = []
            for rows in must:
                if not any(results[row].verdict in FELL for row in rows):
                    errors.append(LabError(f"wrong solution {wrong.name} is not caught by row {' or '.join(rows)}",
                                           expected=f"FAIL: {wrong.mistake}",
                                           got=", ".join(f"{results[row].verdict} {results[row].reason}" for row in rows),
                                           where=f"{wrong.path}, and the row's test", run=results[rows[0]].where))
            for result in results.values():
                if matters and result.verdict in FELL and not wrong.may(result.id):
                    errors.append(LabError(f"wrong solution {wrong.name} also fails row {result.id}",
                                           expected=f"only {', '.join(wrong.must_rows)}, or the row in may_fail",
                                           got=f"{result.verdict}: {result.reason}", where=str(wrong.path),
                                           run=result.where))
            return errors
        return self.job("wrong", wrong.name, work)


def unearned(result: Result, what: str) -> LabError:
    return LabError(f"{what}: row {result.lab}/{result.id} gives points", expected="0 points",
                    got=f"{result.points} points, {result.verdict}", where="`room` of the row in lab.toml, or its test",
                    run=result.where)


def apply_edits(proofs: Proofs, files: dict[str, File], edits: list[Edit], where: str) -> dict[str, File]:
    """A tree with the [[edit]]s of a wrong solution or a cheat in it."""
    out = dict(files)
    for edit in edits:
        path = proofs.course.room(edit.room, proofs.arch).file if edit.room else edit.file
        if edit.new is not None:
            out[path] = File(edit.new.encode())
            continue
        if path not in out:
            raise LabError(f"{where}: there is no {path} in the tree of {', '.join(proofs.labs)}",
                           expected="a file of the tree", got=path, where=where)
        text = out[path].data.decode()
        if edit.append is not None:
            text += edit.append
        elif edit.room:
            text = edit_room(text, path, edit, where)
        else:
            text = apply_edit(text, edit.find, edit.put, where)
        out[path] = File(text.encode(), out[path].executable)
    return out


def edit_room(text: str, path: str, edit: Edit, where: str) -> str:
    found = find_rooms(text, path)
    if edit.room not in found:
        raise LabError(f"{where}: room {edit.room} is not in {path}", expected="the room's markers", got="none", where=path)
    new = edit.text if edit.text is not None else apply_edit(found[edit.room].text, edit.find, edit.put, where)
    return replace_rooms(text, path, {edit.room: new})
