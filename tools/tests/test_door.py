"""The front door: what the environment says changes nothing, and a wrong value is told before anything is built."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CLEAN = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"}
SMALL = """
ARCHES := riscv64 x86_64
ARCH ?= riscv64
MODE ?= debug
BUILD := build
empty :=
include tools/door.inc
ifneq ($(door_says),again)
show: ; @env; echo 'mode=$(MODE).'
fail: ; @exit 3
.PHONY: show fail
endif
"""


def make(*words: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "--no-print-directory", *words], cwd=folder, env=CLEAN | environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=600, check=False)


@pytest.fixture
def small() -> Iterator[Path]:
    """A tree that is nothing but a front door; not below pytest's folder, which is closed to others."""
    with tempfile.TemporaryDirectory(prefix="cairn-door-") as folder:
        tree = Path(folder) / "tree"
        (tree / "tools").mkdir(parents=True)
        tree.parent.chmod(0o755)
        (tree / "Makefile").write_text(SMALL)
        for name in ("door", "door.inc"):
            shutil.copy(ROOT / "tools" / name, tree / "tools")
        yield tree


def test_names_stand_apart_by_commas_or_spaces(small: Path) -> None:
    (small / "Makefile").write_text(SMALL.replace("show: ;", "show: ; @echo '$(LAB) $(T).'; "))
    for rows in ("T=one two,three", "T= one  two three ", "T=one,two,three"):
        assert make("show", rows, folder=small).stdout.splitlines()[0] == " one,two,three.", rows


@pytest.mark.parametrize("words,told", [
    ("ARCH=foo", "it knows: riscv64, x86_64, and all"),
    ("ARCH=riscv64;true", "is no CPU of this tree"),
    ("MODE=fast", "expected: debug, release"),
    ("LAB=nope", "it has: start, traps"),
    ("LAB=traps,nope", "LAB=nope is no lab"),
    ("T=nope", "T=nope is no row"),
    ("T=zombie", "known rows: zombie_"),
    ("LAB=start T=nope", "known rows: "),
    ("T=six_arguments,nope", "T=nope is no row"),
    ("T=decode_vectors ARCH=riscv64", "T=decode_vectors is no row of ARCH=riscv64; it is one of: x86_64"),
    ("SMP=99", "expected 1 to 8"),
    ("SMP=0", "expected 1 to 8"),
    ("SMP=two", "is not a number"),
    ("SEED=abc", "is not a number"),
    ("SEED=-1", "is not a number"),
    ("SEED=9223372036854775808", "is out of bounds"),
    ("JOBS=many", "is not a number"),
    ("PYTHON=/opt/my;python", "cannot pass on"),
])
def test_a_wrong_value_names_the_known_ones_and_builds_nothing(words: str, told: str, tmp_path: Path) -> None:
    done = make("grade", *words.split(), f"BUILD={tmp_path}/build")
    assert done.returncode == 2
    assert told in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stdout == "" and not (tmp_path / "build").exists()


@pytest.mark.parametrize("words", ["T=decode_vectors ARCH=x86_64", "T=decode_vectors ARCH=all", "LAB=start,1", "SEED=0", "SMP=8", "T="])
def test_a_right_value_passes(words: str, small: Path) -> None:
    if words == "LAB=start,1":
        words = "LAB=start,traps"
    shutil.copytree(ROOT / "labs", small / "labs", ignore=shutil.ignore_patterns("wrong", "before*"))
    assert make("show", *words.split(), folder=small).returncode == 0


@pytest.mark.parametrize("name", ["PYTHONPATH", "PYTHONHOME", "PYTHON", "PYTEST_ADDOPTS", "CC", "CXX", "CFLAGS", "CPATH", "NAME",
                                  "GREP_OPTIONS", "LD_LIBRARY_PATH", "T", "LAB", "BUILD", "OUT", "Q", "V", "GIT_DIR", "BASH_FUNC_a%%"])
def test_the_environment_changes_nothing(name: str, small: Path) -> None:
    for flags in ([], ["-e"]):
        done = make("show", *flags, folder=small, **{name: "odd-value"})
        assert done.returncode == 0, done.stderr
        assert "odd-value" not in done.stdout


def test_what_the_help_names_is_taken(small: Path) -> None:
    assert "mode=release." in make("show", folder=small, MODE="release").stdout
    assert "MODE=fast" in make("show", folder=small, MODE="fast").stderr
    assert "MODE" in make("help").stdout.rsplit("From the environment:", 1)[1]


def test_a_user_is_still_known(small: Path) -> None:
    done = make("show", folder=small, HOME="/somewhere", GIT_AUTHOR_NAME="A B", http_proxy="http://p")
    assert all(line in done.stdout for line in ("HOME=/somewhere", "GIT_AUTHOR_NAME=A B", "http_proxy=http://p"))


@pytest.mark.parametrize("flags", ["NAME=odd-value", "-n", "k", "-e -s", "MODE=release -B"])
def test_flags_in_the_environment_change_nothing(flags: str, small: Path) -> None:
    for name in ("MAKEFLAGS", "GNUMAKEFLAGS"):
        done = make("show", "NAME=a 'b", folder=small, **{name: flags})
        assert "\nNAME=a 'b\n" in done.stdout and "mode=debug." in done.stdout, done.stdout + done.stderr
    assert make("fail", folder=small, MAKEFLAGS=flags).returncode == 2
    # Only -i cannot be undone from inside: an error would be lost.
    assert "unset it" in make("show", folder=small, MAKEFLAGS="i").stderr


def test_a_make_in_another_folder_with_flags_in_the_environment(small: Path) -> None:
    done = make("-C", small.name, "-k", "show", folder=small.parent, MAKEFLAGS="k MODE=release")
    assert "mode=debug." in done.stdout, done.stderr


def test_a_make_file_of_the_environment_is_not_read(small: Path) -> None:
    (small / "other.mk").write_text("NAME := odd-value\n")
    assert "odd-value" not in make("show", folder=small, MAKEFILES=str(small / "other.mk")).stdout


def test_a_closed_output_is_told(small: Path) -> None:
    for closed in (">&-", ">&- <&-"):
        done = subprocess.run(["sh", "-c", f"make show {closed}"], cwd=small, env=CLEAN, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 2 and "standard output is closed" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert subprocess.run(["sh", "-c", "make show <&-"], cwd=small, env=CLEAN, stdout=subprocess.DEVNULL, check=False).returncode == 0


def test_a_tree_that_one_may_not_write_to_is_told(small: Path) -> None:
    small.chmod(0o555)
    words = ["make", "show"]
    if os.geteuid() == 0:
        words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *words]
    done = subprocess.run(words, cwd=small, env=CLEAN, capture_output=True, text=True, check=False)
    small.chmod(0o755)
    assert done.returncode == 2 and "you may not write to this folder" in done.stderr and len(done.stderr.splitlines()) == 1


def test_another_place_to_build_in_is_taken(small: Path) -> None:
    """What else lies beside it is nobody's business."""
    place = small.parent / "place"
    (place / "shut").mkdir(parents=True, mode=0o755)
    place.chmod(0o777)
    small.chmod(0o555)
    words = ["make", "show", f"BUILD={place}/build"]
    if os.geteuid() == 0:
        words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *words]
    done = subprocess.run(words, cwd=small, env=CLEAN, capture_output=True, text=True, check=False)
    small.chmod(0o755)
    assert done.returncode == 0, done.stderr
