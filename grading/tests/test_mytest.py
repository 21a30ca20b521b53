"""A student's own test is scored by the wrong kernels that it catches, and told in full what is wrong with itself."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from grading import host, report
from grading.verdicts import Failed

ROOT = Path(__file__).resolve().parents[2]


def test_a_program_that_does_not_look_catches_nothing() -> None:
    """The mistakes of lab start show in no user program; a kernel that runs none would be caught wrongly."""
    done = subprocess.run(["make", "-s", "-C", str(ROOT), "mytest", "F=user/tests/mine/example.cc", "LAB=start",
                           "SETUP=no"], capture_output=True, text=True, timeout=2400)
    assert "on this kernel:  PASS" in done.stdout, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "MYTEST example start caught 0 of 4 wrong kernels"


NO_CHECK = '#include "cairn/check.h"\nTEST("Nothing is looked at.") {}\n'
NO_COMPILE = '#include "cairn/check.h"\nTEST("Words are missing.") {\n    CHECK(first_word, 1);\n    CHECK(second_word, 1);\n}\n'


@pytest.fixture
def mytest(tmp_path: Path):
    """Tries a program of these lines, up to where it is built; no kernel is needed."""
    name = f"mytest_of_{os.getpid()}"

    def run(text: str) -> tuple[int, str]:
        (tmp_path / f"{name}.cc").write_text(text)
        done = subprocess.run([sys.executable, "-B", "-m", "grading.mytest", tmp_path / f"{name}.cc"], cwd=ROOT, capture_output=True,
                              text=True, timeout=2400, check=False)
        return done.returncode, done.stdout + done.stderr
    yield run
    for left in [ROOT / f"user/tests/mine/{name}.cc", *ROOT.glob(f"build/*/user/tests/mine/{name}.*")]:
        left.unlink(missing_ok=True)


def test_a_program_without_a_check_is_told_so(mytest) -> None:
    status, said = mytest(NO_CHECK)
    assert status == 1
    assert "holds no CHECK: it looks at nothing" in said and "next:     see user/tests/mine/example.cc" in said


def test_the_first_error_of_a_program_is_shown_whole(mytest) -> None:
    status, said = mytest(NO_COMPILE)
    assert status == 1
    assert "error: ‘first_word’ was not declared" in said or "error: 'first_word' was not declared" in said
    assert "CHECK(first_word, 1);" in said and "^~" in said and "second_word" not in said


def test_the_first_error_of_a_host_row_is_shown_whole(tmp_path: Path) -> None:
    (tmp_path / "row.cc").write_text("int f() { return first_word; }\nint g() { return second_word; }\n")
    bench = SimpleNamespace(settings=SimpleNamespace(graded=tmp_path, root=tmp_path), scratch=tmp_path)
    with pytest.raises(Failed) as failed:
        host.link_step(bench, "row", ["g++", "-c", "-o", str(tmp_path / "row.o"), str(tmp_path / "row.cc")])
    assert failed.value.got.startswith("row.cc: In function") and "^~" in failed.value.got
    assert str(tmp_path) not in failed.value.got and "second_word" not in failed.value.got
    lines = report.wrapped("got", failed.value.got)
    assert lines[0] == "  got:" and any("int f() { return first_word; }" in line for line in lines)
