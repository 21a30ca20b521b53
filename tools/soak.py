"""Long runs of the processes lab's kernel (`make soak-processes`): hundreds of processes on four CPUs, and random system
calls from many of them. The programs are user/soak; each says at its end whether all resources came back.

Exit status 0 if no machine panicked, nothing was wrong and nothing was lost. Run from the tree's top: python3 -m tools.soak
"""
from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

from grading import initramfs
from tools import bounds, plainly, qemu

MEMORY, MARGIN_SECONDS = "512M", 240
CALLS_PER_SECOND = 100      # of the slowest host that we would wait for


def run(arch: str, kernel: Path, program: Path, arguments: str, smp: int, seconds: float) -> tuple[str, int]:
    """The console, and QEMU's status; -1 if it had to be ended."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        image = Path(folder) / "initramfs.cpio"
        image.write_bytes(initramfs.build({program.stem: program.read_bytes(), "tmp/": b""}))
        words = [sys.executable, "tools/qemu.py", "--arch", arch, "--kernel", str(kernel), "--initrd", str(image), "--memory", MEMORY,
                 "--smp", str(smp), "--append", f"init=/{program.stem} -- {arguments}"]
        output, status = bounds.run(words, seconds * smp, seconds)
    return output.decode("utf-8", "replace"), status


def verdict(name: str, console: str, status: int) -> str:
    """What is wrong with a run; empty if nothing is."""
    if status == -1:
        return "it did not end"
    if found := re.search(r"panic[^\n]*", console, re.I):
        return found[0].strip()
    if found := re.search(rf"{name}: WRONG[^\n]*|{name}: [^\n]*LOST", console):
        return found[0].strip()
    if not re.search(rf"^{name}: done: ", console, re.M):
        return "it ended before its time"
    return "" if status == 0 else f"status {status}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak-processes", description=__doc__.splitlines()[0])
    parser.add_argument("--arch", default="riscv64", choices=sorted(qemu.PORTS))
    parser.add_argument("--kernel", type=Path, required=True)
    parser.add_argument("--programs", type=Path, required=True, help="where soak.elf and calls.elf are")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=600, help="how long processes come and go")
    parser.add_argument("--calls", type=int, default=100_000, help="how many random system calls")
    parser.add_argument("--smp", type=int, default=4)
    o = parser.parse_args()
    failed = 0
    for name, arguments, seconds in (("soak", f"{o.seed} {o.seconds} 200", o.seconds + MARGIN_SECONDS),
                                     ("calls", f"{o.seed} {o.calls} 32", o.calls / CALLS_PER_SECOND + MARGIN_SECONDS)):
        console, status = run(o.arch, o.kernel, o.programs / f"{name}.elf", arguments, o.smp, seconds)
        told = [line.strip() for line in console.splitlines() if line.startswith(f"{name}: ") and "have ended" not in line]
        wrong = verdict(name, console, status)
        print(f"{o.arch}: {name} {arguments}: {wrong or 'well'}\n" + "".join(f"  {line}\n" for line in told[-4:]), end="", flush=True)
        if wrong:
            failed += 1
            print("  the console's last lines:\n" + "".join(f"    {line}\n" for line in console.splitlines()[-25:]))
    print(f"{2 - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(plainly.run(main, "make soak"))
