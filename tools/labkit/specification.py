"""`labs.py spec`: the rows of a lab as the specification in its hand-out.

A hand-out prints every public row's sentence. So that it stays true, the table between the marker lines
`<!-- rows begin -->` and `<!-- rows end -->` is written from lab.toml (`--write`) or compared with it; and so is the
list of the rows that prove provided code, between `<!-- given rows begin -->` and `<!-- given rows end -->`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from .errors import LabError
from .model import Lab, Row, load_course

BEGIN, END = "<!-- rows begin -->\n", "<!-- rows end -->\n"
GIVEN_BEGIN, GIVEN_END = "<!-- given rows begin -->\n", "<!-- given rows end -->\n"
ONE_CPU = {"riscv64": " (riscv64)", "x86_64": " (x86-64)"}


def add_spec_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--write", action="store_true", help="write the tables instead of comparing them")


def run_spec(options: argparse.Namespace) -> int:
    course = load_course(options.root)
    stale = [lab for lab in course.labs if not lab.planned and not bring_up_to_date(lab, options.write)]
    for lab in stale:
        print(f"labs/{lab.folder_name}/handout.md does not print the rows that lab.toml states\n"
              f"  run next: tools/labs.py spec --write")
    return 1 if stale else 0


def bring_up_to_date(lab: Lab, write: bool) -> bool:
    """Whether the hand-out prints the lab's rows, now or after writing them."""
    path = Path(lab.folder) / "handout.md"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    current = between(path, text, BEGIN, table(lab), END)
    if any(row.given for row in lab.rows):
        current = between(path, current, GIVEN_BEGIN, given_table(lab), GIVEN_END)
    if write and current != text:
        path.write_text(current, encoding="utf-8")
    return write or current == text


def between(path: Path, text: str, begin: str, what: str, end: str) -> str:
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise LabError(f"{path} has no place for its rows", expected=f"the lines {begin.strip()} and {end.strip()}", got="none",
                       where=str(path))
    return before + begin + what + end + after


def table(lab: Lab) -> str:
    """The public rows that carry points, in the order of the rooms that turn them green."""
    lines = ["\n| room | row | points | the sentence it proves |\n|---|---|---:|---|\n"]
    for room_id in dict.fromkeys(room.id for room in lab.rooms):
        for row in lab.rows:
            if row.room == room_id and row.visibility == "public" and not row.given:
                lines.append(f"| {room_id} | `{row.id}`{only_on(row)} | {row.points} | {row.spec} |\n")
    return "".join(lines) + "\n"


def given_table(lab: Lab) -> str:
    """The public rows that prove provided code, in the order of lab.toml."""
    lines = ["\n| row | the sentence it proves |\n|---|---|\n"]
    lines += [f"| `{row.id}`{only_on(row)} | {row.spec} |\n" for row in lab.rows if row.given and row.visibility == "public"]
    return "".join(lines) + "\n"


def only_on(row: Row) -> str:
    return ONE_CPU[row.arch[0]] if len(row.arch) == 1 else ""
