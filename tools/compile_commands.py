#!/usr/bin/env python3
"""Writes compile_commands.json for editors and clangd (`make compile_commands.json`).

Asks make what it would run to build everything, and keeps each command that compiles one source file.
Make stays the one place that knows the flags.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (".cc", ".c", ".S")


def commands_in(text: str) -> list[dict[str, object]]:
    """The compile commands among the lines that make would run, one entry a source file and object."""
    found = {}
    for line in text.replace("\\\n", " ").splitlines():
        if " -c " not in line:
            continue
        try:
            words = shlex.split(line)
        except ValueError:
            continue
        sources = [word for word in words if word.endswith(SOURCES)]
        if len(sources) != 1 or "-o" not in words:
            continue
        output = words[words.index("-o") + 1]
        if "-include" in words:     # what GCC has read beforehand (kernel/standard.h): clang cannot read that
            at = words.index("-include")
            del words[at:at + 2]
        found[sources[0], output] = {"directory": str(ROOT), "file": sources[0], "output": output, "arguments": words}
    return list(found.values())


def main() -> int:
    targets = sys.argv[2:] or ["all"]
    done = subprocess.run(["make", "--no-print-directory", "-Bn", "V=1", *targets], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    entries = commands_in(done.stdout)
    if not entries:
        print(f"compile_commands: expected compile commands from `make -Bn {' '.join(targets)}`, got none.\n{done.stderr[-2000:]}")
        return 1
    Path(sys.argv[1]).write_text(json.dumps(entries, indent=1) + "\n")
    print(f"{sys.argv[1]}: {len(entries)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
