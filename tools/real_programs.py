"""Programs that nobody made for Cairn, run as its first process: Debian's unmodified BusyBox, and a C program with the
compiler's own C library. `make demo LAB=paging` shows them, `make test-userland` compares what they say.

What each must say is computed here, from the files that it is given. Run from the tree's top: python3 -m tools.real_programs
"""
from __future__ import annotations

import argparse
import dataclasses
import re
import sys
import tempfile
from pathlib import Path

from grading import initramfs
from grading.debian import NoPackages
from tools import bounds, qemu, userland

DEAD_MAN_SECONDS = 120      # of processor time, or of sleep
MEMORY = "32M"                  # all that they and the kernel have

# The peaks of a ridge: name, height in metres.
PEAKS = [("Zinal", 2_900), ("Arolla", 3_796), ("Bishorn", 4_153), ("Grand_Cornier", 3_962), ("Besso", 3_668),
         ("Dent_Blanche", 4_357), ("Lo_Besso", 3_667), ("Obergabelhorn", 4_063), ("Zinalrothorn", 4_221), ("Mammouth", 3_234)]
STONES = [(f"stone{i * 7919 % 30011}", i * 104_729 % 99_991) for i in range(30_000)]
AWK = """# How many peaks there are, the highest of them, and their mean height.
$2 > most { most = $2; name = $1 }
{ sum += $2 }
END { printf "%d peaks, %s is the highest, mean %.1f m\\n", NR, name, sum / NR }
"""


def lines_of(rows: list[tuple[str, int]]) -> str:
    return "".join(f"{name} {number}\n" for name, number in rows)


FILES = {"etc/motd": "Cairn: a pile of stones that shows the way.\n", "etc/peaks": lines_of(PEAKS), "etc/highest.awk": AWK,
         "etc/stones": lines_of(STONES)}


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    program: str                # busybox, or the name of a source in user/libc
    arguments: str
    expected: str


def weighed() -> str:
    """What user/libc/weigh.c says of the stones."""
    stones = sorted(STONES, key=lambda stone: (stone[1], stone[0]))
    lightest = sum(weight for _, weight in stones[:100])

    def touched(start: int) -> int:
        pages = (24 << 20) // 4096
        return sum((start + page) % 256 for page in range(0, pages, pages // 16))

    lines = [f"{len(stones)} stones, from {stones[0][0]} ({stones[0][1]}) to {stones[-1][0]} ({stones[-1][1]})",
             f"the middle one weighs {stones[len(stones) // 2][1] / 1000:.3f} kg", f"the lightest hundred weigh {lightest} g",
             f"large pieces: {touched(1)} {touched(len(stones))}",
             *(f"{name:<12} {weight:8} g" for name, weight in stones[:3])]
    return "".join(line + "\n" for line in lines)


def cases() -> list[Case]:
    highest = max(PEAKS, key=lambda peak: peak[1])
    mean = sum(height for _, height in PEAKS) / len(PEAKS)
    return [
        Case("cat", "busybox", "cat /etc/motd /etc/peaks", FILES["etc/motd"] + FILES["etc/peaks"]),
        Case("ls", "busybox", "ls -1 / /etc", "/:\nbin\ndev\netc\nproc\n\n/etc:\n" + "".join(
            sorted(path.split("/")[1] + "\n" for path in FILES))),
        Case("sort", "busybox", "sort -n -k 2 /etc/peaks", lines_of(sorted(PEAKS, key=lambda peak: peak[1]))),
        Case("sort_many", "busybox", "sort -u -o /dev/null /etc/stones", ""),
        Case("awk", "busybox", "awk -f /etc/highest.awk /etc/peaks",
             f"{len(PEAKS)} peaks, {highest[0]} is the highest, mean {mean:.1f} m\n"),
        Case("weigh", "weigh", "/etc/stones", weighed()),
    ]


def elf_of(case: Case, arch: str, build: Path) -> Path:
    """Raises NoPackages where Debian's archive cannot be reached."""
    if case.program == "busybox":
        return userland.find(arch, build)["busybox"]
    return build / arch / "user" / "libc" / f"{case.program}.elf"


def run(arch: str, kernel: Path, case: Case, elf: Path, smp: int = 1) -> tuple[str, int]:
    """What the program wrote, and QEMU's status: the program's."""
    with tempfile.TemporaryDirectory(prefix="real-programs-") as folder:
        image = Path(folder) / "initramfs.cpio"
        image.write_bytes(initramfs.build({f"bin/{case.program}": elf.read_bytes(),
                                           **{path: text.encode() for path, text in FILES.items()}}))
        words = [sys.executable, "tools/qemu.py", "--arch", arch, "--kernel", str(kernel), "--initrd", str(image), "--memory", MEMORY,
                 "--smp", str(smp), "--append", f"init=/bin/{case.program} -- {case.arguments}"]
        output, status = bounds.run(words, DEAD_MAN_SECONDS, DEAD_MAN_SECONDS)
    return ("(it did not end)\n" if status == -1 else "") + said(output), status


def said(console: bytes) -> str:
    """The program's own words, without the firmware's and the kernel's; the kernel's, if it came to no program."""
    text = console.decode("utf-8", "replace").replace("\r", "")
    for begin in (r"cairn: running [^\n]*\n", r"^(?=\[ *[\d.]+ \d+\] )"):
        if found := re.search(begin, text, re.M):
            text = text[found.end():]
            break
    return re.sub(r"\[ *[\d.]+ \d+\] cairn: \S+ exited with status \d+\n.*", "", text, flags=re.S)


def show(arch: str, kernel: Path, build: Path) -> bool:
    """Prints what each says, up to the first that says something else than it must."""
    for case in cases():
        try:
            output, status = run(arch, kernel, case, elf_of(case, arch, build))
        except NoPackages as reason:
            print(f"SKIP {case.name}: {reason}")
            continue
        print(f"# {case.program} {case.arguments}\n{output}", flush=True)
        if (output, status) != (case.expected, 0):
            print(f"status {status}; expected was status 0, and\n{case.expected}")
            return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tools.real_programs", description=__doc__.splitlines()[0])
    parser.add_argument("--arch", default="riscv64", choices=sorted(qemu.PORTS))
    parser.add_argument("--kernel", type=Path, default=Path("build/riscv64/debug/kernel.elf"))
    parser.add_argument("--build", type=Path, default=Path("build"))
    o = parser.parse_args()
    return 0 if show(o.arch, o.kernel, o.build) else 1


if __name__ == "__main__":
    sys.exit(main())
