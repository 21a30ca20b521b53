"""What a distribution's compiler turns on by itself (Ubuntu: fortified calls, stack protector, CET, PIE) changes no byte."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parent.parent.parent
TURNED_ON = {
    "riscv64": "-D_FORTIFY_SOURCE=3 -fstack-protector-all -fstack-clash-protection -fPIE -D_GLIBCXX_ASSERTIONS -ftrivial-auto-var-init=zero",
    "x86_64": "-D_FORTIFY_SOURCE=3 -fstack-protector-all -fstack-clash-protection -fPIE -D_GLIBCXX_ASSERTIONS -ftrivial-auto-var-init=zero"
              " -fcf-protection=full",
}
# Code with copies, arrays on the stack, spans and calls by pointer, of the kernel and of programs.
OBJECTS = ["debug/kernel/lib/format.o", "debug/kernel/fs/paths.o", "user/libuser.a",
           "user/tests/processes/cpu_clocks.elf"]


def build(arch: str, folder: Path, prefix: str) -> dict[str, bytes]:
    """Build these objects with this compiler; gives each without its debug information."""
    targets = [f"{folder}/{arch}/{name}" for name in OBJECTS]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(["make", "--no-print-directory", "-j2", f"ARCH={arch}", "MODE=debug", f"BUILD={folder}",
                           f"CROSS_COMPILE={prefix}", "SETUP=no", *targets], cwd=TREE, env=environment, capture_output=True,
                          text=True, timeout=2400, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for target in targets:
        subprocess.run([f"{arch}-linux-gnu-strip", "-g", "-R", ".comment", target], check=True)
    return {name: Path(target).read_bytes() for name, target in zip(OBJECTS, targets)}


@pytest.mark.parametrize("arch", list(TURNED_ON))
def test_a_hardened_compiler_makes_the_same_code(arch: str, tmp_path: Path) -> None:
    if not (TREE / f"kernel/arch/{arch}").exists() or not shutil.which(f"{arch}-linux-gnu-g++"):
        pytest.skip(f"there is no {arch} here")
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("gcc", "g++", "ar", "nm", "strip", "gcc-ar"):
        real = shutil.which(f"{arch}-linux-gnu-{tool}")
        if real and tool.startswith("g") and tool != "gcc-ar":
            (tools / f"{arch}-linux-gnu-{tool}").write_text(f'#!/bin/sh\nexec {real} {TURNED_ON[arch]} "$@"\n')
            (tools / f"{arch}-linux-gnu-{tool}").chmod(0o755)
        elif real:
            (tools / f"{arch}-linux-gnu-{tool}").symlink_to(real)
    plain = build(arch, tmp_path / "plain", f"{arch}-linux-gnu-")
    hardened = build(arch, tmp_path / "hardened", f"{tools}/{arch}-linux-gnu-")
    assert [name for name in OBJECTS if plain[name] != hardened[name]] == []
