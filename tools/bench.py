"""The figures of this step (`make bench`): release kernel, one CPU, QEMU's -icount shift=0,sleep=off.

Then an instruction takes a nanosecond of guest time, and the figures repeat to the last digit on any host.
Exit status 1 if one is above its goal. Run from the tree's top: python3 -m tools.bench
"""
from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from elftools.elf.elffile import ELFFile

from grading import initramfs
from grading.machine import Boot, Machine

CALL_GOALS = {"riscv64": 200, "x86_64": 170}
CALL_STRETCH, BOOT_GOAL, BUILD_GOAL_SECONDS = 150, 8_000_000, 15.0
PROGRAM = "empty_call"


def entry_of(path: Path, physical: bool) -> int:
    """Where an ELF file begins to run."""
    with open(path, "rb") as file:
        elf = ELFFile(file)
        entry = elf.header["e_entry"]
        for segment in elf.iter_segments("PT_LOAD"):
            if segment["p_vaddr"] <= entry < segment["p_vaddr"] + segment["p_memsz"]:
                return entry - segment["p_vaddr"] + segment["p_paddr"] if physical else entry
    raise SystemExit(f"make bench: {path} has no entry point. Next: make clean, make bench")


def boot_of(o: argparse.Namespace, scratch: str, **more: object) -> Boot:
    image = Path(scratch) / "initramfs.cpio"
    image.write_bytes(initramfs.build({PROGRAM: o.program.read_bytes()}))
    return Boot(arch=o.arch, kernel=o.kernel, scratch=Path(scratch), initrd=image, append=f"init=/{PROGRAM} {o.append}".strip(),
                shift=0, budget=2_000_000_000, **more)


def boot_instructions(o: argparse.Namespace) -> int:
    """From the kernel's first instruction to the program's, as QEMU counts them."""
    with tempfile.TemporaryDirectory() as scratch, Machine(boot_of(o, scratch, gdb=True)) as machine:
        stub = machine.gdb()
        stub.start()
        stub.run_to(entry_of(o.kernel, physical=True))
        begin = machine.instructions()
        stub.run_to(entry_of(o.program, physical=False))
        return machine.instructions() - begin


def call_instructions(o: argparse.Namespace) -> tuple[float, float]:
    """(a round of the loop with an empty system call, the round without it)."""
    with tempfile.TemporaryDirectory() as scratch, Machine(boot_of(o, scratch)) as machine:
        machine.wait()
        said = dict(re.findall(r"^bench (\w+) (\d+)\r?$", machine.console.decode("utf-8", "replace"), re.M))
    if set(said) != {"times", "calls_ns", "spins_ns"}:
        raise SystemExit(f"make bench: {PROGRAM} did not come to its end. Next: make qemu PROG={PROGRAM} MODE=release")
    return int(said["calls_ns"]) / int(said["times"]), int(said["spins_ns"]) / int(said["times"])


def build_seconds(arch: str) -> float:
    """CPU time of what `make grade` builds, from nothing: kernel, library, test programs."""
    folder = Path("build") / "bench-clean-build"
    shutil.rmtree(folder, ignore_errors=True)
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        subprocess.run(["make", "--no-print-directory", f"ARCH={arch}", f"BUILD={folder}", "SETUP=no", "kernel", "user-tests"],
                       check=True, stdout=subprocess.DEVNULL, env=environment, timeout=600)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def line(what: str, figure: str, goal: str, met: bool) -> bool:
    print(f"{what:<52} {figure:>12}  {goal:<24} {'met' if met else 'MISSED'}", flush=True)
    return met


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tools.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--kernel", type=Path, required=True)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--append", default="tick=off")
    parser.add_argument("--no-build", action="store_true", help="leave the clean build out")
    o = parser.parse_args()
    print(f"{o.arch}, release, one CPU; guest instructions unless a unit is given")
    with_call, without = call_instructions(o)
    boot = boot_instructions(o)
    met = [line(f"empty system call, in a loop of {without:.0f} instructions", f"{with_call:,.2f}",
                f"<= {CALL_GOALS[o.arch]} (stretch {CALL_STRETCH})", with_call <= CALL_GOALS[o.arch]),
           line("kernel entry to the first user instruction", f"{boot:,}", f"<= {BOOT_GOAL:,}", boot <= BOOT_GOAL)]
    if not o.no_build:
        seconds = build_seconds(o.arch)
        met.append(line("clean build, debug, seconds of CPU time", f"{seconds:.1f}", f"<= {BUILD_GOAL_SECONDS:g}",
                        seconds <= BUILD_GOAL_SECONDS))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
