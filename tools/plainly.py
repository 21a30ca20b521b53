"""How a command of this tree ends when the machine fails it: one line, never a traceback.

A full disk, a folder that may not be written to, a reader that went away, Ctrl-C: none is a fault of the program's.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable


def text(error: OSError) -> str:
    """What went wrong and where; the system's own words."""
    where = f": {os.fsdecode(error.filename)}" if error.filename is not None else ""
    return f"{error.strerror or error}{where}"


def open_standard_files() -> None:
    """A number that is free would be taken by the next file opened, and what is printed would go there."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)      # takes the lowest free number: this one


def run(main: Callable[[], int | None], name: str) -> int:
    """Runs a command's `main`; returns its exit status."""
    open_standard_files()
    try:
        status = main() or 0
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print(f"\n{name}: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    except BrokenPipeError:         # `| head`: the reader has seen enough
        discard_output()
        return 128 + signal.SIGPIPE
    except OSError as error:
        discard_output()
        print(f"{name}: {text(error)}", file=sys.stderr)
        return 2


def discard_output() -> None:
    """What is still to be written would fail once more when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
