"""`labs.py cut`: the command line of the cut."""

from __future__ import annotations

import argparse
from pathlib import Path

from .cut import render, step_for
from .errors import LabError
from .laying import write_tree
from .model import ARCHES, load_course


def add_cut_options(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--starter", metavar="LAB", help="earlier labs solved, the rooms of LAB open")
    what.add_argument("--solved", metavar="LAB", help="the labs up to LAB solved (instructors only)")
    what.add_argument("--carry", metavar="LAB", help="the rooms of all labs up to LAB open")
    what.add_argument("--repo", action="store_true", help="a git repository of hand-outs")
    what.add_argument("--update", action="store_true", help="append this tree's changes to a repository of hand-outs")
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--arch", choices=(*ARCHES, "both"), default="both")
    parser.add_argument("--through", metavar="LAB", help="release the labs up to LAB only, for students")
    parser.add_argument("--family", choices=("carry", "lab"), default="carry",
                        help="with --through: one tree that a student carries on (carry), or each lab afresh (lab)")
    parser.add_argument("--instructors", action="store_true",
                        help="with --repo: the solved branches as well; such a repository is for no student")
    parser.add_argument("--message", default="", help="with --update: what the fix is")


def run_cut(options: argparse.Namespace) -> int:
    course = load_course(options.root)
    if options.repo or options.update:
        from . import repo
        return repo.run(course, options)
    if options.through or options.message or options.instructors:
        raise LabError("--through, --instructors and --message go with --repo and --update", expected="cut --repo --through LAB OUT",
                       got="a single tree", run="tools/labs.py cut --help")
    kind = "starter" if options.starter else "solved" if options.solved else "carry"
    step = step_for(course, kind, options.starter or options.solved or options.carry, options.arch)
    changed = write_tree(options.out, render(course, step).files)
    print(f"{options.out}: the {kind} tree of {', '.join(step.labs)} ({options.arch}), {len(changed)} files written")
    return 0
