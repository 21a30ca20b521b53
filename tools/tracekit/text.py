"""A trace as lines for a terminal: who had each CPU, what each thread did, the calls, and all that happened in order."""
from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterable

from .model import RUNS, SLEEPS, WAITS, Act, Thread, Trace
from .rings import Record, name_of, signed

COLUMNS = 64
SIGNS = {RUNS: "#", WAITS: "=", SLEEPS: "."}
LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits
MOST_CALLS = 12
MOST_LANES = 40


def ms(time_ns: int) -> str:
    return f"{time_ns / 1e6:.3f}"


def lines(trace: Trace) -> list[str]:
    """All but the list of events."""
    letters = {id(thread): LETTERS[number % len(LETTERS)] for number, thread in enumerate(trace.threads)}
    said = [f"{ms(trace.end - trace.begin)} ms on {len(trace.cpus)} CPU{'s' if len(trace.cpus) > 1 else ''}: {len(trace.events)} records"
            + (f"; {trace.lost} older ones were overwritten" if trace.lost else "")]
    return [*said, "", *lanes(trace, letters), "", *thread_table(trace, letters), "", *call_table(trace)]


# ---- lanes ------------------------------------------------------------------------------------------------
def most_of(trace: Trace, spans: Iterable[tuple[int, int, str]]) -> str:
    """A sign for each column: the one that stood for most of it."""
    width = max((trace.end - trace.begin) / COLUMNS, 1.0)
    shares: list[Counter[str]] = [Counter() for _ in range(COLUMNS)]
    for begin, end, sign in spans:
        first, last = (min(int((time - trace.begin) / width), COLUMNS - 1) for time in (begin, end))
        for column in range(first, last + 1):
            left, right = trace.begin + column * width, trace.begin + (column + 1) * width
            shares[column][sign] += max(min(end, right) - max(begin, left), 0.001)
    return "".join(max(share, key=lambda sign: share[sign]) if share else " " for share in shares)


def lanes(trace: Trace, letters: dict[int, str]) -> list[str]:
    """One line a CPU: whose it was. One line a thread: # runs, = waits for a CPU, . sleeps."""
    said = [f"a column is {ms((trace.end - trace.begin) // COLUMNS)} ms; # runs, = waits for a CPU, . sleeps"]
    for cpu in trace.cpus:
        running = [(span.begin, span.end, letters[id(thread)]) for span, thread in trace.on_cpu(cpu)]
        said.append(f"  CPU {cpu:<13} |{with_idle(most_of(trace, running + idle_between(trace, running)))}|")
    for thread in trace.threads[:MOST_LANES]:
        spans = [(span.begin, span.end, SIGNS[span.state]) for span in thread.spans]
        said.append(f"  {letters[id(thread)]} {thread.title[-15:]:<15} |{most_of(trace, spans)}|")
    if len(trace.threads) > MOST_LANES:
        said.append(f"  and {len(trace.threads) - MOST_LANES} threads more")
    return said


def idle_between(trace: Trace, running: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    ends = [trace.begin, *(end for _, end, _ in running)]
    begins = [*(begin for begin, _, _ in running), trace.end]
    return [(begin, end, " ") for begin, end in zip(ends, begins) if end > begin]


def with_idle(signs: str) -> str:
    return signs.replace(" ", "-")


# ---- tables -----------------------------------------------------------------------------------------------
def thread_row(trace: Trace, thread: Thread) -> tuple[str, ...]:
    woken = [wake for wake in trace.wakes if wake.woken is thread and not wake.is_start]
    wakes = [wake for wake in trace.wakes if wake.waker is thread and not wake.is_start]
    return (ms(thread.time_in(RUNS)), ms(thread.time_in(WAITS)), ms(thread.time_in(SLEEPS)), str(thread.turns()), str(len(wakes)),
            str(len(woken)), str(len(thread.acts_of("call"))), str(len(thread.acts_of("fault"))))


THREAD_COLUMNS = ("runs ms", "waits ms", "sleeps ms", "turns", "wakes", "woken", "calls", "faults")


def thread_table(trace: Trace, letters: dict[int, str]) -> list[str]:
    said = [f"     tid {'name':<18}" + "".join(f"{title:>10}" for title in THREAD_COLUMNS)]
    for thread in trace.threads:
        said.append(f"  {letters[id(thread)]} {thread.tid:>4} {thread.name[-18:]:<18}" + "".join(f"{word:>10}" for word in thread_row(trace, thread)))
    return said


def call_rows(trace: Trace) -> list[tuple[str, int, str, str]]:
    """The calls in which most time was spent: name, how often, ms together, the longest."""
    by_name: dict[str, list[Act]] = {}
    for thread in trace.threads:
        for act in thread.acts_of("call"):
            by_name.setdefault(act.name, []).append(act)
    totals = sorted(by_name.items(), key=lambda item: -sum(act.end - act.begin for act in item[1]))
    return [(name, len(acts), ms(sum(act.end - act.begin for act in acts)), ms(max(act.end - act.begin for act in acts)))
            for name, acts in totals[:MOST_CALLS]]


def call_table(trace: Trace) -> list[str]:
    rows = call_rows(trace)
    said = [f"  {'system call':<22}{'times':>8}{'ms':>12}{'longest':>12}"]
    return [*said, *(f"  {name:<22}{count:>8}{whole:>12}{longest:>12}" for name, count, whole, longest in rows)] if rows else []


# ---- everything, in order ---------------------------------------------------------------------------------
def happened(record: Record, by_tid: dict[int, str]) -> str:
    """A record in words."""
    other = by_tid.get(record.a, f"thread {record.a}")
    return {"CallBegins": f"{record.what}(0x{record.a:x}, 0x{record.b:x}, ...)", "CallEnds": f"{record.what} = {signed(record.a)}",
            "InterruptBegins": f"interrupt: {record.what}", "FaultBegins": f"{record.what} at 0x{record.b:x}, pc 0x{record.a:x}",
            "TrapEnds": "  handled", "Runs": "runs", "Named": f"is {name_of(record)}", "Starts": f"starts {other} on CPU {record.b}",
            "Leaves": {"Ready": "is preempted, or yields", "Blocked": "sleeps", "Ended": "ends"}.get(record.what, "makes room"),
            "Wakes": f"wakes {other} on CPU {record.b}" + (", " + record.what if record.what else "")}.get(record.mark, record.mark)


def event_rows(trace: Trace) -> list[tuple[str, str, str, str]]:
    """ms since the beginning, CPU, thread, what."""
    by_tid = {thread.tid: thread.title for thread in trace.threads}
    return [(ms(record.time_ns - trace.begin), str(record.cpu), thread.title if thread else "(idle)", happened(record, by_tid))
            for record, thread in trace.events]


def event_lines(trace: Trace) -> list[str]:
    return [f"{'ms':>10} CPU {'thread':<20} what",
            *(f"{when:>10} {cpu:>3} {who[-20:]:<20} {what}" for when, cpu, who, what in event_rows(trace))]
