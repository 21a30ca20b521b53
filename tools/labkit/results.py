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


def read_results(path: Path) -> list[Result]:
    """The rows of a results.json: Gradescope's fields, and the grader's own in extra_data."""
    rows = []
    for test in json.loads(path.read_text(encoding="utf-8"))["tests"]:
        more = test["extra_data"]
        reason = " — ".join(filter(None, (more.get("reason", ""), more.get("detail", ""))))
        rows.append(Result(more["lab"], test["name"], more["verdict"], test["score"], test["max_score"], reason))
    return rows
