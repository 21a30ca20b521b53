"""What the grader's own tests share: tiny kernels, a toy course, and a way to grade them."""
from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]     # tools/labkit finds its neighbours as tools/labs.py does

from grading import plugin, report          # noqa: E402
from grading.settings import Settings      # noqa: E402

KERNELS = Path(__file__).parent / "kernels"
PROGRAMS = Path(__file__).parent / "programs"
CROSS, X86_64_CROSS = "riscv64-linux-gnu-", "x86_64-linux-gnu-"
TINY_FLAGS = ["-std=c++20", "-O1", "-g", "-ffreestanding", "-nostdlib", "-static", "-no-pie", "-fno-exceptions",
              "-fno-rtti", "-mcmodel=medany", "-march=rv64imac_zicsr", "-mabi=lp64", "-Wall", "-Wextra",
              "-Wl,-Ttext=0x80200000,--build-id=none,-n,--no-warn-rwx-segments"]
USER_FLAGS = ["-std=c++20", "-O2", "-g", "-march=rv64gc", "-mabi=lp64d", "-mcmodel=medany", "-nostdlib",
              "-fno-pie", "-fno-exceptions", "-fno-rtti", "-fno-stack-protector", "-fno-threadsafe-statics",
              "-fno-asynchronous-unwind-tables", f"-I{ROOT}/user/lib", f"-I{ROOT}/user/arch/riscv64"]

X86_64_FLAGS = ["-m32", "-march=i686", "-std=c++20", "-O1", "-ffreestanding", "-nostdlib", "-static", "-no-pie", "-fno-pie",
                "-fno-exceptions", "-fno-rtti", "-fno-asynchronous-unwind-tables", "-fcf-protection=none", "-Wall", "-Wextra",
                "-mgeneral-regs-only", "-fno-stack-protector", "-Wl,-Ttext=0x200000,--build-id=none,--no-warn-rwx-segments"]

COURSE = '''id = "toy"
number = 1
title = "A toy"

[[rows]]
id = "first_call"
spec = "A write returns the number of bytes."
points = 2
program = "writes"

[[rows]]
id = "knows_itself"
spec = "getpid answers 1."
points = 3
part = "B"
theme = "robustness"
behind = ["first_call"]
program = "asks"
must = [{ match = "room traps.4 is still open", say = "Fill room traps.4 first." }]
'''


def pytest_configure(config: pytest.Config) -> None:
    missing = [tool for tool in ("qemu-system-riscv64", f"{CROSS}g++") if shutil.which(tool) is None]
    if missing:
        raise pytest.UsageError(f"{', '.join(missing)} is missing; make doctor says what to install")


def compiled(out: Path, words: list[str], cross: str = CROSS) -> Path:
    subprocess.run([f"{cross}g++", *words, "-o", str(out)], check=True, timeout=600)
    return out


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory):
    """tiny("kHang"): the tiny kernel with that behaviour, built once."""
    folder = tmp_path_factory.mktemp("kernels")
    built: dict[tuple, Path] = {}

    def make(cheat: str = "kHonest", replayed: bytes | None = None) -> Path:
        key = cheat, replayed
        if key not in built:
            words = [*TINY_FLAGS, f"-DCHEAT={cheat}"]
            if replayed is not None:
                text = "".join(f"\\{byte:03o}" for byte in replayed)
                words.append(f'-DREPLAYED="{text}"')
            words += [str(KERNELS / "start.S"), str(KERNELS / "tiny.cc")]
            built[key] = compiled(folder / f"{cheat}{len(built)}.elf", words)
        return built[key]
    return make


@pytest.fixture(scope="session")
def tiny_x86_64(tmp_path_factory: pytest.TempPathFactory):
    """tiny_x86_64("kHang"): the tiny kernel of x86-64 with that behaviour."""
    folder = tmp_path_factory.mktemp("kernels")

    def make(cheat: str) -> Path:
        return compiled(folder / f"{cheat}.elf", [*X86_64_FLAGS, f"-DCHEAT={cheat}", str(KERNELS / "tiny_x86_64.cc")], X86_64_CROSS)
    return make


@pytest.fixture(scope="session")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy course's programs and the user library, as `make user-tests` would leave them."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "tests/toy").mkdir(parents=True)
    (folder / "tests/control").mkdir(parents=True)
    for source in sorted(PROGRAMS.glob("*.cc")):
        compiled(folder / f"tests/toy/{source.stem}.o", [*USER_FLAGS, "-c", str(source)])
    control = ROOT / "user/tests/control/must_fail.cc"
    compiled(folder / "tests/control/must_fail.o", [*USER_FLAGS, "-c", str(control)])
    library = []
    for source in sorted([*ROOT.glob("user/lib/*.cc"), *ROOT.glob("user/arch/riscv64/*.S"),
                          *ROOT.glob("user/arch/riscv64/*.cc")]):
        if source.stem != "host":
            library.append(str(compiled(folder / f"{source.name}.o", [*USER_FLAGS, "-c", str(source)])))
    subprocess.run([f"{CROSS}ar", "rcsD", str(folder / "libuser.a"), *library], check=True, timeout=600)
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree that holds nothing but the toy course."""
    (tmp_path / "labs/01-toy").mkdir(parents=True)
    (tmp_path / "labs/01-toy/lab.toml").write_text(COURSE)
    return tmp_path


@pytest.fixture
def grade(tree: Path, objects: Path, capfd: pytest.CaptureFixture[str]):
    """grade(kernel, seed=…) -> (results, printed report, exit status)."""
    def run(kernel: Path, **settings: object) -> tuple[report.Results, str, int]:
        given = {"seed": 7, "plain": True, **settings}
        capfd.readouterr()
        results, status = plugin.run(Settings(root=tree, kernel=kernel, objects=objects, **given))
        return results, capfd.readouterr().out, status
    return run


@pytest.fixture
def outcome_of(grade):
    """outcome_of(kernel) -> the outcome of the toy's first row."""
    def run(kernel: Path, row: str = "first_call", **settings: object):
        results, _, _ = grade(kernel, rows=[row], **settings)
        return next(results.of(r) for _, rows in results.selected for r in rows)
    return run
