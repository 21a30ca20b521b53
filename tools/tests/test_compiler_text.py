"""The first error of a failed compile is shown whole, and nothing of the second."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from labkit.compiler_text import first_error


def said_by(compiler: str, source: str, folder: Path, suffix: str = ".cc") -> str:
    if not shutil.which(compiler):
        pytest.skip(f"{compiler} is not installed")
    (folder / "t.h").write_text("inline int twice(int a) { return a * two; }\n")
    (folder / f"t{suffix}").write_text(source)
    done = subprocess.run([compiler, "-Wall", "-o", "t", f"t{suffix}"], cwd=folder, capture_output=True, text=True, check=False, timeout=600,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
    assert done.returncode != 0
    return first_error(f"{done.stderr}make: *** [x.mk:1: t] Error 1\n")


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_with_its_function_and_marks(compiler: str, tmp_path: Path) -> None:
    found = said_by(compiler, "int f() { int unused; return nothing; }\nint g() { return neither; }\n", tmp_path)
    assert "nothing" in found and "^" in found
    assert "neither" not in found and "unused variable" not in found and "make:" not in found


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_with_the_file_that_included_it(compiler: str, tmp_path: Path) -> None:
    found = said_by(compiler, '\n#include "t.h"\nint main() { return missing; }\n', tmp_path)
    assert "t.cc:2" in found and "two" in found and "missing" not in found


def test_of_the_linker(tmp_path: Path) -> None:
    found = said_by("g++", "int nowhere(); int also_not();\nint main() { return nowhere() + also_not(); }\n", tmp_path)
    assert "nowhere" in found and "also_not" not in found and "collect2" not in found


def test_of_the_assembler(tmp_path: Path) -> None:
    found = said_by("gcc", "    nop\n    no_such_instruction\n    nor_this_one\n", tmp_path, ".s")
    assert "no_such_instruction" in found


def test_notes_belong_to_their_error() -> None:
    text = ("a.cc: In function 'f':\na.cc:1:2: warning: w\n    1 | w\na.cc:2:3: error: e\n    2 | e\n      | ^\nb.h:1:1: note: declared here\n"
            "    1 | n\na.cc:5:1: error: second\n")
    assert first_error(text) == "a.cc:2:3: error: e\n    2 | e\n      | ^\nb.h:1:1: note: declared here\n    1 | n"


def test_there_may_be_none() -> None:
    assert first_error("built kernel.elf\nmake: *** no rule\n") == ""
