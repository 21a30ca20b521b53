"""Which rows a run grades, and the Python function behind each."""
from __future__ import annotations

import importlib
from collections.abc import Callable

from tools.labkit import model

from . import host
from .bench import Bench, run_program
from .settings import Settings
from .verdicts import Infrastructure


class NothingToGrade(Exception):
    """The command names a lab or a row that this tree does not have."""


def course_of(settings: Settings) -> model.Course:
    return settings.course or model.load_course(settings.root)


def select(settings: Settings) -> list[tuple[model.Lab, list[model.Row]]]:
    """The labs to grade and their rows, in the order of lab.toml; rows of provided code if they are asked for."""
    course = course_of(settings)
    present = {lab.id for lab in course.complete}
    labs = [course.lab(name) for name in settings.labs] if settings.labs else course.complete
    missing = set(settings.rows)
    chosen = []
    for lab in labs:
        rows = lab.rows_on(settings.arch, present)
        missing -= {row.id for row in rows}
        if settings.rows:
            rows = [row for row in rows if row.id in settings.rows]
        elif not settings.given:
            rows = [row for row in rows if not row.given]
        if rows:
            chosen.append((lab, rows))
    if missing:
        known = [row.id for lab in labs for row in lab.rows_on(settings.arch, present)]
        raise NothingToGrade(f"there is no row {', '.join(sorted(missing))}; rows: {', '.join(known)}")
    if not chosen:
        raise NothingToGrade(f"this tree has no rows for {settings.arch}")
    return chosen


def module_named(name: str) -> object:
    """A module of the grader's, or nothing if the tree has none of this name."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in (name, name.rpartition(".")[0]):
            raise
        return None


def body_of(row: model.Row) -> Callable[[Bench], object]:
    """What runs a row: its own function if there is one, else what its kind says."""
    for name in (f"grading.test_{row.lab}", f"grading.hidden.test_{row.lab}"):     # the latter is in no hand-out
        own = getattr(module_named(name), f"test_{row.id}", None)
        if own is not None:
            return own
    if row.kind == "program":
        return run_program
    if row.kind == "host":
        return host.run_host
    raise Infrastructure(f"row {row.id} is of kind {row.kind}, but grading/test_{row.lab}.py has no "
                         f"test_{row.id}")
