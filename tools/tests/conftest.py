"""What the tests of the lab tool share: a copy of the toy tree, and the command line."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOOLS))


@pytest.fixture
def toy(tmp_path):
    """A copy of the toy tree that a test may change."""
    shutil.copytree(TOOLS / "toy", tmp_path / "toy", ignore=shutil.ignore_patterns("build"))
    return tmp_path / "toy"


@pytest.fixture
def labs(monkeypatch, tmp_path):
    """Runs tools/labs.py; returns status, standard output and standard error."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in (("NAME", "Student"), ("EMAIL", "student@example.org")):
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)

    def run(*arguments, cwd=None):
        ran = subprocess.run([sys.executable, str(TOOLS / "labs.py"), *map(str, arguments)], cwd=cwd, capture_output=True,
                             text=True, timeout=600, check=False)
        return ran.returncode, ran.stdout, ran.stderr
    return run


@pytest.fixture
def git():
    def run(folder, *arguments):
        ran = subprocess.run(["git", "-C", str(folder), *map(str, arguments)], capture_output=True, text=True, timeout=600,
                             check=False)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout
    return run


@pytest.fixture
def score():
    """Grades a toy tree: points by row."""
    def run(tree, lab, arch="riscv64"):
        from labkit.results import read_results
        subprocess.run(["make", "-s", "-C", str(tree), "grade", f"LAB={lab}", f"ARCH={arch}"], capture_output=True,
                       timeout=600, check=False)
        return {row.id: row.points for row in read_results(tree / "build/results.json")}
    return run
