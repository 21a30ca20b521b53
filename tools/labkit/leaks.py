"""Proof 7: nothing of an open room's reference text stands in any file of a hand-out, comments and docs included.

Texts are compared as runs of tokens, so that spacing does not hide a copy. A run counts from TOKENS tokens on,
if it holds at least WORDS different words that are no keywords: two short lines of code have that, while an idiom
(`for (size_t i = 0; i < count; ++i) {`: 3 words) does not. A passage that must stand in the open is listed
in the lab's proof.toml, with its reason: leak_ok."room" = ["passage", …].
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .bench import Bench
from .cut import Rendered, render
from .errors import LabError
from .manifest import MANIFEST, File
from .model import Course, Room, load_proof
from .proofs import Job, Proofs
from .tree import Step, is_private, matches

TOKENS = 16
WORDS = 4
TOKEN = re.compile(r"[A-Za-z_]\w*|\d\w*|[^\w\s]")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
KEYWORDS = frozenset("""alignas alignof asm auto bool break case char class const constexpr continue decltype default delete
do else enum explicit extern false final for friend goto if inline int long namespace new noexcept nullptr operator override
private protected public return short signed sizeof static static_assert static_cast reinterpret_cast const_cast struct switch
template this true typedef typename union unsigned using virtual void volatile while size_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t uintptr_t""".split())


@dataclass
class Token:
    text: str
    line: int


def tokens(text: str) -> list[Token]:
    out = []
    for number, line in enumerate(text.splitlines(), 1):
        out += [Token(found, number) for found in TOKEN.findall(line)]
    return out


def runs(text: str) -> set[tuple[str, ...]]:
    """The runs of TOKENS tokens with enough words in them to be no idiom."""
    words = [token.text for token in tokens(text)]
    out = set()
    for at in range(len(words) - TOKENS + 1):
        run = tuple(words[at:at + TOKENS])
        if len({kind for word in run if (kind := kind_of_word(word))}) >= WORDS:
            out.add(run)
    return out


def kind_of_word(word: str) -> str:
    """A word without its digits, so that a list of numbers or registers (s0, s1, s2…) counts as one; else nothing."""
    if word in KEYWORDS or not (word[0].isalnum() or word[0] == "_"):
        return ""
    return re.sub(r"\d+", "#", word)


def secret_runs(proofs: Proofs, rooms: list[Room]) -> dict[tuple[str, ...], str]:
    """Each run that only the reference holds, and the room that it belongs to."""
    secret: dict[tuple[str, ...], str] = {}
    for room in rooms:
        allowed = runs(COMMENT.sub(" ", room.starter)) | runs(room.starter)
        for passage in load_proof(proofs.course.lab(room.lab)).leak_ok.get(room.id, []):
            allowed |= runs(passage)
        for run in runs(COMMENT.sub(" ", proofs.reference(room))) - allowed:
            secret[run] = room.id
    return secret


def find_leaks(secret: dict[tuple[str, ...], str], files: dict[str, File]) -> list[LabError]:
    """The first place of each room's text in each file."""
    errors = []
    for path, file in sorted(files.items()):
        if path == MANIFEST:
            continue
        try:
            here = tokens(file.data.decode())
        except UnicodeDecodeError:
            continue
        words = [token.text for token in here]
        told = set()
        for at in range(len(words) - TOKENS + 1):
            room = secret.get(tuple(words[at:at + TOKENS]))
            if room and room not in told:
                told.add(room)
                errors.append(LabError(f"the reference of room {room} stands in {path}",
                                       expected="no passage of an open room in a hand-out",
                                       got=" ".join(words[at:at + TOKENS]), where=f"{path}:{here[at].line}",
                                       run="change the passage, or list it with its reason: leak_ok in proof.toml"))
    return errors


def open_rooms(proofs: Proofs, kind: str) -> list[Room]:
    """The rooms whose text must not be read in this kind of hand-out: its open ones, and those of later labs."""
    course = proofs.course
    return [room for lab in course.complete for room in lab.rooms
            if kind == "carry" or course.home(room) >= proofs.lab.number]


def foreign_files(course: Course, proofs: Proofs, rendered: Rendered) -> list[LabError]:
    """Files that no hand-out may hold, and hidden rows that are spoken of."""
    files = rendered.files
    sources = {path for path, source in rendered.sources.items() if source is not None}
    errors = []
    later = {lab.folder_name for lab in course.labs if lab.id not in proofs.labs}
    for path, file in files.items():
        parts = path.split("/")
        if path in sources and is_private(course, path) or (parts[0] == "labs" and parts[1] in later):
            errors.append(LabError(f"{path} is in a hand-out", expected="no private file and no later lab", got=path,
                                   where="labs/base.toml", run="tools/labs.py check --only leaks"))
    return errors + hidden_rows_told(course, files)


def hidden_rows_told(course: Course, files: dict[str, File]) -> list[LabError]:
    """Hidden rows of which a hand-out holds the name, the sentence or the program."""
    errors = []
    hidden = [row for lab in course.complete for row in lab.rows if row.visibility != "public"]
    programs = course.hidden_programs()
    for path, file in files.items() if hidden else ():
        text = file.data.decode(errors="replace")
        words, flat = set(re.findall(r"\w+", text)), " ".join(text.split())
        for row in hidden:
            # A name of one word may be an ordinary word; where rows are told and run it is a name all the same.
            named = f"test_{row.id}" in words or row.id in words and ("_" in row.id or path.endswith("/lab.toml"))
            for what, told in (("is named", named), ("has its sentence", " ".join(row.spec.split()) in flat),
                               ("has its program", matches(path, programs))):
                if told:
                    errors.append(LabError(f"the hidden row {row.id} {what} in {path}", expected="nothing of a hidden row in "
                                           "a hand-out", got=row.id, where=path, run="tools/labs.py check --only leaks"))
    return errors


def leaks(proofs: Proofs, kind: str) -> Job:
    def work(_bench: Bench) -> list[LabError]:
        rendered = render(proofs.course, Step(kind, proofs.labs, "both"), owner_of=proofs.owner_of)
        secret = secret_runs(proofs, open_rooms(proofs, kind))
        return find_leaks(secret, rendered.files) + foreign_files(proofs.course, proofs, rendered)
    return proofs.job("leaks", f"nothing of the reference in the {kind} tree", work)
