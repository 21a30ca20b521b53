"""`python3 -m grading.unbuilt [--errors FILE] RESULTS...`: the results of a grading that has come to no row.

Written before anything is built, so that no earlier results are taken for this grading's; written over by the grader.
"""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools import plainly
from tools.labkit.compiler_text import first_error
from tools.labkit.results import write_failure

MOST_LETTERS = 4000


def reason_in(errors: str) -> str:
    """The first error of compiler or linker, or what make said last."""
    return (first_error(errors) or "\n".join(errors.splitlines()[-3:]))[:MOST_LETTERS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=Path, help="what compiler and linker said")
    parser.add_argument("results", type=Path, nargs="+")
    o = parser.parse_args()
    reason = "no row was graded: the build or the grader ended before; what they printed says why"
    if o.errors:
        reason = "the kernel does not build:\n" + reason_in(o.errors.read_text(encoding="utf-8", errors="replace"))
    for path in o.results:
        write_failure(path, reason)


if __name__ == "__main__":
    sys.exit(plainly.run(main, "make grade"))
