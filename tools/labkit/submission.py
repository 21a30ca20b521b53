"""What an instructor is handed: a folder, the package that `make handin` makes, or a git bundle.

Of a package only the history is read, and of the history the files of its last commit; they are written into a scratch
folder by this program, not by `git checkout`, so that no configuration, filter or hook of a student's has a say.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from .errors import LabError

BUNDLE = "history.bundle"
LARGEST_BUNDLE = 64 << 20
MOST_FILES = 20_000
LARGEST_TREE = 256 << 20

History = Callable[[str], "bytes | None"]


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[Path, History]]:
    """The submission as a folder, and what reads a blob of its history by its git name."""
    if path.is_dir():
        with tempfile.TemporaryDirectory(prefix="cairn-history-") as scratch:
            yield path, history_of(path / ".git/objects", Path(scratch))
        return
    if not path.is_file():
        raise LabError(f"{path} does not exist", expected="a student's tree, or the package that make handin made",
                       got="no such path", where=str(path))
    with tempfile.TemporaryDirectory(prefix="cairn-submission-") as name:
        folder = Path(name)
        bundle = folder / BUNDLE
        bundle.write_bytes(bundle_in(path))
        repo, tree = folder / "repo", folder / "tree"
        tree.mkdir()
        run_git(repo.parent, "init", "--quiet", "--bare", str(repo))
        run_git(repo, "fetch", "--quiet", str(bundle), "+HEAD:refs/submitted")
        write_files(repo, tree)
        yield tree, lambda blob: blob_of(repo, blob)


def bundle_in(path: Path) -> bytes:
    """The git bundle of a package, or the file itself if it is one."""
    wrong = LabError(f"{path} is no package of make handin", expected=f"a .tar.gz that holds {BUNDLE}, or a git bundle",
                     got="neither", where=str(path), run=f"tar tf {path}")
    with path.open("rb") as file:
        if file.read(16).startswith(b"# v2 git bundle") or file.seek(0) or file.read(16).startswith(b"# v3 git bundle"):
            file.seek(0)
            return file.read(LARGEST_BUNDLE)
    try:
        with tarfile.open(path, "r:*") as archive:
            member = archive.getmember(BUNDLE)
            if not member.isfile() or member.size > LARGEST_BUNDLE:
                raise wrong
            return archive.extractfile(member).read()       # type: ignore[union-attr]
    except (tarfile.TarError, KeyError, EOFError, OSError):
        raise wrong from None


def run_git(folder: Path, *arguments: str, data: bytes | None = None, environment: dict[str, str] | None = None) -> bytes:
    """git in a repository of ours: it reads no configuration but its own."""
    clean = {"PATH": os.environ.get("PATH", os.defpath), "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
             "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **(environment or {})}
    ran = subprocess.run(["git", "-c", "safe.directory=*", "-c", "protocol.allow=never", "-c", "protocol.file.allow=always",
                          "-C", str(folder), *arguments], input=data, capture_output=True, env=clean, check=False)
    if ran.returncode != 0:
        raise LabError("the submission's history cannot be read", expected="a git bundle with a HEAD",
                       got=ran.stderr.decode(errors="replace").strip()[-300:] or f"status {ran.returncode}", where="the hand-in",
                       run="git bundle verify history.bundle")
    return ran.stdout


def write_files(repo: Path, out: Path) -> None:
    """The files of the submitted commit; a link stays a link, so that the graft names and refuses it."""
    listed = run_git(repo, "ls-tree", "-r", "-l", "-z", "refs/submitted").split(b"\0")
    entries = [(*head.split(), path) for head, _, path in (entry.partition(b"\t") for entry in listed if entry)]
    sizes = sum(int(size) for _, kind, _, size, _ in entries if kind == b"blob")
    if len(entries) > MOST_FILES or sizes > LARGEST_TREE:
        raise LabError("the submission is too large", expected=f"at most {MOST_FILES} files and {LARGEST_TREE >> 20} MiB",
                       got=f"{len(entries)} files, {sizes} bytes", where="the hand-in")
    for mode, kind, blob, _, raw in entries:
        path = os.fsdecode(raw)
        if kind != b"blob" or set(path.split("/")) & {"", ".", "..", ".git"}:
            continue
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = run_git(repo, "cat-file", "blob", blob.decode())
        if mode == b"120000":
            target.symlink_to(os.fsdecode(data) or "nowhere")
        else:
            target.write_bytes(data)


def blob_of(repo: Path, blob: str, environment: dict[str, str] | None = None) -> bytes | None:
    try:
        return run_git(repo, "cat-file", "blob", blob, environment=environment)
    except LabError:
        return None


def history_of(objects: Path, scratch: Path) -> History:
    """Blobs of a student's repository, read through a repository of ours: theirs may be configured to run commands."""
    if not objects.is_dir():
        return lambda blob: None
    run_git(scratch, "init", "--quiet", "--bare", ".")
    return lambda blob: blob_of(scratch, blob, {"GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects.resolve())})
