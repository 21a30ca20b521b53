"""A command that the machine fails says one line; no traceback, whatever is full, closed or gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent
HEAD = f"import sys; sys.path.insert(0, {str(TOOLS)!r}); import plainly\n"


def run(body: str, redirect: str = "") -> subprocess.CompletedProcess[str]:
    program = f"{HEAD}def main():\n    {body}\nsys.exit(plainly.run(main, 'make it'))\n"
    return subprocess.run(["bash", "-c", f'exec "$0" -c "$1" {redirect}', sys.executable, program], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.parametrize("body,redirect,status,said", [
    ("open('/proc/no/such', 'w')", "", 2, "make it: No such file or directory: /proc/no/such\n"),
    ("open('/dev/full', 'w').write('x' * 100000)", "", 2, "make it: No space left on device\n"),
    ("print('well')", ">/dev/full", 2, "make it: No space left on device\n"),
    ("print('well', flush=True)", ">/dev/full", 2, "make it: No space left on device\n"),
    ("print('well'); return 3", ">&-", 3, ""),
    ("print('well'); return 3", "<&- >&- 2>&-", 3, ""),
    ("raise KeyboardInterrupt", "", 130, "\nmake it: interrupted\n"),
    ("return 3", "", 3, ""),
])
def test_one_line(body: str, redirect: str, status: int, said: str) -> None:
    done = run(body, redirect)
    assert (done.returncode, done.stderr) == (status, said)


def test_a_reader_that_went_away_is_no_fault() -> None:
    done = run("[print('line') for _ in range(100000)]", "| head -1")
    assert (done.stdout, done.stderr) == ("line\n", "")


def test_a_file_does_not_become_the_output(tmp_path: Path) -> None:
    """With a closed output the next file opened would take its number."""
    run(f"f = open('{tmp_path}/file', 'w'); import subprocess; subprocess.run(['echo', 'stray']); return 0", "<&- >&-")
    assert (tmp_path / "file").read_text() == ""
