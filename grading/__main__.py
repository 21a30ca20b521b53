"""`python3 -m grading`: what `make grade`, `make why` and `make hint` run."""
from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import sys
from pathlib import Path

from tools import plainly, qemu
from tools.labkit.errors import LabError

from . import explain, needs, rows
from .settings import Settings


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make grade", description=__doc__)
    parser.add_argument("what", choices=["grade", "why", "hint", "stage", "needs"])
    parser.add_argument("--root", type=Path, default=Path.cwd())
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--mode", default="debug")
    parser.add_argument("--compiler", default="riscv64-linux-gnu-")
    parser.add_argument("--lab", default="", help="labs, separated by commas; all of them if left out")
    parser.add_argument("--rows", default="", help="rows, separated by commas")
    parser.add_argument("--seed", default="", help="0..2^63-1; drawn and printed if left out")
    parser.add_argument("--replay", type=Path, help="a results.json: its seed, CPU, labs and rows")
    parser.add_argument("--json", type=Path, action="append", default=[])
    parser.add_argument("--junit", type=Path)
    parser.add_argument("--html", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--kernel", type=Path)
    parser.add_argument("--sources", type=Path, help="the tree of the graded kernel's sources, if it is not --root")
    parser.add_argument("--objects", type=Path, help="a folder of test programs in place of the tree's")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--plain", action="store_true", default="PLAIN" in os.environ)
    parser.add_argument("--full", action="store_true", help="race rows search all of their seeds: takes minutes")
    parser.add_argument("--all", action="store_true", help="rows of provided code too, which carry no points")
    parser.add_argument("--brief", action="store_true", help="verdicts only: a machine that timed out is not run again to see where it was")
    parser.add_argument("--out", type=Path, help="of stage: the folder to fill")
    return parser.parse_args()


def words(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word]


def settings_of(o: argparse.Namespace) -> Settings:
    settings = Settings(root=o.root.resolve(), arch=o.arch, mode=o.mode, labs=words(o.lab),
                        rows=words(o.rows), verbose=o.verbose, jobs=1 if o.verbose else o.jobs,
                        build=o.build, compiler=o.compiler, kernel=o.kernel, objects=o.objects,
                        sources=o.sources.resolve() if o.sources else None, json=o.json,
                        junit=o.junit, html=o.html, plain=o.plain, full=o.full, given=o.all, brief=o.brief)
    seed = o.seed
    if o.replay:
        try:
            past = json.loads(o.replay.read_text())["extra_data"]
            settings.arch, settings.labs = past["arch"], past["labs"]
            settings.rows = settings.rows or past["rows"]
            seed = str(past["seed"])
        except (OSError, ValueError, KeyError) as error:
            raise SystemExit(f"make grade: REPLAY={o.replay} is not a results.json of ours: {error}")
    if seed and not (seed.isascii() and seed.isdigit()):
        raise SystemExit(f"make grade: SEED={seed} is not a number; expected 0 or a positive one")
    settings.seed = int(seed) if seed else secrets.randbelow(1_000_000_000)
    return settings


def check_tools(settings: Settings) -> str:
    """What is missing to grade at all, or nothing."""
    version, said = qemu.version(settings.arch)
    oldest = ".".join(map(str, qemu.OLDEST_QEMU))
    if version is None:
        return f"INFRA: {said}. Expected: QEMU {oldest} or later. Next: make doctor"
    if version < qemu.OLDEST_QEMU:
        return f"INFRA: {said} is too old. Expected: {oldest} or later. Next: make doctor"
    return ""


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    o = parse_arguments()
    settings = settings_of(o)
    try:
        if o.what in ("why", "hint"):
            return explain.explain(settings, o.what)
        if o.what == "needs":
            print(" ".join(needs.targets(settings)))
            return 0
        if problem := check_tools(settings):
            print(problem, file=sys.stderr)
            return 2
        if o.what == "stage":
            return explain.stage(settings, o.out)
        from . import plugin        # pytest is not needed for the others
        return plugin.run(settings)[1]
    except (LabError, rows.NothingToGrade) as error:
        print(f"make {'grade' if o.what == 'needs' else o.what}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(plainly.run(main, "make grade"))
