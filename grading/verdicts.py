"""What can become of a row, and the exceptions that carry it.

A row's body returns normally (PASS) or raises one of these; the plugin turns it into an Outcome.
Everything in an Outcome is the same for one SEED, byte for byte: no wall time, path or pid.
"""
from __future__ import annotations

import dataclasses
import enum


class Verdict(str, enum.Enum):
    Pass = "PASS"
    Fail = "FAIL"           # with one computed reason; never retried
    Timeout = "TIMEOUT"     # the budget of guest time is spent
    Panic = "PANIC"         # the kernel panicked; ends its own row only
    Skip = "SKIP"           # a row that this one needs has failed
    Infra = "INFRA"         # QEMU or the host, never the student; retried


@dataclasses.dataclass
class Outcome:
    """The result of one row."""
    row: str
    verdict: Verdict
    points: int = 0
    possible: int = 0
    reason: str = ""                    # one line
    detail: str = ""                    # what the grader saw, where `reason` came from lab.toml
    expected: str = ""
    got: str = ""
    notes: list[str] = dataclasses.field(default_factory=list)       # the program's own remarks
    console: list[str] = dataclasses.field(default_factory=list)     # its last lines
    backtrace: list[str] = dataclasses.field(default_factory=list)
    cpus: list[str] = dataclasses.field(default_factory=list)        # where each CPU was at a TIMEOUT
    pictures: list[tuple[str, str]] = dataclasses.field(default_factory=list)     # (title, SVG), for the HTML report
    boot_seed: int | None = None        # the scheduling seed that failed, if the row tries several

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.Pass


class RowEnded(Exception):
    """A row that did not pass. `reason` is one line for a student."""
    verdict = Verdict.Fail

    def __init__(self, reason: str, *, expected: str = "", got: str = "",
                 backtrace: list[str] | None = None, cpus: list[str] | None = None):
        super().__init__(reason)
        self.reason = reason
        self.expected = expected
        self.got = got
        self.backtrace = backtrace or []
        self.cpus = cpus or []
        self.console: bytes | None = None       # where it differs from the machine's


class Failed(RowEnded):
    """The kernel did something that the spec forbids, or not what it asks for."""


class TimedOut(RowEnded):
    verdict = Verdict.Timeout


class Panicked(RowEnded):
    verdict = Verdict.Panic


class Skipped(RowEnded):
    verdict = Verdict.Skip


class Infrastructure(RowEnded):
    """QEMU, a tool or the host is at fault."""
    verdict = Verdict.Infra
