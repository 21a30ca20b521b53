"""Which files of a submission a graft may lay into a tree, by their names and by what they would stand before.

A name reaches make, shells and compilers, so it holds plain letters only; a kind of file that one of them (or git, or
pytest) reads as configuration is none of these kinds. A new file must not be found, linked or included in the place of
a pristine one.
"""

from __future__ import annotations

import posixpath
import re

from .manifest import File

SOURCE_SUFFIXES = (".cc", ".h", ".S", ".inc")
STUDENT_SUFFIXES = (*SOURCE_SUFFIXES, ".c", ".md", ".txt")
COMPILED = (".cc", ".S", ".c")
LARGEST_FILE = 1 << 20
MOST_NEW_FILES = 200
LONGEST_PATH = 200

PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?")
INCLUDE = re.compile(r'^\s*#\s*include(?:_next)?\s*(["<])([^">\n]+)[">]', re.MULTILINE)
# Where the compiler looks: kernel/build.mk, user/build.mk, grading/host.py. A port's own folder is one of them, too.
INCLUDE_ROOTS = ("", "kernel", "user/lib")
PORTS = ("kernel/arch", "user/arch")


def shown(path: str) -> str:
    """A name as it may be printed."""
    return "".join(c if c.isprintable() and c.isascii() else "?" for c in path)


def name_problem(path: str) -> str:
    """What is wrong with the name of a submitted file; nothing if it may be taken."""
    if len(path) > LONGEST_PATH:
        return f"its path has more than {LONGEST_PATH} characters"
    if not all(PLAIN.fullmatch(part) for part in path.split("/")):
        return "its name may hold A-Z a-z 0-9 _ . - and /, and no part of it begins or ends with . or -"
    if not path.endswith(STUDENT_SUFFIXES):
        return f"it is none of {' '.join(STUDENT_SUFFIXES)}"
    return ""


class Places:
    """What a pristine tree finds by its names: asked whether a new file would come before something of it."""

    def __init__(self, pristine: dict[str, File]):
        self._objects = {posixpath.splitext(path)[0]: path for path in pristine if path.endswith(COMPILED)}
        self._roots = {*INCLUDE_ROOTS, *(posixpath.dirname(path) for path in pristine
                                         if posixpath.dirname(posixpath.dirname(path)) in PORTS)}
        self._wanted: dict[str, str] = {}       # where an #include of the tree is looked for -> who includes it
        for path, file in pristine.items():
            if path.endswith((*COMPILED, ".h", ".inc")):
                self._note_includes(path, file.data.decode(errors="replace"))

    def _note_includes(self, path: str, text: str) -> None:
        for quote, name in INCLUDE.findall(text):
            for folder in [*([posixpath.dirname(path)] if quote == '"' else []), *self._roots]:
                self._wanted.setdefault(posixpath.normpath(posixpath.join(folder, name)), path)

    def problem(self, path: str) -> str:
        """In whose place a new file would be found; nothing if in nobody's."""
        stem = posixpath.splitext(path)[0]
        if path.endswith(COMPILED) and stem in self._objects:
            return f"it would be built in the place of {self._objects[stem]}"
        if path.endswith(COMPILED):
            return ""
        if path in self._wanted:
            return f"it would be included by {self._wanted[path]}"
        if posixpath.dirname(path) in self._roots:
            return "headers of one's own lie in no folder in which the compiler looks for everybody's"
        return ""
