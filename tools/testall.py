#!/usr/bin/env python3
"""Run the project's test groups one after another and add up what they counted (`make test`).

Each group is one make target. It is run to its end whatever the others did; its output goes to
build/test/GROUP.log, and one line says how it went. Groups that boot and build the kernel come one after another; beside
them run those that share nothing with them, because many a test keeps one processor busy and no more.
Counts come from what runners print (counts_in_text), or else from the JUnit XML that the group writes below
build/test/GROUP/. A group that is not there yet, or whose tool is missing, counts as skipped, never as passed; one that
ends well and counted nothing counts as failed. A group is ended when it has used far too much processor time, or
sleeps (tools/bounds.py); the tests that it had counted until then still count.

The last line is `N passed, N failed, N skipped`; the exit status is 0 if nothing failed.
Called by tools/build.mk and .ci/run. `G=lint,docs` runs only these groups; `AGAIN=1` those that were not green on the same
content: what a run that was broken off had proven counts.
"""

import argparse
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import bounds  # noqa: E402  (the path has to be set first)
import plainly  # noqa: E402
from labkit.known import tools  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "test"
JOBS = min(os.cpu_count() or 1, 4)     # that a group may compile at a time


@dataclass(frozen=True)
class Group:
    name: str
    target: str  # of make, and its variables
    what: str
    minutes: float  # of two processors: it is ended when it has used twice as many minutes of processor time
    junit: str = ""  # the make variable that takes the name of a JUnit file, if there is one
    first: str = ""  # a target that prepares it and is no part of its time; it says what it does, or nothing
    beside: bool = False  # it neither builds in the folders of the kernel and its programs nor boots: it may run beside one that does


IDLE_SECONDS = 600      # a group that slept and printed nothing for so long does not come to its end

# From quick to slow: what fails should fail early. The bounds are for two slow cores; all of it takes a third.
GROUPS = [
    Group("lint", "lint", "the rules that a program can check", 2),
    Group("build", "test-build ARCH=all", "kernel and user programs, debug and release, -Werror", 8),
    Group("locks", "check-locks", "clang's thread-safety analysis", 4, beside=True),
    Group("compile-fail", "compile-fail", "mistakes that must not compile, and what the compiler says", 3, beside=True),
    Group("host", "host-test", "unit tests of kernel code on this machine, with sanitizers", 5, beside=True),
    Group("host-x86", "host-test ARCH=x86_64 T=decode,elf", "those that a second CPU makes another test", 2, beside=True),
    Group("fuzz", "fuzz", "each parser, a short while", 4, beside=True),
    Group("tools", "test-tools", "the tools' own tests", 6),
    Group("grading", "test-grading", "the grader's own tests, cheats on both CPUs", 14),
    Group("grade", "grade ARCH=all ALL=1", "every lab, provided code too, on the complete tree", 15, junit="JUNIT"),
    Group("gdb", "test-gdb", "scripted gdb sessions, record and replay", 5),
    Group("rewards", "test-rewards", "programs of others, the map of memory, the timeline, on both CPUs", 9),
    Group("labs", "check-labs", "the cut: starters, ladders, wrong solutions, carry", 36),
    Group("oracle", "oracle ARCH=all", "the same rows on Linux", 10),
    Group("elsewhere", "test-elsewhere", "on a bare Debian 13: builds with -Werror, twenty rows, both CPUs", 6,
          first="elsewhere-root OS=trixie"),
    Group("docs", "test-docs", "the book builds and refers to nothing outside", 3, beside=True),
]


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: "Counts") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def counts_in_junit(folder: Path) -> Counts | None:
    """What the JUnit files below this folder say; None if there is none."""
    total = None
    for path in sorted(folder.rglob("*.xml")):
        try:
            root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError:
            continue
        if root.tag not in ("testsuites", "testsuite"):
            continue
        total = total or Counts()
        for case in root.iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                total.failed += 1
            elif case.find("skipped") is not None or case.get("status") == "notrun":
                total.skipped += 1
            else:
                total.passed += 1
    return total


OWN_LINE = re.compile(r"^(?:[\w -]+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\b", re.M)
PYTEST_LINE = re.compile(r"^=*\s*((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s", re.M)
GTEST_PASSED = re.compile(r"^\[  PASSED  \] (\d+) test", re.M)
GTEST_FAILED = re.compile(r"^\[  FAILED  \] (\d+) test", re.M)
GTEST_SKIPPED = re.compile(r"^\[  SKIPPED \] (\d+) test", re.M)


def counts_in_text(text: str) -> Counts | None:
    """What runners printed: `N passed, N failed, N skipped`, pytest's closing line, GoogleTest's."""
    text = re.sub(r"\x1b\[[\d;]*m", "", text)
    own = OWN_LINE.findall(text)
    if own:
        return Counts(*(sum(int(row[i] or 0) for row in own) for i in range(3)))
    total = Counts()
    seen = False
    for line in PYTEST_LINE.findall(text):
        seen = True
        for number, word in re.findall(r"(\d+) ([a-z]+)", line):
            if word in ("passed", "xfailed"):
                total.passed += int(number)
            elif word in ("failed", "error", "errors", "xpassed"):
                total.failed += int(number)
            elif word == "skipped":
                total.skipped += int(number)
    for pattern, field in ((GTEST_PASSED, "passed"), (GTEST_FAILED, "failed"), (GTEST_SKIPPED, "skipped")):
        for number in pattern.findall(text):
            seen = True
            setattr(total, field, getattr(total, field) + int(number))
    return total if seen else None


PROOF_LINE = re.compile(r"^(ok|FAIL|SKIP) +[\d.]+ s  \d+/\d+ ", re.M)
DOTS_LINE = re.compile(r"^([.FEsxX]+)(?: +\[ *\d+%\])?$", re.M)


def counts_so_far(text: str) -> Counts | None:
    """What a group that was ended had counted: the lines of check-labs, pytest's dots."""
    verdicts = PROOF_LINE.findall(text)
    dots = "".join(DOTS_LINE.findall(text))
    if not verdicts and not dots:
        return None
    return Counts(verdicts.count("ok") + dots.count(".") + dots.count("x"), verdicts.count("FAIL") + sum(map(dots.count, "FEX")),
                  verdicts.count("SKIP") + dots.count("s"))


def make_has(target: str) -> bool:
    """Whether make knows how to make this target. SETUP=no: asking must not install anything."""
    done = subprocess.run(["make", "--no-print-directory", "-n", *target.split(), "SETUP=no"], cwd=ROOT, env=clean_environment(),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return f"No rule to make target '{target.split()[0]}'" not in done.stdout


def clean_environment() -> dict[str, str]:
    """The environment without the make above us: its flags, and its jobs, are not for the groups."""
    environment = dict(os.environ)
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MAKECMDGOALS"):
        environment.pop(name, None)
    return environment


running: dict[str, int] = {}        # the groups' processes: on Ctrl-C or SIGTERM none outlives this one


def run_group(group: Group, variables: list[str]) -> tuple[Counts, str]:
    """Run one group; gives its counts and a remark (empty when there is nothing to say)."""
    results = LOGS / group.name
    results.mkdir(parents=True, exist_ok=True)
    for old in results.rglob("*.xml"):
        old.unlink()
    log_path = LOGS / f"{group.name}.log"
    environment = clean_environment() | {"JUNIT_DIR": str(results)}
    if group.junit:
        variables = [*variables, f"{group.junit}={results / 'rows.xml'}"]
    with log_path.open("wb") as log:
        # A session of its own, so that Ctrl-C comes to one process here, which ends the others in order.
        process = subprocess.Popen(["make", "--no-print-directory", f"-j{JOBS}", *group.target.split(), *variables], cwd=ROOT, stdout=log,
                                   stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment,
                                   start_new_session=True)
        running[group.name] = process.pid
        late = bounds.wait(process, group.minutes * 120, IDLE_SECONDS, lambda: log_path.stat().st_size)
        del running[group.name]
    status = process.returncode
    text = log_path.read_text(errors="replace")
    return judge(counts_in_text(text) or counts_in_junit(results) or (counts_so_far(text) if late else None), status, late)


def judge(counts: Counts | None, status: int, late: str) -> tuple[Counts, str]:
    """A group's verdict from what it counted and how it ended: silence is never success."""
    result = counts or Counts()
    if late:
        result.failed += 1
        return result, late
    if status != 0 and result.failed == 0:
        result.failed += 1
        return result, f"ended with status {status}"
    if status == 0 and result.failed > 0:
        return result, "counted failures and yet ended with status 0"
    if status == 0 and result.passed == 0 and result.skipped == 0:
        result.failed += 1
        return result, "counted no test at all"
    return result, ""


def content() -> str:
    """Names what the groups test: the files that git knows or would take, and the tools. Nothing where git is missing."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        return ""
    said = hashlib.sha256(tools().encode())
    for name in sorted(filter(None, listed.stdout.split(b"\0"))):
        path = ROOT / os.fsdecode(name)
        if path.is_file():
            said.update(b"%s\0%d\0%s" % (name, os.access(path, os.X_OK), hashlib.sha256(path.read_bytes()).digest()))
    return said.hexdigest()


def green_before(group: Group, what: str) -> Counts | None:
    """What this group counted when all of it passed on the same content."""
    try:
        said = json.loads((LOGS / f"{group.name}.green").read_text())
    except (OSError, ValueError):
        return None
    return Counts(*said["counts"]) if what and said["content"] == what else None


def note_green(group: Group, what: str, counts: Counts) -> None:
    path = LOGS / f"{group.name}.green"
    if counts.failed or not counts.passed or not what:     # a group that was skipped may be possible the next time
        path.unlink(missing_ok=True)
    else:
        path.write_text(json.dumps({"content": what, "counts": [counts.passed, 0, counts.skipped]}))


def tail(path: Path, lines: int) -> str:
    return "\n".join("    " + line for line in path.read_text(errors="replace").splitlines()[-lines:])


class Run:
    """What has been run and counted so far, by two lanes."""

    def __init__(self, variables: list[str], again: bool = False):
        self.variables = variables
        self.again = again
        self.total = Counts()
        self.failed: list[Group] = []
        self.seconds: dict[str, float] = {}
        self.stopped = False
        self._lock = threading.Lock()

    def lane(self, groups: list[Group]) -> None:
        for group in groups:
            if self.stopped:
                return
            what = content()
            if self.again and (before := green_before(group, what)):
                self.add(group, before, "as before, on the same content", 0)
                continue
            print(f"{group.name:14} {group.what} …", flush=True)
            begin = time.monotonic()
            if group.first:
                subprocess.run(["make", "--no-print-directory", *group.first.split()], cwd=ROOT, env=clean_environment(),
                               stdin=subprocess.DEVNULL, check=False)
            if make_has(group.target):
                counts, remark = run_group(group, self.variables)
            else:
                counts, remark = Counts(skipped=1), f"SKIP: there is no `make {group.target}` yet"
            if not self.stopped:
                note_green(group, what if what == content() else "", counts)
                self.add(group, counts, remark, time.monotonic() - begin)

    def add(self, group: Group, counts: Counts, remark: str, seconds: float) -> None:
        with self._lock:
            self.total.add(counts)
            self.seconds[group.name] = seconds
            print(f"{group.name:14} {counts} in {seconds:.0f} s{'; ' + remark if remark else ''}", flush=True)
            if counts.failed:
                self.failed.append(group)
                print(tail(LOGS / f"{group.name}.log", 25), flush=True)


FELL_LINE = re.compile(r"\s*(?:FAIL|FAILED|PANIC|TIMEOUT|ERROR|INFRA|failed:|\[  FAILED  \])")


def fallen(path: Path, most: int = 40, of_each: int = 8) -> list[str]:
    """The lines of a group's log by which it names what failed, with what stands indented below each."""
    found: list[str] = []
    left = margin = 0
    for line in path.read_text(errors="replace").splitlines():
        indent = len(line) - len(line.lstrip())
        if FELL_LINE.match(line):
            left, margin = of_each, indent
            found.append(line.rstrip()[:160])
        elif left and line.strip() and indent > margin:
            left -= 1
            found.append(line.rstrip()[:160])
        else:
            left = 0
    return found[:most] + ([f"… and {len(found) - most} lines more"] if len(found) > most else [])


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the project's test groups and add up their counts.")
    parser.add_argument("--only", default="", help="names of groups, with commas between them")
    parser.add_argument("--again", action="store_true", help="only those that were not green on the same content")
    parser.add_argument("--list", action="store_true", help="name the groups")
    parser.add_argument("variables", nargs="*", help="NAME=value, handed on to make")
    options = parser.parse_args()
    if options.list:
        for group in GROUPS:
            print(f"{group.name:14} make {group.target:20} {group.what}")
        return 0
    wanted = [name for name in options.only.split(",") if name]
    unknown = set(wanted) - {group.name for group in GROUPS}
    if unknown:
        print(f"test: no group is called {', '.join(sorted(unknown))}; the groups are:"
              f" {', '.join(group.name for group in GROUPS)}")
        return 2
    bounds.adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    LOGS.mkdir(parents=True, exist_ok=True)
    chosen = [group for group in GROUPS if not wanted or group.name in wanted]
    run = Run(options.variables, options.again)
    beside = threading.Thread(target=run.lane, args=([group for group in chosen if group.beside],), daemon=True)
    beside.start()
    try:
        run.lane([group for group in chosen if not group.beside])
        beside.join()
    except BaseException:
        run.stopped = True
        for pid in list(running.values()):
            bounds.end(pid)
        raise
    failed, seconds, total = run.failed, run.seconds, run.total
    if failed:
        print("Failed: " + ", ".join(group.name for group in failed))
        for group in failed:
            print(f"  {group.name}: everything it said is in build/test/{group.name}.log;"
                  f" to run it alone: make {group.target}")
            for line in fallen(LOGS / f"{group.name}.log"):
                print(f"    {line}")
    longest = sorted(seconds.items(), key=lambda item: -item[1])
    print(f"The tests took {(time.monotonic() - started) / 60:.1f} minutes: "
          + ", ".join(f"{name} {taken / 60:.1f}" for name, taken in longest if taken >= 30) + ".")
    (LOGS / "summary").write_text(f"{total}\n")
    print(total)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(plainly.run(main, "make test"))
