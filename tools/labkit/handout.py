"""The texts that a cut writes itself: the README of a hand-out and the empty answers."""

from __future__ import annotations

from pathlib import Path

import jinja2

from .model import Course, Lab
from .tree import Step

TEMPLATES = Path(__file__).parent / "templates"


def readme(course: Course, step: Step, open_rooms: list[str]) -> str:
    lab = course.lab(step.lab)
    labs = [course.lab(lab_id) for lab_id in step.labs]
    rooms = [room for one in course.complete for room in one.rooms
             if room.id in open_rooms and any(room.on(arch) for arch in step.arches)]
    rows = [row for one in labs for row in one.rows
            if row.visibility == "public" and not row.given and any(row.on(arch) for arch in step.arches)]
    green = {room.id: some([row.id for row in rows if row.room == room.id]) for room in rooms}
    points = {one.id: sum(row.points for row in rows if row.lab == one.id) for one in labs}
    title = f"Cairn: lab {lab.number}, {lab.title}" + (" (solved)" if step.kind == "solved" else "")
    return template("README.md.j2").render(title=title, step=step, lab=lab, labs=labs, rooms=rooms,
                                                   green=green, points=points)


def some(names: list[str]) -> list[str]:
    return names if len(names) < 5 else [*names[:3], f"and {len(names) - 3} more"]


def template(name: str) -> jinja2.Template:
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.StrictUndefined,
                             keep_trailing_newline=True)
    return env.get_template(name)


def targets(step: Step) -> str:
    """tools/handout.mk: make next, make handin, make update."""
    return template("handout.mk").render(step=step)


def answers(lab: Lab) -> str:
    return (f"# Answers: lab {lab.number}, {lab.title}\n\n"
            f"Answer the questions of `labs/{lab.folder_name}/handout.md` here, each under its number.\n")
