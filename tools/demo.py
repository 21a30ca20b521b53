"""The rewards: what a lab's kernel can show when the lab is done. `make demo` lists them, `make demo LAB=traps` runs one.

On a terminal the machine is yours; without one (or with PLAIN=1) the reward plays itself and says whether it came out
as it should, which is how it is tested. Run from the tree's top: python3 -m tools.demo
"""
from __future__ import annotations

import argparse
import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

from grading.debian import NoPackages
from tools import debug, memory_map, plainly, real_programs, shells

PATIENCE_SECONDS = 60.0
CTRL_T = b"\x14"
PROMPT = r"# (?:\x1b\[6n)?$"       # BusyBox asks the terminal where its cursor is, and does not wait for an answer
BACKTRACE_LINE = re.compile(r"#\d+ 0x[0-9a-f]{16} (\S+)\+0x")


class Console:
    """A machine that runs without a terminal; what it says is passed on."""

    def __init__(self, words: list[str]):
        self.text = ""
        self.machine = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def wait_for(self, pattern: str, what: str, start: int = 0) -> int:
        """The end of the first match behind `start`; ends the demo when it does not come."""
        late = time.monotonic() + PATIENCE_SECONDS
        while not (found := re.compile(pattern, re.M).search(self.text, start)):
            ready, _, _ = select.select([self.machine.stdout], [], [], max(0.0, late - time.monotonic()))
            data = os.read(self.machine.stdout.fileno(), 65536) if ready else b""
            if not data:
                ended = "the machine ended" if ready else f"nothing came for {PATIENCE_SECONDS:g} seconds"
                raise SystemExit(f"make demo: expected {what}; {ended}. Next: make grade, and look at the first row that fails")
            print(data.decode("utf-8", "replace").replace("\r", ""), end="", flush=True)
            self.text += data.decode("utf-8", "replace").replace("\r", "")
        return found.end()

    def type(self, keys: bytes) -> None:
        self.machine.stdin.write(keys)
        self.machine.stdin.flush()

    def close(self) -> None:
        if self.machine.poll() is None:
            self.machine.terminate()
        try:
            self.machine.wait(5)
        except subprocess.TimeoutExpired:
            self.machine.kill()
            self.machine.wait()


def traps(o: argparse.Namespace, program: str, interactive: bool) -> int:
    """A program of your own runs; Ctrl-T shows its registers and who called whom, while it goes on."""
    session = argparse.Namespace(arch=o.arch, trace="", append="", row="", smp=1)
    words = debug.machine_words(session, Path(o.out) / "session", Path(o.out) / "kernel.elf")
    if interactive:
        print(f"\n  {program} runs on your kernel. Ctrl-T shows where it is, as often as you like; Ctrl-A X ends it.\n"
              "  Write one yourself: copy user/bin/hello.c to user/bin/mine.c, then make demo LAB=traps PROG=mine\n",
              flush=True)
        os.execvp(words[0], words)
    console = Console(words)
    try:
        place = console.wait_for(rf"cairn: running /{program}[^\n]*\n[^\n]+\n", "a first line of the program")
        names = set()
        for _ in range(2):
            time.sleep(0.3)     # it goes on meanwhile: the two reports differ
            console.type(CTRL_T)
            begin = console.wait_for(r"status: /\S+ pid \d+", "a status report upon Ctrl-T", place)
            place = console.wait_for(r"status: end$", "the report's last line", begin)
            names |= set(BACKTRACE_LINE.findall(console.text[begin:place]))
    finally:
        console.close()
    print(f"\ndemo: {program} was shown twice while it ran; its backtraces name {', '.join(sorted(names))}")
    return 0 if "main" in names else 1


def paging(o: argparse.Namespace, program: str, interactive: bool) -> int:
    """Debian's BusyBox and a program with a C library run on your kernel; then a map of memory, while one hogs it."""
    out = Path(o.out)
    if not real_programs.show(o.arch, out / "kernel.elf", out.parent.parent):
        print("make demo: not yet. Next: make grade LAB=paging, and look at the first row that fails")
        return 1
    try:
        if interactive:
            input(f"Press Enter for the map of memory while {program} runs; Ctrl-C ends it. ")
    except (EOFError, KeyboardInterrupt):
        print()
        return 0
    return memory_map.show(o.arch, out, out / "session/program.elf", plain=not interactive)


def processes(o: argparse.Namespace, program: str, interactive: bool) -> int:
    """An init and two shells run pipelines of Debian's BusyBox on four CPUs; then the shell is yours."""
    out = Path(o.out)
    kernel, build = out / "kernel.elf", out.parent.parent
    if not shells.show(o.arch, kernel, build, smp=4):
        print("make demo: not yet. Next: make grade LAB=processes, and look at the first row that fails")
        return 1
    try:
        words = shells.session_words(o.arch, kernel, build, out / "session" / "shells.cpio", smp=4)
    except NoPackages as reason:
        print(f"SKIP the session: {reason}")
        return 0
    if interactive:
        print(f"\n  The shell is yours: pipelines, &, what {program} and BusyBox have. `exit` ends the machine; Ctrl-A X too.\n", flush=True)
        os.execvp(words[0], words)
    return 0 if play_session(words) else 1


# Behind it BusyBox's line editor asks the terminal where its cursor stands; it goes on without an answer.
PROMPT = r"# (\x1b\[6n)?$"


def play_session(words: list[str]) -> bool:
    """Types at the shell as somebody would; false if an answer fails to come."""
    console = Console(words)
    try:
        place = console.wait_for(PROMPT, "the shell's prompt")
        for typed, answer in shells.SESSION:
            console.type(typed.encode() + b"\n")
            place = console.wait_for(answer, f"`{answer}` upon `{typed}`", place)
            place = console.wait_for(PROMPT, "the next prompt", place)
        console.type(b"exit 5\n")
        status = console.machine.wait(PATIENCE_SECONDS)
    finally:
        console.close()
    print(f"\ndemo: {len(shells.SESSION)} commands were typed and answered; the shell ended with status {status}")
    return status == 5


REWARDS = {"traps": (traps, "stones"), "paging": (paging, "hog"), "processes": (processes, "init")}


def present() -> list[str]:
    """The rewards of the labs that this tree has."""
    return [lab for lab in REWARDS if any(Path("labs").glob(f"*-{lab}/handout.md"))]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tools.demo", description=__doc__.splitlines()[0])
    parser.add_argument("--lab", default="")
    parser.add_argument("--program-of", action="store_true", help="print which program the reward runs")
    parser.add_argument("--program", default="")
    parser.add_argument("--out", default="build/riscv64/debug")
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--plain", action="store_true")
    o = parser.parse_args()
    if o.lab not in present():
        if o.lab:
            print(f"make demo: there is no reward for LAB={o.lab}; there are:", file=sys.stderr)
        if not present():
            print("no lab of this tree has a reward; the next one may")
        for lab in present():
            print(f"  make demo LAB={lab:<8} {REWARDS[lab][0].__doc__}", file=sys.stderr if o.lab else sys.stdout)
        return 2 if o.lab else 0
    show, program = REWARDS[o.lab]
    if o.program_of:
        print(program)
        return 0
    return show(o, o.program or program, sys.stdin.isatty() and not o.plain)


if __name__ == "__main__":
    sys.exit(plainly.run(main, "make demo"))
