"""Linux as the referee: runs test programs on Debian's own kernel in the same QEMU machine, and natively.

Nothing of Cairn's kernel is involved. A program's proof is verified as in a graded run; that it holds
on Linux too is what makes a row's sentence more than our opinion. Used by oracle.py and mytest.py.
"""
from __future__ import annotations

import dataclasses
import platform
import re
import signal
import subprocess
import tempfile
from pathlib import Path

from tools import attributes, bounds, qemu

from . import debian, initramfs, proof
from .proof import Program
from .verdicts import Failed

NATIVE_SECONDS = 20             # of processor time, or of sleep
QEMU_SECONDS = 240              # of processor time; of sleep a quarter
MEMORY = "512M"                 # Debian's kernel alone wants more than Cairn's machine has
SUITES = ("trixie", "forky", "sid")     # where a riscv64 kernel may be found, the stable one first
SHIFT = 1                       # instructions are counted: on a busy host Linux would fail to calibrate its clock
MARK = re.compile(rb"^oracle: (begin|status) (\d+)(?: (-?\d+))?\n", re.M)


@dataclasses.dataclass
class Ended:
    """How a program ended on Linux: what it wrote, and wait(2)'s status."""
    output: bytes
    status: int

    @property
    def signal(self) -> str:
        """SIGILL and its like, or nothing if it exited."""
        number = self.status & 0x7F
        return signal.Signals(number).name if number else ""

    @property
    def exit_status(self) -> int:
        return self.status >> 8 & 0xFF


class NoReferee(Exception):
    """Linux cannot be asked in this way here; the text says why."""


def judge(program: Program, ended: Ended, ends: str) -> None:
    """Raises Failed unless the program ended as its row says, with a proof that verifies."""
    from . import frames
    try:
        found = frames.parse(ended.output)
    except frames.BadFrame as error:
        raise Failed(f"the result channel holds {error}") from error
    proof.raise_failed_check(program, found)
    said = ended.signal or f"status {ended.exit_status}"
    if any(frame.kind == "done" for frame in found) or program.sites:
        values = proof.verify(program, found)
        wanted = f"status {values[min(values)]}" if ends == "value" else ends or "status 0"
    else:                       # its witness stands outside: here its end is all there is
        wanted = ends or "status 0"
    if said != wanted:
        raise Failed("the program ended in another way", expected=wanted, got=said)


# ---- natively -------------------------------------------------------------------------------------
def native_arch() -> str:
    """The CPU of this host, if test programs can be built for it."""
    machine = platform.machine()
    if platform.system() != "Linux" or machine not in ("x86_64", "riscv64"):
        raise NoReferee(f"this host is {platform.system()} on {machine}; programs are built for Linux on "
                        "x86_64 and riscv64")
    if odd := attributes.unusual():
        raise NoReferee(f"the shell hands down what may not be set back: {odd}")
    return machine


def run_natively(program: Program, arguments: list[str], scratch: Path) -> Ended:
    path = scratch / "program"
    path.write_bytes(program.elf)
    path.chmod(0o755)
    with subprocess.Popen([str(path), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          cwd=scratch, env={}, preexec_fn=attributes.usual) as process:
        output, late = bounds.collect(process, NATIVE_SECONDS, NATIVE_SECONDS)
    if late:
        raise Failed(f"the program did not come to its end; {late}")
    code = process.returncode
    return Ended(output, -code if code < 0 else code << 8)


# ---- under QEMU -----------------------------------------------------------------------------------
def run_in_qemu(arch: str, kernel: Path, first: bytes, programs: list[tuple[Program, list[str]]],
                scratch: Path) -> list[Ended | None]:
    """One boot runs them all, one after the other; None for those that did not come to their end."""
    files = {"oracle_init": first}
    lines = []
    for number, (program, arguments) in enumerate(programs):
        files[f"program{number}"] = program.elf
        lines.append(" ".join([f"/program{number}", *arguments]))
    files["oracle.list"] = ("\n".join(lines) + "\n").encode()
    image = scratch / "oracle.cpio"
    image.write_bytes(initramfs.build(files))
    words = qemu.command(arch, kernel=str(kernel), initrd=str(image), memory=MEMORY, shift=SHIFT,
                         append="console=ttyS0 quiet loglevel=1 panic=-1 rdinit=/oracle_init")
    with subprocess.Popen([*words, "-serial", "stdio", "-monitor", "none"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as process:
        console, _ = bounds.collect(process, QEMU_SECONDS, QEMU_SECONDS / 4)
    if b"oracle: " not in console:
        lines = console.decode("utf-8", "replace").splitlines()
        raise NoReferee(f"Linux did not come to its first program: {lines[-1][:120] if lines else 'silence'}")
    return split(console, len(programs))


def split(console: bytes, count: int) -> list[Ended | None]:
    """Cuts the console at the lines of user/bin/oracle_init."""
    ends: list[Ended | None] = [None] * count
    begun = 0
    for mark in MARK.finditer(console):
        if mark[1] == b"begin":
            begun = mark.end()
        elif int(mark[2]) < count:
            ends[int(mark[2])] = Ended(console[begun:mark.start()], int(mark[3]))
    return ends


# ---- Debian's kernel ------------------------------------------------------------------------------
def find_kernel(arch: str, cache: Path) -> Path:
    """Debian's kernel for `arch`, fetched by apt into `cache` the first time; raises NoReferee."""
    found = sorted(cache.glob(f"vmlinu?-*-{debian.name_of(arch)}"))
    if found:
        return found[-1]
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        for suite in SUITES:
            try:
                return fetch_kernel(debian.Apt(arch, suite, Path(folder)), cache)
            except debian.NoPackages as reason:
                last = NoReferee(str(reason))
        raise last


def fetch_kernel(apt: debian.Apt, cache: Path) -> Path:
    apt.update()
    package = re.search(r"Depends: (linux-image-\S+)", apt.run("apt-cache", "depends", f"linux-image-{apt.arch}"))
    if not package:
        raise debian.NoPackages(f"{apt.suite} has no kernel for {apt.arch}")
    archive = apt.download(package[1])
    image = next(name for name in debian.members(archive) if name.startswith("boot/vmlinu"))
    target = cache / Path(image).name
    debian.take(archive, image, target)
    return target
