"""Reads results.json as the grader writes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Result:
    """One row's verdict, as results.json gives it."""
    lab: str
    id: str
    verdict: str
    points: int
    max_points: int
    reason: str
    where: str = ""


def write_failure(path: Path, reason: str) -> None:
    """The results of a grading that came to no row: the points are none, and the reason is told."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({
        "score": 0, "output": reason, "output_format": "text", "visibility": "visible", "tests": [],
        "extra_data": {"complete": False, "error": reason}}, indent=1) + "\n", encoding="utf-8")


def failure_in(path: Path) -> str:
    """Why a grading came to no row; nothing if it did."""
    return json.loads(path.read_text(encoding="utf-8")).get("extra_data", {}).get("error", "")


def read_results(path: Path) -> list[Result]:
    """The rows of a results.json: Gradescope's fields, and the grader's own in extra_data."""
    rows = []
    for test in json.loads(path.read_text(encoding="utf-8"))["tests"]:
        more = test["extra_data"]
        reason = " — ".join(filter(None, (more.get("reason", ""), more.get("detail", ""))))
        rows.append(Result(more["lab"], test["name"], more["verdict"], test["score"], test["max_score"], reason))
    return rows
