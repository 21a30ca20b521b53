"""Who ran, waited for a CPU and slept, and when; who woke whom; which calls were made: made from the records."""
from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from .rings import Record, Rings, name_of, signed

RUNS, WAITS, SLEEPS = "runs", "waits", "sleeps"
STATE_AFTER = {"Ready": WAITS, "Blocked": SLEEPS}       # the sched::ThreadState in which a thread leaves


@dataclasses.dataclass
class Span:
    """What a thread did for a while."""
    begin: int
    end: int
    state: str          # RUNS, WAITS (for a CPU), SLEEPS
    cpu: int            # RUNS: where

    @property
    def length(self) -> int:
        return self.end - self.begin


@dataclasses.dataclass
class Act:
    """A system call or a trap, from its beginning to its end."""
    begin: int
    end: int
    kind: str           # "call", "fault", "interrupt"
    name: str
    cpu: int
    arguments: tuple[int, int] = (0, 0)
    result: int | None = None       # of a call that returned
    ended: bool = False


@dataclasses.dataclass(eq=False)
class Thread:
    tid: int
    begin: int
    end: int
    pid: int = 0
    names: list[str] = dataclasses.field(default_factory=list)      # one after the other: execve
    spans: list[Span] = dataclasses.field(default_factory=list)
    acts: list[Act] = dataclasses.field(default_factory=list)
    has_ended: bool = False
    open: list[Act] = dataclasses.field(default_factory=list, repr=False)

    @property
    def name(self) -> str:
        """All that it was called, one after the other."""
        return " > ".join(self.names) or "thread"

    @property
    def title(self) -> str:
        return f"{self.names[-1] if self.names else 'thread'} {self.tid}"

    def time_in(self, state: str) -> int:
        return sum(span.length for span in self.spans if span.state == state)

    def turns(self) -> int:
        return sum(span.state == RUNS for span in self.spans)

    def acts_of(self, kind: str) -> list[Act]:
        return [act for act in self.acts if act.kind == kind]

    # ---- being made ---------------------------------------------------------------------------------
    def turn_to(self, state: str, time: int, cpu: int = -1) -> None:
        """What it did until now ends; `state` begins."""
        if self.spans:
            self.spans[-1].end = time
        self.spans.append(Span(time, time, state, cpu))

    def begin_act(self, act: Act) -> None:
        self.acts.append(act)
        self.open.append(act)

    def end_act(self, kinds: tuple[str, ...], time: int, result: int | None = None) -> None:
        """The innermost that is open; a record whose beginning was overwritten ends nothing."""
        if self.open and self.open[-1].kind in kinds:
            act = self.open.pop()
            act.end, act.result, act.ended = time, result, True

    def finish(self, time: int) -> None:
        if self.spans:
            self.spans[-1].end = time
        for act in self.open:
            act.end = time
        self.end, self.open = time, []


@dataclasses.dataclass(frozen=True)
class Wake:
    time: int
    waker: Thread | None        # none: an interrupt that found the CPU idle
    woken: Thread
    is_start: bool              # of a new thread
    by_interrupt: bool


@dataclasses.dataclass
class Trace:
    begin: int
    end: int
    cpus: list[int]
    threads: list[Thread]       # in the order in which they were first seen; without idle threads
    wakes: list[Wake]
    events: list[tuple[Record, Thread | None]]
    lost: int
    idle_acts: list[Act]        # interrupts that found a CPU idle

    def on_cpu(self, cpu: int) -> list[tuple[Span, Thread]]:
        """Who had a CPU, in the order of time."""
        return sorted(((span, thread) for thread in self.threads for span in thread.spans if span.state == RUNS and span.cpu == cpu),
                      key=lambda pair: pair[0].begin)


class Builder:
    def __init__(self, rings: Rings):
        records = rings.records
        begin, end = (records[0].time_ns, records[-1].time_ns) if records else (0, 0)
        self.trace = Trace(begin, end, sorted({record.cpu for record in records}), [], [], [], rings.lost, [])
        self.alive: dict[int, Thread] = {}
        self.idle: dict[int, Thread] = {}

    def build(self, records: Iterable[Record]) -> Trace:
        for record in records:
            thread = self.thread_of(record)
            self.trace.events.append((record, None if record.tid == 0 else thread))
            getattr(self, "on_" + record.mark.lower(), self.on_other)(record, thread)
        for thread in [*self.alive.values(), *self.idle.values()]:
            thread.finish(self.trace.end)
        for thread in self.idle.values():
            self.trace.idle_acts += thread.acts
        return self.trace

    def thread_of(self, record: Record) -> Thread:
        if record.tid == 0:
            return self.idle.setdefault(record.cpu, Thread(0, self.trace.begin, self.trace.end, names=["idle"]))
        thread = self.known(record.tid, record.time_ns)
        if not thread.spans:        # it ran when the records begin
            thread.turn_to(RUNS, self.trace.begin if record.mark != "Runs" else record.time_ns, record.cpu)
        return thread

    def known(self, tid: int, time: int) -> Thread:
        thread = self.alive.get(tid)
        if thread is None:
            thread = self.alive[tid] = Thread(tid, time, time)
            self.trace.threads.append(thread)
        return thread

    # ---- the kinds of records -----------------------------------------------------------------------
    def on_named(self, record: Record, thread: Thread) -> None:
        name = name_of(record)
        if name and thread.names[-1:] != [name]:
            thread.names.append(name)

    def on_runs(self, record: Record, thread: Thread) -> None:
        self.on_named(record, thread)
        if thread.spans and thread.spans[-1].begin == record.time_ns and thread.spans[-1].state == RUNS:
            return
        thread.turn_to(RUNS, record.time_ns, record.cpu)

    def on_leaves(self, record: Record, thread: Thread) -> None:
        thread.pid = record.a
        if record.what == "Ended" and record.tid != 0:
            thread.has_ended = True
            thread.finish(record.time_ns)
            del self.alive[record.tid]
        else:
            thread.turn_to(STATE_AFTER.get(record.what, WAITS), record.time_ns)

    def on_wakes(self, record: Record, thread: Thread) -> None:
        self.wake(record, thread)

    def on_starts(self, record: Record, thread: Thread) -> None:
        old = self.alive.pop(record.a, None)
        if old is not None:         # its end was overwritten, or the kernel gives no number to its threads
            old.finish(record.time_ns)
        self.wake(record, thread)

    def wake(self, record: Record, thread: Thread) -> None:
        woken = self.known(record.a, record.time_ns)
        woken.turn_to(WAITS, record.time_ns)
        waker = None if record.tid == 0 else thread
        self.trace.wakes.append(Wake(record.time_ns, waker, woken, record.mark == "Starts", record.what != ""))

    def on_callbegins(self, record: Record, thread: Thread) -> None:
        thread.begin_act(Act(record.time_ns, record.time_ns, "call", record.what, record.cpu, (record.a, record.b)))

    def on_callends(self, record: Record, thread: Thread) -> None:
        thread.end_act(("call",), record.time_ns, signed(record.a))

    def on_interruptbegins(self, record: Record, thread: Thread) -> None:
        thread.begin_act(Act(record.time_ns, record.time_ns, "interrupt", record.what, record.cpu))

    def on_faultbegins(self, record: Record, thread: Thread) -> None:
        thread.begin_act(Act(record.time_ns, record.time_ns, "fault", record.what, record.cpu, (record.a, record.b)))

    def on_trapends(self, record: Record, thread: Thread) -> None:
        thread.end_act(("interrupt", "fault"), record.time_ns)

    def on_other(self, record: Record, thread: Thread) -> None:
        pass


def build(rings: Rings) -> Trace:
    return Builder(rings).build(rings.records)
