"""Proofs 5 and 6: a student's own work survives the next lab's hand-out, and a graft of it scores as it should.

The student is the reference filled *differently*: locals renamed (proof.toml), a comment in every room, a helper
function above it, an extra field in a struct. Their tree is merged with git, as `make update` does.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from argparse import Namespace
from pathlib import Path

from .bench import Bench, must_pass
from .errors import LabError
from .graft import Report
from .graft_command import graft_from_source
from .laying import write_tree
from .manifest import File
from .model import Room, load_proof
from .proofs import Job, Proofs
from .repo import cut_repo
from .rooms import find_rooms, may_hold_rooms, replace_rooms

DISTANCE = 8
HELPER = """\
// A helper that a student wrote above the room.
[[maybe_unused]] static int helper_{name}(int value) {{
  return value + {number};
}}

"""


def filled_differently(proofs: Proofs, room: Room) -> str:
    """The reference as another hand might have written it: names changed, a comment of its own."""
    text = proofs.reference(room)
    renames = load_proof(proofs.course.lab(room.lab)).rename.get(room.id, [])
    for old, new in renames:
        changed = re.sub(rf"\b{re.escape(old)}\b", new, text)
        if changed == text:
            raise LabError(f"the carry proof renames `{old}` in room {room.id}, which does not hold it",
                           expected="a local of the reference", got=old,
                           where=f"labs/{proofs.course.lab(room.lab).folder_name}/proof.toml")
        text = changed
    return "// Filled in by hand.\n" + text


def student_edits(proofs: Proofs, files: dict[str, File], rooms: list[Room]) -> dict[str, File]:
    """The hand-out with these rooms filled differently and the student's own lines around them."""
    out = dict(files)
    for room in rooms:
        text = replace_rooms(out[room.file].data.decode(), room.file, {room.id: filled_differently(proofs, room)})
        name = room.id.replace(".", "_")
        helper = HELPER.format(name=name, number=room.number) if room.file.endswith(".cc") else \
            "// A note that a student wrote above the room.\n"
        lines = text.splitlines(keepends=True)
        begin = find_rooms(text, room.file)[room.id].begin
        lines[begin:begin] = [helper]
        out[room.file] = File("".join(lines).encode(), out[room.file].executable)
    for lab_id in {room.lab for room in rooms}:
        for extra in load_proof(proofs.course.lab(lab_id)).field:
            if extra["file"] in out:
                text = out[extra["file"]].data.decode()
                if text.count(extra["after"]) != 1:
                    raise LabError("the carry proof's extra field has no place", expected=f"one line {extra['after']!r}",
                                   got=f"{text.count(extra['after'])} in {extra['file']}",
                                   where=f"labs/{proofs.course.lab(lab_id).folder_name}/proof.toml")
                text = text.replace(extra["after"], extra["after"] + "\n" + extra["add"])
                out[extra["file"]] = File(text.encode())
    return out


def earlier_rooms(proofs: Proofs) -> list[Room]:
    """The rooms that a carrying student has filled before this set's last lab."""
    present = proofs.tree("carry")
    return [room for lab in proofs.course.complete for room in lab.rooms
            if room.lab in proofs.labs and set(room.needs) <= set(proofs.labs) and room.file in present
            and proofs.course.home(room) < proofs.lab.number]


def git(folder: Path, *arguments: str) -> tuple[int, str]:
    ran = subprocess.run(["git", "-C", str(folder), "-c", "user.name=Student", "-c", "user.email=student@example.org",
                          *arguments], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def merged(proofs: Proofs, folder: Path) -> dict[str, File]:
    """A student's tree of the labs before, merged with the hand-out of this set's last lab."""
    repo, work = folder / "handouts.git", folder / "work"
    repo.mkdir()
    git(repo, "init", "--quiet", "--bare", ".")
    cut_repo(proofs.course, repo, ["carry"], proofs.lab, proofs.arch)
    before = proofs.course.lab(proofs.labs[-2])
    status, out = git(folder, "clone", "--quiet", "--branch", f"carry/{before.number}", str(repo), str(work))
    if status:
        raise LabError("the repository of hand-outs cannot be cloned", expected="status 0", got=out, where=str(repo))
    rooms = earlier_rooms(proofs)
    files = {path: File((work / path).read_bytes()) for path in git(work, "ls-files")[1].split("\n") if path}
    for path, file in student_edits(proofs, files, rooms).items():
        if file != files[path]:
            (work / path).write_bytes(file.data)
    git(work, "commit", "--quiet", "--all", "--message", "my work")
    status, out = git(work, "merge", "--no-edit", f"origin/carry/{proofs.lab.number}")
    if status:
        raise LabError(f"a student's work of {before.id} conflicts with the hand-out of {proofs.lab.id}",
                       expected="a merge without conflict", got=out.strip(), where="the files named above",
                       run=f"git diff carry/{before.number} carry/{proofs.lab.number}  (in a repository of cut --repo)")
    out_files = {}
    for entry in git(work, "ls-files", "--stage")[1].splitlines():
        mode, _, _, path = entry.split(None, 3)
        out_files[path] = File((work / path).read_bytes(), mode == "100755")
    for room in rooms:
        now = find_rooms(out_files[room.file].data.decode(), room.file)[room.id].text
        if now.strip() != filled_differently(proofs, room).strip():
            raise LabError(f"the merge changed room {room.id}", expected="the student's text", got=now, where=room.file)
    return out_files


def carry(proofs: Proofs) -> Job:
    def work(bench: Bench) -> list[LabError]:
        with tempfile.TemporaryDirectory(prefix="cairn-carry-") as folder:
            files = merged(proofs, Path(folder))
        files = with_hidden_rows(proofs, files)
        fill = {room.id: filled_differently(proofs, room) for room in proofs.rooms}
        by_file: dict[str, dict[str, str]] = {}
        for room in proofs.rooms if proofs.full else []:
            by_file.setdefault(room.file, {})[room.id] = fill[room.id]
        for path, texts in by_file.items():
            files[path] = File(replace_rooms(files[path].data.decode(), path, texts).encode())
        bench.lay(files, clean=False)
        errors = []
        for lab_id in proofs.labs if proofs.full else proofs.labs[:-1]:
            rows = [row for row in proofs.course.lab(lab_id).rows_on(proofs.arch, set(proofs.labs))
                    if proofs.full or row not in proofs.rows]
            if not proofs.full and proofs.lab.floor.get(lab_id) != "all":
                continue
            ids = [row.id for row in rows]
            errors += must_pass(bench.grade(lab_id, ids), ids, "after the merge of the next hand-out")
        return errors
    return proofs.job("carry", f"own work of {proofs.labs[-2]} merges {proofs.lab.id}", work)


def with_hidden_rows(proofs: Proofs, files: dict[str, File]) -> dict[str, File]:
    """The merged tree as an instructor grades it: hidden rows too, and what they live on."""
    full = proofs.tree("carry")
    return files | {path: file for path, file in full.items() if path.endswith("/lab.toml") or path not in files}


def distance(proofs: Proofs) -> Job:
    """The hand-out's own diff keeps away from earlier rooms, so that git never has to guess."""
    def work(_bench: Bench) -> list[LabError]:
        import difflib
        below = Proofs(proofs.course, proofs.labs[:-1], proofs.arch, proofs.owner_of)
        old, new = below.tree("carry"), proofs.tree("carry")
        errors = []
        for path in sorted(set(old) & set(new)):
            if not may_hold_rooms(path) or old[path].data == new[path].data:
                continue
            was = old[path].data.decode().splitlines()
            is_now = new[path].data.decode().splitlines()
            changes = [code for code in difflib.SequenceMatcher(None, was, is_now, autojunk=False).get_opcodes()
                       if code[0] != "equal"]
            for room in find_rooms(old[path].data.decode(), path).values():
                for _, first, last, _, _ in changes:
                    if first - DISTANCE <= room.end and last + DISTANCE > room.begin:
                        errors.append(LabError(f"lab {proofs.lab.id} changes {path} next to room {room.id}",
                                               expected=f"at least {DISTANCE} unchanged lines around an earlier room",
                                               got=f"lines {first + 1} to {last} change; the room is at {room.begin + 1} "
                                               f"to {room.end + 1}", where=path,
                                               run="tools/labs.py check --only distance"))
        return errors
    return proofs.job("distance", "the next hand-out keeps away from rooms", work)


def graft(proofs: Proofs) -> Job:
    """A student's lab on the reference of the others: earlier rooms open in the submission, all points in the lab."""
    def work(bench: Bench) -> list[LabError]:
        with tempfile.TemporaryDirectory(prefix="cairn-graft-") as folder:
            submission = Path(folder) / "submission"
            handed_out = Proofs(proofs.course, proofs.labs, proofs.arch, proofs.owner_of).tree("carry")
            write_tree(submission, student_edits(proofs, handed_out, proofs.rooms))
            (submission / "Makefile").write_text("grade:\n\t@echo full marks\n", encoding="utf-8")
            report = Report(folder, [])
            asked = Namespace(lab=proofs.lab.id, arch=proofs.arch, own=True, out=Path(folder) / "out", report=None)
            files, _ = graft_from_source(proofs.course, submission, asked, report)
        errors = []
        if not any(item["path"] == "Makefile" for item in report.ignored):
            errors.append(LabError("the graft does not tell that the Makefile was changed", expected="it among the differences",
                                   got=report.text(), where="tools/labkit/graft.py"))
        bench.lay(files, clean=False)
        rows = [row.id for row in proofs.lab.rows_on(proofs.arch, set(proofs.labs)) if proofs.full or not row.given]
        return errors + must_pass(bench.grade(proofs.lab.id, rows), rows, "the graft of a student's rooms")
    return proofs.job("graft", f"own rooms of {proofs.lab.id} on the reference", work)
