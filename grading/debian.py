"""Debian's packages for another CPU, fetched by apt as an ordinary user.

Everything of apt's own lies in one folder, so this needs no root and changes nothing on the host; the packages come
from where the host's own come from, and apt checks their signatures as it does for those.
"""
from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
NAMES = {"x86_64": "amd64"}     # what Debian calls a CPU, where that is another word
SECONDS = 600


class NoPackages(Exception):
    """Debian's archive cannot be asked here, or has not what was asked for; the text says why."""


def name_of(arch: str) -> str:
    return NAMES.get(arch, arch)


def origin() -> str:
    """Where this host's apt fetches Debian's packages."""
    places = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    for place in places:
        try:
            text = place.read_text(errors="replace")
        except OSError:
            continue
        text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
        found = re.search(r"(?:^URIs:\s*|^deb\s+(?:\[[^\]]*\]\s+)?)((?:http|https)://\S+/debian)/?(?=\s)", text, re.M)
        if found:
            return found[1]
    raise NoPackages("apt's sources on this host name no Debian archive")


class Apt:
    """apt with one suite and one CPU, all of its state in `folder`."""

    def __init__(self, arch: str, suite: str, folder: Path):
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            raise NoPackages("there is no apt-get here to fetch Debian's packages with")
        if not KEYRING.exists():
            raise NoPackages(f"{KEYRING.name} is missing: apt could not check signatures (package debian-archive-keyring)")
        self.arch, self.suite = name_of(arch), suite
        self.folder = folder.absolute()
        for name in ("state/lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "status").touch()
        (self.folder / "sources.list").write_text(f"deb [arch={self.arch} signed-by={KEYRING}] {origin()} {suite} main\n")

    def _options(self) -> list[str]:
        folder = self.folder
        settings = {"APT::Architecture": self.arch, "APT::Architectures": self.arch, "Dir::State": folder / "state",
                    "Dir::State::status": folder / "status", "Dir::Cache": folder / "cache",
                    "Dir::Etc::sourcelist": folder / "sources.list", "Dir::Etc::sourceparts": "/dev/null",
                    "Acquire::Languages": "none", "Acquire::Retries": "1", "Acquire::http::Timeout": "20"}
        if os.getuid() == 0:        # apt's own unprivileged user cannot write into this folder
            settings["APT::Sandbox::User"] = "root"
        return [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]

    def run(self, *words: str) -> str:
        """`apt-get update` and its like; what it printed."""
        try:
            done = subprocess.run([words[0], *self._options(), *words[1:]], capture_output=True, text=True,
                                  timeout=SECONDS, cwd=self.folder)
        except subprocess.TimeoutExpired as late:
            raise NoPackages(f"{words[0]} {words[1]} did not end within {SECONDS // 60} minutes") from late
        problems = [line for line in (done.stderr + done.stdout).splitlines() if line[:2] in ("E:", "W:")]
        if done.returncode or (words[1] == "update" and problems):
            why = problems[0] if problems else f"status {done.returncode}"
            raise NoPackages(f"{words[0]} {words[1]} ({self.suite}, {self.arch}): {why[:160]}")
        return done.stdout

    def update(self) -> None:
        self.run("apt-get", "update")

    def fields(self, package: str) -> dict[str, str]:
        """What the signed list says of a package: Version, SHA256 and so on."""
        said = self.run("apt-cache", "show", "--no-all-versions", package)
        return dict(re.findall(r"^([\w-]+): (.*)$", said, re.M))

    def download(self, package: str) -> Path:
        """The package's file; apt has compared it with the signed list."""
        self.run("apt-get", "download", package)
        found = sorted(self.folder.glob(f"{package}_*.deb"))
        if not found:
            raise NoPackages(f"apt-get download {package} left no file")
        return found[-1]


def _tar(archive: Path, *words: str) -> bytes:
    """What tar says to the contents of a package."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE) as contents:
        done = subprocess.run(["tar", *words], stdin=contents.stdout, capture_output=True)
        contents.stdout.close()
    return b"" if done.returncode else done.stdout


def members(archive: Path) -> list[str]:
    """The files in a package, without the leading slash."""
    return [name.removeprefix("./") for name in _tar(archive, "-t").decode().splitlines()]


def take(archive: Path, member: str, target: Path) -> None:
    """One file of a package."""
    data = _tar(archive, "-xO", f"./{member}")
    if not data:
        raise NoPackages(f"{archive.name} holds no file {member}")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".part")
    unfinished.write_bytes(data)
    unfinished.chmod(0o755)
    unfinished.replace(target)
