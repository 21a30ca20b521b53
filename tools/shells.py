"""Shells on lab processes' kernel: our own small one (user/bin/sh.cc) and Debian's unmodified BusyBox, under our init,
with BusyBox's programs in pipelines. `make demo LAB=processes` shows them.

What each script must say is computed here. Run from the tree's top: python3 -m tools.shells
"""
from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
from pathlib import Path

from grading import initramfs
from grading.debian import NoPackages
from tools import bounds, qemu, real_programs, userland
from tools.real_programs import FILES, PEAKS, STONES

DEAD_MAN_SECONDS = 180      # of processor time, or of sleep
MEMORY = "64M"

APPLETS = ("awk cat cmp cp cut date dd echo env expr false find free grep head kill ln ls mkdir mv nl od pidof printf ps pwd rev rm sed seq sleep sort "
           "stat tail tee test top touch tr true uname uniq uptime wc xargs yes").split()

# For both shells. Nothing here says what time it is, or which process.
TOUR = """sort -n -k 2 /etc/peaks | tail -n 3
sort -u /etc/stones | wc -l
awk '{ sum += $2 } END { print sum }' /etc/stones | rev
seq 1 1000 | grep 7 | head -n 3 | tr '\\n' ' '; echo
cut -d ' ' -f 1 /etc/peaks | tr a-z A-Z | sort > /tmp/names
head -n 2 < /tmp/names
echo "the last line" >> /tmp/names; wc -l < /tmp/names
ls /nowhere 2> /tmp/error || echo nowhere: $?
true && echo 'through five' | cat | cat | cat | cat | cat
yes | head -n 20000 | wc -c
sh -c 'exit 7'; echo status $?
"""
# For ours alone: BusyBox waits in rt_sigsuspend(2), which comes with lab signals.
JOBS = """sleep 0.3 & sleep 0.2 & sleep 0.1 &
echo three sleep
wait
echo nobody sleeps
cat /etc/stones | sort -n -k 2 | head -n 1 > /tmp/lightest &
wait $!; echo status $?; cat /tmp/lightest
"""
# For BusyBox alone: substitutions, loops, functions, documents in place.
ASH = """count() { wc -l | tr -d ' '; }
echo "there are $(cat /etc/peaks | count) peaks, and $(grep -c e /etc/peaks) with an e"
while read -r name height; do [ "$height" -gt 4200 ] && echo "$name is high"; done < /etc/peaks
for word in a b c; do echo $word; done | tr abc xyz
cat <<END | sed 's/stone/cairn/'
a stone
END
(echo inside; exit 3); echo $?
sleep 0.1 && echo late & echo early; sleep 0.5
sleep 600 & sleep 0.5
ps -o args | grep -c '^sleep 600$'; top -b -n 1 | grep -c 'sleep 600$'; pidof sleep | wc -w
free | awk '/^Mem:/ { print ($2 > $3 ? "enough memory" : "none") }'; uptime | grep -c 'load average'
kill -0 $! && kill -9 $! && sleep 0.1; test -d /proc/$! || echo reaped
"""


@dataclasses.dataclass(frozen=True)
class Script:
    name: str
    shell: str                  # the file below /bin
    text: str
    expected: str


def tour_says() -> str:
    highest = sorted(PEAKS, key=lambda peak: peak[1])[-3:]
    total = sum(weight for _, weight in STONES)
    sevens = [str(number) for number in range(1, 1001) if "7" in str(number)][:3]
    names = sorted(name.upper() for name, _ in PEAKS)
    return "".join(f"{line}\n" for line in (
        *(f"{name} {height}" for name, height in highest), len(STONES), str(total)[::-1], " ".join(sevens) + " ", *names[:2],
        len(PEAKS) + 1, "nowhere: 1", "through five", 40_000, "status 7"))


def scripts() -> list[Script]:
    lightest = min(STONES, key=lambda stone: (stone[1], stone[0]))
    jobs = f"three sleep\nnobody sleeps\nstatus 0\n{lightest[0]} {lightest[1]}\n"
    high = "".join(f"{name} is high\n" for name, height in PEAKS if height > 4_200)
    ash = (f"there are {len(PEAKS)} peaks, and {sum('e' in name for name, _ in PEAKS)} with an e\n{high}x\ny\nz\na cairn\ninside\n3\n"
           "early\nlate\n1\n1\n1\nenough memory\n1\nreaped\n")
    return [Script("our shell", "cairn-sh", TOUR + JOBS, tour_says() + jobs), Script("BusyBox's shell", "sh", TOUR + ASH, tour_says() + ash)]


def files(arch: str, build: Path) -> dict[str, bytes | initramfs.Link]:
    """What the machine starts with. Raises NoPackages where Debian's archive cannot be reached."""
    ours = build / arch / "user" / "bin"
    return {"bin/init": (ours / "init.elf").read_bytes(), "bin/cairn-sh": (ours / "sh.elf").read_bytes(),
            "bin/busybox": userland.find(arch, build)["busybox"].read_bytes(),
            **{f"bin/{name}": initramfs.Link("busybox") for name in ["sh", *APPLETS]}, "tmp/": b"",
            **{path: text.encode() for path, text in FILES.items()}}


def run(arch: str, kernel: Path, build: Path, script: Script, smp: int = 1) -> tuple[str, int]:
    """What the script wrote, and QEMU's status: the shell's."""
    with tempfile.TemporaryDirectory(prefix="shells-") as folder:
        image = Path(folder) / "initramfs.cpio"
        image.write_bytes(initramfs.build({**files(arch, build), "etc/script": script.text.encode()}))
        words = [*machine_words(arch, kernel, image, smp), "--append", f"init=/bin/init -- /bin/{script.shell} /etc/script"]
        output, status = bounds.run(words, DEAD_MAN_SECONDS, DEAD_MAN_SECONDS)
    return ("(it did not end)\n" if status == -1 else "") + real_programs.said(output), status


# What somebody types at BusyBox's shell, and a line of the answer.
SESSION = [("uname -s; echo $((6 * 7)) | rev", r"^24$"), ("sort -n -k 2 /etc/peaks | tail -n 1 | cut -d ' ' -f 1", r"^Dent_Blanche$"),
           ("sleep 1 & sleep 1 & echo $! | grep -c .", r"^1$"), ("cat /etc/stones | tee /tmp/copy | wc -l; cmp /etc/stones /tmp/copy && echo same", r"^same$")]


def session_words(arch: str, kernel: Path, build: Path, image: Path, smp: int) -> list[str]:
    """QEMU with BusyBox's shell to type at. Raises NoPackages."""
    image.parent.mkdir(parents=True, exist_ok=True)
    image.write_bytes(initramfs.build(files(arch, build)))
    return [*machine_words(arch, kernel, image, smp), "--append", "init=/bin/init -- /bin/sh -i"]


def machine_words(arch: str, kernel: Path, image: Path, smp: int = 1) -> list[str]:
    return [sys.executable, "tools/qemu.py", "--arch", arch, "--kernel", str(kernel), "--initrd", str(image), "--memory", MEMORY,
            "--smp", str(smp)]


def show(arch: str, kernel: Path, build: Path, smp: int = 1) -> bool:
    """Prints what each script says, up to the first that says something else than it must."""
    for script in scripts():
        try:
            output, status = run(arch, kernel, build, script, smp)
        except NoPackages as reason:
            print(f"SKIP {script.name}: {reason}")
            continue
        typed = "".join(f"$ {line}\n" for line in script.text.splitlines())
        print(f"# {script.name}\n{typed}{output}", flush=True)
        if (output, status) != (script.expected, 0):
            print(f"status {status}; expected was status 0, and\n{script.expected}")
            return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tools.shells", description=__doc__.splitlines()[0])
    parser.add_argument("--arch", default="riscv64", choices=sorted(qemu.PORTS))
    parser.add_argument("--kernel", type=Path, default=Path("build/riscv64/debug/kernel.elf"))
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--smp", type=int, default=1)
    o = parser.parse_args()
    return 0 if show(o.arch, o.kernel, o.build, o.smp) else 1


if __name__ == "__main__":
    sys.exit(main())
