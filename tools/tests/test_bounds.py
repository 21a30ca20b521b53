"""tools/bounds.py ends what computes or sleeps too long, and leaves alone what waits for a processor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import bounds  # noqa: E402

SPIN = [sys.executable, "-c", "while True: pass"]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(bounds, "slowness", lambda: 1.0)


def test_what_comes_to_its_end_is_left_alone() -> None:
    assert bounds.run(["sh", "-c", "echo well; sleep 1; exit 3"], 60, 60) == (b"well\n", 3)


def test_what_computes_too_long_is_ended() -> None:
    output, status = bounds.run(["sh", "-c", "echo begun; while :; do :; done"], 0.5, 3600)
    assert (output, status) == (b"begun\n", -1)


def test_the_time_of_children_counts_and_they_are_ended_too(tmp_path: Path) -> None:
    process = subprocess.Popen(["sh", "-c", f"{sys.executable} -c 'while True: pass' & echo $! > {tmp_path}/pid; wait"])
    assert "processor time" in bounds.wait(process, 0.5, 3600)
    assert (child := bounds.look_at((tmp_path / "pid").read_text().strip())) is None or child.state == "Z"


def test_what_sleeps_is_ended() -> None:
    process = subprocess.Popen(["sleep", "1000"])
    assert "slept and printed nothing" in bounds.wait(process, 3600, 0.5)


def test_what_polls_sleeps_all_the_same() -> None:
    process = subprocess.Popen(["sh", "-c", "while :; do sleep 0.5; done"])
    assert "slept and printed nothing" in bounds.wait(process, 3600, 1)


def test_what_prints_is_not_asleep() -> None:
    assert bounds.run(["sh", "-c", "for i in 1 2 3 4 5 6; do echo $i; sleep 0.3; done"], 60, 1.2)[1] == 0


def test_what_is_given_no_processor_is_not_asleep() -> None:
    """A program that is stopped by force stands for one that the host starves: state R or D, no time used."""
    watch = bounds.Watch(1, 60, 0.2)
    watch._family = lambda: [bounds.Process(1, 0, "R", 5.0, 0.0)]
    watch._begin = 5.0
    for _ in range(5):
        watch._looked -= 1      # a second has passed
        assert watch.why() == ""
    watch._family = lambda: [bounds.Process(1, 0, "S", 5.0, 0.0)]
    watch._looked -= 1
    assert "slept" in watch.why()
