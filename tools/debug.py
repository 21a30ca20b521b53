"""Sessions of a machine for people: `make qemu`, `qemu-gdb`, `gdb`, `debug`, `qemu-record`, `qemu-replay`.

A session is a folder with all that a machine boots: initramfs.cpio, program.elf (with symbols), append.txt (the
kernel's arguments); it also holds the sockets. build/<arch>/<mode>/session is the usual one, .../record the one
that was recorded. QEMU's command line is tools/qemu.py's business. Run from the tree's top: python3 -m tools.debug
"""
from __future__ import annotations

import argparse
import fcntl
import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from grading import initramfs
from tools import plainly, qemu

SOCKET = "gdb.socket"
LOCK = "waiting.lock"   # held, as long as it lives, by the machine that waits for gdb or runs under it
PROBE_SECONDS = 5
AGAIN = "again"         # while this file is there, a replay that has ended begins anew (tools/gdb/backwards.py)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def stop(text: str) -> None:
    raise SystemExit(f"make {os.environ.get('CAIRN_TARGET', 'debug')}: {text}")


# ---- what a machine boots ---------------------------------------------------------------------------------
def stage_program(session: Path, program: Path, arguments: str) -> None:
    """One program as init. (`make … T=row` has the grader stage the row instead: grading/explain.py.)"""
    session.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(program, session / "program.elf")
    (session / "initramfs.cpio").write_bytes(initramfs.build({program.stem: program.read_bytes()}))
    (session / "append.txt").write_text(f"init=/{program.stem}" + (f" -- {arguments}" if arguments else "") + "\n")


def boot_arguments(session: Path, more: list[str]) -> str:
    """`more` comes before what the session says: behind `--` all words are the program's."""
    return " ".join([*more, (session / "append.txt").read_text().strip()])


# ---- the machine ------------------------------------------------------------------------------------------
def machine_words(o: argparse.Namespace, session: Path, kernel: Path, *more: str) -> list[str]:
    options = [f"trace={o.trace}"] if o.trace else []
    words = [sys.executable, "tools/qemu.py", "--arch", o.arch, "--kernel", str(kernel),
             "--append", boot_arguments(session, options + shlex.split(o.append)), *more]
    if (session / "initramfs.cpio").exists():
        words += ["--initrd", str(session / "initramfs.cpio")]
    if o.row and o.smp == 1 and "--record" not in more and "--replay" not in more:
        words += ["--shift", str(qemu.GRADED_SHIFT)]        # as it is graded: the same at every run
    return words + ["--smp", str(o.smp)]


def kvm_words(o: argparse.Namespace, session: Path, kernel: Path) -> list[str]:
    """Words for a machine on this host's own CPU, where that was asked for and works."""
    if o.accel != "kvm":
        return []
    why = kvm_problem(o, session, kernel)
    if why:
        say(f"KVM cannot be used here: {why}. The machine is emulated.")
    return [] if why else ["--accel", "kvm"]


def kvm_problem(o: argparse.Namespace, session: Path, kernel: Path) -> str:
    """Why KVM will not do; nothing if it does. That /dev/kvm is there says little: a program must really run."""
    if o.arch != platform.machine():
        return f"this host is {platform.machine()}, not {o.arch}"
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "/dev/kvm is not there, or not yours to open"
    image = session / "probe.cpio"
    image.write_bytes(initramfs.build({"hello": o.probe.read_bytes()}))
    words = qemu.command(o.arch, kernel=str(kernel), initrd=str(image), append="init=/hello tick=off", accel="kvm")
    try:
        done = subprocess.run([*words, "-serial", "stdio", "-monitor", "none"], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, errors="replace", timeout=PROBE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"a first program did not come to its end within {PROBE_SECONDS} s"
    if qemu.guest_status(o.arch, done.returncode) == 0 and "hello from /hello" in done.stdout:
        return ""
    said = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["nothing"]
    return f"a first program did not come to its end; the last word was: {said[-1][:120]}"


def smp_of(row: str, asked: int, session: Path) -> int:
    """How many CPUs: what was asked for, else what the row has."""
    return int((session / "smp.txt").read_text()) if row and asked == 1 else asked


def claim(out: Path) -> int:
    """The right to be the one machine that waits for gdb, or an end with a clear line: a second one would take the first
    one's socket and its files away. The descriptor holds the right for this process and for those that it becomes."""
    lock = os.open(out / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stop(f"a machine of this tree is under gdb already, or waits for it (process {os.read(lock, 20).decode().strip() or 'unknown'}).\n"
             "  Next: make gdb, in another terminal; or leave that machine first, with Ctrl-A X in its terminal (under make debug: quit)")
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    os.set_inheritable(lock, True)
    return lock


def free(o: argparse.Namespace, session: Path, kernel: Path) -> int:
    """Asked before a session is laid: is no machine under gdb that needs the one that lies there?"""
    Path(o.out).mkdir(parents=True, exist_ok=True)
    os.close(claim(Path(o.out)))
    return 0


def waiting(o: argparse.Namespace, session: Path) -> list[str]:
    """Further words for a machine that waits for gdb; it becomes the one that `make gdb` finds. The caller has claimed it."""
    link = Path(o.out) / "waiting"
    link.unlink(missing_ok=True)
    link.symlink_to(session.name)
    (session / SOCKET).unlink(missing_ok=True)
    return ["--gdb", str(session / SOCKET), "--wait"]


def gdb_words(o: argparse.Namespace, session: Path, kernel: Path) -> list[str]:
    debugger = shutil.which(o.gdb)
    if debugger is None:
        stop(f"{o.gdb} is not installed. Next: tools/setup debug, or GDB=another one")
    # Never auto-load: what a tree that one looks at wants to run is not run.
    words = [debugger, "-q", "-iex", "set auto-load off", "-iex", "set confirm off", str(kernel),
             "-x", "tools/gdb/cairn.py", "-ex", f"target remote {session / SOCKET}"]
    if (session / "program.elf").exists():
        words += ["-ex", f"add-symbol-file {session / 'program.elf'}"]
    return words + shlex.split(o.gdb_flags)


def run(words: list[str]) -> int:
    sys.stdout.flush()
    os.execvp(words[0], words)


# ---- the commands -----------------------------------------------------------------------------------------
def start(o: argparse.Namespace, session: Path, kernel: Path) -> int:
    words = machine_words(o, session, kernel, *kvm_words(o, session, kernel))
    if os.isatty(0):
        say("Ctrl-A X leaves the machine. Ctrl-C is a key like any other: it goes to the program in the machine.")
    else:
        say("Ctrl-C ends the machine: no terminal is its keyboard.")
    return run(words)


def wait(o: argparse.Namespace, session: Path, kernel: Path) -> int:
    claim(Path(o.out))
    say("The machine waits for gdb. In another terminal: make gdb. Ctrl-A X ends it; Ctrl-C goes to the program in it.")
    return run(machine_words(o, session, kernel, *waiting(o, session)))


def attach(o: argparse.Namespace, session: Path, kernel: Path) -> int:
    session = (Path(o.out) / "waiting").resolve().relative_to(Path.cwd())
    if str(session / SOCKET) not in Path("/proc/net/unix").read_text():     # a socket's file may outlive its QEMU
        stop("no machine waits for gdb. Next, in another terminal: make qemu-gdb")
    recorded = session / "kernel.elf"
    if not recorded.exists():
        return run(gdb_words(o, session, kernel))
    os.environ["CAIRN_STUB"], os.environ["CAIRN_AGAIN"] = str(session / SOCKET), str(session / AGAIN)
    o.gdb_flags = f"-ex 'break arch::power_off' {o.gdb_flags}"     # QEMU would be gone, and the way back with it
    return run(gdb_words(o, session, recorded))


def both(o: argparse.Namespace, session: Path, kernel: Path) -> int:
    """gdb in front, the machine behind it: its console appears between gdb's lines."""
    lock = claim(Path(o.out))
    # A session of its own, so that Ctrl-C reaches gdb alone; and no terminal, so that it is never stopped for one.
    machine = subprocess.Popen(machine_words(o, session, kernel, *waiting(o, session)), stdin=subprocess.DEVNULL,
                               start_new_session=True, pass_fds=[lock])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    try:
        while not (session / SOCKET).exists():
            if machine.poll() is not None:
                stop(f"QEMU ended at once, with status {machine.returncode}; what it said is above")
            time.sleep(0.05)
        signal.signal(signal.SIGINT, signal.SIG_IGN)        # gdb's own
        return subprocess.run(gdb_words(o, session, kernel), preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL), check=False).returncode
    finally:
        if machine.poll() is None:
            machine.terminate()
        try:
            machine.wait(5)
        except subprocess.TimeoutExpired:
            machine.kill()


def record(o: argparse.Namespace, session: Path, kernel: Path) -> int:
    """The run and all that it needs go into .../record, so that building on does not spoil the replay."""
    if o.smp != 1:
        stop("QEMU records one CPU only: leave SMP away")
    folder = Path(o.out) / "record"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(session, folder, ignore=shutil.ignore_patterns(SOCKET))
    shutil.copyfile(kernel, folder / "kernel.elf")
    words = machine_words(o, folder, folder / "kernel.elf", "--record", str(folder / "run"))
    (folder / "command").write_text(shlex.join(words) + "\n")
    say("Recording until the machine ends (Ctrl-A X ends it). Then: make qemu-replay")
    status = subprocess.run(words, check=False).returncode
    if (qemu.version(o.arch)[0] or (0, 0)) >= WRITES_EARLY_NOTES:
        keep_the_last_instructions(folder / "run")
    return status


# The end of a recording: the note of a guest that switched off (0x10), the instructions since the note before (0x00, how
# many), a clock that QEMU read (0x1e 0x1d, nanoseconds), how it was ended (0x0e), the end (0x27).
EARLY_NOTE = re.compile(rb"\x10(\x00.{4}(?:\x1e\x1d.{8})?\x0e?\x27)\Z", re.S)
WRITES_EARLY_NOTES = (8, 2)     # QEMU's version


def keep_the_last_instructions(recording: Path) -> None:
    """Strike out the note that the guest has switched off: a replay would end at it, before the instructions that
    led to it. Without the note these are replayed too, and end the machine as they did."""
    if recording.exists():
        recording.write_bytes(EARLY_NOTE.sub(rb"\1", recording.read_bytes()))


def replay(o: argparse.Namespace, session: Path, kernel: Path) -> int:
    folder = Path(o.out) / "record"
    if not (folder / "run").exists():
        stop("nothing was recorded. Next: make qemu-record")
    words = shlex.split((folder / "command").read_text())
    words[words.index("--record")] = "--replay"
    lock = claim(Path(o.out))
    say("The recorded run waits for gdb. In another terminal: make gdb. reverse-stepi and reverse-continue work.")
    again = folder / AGAIN
    again.touch()
    while again.exists():
        again.unlink()
        status = subprocess.run([*words, *waiting(o, folder)], check=False, pass_fds=[lock]).returncode
    return status


COMMANDS = {"free": free, "start": start, "wait": wait, "attach": attach, "both": both, "record": record, "replay": replay}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tools.debug", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["stage", *COMMANDS])
    parser.add_argument("--out", required=True, help="build/<arch>/<mode>")
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--smp", type=int, default=1)
    parser.add_argument("--trace", default="", help="syscall,trap")
    parser.add_argument("--append", default="", help="more arguments for the kernel")
    parser.add_argument("--accel", default="tcg", choices=["tcg", "kvm"])
    parser.add_argument("--probe", type=Path, help="hello.elf, tried first under KVM")
    parser.add_argument("--row", default="", help="the session is this row's")
    parser.add_argument("--program", type=Path, help="stage: the ELF file to run as init")
    parser.add_argument("--arguments", default="", help="stage: the program's own arguments")
    parser.add_argument("--gdb", default="gdb-multiarch")
    o = parser.parse_args()
    o.gdb_flags = os.environ.get("GDB_FLAGS", "")       # more words for gdb; they may hold quotes
    session = Path(o.out) / "session"
    if o.what == "stage":
        stage_program(session, o.program, o.arguments)
        return 0
    o.smp = smp_of(o.row, o.smp, session)
    return COMMANDS[o.what](o, session, Path(o.out) / "kernel.elf")


if __name__ == "__main__":
    sys.exit(plainly.run(main, "make debug"))
