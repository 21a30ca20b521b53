"""The rule on Linux's own headers: each is included by name, because what one brings by the way changes with the release."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from .code import includes, is_host_code
from .sources import Missing, Problem, Source, Tree, blank_comments

COMPILERS = ("riscv64-linux-gnu-g++", "x86_64-linux-gnu-g++")
FOLDERS = ("linux", "linux/sched", "asm", "asm-generic")
# Names of constants and structures; types like __u64 belong to every header.
DEFINED = re.compile(r"^[ \t]*#[ \t]*define[ \t]+([A-Z][A-Z0-9_]{3,})\b(?!\()|^[ \t]*([A-Z][A-Z0-9]*_[A-Z0-9_]+)[ \t]*(?:,|=|$)"
                     r"|^[ \t]*(?:typedef[ \t]+)?struct[ \t]+(\w{4,})[ \t]*\{", re.M)
OWN = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)|\b(?:struct|class|enum class|enum)[ \t]+(\w+)[^;()]*\{", re.M)
WORD = re.compile(r"\b[A-Za-z_]\w{3,}\b")
# These take names that glibc's own <elf.h> or a C library has: programs with a C library are no concern of this rule.
C_LIBRARY = re.compile(r"<(elf|stdio|unistd|fcntl|signal)\.h>")


def include_folder(compiler: str) -> Path:
    """Where this compiler finds <linux/types.h>."""
    if not shutil.which(compiler):
        raise Missing(f"{compiler} and its headers are missing: make setup")
    done = subprocess.run([compiler, "-xc++", "-E", "-include", "linux/types.h", "/dev/null"], capture_output=True, text=True, check=False)
    found = re.search(r'"(\S+)/linux/types\.h"', done.stdout)
    if not found:
        raise Missing(f"{compiler} has no <linux/types.h>")
    return Path(found[1])


def definers() -> dict[str, frozenset[str]]:
    """The stems of the headers that define each name."""
    found: dict[str, set[str]] = defaultdict(set)
    for top in map(include_folder, COMPILERS):
        for folder in FOLDERS:
            for path in (top / folder).glob("*.h"):
                for match in DEFINED.finditer(blank_comments(path.read_text(errors="replace"))):
                    found[match[1] or match[2] or match[3]].add(stem(f"{folder}/{path.name}"))
    return {name: frozenset(stems) for name, stems in found.items()}


def stem(header: str) -> str:
    """asm-generic/mman-common.h, asm/mman.h and linux/mman.h are one header in three parts."""
    return re.sub(r"^(linux|asm|asm-generic)/|(-common|-base|-defs|_64)?\.h$", "", header)


class Closures:
    """Which Linux headers the tree's own text names for a file: in it, or in a header of the tree that it includes."""

    def __init__(self, sources: list[Source]):
        self.sources = {source.path: source for source in sources}
        self.by_end: dict[str, list[str]] = defaultdict(list)
        for path in self.sources:
            parts = path.split("/")
            for first in range(1, len(parts)):
                self.by_end["/".join(parts[first:])].append(path)
        self.named = lru_cache(maxsize=None)(self._named)

    def _named(self, path: str) -> frozenset[str]:
        stems, seen, to_do = set(), set(), [path]
        while to_do:
            here = to_do.pop()
            if here in seen:
                continue
            seen.add(here)
            for _, sign, name in includes(self.sources[here]):
                if sign == "<":
                    stems.add(stem(name))
                else:
                    to_do += self.by_end[name][:1] if name not in ("door.h",) else []
        return frozenset(stems)


def is_host(source: Source) -> bool:
    """Programs for the build host have a C library, whose headers name things anew."""
    path = source.kernel_path()
    return "/host" in path or path.startswith("kernel/") and is_host_code(path)


def abi_headers_rule(tree: Tree) -> Iterator[Problem]:
    """A constant or structure of Linux comes from the header that defines it, included by name."""
    known = definers()
    for area in ("kernel/", "user/"):
        sources = [source for source in tree.under(area, suffixes=(".cc", ".h", ".c")) if not is_host(source)]
        closures = Closures(sources)
        own = {match[1] or match[2] for source in sources for match in OWN.finditer(source.code)}
        for source in sources:
            if C_LIBRARY.search(source.text) or source.path.startswith("user/bench/"):
                continue
            code = re.sub(r"^[ \t]*#.*$", "", source.code, flags=re.M)
            told = set()
            for match in WORD.finditer(code):
                name = match[0]
                stems = known.get(name)
                if stems and name not in own and name not in told and not stems & closures.named(source.path):
                    told.add(name)
                    yield Problem(source.path, code.count("\n", 0, match.start()) + 1,
                                  f"{name} is defined by <…/{min(stems)}.h>, which is not included by name")


RULES = [abi_headers_rule]
