"""A bench: one scratch tree on which `check` lays step trees and grades them, incrementally.

Only files whose content changes are written, so that make rebuilds what depends on them and nothing else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import bounds

from .compiler_text import first_error
from .errors import LabError
from .known import Known, cache_folder, key_of
from .laying import write_tree
from .manifest import MANIFEST, File, format_manifest
from .model import Course, Row
from .results import Result, failure_in, read_results

SEED = 1
BUILD_SECONDS = 600
GRADE_SECONDS = 900
IDLE_SECONDS = 300
FELL = ("FAIL", "PANIC", "TIMEOUT")


def run_bounded(command: list[str], seconds: int) -> tuple[int, str]:
    """Runs a command that takes less than `seconds` of two processors; status and output. On a loaded machine it takes longer."""
    with tempfile.TemporaryFile() as output, \
            subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
                             env={**clean_environment(), **compiler_cache()}) as process:
        late = bounds.wait(process, 2 * seconds, IDLE_SECONDS, lambda: os.fstat(output.fileno()).st_size)
        output.seek(0)
        text = output.read().decode(errors="replace")
        return (124, f"{text}\n({late})") if late else (process.returncode, text)


def clean_environment() -> dict[str, str]:
    """The environment without what an outer make passes down; LAB= of the caller is not LAB= of the tree."""
    gone = {"MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "LAB", "DIR", "FULL", "ONLY", "JSON", "ROWS", "T",
            "JUNIT_DIR", "SEED", "WHOLE_TREE", "ARCH", "MODE", "V"}
    return {name: value for name, value in os.environ.items() if name not in gone}


def compiler_cache() -> dict[str, str]:
    """What lets compilers remember: most files of one scratch tree are those of another. Nobody debugs there, so that the folder
    in which a file was compiled first may stand in the debug information of all."""
    links = Path("/usr/lib/ccache")
    if not links.is_dir():
        return {}
    return {"PATH": f"{links}:{os.environ['PATH']}", "CCACHE_DIR": str(cache_folder() / "compiler"), "CCACHE_MAXSIZE": "2G", "CCACHE_NOHASHDIR": "1",
            "CCACHE_SLOPPINESS": "pch_defines,time_macros,include_file_mtime,include_file_ctime"}


def behind_closure(rows: list[Row], wanted: set[str]) -> list[str]:
    """The wanted rows and all rows that they stand behind, in the lab's order."""
    by_id = {row.id: row for row in rows}
    todo, inside = list(wanted), set()
    while todo:
        row_id = todo.pop()
        if row_id in by_id and row_id not in inside:
            inside.add(row_id)
            todo += by_id[row_id].behind
    return [row.id for row in rows if row.id in inside]


class Bench:
    """One worker's scratch tree for one set of labs and one CPU."""

    def __init__(self, folder: Path, course: Course, arch: str, rows_at_a_time: int = 1, known: Known | None = None):
        self.folder, self.course, self.arch = folder, course, arch
        self.rows_at_a_time = rows_at_a_time
        self.known = known
        self.clean = True
        self._files: dict[str, File] = {}
        self._is_written = False

    def lay(self, files: dict[str, File], clean: bool = True) -> None:
        """Lays a tree; `clean`: it is meant to build without a warning. It is written when something is made of it."""
        self.clean, self._files, self._is_written = clean, dict(files), False

    def write(self) -> None:
        """The tree is in the folder when this returns."""
        if self._is_written or not self._files:
            return
        self._files[MANIFEST] = File(format_manifest(self._files).encode())
        write_tree(self.folder, self._files)
        self._is_written = True

    def make(self, *arguments: str, seconds: int = BUILD_SECONDS) -> tuple[int, str]:
        self.write()
        return run_bounded(["make", "--no-print-directory", f"-j{self.rows_at_a_time}", "-C", str(self.folder),
                            f"ARCH={self.arch}", *arguments], seconds)

    def warned(self, out: str) -> None:
        """A warning of the compiler is an error where the tree is meant to be clean."""
        warnings = [line for line in out.splitlines() if "warning:" in line]
        if not warnings or not self.clean:
            return
        # The next build would not repeat the warning: make it.
        shutil.rmtree(self.folder / "build", ignore_errors=True)
        raise LabError("the tree builds with warnings", expected="a build without a warning",
                       got=last_lines("\n".join(warnings)), where=str(self.folder),
                       run=f"make -C {self.folder} kernel ARCH={self.arch}")

    def grade(self, lab: str, rows: list[str] | None = None) -> dict[str, Result]:
        """Grades one lab, or some of its rows, on the tree as it lies; the results by row."""
        out = self.folder / "build" / f"check-{lab}.json"
        key = ""
        if self.known is not None:
            key = key_of(self._files, self.arch, lab, ",".join(rows or []), str(SEED), "clean" if self.clean else "edited")
            if (before := self.known.find(key)) is not None:
                out.parent.mkdir(parents=True, exist_ok=True)
                out.write_bytes(before)
                return self._results(out, lab)
        out.unlink(missing_ok=True)
        arguments = ["grade", f"LAB={lab}", "WHOLE_TREE=1", f"JSON={out.relative_to(self.folder)}", f"SEED={SEED}",
                     f"JOBS={self.rows_at_a_time}", "BRIEF=1"]
        if rows is not None:
            arguments.append(f"ROWS={','.join(rows)}")
        status, text = self.make(*arguments, seconds=GRADE_SECONDS)
        again = f"make -C {self.folder} ARCH={self.arch} " + " ".join(arguments)
        if not out.is_file():
            raise LabError("the tree does not build, or the grader left no results", expected=str(out),
                           got=f"status {status}: {first_error(text) or last_lines(text)}", where=str(self.folder), run=again)
        if reason := failure_in(out):
            raise LabError("the tree does not build", expected="results of the rows", got=reason, where=str(self.folder),
                           run=again)
        self.warned(text)
        results = self._results(out, lab)
        missing = sorted(set(rows or []) - set(results))
        if missing:
            raise LabError("the grader left rows out", expected=", ".join(missing), got=", ".join(results) or "none",
                           where=str(out), run=again)
        if self.known is not None and all(result.verdict != "INFRA" for result in results.values()):
            self.known.keep(key, out.read_bytes())
        return results

    def _results(self, out: Path, lab: str) -> dict[str, Result]:
        results = {}
        for result in read_results(out):
            result.where = (f"make -C {self.folder} ARCH={self.arch} grade LAB={lab} WHOLE_TREE=1 SEED={SEED} "
                            f"T={result.id}")
            if result.lab == lab:
                results[result.id] = result
        return results


def last_lines(text: str, count: int = 6) -> str:
    return "\n".join(text.strip().splitlines()[-count:])


def must_pass(results: dict[str, Result], rows: list[str], what: str) -> list[LabError]:
    return [LabError(f"{what}: row {results[row].lab}/{row} is not green", expected="PASS",
                     got=f"{results[row].verdict}: {results[row].reason}",
                     run=results[row].where)
            for row in rows if results[row].verdict != "PASS"]
