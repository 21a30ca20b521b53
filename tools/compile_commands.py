#!/usr/bin/env python3
"""Writes compile_commands.json for editors and clangd (`make compile_commands.json`).

Asks make what it would run to build everything, and keeps each command that compiles one C or C++ file, in words that
clang knows. Make stays the one place that knows the flags. Called as
    compile_commands.py FILE CPU[,CPU…] TARGETS [MORE-TARGETS…]
A file that is built for several CPUs gets the command for the first. Of TARGETS all must be there; MORE-TARGETS may be
missing or lack their tools.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILER = re.compile(r"(?:gcc|g\+\+|clang|clang\+\+|cc|c\+\+)(?:-\d+)?$")
SOURCES = (".cc", ".c")     # clangd does not read assembly
# What clang 14 does not know, or takes for an error in the standard headers, and no clang needs to read the code.
MARCH = re.compile(r"^(-march=rv64[a-z]+)(_z\w+)+$")
UNKNOWN = re.compile(r"-fno-tree-|-mgeneral-regs-only|-fsanitize|-fno-sanitize|-flto|-fno-lto|-M[MP]?D?$")


def for_clang(words: list[str]) -> list[str]:
    kept = [MARCH.sub(r"\1", word) for word in words if not UNKNOWN.match(word)]
    if "-include" in kept:     # what GCC has read beforehand (kernel/standard.h): clang cannot read that
        at = kept.index("-include")
        del kept[at:at + 2]
    return [*kept[:1], "-Wno-unknown-attributes", *kept[1:]]


def commands_in(text: str) -> list[dict[str, object]]:
    """The compile commands among the lines that make would run, one entry a source file and object."""
    found = {}
    for line in text.replace("\\\n", " ").splitlines():
        try:
            words = shlex.split(line)
        except ValueError:
            continue
        if not words or not COMPILER.search(words[0]) or "-o" not in words:
            continue
        output = words[words.index("-o") + 1]
        sources = [word for word in words if word.endswith(SOURCES)]
        for source in sources:      # one compiler may read several
            arguments = for_clang([word for word in words if word == source or not word.endswith((*SOURCES, ".S"))])
            found[source, output] = {"directory": str(ROOT), "file": source, "output": output, "arguments": arguments}
    return list(found.values())


def what_make_would_run(arch: str, targets: list[str]) -> tuple[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(["make", "--no-print-directory", "-Bn", "V=1", f"ARCH={arch}", "SETUP=no", *targets], cwd=ROOT, env=environment,
                          capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else "", done.stderr


def main() -> int:
    file, arches, targets, *more = sys.argv[1:]
    entries: dict[object, dict[str, object]] = {}
    for arch in arches.split(","):
        for wanted in (targets, *more):
            text, trouble = what_make_would_run(arch, wanted.split())
            found = commands_in(text)
            if not found and wanted == targets:
                print(f"compile_commands: expected compile commands from `make -Bn ARCH={arch} {wanted}`, got none.\n{trouble[-2000:]}")
                return 1
            for entry in found:
                entries.setdefault(entry["file"], entry)
    Path(file).write_text(json.dumps(list(entries.values()), indent=1) + "\n")
    print(f"{file}: {len(entries)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
