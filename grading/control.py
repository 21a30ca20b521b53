"""The negative control: a program that must fail. A kernel which passes it passes nothing."""
from __future__ import annotations

import threading
from pathlib import Path

from tools.labkit import model

from .bench import Bench, run_program
from .settings import Settings
from .verdicts import RowEnded

FOLDER, PROGRAM = "control", "must_fail"
REASON = "this kernel passes a program that must fail: its results cannot be believed"


class Control:
    """Run once for a grading run, by the first row that has passed."""

    def __init__(self, settings: Settings, patience: float):
        self._settings = settings
        self._patience = patience
        self._lock = threading.Lock()
        self._passed: bool | None = None

    def is_passed_by_kernel(self, scratch: Path) -> bool:
        with self._lock:
            if self._passed is None:
                self._passed = self._run(scratch / "control")
            return self._passed

    def _run(self, scratch: Path) -> bool:
        row = model.Row(PROGRAM, "", 0, program=PROGRAM, lab=FOLDER)
        bench = Bench(self._settings, row, scratch, self._patience)
        if bench.object_of(PROGRAM) is None:
            return False        # a tree without it: the toy of the cut's own tests
        scratch.mkdir()
        try:
            run_program(bench)
        except RowEnded:
            return False
        return True
