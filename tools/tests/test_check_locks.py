"""tools/check_locks.py finds a field that is touched without its lock, and passes sound code."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOOLS))
from compile_commands import commands_in  # noqa: E402

CROSS = "riscv64-linux-gnu-g++"
HEADER = (TOOLS.parent / "kernel/sync/annotations.h").read_text()
LOCK = """#include <cstdint>
struct CAPABILITY("lock") Lock {
    void acquire() ACQUIRE();
    void release() RELEASE();
};
struct Queue {
    Lock lock;
    uint64_t length GUARDED_BY(lock) = 0;
    void push();
};
"""
SOUND = "void Queue::push() {\n    lock.acquire();\n    length++;\n    lock.release();\n}\n"
BROKEN = "void Queue::push() { length++; }\n"


@pytest.mark.parametrize("body,passes", [(SOUND, True), (BROKEN, False)], ids=["sound", "without its lock"])
def test_reads_the_annotations(body: str, passes: bool, tmp_path: Path) -> None:
    if not shutil.which("clang++") or not shutil.which(CROSS):
        pytest.skip("clang++ or the cross compiler is missing: make setup")
    # A copy of the tool takes its own folder for the tree's.
    (tmp_path / "tools").mkdir()
    (tmp_path / "kernel").mkdir()
    shutil.copy(TOOLS / "check_locks.py", tmp_path / "tools")
    (tmp_path / "kernel/queue.cc").write_text(HEADER.replace("#pragma once", "") + LOCK + body)
    arguments = [CROSS, "-std=c++20", "-ffreestanding", "-Og", "-c", "-o", "queue.o",
                 "kernel/queue.cc"]
    (tmp_path / "table.json").write_text(json.dumps([{"file": "kernel/queue.cc", "output": "queue.o", "arguments": arguments}]))
    done = subprocess.run([sys.executable, "tools/check_locks.py", "riscv64", CROSS, "table.json"], cwd=tmp_path,
                          capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == passes, done.stdout
    assert passes or "requires holding mutex 'lock'" in done.stdout or "requires holding lock 'lock'" in done.stdout


def test_takes_the_commands_out_of_what_make_prints() -> None:
    text = "mkdir -p build\ng++ -Ikernel \\\n  -c -o build/a.o kernel/a.cc\nar rcsD x.a build/a.o\necho 'it is -c not'\n"
    found = commands_in(text)
    assert [(entry["file"], entry["output"]) for entry in found] == [("kernel/a.cc", "build/a.o")]
