"""`make memory-map`: what physical and virtual memory are used for while a program runs, drawn from outside.

Nothing in the guest knows that it is watched: gdb's protocol stops the machine, the kernel's structures and the page
tables are read (grading/memory_view.py) and drawn, and it goes on. user/bin/hog.c says where it wants to be looked at
(hog_step, hog_chapter); other programs are looked at now and then. Run from the tree's top: python3 -m tools.memory_map
"""
from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from grading import cpus, memory_picture, symbols
from grading.gdbstub import GdbStub, StubClosed, StubTimeout
from grading.machine import Boot, Machine
from grading.memory_view import Looker, NotStanding, View
from grading.verdicts import Infrastructure
from tools import plainly, real_programs

STEP_SECONDS = 0.08             # between two pictures on a terminal
NOW_AND_THEN = 0.4
MOST_PLAIN = 12                 # pictures of a program that does not say when
DEAD_MAN_SECONDS = 60
LARGE, SMALL, LARGE_ROWS = 16, 4, 42         # lines of physical memory, on a terminal of so many rows
CLEAR, TO_TOP, TO_LINE_END, TO_END = "\x1b[2J", "\x1b[H", "\x1b[K", "\x1b[J"


def colour(signs: str, kind: str) -> str:
    number = memory_picture.STYLES[kind][3]
    return f"\x1b[97;48;5;{number}m{signs}\x1b[0m" if number else f"\x1b[90m{signs}\x1b[0m"


def paint(wanted: bool) -> memory_picture.Paint:
    return colour if wanted and "NO_COLOR" not in os.environ else memory_picture.plain


class Watch:
    """One machine, looked at until it ends."""

    def __init__(self, machine: Machine, kernel: Path, program: Path):
        self.machine, self.program = machine, program
        self.stub: GdbStub = machine.gdb()
        self.stub.start()
        self.looker = Looker(kernel, cpus.of(machine.boot.arch).page_tables, self.stub)

    def stops(self, labels: list[str]) -> Iterator[View]:
        """At each of the program's labels; returns when the machine has ended."""
        table = symbols.of(self.program).by_name
        for name in labels:
            self.stub.breakpoint(table[name])
        try:
            while True:
                self.stub.resume()
                self.stub.wait_stop(DEAD_MAN_SECONDS)
                yield self.looker.look(self.machine.registers())
                self.stub.step()            # off the breakpoint
        except StubTimeout:
            raise SystemExit(f"make memory-map: the program reached none of {', '.join(labels)} within "
                             f"{DEAD_MAN_SECONDS} s; it said:\n{console_of(self.machine)[-2000:]}") from None
        except StubClosed:
            return

    def now_and_then(self) -> Iterator[View]:
        """Wherever the program is in user mode; returns when the machine has ended."""
        try:
            while True:
                self.stub.resume()
                time.sleep(NOW_AND_THEN)
                self.stub.interrupt()
                registers = self.machine.registers()
                if not any(cpu.get("pc", 1 << 63) >> 63 == 0 for cpu in registers):
                    continue                # the kernel may be changing what would be read
                try:
                    yield self.looker.look(registers)
                except NotStanding:
                    continue
        except StubClosed:
            return

    def views(self, every_step: bool) -> Iterator[View]:
        if "hog_chapter" in symbols.of(self.program).by_name:
            return self.stops(["hog_chapter", *(["hog_step"] if every_step else [])])
        return self.now_and_then()


def console_of(machine: Machine) -> str:
    return real_programs.said(machine.console)


def fuller(left: View | None, right: View) -> View:
    return right if left is None or right.count("free") <= left.count("free") else left


def show_plain(watch: Watch) -> View | None:
    """A table after each chapter; the view in which most memory was in use."""
    said, fullest, count = 0, None, 0
    for view in watch.views(every_step=False):
        lines = console_of(watch.machine)
        print(lines[said:].rstrip("\n"), *memory_picture.text(view), "", sep="\n", flush=True)
        said, fullest, count = len(lines), fuller(fullest, view), count + 1
        if "hog_chapter" not in symbols.of(watch.program).by_name and count == MOST_PLAIN:
            break
    print(console_of(watch.machine)[said:].rstrip("\n"))
    return fullest


def show_live(watch: Watch, painter: memory_picture.Paint) -> View | None:
    """The picture stays where it is and changes; Ctrl-C ends it."""
    fullest = None
    print(CLEAR, end="")
    try:
        for view in watch.views(every_step=True):
            fullest = fuller(fullest, view)
            rows = shutil.get_terminal_size().lines - 1
            lines = [*memory_picture.text(view, painter, LARGE if rows >= LARGE_ROWS else SMALL), "",
                     *console_of(watch.machine).splitlines()[-2:], "Ctrl-C ends it."][:rows]
            print(TO_TOP + "".join(line + TO_LINE_END + "\n" for line in lines) + TO_END, end="", flush=True)
            time.sleep(STEP_SECONDS)
    except KeyboardInterrupt:
        print()
    return fullest


def show(arch: str, out: Path, program: Path, plain: bool, svg: Path | None = None, memory: str = "128M") -> int:
    """Boots the staged session and draws it; the number that `make` sees."""
    session, kernel = out / "session", out / "kernel.elf"
    with tempfile.TemporaryDirectory(prefix="memory-map-") as scratch:
        boot = Boot(arch=arch, kernel=kernel, scratch=Path(scratch), initrd=session / "initramfs.cpio", memory=memory,
                    append=(session / "append.txt").read_text().strip(), gdb=True)
        with Machine(boot) as machine:
            watch = Watch(machine, kernel, program)
            live = sys.stdout.isatty() and not plain
            fullest = show_live(watch, paint(True)) if live else show_plain(watch)
            if fullest is None:
                print(f"make memory-map: the machine ended before it could be looked at:\n{console_of(machine)[-2000:]}",
                      file=sys.stderr)
                return 1
    if svg:
        svg.write_text(memory_picture.svg(fullest, f"Memory while {fullest.program} runs"), encoding="utf-8")
        print(f"the picture in which most memory was in use: {svg}")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make memory-map", description=__doc__.splitlines()[0])
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--out", type=Path, default=Path("build/riscv64/debug"))
    parser.add_argument("--plain", action="store_true", help="tables, as without a terminal")
    parser.add_argument("--svg", type=Path, help="write the last picture here")
    parser.add_argument("--memory", default="128M")
    o = parser.parse_args()
    try:
        return show(o.arch, o.out, o.out / "session" / "program.elf", o.plain, o.svg, o.memory)
    except Infrastructure as reason:    # also: before lab paging there are no frames
        raise SystemExit(f"make memory-map: {reason.reason}. (Frames and mappings come with lab paging.)") from None


if __name__ == "__main__":
    sys.exit(plainly.run(main, "make memory-map"))
