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
CALL_STRETCH, BOOT_GOAL, BUILD_GOAL_SECONDS = 150, 8_000_000, 60.0
FIRST_BUILD_GOAL_SECONDS = 15.0         # of a tree that ends with lab traps; the other is that of the complete kernel
PROGRAM = "empty_call"
PAGING = "paging"       # user/bench/paging.cc, in trees that hold lab paging
FIRST_TOUCH_GOAL, MAP_GOAL, MANY_MAPPINGS_GOAL = 1_500, 4_000, 2.0


def entry_of(path: Path, physical: bool) -> int:
    """Where an ELF file begins to run."""
    with open(path, "rb") as file:
        elf = ELFFile(file)
        entry = elf.header["e_entry"]
        for segment in elf.iter_segments("PT_LOAD"):
            if segment["p_vaddr"] <= entry < segment["p_vaddr"] + segment["p_memsz"]:
                return entry - segment["p_vaddr"] + segment["p_paddr"] if physical else entry
    raise SystemExit(f"make bench: {path} has no entry point. Next: make clean, make bench")


def boot_of(o: argparse.Namespace, scratch: str, program: str = PROGRAM, **more: object) -> Boot:
    image = Path(scratch) / "initramfs.cpio"
    image.write_bytes(initramfs.build({program: o.program.with_stem(program).read_bytes()}))
    return Boot(arch=o.arch, kernel=o.kernel, scratch=Path(scratch), initrd=image, append=f"init=/{program} {o.append}".strip(),
                shift=0, budget=2_000_000_000, **more)


def figures_of(o: argparse.Namespace, program: str, wanted: set[str]) -> dict[str, int]:
    """What a program of user/bench prints."""
    with tempfile.TemporaryDirectory() as scratch, Machine(boot_of(o, scratch, program)) as machine:
        machine.wait()
        said = dict(re.findall(r"^bench (\w+) (\d+)\r?$", machine.console.decode("utf-8", "replace"), re.M))
    if set(said) != wanted:
        raise SystemExit(f"make bench: {program} did not come to its end. Next: make qemu PROG={program} MODE=release")
    return {name: int(figure) for name, figure in said.items()}


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
    said = figures_of(o, PROGRAM, {"times", "calls_ns", "spins_ns"})
    return said["calls_ns"] / said["times"], said["spins_ns"] / said["times"]


def paging_lines(o: argparse.Namespace) -> list[bool]:
    """The figures of lab paging, if this tree holds it."""
    if not o.program.with_stem(PAGING).exists():
        return []
    said = figures_of(o, PAGING, {"first_touch", "map_unmap_64k", "touch_among_10", "touch_among_10000"})
    ratio = said["touch_among_10000"] / said["touch_among_10"]
    return [line("first touch of a page", f"{said['first_touch']:,}", f"<= {FIRST_TOUCH_GOAL:,}",
                 said["first_touch"] <= FIRST_TOUCH_GOAL),
            line("mmap and munmap of 64 KiB", f"{said['map_unmap_64k']:,}", f"<= {MAP_GOAL:,}", said["map_unmap_64k"] <= MAP_GOAL),
            line("a touch among 10,000 mappings, in touches among 10", f"{ratio:.2f}", f"<= {MANY_MAPPINGS_GOAL:g}",
                 ratio <= MANY_MAPPINGS_GOAL)]


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
    met += paging_lines(o)
    if not o.no_build:
        seconds = build_seconds(o.arch)
        goal = BUILD_GOAL_SECONDS if o.program.with_stem(PAGING).exists() else FIRST_BUILD_GOAL_SECONDS
        met.append(line("clean build, debug, seconds of CPU time", f"{seconds:.1f}", f"<= {goal:g}",
                        seconds <= goal))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
