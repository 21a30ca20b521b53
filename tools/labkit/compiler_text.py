"""The first error in what a compiler, an assembler or a linker said, whole: with where it came from and its marks."""

from __future__ import annotations

import re

# file:line:column: error: …, as GCC and clang say it; the linker names the object and the function, or only itself.
ERROR = re.compile(r"^\S.*?: (?:fatal )?error: |^\S*: (?:undefined reference|multiple definition)|^\S.*: undefined reference to |^\S*/?ld: |^\S+: Error: ")
NEXT = re.compile(r"^\S.*?:\d+:\d+: (?:fatal error|error|warning): |^\S*: In (?:\S+ )?(?:function|constructor|destructor|instantiation)|"
                  r"^make(?:\[\d+\])?: |^In file included from |^compilation terminated|^collect2: |^\S*/?ld: ")
LEADS = re.compile(r"^In file included from |^\s+from |^\S*: In |^\S*: At global scope|^\S.*:\d+:\d+:   (?:required|recursively)")
LONGEST = 40    # lines: a template's history may be longer


def first_error(text: str) -> str:
    """Empty if there is none."""
    lines = text.splitlines()
    at = next((number for number, line in enumerate(lines) if ERROR.match(line)), None)
    if at is None:
        return ""
    begin = at
    while begin > 0 and LEADS.match(lines[begin - 1]):
        begin -= 1
    end = at + 1
    while end < len(lines) and not NEXT.match(lines[end]):
        end += 1
    found = lines[begin:end]
    return "\n".join(found[:LONGEST] + (["…"] if len(found) > LONGEST else [])).rstrip()
