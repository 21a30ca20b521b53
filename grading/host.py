"""Rows of kind `host`: kernel sources that need no machine, compiled for the host under ASan and UBSan.

The program reports with the same frames and the same proof as one in the guest. It gets no input, no
environment, a processor-time limit and a folder of its own.
"""
from __future__ import annotations

import os
import re
import resource
import subprocess
from pathlib import Path

from tools import attributes
from tools.labkit.compiler_text import first_error

from . import frames, proof
from .bench import ROOM_STATUS, Bench
from .proof import Program
from .verdicts import Failed, Infrastructure, TimedOut

CPU_SECONDS = 20
_NAMESPACED = re.compile(r"_Z(T[VIS]|G[VR])?(Z|L)*N[KVO]*\d")
_CPLUSPLUS = re.compile(r"_Z(?![nd][wl])|DW\.ref\.|\.L|__odr_asan|__asan_|_sub_")
COMPILER = "g++"
FLAGS = ["-std=c++20", "-g", "-O1", "-Wall", "-fno-exceptions", "-fno-rtti", "-fno-omit-frame-pointer",
         "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-static-libasan", "-static-libubsan",
         "-DCAIRN_HOST=1"]
TEST_LIBRARY = ["user/lib/host.cc"]
KERNEL_LIBRARY = ["kernel/lib/host_shim.cc", "kernel/lib/format.cc"]
INCLUDES = ["kernel", "user/lib", "."]


def compile_host(bench: Bench, name: str, sources: list[str]) -> tuple[Path, int]:
    """The program in two halves, what is tested and the test, and how many checks the test has.

    The test's half hides all of its names: else a function under test could call the test's own (`check`, `finish`) and
    prove what it likes. It is compiled against the grader's tree alone: a header of the graded tree has no part in it.
    """
    own, graded, folder = bench.settings.root, bench.settings.graded, bench.scratch
    test = [f"user/tests/{bench.row.lab}/{name}.cc", *present(own, TEST_LIBRARY)]
    sources = [path.replace("{arch}", bench.settings.arch) for path in sources]
    library = present(own, KERNEL_LIBRARY)
    missing = [path for root, paths in ((own, test), (graded, sources)) for path in paths if not (root / path).exists()]
    if missing:
        raise Infrastructure(f"row {bench.row.id} wants {missing[0]}, which is not in the tree")
    # The tested half comes first: what does not compile is most likely the student's.
    theirs = [compile_one(bench, name, graded, path, number) for number, path in enumerate(sources)]
    refuse_foreign_names(name, theirs)
    shared = [compile_one(bench, name, own, path, 100 + number) for number, path in enumerate(library)]
    ours = [compile_one(bench, name, own, path, 200 + number) for number, path in enumerate(test)]
    ours += proof.pad_object(folder / "secret", [COMPILER], bench.draw.padding)
    joined, out = folder / "test.o", folder / f"{name}.host"
    link_step(bench, name, ["ld", "-r", "--force-group-allocation", "-o", str(joined), *map(str, ours)])
    link_step(bench, name, ["objcopy", "--keep-global-symbol=main", str(joined)])
    link_step(bench, name, [COMPILER, *FLAGS, "-o", str(out), *map(str, [joined, *theirs, *shared])])
    return out, len(proof.sites_of(joined))


def compile_one(bench: Bench, name: str, root: Path, path: str, number: int) -> Path:
    out = bench.scratch / f"{number}-{Path(path).stem}.o"
    folders = [*INCLUDES, f"kernel/arch/{bench.settings.arch}", *lent_folders(root)]
    # Relative names: __FILE__ comes into the assembler's text, where this clone's path may hold a quote.
    link_step(bench, name, [COMPILER, *FLAGS, *(f"-I{folder}" for folder in folders), "-c", "-o", str(out.absolute()), path], root)
    return out


def refuse_foreign_names(name: str, objects: list[Path]) -> None:
    """What is tested may define functions in namespaces. `memcmp`, `write` or `operator new` of its own would serve the
    test's half, and the sanitizers, in the place of the C library's."""
    for path in objects:
        done = subprocess.run(["nm", "--defined-only", "--extern-only", "--format=posix", str(path)],
                              capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            symbol, kind = line.split()[:2]
            if not (_NAMESPACED if kind.isupper() and kind not in "WV" else _CPLUSPLUS).match(symbol):
                raise Failed(f"{name}: the sources of this row define `{symbol}`, which belongs to others",
                             expected="functions in a namespace of the kernel's", got=symbol)


def lent_folders(root: Path) -> list[str]:
    """Where labs that are not written yet lend their doors, as in the Makefile; none in a tree that was cut."""
    written = sorted((path.parent.name for path in root.glob("labs/*/handout.md")), reverse=True)
    folders = []
    for lab in sorted(path for path in root.glob("labs/*/") if path.name not in written):
        names = [*(f"before-{other.split('-', 1)[1]}" for other in written), "before"]
        folders += [str((lab / name / "kernel").relative_to(root)) for name in names if (lab / name / "kernel").is_dir()]
    return folders


def link_step(bench: Bench, name: str, words: list[str], folder: Path | None = None) -> None:
    """One call of compiler or linker; an error is the student's, and is told without this machine's paths."""
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode:
        said = relative(relative(relative(done.stderr, bench.settings.graded), bench.settings.root), bench.scratch)
        raise Failed(f"{name} does not compile with the sources of this row",
                     expected="no error", got=first_error(said) or said.strip() or "the compiler says nothing")


def present(root: Path, wanted: list[str]) -> list[str]:
    return [path for path in wanted if (root / path).exists()]


def run_host(bench: Bench) -> None:
    """The body of a row of kind `host`."""
    program, bare = make_program(bench)
    judge_output(bench, program, *execute(bench, bare))


def make_program(bench: Bench) -> tuple[Program, Path]:
    """The program, and where it lies without its symbols and sections: they are not to be found from inside."""
    row = bench.row
    built, checks = compile_host(bench, row.program or row.id, row.sources)
    program = proof.patch(row.program or row.id, built, base=0, secret=bench.draw.secret, strip="strip")
    if checks == 0:
        raise Infrastructure(f"{program.name} checks nothing")
    if len(program.sites) != checks:
        raise Failed(f"{program.name} has another number of checks than its row", expected=f"{checks} checks",
                     got=f"{len(program.sites)}")
    program.source = bench.source_of(program.name)
    bare = bench.scratch / bench.draw.name("program")
    bare.write_bytes(program.elf)
    bare.chmod(0o700)
    program.debug.unlink()
    return program, bare


def judge_output(bench: Bench, program: Program, output: bytes, status: int) -> None:
    text = frames.without_frames(output)
    bench.host_output = without_legend(output)
    try:
        found = frames.parse(output)
    except frames.BadFrame as error:
        raise Failed(f"the result channel holds {error}") from error
    room = re.search(r"ROOM (\S+) is open(?:: (\S+))?", text)
    if room and status == ROOM_STATUS:
        where = relative(room[2] or "", bench.settings.graded)
        raise Failed(f"room {room[1]} is still open" + (f" ({where})" if where else ""),
                     expected="the program comes to its end", got=f"it came to room {room[1]}")
    proof.raise_failed_check(program, found)
    sanitizer = re.search(r"(runtime error: .*|ERROR: AddressSanitizer: \S+)", text)
    if sanitizer:
        raise Failed("the sanitizer stopped the program", expected="no undefined behaviour, no bad access",
                     got=re.sub(r" on (unknown )?address.*", "", sanitizer[1])[:160])
    if status != 0:
        raise Failed("the program did not end well", expected="status 0",
                     got=f"signal {-status}" if status < 0 else f"status {status}")
    proof.verify(program, found)


def without_legend(output: bytes) -> bytes:
    """Without what AddressSanitizer adds for those who know its shadow memory."""
    return re.sub(rb"^Shadow bytes around the buggy address:\n.*", b"", output, flags=re.M | re.S)


def relative(path: str, root: Path) -> str:
    return path.replace(f"{root}/", "")


def _limits() -> None:
    attributes.usual()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def execute(bench: Bench, path: Path) -> tuple[bytes, int]:
    """Output (both streams, in order, bounded) and status."""
    environment = {"ASAN_OPTIONS": "detect_leaks=0:symbolize=0:color=never", "PATH": os.environ["PATH"]}
    with subprocess.Popen([str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, cwd=bench.scratch, env=environment,
                          preexec_fn=_limits) as process:
        try:
            output = process.stdout.read(4 << 20)
            if process.stdout.read(1):
                raise Failed("the program flooded its output: more than 4 MiB")
            status = process.wait(60 * bench.patience)
        except subprocess.TimeoutExpired as late:
            raise TimedOut("the program closed its output and did not end") from late
        finally:
            if process.poll() is None:
                process.kill()
    if status in (-24, -9):
        raise TimedOut(f"the program used up its {CPU_SECONDS} s of processor time")
    return output, status
