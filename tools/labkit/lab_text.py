"""Text changes that a cut makes outside rooms: passages of an absent CPU, and rows that a hand-out does not show."""

from __future__ import annotations

import re
import tomllib

from .errors import LabError
from .model import ARCHES
from .tree import Step

PASSAGE = re.compile(r"^\s*(?://|#|;|<!--)\s*ARCH (?P<arch>\w+) (?P<edge>begin|end)\s*(?:-->)?\s*$")
HEADER = re.compile(r"^\[\[?(?P<name>[A-Za-z0-9_.\"-]+)\]\]?\s*(?:#.*)?$")


def drop_other_ports(text: str, arches: tuple[str, ...], path: str) -> str:
    """Takes out the passages between `// ARCH x86_64 begin` and `// ARCH x86_64 end` (or #, ;, <!-- -->)."""
    if "ARCH " not in text:
        return text
    out: list[str] = []
    inside = ""
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        mark = PASSAGE.match(line)
        if mark and mark["arch"] in ARCHES:
            if (mark["edge"] == "begin") == bool(inside) or (inside and mark["arch"] != inside):
                raise LabError("passages of a CPU are nested or unpaired", expected=f"ARCH {inside or mark['arch']} "
                               + ("end" if inside else "begin"), got=line.strip(), where=f"{path}:{number}")
            dropped = mark["arch"] not in arches
            inside = mark["arch"] if mark["edge"] == "begin" else ""
            if not dropped:
                out.append(line)
        elif not inside or inside in arches:
            out.append(line)
    if inside:
        raise LabError(f"a passage of {inside} has no end", expected=f"ARCH {inside} end", got="the end of the file",
                       where=path)
    return "".join(out)


def toml_blocks(text: str) -> list[tuple[str, str]]:
    """A TOML text in blocks (name of the table, its lines); comments right above a header go with it."""
    blocks: list[tuple[str, list[str]]] = [("", [])]
    quote = ""
    for line in text.splitlines(keepends=True):
        header = None if quote else HEADER.match(line.rstrip("\n"))
        if header and header["name"].split(".")[0] == blocks[-1][0] and "." in header["name"]:
            header = None
        if header:
            lead: list[str] = []
            while blocks[-1][1] and (not blocks[-1][1][-1].strip() or blocks[-1][1][-1].startswith("#")):
                lead.insert(0, blocks[-1][1].pop())
            blocks.append((header["name"].split(".")[0], lead))
        blocks[-1][1].append(line)
        for mark in re.findall(r"'''|\"\"\"", line):
            quote = "" if quote == mark else quote or mark
    return [(name, "".join(lines)) for name, lines in blocks]


def public_lab_toml(text: str, step: Step) -> str:
    """lab.toml as a step shows it: no hidden rows, nothing of a CPU that the step leaves out."""
    out = []
    for name, block in toml_blocks(text):
        if name == "rows":
            row = tomllib.loads(block)["rows"][0]
            hidden = row.get("visibility", "public") != "public" and not step.hidden_rows
            if hidden or not set(row.get("arch") or step.arches) & set(step.arches):
                continue
        if name == "rooms" and tomllib.loads(block)["rooms"][0].get("arch", "any") not in ("any", *step.arches):
            continue
        out.append(block)
    return "".join(out)
