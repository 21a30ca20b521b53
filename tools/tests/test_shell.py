"""The small shell of user/bin/sh.cc: what it does on this machine's Linux is what any shell does."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ARCH = platform.machine()

pytestmark = pytest.mark.skipif(ARCH not in ("x86_64", "riscv64"), reason=f"user/ has no programs for {ARCH}")

LINES = [
    """echo hello 'single $x' "double $HOME" plain$?""", "false; echo $?", "true && echo yes || echo no", "false && echo yes || echo no",
    "true || echo no; echo $?", "echo abc | tr a-z A-Z | cat", "echo one > f; echo two >> f; cat < f; wc -l < f", "> empty; wc -c < empty",
    "ls /nonexistent 2> e; echo $?; wc -l < e", "ls /nonexistent 2>&1 | wc -l", "echo loud >&2", "nosuchprogram; echo $?", "/etc; echo $?",
    "sleep 0.1 & echo first; wait; echo then $?", "sh -c 'exit 7' & wait $!; echo $?", "cd /; pwd; cd /nonexistent || echo no; pwd",
    r"""echo a\ b "c\"d" e'f'g"h" '' end""", 'echo "a;b|c" # a remark', "sh -c 'kill -9 $$'; echo $?", "echo 2>e err; echo x2>e",
    "false | true; echo $?; true | false; echo $?", "echo $NAME; echo $", "exit 3", "sh -c 'exit 5'",
]


@pytest.fixture(scope="module")
def shell():
    subprocess.run(["make", "-s", f"ARCH={ARCH}", "SETUP=no", f"build/{ARCH}/user/bin/sh.elf"], cwd=ROOT, check=True,
                   timeout=600)
    return ROOT / f"build/{ARCH}/user/bin/sh.elf"


def run(program, folder, *arguments, **more):
    folder.mkdir()
    return subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, timeout=20,
                          env={"PATH": "/bin:/usr/bin", "HOME": "/home", "NAME": "stone"}, **more)


@pytest.mark.parametrize("line", LINES)
def test_a_line_means_what_it_means_to_any_shell(shell, tmp_path, line):
    ours, theirs = (run(program, tmp_path / name, "-c", line) for name, program in (("ours", shell), ("theirs", "/bin/sh")))
    assert (ours.stdout, ours.returncode) == (theirs.stdout, theirs.returncode), ours.stderr
    assert bool(ours.stderr) == bool(theirs.stderr)


def test_a_script_is_read_line_by_line(shell, tmp_path):
    (tmp_path / "script").write_text("echo one\ncat\n\n  # nothing\nfalse\n")
    done = run(shell, tmp_path / "ours", tmp_path / "script", input="two\n")
    assert (done.stdout, done.returncode) == ("one\ntwo\n", 1)


def test_programs_read_on_where_the_shell_stopped(shell, tmp_path):
    assert run(shell, tmp_path / "ours", input="echo one\ncat\ntwo\nthree\n").stdout == "one\ntwo\nthree\n"


@pytest.mark.parametrize("line, complaint", [
    ('echo "open', "a quote is not closed"), ("echo a | | b", "is missing"), ("| a", "is missing"), ("a &&& b", "is missing"),
    ("echo >", "needs a file"), ("x " * 300, "too many words"),
])
def test_a_line_that_is_none_is_named(shell, tmp_path, line, complaint):
    done = run(shell, tmp_path / "ours", "-c", line)
    assert complaint in done.stderr and done.returncode in (1, 2)
