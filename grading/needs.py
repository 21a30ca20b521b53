"""What must be built for the rows that were asked for: `make grade T=row` builds that and no more."""
from __future__ import annotations

import re

from . import control, rows
from .settings import Settings

# Rows' own functions name a further program in so many words.
NAMED = re.compile(r"""\.(?:boot|program)\(\s*["'](\w+)["']""")


def targets(settings: Settings) -> list[str]:
    """Targets of make: the kernel, unless all rows run on the host; the objects that their programs are linked from."""
    user = settings.build / settings.arch / "user"
    found = set()
    booted = False
    for lab, chosen in rows.select(settings):
        guests = [row for row in chosen if row.kind != "host"]
        booted = booted or bool(guests)
        names = {row.program or row.id for row in guests} | (named_in_code(settings, lab.id) if guests else set())
        found |= {(lab.id, name) for name in names}
    if not booted:
        return []
    found.add((control.FOLDER, control.PROGRAM))
    objects = [f"{user}/tests/{folder}/{file}.o" for folder, name in sorted(found) for file in (name, f"{name}.{settings.arch}")
               if (settings.root / "user/tests" / folder / f"{file}.cc").exists()]
    return ["kernel", f"{user}/libuser.a", *objects]


def named_in_code(settings: Settings, lab: str) -> set[str]:
    """The programs that functions of this lab's rows boot beside the row's own."""
    files = [settings.root / "grading" / name for name in (f"test_{lab}.py", f"hidden/test_{lab}.py", f"{lab}_{settings.arch}.py")]
    return {name for file in files if file.exists() for name in NAMED.findall(file.read_text(encoding="utf-8"))}
