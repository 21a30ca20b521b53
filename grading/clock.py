"""The guest's own time, as QEMU's monitor shows it: what a budget is measured by.

Answers may be late, because a machine whose CPUs all sleep under `-icount sleep=off` starves the monitor: requests
are left open and asked for again at the next look.
"""
from __future__ import annotations

import calendar
from typing import Any

from tools.qemu import Port

from .monitor import Monitor, parse_word

ANSWER_SECONDS = 0.005
# With nothing to do and no timer set, QEMU moves the clock to the end of time.
FOR_EVER_NS = 1 << 55
FIRST_DAY = calendar.timegm((2000, 1, 1, 0, 0, 0))      # tools/qemu.py starts a machine with a date then


class GuestClock:
    """`ns` is the guest's time at the last look, `instructions` what it had executed (0 if nobody counts)."""

    def __init__(self, monitor: Monitor, port: Port, shift: int | None):
        self._monitor, self._port, self._shift = monitor, port, shift
        self._open: list[int] = []          # requests that were sent
        self._answers: list[Any] = []       # to the first of them
        self._idle = False                  # it executed nothing from the look before to the last one
        self._ns_before = 0                 # at the look before
        self.stands = False                 # the machine has come to its end, and QEMU waits
        self.ns = 0
        self.instructions = 0

    @property
    def waits(self) -> bool:
        """Whether an answer is owed."""
        return bool(self._open)

    def look(self) -> bool:
        """Whether there is news."""
        if not self._open:
            self._answers = []
            self._open = [self._monitor.send("query-replay"), self._ask_time(), self._monitor.send("query-status")]
        while self._open:
            answer = self._monitor.reply(self._open[0], ANSWER_SECONDS)
            if answer is None:
                return False
            self._open.pop(0)
            self._answers.append(answer.get("return"))
        count, time, status = self._answers
        self.stands = bool(status) and status["status"] == "shutdown"
        instructions = int(count["icount"]) if count else 0
        self._idle = instructions == self.instructions
        self.instructions = instructions
        self._ns_before, self.ns = self.ns, self._time_of(time)
        return True

    def _ask_time(self) -> int:
        if self._port.clock_address:
            return self._monitor.send("human-monitor-command",
                                      **{"command-line": f"xp /1gx 0x{self._port.clock_address:x}"})
        return self._monitor.send("qom-get", path="/machine", property="rtc-time")

    def _time_of(self, answer: Any) -> int:
        if self._port.clock_address:
            ticks = parse_word(str(answer))
            return self.ns if ticks is None else ticks * 1_000_000_000 // self._port.clock_hz
        # A date knows whole seconds only; what was executed took the time that it took.
        date = (answer["tm_year"] + 1900, answer["tm_mon"] + 1, answer["tm_mday"],
                answer["tm_hour"], answer["tm_min"], answer["tm_sec"])
        shown = (calendar.timegm(date) - FIRST_DAY) * 1_000_000_000
        return max(self.ns, shown, self.instructions << (self._shift or 0))

    def is_over(self, budget_ns: int) -> bool:
        """Whether the budget was spent before the last look already: then it is known whether the machine sleeps."""
        return self._ns_before > budget_ns

    def sleeps_for_ever(self, budget_ns: int) -> bool:
        """Whether the machine waits for what never comes: no timer is set, or it has slept most of its budget through
        and still does while a timer that it does not listen to moves the clock."""
        if self.ns > FOR_EVER_NS:
            return True
        return self._idle and self.ns > budget_ns and self.instructions << (self._shift or 0) < self.ns // 2
