"""What a submission may bring along: the real tree's hand-out, changed in ways that must not count.

The cut's own tests (tools/tests/test_graft.py) try every kind of graft on the toy; here stands the real tree.
"""
from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT

LABS_TOOL = [sys.executable, "-B", str(ROOT / "tools/labs.py")]


def labs(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*LABS_TOOL, *map(str, words)], text=True, capture_output=True, cwd=ROOT, timeout=120)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("solved") / "tree"
    done = labs("cut", "--solved", "traps", "--arch", "riscv64", out)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture
def submission(solved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(solved, tmp_path / "submission"))


def graft(submission: Path) -> tuple[subprocess.CompletedProcess[str], Path]:
    out = submission.parent / "graft"
    return labs("graft", submission, out, "--lab", "traps", "--arch", "riscv64"), out


def test_a_solved_submission_is_taken_whole(submission: Path) -> None:
    done, out = graft(submission)
    assert done.returncode == 0, done.stderr
    report = json.loads(out.with_name("graft.json").read_text())
    assert set(report["rooms"].values()) == {"filled"}


def test_a_changed_trusted_file_is_told_and_not_used(submission: Path) -> None:
    """The checks of the user library made to hold always, and the row's own witness removed."""
    check = submission / "user/lib/check.cc"
    check.write_text(check.read_text().replace("got ^ want", "0"))
    witness = submission / "grading/test_traps.py"
    witness.write_text("")
    done, out = graft(submission)
    assert done.returncode == 0, done.stderr
    ignored = {item["path"]: item["what"] for item in json.loads(out.with_name("graft.json").read_text())["ignored"]}
    assert ignored["user/lib/check.cc"] == "changed" and ignored["grading/test_traps.py"] == "changed"
    assert (out / "user/lib/check.cc").read_bytes() == (ROOT / "user/lib/check.cc").read_bytes()
    assert (out / "grading/test_traps.py").read_bytes() == (ROOT / "grading/test_traps.py").read_bytes()


def test_a_removed_file_with_a_room_is_a_named_error(submission: Path) -> None:
    (submission / "kernel/entry/tick.cc").unlink()
    done, _ = graft(submission)
    assert done.returncode != 0 and "kernel/entry/tick.cc" in done.stdout + done.stderr


def test_a_removed_trusted_file_comes_back(submission: Path) -> None:
    (submission / "kernel/core/panic.cc").unlink()
    done, out = graft(submission)
    assert done.returncode == 0, done.stderr
    assert (out / "kernel/core/panic.cc").exists()


def test_a_doubled_marker_is_a_named_error(submission: Path) -> None:
    path = submission / "kernel/entry/tick.cc"
    line = next(line for line in path.read_text().splitlines() if "ROOM traps.8 begin" in line)
    path.write_text(path.read_text().replace(line, f"{line}\n{line}"))
    done, _ = graft(submission)
    assert done.returncode != 0 and "traps.8" in done.stdout + done.stderr
