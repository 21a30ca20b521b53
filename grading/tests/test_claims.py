"""Two graders in one tree: each has its own results, and the second one says where."""
from __future__ import annotations

from pathlib import Path

import pytest

from grading import report_files
from grading.settings import Settings


def test_the_second_grader_has_results_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = Settings(root=tmp_path), Settings(root=tmp_path)
    report_files.claim_results(first)
    assert capsys.readouterr().out == ""
    report_files.claim_results(second)
    assert "build/results.2.json" in capsys.readouterr().out
    assert report_files.json_paths(first) == [tmp_path / "build/results.json"]
    assert report_files.json_paths(second) == [tmp_path / "build/results.2.json"]


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "results.json").mkdir()
    with pytest.raises(OSError):
        report_files._write(tmp_path / "results.json", "{}")
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]
