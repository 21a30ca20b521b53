"""tools/doctor asks a student for what building, grading and debugging need, and a developer for everything."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent
DEVELOPERS = {"clang", "clang++", "clang-format", "dot", "shellcheck"}


@pytest.fixture
def doctor(tmp_path: Path):
    """Runs a copy of the doctor on a machine without a developer's tools; in a hand-out or in the one source tree."""
    shutil.copytree(TOOLS, tmp_path / "tree/tools", ignore=shutil.ignore_patterns("toy", "tests", "__pycache__"))
    (tmp_path / "tree/labs").mkdir()
    (tmp_path / "tree/Makefile").touch()
    commands = tmp_path / "bin"
    commands.mkdir()
    for folder in ("/usr/sbin", "/usr/bin"):
        for command in Path(folder).iterdir():
            if command.name not in DEVELOPERS and not (commands / command.name).is_symlink():
                (commands / command.name).symlink_to(command)

    def run(hand_out: bool) -> tuple[int, str]:
        if hand_out:
            (tmp_path / "tree/labs/step.toml").touch()
        done = subprocess.run([tmp_path / "tree/tools/doctor"], env={"PATH": str(commands), "HOME": str(tmp_path)}, capture_output=True,
                              text=True, timeout=2400, check=False)
        return done.returncode, done.stdout + done.stderr
    return run


def asked_for(said: str) -> set[str]:
    return {line.split("  ")[0] for line in re.findall(r"^  (?:NO|ok|note) +(\S.*)$", said, re.M)}


def test_a_student_needs_no_tools_of_developers(doctor) -> None:
    status, said = doctor(hand_out=True)
    asked = asked_for(said)
    assert not {name for name in asked if re.search("clang|mkdocs|graphviz", name)}
    assert {"make", "git", "debugger", "python: pytest"} <= asked
    if shutil.which("gdb-multiarch") and shutil.which("cpio") and os.path.exists("/usr/bin/riscv64-linux-gnu-g++"):
        assert status == 0 and "Next: make next" in said, said


def test_a_developer_needs_them(doctor) -> None:
    status, said = doctor(hand_out=False)
    assert status == 1
    assert "NO   clang " in said and "NO   clang-format" in said and "NO   graphviz" in said
    assert re.search(r"NO   packages +missing: .*clang", said)
