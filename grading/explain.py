"""`make why T=row`, `make hint T=row`, and `stage`: a row's files for a session under gdb."""
from __future__ import annotations

import inspect
import re
import shlex
import sys
import textwrap
from pathlib import Path

from . import rows
from .bench import Bench
from .report import WIDTH
from .settings import Settings


def chosen_row(settings: Settings) -> object:
    if len(settings.rows) != 1:
        raise rows.NothingToGrade("say which row: T=row")
    return rows.select(settings)[0][1][0]


def explain(settings: Settings, what: str) -> int:
    row = chosen_row(settings)
    print("\n".join(why(settings, row) if what == "why" else hint(settings, row)))
    return 0


def why(settings: Settings, row: object) -> list[str]:
    """Spec, program, typical causes, where to break: never a line of a solution."""
    lines = [f"{row.id} ({'provided code, no points' if row.given else f'{row.points} points'}, part {row.part}, {row.theme})", *paragraph(row.spec)]
    if row.room:
        lines += ["", f"Rooms being filled in order, {row.room} turns it green."]
    if row.behind:
        lines += [f"It stands behind: {', '.join(row.behind)}."]
    source = settings.root / "user/tests" / row.lab / f"{row.program}.cc" if row.program else None
    if source and source.exists():
        lines += ["", f"The program is {source.relative_to(settings.root)}:"]
        lines += [f"    {line}" for line in source.read_text().splitlines()]
    if row.why:
        lines += ["", *paragraph(row.why)]
    arch = settings.arch_word
    commands = [f"make grade T={row.id} V=1{arch}"] + ([] if row.kind == "host" else [f"make debug T={row.id}{arch}"])
    return lines + ["", "Next:", *(f"    {command}" for command in commands)]


def hint(settings: Settings, row: object) -> list[str]:
    """One hint more at each call, up to three; the count is kept in build/."""
    if not row.hints:
        return [f"{row.id} has no hints; make why T={row.id} says more of it."]
    counter = settings.root / settings.build / "hints" / f"{row.lab}.{row.id}"
    given = int(counter.read_text()) if counter.exists() and counter.read_text().isdigit() else 0
    level = min(given + 1, len(row.hints))
    counter.parent.mkdir(parents=True, exist_ok=True)
    counter.write_text(str(level))
    lines = []
    for number, text in enumerate(row.hints[:level], 1):
        lines += [f"Hint {number} of {len(row.hints)}:", *paragraph(text)]
    if level < len(row.hints):
        lines.append(f"make hint T={row.id}{settings.arch_word} again gives the next one.")
    return lines


def paragraph(text: str) -> list[str]:
    lines: list[str] = []
    for part in text.strip().splitlines():
        lines += textwrap.wrap(part.strip(), WIDTH, initial_indent="  ", subsequent_indent="  ") or [""]
    return lines


def stage(settings: Settings, out: Path | None) -> int:
    """Fills a folder with what a row boots: initramfs.cpio, program.elf with symbols, append.txt.

    `make debug T=row` and `make qemu-gdb T=row` start QEMU on it, with the SEED of a failed run.
    """
    row = chosen_row(settings)
    if out is None:
        raise rows.NothingToGrade("stage needs --out")
    if row.kind == "host":
        raise rows.NothingToGrade(f"{row.id} runs on this machine, not in QEMU. Next: make grade T={row.id} V=1")
    out.mkdir(parents=True, exist_ok=True)
    for name in ("initramfs.cpio", "program.elf"):
        (out / name).unlink(missing_ok=True)
    bench = Bench(settings, row, out)
    options = str(row.extra.get("options", ""))
    words = []
    if row.program:
        program = bench.program()
        name, archive = bench.initramfs(program)
        (out / "initramfs.cpio").write_bytes(archive)
        program.debug.rename(out / "program.elf")
        words.append(f"init=/{name}")
    elif test := selftest_of(row):
        words.append(f"selftest={test}")
    seed = row.seeds[0] if row.seeds else bench.draw.boot_seed
    words += [f"seed={seed}", *shlex.split(options)]
    if row.args and row.program:
        words += ["--", row.args]
    (out / "append.txt").write_text(" ".join(words) + "\n")
    (out / "smp.txt").write_text(f"{row.smp}\n")
    print(f"{row.id}: staged in {out}; the kernel's arguments: {' '.join(words)}", file=sys.stderr)
    return 0


def selftest_of(row: object) -> str:
    """The self-test that a row without a program boots, with some argument where it takes one."""
    found = re.search(r'selftest=f?"(\w+)(:?)', inspect.getsource(rows.body_of(row)))
    return found[1] + (":15" if found[2] else "") if found else ""
