"""Rules on the book and the other Markdown: links lead somewhere, and cited code exists.

The book cites code in two ways, and both are checked:
  `kernel/entry/user_loop.cc#run_user`         a path, and behind # a name that is defined in that file, or a room
  <!-- code: kernel/entry/user_loop.cc#run_user -->   an excerpt, put in when the book is built (docs/hooks.py)
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterator

from .sources import Missing, Problem, Source, Tree

TOP = ("kernel/", "user/", "tools/", "grading/", "labs/", "docs/", ".ci/", ".devcontainer/")
CITED = re.compile(r"`((?:" + "|".join(re.escape(folder) for folder in TOP) + r")[\w./+-]*)(?:#([\w.:~]+))?`")
EXCERPT = re.compile(r"<!--\s*code:\s*([\w./+-]+)(?:#([\w.:~]+))?\s*-->")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.M)


def without_fences(text: str) -> str:
    """Fenced blocks blanked, lines kept: what stands in them is an example."""
    return re.sub(r"^(```|~~~).*?^\1", lambda match: "\n" * match[0].count("\n"), text, flags=re.M | re.S)


def documents(tree: Tree) -> list[Source]:
    return [source for source in tree.named(".md") if not source.path.startswith("build/")]


def slug(heading: str) -> str:
    """The anchor that Markdown gives a heading."""
    plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", lambda match: match[1] or "", heading).strip().lower()
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", plain))


def defines(source: Source, name: str) -> bool:
    """Whether this file defines, declares or marks `name`; comments do not count."""
    if any(room.id == name for room in source.rooms):
        return True
    if source.path.endswith(".md"):
        return name in {slug(heading) for heading in HEADING.findall(source.text)}
    last = name.split("::")[-1]
    text = source.code if source.is_cpp else source.text
    return re.search(rf"(?<![\w~]){re.escape(last)}(?!\w)", text) is not None


def citation_problem(tree: Tree, path: str, name: str | None) -> str:
    if path.endswith("/"):
        return "" if any(other.startswith(path) for other in tree.paths) else f"there is no folder {path}"
    if not tree.has(path):
        if any(other.startswith(path + "/") for other in tree.paths):
            return ""
        return f"there is no file {path}"
    if name and not defines(tree.sources[path], name):
        return f"{path} does not define {name}"
    return ""


def citations_rule(tree: Tree) -> Iterator[Problem]:
    """Code that the documents cite exists: the file, and the name in it."""
    if tree.is_handout:
        raise Missing("this is a hand-out: it holds a part of what the book cites")
    for source in documents(tree):
        text = without_fences(source.text)
        for pattern in (CITED, EXCERPT):
            for match in pattern.finditer(text):
                # NN-name stands for any lab; answers.md is for students to write.
                ours = "NN-" not in match[1] and not match[1].endswith("/answers.md")
                problem = citation_problem(tree, match[1], match[2]) if ours else ""
                if problem:
                    yield Problem(source.path, text.count("\n", 0, match.start()) + 1, f"cites code that is not there: {problem}")


def make_targets(tree: Tree) -> set[str]:
    """Every goal that a makefile of this tree defines, in whatever kind of tree."""
    found = {"clean"}
    for source in tree.named(".mk", ".inc", ".make", "Makefile"):
        if source.path.startswith("tools/toy/"):
            continue
        for names in re.findall(r"^([\w.][\w. -]*):(?!=)", source.text, re.M):
            found |= set(names.split())
    return found


def commands_rule(tree: Tree) -> Iterator[Problem]:
    """The commands that the documents tell a reader to type exist: goals of make, and the tools."""
    if tree.is_handout:
        raise Missing("this is a hand-out: the book also tells what instructors type")
    targets = make_targets(tree)
    for source in documents(tree):
        if source.path.startswith("tools/toy/"):
            continue
        for number, line in enumerate(source.lines, 1):
            typed = re.findall(r"`([^`]+)`", line) + ([line] if re.match(r"(make|tools/)\b", line) else [])
            for words in typed:
                goal = re.match(r"make((?:\s+[A-Z_]+=\S+)*)\s+([a-z][\w.-]*)", words)
                if goal and goal[2] not in targets:
                    yield Problem(source.path, number, f"says `make {goal[2]}`, and no makefile has such a goal")
                tool = re.match(r"(tools/[\w./-]+)\s", words)
                if tool and not tree.has(tool[1]):
                    yield Problem(source.path, number, f"says to run {tool[1]}, which is not there")


def links_rule(tree: Tree) -> Iterator[Problem]:
    """Links between documents lead somewhere."""
    for source in documents(tree):
        text = without_fences(source.text)
        for match in LINK.finditer(re.sub(r"`[^`\n]*`", lambda found: " " * len(found[0]), text)):
            line = text.count("\n", 0, match.start()) + 1
            target, _, anchor = match[3].partition("#")
            if re.match(r"[a-z]+:", match[3]):
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), target)) if target else source.path
            if target.endswith((".svg", ".png")):
                # Pictures are made from their sources when the book is built.
                made_from = path.replace(".svg", ".dot")
                if not tree.has(path) and not tree.has(made_from):
                    yield Problem(source.path, line, f"shows {target}, and there is neither that nor {made_from}")
            elif not tree.has(path) and not any(other.startswith(path.rstrip("/") + "/") for other in tree.paths):
                yield Problem(source.path, line, f"links to {target}, which is not there")
            elif anchor and tree.has(path) and not defines(tree.sources[path], anchor):
                yield Problem(source.path, line, f"links to the heading #{anchor} of {path}, which is not there")


def pictures_rule(tree: Tree) -> Iterator[Problem]:
    """Every picture has a text for those who do not see it, and every source of a picture is shown."""
    shown = ""
    for source in documents(tree):
        text = without_fences(source.text)
        shown += text
        for match in LINK.finditer(text):
            if match[1] and len(match[2].split()) < 3:
                yield Problem(source.path, text.count("\n", 0, match.start()) + 1, f"picture {match[3]} needs a sentence as its text: ![sentence](…)")
    for path in tree.paths:
        if path.startswith("docs/pictures/") and path.endswith(".dot"):
            if path.split("/")[-1].replace(".dot", ".svg") not in shown:
                yield Problem(path, 1, "no page shows this picture")


def excerpt(source: Source, name: str | None) -> list[str]:
    """The lines of a function with the comment above it, of a room, of a struct, or of the whole file."""
    if not name:
        return source.lines
    for room in source.rooms:
        if room.id == name:
            return source.lines[room.first - 1:room.last]
    for function in source.functions:
        if function.name == name or function.name.split("::")[-1] == name:
            return source.lines[comment_above(source, function.first) - 1:function.last]
    for number, line in enumerate(source.lines, 1):
        if re.search(rf"\b(?:struct|class|enum class|enum|concept|def|#define)\s+(?:\[\[\w+\]\]\s*)?{re.escape(name)}\b", line):
            indent = len(line) - len(line.lstrip())
            last = number
            while last < len(source.lines) and not re.match(rf"\s{{0,{indent}}}[}})\S]", source.lines[last]):
                last += 1
            closing = source.lines[last] if last < len(source.lines) else ""
            return source.lines[comment_above(source, number) - 1:last + (closing.strip().startswith("}"))]
    for number, line in enumerate(source.lines, 1):
        if re.search(rf"\b{re.escape(name)}\b", source.code.split("\n")[number - 1] if source.is_cpp else line):
            last = number
            while last < len(source.lines) and source.lines[last].strip() and not source.lines[last - 1].rstrip().endswith(";"):
                last += 1
            return source.lines[comment_above(source, number) - 1:last]
    return []


def comment_above(source: Source, line: int) -> int:
    while line > 1 and source.lines[line - 2].lstrip().startswith("//") and "ROOM" not in source.lines[line - 2]:
        line -= 1
    return line


def reading_rule(tree: Tree) -> Iterator[Problem]:
    """What lab.toml gives a student to read exists."""
    if tree.is_handout:
        raise Missing("this is a hand-out: it holds a part of what the labs cite")
    for source in tree.named("/lab.toml"):
        if not source.path.startswith("labs/"):
            continue
        for room in tomllib.loads(source.text).get("rooms", []):
            for entry in room.get("read", []):
                match = re.match(r"((?:" + "|".join(TOP) + r")[\w./+-]+)(?:#([\w.:~]+))?", entry)
                problem = citation_problem(tree, match[1], match[2]) if match else ""
                if problem:
                    line = source.text[:source.text.index(entry)].count("\n") + 1
                    yield Problem(source.path, line, f"room {room.get('id')} gives to read what is not there: {problem}")


RULES = [citations_rule, reading_rule, commands_rule, links_rule, pictures_rule]
