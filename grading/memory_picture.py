"""Draws a memory_view.View: as text (with a painter: in colour), and as SVG for the HTML report and the book.

Each kind of use has a sign, so that nothing is said by colour alone. A sign that stands for several pages is the one of
the most frequent use among those in use; small letters say that some of the pages are free, or not there.
"""
from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Callable, Iterable
from html import escape
from typing import TYPE_CHECKING

from . import cpus
from .memory_view import KINDS, Looker, Mapping, NotStanding, View
from .page_walk import PAGE
from .verdicts import Infrastructure

if TYPE_CHECKING:
    from .bench import Run

COLUMNS = 64                    # signs in a line of physical memory: a terminal has 80 columns
MOST_LINES = 16
BAR = 20                        # signs for a mapping
NOTHING = "."

# kind -> (sign, what it is, colour in HTML, number of the terminal's 256 colours)
STYLES = {
    "free": (NOTHING, "free", "#e8e8e8", 0),
    "reserved": ("R", "reserved: firmware, the kernel's image, the array of Frames", "#8a8a8a", 244),
    "kernel": ("K", "the kernel's: heap, files, anything else", "#b5651d", 130),
    "table": ("T", "page tables", "#c2185b", 162),
    "program": ("P", "the program's code and data", "#1f77b4", 32),
    "heap": ("H", "its heap (brk)", "#2ca02c", 34),
    "stack": ("S", "its stack", "#9467bd", 98),
    "mapping": ("M", "other private mappings", "#17a2a2", 37),
    "shared": ("F", "mappings of files and shared memory", "#d4a017", 178),
    "zero": ("Z", "the one frame of zeros that everybody may read", "#555555", 240),
}
assert tuple(STYLES) == KINDS

Paint = Callable[[str, str], str]       # signs and their kind -> the same, coloured


def plain(signs: str, kind: str) -> str:
    return signs


# ---- from pages to signs ----------------------------------------------------------------------------------
def sign_of(kinds: Iterable[str]) -> tuple[str, str]:
    """The sign of some frames together, and its kind."""
    counts = Counter(kinds)
    free = counts.pop("free", 0)
    if not counts:
        return NOTHING, "free"
    kind = max(counts, key=lambda name: (counts[name], KINDS.index(name)))
    sign = STYLES[kind][0]
    return (sign.lower() if free else sign), kind


def physical_signs(view: View, most_lines: int = MOST_LINES) -> tuple[int, list[tuple[str, str]]]:
    """How many frames a sign stands for, and the signs."""
    each = 1
    while len(view.frames) > each * COLUMNS * most_lines:
        each *= 2
    return each, [sign_of(view.frames[i:i + each]) for i in range(0, len(view.frames), each)]


def mapping_signs(mapping: Mapping) -> list[tuple[str, str]]:
    """At most BAR signs: which parts of a mapping are there."""
    count = min(BAR, mapping.pages)
    starts = [mapping.pages * part // count for part in range(count + 1)]
    here = [0] * count
    for page in mapping.present:
        here[bisect.bisect_right(starts, page) - 1] += 1
    room = [end - begin for begin, end in zip(starts, starts[1:])]
    sign = STYLES[mapping.kind][0]
    return [(NOTHING, "free") if not there else (sign if there >= all_of_it else sign.lower(), mapping.kind)
            for there, all_of_it in zip(here, room)]


def runs(signs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours of one kind together."""
    joined: list[tuple[str, str]] = []
    for sign, kind in signs:
        if joined and joined[-1][1] == kind:
            joined[-1] = (joined[-1][0] + sign, kind)
        else:
            joined.append((sign, kind))
    return joined


def size_text(size: int) -> str:
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB")):
        if size >= unit:
            return f"{size // unit} {name}" if size % unit == 0 else f"{size / unit:.1f} {name}"
    return f"{size >> 10} KiB"


# ---- text -------------------------------------------------------------------------------------------------
def text(view: View, paint: Paint = plain, most_lines: int = MOST_LINES) -> list[str]:
    """`most_lines`: of physical memory."""
    return [*physical_text(view, paint, most_lines), "", *legend(view, paint), "", *virtual_text(view, paint)]


def physical_text(view: View, paint: Paint, most_lines: int = MOST_LINES) -> list[str]:
    each, signs = physical_signs(view, most_lines)
    lines = [f"physical memory: {size_text(len(view.frames) * PAGE)}; a sign stands for {size_text(each * PAGE)}"]
    for start in range(0, len(signs), COLUMNS):
        line = "".join(paint(some, kind) for some, kind in runs(signs[start:start + COLUMNS]))
        lines.append(f"  0x{view.first + start * each * PAGE:09x} {line}")
    return lines


def legend(view: View, paint: Paint) -> list[str]:
    return [f"  {paint(sign, kind)} {view.count(kind):7} pages  {meaning}"
            for kind, (sign, meaning, _, _) in STYLES.items() if view.count(kind)]


def virtual_text(view: View, paint: Paint) -> list[str]:
    if not view.program:
        return ["virtual memory: no program runs"]
    pages = sum(mapping.pages for mapping in view.mappings)
    here = sum(len(mapping.present) for mapping in view.mappings)
    lines = [f"virtual memory of {view.program}: {size_text(pages * PAGE)} mapped, {size_text(here * PAGE)} there",
             f"  {'begin':>12} {'end':>12} may  {'pages':>7} {'there':>7} kind"]
    for mapping in view.mappings:
        bar = "".join(paint(some, kind) for some, kind in runs(mapping_signs(mapping)))
        lines.append(f"  {mapping.begin:012x} {mapping.end:012x} {mapping.rights} {mapping.pages:7}"
                     f" {len(mapping.present):7} {mapping.kind:8} {bar}")
    return lines


# ---- SVG --------------------------------------------------------------------------------------------------
CELL, LEFT, LINE = 11, 130, 16


def svg(view: View, title: str) -> str:
    """A picture of its own, without anything from elsewhere."""
    parts: list[str] = []
    y = draw_physical(parts, view, LINE)
    y = draw_legend(parts, view, y + LINE)
    y = draw_virtual(parts, view, y + LINE)
    width = LEFT + COLUMNS * CELL + 10
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" role="img" font-family="monospace" '
            f'font-size="11" fill="currentColor"><title>{escape(title)}</title>' + "".join(parts) + "</svg>")


def label(parts: list[str], x: int, y: int, said: str) -> None:
    parts.append(f'<text x="{x}" y="{y}" xml:space="preserve">{escape(said)}</text>')


def bar(parts: list[str], x: int, y: int, signs: list[tuple[str, str]]) -> None:
    """One row of boxes; each box names its sign."""
    for some, kind in runs(signs):
        width = len(some) * CELL
        parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{CELL}" fill="{STYLES[kind][2]}"/>')
        if kind != "free":
            parts.append(f'<text x="{x + 2}" y="{y + CELL - 2}" fill="#fff">{some[0]}</text>')
        x += width


def draw_physical(parts: list[str], view: View, y: int) -> int:
    each, signs = physical_signs(view)
    label(parts, 0, y, physical_text(view, plain)[0])
    for start in range(0, len(signs), COLUMNS):
        y += CELL + 1
        label(parts, 0, y + CELL - 2, f"0x{view.first + start * each * PAGE:09x}")
        bar(parts, LEFT, y, signs[start:start + COLUMNS])
    return y + CELL


def draw_legend(parts: list[str], view: View, y: int) -> int:
    for kind, (sign, meaning, _, _) in STYLES.items():
        if view.count(kind):
            bar(parts, LEFT - CELL - 4, y - CELL + 2, [(sign, kind)])
            label(parts, LEFT, y, f"{sign} {view.count(kind):6} pages: {meaning}")
            y += LINE
    return y


def draw_virtual(parts: list[str], view: View, y: int) -> int:
    label(parts, 0, y, virtual_text(view, plain)[0])
    for mapping in view.mappings:
        y += LINE
        label(parts, 0, y + CELL - 2, f"0x{mapping.begin:012x}")
        bar(parts, LEFT, y, mapping_signs(mapping))
        label(parts, LEFT + BAR * CELL + 8, y + CELL - 2,
              f"{mapping.rights} {mapping.kind}, {len(mapping.present)} of {mapping.pages} pages")
    return y + 2 * LINE


# ---- for rows ---------------------------------------------------------------------------------------------
def show(run: "Run", title: str) -> None:
    """Puts a picture of a row's memory into the HTML report, if there will be one; gdb holds the machine.

    It judges nothing: of a kernel whose structures cannot be read there is no picture."""
    settings = run.bench.settings
    if not settings.html:
        return
    try:
        looker = Looker(settings.kernel_path, cpus.of(settings.arch).page_tables, run.gdb())
        run.bench.pictures.append((title, svg(looker.look(run.machine.registers()), title)))
    except (NotStanding, Infrastructure):
        pass
