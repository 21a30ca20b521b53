"""Where packages of another release come from: the mirror, proxy and settings of this machine's own apt."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

HELPER = "/usr/lib/apt/apt-helper"
# Settings of apt that another release on this network needs as well.
CARRIED = ("Acquire::http", "Acquire::https", "Acquire::Check-", "Acquire::Retries", "Acquire::ForceIPv")


class Skip(Exception):
    """Why a system cannot be tried here; one line."""


@dataclass(frozen=True)
class System:
    """A release that Cairn is said to run on."""
    name: str                     # its code name, as the mirror spells it
    maker: str                    # debian or ubuntu
    title: str
    components: str = "main"
    updated: bool = True          # it has a suite for corrections beside it

    def default_mirror(self) -> str:
        if self.maker == "debian":
            return "http://deb.debian.org/debian"
        if os.uname().machine == "x86_64":
            return "http://archive.ubuntu.com/ubuntu"
        return "http://ports.ubuntu.com/ubuntu-ports"

    def keyring(self) -> Path:
        return Path(f"/usr/share/keyrings/{self.maker}-archive-keyring.gpg")


SYSTEMS = {system.name: system for system in (
    System("bookworm", "debian", "Debian 12"),
    System("trixie", "debian", "Debian 13"),
    System("noble", "ubuntu", "Ubuntu 24.04", components="main,universe"),
    System("sid", "debian", "Debian unstable", updated=False),
)}


def output_of(*command: str) -> str:
    """What the command printed; nothing if it is missing or failed."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def own_sources() -> list[tuple[str, str]]:
    """The addresses and releases that this machine's apt reads, from its .list and .sources files alike."""
    listed = output_of("apt-get", "update", "--print-uris")
    return list(dict.fromkeys(re.findall(r"^'(\S+)/dists/(\S+)/InRelease'", listed, re.M)))


def choose_mirror(system: System, sources: list[tuple[str, str]]) -> str:
    """The mirror of this machine that has the system's maker, or else the maker's own."""
    wanted = ("/ubuntu", "/ubuntu-ports") if system.maker == "ubuntu" else ("/debian",)
    for address, _ in sources:
        if address.endswith(wanted) and address.startswith(("http://", "https://", "file:")):
            return address
    return system.default_mirror()


def source_lines(system: System, mirror: str, sources: list[tuple[str, str]]) -> list[str]:
    """The lines of the new system's sources.list: the release, and its corrections as far as the mirror has them."""
    components = system.components.replace(",", " ")
    lines = [f"deb {mirror} {system.name} {components}"]
    if not system.updated:
        return lines
    corrections = [(mirror, f"{system.name}-updates")]
    if system.maker == "ubuntu":
        corrections.append((mirror, f"{system.name}-security"))
    else:
        security = [address for address, release in sources if release.endswith("-security") and "debian" in address]
        corrections += [(address, f"{system.name}-security") for address in security[:1]]
    return lines + [f"deb {address} {suite} {components}" for address, suite in corrections if has_release(address, suite)]


def has_release(mirror: str, suite: str) -> bool:
    """Whether the mirror answers with a file InRelease for this suite."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"{mirror}/dists/{suite}/InRelease"
        target = f"{folder}/InRelease"
        try:
            done = subprocess.run([HELPER, "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20",
                                   "download-file", url, target],
                                  stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=90)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0 and Path(target).exists()


def carried_settings() -> str:
    """The lines of this machine's apt configuration that concern the network."""
    lines = output_of("apt-config", "dump").splitlines()
    return "".join(f"{line}\n" for line in lines if line.startswith(CARRIED))


def proxy_environment(mirror: str) -> dict[str, str]:
    """For debootstrap, which fetches by wget: the proxy that apt would use for this mirror."""
    place = urlsplit(mirror)
    if place.scheme not in ("http", "https"):
        return {}
    key = f"Acquire::{place.scheme}::Proxy"
    known = dict(line.rstrip(";").split(" ", 1) for line in output_of("apt-config", "dump").splitlines() if " " in line)
    proxy = known.get(f"{key}::{place.hostname}", known.get(key, "")).strip('"')
    if not proxy:
        return {}
    if proxy == "DIRECT":
        return {"no_proxy": place.hostname or ""}
    return {f"{place.scheme}_proxy": proxy}
