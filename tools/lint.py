#!/usr/bin/env python3
"""The rules that a program can check (`make lint`): tools/lintkit/ holds them, one function each.

Prints each problem as FILE:LINE: what is wrong, then `N passed, N failed, N skipped`, counted in rules.
Exit status 0 if every rule holds. `--report` prints sizes, which are aims and no rules.
`--format` lays C++ out as clang-format does it (`make format`).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lintkit import abi, code, hygiene, prose  # noqa: E402  (the folder beside this file)
from lintkit.sources import Missing, Tree  # noqa: E402

MOST_SHOWN = 20  # problems of one rule


def rules() -> list:
    return code.RULES + abi.RULES + prose.RULES + hygiene.RULES


def name_of(rule) -> str:
    return rule.__name__.removesuffix("_rule").replace("_", "-")


def check(tree: Tree, only: set[str]) -> int:
    passed = failed = skipped = 0
    for rule in rules():
        if only and name_of(rule) not in only:
            continue
        try:
            problems = list(rule(tree))
        except Missing as missing:
            print(f"{name_of(rule)}: SKIP: {missing}")
            skipped += 1
            continue
        if not problems:
            passed += 1
            continue
        failed += 1
        print(f"{name_of(rule)}: {rule.__doc__}")
        for problem in problems[:MOST_SHOWN]:
            print(f"  {problem}")
        if len(problems) > MOST_SHOWN:
            print(f"  and {len(problems) - MOST_SHOWN} more of this rule: tools/lint.py {name_of(rule)} --all")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Check the rules that a program can check.")
    parser.add_argument("rules", nargs="*", help="only these rules")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent, help="the tree to look at")
    parser.add_argument("--list", action="store_true", help="name the rules")
    parser.add_argument("--report", action="store_true", help="print sizes")
    parser.add_argument("--format", action="store_true", help="lay C++ out")
    parser.add_argument("--all", action="store_true", help="show every problem of a rule")
    options = parser.parse_args()
    if options.all:
        global MOST_SHOWN
        MOST_SHOWN = sys.maxsize
    if options.list:
        for rule in rules():
            print(f"{name_of(rule):20} {rule.__doc__}")
        return 0
    tree = Tree(options.root)
    if options.format:
        try:
            done = hygiene.clang_format(tree, "-i")
        except Missing as missing:
            print(f"format: {missing}")
            return 1
        print(done.stderr, end="")
        return done.returncode
    if options.report:
        print("\n".join(code.report(tree)))
        return 0
    unknown = set(options.rules) - {name_of(rule) for rule in rules()}
    if unknown:
        print(f"lint: there is no rule {', '.join(sorted(unknown))}; the rules are: tools/lint.py --list")
        return 2
    return check(tree, set(options.rules))


if __name__ == "__main__":
    sys.exit(main())
