#!/usr/bin/env python3
"""The lab tool: lists the labs, cuts step trees from the one source tree, grafts, adopts and proves them.

A thin command line; the work is done in tools/labkit/. `tools/labs.py COMMAND --help` explains a command.
Exit status: 0 done, 1 a proof failed, 2 an error that is named on standard error.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import plainly  # noqa: E402  (the path has to be set first)
from labkit.errors import LabError  # noqa: E402

# Where each command lives; a hand-out lacks the modules that only the one source tree can use.
COMMANDS = {
    "list": ("listing", "the labs, their rooms and rows"),
    "cut": ("cut_command", "cut a step tree or a repository of hand-outs"),
    "start": ("start_command", "cut a hand-out to work in"),
    "check": ("check_command", "prove every step tree of this tree"),
    "graft": ("graft_command", "lay the rooms of a submission into a pristine tree"),
    "adopt": ("adopt", "take the edits of a cut tree back into the one source tree"),
    "spec": ("specification", "compare the rows that the hand-outs print with lab.toml, or write them"),
    "next": ("student", "the next open room of a hand-out"),
    "handin": ("student", "pack a hand-in"),
    "update": ("student", "fetch corrections of a hand-out"),
}


def parser_for(name: str) -> argparse.ArgumentParser:
    """The parser of one command; its module adds the options."""
    module_name, text = COMMANDS[name]
    parser = argparse.ArgumentParser(prog=f"labs.py {name}", description=text)
    parser.add_argument("--root", type=Path, default=Path("."), help="the tree to work on (default: here)")
    try:
        module = importlib.import_module(f"labkit.{module_name}")
    except ModuleNotFoundError as error:
        if error.name != f"labkit.{module_name}":
            raise
        raise LabError(f"`{name}` works in the one source tree only", expected=f"tools/labkit/{module_name}.py",
                       got="a hand-out, which does not hold it", run="tools/labs.py --help") from None
    getattr(module, f"add_{name}_options")(parser)
    parser.set_defaults(work=getattr(module, f"run_{name}"))
    return parser


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        print("usage: labs.py COMMAND [options]\n")
        for name, (_, text) in COMMANDS.items():
            print(f"  {name:<8} {text}")
        return 0 if arguments else 2
    if arguments[0] not in COMMANDS:
        raise LabError(f"there is no command `{arguments[0]}`", expected=", ".join(COMMANDS), got=arguments[0],
                       run="tools/labs.py --help")
    options = parser_for(arguments[0]).parse_args(arguments[1:])
    return options.work(options) or 0


def told(arguments: list[str]) -> int:
    try:
        return main(arguments)
    except LabError as error:
        print(f"labs.py: {error.text()}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(plainly.run(lambda: told(sys.argv[1:]), "labs.py"))
