"""tools/testall.py counts what runners print, and takes silence for failure."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import testall  # noqa: E402
from testall import (GROUPS, Counts, content, counts_in_junit, counts_in_text, counts_so_far, fallen, green_before,  # noqa: E402
                     judge, note_green)


@pytest.mark.parametrize("text,expected", [
    ("3 passed, 1 failed, 2 skipped\n", (3, 1, 2)),
    ("compile-fail: 5 passed, 0 failed\n", (5, 0, 0)),
    ("2 passed, 0 failed, 0 skipped\n4 passed, 0 failed, 1 skipped\n", (6, 0, 1)),
    ("===== 12 passed, 1 failed, 2 skipped, 1 warning in 3.20s =====\n", (12, 1, 2)),
    ("12 passed in 0.10s\n", (12, 0, 0)),
    ("1 failed, 2 errors in 0.10s\n", (0, 3, 0)),
    ("[  PASSED  ] 45 tests.\n[  FAILED  ] 2 tests, listed below:\n", (45, 2, 0)),
    ("\x1b[32m12 passed\x1b[0m in 0.10s\n", (12, 0, 0)),
])
def test_counts_what_runners_print(text: str, expected: tuple[int, int, int]) -> None:
    assert counts_in_text(text) == Counts(*expected)


def test_counts_nothing_in_silence() -> None:
    assert counts_in_text("all is well, I think\n") is None


def test_keeps_what_was_counted_before_a_group_was_ended() -> None:
    proofs = "ok     12.3 s  1/300    ladder   start riscv64  a\nFAIL    2.0 s  2/300    wrong    start riscv64  b\n      expected: x\n"
    assert counts_so_far(proofs + "SKIP    0.0 s  3/300    hour     start riscv64  c: no git\n") == Counts(1, 1, 1)
    assert counts_so_far("..F.s                    [ 12%]\n...\n") == Counts(6, 1, 1)
    assert counts_so_far("building\n") is None


def test_counts_junit(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text('<testsuites><testsuite><testcase name="a"/><testcase name="b"><failure/></testcase>'
                                    '<testcase name="c"><skipped/></testcase><testcase name="d"><error/></testcase></testsuite></testsuites>')
    (tmp_path / "other.xml").write_text("<html/>")
    (tmp_path / "broken.xml").write_text("<testsuite>")
    assert counts_in_junit(tmp_path) == Counts(1, 2, 1)


@pytest.mark.parametrize("counts,status,late,failed", [
    (Counts(3), 0, "", 0),
    (None, 0, "", 1),            # silence is no success
    (Counts(3), 1, "", 1),       # it says all passed, and ends badly
    (Counts(3, 2), 1, "", 2),
    (Counts(3), 0, "ended after 2 minutes", 1),
    (Counts(skipped=1), 0, "", 0),
])
def test_judges_a_group(counts: Counts | None, status: int, late: str, failed: int) -> None:
    assert judge(counts, status, late)[0].failed == failed


def test_every_group_has_a_name_of_its_own() -> None:
    assert len({group.name for group in GROUPS}) == len({group.target for group in GROUPS}) == len(GROUPS)


def test_what_was_green_counts_on_the_same_content(tmp_path, monkeypatch):
    monkeypatch.setattr(testall, "LOGS", tmp_path)
    group = GROUPS[0]
    note_green(group, "content", Counts(7, 0, 1))
    assert green_before(group, "content") == Counts(7, 0, 1)
    assert green_before(group, "other content") is None and green_before(group, "") is None
    note_green(group, "content", Counts(0, 0, 1))
    assert green_before(group, "content") is None
    note_green(group, "content", Counts(7, 1, 0))
    assert green_before(group, "content") is None


def test_content_is_that_of_the_files():
    assert len(content()) == 64 and content() == content()


def test_what_failed_is_named_at_the_end(tmp_path):
    log = tmp_path / "group.log"
    log.write_text("ok    adds\nFAIL  subtracts\n      expected 3\n      got 4\nok    divides\n"
                   "    FAILED tools/tests/test_x.py::test_y - it\n" + "FAIL  more\n" * 50)
    told = fallen(log)
    assert told[:4] == ["FAIL  subtracts", "      expected 3", "      got 4", "    FAILED tools/tests/test_x.py::test_y - it"]
    assert len(told) == 41 and told[-1] == "… and 14 lines more"
