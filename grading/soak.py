"""`make soak`: the same score whatever the host does. Each SEED is graded twice, the second time under load.

Both reports must be the same, byte for byte, and give full marks. Ends with 0 only then.
"""
from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

from tools import plainly

LONGEST_RUN_SECONDS = 1800


def load(processes: int) -> list[subprocess.Popen]:
    """Processes that do nothing but want a CPU."""
    return [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]


def grade(seed: int, flags: list[str]) -> tuple[str, int, float]:
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "grading", "grade", "--seed", str(seed), "--plain", *flags],
                          stdout=subprocess.PIPE, text=True, timeout=LONGEST_RUN_SECONDS)
    return done.stdout, done.returncode, time.monotonic() - start


def soak(seed: int, processes: int, flags: list[str]) -> bool:
    alone, status, seconds = grade(seed, flags)
    busy = load(processes)
    try:
        loaded, _, loaded_seconds = grade(seed, flags)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    good = status == 0 and alone == loaded
    word = "the same, in full" if good else "NOT IN FULL" if alone == loaded else "NOT THE SAME"
    print(f"SEED={seed}: {word}; {seconds:.0f} s, under load {loaded_seconds:.0f} s", flush=True)
    if not good:
        print(alone, loaded if alone != loaded else "", sep="\n")
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--load", type=int, default=3 * (os.cpu_count() or 1), help="busy processes")
    o, flags = parser.parse_known_args()
    results = [soak(seed, o.load, flags) for seed in range(o.first, o.first + o.seeds)]
    print(f"soak: {sum(results)} of {len(results)} seeds in full, with and without load")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(plainly.run(main, "make soak"))
