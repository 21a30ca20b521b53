"""What a hand-out offers beside the grader: `make next`, `make handin`, `make update`.

A line that begins with `next: ` is a command to be taken literally.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tarfile
from pathlib import Path

from .compiler_text import first_error
from .errors import LabError
from .manifest import MANIFEST, blob_name, read_manifest
from .model import Course, Room, Row, load_course
from .results import failure_in, read_results
from .rooms import find_rooms, is_open


def add_next_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--arch", default="riscv64")


def add_handin_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--part", default="", help="hand in this part (A, B, …) only: it gets a tag of its own")
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--no-grade", action="store_true", help="do not run the grader first")


def add_update_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lab", default="", help="go on to this lab")


def hand_out(root: Path) -> Course:
    course = load_course(root)
    if not course.step:
        raise LabError("this is not a hand-out", expected="labs/step.toml, written by the cut", got="the one source tree",
                       where=str(root), run="make start LAB=start DIR=../my-cairn")
    return course


def git(root: Path, *arguments: str, check: bool = True) -> str:
    ran = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    if check and ran.returncode != 0:
        raise LabError(f"git {arguments[0]} failed", expected="exit status 0",
                       got=(ran.stderr or ran.stdout).strip() or f"status {ran.returncode}", where=str(root),
                       run="git status")
    return ran.stdout


# ---- next ---------------------------------------------------------------------------------------
def run_next(options: argparse.Namespace) -> int:
    course = hand_out(options.root)
    rooms = rooms_of(course, options.arch)
    open_rooms = [(room, line) for room in rooms if (line := open_line(options.root, room))]
    failed = failed_row(course, options.root, [room for room in rooms if all(room is not one for one, _ in open_rooms)])
    if failed:
        print(f"room {failed.room} is filled, but its row {failed.id} was not green when the tree was last graded:\n"
              f"  {failed.spec}\nnext: make why LAB={failed.lab} T={failed.id}")
        return 0
    core = [pair for pair in open_rooms if not pair[0].stretch]
    if not open_rooms:
        print("every room is filled\nnext: make grade\nafter that: commit, and make handin")
        return 0
    room, line = (core or open_rooms)[0]
    if not core:
        print("the rooms that count are all filled; this one is a bonus")
    print(f"room {room.id}, part {room.part}: {room.title}\n  {room.file}:{line}")
    rows = [row for row in course.lab(room.lab).rows if row.room == room.id and row.on(options.arch) and not row.given]
    for row in rows:
        print(f"  turns green: {row.id} ({row.points} points): {row.spec}")
    for item in room.read:
        print(f"  read: {item}")
    print(f"{len(open_rooms)} of {len(rooms)} rooms are open")
    print(f"when it is filled: make grade LAB={room.lab}" + (f" T={rows[0].id}" if rows else ""))
    return 0


def rooms_of(course: Course, arch: str) -> list[Room]:
    """The rooms that this hand-out leaves open, on this CPU."""
    return [room for lab in course.complete for room in lab.rooms_on(arch) if room.id in course.step["rooms"]]


def open_line(root: Path, room: Room) -> int:
    """The line at which an open room begins; 0 for a filled one."""
    path = root / room.file
    if not path.is_file():
        raise LabError(f"{room.file} is missing", expected=f"the file of room {room.id}", got="no file", where=room.file,
                       run=f"git checkout -- {room.file}")
    found = find_rooms(path.read_text(encoding="utf-8"), room.file, run=f"git diff HEAD -- {room.file}")
    if room.id not in found:
        raise LabError(f"missing marker: room {room.id} is not in {room.file}", expected=f"`// ROOM {room.id} begin: …`",
                       got="a file without it", where=room.file, run=f"git diff HEAD -- {room.file}")
    return found[room.id].begin + 1 if is_open(room.id, found[room.id].text) else 0


def failed_row(course: Course, root: Path, filled: list[Room]) -> Row | None:
    """The first row of these filled rooms that failed in the last grading, if that was not before the last edit."""
    results = root / "build/results.json"
    if not results.is_file():
        return None
    written = results.stat().st_mtime
    try:
        bad = {(row.lab, row.id) for row in read_results(results) if row.verdict in ("FAIL", "PANIC", "TIMEOUT")}
    except (ValueError, KeyError, TypeError):
        return None
    for room in filled:
        if (root / room.file).stat().st_mtime > written:
            continue
        for row in course.lab(room.lab).rows:
            if row.room == room.id and (row.lab, row.id) in bad:
                return row
    return None


# ---- handin -------------------------------------------------------------------------------------
def run_handin(options: argparse.Namespace) -> int:
    root = options.root
    course = hand_out(root)
    lab = course.lab(course.step["lab"])
    dirty = git(root, "status", "--porcelain").splitlines()
    if dirty:
        raise LabError("the tree is not clean; a hand-in is a commit", expected="nothing in git status",
                       got=f"{len(dirty)} entries: " + ", ".join(line[3:] for line in dirty[:8]), where="git status",
                       run='git add -A && git commit -m "what I have done"')
    commit = git(root, "rev-parse", "HEAD").strip()
    changed = changed_files(root)
    print(f"{len(changed)} files differ from the hand-out:")
    for path, what in changed:
        print(f"  {what:<8} {path}")
    folder = root / "build/handin"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").unlink(missing_ok=True)       # of an earlier hand-in
    tell_answers(root, lab.folder_name)
    score = {} if options.no_grade else grade(root, lab.id, options.arch, folder / "results.json")
    tag = f"handin/{lab.id}" + (f"-{options.part}" if options.part else "")
    git(root, "tag", "-f", tag)
    git(root, "bundle", "create", "-q", str((folder / "history.bundle").resolve()), "HEAD", f"refs/tags/{tag}")
    note = {"lab": lab.id, "part": options.part, "commit": commit, "branch": course.step["branch"], "tag": tag,
            "score": score, "changed": [{"path": path, "what": what} for path, what in changed]}
    (folder / "handin.json").write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
    package = folder / f"{tag.replace('/', '-')}-{commit[:10]}.tar.gz"
    with tarfile.open(package, "w:gz") as archive:
        for name in ("history.bundle", "handin.json", "results.json"):
            if (folder / name).is_file():
                archive.add(folder / name, name)
        answers = root / f"labs/{lab.folder_name}/answers.md"
        if answers.is_file():
            archive.add(answers, "answers.md")
    if score:
        print(f"local score: {score['points']} of {score['max_points']}")
    print(f"tagged {tag}; packed {package.relative_to(root) if package.is_relative_to(root) else package}: hand this file in")
    return 0


def changed_files(root: Path) -> list[tuple[str, str]]:
    entries = read_manifest(root / MANIFEST)
    tracked = [path for path in git(root, "ls-files", "-z").split("\0") if path and path != MANIFEST]
    out = [(path, "new") for path in tracked if path not in entries]
    for path, entry in entries.items():
        if not (root / path).is_file():
            out.append((path, "removed"))
        elif blob_name((root / path).read_bytes()) != entry.blob:
            out.append((path, "changed"))
    return sorted(out)


def tell_answers(root: Path, folder_name: str) -> None:
    path = f"labs/{folder_name}/answers.md"
    entry = read_manifest(root / MANIFEST).get(path)
    file = root / path
    if entry and (not file.is_file() or blob_name(file.read_bytes()) == entry.blob):
        print(f"note: {path} holds no answers yet")


def grade(root: Path, lab: str, arch: str, results: Path) -> dict[str, int]:
    """Runs the grader once more, so that the score belongs to this very commit."""
    print(f"grading lab {lab} …", flush=True)
    ran = subprocess.run(["make", "--no-print-directory", "-C", str(root), "grade", f"LAB={lab}", f"ARCH={arch}",
                          f"JSON={results.relative_to(root)}"], capture_output=True, text=True, check=False)
    if not results.is_file():
        raise LabError("the grader left no results", expected=str(results), got=first_error(ran.stdout + ran.stderr) or (ran.stdout + ran.stderr)[-400:].strip(),
                       where="the output of make grade", run=f"make grade LAB={lab}")
    if reason := failure_in(results):
        print(f"the grader gave no score: {reason}")
    rows = read_results(results)
    return {"points": sum(row.points for row in rows), "max_points": sum(row.max_points for row in rows)}


# ---- update -------------------------------------------------------------------------------------
def run_update(options: argparse.Namespace) -> int:
    root = options.root
    course = hand_out(root)
    if git(root, "status", "--porcelain", "--untracked-files=no").strip():
        raise LabError("the tree is not clean; an update is a merge", expected="all your work committed",
                       got="changes in git status", where="git status", run='git commit -am "what I have done"')
    if git(root, "remote").split():
        git(root, "fetch", "--quiet", "--all")
    branch = wanted_branch(root, course, options.lab)
    if options.lab and course.step["branch"].startswith("lab/") and course.lab_named(options.lab) != course.step["lab"]:
        return start_afresh(root, branch, options.lab)
    before = git(root, "rev-parse", "HEAD")
    git(root, "merge", "--no-edit", "-m", f"Take over {branch.split('/', 3)[-1]} as handed out", branch)
    if git(root, "rev-parse", "HEAD") == before:
        print(f"nothing new in {branch}")
        return 0
    print(git(root, "diff", "--stat", before.strip(), "HEAD").rstrip())
    print("next: make next")
    return 0


def start_afresh(root: Path, branch: str, lab: str) -> int:
    """Where each lab is started afresh, the next one holds the reference of the labs before, which one's own rooms could
    only conflict with: it gets a branch of its own, and the work so far stays on the one that it is on."""
    name, here = f"work-{lab}", git(root, "branch", "--show-current").strip() or "HEAD"
    if git(root, "rev-parse", "--verify", "-q", f"refs/heads/{name}", check=False).strip():
        git(root, "switch", "--quiet", name)
        print(f"branch {name} was begun already; you are on it. Corrections of this lab: make update")
    else:
        git(root, "switch", "--quiet", "--no-track", "-c", name, branch)
        print(f"lab {lab} starts afresh, on the reference of the labs before: you are on a new branch, {name}")
    print(f"your work so far is on branch {here}\nnext: make next")
    return 0


def wanted_branch(root: Path, course: Course, lab: str) -> str:
    """The handed-out branch to merge: this lab's, or that of `lab` in the same family."""
    family = course.step["branch"].split("/")[0]
    names = git(root, "for-each-ref", "--format=%(refname)", "refs/remotes", "refs/heads").split()
    handed_out = {name: name.split(f"/{family}/")[1] for name in names if f"/{family}/" in name}
    released = {}
    for name in sorted(handed_out, key=lambda name: name.startswith("refs/heads")):
        step = git(root, "show", f"{name}:labs/step.toml", check=False)
        ids = [line.split('"')[1] for line in step.splitlines() if line.startswith("lab = ")]
        if ids:
            released.setdefault(ids[0], name)
            released.setdefault(handed_out[name], name)
    wanted = lab or course.step["lab"]
    if wanted not in released:
        raise LabError(f"lab {wanted} is not released here", expected=", ".join(key for key in released if not key.isdigit())
                       or "a branch of the course's repository", got=f"no branch {family}/… that holds it",
                       where="git branch --all", run="git fetch --all")
    return released[wanted]
