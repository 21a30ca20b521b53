"""tools/attributes.py: whatever the shell hands down, a program begins as it usually does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent
# What a program sees of how it was started.
SHOW = """
import os, resource, signal
status = open('/proc/self/status').read()
print([line for line in status.splitlines() if line.startswith(('SigBlk', 'Umask', 'Cpus_allowed:'))])
print(open('/proc/self/personality').read(), os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0))
print([int(line.split()[1], 16) & ~0x1001000 for line in status.splitlines() if line.startswith('SigIgn')])
print([resource.getrlimit(n)[0] for n in (resource.RLIMIT_STACK, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE)])
"""
START = f"""
import subprocess, sys
sys.path.insert(0, {str(TOOLS)!r})
import attributes
subprocess.run([sys.executable, '-c', {SHOW!r}], stdin=subprocess.DEVNULL, preexec_fn=attributes.usual, check=True)
"""


def seen(words: list[str]) -> str:
    done = subprocess.run([*words, sys.executable, "-c", START], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("words", [
    ["nice", "-n", "3"], ["nohup"], ["sh", "-c", 'umask 077; exec "$@"', "sh"], ["sh", "-c", 'ulimit -Sn 256; exec "$@"', "sh"],
    ["bash", "-c", 'ulimit -Ss unlimited; exec "$@"', "sh"], ["bash", "-c", 'ulimit -Sc 1000; exec "$@"', "sh"],
    ["chrt", "--batch", "0"], ["chrt", "--idle", "0"], ["taskset", "-c", "0"], ["setarch", "-R"],
    ["env", "--ignore-signal=USR1", "--block-signal=TERM,CHLD"], ["sh", "-c", 'trap "" INT QUIT HUP; exec "$@"', "sh"],
    ["sh", "-c", 'exec "$@" <&-', "sh"], ["sh", "-c", 'echo typed | "$@"', "sh"],
])
def test_what_a_shell_hands_down_changes_nothing(words: list[str]) -> None:
    assert told(words) or seen(words) == seen([])


@pytest.mark.parametrize("words,named", [
    (["bash", "-c", 'ulimit -n 256; exec "$@"', "sh"], "hard limit of open files is 256"),
    (["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "nice", "-n", "3"], "nice value is 3"),
])
def test_what_may_not_be_set_back_is_told(words: list[str], named: str) -> None:
    if words[0] == "setpriv" and os.geteuid() != 0:
        words = words[4:]
    assert named in told(words) or seen(words) == seen([])


def told(words: list[str]) -> str:
    # As text: another user may not be able to read this folder.
    program = (TOOLS / "attributes.py").read_text() + "\nprint(unusual())"
    return subprocess.run([*words, sys.executable, "-c", program], capture_output=True, text=True, timeout=600, check=True,
                          stdin=subprocess.DEVNULL).stdout.strip()
