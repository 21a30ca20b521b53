"""Cheating submissions: none of the rows that a cheat is after gives a point, on either CPU, at home or with an instructor.

Each grading/cheats/NAME.toml says what the cheat does, the rows it is after (of lab `lab`, traps if left out), and
[[edit]]s like those of a wrong solution, some for one CPU; an edit with `new` brings a file. `refused`: what the graft or
the build says of it. `verdict`: of all its rows that are not skipped. It is a submission: the graft of `make grade` at home must take from it
what the instructor's takes, and that is built on one bench for each CPU, where only what differs is compiled again.
The grader runs from this tree, not from the one that is built.
"""
from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.labkit import graft, graft_command
from tools.labkit.bench import Bench, clean_environment, last_lines
from tools.labkit.errors import LabError
from tools.labkit.laying import write_tree
from tools.labkit.manifest import MANIFEST, File
from tools.labkit.model import load_course, load_edits, read_toml
from tools.labkit.proofs import Proofs, apply_edits
from tools.labkit.results import read_results
from tools.labkit.tree import partition

from .conftest import ROOT

CHEATS = sorted((ROOT / "grading/cheats").glob("*.toml"))
ARCHES = ("riscv64", "x86_64")
SEED = 1


@dataclass
class Trial:
    """Where the cheats of one CPU are tried."""
    bench: Bench
    proofs: Proofs

    @property
    def arch(self) -> str:
        return self.proofs.arch

    def submission(self, cheat: dict, where: str, folder: Path) -> Path:
        edits = [edit for edit in load_edits(cheat["edit"], where) if edit.extra.get("arch", self.arch) == self.arch]
        write_tree(folder, apply_edits(self.proofs, self.proofs.tree("solved"), edits, where))
        return folder

    def grafted(self, submission: Path) -> dict[str, File]:
        """What both grafts take of it; LabError if both refuse it."""
        lab = self.proofs.lab.id
        asked = argparse.Namespace(lab=lab, arch=self.arch, own=False, out=submission.parent / "out", report=None)
        report = graft.Report("", [])
        try:
            files, _ = graft_command.graft_from_source(self.proofs.course, submission, asked, report)
        except LabError as error:
            with pytest.raises(LabError) as at_home:
                self.at_home(submission)
            assert at_home.value.text() == error.text()
            raise
        home = self.at_home(submission)
        assert {path for path in built(files) if files[path].data != home[path].data} == set()
        return files

    def at_home(self, submission: Path) -> dict[str, File]:
        course, labs = self.proofs.course, list(self.proofs.labs)
        pristine = self.proofs.tree("carry")
        rooms = [room for lab in labs for room in course.lab(lab).rooms if room.file in pristine]
        rules = graft.rules_for(course, labs, rooms)
        rules.generated = {MANIFEST}
        return graft.graft(pristine, submission, rules, graft.Report("", labs))

    def grade(self, lab: str, rows: list[str]) -> list:
        """The rows of the kernel on the bench, by this tree's grader; LabError if it does not build."""
        status, said = self.bench.make("kernel")
        if status:
            raise LabError("the cheat does not build", got=said)
        out = self.bench.folder / "build/rows.json"
        out.unlink(missing_ok=True)
        ran = subprocess.run(
            [sys.executable, "-B", "-m", "grading", "grade", "--arch", self.arch, "--compiler", f"{self.arch}-linux-gnu-", "--lab", lab,
             "--rows", ",".join(rows), "--seed", str(SEED), "--plain", "--json", str(out), "--build", "build/cheats",
             "--kernel", str(self.bench.folder / f"build/{self.arch}/debug/kernel.elf"), "--sources", str(self.bench.folder),
             "--objects", str(ROOT / f"build/{self.arch}/user")],
            cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=2400)
        assert out.exists(), last_lines(ran.stdout + ran.stderr)
        assert "Traceback" not in ran.stderr
        return [result for result in read_results(out) if result.id in rows]


def built(files: dict[str, File]) -> list[str]:
    return [path for path in files if path.startswith(("kernel/", "user/"))]


@pytest.fixture(scope="module", params=ARCHES)
def trial(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    arch, course = request.param, load_course(ROOT)
    made = subprocess.run(["make", "--no-print-directory", "-C", str(ROOT), f"ARCH={arch}", "user-tests"], capture_output=True,
                          text=True, env=clean_environment(), timeout=2400)
    assert made.returncode == 0, made.stderr
    return Trial(Bench(tmp_path_factory.mktemp("cheats") / "tree", course, arch),
                 Proofs(course, tuple(lab.id for lab in course.complete), arch, partition(course)))


@pytest.mark.parametrize("path", CHEATS, ids=lambda path: path.stem)
def test_a_cheat_gets_nothing(path: Path, trial: Trial, tmp_path: Path) -> None:
    cheat = read_toml(path)
    if trial.arch not in cheat.get("arch", ARCHES):
        pytest.skip(f"a cheat for {', '.join(cheat['arch'])}")
    submission = trial.submission(cheat, path.name, tmp_path / "submission")
    try:
        trial.bench.lay(trial.grafted(submission), clean=False)
        results = trial.grade(cheat.get("lab", "traps"), cheat["rows"])
    except LabError as error:
        assert cheat.get("refused", "no refusal") in error.text(), error.text()
        return
    assert "refused" not in cheat, "it was neither refused nor kept from being built"
    assert {result.id for result in results} == set(cheat["rows"])
    for result in results:
        assert result.points == 0, f"{result.id}: {result.verdict}"
        assert result.verdict != "INFRA", result.reason
        assert result.verdict in (cheat.get("verdict", result.verdict), "SKIP"), f"{result.id}: {result.verdict} {result.reason}"
    assert not list(trial.bench.folder.rglob("hacked"))


def test_the_honest_submission_gets_its_points(trial: Trial, tmp_path: Path) -> None:
    """Else nothing above would prove a thing: the same way, without a cheat."""
    submission = trial.submission({"edit": []}, "none", tmp_path / "submission")
    trial.bench.lay(trial.grafted(submission), clean=False)
    for lab, rows in (("traps", ["first_call", "decide_events"]), ("paging", ["copy_on_write", "find_mapping"]),
                      ("processes", ["switch_contexts"])):
        assert [result.verdict for result in trial.grade(lab, rows)] == ["PASS"] * len(rows)
