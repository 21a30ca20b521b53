"""`make userland`: programs that were never made for Cairn, fetched from Debian, unmodified.

Which ones, and which versions of them, user/userland.toml says; they are kept in build/userland/<arch>. apt fetches
them and checks their signatures, as an ordinary user. Run from the tree's top: python3 -m tools.userland
"""
from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tempfile
import tomllib
from pathlib import Path

from grading import debian
from grading.debian import NoPackages
from tools import plainly

LOCK = Path("user/userland.toml")


class OtherVersion(NoPackages):
    """Debian's archive holds another version than the one that is known to run."""


def locked(path: Path = LOCK) -> dict:
    return tomllib.loads(path.read_text())


def arches(path: Path = LOCK) -> list[str]:
    """The CPUs that every package is locked for."""
    return sorted(set.intersection(*(set(package["sha256"]) for package in locked(path)["package"].values())))


def place_of(arch: str, build: Path, member: str) -> Path:
    return build / "userland" / arch / Path(member).name


def find(arch: str, build: Path, path: Path = LOCK) -> dict[str, Path]:
    """The programs by name, fetched if they are not there yet; raises NoPackages."""
    lock = locked(path)
    found = {}
    for name, package in lock["package"].items():
        target = place_of(arch, build, package["member"])
        stamp = target.with_name(target.name + ".package")
        if not target.exists() or not stamp.exists() or stamp.read_text() != package["sha256"][arch]:
            fetch(arch, lock["suite"], name, package, target)
            stamp.write_text(package["sha256"][arch])
        found[target.name] = target
    return found


def fetch(arch: str, suite: str, name: str, package: dict, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        apt = debian.Apt(arch, suite, Path(folder))
        apt.update()
        said = apt.fields(name)
        if said.get("SHA256") != package["sha256"][arch]:
            raise OtherVersion(f"Debian {suite} now has {name} {said.get('Version', '(none)')}; known to run is "
                               f"{package['version'][arch]}. Next: make userland RELOCK=1, and run the tests with it")
        archive = apt.download(name)
        if hashlib.sha256(archive.read_bytes()).hexdigest() != package["sha256"][arch]:
            raise NoPackages(f"{archive.name} is not the file that the archive's signed list names")
        debian.take(archive, package["member"], target)


def relock(path: Path, build: Path) -> None:
    """Writes the versions that Debian's archive has today into the lock file."""
    text = path.read_text()
    lock = locked(path)
    folder = build / "userland"
    folder.mkdir(parents=True, exist_ok=True)
    for arch in arches(path):
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            apt = debian.Apt(arch, lock["suite"], Path(scratch))
            apt.update()
            for name in lock["package"]:
                said = apt.fields(name)
                for key, value in (("version", said["Version"]), ("sha256", said["SHA256"])):
                    text = replace(text, name, key, arch, value)
    path.write_text(text)


def replace(text: str, package: str, table: str, arch: str, value: str) -> str:
    """The lock's text with one value changed; comments and order stay."""
    heading = re.escape(f"[package.{package}.{table}]")
    changed, count = re.subn(rf"(^{heading}\n(?:[^\[]*?\n)?{arch} = )\"[^\"]*\"", lambda found: f'{found[1]}"{value}"', text,
                             flags=re.M)
    if count != 1:
        raise NoPackages(f"the lock file has no place for {package}, {table}, {arch}")
    return changed


def main() -> int:
    parser = argparse.ArgumentParser(prog="make userland", description=__doc__.splitlines()[0])
    parser.add_argument("--arch", action="append", help="only this CPU")
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--relock", action="store_true", help="take the versions that Debian has today")
    o = parser.parse_args()
    try:
        if o.relock:
            relock(LOCK, o.build)
        for arch in o.arch or arches():
            for name, path in find(arch, o.build).items():
                print(f"{arch}: {name}: {path}")
    except NoPackages as reason:
        print(f"make userland: SKIP: {reason}")
        return 0 if not isinstance(reason, OtherVersion) else 3
    return 0


if __name__ == "__main__":
    sys.exit(plainly.run(main, "make userland"))
