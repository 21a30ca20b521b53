"""`make trace`: a timeline of the scheduler while a program runs: who has a CPU, who waits, who sleeps, who wakes whom.

The kernel keeps records (trace=timeline, kernel/core/timeline.h) and has no reader: the host stops the machine when it is
about to switch itself off, and finds them in its memory. Written are trace.json for https://ui.perfetto.dev, trace.html
with a picture, and tables on the terminal. Run from the tree's top: python3 -m tools.trace
"""
from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from grading import cpus, initramfs, symbols
from grading.debian import NoPackages
from grading.gdbstub import StubClosed, StubTimeout
from grading.kernel_memory import NotStanding
from grading.machine import Boot, Machine
from grading.verdicts import Infrastructure
from tools import debug, plainly, real_programs, shells
from tools.tracekit import chrome, model, page, rings, text

LAST_WORD = "_ZN4arch9power_offEh"      # arch::power_off(uint8_t): every end of a machine, a panic's too
MOST_EVENTS = 40                        # at the end of a terminal's output; PLAIN has them all


def stop(reason: str) -> None:
    raise SystemExit(f"make trace: {reason}")


def run(machine: Machine, kernel_path: Path, kernel: rings.Kernel, limit: float) -> rings.Rings:
    """The machine runs until it is about to end, or for `limit` seconds; then its rings are read."""
    stub = machine.gdb()
    stub.start()
    stub.breakpoint(symbols.of(kernel_path).by_name[LAST_WORD])
    stub.resume()
    try:
        stub.wait_stop(limit)
    except StubTimeout:
        print(f"make trace: still running after {limit:g} s (LIMIT=): this is what happened until now", file=sys.stderr)
        stub.interrupt()
    return rings.read(kernel, cpus.of(machine.boot.arch).page_tables, stub, machine.registers())


def record(o: argparse.Namespace, out: Path) -> tuple[rings.Rings, str]:
    """The records of one run, and what was on the console."""
    session, kernel_path = out / "session", out / "kernel.elf"
    try:
        kernel = rings.Kernel(kernel_path)
    except Infrastructure as reason:        # there is no scheduler to watch
        stop(f"{reason.reason}. (The timeline comes with lab processes.)")
    with tempfile.TemporaryDirectory(prefix="trace-") as scratch:
        image, init = session / "initramfs.cpio", (session / "append.txt").read_text().strip()
        if o.script:
            image, init = script_image(o, Path(scratch)), "init=/bin/init -- /bin/sh /etc/script"
        boot = Boot(arch=o.arch, kernel=kernel_path, scratch=Path(scratch), initrd=image, append=f"trace=timeline {o.append} {init}",
                    smp=debug.smp_of(o.row, o.smp, session), memory=o.memory, gdb=True)
        with Machine(boot) as machine:
            try:
                found = run(machine, kernel_path, kernel, o.limit)
            except (StubClosed, NotStanding) as reason:
                stop(f"the machine ended before its records could be read ({reason}):\n{real_programs.said(machine.console)[-2000:]}")
            return found, real_programs.said(machine.console)


def script_image(o: argparse.Namespace, scratch: Path) -> Path:
    """What `make demo LAB=processes` has, and the script."""
    image = scratch / "initramfs.cpio"
    try:
        files = shells.files(o.arch, o.out.parent.parent)
    except NoPackages as reason:
        stop(f"SCRIPT= needs Debian's BusyBox: {reason}")
    image.write_bytes(initramfs.build({**files, "etc/script": f"{o.script}\n".encode()}))
    return image


def show(trace: model.Trace, plain: bool) -> None:
    print("\n".join(text.lines(trace)))
    events = text.event_lines(trace)
    if plain:
        print("", *events, sep="\n")
    elif len(events) > MOST_EVENTS:
        print(f"\nthe last of {len(events) - 1} events (PLAIN=1 prints all):", events[0], *events[-MOST_EVENTS:], sep="\n")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make trace", description=__doc__.splitlines()[0])
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--out", type=Path, default=Path("build/riscv64/debug"), help="where kernel and session are")
    parser.add_argument("--to", type=Path, required=True, help="the folder of trace.json and trace.html")
    parser.add_argument("--smp", type=int, default=1)
    parser.add_argument("--memory", default="128M")
    parser.add_argument("--append", default="", help="more arguments for the kernel")
    parser.add_argument("--row", default="", help="the session is this row's")
    parser.add_argument("--script", default="", help="lines for BusyBox's shell, instead of the session's program")
    parser.add_argument("--limit", type=float, default=60, help="seconds after which the machine is stopped")
    parser.add_argument("--plain", action="store_true", help="print all events, in order")
    o = parser.parse_args()
    found, said = record(o, o.out)
    if not found.records:
        stop(f"the kernel has recorded nothing; it said:\n{said[-2000:]}")
    trace = model.build(found)
    o.to.mkdir(parents=True, exist_ok=True)
    (o.to / "trace.json").write_text(json.dumps(chrome.document(trace)), encoding="utf-8")
    (o.to / "trace.html").write_text(page.html(trace, o.to.name), encoding="utf-8")
    print(said.rstrip("\n"), "", sep="\n")
    show(trace, o.plain)
    print(f"\nwritten: {o.to}/trace.html (a picture), {o.to}/trace.json (for https://ui.perfetto.dev)")
    return 0


if __name__ == "__main__":
    sys.exit(plainly.run(main, "make trace"))
