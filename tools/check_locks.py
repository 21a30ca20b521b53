#!/usr/bin/env python3
"""clang's thread-safety analysis over the kernel (`make check-locks`): GUARDED_BY, REQUIRES and the like hold.

g++ builds the kernel and ignores these annotations; clang reads the same files with the same flags, as far as it
knows them, and only checks. Every annotation that is broken is an error with file and line.
Reads compile_commands.json, so that make stays the one place that knows the flags.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRIPLES = {"riscv64": "riscv64-linux-gnu", "x86_64": "x86_64-linux-gnu"}
# Flags that mean the same to both compilers; the others (code generation) do not matter to an analysis.
KEPT = re.compile(r"-(I|D|U|isystem|include|std=|march=|mabi=|ffreestanding|fno-exceptions|fno-rtti|nostdinc)")
# What g++ accepts, clang 14 may not know: extensions of the CPU that it calls by another name.
MARCH = {"rv64imac_zicsr_zifencei": "rv64imac", "rv64imafdc_zicsr_zifencei": "rv64imafdc"}


def clang_arguments(arguments: list[str], triple: str, headers: list[str]) -> list[str]:
    """The clang command for a g++ command."""
    kept = []
    takes_next = False
    for word in arguments[1:]:
        if takes_next or KEPT.match(word):
            takes_next = word in ("-I", "-D", "-U", "-isystem", "-include")
            name, _, value = word.partition("=")
            kept.append(f"{name}={MARCH[value]}" if value in MARCH else word)
    return ["clang++", "-fsyntax-only", f"--target={triple}", *kept, *[f"-isystem{path}" for path in headers],
            "-Wno-everything", "-Wthread-safety", "-Werror"]


def system_headers(compiler: str) -> list[str]:
    """Where the cross compiler has its headers: clang must be told. Its own built-in headers (stdarg.h) stay clang's."""
    done = subprocess.run([compiler, "-E", "-x", "c++", "-v", "/dev/null"], capture_output=True, text=True, check=True)
    listed = done.stderr.split("#include <...> search starts here:")[1].split("End of search list")[0].split()
    return [path for path in listed if not re.search(r"/lib/gcc(-cross)?/[^/]+/\d+/include(-fixed)?$", path)]


def main() -> int:
    arch, compiler, table = sys.argv[1:4]
    entries = [entry for entry in json.loads(Path(table).read_text())
               if re.match(r"(kernel|labs/[^/]+/before[^/]*/kernel)/.*\.cc$", entry["file"]) and "/host" not in entry["output"]]
    entries = list({entry["file"]: entry for entry in entries}.values())
    headers = system_headers(compiler)
    passed = failed = 0
    for entry in entries:
        command = [*clang_arguments(entry["arguments"], TRIPLES[arch], headers), entry["file"]]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            passed += 1
            continue
        failed += 1
        print(done.stderr, end="")
        print(f"  to see it again: {' '.join(command)}")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
