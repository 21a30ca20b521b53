"""`labs.py spec`: the rows of a lab as the specification in its hand-out.

A hand-out prints every public row's sentence; so that it stays true, the table between the marker lines
`<!-- rows begin -->` and `<!-- rows end -->` is written from lab.toml (`--write`) or compared with it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from .errors import LabError
from .model import Lab, load_course

BEGIN, END = "<!-- rows begin -->\n", "<!-- rows end -->\n"
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
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise LabError(f"{path} has no place for its rows", expected=f"the lines {BEGIN.strip()} and {END.strip()}",
                       got="none", where=str(path))
    current = before + BEGIN + table(lab) + END + after
    if write and current != text:
        path.write_text(current, encoding="utf-8")
    return write or current == text


def table(lab: Lab) -> str:
    """The public rows in the order of the rooms that turn them green."""
    lines = ["\n| room | row | points | the sentence it proves |\n|---|---|---:|---|\n"]
    for room_id in dict.fromkeys(room.id for room in lab.rooms):
        for row in lab.rows:
            if row.room == room_id and row.visibility == "public":
                only = ONE_CPU[row.arch[0]] if len(row.arch) == 1 else ""
                lines.append(f"| {room_id} | `{row.id}`{only} | {row.points} | {row.spec} |\n")
    return "".join(lines) + "\n"
