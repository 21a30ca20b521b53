"""gdb's commands on memory, `pagetable` and `vmas`, and the printers of kernel/mm: one session with user/bin/hog.c."""

from __future__ import annotations

import re

import pytest
from test_gdb import ARCHES, make, script, sections

SCRIPT = """
tbreak hog_chapter
continue
=== heap
vmas
=== tables
pagetable
=== kernel
pagetable kernel
=== way
pagetable heap_begin
=== nowhere
pagetable 0
=== mapped
tbreak hog_chapter
continue
vmas
pagetable large
=== fault
break 'mm::AddressSpace::fault'
continue
print vmas_
print mm::frame_of(zero_frame())
vmas
=== file
delete
break hog_chapter
ignore $bpnum 4
continue
vmas
=== end
kill
"""


LEVELS = {"riscv64": 3, "x86_64": 4}


@pytest.fixture(scope="module", params=ARCHES)
def hog(request, tmp_path_factory) -> dict[str, str]:
    said = make("debug", f"ARCH={request.param}", "PROG=hog", "ARGS=1", "APPEND=tick=off", script(tmp_path_factory.mktemp("gdb"), SCRIPT))
    found = sections(said)
    assert "end" in found, said[-3000:]
    return found | {"arch": request.param}


def mappings(text: str) -> list[tuple[int, int, str, int, int, str]]:
    lines = re.findall(r"^0x(\w+)-0x(\w+) ([rwxsp-]{4}) +(\d+) of +(\d+) pages(.*)$", text, re.M)
    return [(int(begin, 16), int(end, 16), rights, int(there), int(pages), more.strip())
            for begin, end, rights, there, pages, more in lines]


def test_vmas_shows_the_program_s_mappings(hog):
    found = mappings(hog["heap"])
    assert [(rights, there, pages) for _, _, rights, there, pages, more in found if more == "kHeap"] == [("rw-p", 192, 192)]
    assert [rights for _, _, rights, _, _, more in found if more == "kGrowsDown"] == ["rw-p"]
    assert "r-xp" in [one[2] for one in found] and found == sorted(found)


def test_vmas_tells_what_is_mapped_from_what_is_there(hog):
    large = [one for one in mappings(hog["mapped"]) if one[4] == 4096]
    assert [(rights, there) for _, _, rights, there, _, _ in large] == [("rw-p", 0)]
    assert "is not mapped" in hog["mapped"]


def test_pagetable_walks_from_the_root_to_a_page(hog):
    levels = re.findall(r"^level (\d): table 0x\w+, entry +\d+: 0x\w{16}  (page|table)", hog["way"], re.M)
    assert levels == [(str(level), "table" if level else "page") for level in reversed(range(LEVELS[hog["arch"]]))]
    place = re.search(r"^(0x\w+) is physical (0x\w+), rw-u$", hog["way"], re.M)
    assert place and int(place[1], 16) == next(one[0] for one in mappings(hog["heap"]) if one[5] == "kHeap")


def test_pagetable_says_where_a_walk_ends(hog):
    assert "0x0 is not mapped" in hog["nowhere"]


def test_pagetable_counts_what_vmas_counts(hog):
    pages = re.search(r"^(\d+) pages; all in all \d+ tables", hog["tables"], re.M)
    assert int(pages[1]) == sum(there for _, _, _, there, _, _ in mappings(hog["heap"]))


def test_nothing_of_the_kernel_s_is_the_program_s(hog):
    rights = re.findall(r"^0x\w{16}-0x\w{16} ([rwxu-]{4}) ", hog["kernel"], re.M)
    assert "r-x-" in rights and "rw--" in rights and not any("u" in one for one in rights)
    assert "rwxu" not in re.findall(r"^0x\w{16}-0x\w{16} ([rwxu-]{4}) ", hog["tables"], re.M)


def test_printers_show_mappings_and_frames(hog):
    assert re.search(r"tree of \d+ = \{0x\w+-0x\w+ r--p, 0x\w+-0x\w+ r-xp, ", hog["fault"])
    assert "= used, block of 1, " in hog["fault"]


def test_vmas_works_in_the_middle_of_a_fault(hog):
    assert mappings(hog["fault"]) == mappings(hog["mapped"])


def test_vmas_names_the_file_of_a_mapping(hog):
    # The program's own segments name its file, too; what it mapped itself has four pages.
    found = [one for one in mappings(hog["file"]) if "/hog" in one[5] and one[4] == 4]
    assert [(rights, there) for _, _, rights, there, _, _ in found] == [("r--p", 1)]
    assert found[0][5].endswith("from its byte 0x0")
