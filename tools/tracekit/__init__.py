"""From the kernel's rings of records to pictures: what `make trace` (tools/trace.py) is made of.

    rings.py      reads the records out of a machine that stands
    model.py      says who ran, waited and slept when, who woke whom, and which calls they made
    chrome.py     the same as trace events, for Perfetto and chrome://tracing
    text.py       as tables and lines for a terminal
    picture.py    as SVG, and page.html.j2 as a page that needs nothing from elsewhere
"""
