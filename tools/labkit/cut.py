"""Cuts one step tree out of the one source tree: `cut --starter LAB OUT`, `--solved LAB OUT`, `--carry LAB OUT`.

render() computes every byte of the tree, so that the same source always gives the same tree; laying.py writes it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from . import handout, lab_text
from .errors import LabError
from .manifest import MANIFEST, File, format_manifest
from .model import Course, Room
from .rooms import find_rooms, may_hold_rooms, replace_rooms
from .tree import Step, is_private, other_port, partition, step_sources

STEP_FILE = "labs/step.toml"


@dataclass
class Rendered:
    """A step tree as bytes, and where each file came from (None: generated)."""
    step: Step
    files: dict[str, File]
    sources: dict[str, Path | None]


def room_is_open(course: Course, room: Room, step: Step) -> bool:
    """Rooms of the step's lab are open, in a carry tree those of every lab; rooms of later labs always are, unless
    the tree is the instructor's solved one."""
    if step.kind == "solved":
        return False
    return step.kind == "carry" or course.home(room) >= course.lab(step.lab).number


def rooms_in(course: Course, path: str) -> dict[str, Room]:
    """The rooms of a file; one that is written anew for each CPU lies in a file for each."""
    return {room.id: room for lab in course.labs for room in lab.rooms if room.file == path}


def cut_text(course: Course, step: Step, path: str, text: str, fills: dict[str, str]) -> str:
    """A source file as the step has it: passages of absent CPUs gone, rooms open, filled or replaced."""
    text = lab_text.drop_other_ports(text, step.arches, path)
    if not may_hold_rooms(path):
        return text
    rooms = rooms_in(course, path)
    texts = {}
    for found in find_rooms(text, path):
        if found not in rooms:
            raise LabError(f"room {found} is in no lab.toml", expected="a [[rooms]] table with this id",
                           got=f"a marker in {path}", where=path, run="tools/labs.py check --only grammar")
        if found in fills:
            texts[found] = fills[found]
        elif room_is_open(course, rooms[found], step):
            texts[found] = rooms[found].starter
    return replace_rooms(text, path, texts)


def render(course: Course, step: Step, fills: dict[str, str] | None = None,
           owner_of: dict[str, str] | None = None) -> Rendered:
    """Every file of a step tree. `fills` gives the text of some rooms, whatever the step says of them."""
    if course.step:
        raise LabError("this is a cut tree; only the one source tree can be cut", expected="no labs/step.toml",
                       got=f"the tree of {course.step.get('kind')} {course.step.get('lab')}", where=str(course.root))
    files: dict[str, File] = {}
    origin: dict[str, Path | None] = {}
    for path, source in step_sources(course, step.labs, owner_of or partition(course)).items():
        if is_private(course, path, step.hidden_rows) or other_port(path, step):
            continue
        data = source.read_bytes()
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = None
        if text is not None:
            text = lab_text.public_lab_toml(text, step) if path.endswith("/lab.toml") else text
            data = cut_text(course, step, path, text, fills or {}).encode()
        files[path] = File(data, os.access(source, os.X_OK))
        origin[path] = source
    for path, text in generated(course, step, set(files)).items():
        files[path] = File(text.encode(), False)
        origin[path] = None
    files[MANIFEST] = File(format_manifest(files).encode(), False)
    origin[MANIFEST] = None
    check_rooms_present(course, step, files)
    return Rendered(step, files, origin)


def generated(course: Course, step: Step, present: set[str]) -> dict[str, str]:
    """The files that no source holds: what this tree is, its README, and empty answers."""
    open_rooms = [room.id for lab in course.complete if lab.id in step.labs for room in lab.rooms
                  if room_is_open(course, room, step) and course.home(room) <= course.lab(step.lab).number
                  and any(room.on(arch) for arch in step.arches)]
    open_rooms = list(dict.fromkeys(open_rooms))        # a room that differs between CPUs is named once
    lines = [
        "# What this tree is. Written by the cut, read by make next, make grade, make handin and make update.",
        f"kind = {json.dumps(step.kind)}", f"lab = {json.dumps(step.lab)}", f"labs = {json.dumps(list(step.labs))}",
        f"arch = {json.dumps(step.arch)}", f"branch = {json.dumps(branch_name(course, step))}",
        f"rooms = {json.dumps(open_rooms)}", f"new_files = {json.dumps(course.new_files)}"]
    out = {STEP_FILE: "\n".join(lines) + "\n", "README.md": handout.readme(course, step, open_rooms)}
    if step.kind != "solved":
        if "tools/labs.py" in present:
            out["tools/handout.mk"] = handout.targets(step)
        for lab_id in step.labs if step.kind == "carry" else (step.lab,):
            path = f"labs/{course.lab(lab_id).folder_name}/answers.md"
            if path not in present:
                out[path] = handout.answers(course.lab(lab_id))
    return out


def branch_name(course: Course, step: Step) -> str:
    family = {"solved": "solved", "starter": "lab", "carry": "carry"}[step.kind]
    return f"{family}/{course.lab(step.lab).number}"


def check_rooms_present(course: Course, step: Step, files: dict[str, File]) -> None:
    """Every room of the step's labs must really be where lab.toml says."""
    for lab in course.complete:
        for room in lab.rooms:
            wanted = lab.id in step.labs and set(room.needs) <= set(step.labs)
            if not wanted or not any(room.on(arch) for arch in step.arches):
                continue
            file = files.get(room.file)
            if file is None or room.id not in find_rooms(file.data.decode(), room.file):
                raise LabError(f"room {room.id} is not in the tree of {', '.join(step.labs)}",
                               expected=f"`ROOM {room.id} begin: …` in {room.file}",
                               got="no such file" if file is None else "a file without it",
                               where=f"labs/{lab.folder_name}/lab.toml", run="tools/labs.py check --only grammar")


def step_for(course: Course, kind: str, lab_id: str, arch: str) -> Step:
    """The usual step: the prefix of the labs that ends with `lab_id`."""
    lab = course.lab(lab_id)
    if lab.planned:
        raise LabError(f"lab {lab.id} is only planned", expected=", ".join(lab.id for lab in course.complete), got=lab.id,
                       where=f"labs/{lab.folder_name}", run="make labs")
    return Step(kind, tuple(course.prefix(lab_id)), arch, hidden_rows=kind == "solved")
