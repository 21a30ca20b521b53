"""Runs rows on a few threads: a row after those it stands behind, INFRA again, FAIL never again."""
from __future__ import annotations

import concurrent.futures
import hashlib
import re
import shutil
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from . import rows as rows_module
from .bench import Bench
from .console import Console
from .settings import Settings
from .verdicts import Infrastructure, Outcome, RowEnded, Verdict

INFRA_RETRIES = 2
CONSOLE_LINES = 8
USUAL_CALIBRATION_SECONDS = 0.12


def patience() -> float:
    """How many times slower than a usual host this one is now; only the dead-man uses it."""
    start = time.monotonic()
    data = b"cairn"
    for _ in range(100_000):
        data = hashlib.sha256(data).digest()
    return min(20.0, max(1.0, (time.monotonic() - start) / USUAL_CALIBRATION_SECONDS))


class Runner:
    """`finished` is called with each outcome, on one thread at a time, in the order of their ends."""

    def __init__(self, settings: Settings, rows: list, started: Callable[[object], None] | None = None,
                 finished: Callable[[object, Outcome], None] | None = None, watch: object = None):
        self.settings = settings
        self.rows = rows
        self.outcomes: dict[str, Outcome] = {}
        self._started = started
        self._finished = finished
        self._watch = watch
        self._lock = threading.Lock()
        self._futures: dict[str, concurrent.futures.Future] = {}
        self._stop = threading.Event()
        self._patience = patience()
        build = settings.root / settings.build
        build.mkdir(parents=True, exist_ok=True)
        self._scratch = Path(tempfile.mkdtemp(prefix="grade-", dir=build))
        self._pool = concurrent.futures.ThreadPoolExecutor(max(1, settings.jobs))

    def start(self) -> None:
        """Queues every row. Rows stand behind earlier ones only, so waiting for those cannot deadlock:
        the pool takes them in the order of lab.toml."""
        for row in self.rows:
            self._futures[self._key(row)] = self._pool.submit(self._run, row)

    def outcome(self, row: object) -> Outcome:
        return self._futures[self._key(row)].result()

    def close(self) -> None:
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(self._scratch, ignore_errors=True)

    @staticmethod
    def _key(row: object) -> str:
        return f"{row.lab}/{row.id}"

    # ---- one row ----------------------------------------------------------------------------------
    def _run(self, row: object) -> Outcome:
        outcome = Outcome(row.id, Verdict.Skip, 0, row.points)
        blocker = self._blocker(row)
        if blocker:
            outcome.reason = f"it stands behind {blocker}, which did not pass"
        elif self._stop.is_set():
            outcome.reason = "the run was stopped"
        else:
            if self._started:
                with self._lock:
                    self._started(row)
            for attempt in range(1 + INFRA_RETRIES):
                outcome = self._attempt(row, attempt)
                if outcome.verdict is not Verdict.Infra:
                    break
        with self._lock:
            self.outcomes[self._key(row)] = outcome
            if self._finished:
                self._finished(row, outcome)
        return outcome

    def _blocker(self, row: object) -> str:
        """The first row that this one stands behind and that did not pass."""
        for name in row.behind:
            key = f"{row.lab}/{name}"
            if key in self._futures and not self._futures[key].result().passed:
                return name
        return ""

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
        return outcome

    def _ended(self, row: object, bench: Bench, end: RowEnded) -> Outcome:
        outcome = Outcome(row.id, end.verdict, 0, row.points, reason=end.reason, expected=end.expected,
                          got=end.got, backtrace=end.backtrace, cpus=end.cpus)
        raw = bench.host_output
        if bench.last_run is not None:
            raw = bench.last_run.machine.console
            outcome.boot_seed = bench.boot_seed if row.seeds else None
        console = Console(raw)
        outcome.console = console.last_lines(CONSOLE_LINES)
        if end.verdict in (Verdict.Infra, Verdict.Skip):
            return outcome
        for must in row.must:
            if re.search(must.match, console.text, re.M) or re.search(must.match, end.reason):
                outcome.detail, outcome.reason = outcome.reason, must.say
                break
        return outcome
