#!/usr/bin/env python3
"""Try this tree on other systems (`make elsewhere`): a bare root of each, a clone of HEAD, the README's commands.

    tools/elsewhere.py [SYSTEM] [--run COMMAND] [--mirror ADDRESS] [--prepare]

The root holds nothing but the release's smallest set of packages; make and git are installed in a fresh copy of it,
as the README says, and whatever else is needed the tree must install itself. Packages are kept between runs.
Without SYSTEM: `make grade ARCH=all` on each of them, and the README's commands on trixie.
Needs root, debootstrap, the right to mount, and a mirror: SKIP, with one line that says why, where one is missing.
The last line is `N passed, N failed, N skipped`; the exit status is 0 if nothing failed.
"""

from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TREE / "tools"))
from elsewherekit.mirror import SYSTEMS, Skip  # noqa: E402  (the folder beside this file)
from elsewherekit.root import Root, see_that_it_can_be_tried  # noqa: E402

# What tells one system from another, for the line at the end and docs/status.md.
VERSIONS = r"""
first() { "$@" --version 2>/dev/null | head -1 | grep -oE '[0-9]+(\.[0-9]+)+' | head -1; }
echo "GCC $(first riscv64-linux-gnu-g++), QEMU $(first qemu-system-riscv64), OpenSBI $(dpkg-query -Wf '${Version}' opensbi 2>/dev/null),\
 Python $(first python3)"
"""


def readme_commands(text: str) -> list[str]:
    """The commands of the README's first block, without what is said about each."""
    block = re.search(r"^## Two commands$.*?^```$\n(.*?)^```$", text, re.M | re.S)
    if not block:
        raise SystemExit("elsewhere: README.md has no block of commands under `## Two commands`")
    return [line.split("#")[0].strip() for line in block[1].splitlines() if line.strip()]


def say(system: str, text: str) -> None:
    print(f"elsewhere: {system}: {text}", flush=True)


def clone_of_head(target: Path) -> str:
    """Clone the commit that HEAD is at, without what is not committed; its short name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "clone", "--quiet", "--no-local", TREE, target], check=True)
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=TREE, capture_output=True, text=True, check=True).stdout
    if changed:
        print(f"elsewhere: {len(changed.splitlines())} files here differ from HEAD: they are not tried", flush=True)
    return subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=target, capture_output=True, text=True,
                          check=True).stdout.strip()


def try_system(name: str, commands: list[str], mirror: str) -> list[str]:
    """Run the commands on one system; gives the report's lines, each PASS or FAIL with seconds."""
    root = Root(SYSTEMS[name], lambda text: say(name, text), mirror)
    root.make()
    lines = []
    with root.copy() as copy:
        say(name, "installs make and git in a fresh copy of the bare root")
        install = "{ apt-get update -qq && apt-get install -qq --yes --no-install-recommends make git; } >/tmp/install.log 2>&1" \
                  " || { tail -5 /tmp/install.log; exit 1; }"
        if root.run(copy, ["sh", "-c", install], stdin=subprocess.DEVNULL) != 0:
            return [f"FAIL {name}: `apt install make git` (above)"]
        commit = clone_of_head(copy / "root/cairn")
        for command in commands:
            say(name, f"runs `{command}` at {commit}")
            began = time.monotonic()
            status = root.run(copy, ["sh", "-c", f"cd /root/cairn && {command}"])
            verdict = "PASS" if status == 0 else "FAIL"
            lines.append(f"{verdict} {name}: `{command}` {'' if status == 0 else f'ended with status {status} '}"
                         f"after {time.monotonic() - began:.0f} s, at {commit}")
            say(name, lines[-1])
        versions = subprocess.run(["chroot", copy, "sh", "-c", VERSIONS], capture_output=True, text=True, check=False).stdout
        lines.append(f"     {name}: {SYSTEMS[name].title}, {versions.strip()}")
    return lines


def plan(options: argparse.Namespace) -> dict[str, list[str]]:
    """Which commands to run on which systems."""
    readme = readme_commands((TREE / "README.md").read_text())
    if options.system:
        return {options.system: [options.run] if options.run else readme}
    every = {name: [options.run or "make grade ARCH=all"] for name in SYSTEMS}
    if not options.run:
        every["trixie"] += [command for command in readme if command not in every["trixie"]]
    return every


def main() -> int:
    parser = argparse.ArgumentParser(description="Try this tree on other systems.")
    parser.add_argument("system", nargs="?", default="", help=f"one of {', '.join(SYSTEMS)}; all of them if left out")
    parser.add_argument("--run", default="", help="this command of the shell instead of the README's")
    parser.add_argument("--mirror", default="", help="fetch packages from there")
    parser.add_argument("--prepare", action="store_true", help="only see that the bare root is there")
    options = parser.parse_args()
    if options.system and options.system not in SYSTEMS:
        print(f"elsewhere: OS={options.system} is none of: {', '.join(SYSTEMS)}")
        return 2
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):   # however it is ended, it clears up
        signal.signal(number, signal.default_int_handler)
    report: list[str] = []
    for name, commands in plan(options).items():
        try:
            see_that_it_can_be_tried()
            if options.prepare:
                Root(SYSTEMS[name], lambda text, name=name: say(name, text), options.mirror).make()
                continue
            report += try_system(name, commands, options.mirror)
        except Skip as reason:
            report.append(f"SKIP {name}: {reason}")
        except (RuntimeError, subprocess.CalledProcessError) as problem:
            report.append(f"FAIL {name}: {problem}")
        except KeyboardInterrupt:
            report.append(f"FAIL {name}: interrupted; nothing is left mounted")
            break
    if report and not options.prepare:
        print("\n".join(report))
    counts = {verdict: sum(line.startswith(verdict) for line in report) for verdict in ("PASS", "FAIL", "SKIP")}
    if not options.prepare:
        print(f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['SKIP']} skipped")
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
