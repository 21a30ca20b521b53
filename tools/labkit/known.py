"""Gradings that were done before on this machine: the same files, rows, CPU kind and tools give the same verdicts.

A grading is kept only if the proof that asked for it came out as it should, so that a failure is always looked at again.
FRESH=1 forgets what is known. Kept below the user's cache folder; what nobody asked for in a month is thrown away.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import hashlib
import os
import subprocess
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from .manifest import File, format_manifest

FORMAT = "2"                # of what is kept, and of what the key is made
MONTH_SECONDS = 30 * 24 * 3600
TOOLS = ("g++", "riscv64-linux-gnu-g++", "x86_64-linux-gnu-g++", "qemu-system-riscv64", "qemu-system-x86_64", "python3", "make")
FIRMWARE = ("opensbi-riscv64-generic-fw_dynamic.bin", "qboot.rom")


def cache_folder() -> Path:
    """Where Cairn keeps what can be had again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME", "/root"), ".cache")) / "cairn"


@functools.cache
def tools() -> str:
    """What compiles, boots and judges here: the distribution's versions, and the machines' firmware."""
    said = hashlib.sha256()
    for tool in TOOLS:
        try:
            said.update(subprocess.run([tool, "--version"], capture_output=True, check=False).stdout)
        except OSError:
            said.update(b"none")
    for name in FIRMWARE:
        path = Path("/usr/share/qemu") / name
        said.update(path.read_bytes() if path.is_file() else b"none")
    return said.hexdigest()


def key_of(files: dict[str, File], *more: str) -> str:
    """Of a grading: all files but those that only people read."""
    judged = {path: file for path, file in files.items() if not path.endswith(".md") and not path.startswith("docs/")}
    return hashlib.sha256("\0".join((FORMAT, tools(), *more, format_manifest(judged))).encode()).hexdigest()


@dataclass
class Known:
    """What one proof finds and keeps; `keep` only notes it, `commit` writes it."""
    folder: Path
    fresh: bool = False
    found: int = 0
    done: int = 0
    _new: dict[str, bytes] = field(default_factory=dict)

    def find(self, key: str) -> bytes | None:
        """The results.json of that grading, if it is known."""
        path = self.folder / f"{key}.gz"
        try:
            data = None if self.fresh else gzip.decompress(path.read_bytes()) or None
            if data is not None:
                path.touch()
        except (OSError, EOFError, zlib.error):
            data = None
        self.found += data is not None
        self.done += data is None
        return data

    def keep(self, key: str, results: bytes) -> None:
        self._new[key] = results

    def commit(self) -> None:
        """To be called when the proof holds. Whatever goes wrong: the next time it is graded again."""
        for key, results in self._new.items():
            path = self.folder / f"{key}.gz"
            part = path.with_suffix(f".{os.getpid()}-{id(self)}")
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                part.write_bytes(gzip.compress(results))
                part.replace(path)
            except OSError:
                with contextlib.suppress(OSError):
                    part.unlink()

    @property
    def all_known(self) -> bool:
        return self.found > 0 and self.done == 0


def forget_old(folder: Path) -> None:
    """Throws away what was not asked for in a month."""
    for path in folder.glob("*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > MONTH_SECONDS:
                path.unlink()
