"""`make trace`: what user/bin/relay.cc must do is in its timeline, in order."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tools import qemu

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.skipif(not any(ROOT.glob("labs/*-processes/handout.md")), reason="this tree has no processes")
WORDS, NAPS = 6, 3          # of user/bin/relay.cc
CALLS = {
    "source": ["prctl", *["write"] * WORDS, "exit_group"],
    "adder": ["prctl", "close", *["read"] * (WORDS + 1), "write", "exit_group"],
    "spinner": ["prctl", "exit_group"],
    "sleeper": ["prctl", *["clock_nanosleep"] * NAPS, "exit_group"],
    "relay": ["pipe2", "pipe2", *["clone"] * 4, "close", "read", *["wait4"] * 5, "write", "exit_group"],
}


class Traced:
    """What `make trace` printed and wrote."""

    def __init__(self, arch: str, *words: str, name: str = "relay"):
        if shutil.which(qemu.port(arch).program) is None:
            pytest.skip(f"{qemu.port(arch).program} is not installed")
        done = subprocess.run(["make", "--no-print-directory", "SETUP=no", "trace", f"ARCH={arch}", *words], cwd=ROOT, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=2400)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr
        self.is_repeatable = "SMP=4" not in words       # one CPU counts instructions: nothing depends on the host
        self.said = done.stdout
        self.folder = ROOT / "build" / "trace" / arch / name
        self.events = json.loads((self.folder / "trace.json").read_text())["traceEvents"]
        self.page = (self.folder / "trace.html").read_text()
        # "adder 2" -> adder; a process has one thread, whose track of calls is the one that is named so
        self.names = {event["pid"]: event["args"]["name"].split()[0] for event in self.events if event["name"] == "process_name"}

    def of_kind(self, phase: str, category: str) -> list[dict]:
        return [event for event in self.events if event["ph"] == phase and event.get("cat") == category]

    def calls(self) -> dict[str, list[dict]]:
        found: dict[str, list[dict]] = {}
        for call in self.of_kind("X", "call"):
            found.setdefault(self.names[call["pid"]], []).append(call)
        return found


@pytest.fixture(scope="module", params=[(arch, smp) for arch in sorted(qemu.PORTS) for smp in (1, 4)], ids=lambda pair: f"{pair[0]}-{pair[1]}")
def relay(request) -> Traced:
    arch, smp = request.param
    return Traced(arch, f"SMP={smp}", "PLAIN=1")


def end(event: dict) -> float:
    return event["ts"] + event["dur"]


def test_the_program_came_to_its_end(relay):
    assert "relay: the words add up to 21, and 4 children have ended" in relay.said


def test_each_process_made_its_calls_in_order(relay):
    assert {name: [call["name"] for call in calls] for name, calls in relay.calls().items()} == CALLS
    for name, calls in relay.calls().items():
        assert all(end(before) <= after["ts"] for before, after in zip(calls, calls[1:])), name
    assert [call["args"]["result"] for call in relay.calls()["adder"] if call["name"] == "read"] == [8] * WORDS + [0]


def test_a_cpu_runs_one_thread_and_a_thread_has_one_cpu(relay):
    for key in ("tid", "name"):         # of slices of CPUs: the CPU, the thread
        tracks: dict[object, list[dict]] = {}
        for run in relay.of_kind("X", "cpu"):
            tracks.setdefault(run[key], []).append(run)
        for runs in tracks.values():
            assert all(end(before) <= after["ts"] + 1e-6 for before, after in zip(runs, runs[1:]))


def test_who_wakes_whom(relay):
    starts = {event["id"]: event for event in relay.of_kind("s", "wake")}
    arrows = [(event["name"], relay.names[starts[event["id"]]["pid"]], relay.names[event["pid"]]) for event in relay.of_kind("f", "wake")]
    assert [arrow for arrow in arrows if arrow[0] == "starts"] == \
        [("starts", "relay", name) for name in ("adder", "spinner", "sleeper", "source")]
    naps = [event for event in relay.of_kind("i", "wake") if relay.names[event["pid"]] == "sleeper"]
    if relay.is_repeatable:
        assert ("wakes", "source", "adder") in arrows and ("wakes", "adder", "relay") in arrows and len(naps) == NAPS
    else:       # a host that is slow enough lets words come, and naps be over, before anybody sleeps
        assert len(naps) <= NAPS


def test_nobody_sleeps_for_less_than_was_asked(relay):
    naps = [call["dur"] for call in relay.calls()["sleeper"] if call["name"] == "clock_nanosleep"]
    assert min(naps) >= 2_000


def test_a_wake_up_lies_between_falling_asleep_and_running(relay):
    for event in relay.of_kind("f", "wake"):
        states = [state for state in relay.of_kind("X", "state") if (state["pid"], state["tid"]) == (event["pid"], event["tid"])]
        begun = next(state for state in states if abs(state["ts"] - event["ts"]) < 1e-6 and state["name"] == "waits for a CPU")
        before = [state["name"] for state in states if state["ts"] < begun["ts"]][-1:]
        after = [state["name"] for state in states if state["ts"] >= end(begun) - 1e-6][:1]
        assert before in (["sleeps"], []) and after == ["runs"]


def test_slices_of_a_track_nest(relay):
    tracks: dict[tuple[int, int], list[dict]] = {}
    for event in relay.events:
        if event["ph"] == "X":
            tracks.setdefault((event["pid"], event["tid"]), []).append(event)
    for (pid, _), track in tracks.items():
        if pid == 0:
            continue        # an interrupt of an idle CPU stands between two threads
        open_ends: list[float] = []
        for event in sorted(track, key=lambda one: (one["ts"], -one["dur"])):
            while open_ends and open_ends[-1] <= event["ts"] + 1e-6:
                open_ends.pop()
            assert not open_ends or end(event) <= open_ends[-1] + 1e-6, event
            open_ends.append(end(event))


def test_tables_and_page_are_whole(relay):
    assert re.search(r"^ +B +\d+ relay > adder +[\d.]+ ", relay.said, re.M) and re.search(r"sleeper \d+ +clock_nanosleep = 0$", relay.said, re.M)
    pictures = re.findall(r"<svg xmlns.*?</svg>", relay.page, re.S)
    assert len(pictures) == 2 and all(ElementTree.fromstring(drawn) is not None for drawn in pictures)
    assert not re.search(r"(href|src|url\(['\"]?http)=?", relay.page.replace("url(#", ""))


def test_a_ring_that_was_full_holds_the_newest():
    traced = Traced("riscv64", "PROG=empty_call", "APPEND=tick=off", name="empty_call")
    lost = int(re.search(r"; (\d+) older ones were overwritten", traced.said)[1])
    calls = traced.of_kind("X", "call")
    assert lost > 100_000 and 8_000 < len(calls) < 16_384
    assert [call["name"] for call in calls][-2:] == ["write", "exit_group"] and len({call["name"] for call in calls[:1000]}) == 1
