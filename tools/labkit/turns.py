"""What `make check-labs` proves at each commit, and what by turns: with each lab there are more proofs, and no more time.

The newest set of labs is proven on each CPU, an older one on one CPU by turns; of the wrong solutions a share by turns. What grades
every row of the newest set is done on one CPU by turns as well: `make grade` does it on the complete tree. The turn is the number of
commits, so that commits that follow each other prove what the others left out. FULL=1 proves everything, and so does a choice
(ONLY=, LAB=, NAME=) of what it names.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .model import Course, Wrong

NEWEST, OLDER = 32, 24      # wrong solutions a turn: of the newest set, of all older ones


def turn_of(root: Path) -> int:
    """TURN of the environment, else how many commits there are."""
    if os.environ.get("TURN", "").isdigit():
        return int(os.environ["TURN"])
    done = subprocess.run(["git", "-C", str(root), "rev-list", "--count", "HEAD"], capture_output=True, text=True)
    return int(done.stdout) if done.returncode == 0 else 0


@dataclass(frozen=True)
class Turns:
    """The choice of one turn; without a turn it is everything, a mistake that belongs to no one CPU on one of them."""
    course: Course
    turn: int | None

    def arches(self, labs: list[str]) -> list[str]:
        if self.turn is None or labs == self.course.sets[-1]:
            return self.course.arches
        return [self.course.arches[(self.turn + self.course.sets.index(labs)) % len(self.course.arches)]]

    def every_row(self, labs: list[str], arch: str) -> bool:
        """Whether proofs that grade every row of these labs are done on this CPU."""
        return self.turn is None or labs != self.course.sets[-1] or arch == self.course.arches[self.turn % len(self.course.arches)]

    def wrongs(self, labs: list[str], arch: str, wrongs: list[Wrong]) -> list[Wrong]:
        """Those of these (all that there are on this CPU, in one order on each CPU) that are proven on it."""
        arches = self.course.arches
        free = [wrong for wrong in wrongs if not wrong.arch]
        bound = [wrong for wrong in wrongs if wrong.arch]
        if self.turn is None:
            return every(bound, 1, 0) + every(free, len(arches), arches.index(arch))
        if labs != self.course.sets[-1]:        # arches() has chosen the CPU
            shares = shares_of(free, OLDER // (len(self.course.sets) - 1))
            turn = self.turn // len(arches)
            return every(bound, shares, turn) + every(free, shares, turn)
        shares = shares_of(free, NEWEST)
        lap = self.turn // shares
        share = every(free, shares, self.turn)
        return every(bound, shares, self.turn) + every(share, len(arches), arches.index(arch) + lap)


def shares_of(wrongs: list[Wrong], at_a_time: int) -> int:
    return max(1, -(-len(wrongs) // max(1, at_a_time)))


def every(wrongs: list[Wrong], shares: int, turn: int) -> list[Wrong]:
    return wrongs[turn % shares::shares]
