"""No machine outlives the grader, however that ends."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import ROOT


def children_of(pid: int) -> set[int]:
    found: set[int] = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found |= {child} | children_of(child)
    return found


def machines_of(pid: int) -> set[int]:
    return {child for child in children_of(pid) if b"qemu-system" in Path(f"/proc/{child}/cmdline").read_bytes()}


def until(condition, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_machines_end_with_the_grader(how: signal.Signals, tree: Path, tiny, objects: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "grading", "grade", "--root", str(tree), "--kernel", str(tiny("kHang")),
             "--objects", str(objects)]
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          start_new_session=True) as grader:
        assert until(lambda: machines_of(grader.pid))
        machines = machines_of(grader.pid)
        grader.send_signal(how)
        assert until(lambda: grader.poll() is not None)
        assert grader.returncode != 0
        assert until(lambda: not any(os.path.exists(f"/proc/{pid}/exe") for pid in machines), 20)
    if how is not signal.SIGKILL:
        assert not list((tree / "build").glob("grade-*"))
