"""What a student sees: a table of groups, the first failure in full, and the SCORE lines."""
from __future__ import annotations

import os
import re
import shutil
import textwrap
import threading
from collections.abc import Callable
from typing import TextIO

from . import frames
from .settings import Settings
from .verdicts import Outcome, Verdict

WIDTH = 96
PROVIDED = "provided parts"
FEW_GIVEN = 8        # rows of provided code that are listed one by one; of more only those that failed


class Results:
    """The outcomes so far, in the order of lab.toml whatever order they came in."""

    def __init__(self, settings: Settings, selected: list):
        self.settings = settings
        self.selected = selected
        self._outcomes: dict[tuple[str, str], Outcome] = {}

    def add(self, row: object, outcome: Outcome) -> None:
        self._outcomes[row.lab, row.id] = outcome

    def of(self, row: object) -> Outcome | None:
        return self._outcomes.get((row.lab, row.id))

    def pairs(self, rows: list) -> list[tuple[object, Outcome]]:
        """(row, outcome) of the rows that are done."""
        return [(row, outcome) for row in rows if (outcome := self.of(row))]

    @property
    def shown(self) -> list[tuple[object, list]]:
        """Labs and rows of which a student may know; the others are for the instructor's eyes (visibility, lab.toml)."""
        public = [(lab, [row for row in rows if row.visibility == "public"]) for lab, rows in self.selected]
        return [(lab, rows) for lab, rows in public if rows]

    @property
    def hidden(self) -> list[tuple[object, list]]:
        kept = [(lab, [row for row in rows if row.visibility != "public"]) for lab, rows in self.selected]
        return [(lab, rows) for lab, rows in kept if rows]

    @property
    def count(self) -> int:
        return sum(len(rows) for _, rows in self.selected)

    @property
    def done(self) -> int:
        return len(self._outcomes)

    def score(self, rows: list) -> tuple[int, int]:
        return sum(o.points for _, o in self.pairs(rows)), sum(row.points for row in rows)

    @property
    def full(self) -> bool:
        pairs = [pair for _, rows in self.selected for pair in self.pairs(rows)]
        return len(pairs) == self.count and all(outcome.passed for _, outcome in pairs)

    def first_failure(self) -> tuple[object, Outcome] | None:
        """The first row that failed by itself: a row behind another tells nothing new."""
        pairs = [pair for _, rows in [*self.shown, *self.hidden] for pair in self.pairs(rows)]
        failed = [pair for pair in pairs if not pair[1].passed]
        return next((pair for pair in failed if pair[1].verdict is not Verdict.Skip),
                    failed[0] if failed else None)


# ---- while it runs --------------------------------------------------------------------------------

class Progress:
    """One line that is written over, on a terminal only."""

    def __init__(self, results: Results, stream: TextIO):
        self._results = results
        self._stream = stream
        self._active = stream.isatty() and not results.settings.verbose and not results.settings.plain
        self._running: list[str] = []

    def started(self, row: object) -> None:
        self._running.append(row.id)
        self._show()

    def finished(self, row: object) -> None:
        if row.id in self._running:
            self._running.remove(row.id)
        self._show()

    def _show(self) -> None:
        if self._active:
            text = f"  {self._results.done}/{self._results.count} rows; now {', '.join(self._running)}"
            self._stream.write(f"\r{text[:shutil.get_terminal_size().columns - 1]}\x1b[K")
            self._stream.flush()

    def clear(self) -> None:
        if self._active:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def live_console(stream: TextIO) -> Callable[[bytes], None]:
    """For V=1: the console as it comes, whole lines, frames readable."""
    lock, pending = threading.Lock(), bytearray()

    def watch(data: bytes) -> None:
        with lock:
            pending.extend(data)
            while (end := pending.find(b"\n")) >= 0:
                line = bytes(pending[:end]).replace(frames.MARK, b"").rstrip(b"\r")
                del pending[:end + 1]
                text = line.decode("utf-8", "replace")
                stream.write("  | " + "".join(c if c.isprintable() else "." for c in text) + "\n")
            stream.flush()
    return watch


# ---- at the end -----------------------------------------------------------------------------------

class Paint:
    """Colour where it may be; a verdict is always a word too."""
    CODES = {Verdict.Pass: "32", Verdict.Skip: "33", Verdict.Infra: "35"}

    def __init__(self, settings: Settings, stream: TextIO):
        self._on = stream.isatty() and not settings.plain and "NO_COLOR" not in os.environ

    def verdict(self, verdict: Verdict) -> str:
        word = f"{verdict.value:<7}"
        return f"\x1b[{self.CODES.get(verdict, '31')}m{word}\x1b[0m" if self._on else word

    def title(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._on else text


def text(results: Results, stream: TextIO | None = None) -> str:
    """The whole report; the SCORE lines are its last, and count what a student may know of."""
    import sys
    paint = Paint(results.settings, stream or sys.stdout)
    parts = [header(results)]
    for lab, rows in results.shown:
        parts.append(lab_table(results, lab, rows, paint))
    failure = results.first_failure()
    if failure:
        parts.append("\n".join(failure_lines(results, *failure, paint)) + "\n")
    for lab, rows in results.hidden:
        got, possible = results.score(rows)
        parts.append(f"HIDDEN {lab.id} {results.settings.arch} {got}/{possible}: for the instructor, in no student's report\n"
                     + lab_table(results, lab, rows, paint))
    parts.append("\n".join(score_lines(results)) + "\n")
    return "\n".join(parts)


def header(results: Results) -> str:
    s = results.settings
    return f"Cairn, {s.arch}, SEED={s.seed}: the same SEED gives the same run and the same report.\n"


def groups(rows: list) -> list[tuple[str, list]]:
    """Rows by part and theme, in the order of their first row."""
    grouped: dict[str, list] = {}
    for row in rows:
        grouped.setdefault(PROVIDED if row.given else f"part {row.part}, {row.theme}", []).append(row)
    return list(grouped.items())


def lab_table(results: Results, lab: object, rows: list, paint: Paint) -> str:
    lines = [paint.title(f"Lab {lab.number}, {lab.id}: {lab.title}")]
    width = max(len(row.id) for row in rows)

    def line(row: object, outcome: Outcome) -> str:
        points = "given" if row.given else f"{outcome.points}/{outcome.possible}"
        spec = textwrap.shorten(row.spec, max(24, WIDTH - width - 22), placeholder=" ...")
        return f"    {paint.verdict(outcome.verdict)} {points:>5}  {row.id:<{width}}  {spec}"

    for title, members in groups([row for row in rows if not row.given]):
        got, possible = results.score(members)
        lines += [f"  {title}: {got} of {possible}", *(line(*pair) for pair in results.pairs(members))]
    if given := results.pairs([row for row in rows if row.given]):
        failed = [pair for pair in given if not pair[1].passed]
        lines += [f"  {PROVIDED}: {len(given) - len(failed)} of {len(given)}",
                  *(line(*pair) for pair in (failed if len(given) > FEW_GIVEN else given))]
    elif not results.settings.rows and (left := sum(row.given for row in lab.rows_on(results.settings.arch))):
        lines.append(f"  {PROVIDED}: {left}, without points, not run (make grade ALL=1)")
    return "\n".join(lines) + "\n"


def failure_lines(results: Results, row: object, outcome: Outcome, paint: Paint) -> list[str]:
    """Everything about one row that did not pass, and what to run next."""
    lines = [paint.title(f"The first row to look at: {row.id}"), *wrapped("spec", row.spec)]
    lines += wrapped(outcome.verdict.value, outcome.reason)
    for label in ("detail", "expected", "got"):
        if value := getattr(outcome, label):
            lines += wrapped("seen" if label == "detail" else label, value)
    lines += block("remarks", outcome.notes)
    lines += block("CPUs", outcome.cpus) + block("backtrace", outcome.backtrace)
    lines += block("console, its last lines", outcome.console)
    lines += block("next", next_commands(results.settings, row, outcome))
    return lines


def wrapped(label: str, value: str) -> list[str]:
    if "\n" in value:       # what a compiler says has its own lines, and marks below them
        return block(label, value.splitlines())
    return textwrap.wrap(value, WIDTH, initial_indent=f"  {label + ':':<10} ", subsequent_indent=" " * 13,
                         break_long_words=False, break_on_hyphens=False) or [f"  {label}:"]


def block(label: str, lines: list[str]) -> list[str]:
    return [f"  {label}:", *(f"    {line}" for line in lines)] if lines else []


def next_commands(settings: Settings, row: object, outcome: Outcome) -> list[str]:
    if outcome.verdict is Verdict.Infra:
        return ["make doctor                 (not your fault: a tool or the host)"]
    arch = settings.arch_word
    commands = [f"make grade T={row.id} V=1 SEED={settings.seed}{arch}"]
    if row.kind != "host":
        commands.append(f"make debug T={row.id} SEED={settings.seed}{arch}")
    return commands + [f"make why T={row.id}{arch}", f"make hint T={row.id}{arch}"]


def score_lines(results: Results) -> list[str]:
    lines = []
    for lab, rows in results.shown:
        got, possible = results.score(rows)
        chosen = " (the chosen rows only)" if results.settings.rows else ""
        lines.append(f"SCORE {lab.id} {results.settings.arch} {got}/{possible}{chosen}")
    return lines


def plain(text_with_colour: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*[mK]", "", text_with_colour)
