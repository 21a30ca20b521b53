"""A student's own test is scored by the wrong kernels that it catches: those, and no others."""
from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_program_that_does_not_look_catches_nothing() -> None:
    """The mistakes of lab start show in no user program; a kernel that runs none would be caught wrongly."""
    done = subprocess.run(["make", "-s", "-C", str(ROOT), "mytest", "F=user/tests/mine/example.cc", "LAB=start",
                           "SETUP=no"], capture_output=True, text=True, timeout=300)
    assert "on this kernel:  PASS" in done.stdout, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "MYTEST example start caught 0 of 4 wrong kernels"
