"""compile_commands.json: clangd reads files of the kernel, of programs and of host tests without an error, for both CPUs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent
ROOT = TOOLS.parent
sys.path.insert(0, str(TOOLS))
from compile_commands import commands_in  # noqa: E402


def test_words_that_only_gcc_knows_are_left_out() -> None:
    (entry,) = commands_in("@x\nriscv64-linux-gnu-g++ -march=rv64imac_zicsr_zifencei -fsanitize=undefined -fno-sanitize=vptr -MMD -MP"
                           " -include build/prelude.h -Ikernel -c -o a.o a.cc\n")
    assert entry["arguments"][2:] == ["-march=rv64imac", "-Ikernel", "-c", "-o", "a.o", "a.cc"]


def test_each_source_of_one_command_has_an_entry() -> None:
    entries = commands_in("gcc -static -o x.elf a.c b.c c.S\ngcc -o y.elf y.o\necho a.c -o b\n")
    assert [entry["file"] for entry in entries] == ["a.c", "b.c"]
    assert entries[1]["arguments"][-3:] == ["-o", "x.elf", "b.c"]


def written(folder: Path, arches: str) -> list[dict[str, str]]:
    folder.mkdir()
    subprocess.run([sys.executable, TOOLS / "compile_commands.py", folder / "compile_commands.json", arches, "all", "bench-programs", "host-test"],
                   check=True, timeout=2400)
    return json.loads((folder / "compile_commands.json").read_text())


@pytest.mark.parametrize("arch", ["riscv64", "x86_64"])
def test_clangd_reads_it(arch: str, tmp_path: Path) -> None:
    if not shutil.which("clangd"):
        pytest.skip("clangd is not installed")
    if not shutil.which(f"{arch}-linux-gnu-g++"):
        pytest.skip(f"the compiler for {arch} is missing: make setup")
    files = {entry["file"] for entry in written(tmp_path / "table", arch)}
    one_of_each = ["kernel/mm/fault.cc", f"kernel/arch/{arch}/context.cc", "user/tests/control/must_fail.cc", "user/bench/lat.c"]
    if "kernel/lib/format_test.cc" in files:    # in trees and on machines that build host tests
        one_of_each.append("kernel/lib/format_test.cc")
    for file in one_of_each:
        assert file in files
        done = subprocess.run(["clangd", f"--compile-commands-dir={tmp_path / 'table'}", f"--check={file}", "--check-lines=1-2"],
                              cwd=ROOT, capture_output=True, text=True, timeout=2400, check=False)
        errors = [line for line in done.stderr.splitlines() if line.startswith("E[")]
        assert "All checks completed" in done.stderr and not errors, "\n".join([file, *errors])


def test_files_of_every_cpu_are_in_it(tmp_path: Path) -> None:
    """A file that all CPUs share is there once, as the first CPU builds it."""
    entries = {entry["file"]: entry for entry in written(tmp_path / "table", "x86_64,riscv64")}
    assert "-Ikernel/arch/x86_64" in entries["kernel/mm/fault.cc"]["arguments"]
    assert "-Ikernel/arch/riscv64" in entries["kernel/arch/riscv64/context.cc"]["arguments"]
