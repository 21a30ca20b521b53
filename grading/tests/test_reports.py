"""What is printed and written, and that one SEED gives it byte for byte."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from .conftest import ROOT


def files_of(folder: Path) -> dict:
    folder.mkdir()
    return {"json": [folder / "r.json"], "junit": folder / "r.xml", "html": folder / "r.html"}


def test_one_seed_gives_the_same_report_byte_for_byte(grade, tiny, tmp_path: Path) -> None:
    for cheat in ("kHonest", "kWrongNumber", "kHang"):
        one, two = tmp_path / f"{cheat}1", tmp_path / f"{cheat}2"
        _, first, _ = grade(tiny(cheat), **files_of(one))
        _, second, _ = grade(tiny(cheat), jobs=1, **files_of(two))
        assert first == second
        for name in ("r.json", "r.xml", "r.html"):
            assert (one / name).read_bytes() == (two / name).read_bytes(), name


GIVEN_ROW = '''
[[rows]]
id = "asks_again"
spec = "getpid answers 1 again."
given = true
program = "asks"
'''


def test_provided_code_is_graded_when_asked_for_and_costs_nothing(grade, tree: Path, tiny) -> None:
    with (tree / "labs/01-toy/lab.toml").open("a") as lab:
        lab.write(GIVEN_ROW)
    _, plain, _ = grade(tiny("kHonest"))
    assert "asks_again" not in plain and "provided parts: 1, without points, not run (make grade ALL=1)" in plain
    _, full, _ = grade(tiny("kHonest"), given=True)
    assert "provided parts: 1 of 1" in full and "given  asks_again" in full
    scores = [[line for line in text.splitlines() if line.startswith("SCORE")] for text in (plain, full)]
    assert scores[0] == scores[1]


def test_results_json_has_gradescopes_fields(grade, tiny, tmp_path: Path) -> None:
    grade(tiny("kWrongNumber"), **files_of(tmp_path / "out"))
    data = json.loads((tmp_path / "out/r.json").read_text())
    assert data["score"] == 0 and data["extra_data"]["seed"] == 7 and data["extra_data"]["complete"]
    first = data["tests"][0]
    assert (first["name"], first["score"], first["max_score"], first["status"], first["visibility"]) == \
        ("first_call", 0, 2, "failed", "visible")
    assert "expected" in first["output"] and first["extra_data"]["verdict"] == "FAIL"
    assert data["extra_data"]["tools"]["qemu"].startswith("QEMU emulator version")


def test_junit_tells_failures_from_skips(grade, tiny, tmp_path: Path) -> None:
    grade(tiny("kWrongNumber"), **files_of(tmp_path / "out"))
    [suite] = ElementTree.parse(tmp_path / "out/r.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("2", "1", "1")


def test_the_page_is_self_contained(grade, tiny, tmp_path: Path) -> None:
    grade(tiny("kPanic"), **files_of(tmp_path / "out"))
    page = (tmp_path / "out/r.html").read_text()
    assert "src=" not in page and "href=" not in page and "PANIC" in page and "<caption>" in page


def test_the_failure_report_says_all_that_a_student_needs(grade, tiny) -> None:
    _, text, _ = grade(tiny("kWrongNumber"))
    for wanted in ("The first row to look at: first_call", "spec:", "FAIL:", "expected:", "got:",
                   "console, its last lines", "make grade T=first_call V=1 SEED=7",
                   "make debug T=first_call SEED=7", "make why T=first_call"):
        assert wanted in text, wanted
    assert "\x1b" not in text


def test_results_are_there_after_each_row(grade, tiny, tree: Path, monkeypatch) -> None:
    """A run that is cut short leaves what it had."""
    from grading import report_files
    seen = []
    original = report_files.write_json

    def spy(results: object) -> None:
        original(results)
        seen.append(json.loads((tree / "build/results.json").read_text())["extra_data"]["complete"])
    monkeypatch.setattr(report_files, "write_json", spy)
    grade(tiny())
    assert seen == [False, True, True]


HIDDEN_ROW = '''
[[rows]]
id = "asks_in_secret"
spec = "A sentence that no student has read."
points = 40
program = "asks"
visibility = "hidden"
'''


def test_a_hidden_row_is_in_no_students_report(grade, tiny, tree: Path, tmp_path: Path) -> None:
    """Its name, sentence and points are in results.json, marked for Gradescope, and told on the instructor's terminal."""
    toml = tree / "labs/01-toy/lab.toml"
    toml.write_text(toml.read_text() + HIDDEN_ROW)
    _, text, _ = grade(tiny("kWrongNumber"), **files_of(tmp_path / "out"))
    data = json.loads((tmp_path / "out/r.json").read_text())
    for report in (data["output"], (tmp_path / "out/r.html").read_text(), (tmp_path / "out/r.xml").read_text()):
        assert not any(told in report for told in ("asks_in_secret", "no student has read", "40", "45")), report
    hidden = data["tests"][-1]
    assert (hidden["name"], hidden["visibility"], hidden["number"]) == ("asks_in_secret", "hidden", "1.hidden.1")
    assert "HIDDEN toy riscv64 0/40" in text and text.splitlines()[-1] == "SCORE toy riscv64 0/5"


def command(tree: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **variables}
    return subprocess.run([sys.executable, "-m", "grading", *words, "--root", str(tree)], text=True,
                          capture_output=True, cwd=ROOT, env=environment, timeout=600)


def test_replay_repeats_a_run_from_its_results(tree: Path, tiny, objects: Path, tmp_path: Path) -> None:
    given = ["--kernel", str(tiny("kWrongNumber")), "--objects", str(objects)]
    first = command(tree, "grade", "--rows", "first_call", "--seed", "99", *given)
    assert first.returncode == 1
    kept = tmp_path / "kept.json"
    kept.write_text((tree / "build/results.json").read_text())
    second = command(tree, "grade", "--replay", str(kept), *given)
    assert first.stdout == second.stdout and "SEED=99" in second.stdout


def test_a_missing_or_old_qemu_is_named_with_the_next_command(tree: Path, tiny, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for version, wanted in ((None, "not installed"), ("6.2.0", "too old")):
        if version:
            fake = empty / "qemu-system-riscv64"
            fake.write_text(f"#!/bin/sh\necho QEMU emulator version {version}\n")
            fake.chmod(0o755)
        done = command(tree, "grade", "--kernel", str(tiny()), PATH=f"{empty}:/nowhere" if not version
                       else f"{empty}:/usr/bin:/bin")
        assert done.returncode == 2 and "INFRA" in done.stderr and wanted in done.stderr
        assert "make doctor" in done.stderr


def test_an_unknown_row_lists_the_rows(tree: Path) -> None:
    done = command(tree, "grade", "--rows", "nothing")
    assert done.returncode == 2 and "first_call, knows_itself" in done.stderr


def test_why_explains_and_hint_gives_one_more_each_time(tree: Path) -> None:
    path = tree / "labs/01-toy/lab.toml"
    path.write_text(path.read_text().replace("program = \"asks\"", 'program = "asks"\nwhy = "Look at the table."\n'
                                             'hints = ["first thought", "second thought"]'))
    said = command(tree, "why", "--rows", "knows_itself").stdout
    assert "getpid answers 1." in said and "Look at the table." in said and "first_call" in said
    one = command(tree, "hint", "--rows", "knows_itself").stdout
    two = command(tree, "hint", "--rows", "knows_itself").stdout
    assert "first thought" in one and "second thought" not in one and "second thought" in two


def test_v_shows_the_console_as_it_comes(tree: Path, tiny, objects: Path) -> None:
    given = ["--kernel", str(tiny()), "--objects", str(objects), "--rows", "first_call"]
    said = command(tree, "grade", "--verbose", *given).stdout
    assert "  | first call" in said and said.index("  | first call") < said.index("Cairn, riscv64")


def test_a_terminal_sees_progress_and_colour_unless_told_otherwise(tree: Path, tiny, objects: Path) -> None:
    given = ["--kernel", str(tiny()), "--objects", str(objects), "--root", str(tree)]
    run = f"{sys.executable} -m grading grade {' '.join(given)}"

    def on_a_terminal(**variables: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **variables}
        return subprocess.run(["script", "-qec", run, "/dev/null"], stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, cwd=ROOT, env=environment, timeout=600).stdout
    colourful = on_a_terminal()
    assert "rows; now" in colourful and "\x1b[32mPASS" in colourful
    assert "\x1b" not in on_a_terminal(PLAIN="1")
    assert "\x1b[32m" not in on_a_terminal(NO_COLOR="1")
