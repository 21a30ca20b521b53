#!/usr/bin/env python3
"""The one place that knows QEMU's command line for a CPU.

The grader calls `command()`; `make qemu`, `make qemu-gdb` and the record and replay targets call
this file as a program. What is pinned here (CPU model, memory, firmware) is part of what a grade
means, so nothing else in the tree may start QEMU by itself.
"""
from __future__ import annotations

import argparse
import dataclasses
import os
import re
import shlex
import shutil
import subprocess
import sys

# shift=5: one guest instruction is 32 ns of guest time, so a busy host does not change a score.
GRADED_SHIFT = 5
# Debian 12's. Older ones lack `-icount sleep=off` with one CPU as we use it, or exit differently.
OLDEST_QEMU = (7, 2)


@dataclasses.dataclass(frozen=True)
class Port:
    """What differs between the CPUs."""
    program: str
    machine: list[str]
    cpu: str
    clock_address: int      # a 64-bit guest clock that the monitor can read
    clock_hz: int
    key_status: int         # of the UART: bit 0 is set while a key waits
    host_clock: int         # a register that shows the host's clock: what QEMU must record
    exit_status: str        # how QEMU's exit status relates to the guest's: "plain" here
    firmware_says: bytes    # printed before the kernel starts; nothing at all means QEMU is at fault


PORTS = {
    "riscv64": Port(
        program="qemu-system-riscv64",
        machine=["-machine", "virt", "-bios", "default"],
        cpu="rv64,v=false,sstc=false",
        clock_address=0x0200BFF8,   # mtime of the CLINT
        clock_hz=10_000_000,
        key_status=0x10000005,      # line status register of the ns16550
        host_clock=0x101000,        # the real-time clock (goldfish)
        exit_status="plain",
        firmware_says=b"OpenSBI",
    ),
}


def port(arch: str) -> Port:
    if arch not in PORTS:
        raise SystemExit(f"qemu.py: unknown ARCH={arch}; this tree knows: {', '.join(sorted(PORTS))}")
    return PORTS[arch]


def command(arch: str, *, kernel: str, initrd: str | None = None, append: str = "", smp: int = 1,
            memory: str = "128M", shift: int | None = None, sleep: bool = False,
            replay: str | None = None) -> list[str]:
    """The machine alone: no console, no monitor, no gdb; the caller adds those.

    shift: instructions are counted and take 2^shift ns each; None runs at the host's speed.
    replay: further parts of -icount, as `rr=record,rrfile=F`.
    """
    p = port(arch)
    words = [p.program, *p.machine, "-cpu", p.cpu, "-m", memory, "-smp", str(smp),
             "-display", "none", "-nic", "none", "-no-reboot", "-kernel", kernel]
    if initrd:
        words += ["-initrd", initrd]
    if append:
        words += ["-append", append]
    if shift is not None:
        if smp != 1:
            raise SystemExit("qemu.py: counting instructions needs smp=1 (QEMU before 8.1 live-locks)")
        icount = f"shift={shift},sleep={'on' if sleep else 'off'}"
        words += ["-icount", icount + (f",{replay}" if replay else "")]
    return words


def version(arch: str) -> tuple[tuple[int, int] | None, str]:
    """QEMU's (major, minor) and its own version line; None with the reason if it cannot be had."""
    program = port(arch).program
    if shutil.which(program) is None:
        return None, f"{program} is not installed"
    try:
        text = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, f"{program} --version: {error}"
    found = re.search(r"version (\d+)\.(\d+)", text)
    if not found:
        return None, f"{program} --version says {text[:60]!r}"
    return (int(found[1]), int(found[2])), text.splitlines()[0]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Start Cairn in QEMU. Ctrl-A X leaves.")
    parser.add_argument("--arch", default="riscv64", choices=sorted(PORTS))
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--initrd")
    parser.add_argument("--append", default="", help="boot arguments, as init=/hello seed=7")
    parser.add_argument("--smp", type=int, default=1)
    parser.add_argument("--memory", default="128M")
    parser.add_argument("--shift", type=int, help="count instructions, 2^SHIFT ns each (graded: 5)")
    parser.add_argument("--gdb", metavar="SOCKET", help="a gdb stub on this Unix socket")
    parser.add_argument("--wait", action="store_true", help="do not start before gdb says so")
    parser.add_argument("--monitor", metavar="SOCKET", help="QMP on this Unix socket")
    parser.add_argument("--trap-log", metavar="FILE", help="every trap that QEMU takes")
    parser.add_argument("--record", metavar="FILE", help="record the run for --replay")
    parser.add_argument("--replay", metavar="FILE")
    parser.add_argument("--snapshot", metavar="QCOW2", help="disk image that reverse stepping needs")
    parser.add_argument("--print", action="store_true", help="print the command instead of running it")
    return parser.parse_args()


def main() -> int:
    o = parse_arguments()
    shift, replay = o.shift, None
    if o.record or o.replay:
        shift = 7 if shift is None else shift
        replay = f"rr={'record' if o.record else 'replay'},rrfile={o.record or o.replay}"
        replay += ",rrsnapshot=init" if o.snapshot else ""
    words = command(o.arch, kernel=o.kernel, initrd=o.initrd, append=o.append, smp=o.smp,
                    memory=o.memory, shift=shift, replay=replay)
    words += ["-serial", "mon:stdio"]
    if o.snapshot:
        words += ["-drive", f"file={o.snapshot},if=none,id=rr"]
    if o.gdb:
        words += ["-chardev", f"socket,path={o.gdb},server=on,wait=off,id=gdb", "-gdb", "chardev:gdb"]
    if o.wait:
        words += ["-S"]
    if o.monitor:
        words += ["-qmp", f"unix:{o.monitor},server=on,wait=off"]
    if o.trap_log:
        words += ["-d", "int", "-D", o.trap_log]
    if o.print:
        print(shlex.join(words))
        return 0
    os.execvp(words[0], words)


if __name__ == "__main__":
    sys.exit(main())
