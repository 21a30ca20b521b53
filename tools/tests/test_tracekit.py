"""`make trace`: from records to spans, tables, trace events and the picture; no machine is needed."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ElementTree

from tools.tracekit import axis, chrome, model, page, picture, rings, text
from tools.tracekit.rings import Record, Rings

SVG = "{http://www.w3.org/2000/svg}"


def named(name: str) -> dict[str, int]:
    a, b = struct.unpack("<QQ", name.encode().ljust(16, b"\0"))
    return {"a": a, "b": b}


# One CPU. "first" starts "second" and sleeps in read(); second computes, has a page fault, writes, which wakes first, and ends.
STORY = [
    Record(0, 0, 0, "Starts", "", 1, 0), Record(10, 0, 0, "Leaves", ""), Record(10, 0, 1, "Runs", "", **named("first")),
    Record(1_000, 0, 1, "CallBegins", "clone", 17, 0), Record(1_400, 0, 1, "Starts", "", 2, 0), Record(2_000, 0, 1, "CallEnds", "clone", 2),
    Record(2_100, 0, 1, "CallBegins", "read", 3, 4), Record(2_200, 0, 1, "Leaves", "Blocked", 1), Record(2_200, 0, 2, "Runs", "", **named("first")),
    Record(2_300, 0, 2, "Named", "", **named("second")), Record(3_000, 0, 2, "FaultBegins", "read fault", 0x100, 0x2000), Record(3_500, 0, 2, "TrapEnds", ""),
    Record(4_000, 0, 2, "InterruptBegins", "timer"), Record(4_050, 0, 2, "TrapEnds", ""), Record(5_000, 0, 2, "CallBegins", "write", 1, 2),
    Record(5_500, 0, 2, "Wakes", "", 1, 0), Record(6_000, 0, 2, "CallEnds", "write", 8), Record(6_500, 0, 2, "CallBegins", "exit_group"),
    Record(7_000, 0, 2, "Leaves", "Ended", 2), Record(7_000, 0, 1, "Runs", "", **named("first")),
    Record(7_500, 0, 1, "CallEnds", "read", (1 << 64) - 4), Record(8_000, 0, 1, "CallBegins", "exit_group"),
]


def story() -> model.Trace:
    return model.build(Rings(STORY, 0))


def spans(thread: model.Thread) -> list[tuple[int, int, str]]:
    return [(span.begin, span.end, span.state) for span in thread.spans]


def test_each_thread_runs_waits_and_sleeps_by_turns():
    first, second = story().threads
    assert spans(first) == [(0, 10, "waits"), (10, 2_200, "runs"), (2_200, 5_500, "sleeps"), (5_500, 7_000, "waits"), (7_000, 8_000, "runs")]
    assert spans(second) == [(1_400, 2_200, "waits"), (2_200, 7_000, "runs")]
    assert second.has_ended and not first.has_ended
    assert (second.name, second.title, second.pid) == ("first > second", "second 2", 2)


def test_calls_and_traps_have_a_beginning_and_an_end():
    first, second = story().threads
    assert [(act.name, act.begin, act.end, act.result) for act in first.acts_of("call")] == \
        [("clone", 1_000, 2_000, 2), ("read", 2_100, 7_500, -4), ("exit_group", 8_000, 8_000, None)]
    assert [(act.kind, act.name, act.end - act.begin) for act in second.acts[:2]] == [("fault", "read fault", 500), ("interrupt", "timer", 50)]
    assert second.acts[-1].end == 7_000 and not second.acts[-1].ended


def test_wake_ups_say_who_and_whom():
    wakes = story().wakes
    assert [(wake.waker.title if wake.waker else None, wake.woken.title, wake.is_start) for wake in wakes] == \
        [(None, "first 1", True), ("first 1", "second 2", True), ("second 2", "first 1", False)]


def test_a_number_that_is_given_again_is_another_thread():
    again = [*STORY, Record(8_100, 0, 1, "Starts", "", 2, 0), Record(8_200, 0, 1, "Leaves", "Ready", 1), Record(8_200, 0, 2, "Runs", "", **named("third"))]
    assert [thread.title for thread in model.build(Rings(again, 0)).threads] == ["first 1", "second 2", "third 2"]


def test_records_whose_beginning_was_overwritten_do_no_harm():
    for start in range(1, len(STORY)):
        trace = model.build(Rings(STORY[start:], start))
        assert all(span.end >= span.begin for thread in trace.threads for span in thread.spans)
        chrome.document(trace), page.html(trace, "cut"), text.lines(trace)


def test_of_a_ring_that_was_full_begins_the_common_time():
    full = [Record(time, 0, 1, "Runs", "") for time in range(100, 103)]
    other = [Record(time, 1, 2, "Runs", "") for time in (50, 101, 120)]
    assert [record.time_ns for record in rings.merged([full, other], 4)] == [100, 101, 101, 102, 120]
    assert len(rings.merged([full, other], 100)) == 6


def test_trace_events_are_what_perfetto_wants():
    events = chrome.document(story())["traceEvents"]
    assert {event["ph"] for event in events} == {"M", "X", "s", "f", "i"}
    on_cpu = [(event["name"], event["ts"], event["dur"]) for event in events if event["ph"] == "X" and event["pid"] == 0]
    assert on_cpu == [("first 1", 0.01, 2.19), ("second 2", 2.2, 4.8), ("first 1", 7.0, 1.0)]
    arrows = {event["id"]: event for event in events if event["ph"] == "s"}
    for end in (event for event in events if event["ph"] == "f"):
        assert arrows[end["id"]]["ts"] == end["ts"] and arrows[end["id"]]["tid"] != end["tid"]


def test_lanes_of_text_show_most_of_each_column():
    lines = text.lines(story())
    lane = next(line for line in lines if "second 2" in line)
    assert lane.count("#") > 30 and lane.rstrip("|")[-1] == " " and max(map(len, lines)) <= 120
    assert any(line.split()[:3] == ["read", "1", "0.005"] for line in lines)


def test_everything_is_told_in_order():
    told = [line.split(maxsplit=2)[2].strip() for line in text.event_lines(story())[1:]]
    assert "second 2             wakes first 1 on CPU 0" in told and "first 1              read = -4" in told
    assert len(told) == len(STORY)


def test_time_goes_on_in_the_picture_and_long_idleness_is_cut_out():
    late = [Record(time + 9_000_000 if time > 6_500 else time, *rest) for time, *rest in
            ((r.time_ns, r.cpu, r.tid, r.mark, r.what, r.a, r.b) for r in STORY if r.time_ns < 5_000)]
    late += [Record(4_500, 0, 2, "Leaves", "Blocked", 2), Record(4_500, 0, 0, "Runs", ""), Record(9_000_000, 0, 0, "Wakes", "by an interrupt", 2, 0),
             Record(9_000_010, 0, 0, "Leaves", ""), Record(9_000_010, 0, 2, "Runs", "", **named("second")), Record(9_004_000, 0, 2, "Leaves", "Ended", 2)]
    line = axis.Axis(model.build(Rings(late, 0)))
    assert [piece.is_gap for piece in line.pieces] == [False, True, False]
    places = [line.x(time) for time in range(0, 9_004_001, 500)]
    assert places == sorted(places) and line.x(9_004_000) == line.width


def test_the_pictures_are_whole_and_say_what_things_are():
    lanes = picture.lanes_of(story())
    for drawn in (picture.picture(lanes), picture.names(lanes)):
        tree = ElementTree.fromstring(drawn)
        assert tree.tag == f"{SVG}svg" and tree.find(f"{SVG}title").text
    titles = [title.text for title in ElementTree.fromstring(picture.picture(lanes)).iter(f"{SVG}title")]
    assert "second 2 wakes first 1 at 0.005 ms" in titles and any(title.startswith("read = -4 of first 1") for title in titles)


def test_the_page_needs_nothing_from_elsewhere_and_escapes_names():
    evil = [Record(r.time_ns, r.cpu, r.tid, r.mark, r.what, **(named("<b>&") if r.mark in ("Runs", "Named") else {"a": r.a, "b": r.b})) for r in STORY]
    made = page.html(model.build(Rings(evil, 0)), "story")
    assert "<b>&" not in made and "&lt;b&gt;&amp;" in made
    assert "src=" not in made and "href=" not in made and "@import" not in made
