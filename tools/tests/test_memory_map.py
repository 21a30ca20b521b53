"""`make memory-map`: what is drawn from outside is what the program claims to have."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from grading import memory_picture, page_walk
from grading.memory_view import Mapping, View
from tools import qemu

ROOT = Path(__file__).resolve().parent.parent.parent
LARGEST_BLOCK = 1024            # pages (mm::kMaxOrder)
CHAPTERS = 9                    # of user/bin/hog.c in a round


def memory_map(*words: str) -> str:
    done = subprocess.run(["make", "--no-print-directory", "SETUP=no", "memory-map", *words], cwd=ROOT, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=2400)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=sorted(qemu.PORTS))
def drawn(request, tmp_path_factory) -> tuple[str, str]:
    """What was printed for one round of the hog, and the picture."""
    if shutil.which(qemu.port(request.param).program) is None:
        pytest.skip(f"{qemu.port(request.param).program} is not installed")
    svg = tmp_path_factory.mktemp("map") / "map.svg"
    return memory_map(f"ARCH={request.param}", "ARGS=1", "PLAIN=1", "MEMORY=32M", f"SVG={svg}"), svg.read_text()


def chapters(text: str) -> list[str]:
    return re.split(r"^(?=hog: )", text, flags=re.M)[1:]


def mappings(chapter: str) -> list[tuple[int, int, str, int, int, str]]:
    lines = re.findall(r"^  (\w{12}) (\w{12}) ([rwxsp-]{4}) +(\d+) +(\d+) (\w+)", chapter, re.M)
    return [(int(begin, 16), int(end, 16), rights, int(pages), int(there), kind) for begin, end, rights, pages, there, kind in lines]


def test_each_chapter_shows_what_the_hog_claims(drawn):
    found = chapters(drawn[0])
    assert len(found) == CHAPTERS, drawn[0][-3000:]
    for chapter in found:
        claim = re.match(r"hog: .*; claims 0x(\w+) (\d+) (\d+)\n", chapter)
        if claim is None:
            continue
        begin, pages, there = int(claim[1], 16), int(claim[2]), int(claim[3])
        seen = next((one for one in mappings(chapter) if one[0] == begin), (begin, 0, "", pages, 0, ""))
        if seen[3] == pages:
            assert seen[4] == there, chapter
        else:       # a part of a mapping: whole signs of its bar tell enough
            assert seen[3] > pages and seen[4] >= there, chapter


def test_frames_add_up_and_come_back(drawn):
    counts = [{meaning: int(number) for number, meaning in re.findall(r"^  \S +(\d+) pages  (.*)$", chapter, re.M)}
              for chapter in chapters(drawn[0])]
    whole = {sum(count.values()) for count in counts}       # from the first block of the largest size that is not all kernel
    assert whole <= {32 * 256 - skipped * LARGEST_BLOCK for skipped in range(3)} and len(whole) == 1
    hogged = [count.get("other private mappings", 0) + count.get("its heap (brk)", 0) for count in counts]
    assert hogged[0] == 192 and max(hogged) > 1400 and hogged[-1] == 0
    for count, chapter in zip(counts, chapters(drawn[0])):
        there = sum(one[4] for one in mappings(chapter) if one[5] in ("heap", "mapping"))
        assert there == count.get("other private mappings", 0) + count.get("its heap (brk)", 0)


def test_rights_and_splits_are_seen(drawn):
    cut = mappings(chapters(drawn[0])[4])
    assert [(rights, pages) for _, _, rights, pages, _, kind in cut if kind == "mapping"] == [("rw-p", 1024), ("rw-p", 1024), ("r--p", 1024)]
    assert [one for one in mappings(chapters(drawn[0])[6]) if one[2:] == ("r--p", 4, 1, "shared")]
    before, after = ([one for one in mappings(chapters(drawn[0])[number]) if one[5] == "stack"][0] for number in (0, 7))
    assert after[0] < before[0] and after[1] == before[1]


def test_the_picture_is_whole_and_needs_nothing_from_elsewhere(drawn):
    tree = ElementTree.fromstring(drawn[1])
    assert tree.tag.endswith("svg") and tree.find("{http://www.w3.org/2000/svg}title").text == "Memory while /hog runs"
    assert not re.search(r"(href|src|url\()", drawn[1])


def test_a_row_s_picture_is_in_the_html_report(tmp_path):
    done = subprocess.run(["make", "--no-print-directory", "SETUP=no", "grade", "LAB=paging", "T=page_tables", "SEED=5",
                           f"HTML={tmp_path / 'report.html'}"], cwd=ROOT, capture_output=True, text=True, timeout=2400)
    page = (tmp_path / "report.html").read_text()
    assert done.returncode == 0 and "<svg xmlns" in page and "virtual memory of /" in page, done.stdout[-2000:]


# ---- drawing ------------------------------------------------------------------------------------------------
def view(frames: list[str]) -> View:
    return View("/p", 0, frames, [Mapping(0x1000, 0x1000 + 40 * page_walk.PAGE, "rw-p", "heap", frozenset({0, 1, 5}))])


def test_small_letters_say_that_a_part_is_free():
    assert memory_picture.sign_of(["heap", "heap"]) == ("H", "heap")
    assert memory_picture.sign_of(["heap", "free"]) == ("h", "heap")
    assert memory_picture.sign_of(["free"]) == (".", "free")


def test_a_bar_shows_which_parts_are_there():
    signs = "".join(sign for sign, _ in memory_picture.mapping_signs(view([]).mappings[0]))
    assert signs == "H.h" + "." * 17


def test_the_map_fits_a_terminal():
    lines = memory_picture.text(view(["free", "stack"] * 20_000))
    assert max(len(line) for line in lines) <= 80
    assert any("sssss" in line for line in lines)


def test_colour_changes_no_sign():
    from tools.memory_map import colour
    marked = view(["heap", "free"] * 100)
    plain = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(memory_picture.text(marked, colour)))
    assert plain == "\n".join(memory_picture.text(marked))
