"""Who owns which file, and which files a step tree holds.

Every file has exactly one owner, a lab or the base. The step tree of a set of labs is
base + what those labs bring + the before/ files of the labs that are absent, laid at their place. A stand-in that
itself needs a lab lies in before-<lab>/: it is laid where that lab is present, over a before/ file of the same path.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .errors import LabError, raise_all
from .model import ARCHES, LAB_FOLDER, Course, Lab

BASE = "base"
NOT_SOURCE = {".git", "build", "site", "__pycache__", ".pytest_cache", ".cache"}
HUNTED = "hunt.elf"         # the kernel of a bug hunt lies beside its hand-out and belongs to nobody
# Never in a cut tree, whatever base.toml says: other people's mistakes, doors of absent labs, and the proofs.
ALWAYS_PRIVATE = ("labs/*/before/**", "labs/*/before-*/**", "labs/*/wrong/**", "labs/*/proof.toml", "labs/base.toml", "labs/courses.toml")


@lru_cache(maxsize=None)
def glob_pattern(glob: str) -> re.Pattern[str]:
    """`*` stays inside a folder, `**` crosses folders, `?` is one character."""
    out = []
    for piece in re.split(r"(\*\*/|\*\*|\*|\?)", glob):
        out.append({"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(piece, re.escape(piece)))
    return re.compile("".join(out) + r"\Z", re.DOTALL)


def matches(path: str, globs: list[str] | tuple[str, ...]) -> bool:
    """Whether a path is in a list of globs; one that begins with `!` takes paths out again."""
    inside = False
    for glob in globs:
        if glob.startswith("!"):
            inside = inside and not glob_pattern(glob[1:]).match(path)
        elif not inside:
            inside = bool(glob_pattern(glob).match(path))
    return inside


def list_files(root: Path) -> list[str]:
    """Every source file below root, sorted: what git tracks or would track, or everything but build products."""
    git = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                         capture_output=True, check=False)
    if git.returncode == 0 and git.stdout:
        names = git.stdout.decode().split("\0")
        return sorted({name for name in names if name and not NOT_SOURCE & set(name.split("/"))
                       and (root / name).is_file()})
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in NOT_SOURCE]
        found += [str((Path(folder) / name).relative_to(root)) for name in files
                  if not name.endswith(".pyc") and name != HUNTED]
    return sorted(found)


def owners(course: Course, path: str) -> list[str]:
    """Everybody who claims a file; the partition holds when that is one."""
    parts = path.split("/")
    if parts[0] == "labs" and len(parts) > 2 and LAB_FOLDER.match(parts[1]):
        return [lab.id for lab in course.labs if lab.folder_name == parts[1]]
    claims = [lab.id for lab in course.labs if matches(path, lab.files)]
    if matches(path, course.base_files):
        claims.append(BASE)
    return claims


def partition(course: Course, files: list[str] | None = None) -> dict[str, str]:
    """Each file's one owner; raises every file that has none or several."""
    owner_of: dict[str, str] = {}
    errors = []
    for path in files if files is not None else list_files(course.root):
        claims = owners(course, path)
        if len(claims) == 1:
            owner_of[path] = claims[0]
            continue
        errors.append(LabError(
            f"{path} has {'no owner' if not claims else 'several owners'}", expected="one lab, or the base",
            got=", ".join(claims) or "nobody lists it",
            where="`files` in labs/*/lab.toml and labs/base.toml", run="tools/labs.py check --only partition"))
    raise_all(errors)
    return owner_of


@dataclass(frozen=True)
class Step:
    """What a tree holds. `kind`: solved, starter (only the last lab's rooms open) or carry (all rooms open).

    Hidden rows are in solved trees and in those that an instructor grades, never in a hand-out.
    """
    kind: str
    labs: tuple[str, ...]
    arch: str = "both"
    hidden_rows: bool = False

    @property
    def lab(self) -> str:
        return self.labs[-1]

    @property
    def arches(self) -> tuple[str, ...]:
        return ARCHES if self.arch == "both" else (self.arch,)


def check_closed(course: Course, labs: tuple[str, ...]) -> None:
    """A step's labs must exist, be written, and need no lab outside the set."""
    for lab_id in labs:
        lab = course.lab(lab_id)
        if lab.planned:
            raise LabError(f"lab {lab.id} is only planned", expected="a complete lab",
                           got="a folder that lends its before/ only", where=f"labs/{lab.folder_name}", run="make labs")
        missing = [need for need in lab.needs if need not in labs]
        if missing:
            raise LabError(f"the set {', '.join(labs)} is not closed", expected=f"{lab.id} needs {', '.join(lab.needs)}",
                           got=f"{', '.join(missing)} missing", where=f"labs/{lab.folder_name}/lab.toml")


def before_folders(course: Course, lab: Lab, labs: tuple[str, ...]) -> list[Path]:
    """What a lab lends to the tree of `labs`: before/, then before-<lab>/ of the labs that are there, in their order."""
    names = ["before", *(f"before-{other.id}" for other in course.labs if other.id in labs)]
    return [lab.folder / name for name in names if (lab.folder / name).is_dir()]


def before_files(course: Course, lab: Lab, labs: tuple[str, ...]) -> dict[str, Path]:
    """The door and stand-ins of a lab, by their place in the tree of `labs`; of one place, the last folder's counts."""
    return {path: root / path for root in before_folders(course, lab, labs) for path in list_files(root)}


def step_sources(course: Course, labs: tuple[str, ...], owner_of: dict[str, str] | None = None) -> dict[str, Path]:
    """Which file of the one tree stands at which path of the step tree (private files included)."""
    check_closed(course, labs)
    inside = {*labs, BASE}
    sources = {path: course.root / path
               for path, owner in (owner_of or partition(course)).items() if owner in inside}
    lent_by: dict[str, str] = {}
    for lab in course.labs:
        if lab.id in labs:
            continue
        for path, source in before_files(course, lab, labs).items():
            if path in sources:
                other = lent_by.get(path, "the tree itself")
                raise LabError(f"{path} would stand twice in the tree of {', '.join(labs)}", expected="one file",
                               got=f"one of labs/{lab.folder_name}/before* and one of {other}", where=str(source))
            sources[path] = source
            lent_by[path] = f"labs/{lab.folder_name}/before*"
    return sources


def is_private(course: Course, path: str, hidden_rows: bool = False) -> bool:
    """Whether a cut leaves a file out; what hidden rows live on is in the trees that have hidden rows."""
    if matches(path, ALWAYS_PRIVATE) or matches(path, course.private):
        return True
    return not hidden_rows and matches(path, [*course.hidden, *course.hidden_programs()])


def other_port(path: str, step: Step) -> bool:
    """Whether a path belongs to a CPU that the step leaves out: kernel/arch/x86_64/…, pages.x86_64.cc."""
    absent = set(ARCHES) - set(step.arches)
    return any(absent & set(part.split(".")) for part in path.split("/"))
