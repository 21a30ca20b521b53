"""What was graded before is not graded again, unless anything that decides it has changed."""

import gzip
import json
import os

import pytest

from labkit import known
from labkit.bench import Bench
from labkit.known import Known, forget_old, key_of
from labkit.manifest import File

TREE = {"Makefile": File(b"all:\n"), "kernel/a.cc": File(b"int a;\n"), "README.md": File(b"read\n"), "docs/x.svg": File(b"<svg/>")}


def results(verdict="PASS"):
    return json.dumps({"tests": [{"name": "adds", "score": 1, "max_score": 1, "extra_data": {"lab": "toy", "verdict": verdict}}]}).encode()


class CountingBench(Bench):
    """Its `make` leaves results instead of building anything."""
    made, verdict = 0, "PASS"

    def make(self, *arguments, seconds=0):
        self.write()
        self.made += 1
        out = self.folder / next(word for word in arguments if word.startswith("JSON=")).removeprefix("JSON=")
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(results(self.verdict))
        return 0, ""


def bench(tmp_path, tree=None, fresh=False, **more):
    made = CountingBench(tmp_path / "bench", None, more.pop("arch", "riscv64"), known=Known(tmp_path / "proofs", fresh))
    made.lay(tree or TREE, **more)
    return made


def test_a_grading_is_done_once(tmp_path):
    first = bench(tmp_path)
    assert first.grade("toy", ["adds"])["adds"].verdict == "PASS" and first.made == 1 and not first.known.all_known
    first.known.commit()
    second = bench(tmp_path)
    assert second.grade("toy", ["adds"])["adds"].verdict == "PASS" and second.made == 0 and second.known.all_known


def test_a_proof_that_failed_is_graded_again(tmp_path):
    assert bench(tmp_path).grade("toy", ["adds"])       # nobody commits it
    again = bench(tmp_path)
    again.grade("toy", ["adds"])
    assert again.made == 1


def test_what_the_host_failed_at_is_graded_again(tmp_path):
    first = bench(tmp_path)
    first.verdict = "INFRA"
    first.grade("toy", ["adds"])
    first.known.commit()
    again = bench(tmp_path)
    again.grade("toy", ["adds"])
    assert again.made == 1


@pytest.mark.parametrize("change", [
    {"tree": TREE | {"kernel/a.cc": File(b"int b;\n")}},
    {"tree": TREE | {"kernel/a.cc": File(b"int a;\n", executable=True)}},
    {"tree": TREE | {"kernel/b.cc": File(b"")}},
    {"tree": {"Makefile": TREE["Makefile"]}},
    {"arch": "x86_64"}, {"clean": False}, {"fresh": True},
], ids=["a file", "a mode", "a new file", "a file less", "CPU", "warnings allowed", "FRESH=1"])
def test_what_decides_a_grading_makes_it_another(tmp_path, change):
    first = bench(tmp_path)
    first.grade("toy", ["adds"])
    first.known.commit()
    other = bench(tmp_path, **change)
    other.grade("toy", ["adds"])
    assert other.made == 1


def test_rows_and_tools_decide_too(tmp_path, monkeypatch):
    key = key_of(TREE, "riscv64", "toy", "adds")
    assert key_of(TREE, "riscv64", "toy", "adds,more") != key
    monkeypatch.setattr(known, "tools", lambda: "another compiler")
    assert key_of(TREE, "riscv64", "toy", "adds") != key


def test_what_people_read_decides_nothing():
    assert key_of(TREE | {"README.md": File(b"other\n"), "docs/x.svg": File(b"")}, "toy") == key_of(TREE, "toy")


def test_a_damaged_file_is_no_answer_and_old_ones_go(tmp_path):
    folder = tmp_path / "proofs"
    folder.mkdir()
    whole = gzip.compress(bytes(range(256)) * 9)
    for damaged in (b"\x1f\x8bnot", b"", whole[:-20], whole[:12] + b"\xff" * 40 + whole[52:]):
        (folder / "ab.gz").write_bytes(damaged)
        assert Known(folder).find("ab") is None
    assert Known(tmp_path / "nowhere").find("ab") is None
    os.utime(folder / "ab.gz", (0, 0))
    forget_old(folder)
    assert not list(folder.iterdir())


def test_a_folder_that_cannot_be_written_costs_a_grading_and_nothing_else(tmp_path):
    (tmp_path / "proofs").write_text("a file")
    first = bench(tmp_path)
    first.grade("toy", ["adds"])
    first.known.commit()
    assert first.made == 1
