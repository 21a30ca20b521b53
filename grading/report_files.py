"""The files of a run: results.json (Gradescope's fields and ours), JUnit XML, one HTML page.

Nothing here depends on the clock, the host's load or a path: one SEED, one file, byte for byte.
"""
from __future__ import annotations

import fcntl
import functools
import hashlib
import json
import os
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import jinja2

from tools import qemu

from . import report
from .settings import Settings
from .verdicts import Outcome, Verdict

DEFAULT_JSON = "results.json"
MOST_GRADERS = 100


@functools.lru_cache
def tool_versions(arch: str, compiler: str) -> dict[str, str]:
    """The first lines that the tools say of themselves."""
    versions = {"qemu": qemu.version(arch)[1]}
    try:
        said = subprocess.run([f"{compiler}g++", "--version"], capture_output=True, text=True, timeout=60)
        versions["compiler"] = said.stdout.splitlines()[0]
    except (OSError, IndexError, subprocess.TimeoutExpired):
        versions["compiler"] = "missing"
    return versions


def lab_version(settings: Settings, lab: object) -> str:
    """What a lab was when it graded: a digest of its rows and of the grader."""
    digest = hashlib.sha256()
    files = [lab.folder / "lab.toml", *sorted((settings.root / "grading").glob("*.py"))]
    for path in files:
        if path.exists():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def as_dictionary(results: report.Results) -> dict:
    """results.json. Gradescope reads score, output, tests and visibility; the rest is ours. It holds hidden rows, which
    Gradescope hides; the other reports hold none."""
    settings = results.settings
    tests = []
    total = 0
    for lab, rows in results.selected:
        for row, outcome in results.pairs(rows):
            total += outcome.points
            tests.append(test_entry(results, lab, row, outcome))
    return {
        "score": total,
        "output": "\n".join(report.score_lines(results)),
        "output_format": "text",
        "visibility": "visible",
        "tests": tests,
        "extra_data": {
            "seed": settings.seed,
            "arch": settings.arch,
            "labs": [lab.id for lab, _ in results.selected],
            "rows": sorted(settings.rows),
            "complete": results.done == results.count,
            "lab_versions": {lab.id: lab_version(settings, lab) for lab, _ in results.selected},
            "tools": tool_versions(settings.arch, settings.compiler),
            "scores": {lab.id: dict(zip(("points", "possible"), results.score(rows)))
                       for lab, rows in results.selected},
        },
    }


def test_entry(results: report.Results, lab: object, row: object, outcome: Outcome) -> dict:
    paint = report.Paint(results.settings, _NoTerminal())
    shown = "" if outcome.passed else "\n".join(report.failure_lines(results, row, outcome, paint)[1:])
    return {
        "name": row.id,
        "number": number_of(lab, row),
        "score": outcome.points,
        "max_score": outcome.possible,
        "status": "passed" if outcome.passed else "failed",
        "output": shown,
        "tags": [lab.id, f"part {row.part}", row.theme],
        "visibility": {"public": "visible", "hidden": "hidden", "after_due": "after_due_date"}[row.visibility],
        "extra_data": {
            "lab": lab.id, "verdict": outcome.verdict.value, "spec": row.spec, "reason": outcome.reason,
            "detail": outcome.detail, "expected": outcome.expected, "got": outcome.got,
            "boot_seed": outcome.boot_seed,
        },
    }


def number_of(lab: object, row: object) -> str:
    """Hidden rows are numbered by themselves, so that no gap tells of them."""
    kin = [one.id for one in lab.rows if (one.visibility == "public") == (row.visibility == "public")]
    return f"{lab.number}.{'' if row.visibility == 'public' else 'hidden.'}{kin.index(row.id) + 1}"


class _NoTerminal:
    @staticmethod
    def isatty() -> bool:
        return False


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def json_paths(settings: Settings) -> list[Path]:
    return [settings.root / settings.build / (settings.results_name or DEFAULT_JSON), *settings.json]


_claimed: set[Path] = set()     # locks that this process holds: one that grades twice keeps its place


def claim_results(settings: Settings) -> None:
    """Results of its own for each of several graders that run in one tree at a time: the first one has results.json."""
    folder = settings.root / settings.build
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, MOST_GRADERS):
        settings.results_name = DEFAULT_JSON if number == 1 else f"results.{number}.json"
        lock = (folder / f".{settings.results_name}.lock").resolve()
        if lock in _claimed:
            return
        claim = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)       # until this process ends
        except BlockingIOError:
            os.close(claim)
            continue
        _claimed.add(lock)
        if number > 1:
            print(f"grade: another grading runs in this tree; the results of this one: {settings.build}/{settings.results_name}", flush=True)
        return


def write_json(results: report.Results) -> None:
    text = json.dumps(as_dictionary(results), indent=1, ensure_ascii=False) + "\n"
    for path in json_paths(results.settings):
        _write(path, text)


def write_junit(results: report.Results, path: Path) -> None:
    top = ElementTree.Element("testsuites")
    for lab, rows in results.shown:
        pairs = results.pairs(rows)
        skipped = [o for _, o in pairs if o.verdict is Verdict.Skip]
        infra = [o for _, o in pairs if o.verdict is Verdict.Infra]
        failed = [o for _, o in pairs if not o.passed and o not in skipped and o not in infra]
        suite = ElementTree.SubElement(top, "testsuite", name=f"{lab.id}.{results.settings.arch}",
                                       tests=str(len(pairs)), failures=str(len(failed)),
                                       errors=str(len(infra)), skipped=str(len(skipped)))
        for row, outcome in pairs:
            case = ElementTree.SubElement(suite, "testcase", classname=f"{lab.id}.{results.settings.arch}",
                                          name=row.id)
            if outcome.passed:
                continue
            tag = {Verdict.Skip: "skipped", Verdict.Infra: "error"}.get(outcome.verdict, "failure")
            element = ElementTree.SubElement(case, tag, message=_xml(outcome.reason))
            element.text = _xml("\n".join([row.spec, *outcome.console]))
    ElementTree.indent(top)
    _write(path, ElementTree.tostring(top, encoding="unicode", xml_declaration=True) + "\n")


def _xml(text: str) -> str:
    """What XML may hold of a text."""
    return "".join(c for c in text if c in "\n\t" or c.isprintable())


def write_html(results: report.Results, path: Path) -> None:
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    template = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True,
                                  lstrip_blocks=True).get_template("report.html.j2")
    labs = [{"lab": lab, "score": results.score(rows),
             "groups": [(title, results.score(members), results.pairs(members))
                        for title, members in report.groups(rows)]}
            for lab, rows in results.shown]
    _write(path, template.render(
        settings=results.settings, labs=labs, scores=report.score_lines(results),
        tools=tool_versions(results.settings.arch, results.settings.compiler),
        commands=lambda row, outcome: report.next_commands(results.settings, row, outcome)))


def write_all(results: report.Results) -> None:
    write_json(results)
    if results.settings.junit:
        write_junit(results, results.settings.junit)
    if results.settings.html:
        write_html(results, results.settings.html)
