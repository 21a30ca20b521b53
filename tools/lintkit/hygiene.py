"""Rules that need another program (clang-format, shellcheck, the lab tool), and rules on plain text."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

from .sources import Missing, Problem, Source, Tree


def plain_text_rule(tree: Tree) -> Iterator[Problem]:
    """Text files have LF line ends, no blanks at line ends, and a newline at the end."""
    for source in tree.sources.values():
        data = (tree.root / source.path).read_bytes()
        if b"\0" in data[:8000]:
            continue
        if b"\r\n" in data:
            yield Problem(source.path, data[:data.index(b"\r\n")].count(b"\n") + 1, "has CR LF line ends: LF only (make doctor says how to mend it)")
            continue
        if data and not data.endswith(b"\n"):
            yield Problem(source.path, len(source.lines), "lacks the newline at its end")
        for number, line in enumerate(source.lines, 1):
            if line != line.rstrip():
                yield Problem(source.path, number, "has blanks at the end of the line")
                break


def spelling_of_paths_rule(tree: Tree) -> Iterator[Problem]:
    """File names are plain: no spaces, no capitals in code."""
    for path in tree.paths:
        if re.search(r"[^\w./+@-]", path):
            yield Problem(path, 1, "has a character in its name that make or a shell splits at")


def formatted_sources(tree: Tree) -> list[Source]:
    """What clang-format lays out: all C++; not headers that assembly alone can read, nor what students write."""
    return [source for source in tree.under("kernel/", "user/", suffixes=(".cc", ".h", ".c"))
            if not re.search(r"^\s*\.(macro|globl)\b", source.text, re.M) and not (tree.is_handout and source.rooms)]


LAYS_OUT = 14    # clang-format's version: each lays some lines out in another way


def clang_format_version(said: str) -> int:
    found = re.search(r"version (\d+)", said)
    return int(found[1]) if found else 0


def clang_format(tree: Tree, *options: str) -> subprocess.CompletedProcess[str]:
    if not shutil.which("clang-format"):
        raise Missing("clang-format is missing: make setup")
    version = clang_format_version(subprocess.run(["clang-format", "--version"], capture_output=True, text=True, check=False).stdout)
    if version != LAYS_OUT:
        raise Missing(f"this clang-format is version {version}, and the tree is laid out by version {LAYS_OUT}")
    files = [source.path for source in formatted_sources(tree)]
    if not files:
        return subprocess.CompletedProcess([], 0, "", "")
    return subprocess.run(["clang-format", "--style=file", *options, *files], cwd=tree.root, capture_output=True, text=True, check=False)


def format_rule(tree: Tree) -> Iterator[Problem]:
    """C++ is laid out as clang-format does it (`make format`)."""
    if not tree.has(".clang-format"):
        return
    seen = set()
    for match in re.finditer(r"^(\S+?):(\d+):\d+: (?:warning|error): (.*)", clang_format(tree, "--dry-run").stderr, re.M):
        if match[1] not in seen:  # one line a file is enough
            seen.add(match[1])
            yield Problem(match[1], int(match[2]), "is not laid out as clang-format does it: make format")


def shell_scripts(tree: Tree) -> list[str]:
    return [source.path for source in tree.sources.values()
            if source.path.endswith((".sh", ".bash")) or (source.suffix == "" and re.match(r"#!.*\b(ba)?sh\b", source.text[:80]))]


def shell_rule(tree: Tree) -> Iterator[Problem]:
    """Shell scripts pass shellcheck."""
    if not shutil.which("shellcheck"):
        raise Missing("shellcheck is missing: make setup")
    scripts = shell_scripts(tree)
    if not scripts:
        return
    done = subprocess.run(["shellcheck", "-x", "-f", "gcc", *scripts], cwd=tree.root, capture_output=True, text=True, check=False)
    for match in re.finditer(r"^(\S+?):(\d+):\d+: (.*)", done.stdout, re.M):
        yield Problem(match[1], int(match[2]), match[3])


def python_rule(tree: Tree) -> Iterator[Problem]:
    """Python files parse, open by saying what they are, and import nothing for nothing."""
    for source in tree.named(".py"):
        try:
            parsed = ast.parse(source.text)
        except SyntaxError as error:
            yield Problem(source.path, error.lineno or 1, f"does not parse: {error.msg}")
            continue
        if source.text.strip() and not ast.get_docstring(parsed):
            yield Problem(source.path, 1, "does not open by saying what it is (a docstring)")
        if source.path.endswith("__init__.py"):
            continue
        for node in parsed.body:
            if not isinstance(node, (ast.Import, ast.ImportFrom)) or getattr(node, "module", "") == "__future__":
                continue
            for name in node.names:
                used = (name.asname or name.name).split(".")[0]
                if used != "*" and len(re.findall(rf"\b{re.escape(used)}\b", source.text)) < 2:
                    yield Problem(source.path, node.lineno, f"imports {used} and does not use it")


def makefile_rule(tree: Tree) -> Iterator[Problem]:
    """Every makefile says what it is, and no recipe calls plain `make`."""
    for source in tree.named(".mk", ".inc", "Makefile"):
        if not source.lines or not source.lines[0].startswith("# "):
            yield Problem(source.path, 1, "does not open by saying what it is (a comment in the first line)")
        for number, line in enumerate(source.lines, 1):
            if re.match(r"\t[-@+]*make\s", line):
                yield Problem(source.path, number, "calls plain make: write $(MAKE), or let the target depend on the other")


def owners_rule(tree: Tree) -> Iterator[Problem]:
    """Every file belongs to exactly one lab or to the base, and the labs' own files are sound."""
    if not tree.has("tools/labkit/validate.py") or not tree.has("labs/base.toml"):
        raise Missing("only the one source tree has owners")
    command = ["tools/labs.py", "check", "--only", "partition"]
    done = subprocess.run([sys.executable, *command], cwd=tree.root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip().splitlines()
        more = f"\n    … and {len(said) - 12} lines more" if len(said) > 12 else ""
        yield Problem("labs/", 1, f"`{' '.join(command)}` complains:\n    " + "\n    ".join(said[:12]) + more)


RULES = [plain_text_rule, spelling_of_paths_rule, format_rule, shell_rule, python_rule, makefile_rule, owners_rule]
