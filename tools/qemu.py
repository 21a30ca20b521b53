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
import signal
import subprocess
import sys
import tempfile

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
    clock_address: int      # a 64-bit guest clock that the monitor can read; 0: there is none, the date serves
    clock_hz: int
    key_status: str         # asks the monitor for the UART's line status: bit 0 is set while a key waits
    host_clock: str         # asks the monitor for what shows the host's clock: QEMU must record it
    firmware_speaks: bool   # before the kernel starts: if there is nothing at all, QEMU is at fault
    exit_device: bool       # QEMU ends with 2v + 1 where the guest says v, and with 0 when the CPU gave up


PORTS = {
    "riscv64": Port(
        program="qemu-system-riscv64",
        machine=["-machine", "virt", "-bios", "default"],
        cpu="rv64,v=false,sstc=false",
        clock_address=0x0200BFF8,   # mtime of the CLINT
        clock_hz=10_000_000,
        key_status="xp /1bx 0x10000005",    # line status register of the ns16550
        host_clock="xp /1wx 0x101000",      # the real-time clock (goldfish)
        firmware_speaks=True,
        exit_device=False,
    ),
    "x86_64": Port(
        program="qemu-system-x86_64",
        # The firmware is named: QEMU 10's own choice on Debian 13, SeaBIOS, takes the end of memory, where QEMU puts the
        # initial file system. The clock of the date runs with the guest's time, from a day that never changes.
        machine=["-machine", "microvm,pic=on,pit=on,rtc=on,isa-serial=on", "-bios", "qboot.rom",
                 "-rtc", "base=2000-01-01T00:00:00,clock=vm", "-device", "isa-debug-exit,iobase=0xf4,iosize=1"],
        cpu="qemu64,enforce,+smep,+smap,+umip,+xsave,+xsaveopt,+fsgsbase,+rdrand",
        clock_address=0,
        clock_hz=1,
        key_status="i /1bx 0x3fd",
        host_clock="",
        firmware_speaks=False,
        exit_device=True,
    ),
}
# What the guest is said to have ended with when the CPU gave up: a fault in the handling of a fault in the handling
# of a fault (x86).
RESET_STATUS = 126


def port(arch: str) -> Port:
    if arch not in PORTS:
        raise SystemExit(f"qemu.py: unknown ARCH={arch}; this tree knows: {', '.join(sorted(PORTS))}")
    return PORTS[arch]


def command(arch: str, *, kernel: str, initrd: str | None = None, append: str = "", smp: int = 1,
            memory: str = "128M", shift: int | None = None, sleep: bool = False,
            replay: str | None = None, accel: str = "tcg") -> list[str]:
    """The machine alone: no console, no monitor, no gdb; the caller adds those.

    shift: instructions are counted and take 2^shift ns each; None runs at the host's speed.
    replay: further parts of -icount, as `rr=record,rrfile=F`.
    accel: `kvm` runs on this host's own CPU, whatever that can do; never for what is graded.
    """
    p = port(arch)
    cpu = p.cpu if accel == "tcg" else "host"
    words = [p.program, *p.machine, "-accel", accel, "-cpu", cpu, "-m", memory, "-smp", str(smp),
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


def guest_status(arch: str, status: int) -> int:
    """What the guest said at its end, by QEMU's exit status; below zero: the signal that ended QEMU."""
    if not port(arch).exit_device or status < 0:
        return status
    return status >> 1 if status & 1 else RESET_STATUS


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
    parser.add_argument("--accel", default="tcg", choices=["tcg", "kvm"])
    parser.add_argument("--gdb", metavar="SOCKET", help="a gdb stub on this Unix socket")
    parser.add_argument("--wait", action="store_true", help="do not start before gdb says so")
    parser.add_argument("--monitor", metavar="SOCKET", help="QMP on this Unix socket")
    parser.add_argument("--trap-log", metavar="FILE", help="every trap that QEMU takes")
    parser.add_argument("--record", metavar="FILE", help="record the run for --replay")
    parser.add_argument("--replay", metavar="FILE")
    parser.add_argument("--print", action="store_true", help="print the command instead of running it")
    return parser.parse_args()


def main() -> int:
    o = parse_arguments()
    shift, replay = o.shift, None
    if o.record or o.replay:
        shift = 7 if shift is None else shift
        replay = f"rr={'record' if o.record else 'replay'},rrfile={o.record or o.replay}"
    words = command(o.arch, kernel=o.kernel, initrd=o.initrd, append=o.append, smp=o.smp,
                    memory=o.memory, shift=shift, replay=replay, accel=o.accel)
    words += ["-serial", "mon:stdio"]
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
    if not port(o.arch).exit_device:
        os.execvp(words[0], words)
    return run_and_translate(o.arch, words)


def run_and_translate(arch: str, words: list[str]) -> int:
    """Runs QEMU in this terminal; what the guest said is the exit status."""
    if shutil.which("setpriv"):     # should this program be killed, its machine dies with it
        words = ["setpriv", "--pdeathsig", "KILL", *words]
    with tempfile.NamedTemporaryFile(prefix="qemu-") as log:
        log_of_traps = "-D" in words
        machine = subprocess.Popen(words if log_of_traps else [*words, "-d", "cpu_reset", "-D", log.name])
        signal.signal(signal.SIGINT, signal.SIG_IGN)    # Ctrl-C is the guest's: QEMU has the terminal
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: machine.send_signal(number))
        status = guest_status(arch, machine.wait())
        if status == RESET_STATUS and not log_of_traps:
            if b"Triple fault" not in log.read():
                return 0                                # it was left by Ctrl-A X
            print("qemu.py: the CPU gave up: a fault came while it went to the handler of a fault, three times over "
                  "(triple fault)", file=sys.stderr)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
