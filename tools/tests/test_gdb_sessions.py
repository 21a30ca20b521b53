"""The sessions themselves: how one leaves a machine, that only one waits for gdb, and that gdb ends with its machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect")
ROOT = Path(__file__).resolve().parent.parent.parent
ARCHES = sorted(path.parent.name for path in ROOT.glob("kernel/arch/*/kernel.ld"))
SECONDS = 100       # before something is called hung

for tool in ("gdb-multiarch", *(f"qemu-system-{arch}" for arch in ARCHES)):
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed (tools/setup debug)", allow_module_level=True)


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))} | {"SETUP": "no"}


def on_terminal(*words: str) -> "pexpect.spawn":
    return pexpect.spawn("make", ["--no-print-directory", *words], cwd=ROOT, env=environment(), timeout=SECONDS, encoding="utf-8",
                         codec_errors="replace")


@pytest.mark.parametrize("arch", ARCHES)
def test_qemu_says_how_to_leave_and_control_c_goes_to_the_program(arch: str) -> None:
    with on_terminal("qemu", f"ARCH={arch}", "PROG=sh") as machine:
        machine.expect("Ctrl-A X leaves the machine. Ctrl-C is a key like any other")
        machine.expect("cairn: running /sh")
        machine.send("\x03\r")
        machine.expect("sh: \x03: not found")       # a word for the shell, which goes on
        machine.send("\x01x")
        machine.expect("QEMU: Terminated")
        machine.expect(pexpect.EOF)
    assert machine.exitstatus == 0


@pytest.mark.parametrize("arch", ARCHES)
def test_one_machine_waits_for_gdb_and_gdb_ends_with_it(arch: str, tmp_path: Path) -> None:
    said = tmp_path / "machine.txt"
    socket = ROOT / f"build/{arch}/debug/session/gdb.socket"
    with said.open("w") as output:
        first = subprocess.Popen(["make", "--no-print-directory", "qemu-gdb", f"ARCH={arch}", "PROG=hello"], cwd=ROOT, env=environment(),
                                 stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    try:
        while "waits for gdb" not in said.read_text() or not socket.exists():
            assert first.poll() is None, said.read_text()
            time.sleep(0.1)
        before = socket.stat().st_ino
        for target in ("qemu-gdb", "debug"):
            second = subprocess.run(["make", "--no-print-directory", target, f"ARCH={arch}", "PROG=hello"], cwd=ROOT, env=environment(),
                                    stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False)
            assert second.returncode != 0
            assert f"make {target}: a machine of this tree is under gdb already, or waits for it" in second.stderr
        assert first.poll() is None and socket.stat().st_ino == before
        with on_terminal("gdb", f"ARCH={arch}", "GDB_FLAGS=-nx") as debugger:
            debugger.expect(r"\(gdb\) ")
            debugger.sendline("continue")
            debugger.expect("The machine has ended, and gdb with it.")
            debugger.expect(pexpect.EOF)
        assert debugger.exitstatus == 0
        assert first.wait(SECONDS) == 0 and "hello from /hello" in said.read_text()
    finally:
        if first.poll() is None:
            os.killpg(first.pid, signal.SIGTERM)
            first.wait(30)
