"""`labs.py graft`: lays a graft, and beside it the tree that grades it.

Instructors graft into a tree cut from the source (`graft SUBMISSION OUT --lab traps`), `make grade` in a hand-out into
the pristine bytes of its own git history (`graft --here build/graft`). OUT holds the graft, whose kernel is built;
OUT/grader the pristine tree, whose grader and test programs are used: no file of a submission is in it. What an earlier
graft into OUT has left is gone first: its results, and, if this one fails, its tree.
"""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from .errors import LabError
from .graft import Report, Rules, graft, rules_for
from .laying import is_free, remove_tree, write_tree
from .manifest import MANIFEST, File, pristine_from_git, read_manifest
from .model import ARCHES, Course, load_course, read_toml
from .results import write_failure

GRADER = "grader"
RESULTS = "build/results.json"


def add_graft_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("submission", nargs="?", type=Path, help="a student's tree, the package of make handin, or its bundle")
    parser.add_argument("out", nargs="?", type=Path, help="where the grafted tree is laid")
    parser.add_argument("--here", type=Path, metavar="OUT", help="graft this hand-out into its own pristine tree")
    parser.add_argument("--lab", help="the lab that is graded")
    parser.add_argument("--own", action="store_true", help="take only this lab's rooms, the reference for earlier ones")
    parser.add_argument("--arch", choices=(*ARCHES, "both"), default="both")
    parser.add_argument("--report", type=Path, help="where the report is written (default: OUT.json)")


def run_graft(options: argparse.Namespace) -> int:
    if options.here:
        with cleared(options.here, keeps_tree=True):
            return graft_here(options.root, options.here, options.report)
    if not (options.submission and options.out and options.lab):
        raise LabError("a graft needs a submission, a place and a lab",
                       expected="tools/labs.py graft SUBMISSION OUT --lab traps", got="fewer arguments",
                       run="tools/labs.py graft --help")
    with cleared(options.out):
        from .submission import opened
        course = load_course(options.root)
        with opened(options.submission) as (tree, history):
            report = Report(str(options.out), [])
            files, pristine = graft_from_source(course, tree, options, report, history)
        return finish(files, pristine, options.out, report, options.report)


@contextlib.contextmanager
def cleared(out: Path, keeps_tree: bool = False) -> Iterator[None]:
    """Nothing of an earlier graft into this place is to be taken for the result of this one; the results say why there
    is none. `keeps_tree`: it is one student's own, and laid anew it would be compiled anew."""
    if not is_free(out):
        raise LabError(f"{out} is not empty and was not cut by this tool", expected="an empty or new folder",
                       got="other files", where=str(out), run=f"ls {out}")
    for old in (out.with_name(out.name + ".json"), out / RESULTS, out / GRADER / RESULTS):
        old.unlink(missing_ok=True)
    try:
        yield
    except BaseException as error:
        if not keeps_tree:
            remove_tree(out)
            remove_tree(out / GRADER)
        write_failure(out / RESULTS, error.text() if isinstance(error, LabError) else f"the graft was ended: {error!r}")
        raise


def finish(files: dict[str, File], pristine: dict[str, File], out: Path, report: Report, report_path: Path | None) -> int:
    write_tree(out / GRADER, pristine)
    changed = write_tree(out, files)
    write_report(report, out, report_path)
    print(f"{report.text()}\ngraft: {len(changed)} files changed in {out}\ntree: {out}")
    return 0


def write_report(report: Report, out: Path, report_path: Path | None) -> None:
    target = report_path or out.with_name(out.name + ".json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")


# ---- in a hand-out ----------------------------------------------------------------------------------
def graft_here(root: Path, out: Path, report_path: Path | None) -> int:
    """The form that make grade uses. Ends with 0 and the line `tree: PATH`, the tree to be graded."""
    course = load_course(root)
    if not course.step or course.step.get("kind") == "solved":
        raise refusal("it is the one source tree, not a hand-out" if not course.step else "it is a solved tree")
    report = Report(str(out), course.step["labs"])
    entries = read_manifest(root / MANIFEST)
    try:
        pristine = pristine_from_git(root, entries)
    except LabError as error:
        raise refusal(error.what, error.run) from None
    labs = course.step["labs"]
    rooms = [room for lab_id in labs for room in course.lab(lab_id).rooms
             if room.file in pristine and set(room.needs) <= set(labs)]
    rules = rules_for(course, labs, rooms)
    rules.generated = {MANIFEST}
    pristine[MANIFEST] = File((root / MANIFEST).read_bytes())
    try:
        files = graft(pristine, root, rules, report)
    except LabError:
        write_report(report, out, report_path)
        raise
    return finish(files, pristine, out, report, report_path)


def refusal(why: str, run: str = "") -> LabError:
    return LabError(f"there is no pristine tree to graft into: {why}",
                    expected="a clone of the hand-out, with its history", got=why, where="labs/step.toml",
                    run=f"{run or 'git clone the hand-out'}; or, to grade the tree as it is, which counts for nothing: "
                        "make grade WHOLE_TREE=1")


# ---- an instructor's --------------------------------------------------------------------------------
def graft_from_source(course: Course, submission: Path, options: argparse.Namespace, report: Report,
                      history: object = None) -> tuple[dict[str, File], dict[str, File]]:
    """The grafted tree and the pristine one, which is cut anew from the one source tree."""
    from .cut import render, step_for
    lab = course.lab(options.lab)
    base = render(course, step_for(course, "solved", lab.id, options.arch))
    handed_out = render(course, step_for(course, *handed_out_step(course, submission, lab.id, options.arch)))
    labs = list(base.step.labs)
    report.labs = labs
    rooms = [room for room_lab in labs for room in course.lab(room_lab).rooms
             if room.file in base.files and set(room.needs) <= set(labs)
             and (not options.own or course.home(room) == lab.number)]
    rules: Rules = rules_for(course, labs, rooms)
    rules.handed_out = handed_out.files
    rules.generated = {path for path, source in handed_out.sources.items() if source is None}
    if (submission / MANIFEST).is_file() and not (submission / MANIFEST).is_symlink():
        with contextlib.suppress(LabError, UnicodeDecodeError):
            rules.held = read_manifest(submission / MANIFEST)
    if history:
        rules.held_text = history
    try:
        return graft(base.files, submission, rules, report), base.files
    except LabError:
        write_report(report, options.out, options.report)
        raise


def handed_out_step(course: Course, submission: Path, lab_id: str, arch: str) -> tuple[str, str, str]:
    """Which hand-out a submission says that it is (kind, lab, CPUs); only the list of differences depends on it."""
    step: dict = {}
    if (submission / "labs/step.toml").is_file() and not (submission / "labs/step.toml").is_symlink():
        with contextlib.suppress(LabError):
            step = read_toml(submission / "labs/step.toml")
    kind, lab, cpus = step.get("kind"), step.get("lab"), step.get("arch")
    return (kind if kind in ("starter", "carry") else "carry",
            lab if lab in [one.id for one in course.complete] else lab_id, cpus if cpus in (*ARCHES, "both") else arch)
