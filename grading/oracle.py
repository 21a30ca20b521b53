"""`make oracle`: the rows' programs, with their secrets and their verifier, on Linux in place of Cairn.

Each row is asked twice where that is possible: natively on this host, and on Debian's kernel for the
row's CPU under QEMU. A row says in lab.toml what Linux has to do with it: `same`; `tolerance` (its
program accepts more than one answer, or its witness outside is Cairn's alone); or `none(reason)`.
"""
from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from tools import plainly
from tools.labkit import model

from . import linux, rows
from .__main__ import words
from .bench import Bench
from .linux import NoReferee
from .settings import Settings
from .verdicts import RowEnded

MOST_NONE = 5           # fewer than one row of so many may be outside the referee's reach
NATIVE_TRIES = 3


def program_of(row: model.Row) -> str:
    return row.extra.get("linux_program") or (row.program if row.kind != "host" else "")


def ends_of(row: model.Row) -> str:
    return "" if "linux_program" in row.extra else row.extra.get("ends", "")


class Oracle:
    """One run over the rows of some labs."""

    def __init__(self, settings: Settings, native_user: Path | None):
        self.settings = settings
        self.native_user = native_user
        self.scratch = Path(tempfile.mkdtemp(prefix="oracle-", dir=settings.root / settings.build))
        self.verdicts: dict[tuple[str, str], dict[str, str]] = {}     # (lab, row) -> tier -> verdict
        self.failures: list[str] = []

    def bench(self, row: model.Row, settings: Settings, tier: str) -> Bench:
        folder = self.scratch / f"{row.lab}-{row.id}-{tier}"
        folder.mkdir()
        return Bench(settings, row, folder)

    def judge(self, row: model.Row, tier: str, program: object, ended: linux.Ended | None) -> None:
        verdict = "PASS"
        try:
            if ended is None:
                raise RowEnded("the program did not come to its end")
            linux.judge(program, ended, ends_of(row))
        except RowEnded as end:
            verdict = "FAIL"
            self.failures.append(f"{row.id} ({tier}): {end.reason}\n    expected: {end.expected}\n"
                                 f"    got:      {end.got}")
        self.verdicts[row.lab, row.id][tier] = verdict

    def run(self, chosen: list[model.Row]) -> str:
        """Asks both referees; returns why one could not be asked, or nothing."""
        asked = []
        for row in chosen:
            self.verdicts[row.lab, row.id] = {}
            if not row.linux.startswith("none"):
                asked.append(row)
        reasons = [self.natively(asked), self.under_qemu(asked)]
        return "\n".join(reason for reason in reasons if reason)

    def natively(self, asked: list[model.Row]) -> str:
        try:
            arch = linux.native_arch()
            if self.native_user is None:
                raise NoReferee("the programs are not built for this host")
        except NoReferee as reason:
            return f"SKIP natively: {reason}"
        settings = Settings(root=self.settings.root, arch=arch, seed=self.settings.seed,
                            build=self.settings.build, compiler="", objects=self.native_user)
        for row in asked:
            if not row.on(arch) or (row.extra.get("root") and os.geteuid() != 0):
                continue        # programs that become another user begin as root
            self.ask_natively(row, settings)
        return ""

    def ask_natively(self, row: model.Row, settings: Settings) -> None:
        """This host does other things as well, which disturb what rows measure: what fails once is asked again."""
        bench = self.bench(row, settings, "native")
        known = len(self.failures)
        for _ in range(NATIVE_TRIES):
            del self.failures[known:]
            try:
                program = bench.program(program_of(row))
                self.judge(row, "native", program, linux.run_natively(program, shlex.split(row.args), bench.scratch))
            except RowEnded as end:
                self.failures.append(f"{row.id} (native): {end.reason}")
                self.verdicts[row.lab, row.id]["native"] = "FAIL"
            if self.verdicts[row.lab, row.id]["native"] == "PASS":
                return

    def under_qemu(self, asked: list[model.Row]) -> str:
        settings = self.settings
        try:
            kernel = linux.find_kernel(settings.arch, settings.root / settings.build / "oracle")
            first = settings.user_path / "bin" / "oracle_init.elf"
            programs = [self.bench(row, settings, "qemu").program(program_of(row)) for row in asked]
            todo = [(program, shlex.split(row.args)) for program, row in zip(programs, asked)]
            ends = linux.run_in_qemu(settings.arch, kernel, first.read_bytes(), todo, self.scratch)
        except NoReferee as reason:
            return f"SKIP under QEMU: {reason}"
        for row, program, ended in zip(asked, programs, ends):
            self.judge(row, "qemu", program, ended)
        self.kernel_name = kernel.name
        return ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make oracle", description=__doc__)
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--compiler", default="riscv64-linux-gnu-")
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--native-user", type=Path, help="programs built for this host")
    parser.add_argument("--lab", default="")
    parser.add_argument("--rows", default="")
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    settings = Settings(root=Path.cwd(), arch=o.arch, compiler=o.compiler, build=o.build, seed=o.seed,
                        labs=words(o.lab), rows=words(o.rows), given=True)
    native = o.native_user.resolve() if o.native_user and o.native_user.exists() else None
    try:
        chosen = rows.select(settings)
    except rows.NothingToGrade as error:
        print(f"make oracle: {error}")
        return 2
    oracle = Oracle(settings, native)
    try:
        skipped = oracle.run([row for _, some in chosen for row in some])
    finally:
        shutil.rmtree(oracle.scratch, ignore_errors=True)
    return report(oracle, chosen, skipped, whole=not settings.rows)


def report(oracle: Oracle, chosen: list, skipped: str, whole: bool) -> int:
    print(f"Linux as the referee, {oracle.settings.arch}, SEED={oracle.settings.seed}\n")
    bad = bool(oracle.failures)
    for lab, some in chosen:
        none = 0
        for row in some:
            tiers = oracle.verdicts[row.lab, row.id]
            if row.linux.startswith("none"):
                none += 1
                print(f"  none  {row.id:24} {row.linux[5:-1]}")
            else:
                said = ", ".join(f"{verdict} {tier}" for tier, verdict in tiers.items()) or "SKIP"
                print(f"  {row.linux:9.9} {row.id:20} {said}")
        asked = len(some) - none
        passed = {tier: sum(oracle.verdicts[row.lab, row.id].get(tier) == "PASS" for row in some)
                  for tier in ("native", "qemu")}
        print(f"\nORACLE {lab.id} {oracle.settings.arch} rows={asked} native={passed['native']} "
              f"qemu={passed['qemu']} none={none}")
        # Lab 0's one room is a function inside the kernel: it has nothing that Linux could be asked.
        if whole and lab.needs and none * MOST_NONE >= len(some):
            print(f"{none} of {len(some)} rows declare linux = none: a fifth or more")
            bad = True
    for text in oracle.failures:
        print(f"FAIL {text}")
    if skipped:
        print(skipped)
    verdicts = [verdict for tiers in oracle.verdicts.values() for verdict in tiers.values()]
    failed = verdicts.count("FAIL")
    print(f"{verdicts.count('PASS')} passed, {failed + (bad and not failed)} failed, {len(skipped.splitlines())} skipped")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(plainly.run(main, "make oracle"))
