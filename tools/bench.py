"""The figures of this step (`make bench`): release kernel, one CPU, QEMU's -icount shift=0,sleep=off.

Then an instruction takes a nanosecond of guest time, and the figures repeat to the last digit on any host.
Exit status 1 if one is above its goal, 2 if one could not be measured (the line says why; the others are printed all
the same). Run from the tree's top: python3 -m tools.bench
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
from collections.abc import Callable
from pathlib import Path

from elftools.elf.elffile import ELFFile

from grading import initramfs
from grading.machine import Boot, Machine
from grading.verdicts import Infrastructure, RowEnded
from tools import plainly

CALL_GOALS = {"riscv64": 200, "x86_64": 170}
CALL_STRETCH, BOOT_GOAL, BUILD_GOAL_SECONDS = 150, 8_000_000, 60.0
FIRST_BUILD_GOAL_SECONDS = 15.0         # of a tree that ends with lab traps; the other is that of the complete kernel
PROGRAM = "empty_call"
PAGING = "paging"       # user/bench/paging.cc, in trees that hold lab paging
FIRST_TOUCH_GOAL, MAP_GOAL, MANY_MAPPINGS_GOAL = 1_500, 4_000, 2.0
PROCESSES = "processes"     # user/bench/processes.cc, in trees that hold lab processes
PROCESS_GOALS = {"pipe_round_trip": ("pipe round trip between two processes", 6_000), "fork_exit_wait": ("fork, exit, wait", 60_000),
                 "vfork_exit_wait": ("vfork, exit, wait", 25_000), "copy_on_write": ("copy-on-write fault", 2_500),
                 "wait_nohang": ("wait4 with WNOHANG, of a child that lives", 500)}
SWITCH_GOAL, CROWD_GOAL, CROWD, CROWD_MEMORY = 1_900, 1.5, 10_000, "1G"

LATENESS = "lateness"       # user/bench/lateness.cc
MICROSECOND = 1_000
LATE_GOALS = {f"late_beside_{name}": (f"a sleep of 1 ms is late beside {what}, microseconds", 1_000) for name, what in (
    ("nobody", "nobody"), ("computing", "one who computes"), ("reading", "reads of 64 MiB"), ("forgetting", "MADV_DONTNEED of 64 MiB"),
    ("forking", "forks of 128 MiB"))} | {f"gap_beside_{name}": (f"does not run, when another {what}, microseconds", 4_000) for name, what in (
    ("new", "begins"), ("woken", "wakes up"))}

LAT, LAT_ARGUMENTS = "lat", "-k 7 -t 5000 --settle 3000"
# Debian's stock kernels, 6.12 for riscv64 and 6.1 for x86_64; the same program, arguments and machine.
LINUX = {name: dict(zip(("riscv64", "x86_64"), figures, strict=True)) for name, *figures in (
    ("null", 474, 360), ("read1", 911, 696), ("write1", 824, 619), ("open_close", 8_226, 6_872), ("pipe_pp", 13_860, 10_307),
    ("ctx", 3_862, 3_227), ("fork", 138_578, 113_848), ("vfork", 52_837, 52_022), ("thread", 39_033, 39_916),
    ("exec_tiny", 261_945, 286_031), ("sig_install", 891, 532), ("sig_self", 5_270, 3_661), ("prot_fault", 4_675, 3_383),
    ("pagefault", 4_472, 3_107), ("mmap", 13_509, 12_126), ("cow", 5_498, 4_272), ("futex_wake", 735, 530),
    ("futex_pp", 10_095, 6_929), ("sleep_over", 7_100, 4_571), ("ptrace_sys", 13_570, 10_414), ("wait_nohang", 1_217, 851),
    ("pipe_1m", 1_334_875, 782_702), ("file_64k", 30_482, 17_573))}


def entry_of(path: Path, physical: bool) -> int:
    """Where an ELF file begins to run."""
    with open(path, "rb") as file:
        elf = ELFFile(file)
        entry = elf.header["e_entry"]
        for segment in elf.iter_segments("PT_LOAD"):
            if segment["p_vaddr"] <= entry < segment["p_vaddr"] + segment["p_memsz"]:
                return entry - segment["p_vaddr"] + segment["p_paddr"] if physical else entry
    raise Infrastructure(f"{path} has no entry point. Next: make clean, make bench")


def boot_of(o: argparse.Namespace, scratch: str, program: str = PROGRAM, append: str | None = None, **more: object) -> Boot:
    image = Path(scratch) / "initramfs.cpio"
    image.write_bytes(initramfs.build({program: o.program.with_stem(program).read_bytes()}))
    return Boot(arch=o.arch, kernel=o.kernel, scratch=Path(scratch), initrd=image, append=f"init=/{program} {o.append if append is None else append}".strip(),
                shift=0, **{"budget": 2_000_000_000, **more})


def figures_of(o: argparse.Namespace, program: str, wanted: set[str], **more: object) -> dict[str, int]:
    """What a program of user/bench prints."""
    with tempfile.TemporaryDirectory() as scratch, Machine(boot_of(o, scratch, program, **more)) as machine:
        machine.wait()
        said = dict(re.findall(r"^bench (\w+) (\d+)\r?$", machine.console.decode("utf-8", "replace"), re.M))
    if set(said) != wanted:
        raise Infrastructure(f"{program} did not come to its end. Next: make qemu PROG={program} MODE=release")
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


def holds_processes() -> bool:
    return any(Path("labs").glob("*-processes/handout.md"))


def process_lines(o: argparse.Namespace) -> list[bool]:
    """The figures of lab processes, if this tree holds it; the timer ticks, for somebody may sleep."""
    if not holds_processes():
        return []
    said = figures_of(o, PROCESSES, {"pipe_alone", *PROCESS_GOALS}, append="")
    switch = said["pipe_round_trip"] // 2 - said["pipe_alone"]
    met = [line("context switch (half a round trip, less the pipe)", f"{switch:,}", f"<= {SWITCH_GOAL:,}", switch <= SWITCH_GOAL)]
    return met + [line(what, f"{said[name]:,}", f"<= {goal:,}", said[name] <= goal) for name, (what, goal) in PROCESS_GOALS.items()]


def crowd_lines(o: argparse.Namespace) -> list[bool]:
    """What stays cheap among ten thousand others."""
    if not holds_processes():
        return []
    crowds = ("zombies", "sleepers")
    said = figures_of(o, PROCESSES, {*crowds, *(f"{what}_among_{whom}" for what in ("fork", "wake") for whom in ("few", *crowds))},
                      append="-- many", memory=CROWD_MEMORY, budget=20_000_000_000)
    met = []
    for whom in crowds:
        for what, name in (("fork", "fork, exit, wait"), ("wake", "a pipe round trip")):
            ratio = said[f"{what}_among_{whom}"] / said[f"{what}_among_few"]
            met.append(line(f"{name} among {said[whom]:,} {whom}, to among few", f"{ratio:.2f}", f"<= {CROWD_GOAL:g}, of {CROWD:,}",
                            ratio <= CROWD_GOAL and said[whom] == CROWD))
    return met


def lateness_lines(o: argparse.Namespace) -> list[bool]:
    """How long others keep a process waiting."""
    if not holds_processes():
        return []
    said = figures_of(o, LATENESS, set(LATE_GOALS), append="", memory="512M", budget=10_000_000_000)
    return [line(what, f"{said[name] // MICROSECOND:,}", f"<= {goal:,}", said[name] <= goal * MICROSECOND)
            for name, (what, goal) in LATE_GOALS.items()]


def latency_table(o: argparse.Namespace) -> list[bool]:
    """What lat (user/bench/lat.c) says here, beside what it says on Linux: no goals of this step."""
    if not holds_processes():
        return []
    with tempfile.TemporaryDirectory() as scratch, Machine(boot_of(o, scratch, LAT, append="-- " + LAT_ARGUMENTS, memory="256M",
                                                                   budget=30_000_000_000)) as machine:
        machine.wait()
        console = machine.console.decode("utf-8", "replace")
    said = dict(re.findall(r"^(\w+) (-|[\d.]+)\r?$", console, re.M))
    print(f"\n{'lat, instructions of one operation':<36}{'Cairn':>14}{'Linux':>14}{'of it':>8}")
    for name, figures in LINUX.items():
        linux, here = figures[o.arch], said.get(name, "?")
        share = f"{float(here) / linux:8.2f}" if here not in "-?" else ""
        print(f"{name:<36}{here:>14}{linux:>14,}{share}")
    if "lat: done" not in console:
        raise Infrastructure("lat did not come to its end. Next: make qemu PROG=lat MODE=release")
    return []


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


def call_lines(o: argparse.Namespace) -> list[bool]:
    with_call, without = call_instructions(o)
    return [line(f"empty system call, in a loop of {without:.0f} instructions", f"{with_call:,.2f}",
                 f"<= {CALL_GOALS[o.arch]} (stretch {CALL_STRETCH})", with_call <= CALL_GOALS[o.arch])]


def boot_lines(o: argparse.Namespace) -> list[bool]:
    boot = boot_instructions(o)
    return [line("kernel entry to the first user instruction", f"{boot:,}", f"<= {BOOT_GOAL:,}", boot <= BOOT_GOAL)]


def build_lines(o: argparse.Namespace) -> list[bool]:
    if o.no_build:
        return []
    seconds = build_seconds(o.arch)
    goal = BUILD_GOAL_SECONDS if o.program.with_stem(PAGING).exists() else FIRST_BUILD_GOAL_SECONDS
    return [line("clean build, debug, seconds of CPU time", f"{seconds:.1f}", f"<= {goal:g}", seconds <= goal)]


# What is measured, and what the line says if it cannot be.
Measurement = tuple[str, Callable[[argparse.Namespace], list[bool]]]
MEASUREMENTS: list[Measurement] = [
    ("empty system call", call_lines), ("kernel entry to the first user instruction", boot_lines), ("paging", paging_lines),
    ("processes", process_lines), ("processes in crowds", crowd_lines), ("lateness", lateness_lines), ("clean build, debug", build_lines), ("lat", latency_table)]


def measure(o: argparse.Namespace, measurements: list[Measurement]) -> int:
    """All of them, whatever becomes of one; the exit status."""
    met, unmeasured = [], []
    for what, lines_of in measurements:
        try:
            met += lines_of(o)
        except (RowEnded, OSError, subprocess.SubprocessError) as problem:
            why = problem.reason if isinstance(problem, RowEnded) else plainly.text(problem) if isinstance(problem, OSError) else str(problem)
            print(f"{what:<52} {'-':>12}  NOT MEASURED: {why}", flush=True)
            unmeasured.append(what)
    if unmeasured:
        print(f"make bench: not measured: {', '.join(unmeasured)}. Next: make bench again"
              f"{', on a host with time to spare' if os.getloadavg()[0] > (os.cpu_count() or 1) else ''}", file=sys.stderr)
        return 2
    return 0 if all(met) else 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tools.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--kernel", type=Path, required=True)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--append", default="tick=off")
    parser.add_argument("--no-build", action="store_true", help="leave the clean build out")
    o = parser.parse_args()
    print(f"{o.arch}, release, one CPU; guest instructions unless a unit is given")
    return measure(o, MEASUREMENTS)


if __name__ == "__main__":
    sys.exit(plainly.run(main, "make bench"))
