"""`labs.py start LAB DIR`: a hand-out for one person, ready to be worked in."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from . import repo
from .model import ARCHES, load_course


def add_start_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lab")
    parser.add_argument("dir", type=Path)
    parser.add_argument("--family", choices=("lab", "carry"), default="lab",
                        help="earlier labs solved by the reference (lab), or their rooms open too (carry)")
    parser.add_argument("--arch", choices=(*ARCHES, "both"), default="both")


def run_start(options: argparse.Namespace) -> int:
    course = load_course(options.root)
    repo.start(course, options.lab, options.dir, options.family, options.arch)
    lab = course.lab(options.lab)
    print(f"{options.dir}: lab {lab.number}, {lab.title}, on a branch of your own, `work`")
    print(f"read:  {options.dir}/README.md, then labs/{lab.folder_name}/handout.md in it")
    print(f"next: cd {shlex.quote(str(options.dir))} && make next")
    return 0
