"""`make mytest F=t.cc`: a test of the student's own, tried on Linux, on this kernel and on wrong ones.

A test is worth something if Linux passes it, if a right kernel passes it, and if wrong kernels fail it. The
wrong ones exist in the one source tree only: in a hand-out the first two are tried, and the instructor
counts the third.
"""
from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import plainly
from tools.labkit import model
from tools.labkit.compiler_text import first_error
from tools.labkit.errors import LabError

from . import linux
from .bench import Bench, judge
from .linux import NoReferee
from .proof import sites_of
from .settings import Settings
from .verdicts import Infrastructure, RowEnded

FIRST_NEXT = "make why and the comment on top of user/lib/cairn/check.h say how a test is written"


def explain(end: RowEnded) -> str:
    text = f"{end.verdict.value}: {end.reason}"
    return text + (f"\n    expected: {end.expected}\n    got:      {end.got}" if end.expected else "")


class MyTest:
    """One test program, built for the kernel's CPU and for this host."""

    def __init__(self, settings: Settings, lab: str, name: str, native_user: Path | None, scratch: Path):
        self.settings, self.name, self.native_user, self.scratch = settings, name, native_user, scratch
        self.row = model.Row(id=name, spec=f"{name}.cc", points=0, program=name, lab=lab)
        self._count = 0

    def bench(self, settings: Settings) -> Bench:
        self._count += 1
        folder = self.scratch / str(self._count)
        folder.mkdir()
        return Bench(settings, self.row, folder)

    def on_linux(self) -> str:
        """PASS, or why not; raises NoReferee if Linux cannot be asked."""
        arch = linux.native_arch()
        if self.native_user is None:
            raise NoReferee("the test is not built for this host")
        settings = Settings(root=self.settings.root, arch=arch, seed=self.settings.seed, compiler="",
                            build=self.settings.build, objects=self.native_user)
        try:
            bench = self.bench(settings)
            program = bench.program(self.name)
            linux.judge(program, linux.run_natively(program, [], bench.scratch), "")
        except RowEnded as end:
            return explain(end)
        return "PASS"

    def on_kernel(self, kernel: Path | None = None) -> str:
        import dataclasses
        settings = dataclasses.replace(self.settings, kernel=kernel) if kernel else self.settings
        bench = self.bench(settings)
        try:
            with bench.boot(self.name) as run:
                run.wait()
                judge(run)
        except Infrastructure:
            raise
        except RowEnded as end:
            return explain(end)
        return "PASS"


def wrong_kernels(settings: Settings, lab: str):
    """(name, mistake, kernel) of each wrong solution of the lab; nothing in a hand-out."""
    try:
        from tools import wrong_kernels as maker
    except ImportError:
        return
    for wrong in maker.wrongs_of(settings.root, lab, settings.arch):
        yield wrong.name, wrong.mistake, maker.build(settings.root, wrong, settings.arch, settings.mode)


def place_test(root: Path, given: str) -> Path:
    """The source below user/tests/mine, where the build finds it; copied there if it lies elsewhere."""
    mine = root / "user" / "tests" / "mine"
    for candidate in (Path(given), root / given, mine / given):
        if candidate.is_file():
            if candidate.resolve().parent == mine.resolve():
                return candidate
            mine.mkdir(parents=True, exist_ok=True)
            return Path(shutil.copy(candidate, mine / candidate.name))
    raise SystemExit(f"make mytest: there is no {given}\n  expected: a file, e.g. user/tests/mine/my_test.cc\n"
                     "  next:     make mytest F=user/tests/mine/my_test.cc")


def build(arch: str, name: str, compiler: str) -> None:
    """Compiles the one test with the tree's own rules."""
    words = ["make", "--no-print-directory", f"ARCH={arch}", f"CROSS_COMPILE={compiler}",
             f"build/{arch}/user/libuser.a", f"build/{arch}/user/tests/mine/{name}.o"]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"make mytest: {name}.cc does not compile\n{first_error(done.stderr) or done.stderr.strip()}\n  next:     {FIRST_NEXT}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mytest", description=__doc__)
    parser.add_argument("test")
    parser.add_argument("--lab", default="traps")
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--mode", default="debug")
    parser.add_argument("--compiler", default="riscv64-linux-gnu-")
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--host", default="", help="this host's CPU, if programs can be built for it")
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    source = place_test(Path.cwd(), o.test)
    build(o.arch, source.stem, o.compiler)
    if not sites_of(o.build / o.arch / "user" / "tests" / "mine" / f"{source.stem}.o"):
        raise SystemExit(f"make mytest: {source.name} holds no CHECK: it looks at nothing, and catches no kernel\n"
                         '  expected: TEST("A sentence.") { CHECK(what the kernel did, what Linux does); }\n'
                         "  next:     see user/tests/mine/example.cc, which is there to be copied")
    if o.host:
        build(o.host, source.stem, "")
    settings = Settings(root=Path.cwd(), arch=o.arch, mode=o.mode, compiler=o.compiler, build=o.build, seed=o.seed)
    with tempfile.TemporaryDirectory(prefix="mytest-", dir=o.build.resolve()) as scratch:
        test = MyTest(settings, "mine", source.stem, o.build / o.host / "user" if o.host else None, Path(scratch))
        return run(test, o.lab)


def run(test: MyTest, lab: str) -> int:
    try:
        said = test.on_linux()
    except NoReferee as reason:
        said = f"SKIP: {reason}"
    print(f"on Linux:        {said}")
    good = not said.startswith(("FAIL", "TIMEOUT"))
    if not good:
        print(f"  A test that Linux does not pass is no test of a kernel.\n  next: {FIRST_NEXT}")
        return 1
    said = test.on_kernel()
    print(f"on this kernel:  {said}")
    good = said == "PASS"
    caught = total = 0
    for name, mistake, kernel in wrong_kernels(test.settings, lab) if good else ():
        total += 1
        if test.on_kernel(kernel) != "PASS":
            caught += 1
            print(f"  caught  {name}: {mistake}")
    if total:
        print(f"MYTEST {test.name} {lab} caught {caught} of {total} wrong kernels")
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(plainly.run(main, "make mytest"))
    except (LabError, Infrastructure) as error:
        print(f"make mytest: {error}", file=sys.stderr)
        sys.exit(2)
