"""Programs that nobody made for Cairn run on it, on both CPUs: Debian's BusyBox, unmodified, and a C library's program."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from grading.debian import NoPackages
from tools import qemu, real_programs, shells, userland

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"


@pytest.fixture(scope="session", params=sorted(qemu.PORTS))
def arch(request) -> str:
    """Each CPU kind, its kernel and the programs of user/libc built."""
    for tool in (qemu.port(request.param).program, f"{request.param}-linux-gnu-gcc"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    done = subprocess.run(["make", "--no-print-directory", "SETUP=no", f"ARCH={request.param}", "kernel", "libc-programs", "user-bin"], cwd=ROOT,
                          capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return request.param


@pytest.mark.parametrize("case", real_programs.cases(), ids=lambda case: case.name)
def test_it_says_what_it_says_elsewhere(arch, case):
    try:
        elf = real_programs.elf_of(case, arch, BUILD)
    except NoPackages as reason:
        pytest.skip(str(reason))
    output, status = real_programs.run(arch, BUILD / arch / "debug/kernel.elf", case, elf)
    assert output == case.expected
    assert status == 0


@pytest.mark.skipif(not any(ROOT.glob("labs/*-processes/handout.md")), reason="this tree has no processes")
@pytest.mark.parametrize("script", shells.scripts(), ids=lambda script: script.shell)
@pytest.mark.parametrize("smp", [1, 4])
def test_a_shell_runs_pipelines_of_real_programs(arch, script, smp):
    try:
        output, status = shells.run(arch, BUILD / arch / "debug/kernel.elf", BUILD, script, smp)
    except NoPackages as reason:
        pytest.skip(str(reason))
    assert output == script.expected
    assert status == 0


def test_the_expectations_are_those_of_this_host_s_own_library(tmp_path):
    """The same source, compiled for this machine, says the same of the same file."""
    case = next(case for case in real_programs.cases() if case.program == "weigh")
    (tmp_path / "stones").write_text(real_programs.FILES["etc/stones"])
    subprocess.run(["gcc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-o", tmp_path / "weigh", ROOT / "user/libc/weigh.c"], check=True, timeout=600)
    done = subprocess.run([tmp_path / "weigh", tmp_path / "stones"], capture_output=True, text=True, timeout=600, check=True)
    assert done.stdout == case.expected


LOCK = """suite = "trixie"

[package.tool]
member = "bin/tool"

[package.tool.version]
riscv64 = "1"
x86_64 = "1"

[package.tool.sha256]
riscv64 = "aa"
x86_64 = "bb"
"""


def test_relocking_changes_one_value(tmp_path):
    path = tmp_path / "lock.toml"
    path.write_text(userland.replace(LOCK, "tool", "sha256", "x86_64", "cc"))
    lock = userland.locked(path)["package"]["tool"]
    assert lock["sha256"] == {"riscv64": "aa", "x86_64": "cc"} and lock["version"] == {"riscv64": "1", "x86_64": "1"}
    assert userland.arches(path) == ["riscv64", "x86_64"]
    with pytest.raises(NoPackages):
        userland.replace(LOCK, "other", "sha256", "x86_64", "cc")


def test_what_was_fetched_is_fetched_once(tmp_path, monkeypatch):
    path = tmp_path / "lock.toml"
    path.write_text(LOCK)
    fetched = []

    def fetch(arch, suite, name, package, target):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("program")
        fetched.append((arch, name))

    monkeypatch.setattr(userland, "fetch", fetch)
    for _ in range(2):
        assert userland.find("riscv64", tmp_path, path) == {"tool": tmp_path / "userland/riscv64/tool"}
    path.write_text(LOCK.replace('"aa"', '"dd"'))       # another version is wanted now
    userland.find("riscv64", tmp_path, path)
    assert fetched == [("riscv64", "tool")] * 2


def test_another_version_than_the_locked_one_is_refused(tmp_path, monkeypatch):
    class Archive:
        def __init__(self, *_): pass
        def update(self): pass
        def fields(self, _): return {"Version": "2", "SHA256": "ee"}

    path = tmp_path / "lock.toml"
    path.write_text(LOCK)
    monkeypatch.setattr(userland.debian, "Apt", Archive)
    with pytest.raises(userland.OtherVersion, match="now has tool 2; known to run is 1"):
        userland.find("riscv64", tmp_path, path)


def test_without_a_network_it_says_so_and_is_skipped(tmp_path):
    done = subprocess.run(["make", "--no-print-directory", "SETUP=no", "userland", f"BUILD={tmp_path}"], cwd=ROOT, capture_output=True, text=True,
                          timeout=600, env={"PATH": "/usr/bin:/bin", "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"})
    assert done.returncode == 0 and done.stdout.startswith("make userland: SKIP: "), done.stdout + done.stderr
