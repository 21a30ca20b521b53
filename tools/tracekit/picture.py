"""A trace as SVG: a lane for each CPU, below a lane for each thread, arrows from who wakes to who is woken.

Two pictures side by side: the names of the lanes stay where they are, and the lanes are scrolled.
"""
from __future__ import annotations

import dataclasses
from html import escape

from .axis import Axis
from .model import SLEEPS, WAITS, Act, Span, Thread, Trace
from .text import ms

TOP, CPU_LANE, THREAD_LANE, LANE_GAP, SPACE = 30, 24, 34, 6, 18
BAR, CALLS, LETTER = 16, 12, 6.6            # heights of a thread's two bands; the width of a letter
NAMES_WIDTH = 150
MOST_LANES = 60
# Okabe and Ito's colours, which are told apart by everybody; the lightest takes dark letters.
COLOURS = ("#0072b2", "#b35900", "#007a5a", "#8a4a78", "#4a4a4a", "#8a6d00", "#2a5c8a", "#a03020")
CALL_COLOUR, FAULT_COLOUR = "#d9d9d9", "#d55e00"


@dataclasses.dataclass
class Lanes:
    """Where things stand, from above."""
    trace: Trace
    axis: Axis
    threads: list[Thread]

    def __post_init__(self) -> None:
        self.colours = {id(thread): COLOURS[number % len(COLOURS)] for number, thread in enumerate(self.trace.threads)}
        self.first_thread = TOP + len(self.trace.cpus) * (CPU_LANE + LANE_GAP) + SPACE
        self.height = self.first_thread + len(self.threads) * (THREAD_LANE + LANE_GAP) + 10

    def cpu_y(self, cpu: int) -> int:
        return TOP + self.trace.cpus.index(cpu) * (CPU_LANE + LANE_GAP)

    def thread_y(self, thread: Thread) -> int | None:
        number = next((number for number, one in enumerate(self.threads) if one is thread), None)
        return None if number is None else self.first_thread + number * (THREAD_LANE + LANE_GAP)


def lanes_of(trace: Trace) -> Lanes:
    return Lanes(trace, Axis(trace), trace.threads[:MOST_LANES])


# ---- parts ------------------------------------------------------------------------------------------------
def text(x: float, y: float, said: str, kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}"{f" class={chr(34)}{kind}{chr(34)}" if kind else ""}>{escape(said)}</text>'


def box(x: float, y: float, width: float, height: float, fill: str, title: str, kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.8):.1f}" height="{height}" fill="{fill}"{name}>'
            f'<title>{escape(title)}</title></rect>')


def fitting(said: str, width: float) -> str:
    """As much as there is room for; nothing if that would say nothing."""
    letters = int((width - 4) / LETTER)
    return said if len(said) <= letters else said[:letters] if letters >= 3 else ""


def lasting(begin: int, end: int, trace: Trace) -> str:
    return f"from {ms(begin - trace.begin)} ms for {(end - begin) / 1000:.1f} us"


# ---- lanes ------------------------------------------------------------------------------------------------
def names(lanes: Lanes) -> str:
    """The picture that stays."""
    parts = [text(0, lanes.cpu_y(cpu) + 16, f"CPU {cpu}", "lane") for cpu in lanes.trace.cpus]
    for thread in lanes.threads:
        y = lanes.thread_y(thread)
        parts.append(text(0, y + 13, thread.title[-20:], "lane") + text(0, y + 27, "calls, traps", "small"))
    return svg(NAMES_WIDTH, lanes.height, "The names of the lanes", parts)


def picture(lanes: Lanes) -> str:
    """The picture that is scrolled."""
    parts = [defs(), *grid(lanes)]
    for cpu in lanes.trace.cpus:
        parts += cpu_lane(lanes, cpu)
    for thread in lanes.threads:
        parts += thread_lane(lanes, thread)
    parts += [part for wake in lanes.trace.wakes if (part := arrow(lanes, wake))]
    return svg(lanes.axis.width + 48, lanes.height, "What each CPU and each thread did", parts)


def svg(width: float, height: int, title: str, parts: list[str]) -> str:
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}" role="img" '
            f'font-family="system-ui, sans-serif" font-size="12" fill="currentColor"><title>{escape(title)}</title>{"".join(parts)}</svg>')


def defs() -> str:
    return ('<defs><pattern id="waits" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<rect width="6" height="6" fill="#f4e3b0"/><rect width="2.5" height="6" fill="#8a6d00"/></pattern>'
            '<pattern id="gap" width="8" height="8" patternUnits="userSpaceOnUse"><path d="M0 8L8 0" stroke="#999" stroke-width="0.7"/></pattern>'
            '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
            '<path d="M0 0.5L8 4L0 7.5z" fill="context-stroke"/></marker></defs>')


def grid(lanes: Lanes) -> list[str]:
    parts = []
    for piece in lanes.axis.pieces:
        if piece.is_gap:
            idle = f"{ms(piece.end - piece.begin)} ms in which all CPUs are idle"
            parts.append(box(piece.x, TOP - 6, piece.width, lanes.height - TOP, "url(#gap)", idle))
            parts.append(text(piece.x + 2, TOP - 10, fitting(f"{(piece.end - piece.begin) / 1e6:.1f}ms", piece.width + 8), "small"))
    for time in lanes.axis.ticks():
        x = lanes.axis.x(lanes.trace.begin + time)
        parts.append(f'<path d="M{x:.1f} {TOP - 6}V{lanes.height}" class="grid"/>' + text(x + 3, 11, f"{time / 1e6:g} ms", "small"))
    return parts


def cpu_lane(lanes: Lanes, cpu: int) -> list[str]:
    y, parts = lanes.cpu_y(cpu), []
    for span, thread in lanes.trace.on_cpu(cpu):
        x = lanes.axis.x(span.begin)
        width = lanes.axis.x(span.end) - x
        parts.append(box(x, y, width, CPU_LANE, lanes.colours[id(thread)], f"{thread.title} on CPU {cpu}, {lasting(span.begin, span.end, lanes.trace)}"))
        if said := next((said for said in (thread.title, str(thread.tid)) if len(said) * LETTER + 4 <= width), ""):
            parts.append(text(x + 3, y + 16, said, "inside"))
    return parts


def thread_lane(lanes: Lanes, thread: Thread) -> list[str]:
    y = lanes.thread_y(thread)
    parts = [part for span in thread.spans if span.length for part in state_parts(lanes, thread, span, y)]
    parts += [part for act in thread.acts if act.kind != "interrupt" for part in act_parts(lanes, thread, act, y + BAR + 2)]
    parts += [interrupt_part(lanes, thread, act, y) for act in thread.acts_of("interrupt")]
    if thread.has_ended:
        x = lanes.axis.x(thread.end)
        parts.append(f'<path d="M{x:.1f} {y - 2}v{BAR + 4}" class="end"><title>{escape(thread.title)} ends</title></path>')
    return parts


def state_parts(lanes: Lanes, thread: Thread, span: Span, y: int) -> list[str]:
    x = lanes.axis.x(span.begin)
    width = lanes.axis.x(span.end) - x
    when = lasting(span.begin, span.end, lanes.trace)
    if span.state == SLEEPS:
        return [box(x, y + BAR / 2 - 1, width, 2, "currentColor", f"{thread.title} sleeps {when}", "sleeps")]
    if span.state == WAITS:
        return [box(x, y + 3, width, BAR - 6, "url(#waits)", f"{thread.title} waits for a CPU {when}")]
    parts = [box(x, y, width, BAR, lanes.colours[id(thread)], f"{thread.title} runs on CPU {span.cpu} {when}")]
    if len(lanes.trace.cpus) > 1 and width >= 10:
        parts.append(text(x + 2, y + 12, str(span.cpu), "inside"))
    return parts


def act_parts(lanes: Lanes, thread: Thread, act: Act, y: int) -> list[str]:
    x = lanes.axis.x(act.begin)
    width = lanes.axis.x(act.end) - x
    answer = f" = {act.result}" if act.result is not None else ""
    title = f"{act.name}{answer} of {thread.title}, {lasting(act.begin, act.end, lanes.trace)}"
    parts = [box(x, y, width, CALLS, FAULT_COLOUR if act.kind == "fault" else CALL_COLOUR, title, act.kind)]
    if said := fitting(act.name, width):
        parts.append(text(x + 2, y + 10, said, "call-name"))
    return parts


def interrupt_part(lanes: Lanes, thread: Thread, act: Act, y: int) -> str:
    x = lanes.axis.x(act.begin)
    return (f'<path d="M{x:.1f} {y - 3}v4" class="interrupt"><title>{escape(act.name)} interrupt, {escape(thread.title)} runs, '
            f'{lasting(act.begin, act.end, lanes.trace)}</title></path>')


def arrow(lanes: Lanes, wake) -> str:
    """From the waker's lane to the woken thread's; a dot where an interrupt has woken it."""
    to, x = lanes.thread_y(wake.woken), lanes.axis.x(wake.time)
    if to is None:
        return ""
    when = f"at {ms(wake.time - lanes.trace.begin)} ms"
    if wake.waker is None or wake.by_interrupt:
        who = "the kernel starts" if wake.is_start else "an interrupt wakes"
        return (f'<circle cx="{x:.1f}" cy="{to + BAR / 2}" r="3" class="wake"><title>{who} {escape(wake.woken.title)} '
                f'{when}</title></circle>')
    begin = lanes.thread_y(wake.waker)
    if begin is None or wake.waker is wake.woken:
        return ""
    down = to > begin
    title = f"{wake.waker.title} {'starts' if wake.is_start else 'wakes'} {wake.woken.title} {when}"
    return (f'<path d="M{x:.1f} {begin + (BAR if down else 0)}V{to if down else to + BAR}" class="{"start" if wake.is_start else "wake"}" '
            f'marker-end="url(#head)"><title>{escape(title)}</title></path>')
