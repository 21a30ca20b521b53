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
    return subprocess.run([*LABS_TOOL, *map(str, words)], text=True, capture_output=True, cwd=ROOT, timeout=600)


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


def test_no_file_of_a_submission_is_in_the_tree_that_grades_it(submission: Path) -> None:
    (submission / "kernel/entry/mine.cc").write_text("")
    (submission / "user/tests/mine/mine.cc").write_text("")
    done, out = graft(submission)
    assert done.returncode == 0, done.stderr
    assert (out / "kernel/entry/mine.cc").exists() and (out / "user/tests/mine/mine.cc").exists()
    assert not (out / "grader/kernel/entry/mine.cc").exists() and not (out / "grader/user/tests/mine/mine.cc").exists()
    assert (out / "grader/grading/host.py").read_bytes() == (ROOT / "grading/host.py").read_bytes()


def make(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    from tools.labkit.bench import clean_environment
    return subprocess.run(["make", "--no-print-directory", "-C", str(tree), "SETUP=no", *words], text=True, capture_output=True,
                          env=clean_environment(), timeout=2400)


def test_a_kernel_that_does_not_build_leaves_a_reason_and_no_points(submission: Path) -> None:
    """And nothing of the submission that was graded in this place before."""
    path = submission / "kernel/arch/riscv64/decode.cc"
    path.write_text(path.read_text().replace("// ROOM traps.2 end", "this is no C++;\n// ROOM traps.2 end"))
    done, out = graft(submission)
    assert done.returncode == 0, done.stderr
    (out / "build").mkdir(exist_ok=True)
    for stale in (out / "build/results.json", out / "mine.json"):
        stale.write_text('{"score": 400}')
    done = make(out, "grade", "LAB=traps", "SEED=4711", f"JSON={out / 'mine.json'}")
    assert done.returncode != 0 and "SCORE" not in done.stdout and "decode.cc" in done.stderr
    for path in (out / "build/results.json", out / "mine.json"):
        results = json.loads(path.read_text())
        assert results["score"] == 0 and results["tests"] == [] and "decode.cc" in results["output"], results


def test_a_tree_that_is_no_hand_out_is_not_graded_as_it_is(solved: Path) -> None:
    """A folder that looks like the one source tree's earned what its author liked."""
    (solved / "labs/01-traps/wrong").mkdir(exist_ok=True)
    done = make(solved, "grade", "LAB=traps")
    (solved / "labs/01-traps/wrong").rmdir()
    assert done.returncode != 0 and "no pristine tree to graft into" in done.stderr and "WHOLE_TREE=1" in done.stderr
    assert "no pristine tree" in json.loads((solved / "build/results.json").read_text())["output"]


def test_a_source_with_the_name_of_a_command_builds_nothing(submission: Path) -> None:
    for name in ("`touch hacked`.cc", "$(shell touch hacked).cc", "a b.cc"):
        odd = submission / "user/tests/mine" / name
        odd.write_text("")
        done = make(submission, "kernel")
        assert done.returncode != 0 and "A source's name may hold" in done.stderr
        odd.unlink()
    assert not list(submission.rglob("hacked"))
