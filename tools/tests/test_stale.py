"""A build of another commit or another compiler is not taken for this one's; a long build says how far it is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def make(*words: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "SETUP": "no"}
    done = subprocess.run(["make", "--no-print-directory", *words], cwd=ROOT, env=environment, capture_output=True, text=True,
                          timeout=2400, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_other_flags_build_anew(tmp_path: Path) -> None:
    target = tmp_path / "riscv64/user/lib/start.o"
    words = (f"BUILD={tmp_path}", "V=1", str(target))
    assert "riscv64-linux-gnu-g++" in make(*words)
    assert "up to date" in make(*words)
    flags = tmp_path / "riscv64/user/flags"
    flags.write_text(flags.read_text().replace("-O2", "-O1"))
    os.utime(flags, (1, 1))
    assert "-c -o" in make(*words)
    assert "up to date" in make(*words)
    flags.unlink()          # of a build from before there were such files: it is left as it is
    assert "-c -o" not in make(*words)
    assert "up to date" in make(*words)


def test_a_long_build_says_how_far_it_is(tmp_path: Path) -> None:
    said = make("-n", f"BUILD={tmp_path}", "kernel")
    assert "echo 'compiling: 25 files (kernel/" in said and "echo 'compiling: 100 files (kernel/" in said
