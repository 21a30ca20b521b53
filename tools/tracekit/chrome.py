"""A trace as Chrome's trace events: https://ui.perfetto.dev and chrome://tracing open the file.

Process 0 is the machine, with a track for each CPU. Each of the others is a process, with two tracks for each thread:
what it does about the CPU, and the calls and traps that it is in. Arrows go from who wakes to who is woken.
"""
from __future__ import annotations

from .model import RUNS, SLEEPS, WAITS, Act, Thread, Trace

CALLS = 1_000_000           # added to a tid: the track of the calls
STATES = {RUNS: "runs", WAITS: "waits for a CPU", SLEEPS: "sleeps"}


def us(time_ns: int) -> float:
    return time_ns / 1000


def slice_of(name: str, category: str, begin: int, end: int, pid: int, tid: int, **more: object) -> dict:
    return {"ph": "X", "name": name, "cat": category, "ts": us(begin), "dur": us(end - begin), "pid": pid, "tid": tid, "args": more}


def named(what: str, name: str, pid: int, tid: int = 0) -> dict:
    return {"ph": "M", "name": what, "pid": pid, "tid": tid, "args": {"name": name}}


def events(trace: Trace) -> list[dict]:
    """Names first, then everything in the order of time."""
    names = [named("process_name", "CPUs", 0), *(named("thread_name", f"CPU {cpu}", 0, cpu) for cpu in trace.cpus)]
    found: list[dict] = []
    for thread in trace.threads:
        names += [named("process_name", thread.title, pid_of(thread)), named("thread_name", "state", pid_of(thread), thread.tid),
                  named("thread_name", "calls and traps", pid_of(thread), thread.tid + CALLS)]
        found += [part for span in thread.spans for part in state_events(thread, span)]
        found += [act_event(act, pid_of(thread), thread.tid + CALLS) for act in thread.acts]
    found += [act_event(act, 0, act.cpu) for act in trace.idle_acts]
    for number, wake in enumerate(trace.wakes):
        found += wake_events(number, wake)
    return names + sorted(found, key=lambda event: event["ts"])


def pid_of(thread: Thread) -> int:
    return thread.pid or thread.tid


def state_events(thread: Thread, span) -> list[dict]:
    found = [slice_of(STATES[span.state], "state", span.begin, span.end, pid_of(thread), thread.tid)]
    if span.state == RUNS:
        found.append(slice_of(thread.title, "cpu", span.begin, span.end, 0, span.cpu, thread=thread.tid))
    return found


def act_event(act: Act, pid: int, tid: int) -> dict:
    more = {"result": act.result} if act.result is not None else {}
    if act.kind != "interrupt":
        more["words"] = [f"0x{word:x}" for word in act.arguments]
    return slice_of(act.name, act.kind, act.begin, act.end, pid, tid, **more)


def wake_events(number: int, wake) -> list[dict]:
    """An arrow, or a mark where no thread has woken."""
    name = "starts" if wake.is_start else "wakes"
    place = {"pid": pid_of(wake.woken), "tid": wake.woken.tid}
    if wake.waker is None or wake.by_interrupt:
        return [{"ph": "i", "s": "t", "name": "started by the kernel" if wake.is_start else "woken by an interrupt", "cat": "wake", "ts": us(wake.time), **place}]
    waker = {"pid": pid_of(wake.waker), "tid": wake.waker.tid}
    return [{"ph": "s", "id": number, "name": name, "cat": "wake", "ts": us(wake.time), **waker},
            {"ph": "f", "bp": "e", "id": number, "name": name, "cat": "wake", "ts": us(wake.time), **place}]


def document(trace: Trace) -> dict:
    return {"traceEvents": events(trace), "displayTimeUnit": "ns", "otherData": {"lost records": trace.lost}}
