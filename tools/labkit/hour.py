"""Proof 8: the first hour, from the cut repository, as an ordinary user, every printed command taken literally.

The commands come from the first lab's handout.md: the lines that begin with `$ ` in ```console blocks, in order.
Two comments tell what is not a command:

    <!-- first hour: fill start.1 -->   the rooms are filled now (with the reference)
    <!-- first hour: fails -->          the command that follows is meant to end with a status other than 0

What a command prints as `next: COMMAND` is run as well: it must at least be a command that there is.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from .bench import Bench, last_lines, run_bounded
from .errors import LabError
from .proofs import Job, Proofs
from .repo import cut_repo
from .rooms import replace_rooms

SECONDS = 600
NOTE = re.compile(r"<!--\s*first hour:\s*(fill|fails)\b\s*(.*?)\s*-->")
NEXT = re.compile(r"^next: (.+)$", re.MULTILINE)


@dataclass
class Script:
    """The steps of a hand-out: ("run", command), ("run-fails", command) or ("fill", rooms)."""
    steps: list[tuple[str, str]] = field(default_factory=list)


def read_script(text: str) -> Script:
    script = Script()
    inside = fails = False
    for line in text.splitlines():
        note = NOTE.search(line)
        if note:
            fails = fails or note[1] == "fails"
            if note[1] == "fill":
                script.steps.append(("fill", note[2]))
        elif line.startswith("```"):
            inside = line.strip() == "```console"
        elif inside and line.startswith("$ "):
            script.steps.append(("run-fails" if fails else "run", line[2:].strip()))
            fails = False
    return script


class Student:
    """An ordinary user with an empty home: `nobody` when the proof runs as root, else whoever runs it."""

    def __init__(self, home: Path):
        self.home, self.folder = home, home
        self.as_user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []

    def own(self, folder: Path) -> None:
        """Gives a folder and all that is in it to the user."""
        if not self.as_user:
            return
        nobody = pwd.getpwnam("nobody")
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, nobody.pw_uid, nobody.pw_gid)

    def run(self, command: str) -> tuple[int, str]:
        """Runs one command line in a fresh environment; a `cd` stays in force."""
        environment = [f"HOME={self.home}", f"PATH={os.environ.get('PATH', os.defpath)}", "LANG=C.UTF-8", "TERM=dumb",
                       "SETUP=no", f"TMPDIR={self.home}"]
        whole = f"cd '{self.folder}' && {{ {command}\n}} && pwd > '{self.home}/.folder'"
        status, out = run_bounded([*self.as_user, "env", "-i", *environment, "bash", "-c", whole], SECONDS)
        where = self.home / ".folder"
        if status == 0 and where.exists():
            self.folder = Path(where.read_text(encoding="utf-8").strip())
        return status, out

    def write(self, path: Path, text: str) -> None:
        """Changes a file as the user would: it stays theirs."""
        path.write_text(text, encoding="utf-8")


def available() -> str:
    """Why the first hour cannot be lived here; nothing if it can."""
    if os.geteuid() == 0 and not shutil.which("runuser"):
        return "runuser is missing, and the first hour is not lived as root"
    return ""


def hour(proofs: Proofs) -> Job:
    job = proofs.job("hour", f"the first hour in lab {proofs.lab.id}", lambda _bench: [])

    def work(_bench: Bench) -> list[LabError]:
        job.skipped = available()
        if job.skipped:
            return []
        folder = Path(tempfile.mkdtemp(prefix="cairn-hour-"))
        try:
            folder.chmod(0o755)
            return live(proofs, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    job.work = work
    return job


def live(proofs: Proofs, folder: Path) -> list[LabError]:
    repo, home = folder / "handouts.git", folder / "home"
    for place in (repo, home):
        place.mkdir()
    subprocess.run(["git", "init", "--quiet", "--bare", str(repo)], check=True)
    cut_repo(proofs.course, repo, ["carry"], proofs.lab, "both")
    student = Student(home)
    student.own(repo)
    student.own(home)
    status, out = student.run(f"git clone --quiet {repo} cairn && cd cairn")
    where = f"labs/{proofs.lab.folder_name}/handout.md"
    if status:
        return [LabError("the hand-out cannot be cloned", expected="status 0", got=last_lines(out), where=str(repo))]
    script = read_script((student.folder / where).read_text(encoding="utf-8"))
    if not any(kind.startswith("run") for kind, _ in script.steps):
        return [LabError("the first hand-out tells no command", expected="```console blocks with `$ command` lines",
                         got="none", where=where, run="see tools/labkit/hour.py")]
    for kind, what in script.steps:
        errors = fill(proofs, student, what) if kind == "fill" else obey(student, what, kind == "run-fails", where)
        if errors:
            return errors
    return []


def fill(proofs: Proofs, student: Student, rooms: str) -> list[LabError]:
    for room_id in rooms.split():
        room = proofs.course.room(room_id, proofs.arch)
        top = student.folder
        while not (top / "labs/step.toml").exists() and top != top.parent:
            top = top.parent
        text = (top / room.file).read_text(encoding="utf-8")
        student.write(top / room.file, replace_rooms(text, room.file, {room_id: proofs.reference(room)}))
    return []


def obey(student: Student, command: str, fails: bool, where: str) -> list[LabError]:
    """Runs a command, and the commands that it names as next."""
    folder = student.folder
    status, out = student.run(command)
    wrong = status == 0 if fails else status != 0
    if wrong or status in (126, 127):
        return [LabError(f"the first hour stops at `{command}`",
                         expected="a status other than 0" if fails else "status 0", got=f"status {status}: {last_lines(out)}",
                         where=where, run=command)]
    after = student.folder
    for told in NEXT.findall(out):
        student.folder = folder
        status, said = student.run(told)
        if status in (126, 127) or "No rule to make target" in said:
            return [LabError(f"`{command}` prints a next command that is none", expected="a command that there is",
                             got=f"{told}: status {status}: {last_lines(said)}", where=where, run=told)]
    student.folder = after
    return []
