"""`labs.py check`: plans the proofs of every set of labs, runs them on two benches at a time, and says how it went."""

from __future__ import annotations

import argparse
import os
import threading
import time
import traceback
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

from . import carry, hour, leaks, validate
from .bench import Bench
from .errors import LabError, LabErrors
from .known import Known, cache_folder, forget_old
from .model import Course, load_course
from .proofs import Job, Proofs
from .tree import partition
from .turns import Turns, turn_of

STATIC: dict[str, Callable[[Course], list[LabError]]] = {
    "model": validate.check_model, "partition": validate.check_partition, "grammar": validate.check_grammar}
STAGES = (*STATIC, "leaks", "distance", "solved", "starter", "ladder", "opened", "wrong", "carry", "graft", "hour")


def add_check_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--full", action="store_true", help="every wrong solution on both CPUs, each room open alone, …")
    parser.add_argument("--only", default="", help=f"these stages: {', '.join(STAGES)}")
    parser.add_argument("--lab", default="", help="only the sets that end with this lab")
    parser.add_argument("--arch", default="", help="only this CPU")
    parser.add_argument("--name", default="", help="only jobs whose name holds this text (a wrong solution, a room)")
    parser.add_argument("--jobs", type=int, default=2, help="benches that work at a time")
    parser.add_argument("--fresh", action="store_true", help="grade again what was graded before")
    parser.add_argument("--scratch", type=Path, help="where the benches are (default: build/check)")


def run_check(options: argparse.Namespace) -> int:
    started = time.monotonic()
    course = load_course(options.root)
    if course.step:
        raise LabError("a cut tree cannot be checked", expected="the one source tree", got="labs/step.toml",
                       where=str(options.root), run="make grade")
    only = set(filter(None, options.only.split(",")))
    if only - set(STAGES):
        raise LabError(f"there is no stage {', '.join(sorted(only - set(STAGES)))}", expected=", ".join(STAGES),
                       got=options.only, run="tools/labs.py check --help")
    jobs = static_jobs(course, only)
    for job in jobs:
        run_job(job, None)
        tell(job, "")
    if not any(job.errors for job in jobs):
        planned = [job for job in plan(course, options) if (not only or job.stage in only) and options.name in job.name]
        if (number := turn(options)) is not None:
            print(f"turn {number}: older labs on one CPU, a share of the wrong solutions; FULL=1 proves everything", flush=True)
        run_all(planned, course, options)
        jobs += planned
    return summary(jobs, time.monotonic() - started)


def static_jobs(course: Course, only: set[str]) -> list[Job]:
    return [Job(stage, f"labs/*/lab.toml: {stage}", (), "", lambda _bench, work=work: validate.collect(work, course))
            for stage, work in STATIC.items() if not only or stage in only or not only & set(STATIC)]


def turn(options: argparse.Namespace) -> int | None:
    """The number of this turn; None if the caller asks for everything or names the proofs."""
    return None if options.full or options.only or options.lab or options.arch or options.name else turn_of(options.root)


def plan(course: Course, options: argparse.Namespace) -> list[Job]:
    """All jobs, the quick and the telling ones first."""
    owner_of = partition(course)
    jobs: list[Job] = []
    turns = Turns(course, turn(options))
    for labs in course.sets:
        arches = [arch for arch in turns.arches(labs) if options.arch in ("", arch)]
        if options.lab and course.lab(options.lab).id != labs[-1]:
            continue
        sets = {arch: Proofs(course, tuple(labs), arch, owner_of, options.full) for arch in arches}
        for arch, proofs in sets.items():
            if arch == arches[0]:
                jobs += [leaks.leaks(proofs, "starter"), leaks.leaks(proofs, "carry")]
            if len(labs) > 1:
                jobs.append(carry.distance(proofs))
            every_row = turns.every_row(labs, arch)
            jobs += [proofs.solved()] if every_row else []
            jobs += [proofs.starter(), *proofs.ladder()]
            jobs += list(proofs.opened()) if options.full else []
            wrongs = proofs.wrongs()
            jobs += [proofs.wrong(wrong) for wrong in (wrongs if options.full or options.name else turns.wrongs(labs, arch, wrongs))]
            if len(labs) > 1:
                jobs.append(carry.carry(proofs))
            jobs += [carry.graft(proofs)] if every_row else []
            if labs == course.sets[0] and arch == arches[0]:
                jobs.append(hour.hour(proofs))
    return jobs


def run_job(job: Job, bench: Bench | None) -> None:
    """Runs one proof. If the proof holds, its gradings are remembered."""
    started = time.monotonic()
    try:
        job.errors = job.work(bench)  # type: ignore[arg-type]
    except LabErrors as several:
        job.errors = several.errors
    except LabError as error:
        job.errors = [error]
    except Exception:  # a mistake of the tool itself must not take the other proofs with it
        job.errors = [LabError("the lab tool itself failed", expected="a verdict", got=traceback.format_exc(limit=-3).strip(),
                               where="tools/labkit")]
    if bench is not None and bench.known is not None:
        job.known = bench.known.all_known and not job.errors
        bench.write() if job.errors else bench.known.commit()
    job.seconds = time.monotonic() - started


def run_all(jobs: list[Job], course: Course, options: argparse.Namespace) -> None:
    """Workers take the jobs in order; each has a scratch tree of its own for each set and CPU."""
    scratch = options.scratch or options.root / "build/check"
    proven = cache_folder() / "proofs"
    forget_old(proven)
    todo = list(jobs)
    lock = threading.Lock()
    done = 0

    def worker(number: int) -> None:
        nonlocal done
        while True:
            with lock:
                if not todo:
                    return
                job = todo.pop(0)
            folder = scratch / f"{job.labs[-1]}-{job.arch}-{number}"
            folder.mkdir(parents=True, exist_ok=True)
            # Several benches already keep the processors busy: rows of one grading run one by one.
            run_job(job, Bench(folder.resolve(), course, job.arch, 1 if options.jobs > 1 else 2, Known(proven, options.fresh)))
            with lock:
                done += 1
                tell(job, f"{done}/{len(jobs)}")

    threads = [threading.Thread(target=worker, args=(number,)) for number in range(max(1, options.jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def tell(job: Job, count: str) -> None:
    verdict = "FAIL" if job.errors else "SKIP" if job.skipped else "ok"
    print(f"{verdict:<5}{job.seconds:6.1f} s  {count:<8}{job.title}{': ' + job.skipped if job.skipped else ', as before' if job.known else ''}", flush=True)
    for error in job.errors:
        print("      " + error.text().replace("\n", "\n      "), flush=True)


def summary(jobs: list[Job], seconds: float) -> int:
    print(f"\n{'stage':<10}{'proofs':>7}{'failed':>7}{'seconds':>9}")
    for stage in STAGES:
        mine = [job for job in jobs if job.stage == stage]
        if mine:
            print(f"{stage:<10}{len(mine):>7}{sum(bool(job.errors) for job in mine):>7}{sum(job.seconds for job in mine):>9.1f}")
    failed = [job for job in jobs if job.errors]
    skipped = [job for job in jobs if job.skipped and not job.errors]
    for job in failed:
        print(f"failed: {job.title}\n  run next: tools/labs.py check --only {job.stage}"
              + (f" --lab {job.labs[-1]} --arch {job.arch} --name '{job.name}'" if job.labs else ""))
    if os.environ.get("JUNIT_DIR"):
        write_junit(Path(os.environ["JUNIT_DIR"]), jobs)
    known = sum(job.known for job in jobs)
    print(f"check-labs took {seconds:.0f} s" + (f"; {known} proofs had been graded before on this machine (FRESH=1 grades them again)" if known else ""))
    print(f"{len(jobs) - len(failed) - len(skipped)} passed, {len(failed)} failed, {len(skipped)} skipped")
    return 1 if failed else 0


def write_junit(folder: Path, jobs: list[Job]) -> None:
    suite = ElementTree.Element("testsuite", name="labs", tests=str(len(jobs)))
    for job in jobs:
        case = ElementTree.SubElement(suite, "testcase", classname=f"labs.{job.stage}", name=job.title,
                                      time=f"{job.seconds:.2f}")
        if job.errors:
            ElementTree.SubElement(case, "failure", message=job.errors[0].what).text = \
                "\n".join(error.text() for error in job.errors)
        elif job.skipped:
            ElementTree.SubElement(case, "skipped", message=job.skipped)
    folder.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(suite).write(folder / "labs.xml", encoding="unicode")
