"""`labs.py list`: the labs of a tree; with --lab, its rooms and rows."""

from __future__ import annotations

import argparse

from .model import Lab, load_course


def add_list_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lab", help="show this lab's rooms and rows")
    parser.add_argument("--arch", default="riscv64")


def run_list(options: argparse.Namespace) -> int:
    course = load_course(options.root)
    if options.lab:
        show(course.lab(options.lab), options.arch)
        return 0
    print(f"{'lab':<14}{'title':<16}{'rooms':>6}{'rows':>6}{'points':>8}  needs")
    for lab in course.labs:
        if lab.planned:
            print(f"{lab.id:<14}{lab.title:<16}{'planned: only its doors and stand-ins are here':>22}")
            continue
        print(f"{lab.id:<14}{lab.title:<16}{len(lab.rooms_on(options.arch)):>6}{len(lab.rows_on(options.arch)):>6}"
              f"{lab.points(options.arch):>8}  {', '.join(lab.needs)}")
    return 0


def show(lab: Lab, arch: str) -> None:
    print(f"lab {lab.number}, {lab.id}: {lab.title} (labs/{lab.folder_name})\n")
    for room in lab.rooms_on(arch):
        print(f"  {room.id:<12} part {room.part}  {room.title} — {room.file}{'  (bonus)' if room.stretch else ''}")
    print()
    for row in lab.rows_on(arch):
        print(f"  {row.id:<24}{row.points:>3}  {row.theme:<12}{row.room:<12}{row.spec}")
