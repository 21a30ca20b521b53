"""The page around the picture: page.html.j2."""
from __future__ import annotations

from pathlib import Path

import jinja2

from . import picture, text
from .model import Trace

MOST_EVENTS = 1500


def html(trace: Trace, title: str) -> str:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    template = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True,
                                  undefined=jinja2.StrictUndefined).get_template("page.html.j2")
    lanes = picture.lanes_of(trace)
    return template.render(
        title=title, trace=trace, length=text.ms(trace.end - trace.begin), names=picture.names(lanes), picture=picture.picture(lanes),
        defs=picture.defs(), hidden=len(trace.threads) - len(lanes.threads), colours=lanes.colours, columns=text.THREAD_COLUMNS,
        rows=[(thread, lanes.colours[id(thread)], text.thread_row(trace, thread)) for thread in trace.threads],
        calls=text.call_rows(trace), events=text.event_rows(trace)[:MOST_EVENTS], most=MOST_EVENTS,
        run_colour=picture.COLOURS[0], call_colour=picture.CALL_COLOUR, fault_colour=picture.FAULT_COLOUR)
