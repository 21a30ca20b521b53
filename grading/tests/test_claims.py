"""Two graders in one tree: each has its own results, and the second one says where."""
from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from grading import report_files
from grading.settings import Settings


def test_the_second_grader_has_results_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "build").mkdir()
    with open(tmp_path / "build/.results.json.lock", "w", encoding="utf-8") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = Settings(root=tmp_path)
        report_files.claim_results(second)
    assert "build/results.2.json" in capsys.readouterr().out
    assert report_files.json_paths(second) == [tmp_path / "build/results.2.json"]


def test_a_grader_that_grades_twice_keeps_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        settings = Settings(root=tmp_path)
        report_files.claim_results(settings)
        assert report_files.json_paths(settings) == [tmp_path / "build/results.json"]
    assert capsys.readouterr().out == ""


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "results.json").mkdir()
    with pytest.raises(OSError):
        report_files._write(tmp_path / "results.json", "{}")
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]
