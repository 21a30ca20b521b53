"""The pytest plugin: a test item for each row, our own report in the place of pytest's.

pytest gives selection, its other plugins and exit statuses; a row's work is done by runner.py, on
threads of its own, while pytest walks over the items in the order of the table.
"""
from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from . import report, report_files, rows
from .runner import Runner
from .settings import Settings
from .verdicts import Outcome, Verdict


class RowNotPassed(Exception):
    """Tells pytest that an item failed; the report is ours."""


class RowItem(pytest.Item):
    def __init__(self, *, row: object, grader: "GradePlugin", **arguments: object):
        super().__init__(**arguments)
        self.row = row
        self.grader = grader

    def runtest(self) -> None:
        outcome = self.grader.runner.outcome(self.row)
        if outcome.verdict is Verdict.Skip:
            pytest.skip(outcome.reason)
        if not outcome.passed:
            raise RowNotPassed(outcome)

    def repr_failure(self, excinfo: object, style: object = None) -> str:
        outcome = excinfo.value.args[0] if isinstance(excinfo.value, RowNotPassed) else None
        return f"{outcome.verdict.value}: {outcome.reason}" if outcome else str(excinfo.value)

    def reportinfo(self) -> tuple[str, int, str]:
        return f"labs/{self.row.lab}", 0, f"{self.row.lab}.{self.row.id}"


class GradePlugin:
    """One grading run. `results` is filled while it runs."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.selected = rows.select(settings)
        self.results = report.Results(settings, self.selected)
        self.progress = report.Progress(self.results, sys.stderr)
        self.runner: Runner | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool:
        session.items = [
            RowItem.from_parent(session, name=f"{row.lab}.{row.id}", nodeid=f"{row.lab}.{row.id}",
                                row=row, grader=self)
            for _, chosen in self.selected for row in chosen]
        session.testscollected = len(session.items)
        return True

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        watch = report.live_console(sys.stdout) if self.settings.verbose else None
        self.runner = Runner(self.settings, [item.row for item in session.items],
                             started=self.progress.started, finished=self.finished, watch=watch)
        try:
            self.runner.start()
            yield
        finally:
            self.runner.close()
            self.progress.clear()

    def finished(self, row: object, outcome: Outcome) -> None:
        """After each row: the files are whole at any time, should the run be cut short."""
        self.results.add(row, outcome)
        report_files.write_json(self.results)
        self.progress.finished(row)


def run(settings: Settings) -> tuple[report.Results, int]:
    """Grades and prints; the exit status is 0 for full marks only."""
    plugin = GradePlugin(settings)
    report_files.claim_results(settings)
    status = pytest.main(["-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", "-s",
                          "-c", "/dev/null", "--rootdir", str(settings.root)], plugins=[plugin])
    if plugin.runner and plugin.runner.failure:
        print(f"make grade: the grader itself failed, and gives no score:\n{plugin.runner.failure}", file=sys.stderr)
        return plugin.results, 2
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        print(f"make grade: pytest ended with {int(status)}", file=sys.stderr)
        return plugin.results, 2
    report_files.write_all(plugin.results)
    print(report.text(plugin.results), end="", flush=True)
    return plugin.results, 0 if plugin.results.full else 1
