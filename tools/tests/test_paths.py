"""A clone may lie in a folder of any name: what is compiled, linked and cut there does not care."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from grading import proof  # noqa: E402

ODD = "a b'c\"d&e;f,g(h)i$j#k%l:m!n*o?p[q]r{s}t~u\\v`w|x<y>z=^@+ü -"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of what git knows of this tree, in a folder with every character that makes trouble somewhere."""
    tree = tmp_path_factory.mktemp("paths") / ODD / "clone"
    names = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if not (ROOT / name).is_file() or name.startswith(("docs/", "labs/")) and not name.endswith(".toml"):
            continue
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    yield tree
    shutil.rmtree(tree.parent)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "SETUP": "no"}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=2400, check=False)


@pytest.mark.parametrize("target", ["debug/kernel/lib/format.o", "debug/no_symbols.o", "user/lib/start.o", "user/bin/hello.o"])
def test_compiles(target: str, odd: Path) -> None:
    done = run(odd, "make", f"build/riscv64/{target}")
    assert done.returncode == 0 and (odd / "build/riscv64" / target).exists(), done.stderr


def test_lists_the_labs(odd: Path) -> None:
    done = run(odd, "make", "labs")
    assert done.returncode == 0 and "traps" in done.stdout, done.stderr


def test_the_assembler_finds_its_file(odd: Path) -> None:
    """What is handed to it is split at commas; `pad_object` gives it a name without a folder."""
    made = proof.pad_object(odd / "secret", ["gcc"], b"12345678")
    assert all(path.exists() for path in made)


def test_a_host_row_compiles(odd: Path) -> None:
    """CHECK puts the file's name into the assembler's text."""
    program = ("import sys; from pathlib import Path; from types import SimpleNamespace as Some; from grading import host\n"
               "root = Path.cwd()\n"
               "bench = Some(settings=Some(root=root, graded=root, arch='riscv64'), scratch=root)\n"
               "print(host.compile_one(bench, 'x', root, 'user/lib/host.cc', 1))\n")
    done = run(odd, sys.executable, "-c", program)
    assert done.returncode == 0 and (odd / "1-host.o").exists(), done.stderr


@pytest.mark.parametrize("name,told", [("two\nlines", "the end of a line"), (os.fsdecode(b"latin\xfc"), "not UTF-8")])
def test_a_path_that_cannot_be_is_told_at_once(name: str, told: str, tmp_path: Path) -> None:
    tree = tmp_path / name
    (tree / "tools").mkdir(parents=True)
    for file in ("Makefile", "tools/door", "tools/door.inc"):
        shutil.copy(ROOT / file, tree / file)
    done = run(tree, "make", "grade")
    assert done.returncode == 2 and told in done.stderr.splitlines()[0] and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and not (tree / "build").exists()
