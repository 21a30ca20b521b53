"""`cut --repo` and `cut --update`: a git repository of hand-outs, written by git fast-import alone.

Nothing but the cut trees ever enters its object store, so nothing else can be reached in it. Commits carry
fixed names and dates: the same source gives the same commits, and an update only appends.

    carry/0 ── given: ─ lab: ── carry/1 ── given: ─ lab: ── carry/2        (a fix in carry/0 is merged upward)
"""

from __future__ import annotations

import argparse
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from .cut import Rendered, render
from .errors import LabError
from .manifest import File, blob_name
from .model import Course, Lab
from .rooms import find_rooms, may_hold_rooms
from .tree import Step, partition

AUTHOR = "Cairn <cairn@example.org>"
FIRST_DATE = 1_767_225_600  # 2026-01-01 00:00 UTC: a date that never moves
TICK = 60
FAMILIES = {"solved": "solved", "lab": "starter", "carry": "carry"}


def git(repo: Path, *arguments: str, data: bytes | None = None, check: bool = True) -> str:
    ran = subprocess.run(["git", "-c", "safe.directory=*", "-C", str(repo), *arguments], input=data,
                         capture_output=True, check=False)
    if check and ran.returncode != 0:
        raise LabError(f"git {arguments[0]} failed", expected="exit status 0", got=ran.stderr.decode().strip(),
                       where=str(repo), run=f"git -C {repo} fsck")
    return ran.stdout.decode()


@dataclass
class Writer:
    """Collects commits as a fast-import stream; marks name the commits that are not written yet."""
    repo: Path
    stream: list[bytes] = field(default_factory=list)
    marks: int = 0
    tips: dict[str, str] = field(default_factory=dict)
    dates: dict[str, int] = field(default_factory=dict)
    trees: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)

    def load(self, branch: str) -> None:
        """Takes the tip of an existing branch as the state to append to."""
        commit = git(self.repo, "rev-parse", "--verify", "-q", f"refs/heads/{branch}", check=False).strip()
        if not commit:
            return
        self.tips[branch] = commit
        self.dates[commit] = int(git(self.repo, "show", "-s", "--format=%at", commit))
        entries = git(self.repo, "ls-tree", "-r", "-z", commit).split("\0")
        fields = [entry.split(None, 3) for entry in entries if entry]
        self.trees[branch] = {path: (mode, blob) for mode, _, blob, path in fields}

    def commit(self, branch: str, message: str, files: dict[str, File], parents: list[str]) -> None:
        self.marks += 1
        mark = f":{self.marks}"
        date = max((self.dates[parent] + TICK for parent in parents), default=FIRST_DATE)
        text = message.encode()
        head = [f"commit refs/heads/{branch}", f"mark {mark}", f"author {AUTHOR} {date} +0000",
                f"committer {AUTHOR} {date} +0000", f"data {len(text)}"]
        self.stream.append("\n".join(head).encode() + b"\n" + text + b"\n")
        for index, parent in enumerate(parents):
            self.stream.append(f"{'merge' if index else 'from'} {parent}\n".encode())
        self.stream.append(b"deleteall\n")
        for path, file in sorted(files.items()):
            self.stream.append(f"M {file.mode} inline {path}\ndata {len(file.data)}\n".encode() + file.data + b"\n")
        self.stream.append(b"\n")
        self.tips[branch], self.dates[mark] = mark, date
        self.trees[branch] = {path: (file.mode, blob_name(file.data)) for path, file in files.items()}

    def finish(self) -> None:
        if self.stream:
            git(self.repo, "fast-import", "--quiet", "--date-format=raw", data=b"".join(self.stream))


def differs(writer: Writer, branch: str, files: dict[str, File]) -> bool:
    return writer.trees.get(branch) != {path: (file.mode, blob_name(file.data)) for path, file in files.items()}


def given_files(old: dict[str, File], new: Rendered, lab: Lab) -> dict[str, File]:
    """The tree between two labs: what the new lab gives, without its rooms and its own folder.

    Files that hold a room of the lab, and the generated ones, stay as they were until the `lab:` commit.
    """
    rooms = {room.file for room in lab.rooms}
    late = {path for path, source in new.sources.items() if source is None} | rooms
    late |= {path for path in new.files if path.startswith(f"labs/{lab.folder_name}/")}
    files = {path: file for path, file in new.files.items() if path not in late}
    files.update({path: old[path] for path in late if path in old})
    return files


def write_family(course: Course, writer: Writer, family: str, through: Lab, arch: str, message: str) -> list[str]:
    """Appends what is new to the branches of one family, from the first lab to `through`."""
    told = []
    below, below_files = "", {}
    owner_of = partition(course)
    for lab in [lab for lab in course.complete if lab.number <= through.number]:
        branch = f"{family}/{lab.number}"
        step = Step(FAMILIES[family], tuple(course.prefix(lab.id)), arch, hidden_rows=family == "solved")
        new = render(course, step, owner_of=owner_of)
        writer.load(branch)
        if branch in writer.tips:
            if differs(writer, branch, new.files):
                check_fix(writer, branch, new)
                parents = [writer.tips[branch]] + ([writer.tips[below]] if below in moved(told) else [])
                writer.commit(branch, f"fix: {message or 'corrections'}\n", new.files, parents)
                told.append(f"{branch}: one fix appended")
        else:
            start_branch(writer, branch, below, below_files, new, lab)
            told.append(f"{branch}: new")
        below, below_files = branch, new.files
    return told


def moved(told: list[str]) -> set[str]:
    return {line.split(":")[0] for line in told}


def start_branch(writer: Writer, branch: str, below: str, below_files: dict[str, File], new: Rendered, lab: Lab) -> None:
    parents = [writer.tips[below]] if below else []
    if below:
        given = given_files(below_files, new, lab)
        if given != below_files:
            writer.commit(branch, f"given: what lab {lab.id} stands on\n", given, parents)
            parents = [writer.tips[branch]]
    writer.commit(branch, f"lab: {lab.title}\n\nRooms, hand-out and rows of lab {lab.number}, {lab.id}.\n", new.files, parents)


def check_fix(writer: Writer, branch: str, new: Rendered) -> None:
    """A fix in mid-term touches no room: students have filled them."""
    if branch.startswith("solved/"):
        return
    for path, file in new.files.items():
        if not may_hold_rooms(path) or path not in writer.trees[branch]:
            continue
        now = {room.id: room.text for room in find_rooms(file.data.decode(), path).values()}
        if not now:
            continue
        old_text = git(writer.repo, "cat-file", "blob", writer.trees[branch][path][1])
        for room in find_rooms(old_text, path).values():
            if now.get(room.id) != room.text:
                raise LabError(f"the fix touches room {room.id} of {branch}, which students have filled",
                               expected="the room's handed-out text unchanged",
                               got="a changed starter" if room.id in now else "no such room any more",
                               where=f"{path}, and its starter in lab.toml",
                               run=f"git -C {writer.repo} show {branch}:{path}")


def plan(course: Course, options: argparse.Namespace, repo: Path) -> tuple[list[str], Lab]:
    """Which families, and through which lab: as asked, else as the repository already is."""
    branches = git(repo, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()
    families = [family for family in FAMILIES if any(name.startswith(f"{family}/") for name in branches)]
    if not families:
        families = [options.family] if options.through else [name for name in FAMILIES if name != "solved"]
        families += ["solved"] if options.instructors else []
    if options.through:
        return families, course.lab(options.through)
    numbers = [int(name.split("/")[1]) for name in branches if name.split("/")[0] in FAMILIES]
    return families, course.lab(str(max(numbers))) if options.update else course.complete[-1]


def run(course: Course, options: argparse.Namespace) -> int:
    repo: Path = options.out
    if options.update:
        if git(repo, "rev-parse", "--git-dir", check=False) == "" if repo.is_dir() else True:
            raise LabError(f"{repo} is not a repository of hand-outs", expected="one made by `cut --repo`",
                           got="no git repository", where=str(repo), run=f"tools/labs.py cut --repo {repo}")
    else:
        if repo.exists() and any(repo.iterdir()):
            raise LabError(f"{repo} is not empty", expected="a new folder", got="files in it", where=str(repo),
                           run=f"tools/labs.py cut --update {repo}")
        repo.mkdir(parents=True, exist_ok=True)
        git(repo, "init", "--quiet", "--bare", ".")
    families, through = plan(course, options, repo)
    arch = recorded_arch(repo, families) or options.arch
    told = cut_repo(course, repo, families, through, arch, options.message)
    print(f"{repo}: {len(told)} branches changed" + (f" ({arch})" if told else ", nothing to append"))
    for line in told:
        print(f"  {line}")
    return 0


def cut_repo(course: Course, repo: Path, families: list[str], through: Lab, arch: str, message: str = "") -> list[str]:
    """Writes or updates the branches; HEAD names the last one of the family that students clone."""
    writer = Writer(repo)
    told = []
    for family in families:
        told += write_family(course, writer, family, through, arch, message)
    writer.finish()
    if git(repo, "rev-parse", "--is-bare-repository").strip() == "true":
        shown = "carry" if "carry" in families else families[-1]
        git(repo, "symbolic-ref", "HEAD", f"refs/heads/{shown}/{through.number}")
    return told


def start(course: Course, lab_id: str, folder: Path, family: str, arch: str) -> None:
    """A hand-out for one person: a repository with the branch of the lab, and a branch `work` checked out on it."""
    if folder.exists() and any(folder.iterdir()):
        raise LabError(f"{folder} is not empty", expected="a new folder", got="files in it", where=str(folder),
                       run=f"make start LAB={lab_id} DIR={folder}-2")
    lab = course.lab(lab_id)
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", ".")
    git(folder, "symbolic-ref", "HEAD", "refs/heads/work")
    cut_repo(course, folder, [family], lab, arch)
    git(folder, "reset", "--quiet", "--hard", f"{family}/{lab.number}")


def recorded_arch(repo: Path, families: list[str]) -> str:
    """The CPUs that an existing repository was cut for."""
    for family in families:
        for name in git(repo, "for-each-ref", "--format=%(refname:short)", f"refs/heads/{family}/").split():
            for line in git(repo, "show", f"{name}:labs/step.toml").splitlines():
                if line.startswith("arch = "):
                    return line.split('"')[1]
    return ""
