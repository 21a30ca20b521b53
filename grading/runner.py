"""Runs rows on a few threads: a row after those it stands behind, INFRA again, FAIL never again."""
from __future__ import annotations

import re
import shutil
import tempfile
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from tools import bounds, plainly

from . import control, frames
from . import rows as rows_module
from .bench import Bench
from .console import Console
from .settings import Settings
from .verdicts import Infrastructure, Outcome, RowEnded, Verdict

INFRA_RETRIES = 2
CONSOLE_LINES = 8
MOST_REMARKS = 8


def key_of(row: object) -> tuple[str, str]:
    return row.lab, row.id


def remarks(console: bytes) -> list[str]:
    """What the test program noted, as far as the result channel can be read."""
    try:
        found = [frame for frame in frames.parse(console) if frame.kind == "note"]
    except frames.BadFrame:
        return []
    return [frames.note_text(frame) for frame in found][:MOST_REMARKS]


class Runner:
    """A few threads over the rows. `started` and `finished` are called by one thread at a time."""

    def __init__(self, settings: Settings, rows: list, started: Callable[[object], None] | None = None,
                 finished: Callable[[object, Outcome], None] | None = None, watch: object = None):
        self.settings = settings
        self.rows = rows
        self.outcomes: dict[tuple[str, str], Outcome] = {}
        self._started = started or (lambda row: None)
        self._finished = finished or (lambda row, outcome: None)
        self._watch = watch
        self._waiting = list(rows)
        self._selected = {key_of(row) for row in rows}
        self._news = threading.Condition()
        self._stopped = False
        self.failure = ""               # what ended a worker that should have gone on
        self._patience = bounds.slowness()
        self._control = control.Control(settings, self._patience)
        build = settings.root / settings.build
        build.mkdir(parents=True, exist_ok=True)
        self._scratch = Path(tempfile.mkdtemp(prefix="grade-", dir=build))
        self._threads = [threading.Thread(target=self._work, name=f"row worker {n}")
                         for n in range(max(1, settings.jobs))]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def outcome(self, row: object) -> Outcome:
        """Waits for a row's end; RuntimeError if nobody is going to run it any more."""
        with self._news:
            self._news.wait_for(lambda: key_of(row) in self.outcomes or self.failure)
            if key_of(row) not in self.outcomes:
                raise RuntimeError(self.failure)
            return self.outcomes[key_of(row)]

    def close(self) -> None:
        """Ends what still runs: after an interrupt, the rows not begun are not begun."""
        with self._news:
            self._stopped = True
            self._news.notify_all()
        for thread in self._threads:
            thread.join()
        shutil.rmtree(self._scratch, ignore_errors=True)

    # ---- choosing ---------------------------------------------------------------------------------
    def _work(self) -> None:
        try:
            while (row := self._next()) is not None:
                outcome = self._run(row)
                with self._news:
                    self.outcomes[key_of(row)] = outcome
                    self._finished(row, outcome)
                    self._news.notify_all()
        except Exception as error:      # a full disk, a folder that somebody took away: nobody must wait for this thread
            with self._news:
                self.failure, self._stopped = self._reason(error), True
                self._news.notify_all()

    @staticmethod
    def _reason(error: Exception) -> str:
        return plainly.text(error) if isinstance(error, OSError) else traceback.format_exc(limit=-2).strip()

    def _next(self) -> object | None:
        """The first row whose predecessors are done; waits for one, and ends with None."""
        with self._news:
            while self._waiting and not self._stopped:
                for row in self._waiting:
                    if all(key in self.outcomes for key in self._before(row)):
                        self._waiting.remove(row)
                        self._started(row)
                        return row
                self._news.wait()
            return None

    def _before(self, row: object) -> list[tuple[str, str]]:
        """The rows that this one stands behind, of those that are graded now."""
        keys = [(row.lab, name) for name in row.behind]
        return [key for key in keys if key in self._selected and key != key_of(row)]

    # ---- one row ----------------------------------------------------------------------------------
    def _run(self, row: object) -> Outcome:
        for key in self._before(row):
            if not self.outcomes[key].passed:
                return Outcome(row.id, Verdict.Skip, 0, row.points,
                               reason=f"it stands behind {key[1]}, which did not pass")
        for attempt in range(1 + INFRA_RETRIES):
            outcome = self._attempt(row, attempt)
            if outcome.verdict is not Verdict.Infra:
                break
        if outcome.passed and row.kind == "program" and self._control.is_passed_by_kernel(self._scratch):
            return Outcome(row.id, Verdict.Fail, 0, row.points, reason=control.REASON,
                           expected="the program that must fail fails", got="it passed")
        return outcome

    def _attempt(self, row: object, attempt: int) -> Outcome:
        folder = self._scratch / f"{row.lab}-{row.id}-{attempt}"
        folder.mkdir()
        bench = Bench(self.settings, row, folder, self._patience, self._watch)
        outcome = Outcome(row.id, Verdict.Pass, row.points, row.points)
        try:
            rows_module.body_of(row)(bench)
        except RowEnded as end:
            outcome = self._ended(row, bench, end)
        except Exception as error:      # a fault of the grader's own is never the student's
            line = traceback.extract_tb(error.__traceback__)[-1]
            end = Infrastructure(f"the grader failed: {type(error).__name__}: {str(error)[:200]} "
                                 f"({Path(line.filename).name}:{line.lineno})")
            outcome = self._ended(row, bench, end)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        outcome.pictures = bench.pictures
        return outcome

    def _ended(self, row: object, bench: Bench, end: RowEnded) -> Outcome:
        """What becomes of a row that did not pass. Whatever a kernel has left on its channels, there is a verdict."""
        try:
            return self._told(row, bench, end)
        except Exception as error:
            return Outcome(row.id, end.verdict, 0, row.points, reason=end.reason,
                           detail=f"more cannot be told: {type(error).__name__}")

    def _told(self, row: object, bench: Bench, end: RowEnded) -> Outcome:
        outcome = Outcome(row.id, end.verdict, 0, row.points, reason=end.reason, expected=end.expected,
                          got=end.got, backtrace=end.backtrace, cpus=end.cpus)
        raw = bench.host_output
        if bench.last_run is not None:
            raw = bench.last_run.machine.console
            outcome.boot_seed = bench.boot_seed if row.seeds else None
        console = Console(raw if end.console is None else end.console)
        outcome.console = console.last_lines(CONSOLE_LINES)
        outcome.notes = remarks(raw)
        if end.verdict in (Verdict.Infra, Verdict.Skip):
            return outcome
        for must in row.must:
            if re.search(must.match, console.text, re.M) or re.search(must.match, end.reason):
                outcome.detail, outcome.reason = outcome.reason, must.say
                break
        return outcome
