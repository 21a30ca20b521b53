"""The tree as lint sees it: its files, their text without comments, and where functions and rooms begin and end.

This is no C++ parser. It counts braces in text from which comments and strings were taken out, which is exact
enough for code that clang-format laid out, and it never has to build anything.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

CODE = (".cc", ".h", ".c", ".S")
ROOM_BEGIN = re.compile(r"^\s*(?://|#)\s*ROOM (\S+) begin\b(.*)$")
ROOM_END = re.compile(r"^\s*(?://|#)\s*ROOM (\S+) end\b")
# A brace behind such words opens a scope that is no function's.
NO_FUNCTION = re.compile(r"^(?:.*\b)?(?:namespace|class|struct|enum|union|extern)\b[^()]*$|=\s*$|\bconcept\b"
                         r"|^(?:template\s*<.*>\s*)?(?:class|struct|union|enum|namespace)\s+(?:\w+\s*\(|alignas)", re.S)


class Missing(Exception):
    """What a rule needs is not here: the rule is skipped, not passed."""


@dataclass(frozen=True)
class Problem:
    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Function:
    """A function with a body: lines count from 1, both ends belong to it."""
    name: str
    first: int
    last: int
    nesting: int

    @property
    def lines(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Room:
    """The lines strictly between two room markers."""
    id: str
    first: int
    last: int


class Source:
    """One text file of the tree."""

    def __init__(self, root: Path, path: str):
        self.root = root
        self.path = path

    @cached_property
    def text(self) -> str:
        return (self.root / self.path).read_text(encoding="utf-8", errors="replace")

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def suffix(self) -> str:
        return Path(self.path).suffix

    @property
    def is_cpp(self) -> bool:
        return self.suffix in (".cc", ".h", ".c")

    @cached_property
    def code(self) -> str:
        """The text with comments blanked and the insides of literals blanked: same length, same lines."""
        return blank_comments(self.text)

    @cached_property
    def functions(self) -> list[Function]:
        return find_functions(self.code) if self.is_cpp else []

    @cached_property
    def rooms(self) -> list[Room]:
        rooms, opened = [], {}
        for number, line in enumerate(self.lines, 1):
            if match := ROOM_BEGIN.match(line):
                opened[match[1]] = number
            elif (match := ROOM_END.match(line)) and match[1] in opened:
                rooms.append(Room(match[1], opened.pop(match[1]) + 1, number - 1))
        return rooms

    def line_of(self, position: int) -> int:
        return self.text.count("\n", 0, position) + 1

    def kernel_path(self) -> str:
        """Where the file stands in the kernel: what labs/NN-name/before*/ lends counts as if it lay in the tree."""
        match = re.match(r"labs/[^/]+/before[^/]*/(.*)", self.path)
        return match[1] if match else self.path


class Tree:
    """All files that belong to the project: what git tracks or would track, or simply all if there is no git."""

    def __init__(self, root: Path):
        self.root = root
        listed = None
        if (root / ".git").exists():
            done = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"],
                                  capture_output=True, check=False)
            if done.returncode == 0:
                listed = [name for name in done.stdout.decode().split("\0") if name]
        if listed is None:
            listed = [str(path.relative_to(root)) for path in root.rglob("*")
                      if path.is_file() and not str(path.relative_to(root)).startswith(("build/", ".git/"))]
        self.paths = sorted(path for path in set(listed) if (root / path).is_file())
        self.sources = {path: Source(root, path) for path in self.paths}

    def under(self, *folders: str, suffixes: tuple[str, ...] = CODE) -> list[Source]:
        """The sources below these folders, with these endings; labs/*/before*/ counts as below them too."""
        return [source for source in self.sources.values()
                if source.suffix in suffixes and source.kernel_path().startswith(folders)]

    def named(self, *suffixes: str) -> list[Source]:
        return [source for source in self.sources.values() if source.path.endswith(suffixes)]

    def has(self, path: str) -> bool:
        return path in self.sources

    @property
    def is_handout(self) -> bool:
        """Whether the cut made this tree: then labs, and what cites them, may be absent."""
        return self.has("labs/step.toml")


TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|R"(?P<d>[^(\s]*)\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'(?!\w)""", re.S)


def blank_comments(text: str) -> str:
    def blank(match: re.Match[str]) -> str:
        found = match[0]
        if found.startswith("'") and match.start() and text[match.start() - 1].isalnum():
            return found  # 200'000
        inside = "".join("\n" if c == "\n" else " " for c in found)
        if found[0] in "\"'":
            return found[0] + inside[1:-1] + found[0]
        return inside
    return TOKEN.sub(blank, text)


def without_preprocessor(code: str) -> str:
    """Directives blanked too: an #if with an #else may open one brace twice."""
    out, going_on = [], False
    for line in code.split("\n"):
        directive = going_on or line.lstrip().startswith("#")
        going_on = directive and line.endswith("\\")
        out.append(" " * len(line) if directive else line)
    return "\n".join(out)


def find_functions(code: str) -> list[Function]:
    functions: list[Function] = []
    scopes: list[str] = []  # what each open brace belongs to: "outer", "function" or "block"
    start, name, deepest = 0, "", 0
    code = without_preprocessor(code)
    begin = 0  # of the declaration or statement that is being read
    for match in re.finditer(r"[{};]", code):
        position, sign = match.start(), match[0]
        if sign == ";":
            if "function" not in scopes and not inside_parentheses(code[begin:position]):
                begin = position + 1
            continue
        if sign == "{":
            head = code[begin:position]
            if "function" in scopes:
                scopes.append("block")
                deepest = max(deepest, len(scopes) - scopes.index("function") - 1)
            elif head.count("(") != head.count(")"):
                scopes.append("braces")  # a braced default or a lambda within a declaration
            elif "(" in head and not NO_FUNCTION.search(head.strip()):
                if re.search(r"\)[^()]*:[^:].*[\w>]$", head.strip(), re.S) and not head.strip().endswith(")"):
                    scopes.append("braces")  # member{…} in a constructor's list of initializers
                    continue
                scopes.append("function")
                name, deepest = function_name(head), 0
                start = begin + len(head) - len(head.lstrip())
            else:
                scopes.append("outer")
                begin = position + 1
            continue
        closed = scopes.pop() if scopes else "outer"
        if closed == "function":
            first = code.count("\n", 0, start) + 1
            functions.append(Function(name, first, code.count("\n", 0, position) + 1, deepest))
        if closed in ("function", "outer"):
            begin = position + 1
    return functions


def inside_parentheses(text: str) -> bool:
    return text.count("(") > text.count(")")


def function_name(head: str) -> str:
    """`lib::Result<long> Files::find(Fd fd) const` gives `Files::find`; `TEST(Cpio, Names)` gives `TEST(Cpio, Names)`."""
    head = re.sub(r"\[\[.*?\]\]|\b__attribute__\s*\(\(.*?\)\)|\balignas\s*\(.*?\)", " ", head, flags=re.S)
    match = re.search(r"([~\w:]*operator\s*[^\s\w(]+|[~\w:]+)\s*\(", head)
    found = match[1] if match else "?"
    if found in ("SYSCALL", "TEST", "TEST_F"):
        arguments = re.search(r"\(\s*([\w:]+)(?:\s*,\s*(\w+))?", head)
        if arguments and found == "SYSCALL":
            return arguments[1]
        if arguments:
            return f"{found}({arguments[1]}, {arguments[2]})"
    return found
