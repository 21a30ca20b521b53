"""What one grading run was asked for, and the draws that one SEED decides."""
from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

from .proof import BASES, SECRET_SIZE


@dataclasses.dataclass
class Settings:
    root: Path                          # the tree that the grader and its tests are of
    sources: Path | None = None         # the tree whose kernel is graded, if it is another one: a graft
    arch: str = "riscv64"
    mode: str = "debug"
    seed: int = 0
    labs: list[str] = dataclasses.field(default_factory=list)       # empty: every lab there is
    rows: list[str] = dataclasses.field(default_factory=list)       # empty: every row
    verbose: bool = False
    jobs: int = 2
    build: Path = Path("build")
    compiler: str = "riscv64-linux-gnu-"
    kernel: Path | None = None          # another kernel: a fixture, or Debian's (make oracle)
    objects: Path | None = None         # another folder of test programs
    json: list[Path] = dataclasses.field(default_factory=list)
    results_name: str = ""              # of the file in the build folder: report_files.claim_results
    junit: Path | None = None
    html: Path | None = None
    plain: bool = False
    full: bool = False                  # race rows search all of their seeds
    given: bool = False                 # rows of provided code too, which carry no points
    brief: bool = False                 # no second look at a machine that timed out: for proofs, which read verdicts only
    course: object = None               # a model.Course given by a test; else read from root

    @property
    def kernel_path(self) -> Path:
        return self.kernel or self.root / self.build / self.arch / self.mode / "kernel.elf"

    @property
    def graded(self) -> Path:
        """Where the sources under test are; only rows of kind host and reports look there."""
        return self.sources or self.root

    @property
    def arch_word(self) -> str:
        """What a printed command says behind its other words, so that make takes this CPU."""
        return "" if self.arch == "riscv64" else f" ARCH={self.arch}"

    @property
    def user_path(self) -> Path:
        return self.objects or self.root / self.build / self.arch / "user"


class Draw:
    """Everything random about a row: SHA-256 of (SEED, row id, what for, a counter)."""

    def __init__(self, seed: int, row: str):
        self.seed = seed
        self.row = row

    def bytes(self, label: str, size: int) -> bytes:
        text = b""
        while len(text) < size:
            text += hashlib.sha256(f"{self.seed}\0{self.row}\0{label}\0{len(text)}".encode()).digest()
        return text[:size]

    def below(self, label: str, limit: int) -> int:
        return int.from_bytes(self.bytes(label, 16), "little") % limit

    @property
    def secret(self) -> bytes:
        return self.bytes("secret", SECRET_SIZE)

    @property
    def base(self) -> int:
        """The address at which the program is linked."""
        low, high = BASES
        place = self.below("base", len(low) + len(high))
        return low[place] if place < len(low) else high[place - len(low)]

    @property
    def padding(self) -> bytes:
        """What lies in front of the secret in the program."""
        return self.bytes("padding", 8 * self.below("padding", 4096))

    @property
    def boot_seed(self) -> int:
        return 1 + self.below("boot seed", (1 << 31) - 2)

    def name(self, label: str) -> str:
        """A file name that says nothing."""
        letters = "abcdefghijklmnopqrstuvwxyz0123456789"
        drawn = self.bytes("name " + label, 8)
        length = 5 + drawn[0] % 3
        return letters[drawn[1] % 26] + "".join(letters[b % 36] for b in drawn[2:1 + length])
