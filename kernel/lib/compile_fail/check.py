#!/usr/bin/env python3
"""Check that typical mistakes do not compile, and that the compiler's first complaint says what to write.

Each */compile_fail/*.cc holds one mistake under `#ifdef MISTAKE`. With it, the first error must match the regular
expressions of all lines `// EXPECT: …` (and `// EXPECT g++: …` or `// EXPECT clang: …`) at the top; without it, the
file must compile: so it is the mistake that the compiler refuses, and not something else. Called by
`make compile-fail`.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
OPTIONS = ["-std=c++20", "-ffreestanding", "-fno-exceptions", "-fno-rtti", "-fsyntax-only", "-fno-diagnostics-color",
           "-Wall", "-Wextra", "-Werror", "-Ikernel"]
EXPECT = re.compile(r"^// EXPECT(?: (g\+\+|clang))?: (.*)$", re.M)


def compile_file(compiler: str, source: Path, options: list[str]) -> subprocess.CompletedProcess[str]:
    """Compile in the C locale: the expected words are English, with plain quotation marks."""
    return subprocess.run([compiler, *OPTIONS, *options, str(source.relative_to(ROOT))], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False,
                          env=os.environ | {"LC_ALL": "C"})


def first_error(output: str) -> str:
    """The first error with its notes: what a student reads. GCC 14 says in a second error why something is no constant."""
    _, *errors = re.split(r"^(?=\S+: (?:fatal )?error:)", output, flags=re.M)
    says_why = len(errors) > 1 and "is not a constant expression" in errors[0]
    return "".join(errors[:2 if says_why else 1])


def check(compiler: str, source: Path) -> str:
    """Return what is wrong with this pair, or nothing."""
    family = "clang" if "clang" in compiler else "g++"
    expected = [regex for which, regex in EXPECT.findall(source.read_text()) if which in ("", family)]
    if not expected:
        return f"expected a line `// EXPECT: …` or `// EXPECT {family}: …`, found none"
    right = compile_file(compiler, source, [])
    if right.returncode != 0:
        return f"expected it to compile without the mistake, but:\n{right.stdout}"
    wrong = compile_file(compiler, source, ["-DMISTAKE"])
    if wrong.returncode == 0:
        return "expected an error, but it compiled (-DMISTAKE)"
    for regex in expected:
        if not re.search(regex, first_error(wrong.stdout)):
            return f"expected the first error to match\n  {regex}\nbut the compiler said\n{wrong.stdout}"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("compilers", nargs="+", help="those that are not installed are skipped")
    compilers = parser.parse_args().compilers
    sources = sorted((ROOT / "kernel").glob("*/compile_fail/*.cc"))
    passed = failed = skipped = 0
    for compiler in compilers:
        if shutil.which(compiler) is None:
            print(f"compile-fail: SKIP: {compiler} is not installed")
            skipped += len(sources)
            continue
        for source in sources:
            problem = check(compiler, source)
            if problem:
                failed += 1
                print(f"compile-fail: {source.relative_to(ROOT)} with {compiler}: {problem}")
            else:
                passed += 1
    print(f"compile-fail: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
