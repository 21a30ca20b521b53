#!/usr/bin/env python3
"""Refuse names that two object files define, from the output of `nm -A --defined-only --extern-only` on standard input.

The linker refuses two strong definitions. It takes a strong one in the place of the weak ones without a word: those of
functions that a header defines, which every file has that uses them. So could one file change what the others call.
"""
import sys

WEAK = "VWu"


def main():
    places = {}
    for line in sys.stdin:
        place, _, rest = line.rstrip("\n").partition(":")
        words = rest.split()
        if len(words) >= 2:
            places.setdefault(words[-1], ([], []))[words[-2] in WEAK].append(place)
    wrong = [(name, strong, weak) for name, (strong, weak) in places.items()
             if strong and weak or weak and not name.startswith(("_Z", "DW.ref."))]
    for name, strong, weak in wrong:
        print(f"{(strong or weak)[0]}: error: {name} is defined here "
              + (f"and, in another way, in {weak[0]}" if strong else "as a weak symbol"), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
