"""The list of a cut tree's files with their git blob names: labs/manifest.txt.

It says what the pristine tree was. In a git repository the names also fetch the pristine bytes, wherever in
the history they are, so that nothing depends on a tag or a branch that a clone might lack.
"""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import LabError

MANIFEST = "labs/manifest.txt"


@dataclass(frozen=True)
class File:
    data: bytes
    executable: bool = False

    @property
    def mode(self) -> str:
        return "100755" if self.executable else "100644"


@dataclass(frozen=True)
class Entry:
    mode: str
    blob: str


def blob_name(data: bytes) -> str:
    """The name that git gives to these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def format_manifest(files: dict[str, File]) -> str:
    lines = [f"{file.mode} {blob_name(file.data)} {path}\n" for path, file in sorted(files.items()) if path != MANIFEST]
    return "".join(lines)


def read_manifest(path: Path) -> dict[str, Entry]:
    entries = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fields = line.split(" ", 2)
        if len(fields) != 3 or len(fields[1]) != 40:
            raise LabError(f"{path} is damaged", expected="mode, blob name and path on each line", got=line,
                           where=f"{path}:{number}", run=f"git checkout -- {MANIFEST}")
        entries[fields[2]] = Entry(fields[0], fields[1])
    return entries


def pristine_from_git(root: Path, entries: dict[str, Entry]) -> dict[str, File]:
    """The pristine files out of the history of the repository at `root`."""
    asked = list(entries.items())
    query = "".join(f"{entry.blob}\n" for _, entry in asked).encode()
    git = subprocess.run(["git", "-C", str(root), "cat-file", "--batch"], input=query, capture_output=True, check=False)
    if git.returncode != 0:
        raise LabError("git cannot read the history", expected="a git repository", got=git.stderr.decode().strip(),
                       where=str(root), run="git fsck")
    files: dict[str, File] = {}
    at = 0
    for path, entry in asked:
        end = git.stdout.index(b"\n", at)
        header = git.stdout[at:end].split()
        if header[-1] == b"missing":
            raise LabError(f"the history does not hold {path} as it was handed out", expected=f"git blob {entry.blob}",
                           got="a history without it (a shallow clone?)", where=MANIFEST,
                           run="git fetch --unshallow  (or clone the hand-out anew and merge it)")
        size = int(header[2])
        files[path] = File(git.stdout[end + 1:end + 1 + size], entry.mode == "100755")
        at = end + 1 + size + 1
    return files
