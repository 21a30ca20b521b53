"""What the kernel says to bad input before any program runs: a message that names the fault, and a status of its own."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from grading import initramfs, machine
from tools import qemu

ROOT = Path(__file__).resolve().parents[2]
REFUSED, PANIC, PASSED = 120, 127, 0
# A program of one instruction, which is no instruction: an ELF header, a program header, and a zero.
TINY = bytes.fromhex(
    "7f454c46020101000000000000000000" "0200f30001000000" "7800010000000000" "4000000000000000" "0000000000000000"
    "05000000" "4000" "3800" "0100" "000000000000"
    "0100000005000000" "0000000000000000" "0000010000000000" "0000010000000000" "7c00000000000000"
    "7c00000000000000" "0010000000000000" "00000000")
ARCHIVE = initramfs.build({"init": TINY, "text": b"hello", "cut": TINY[:70]})


@pytest.fixture(scope="module")
def kernel():
    subprocess.run(["make", "-s", "-C", ROOT, "kernel", "SETUP=no"], check=True, capture_output=True)
    return ROOT / "build/riscv64/debug/kernel.elf"


def boot(kernel, folder, append="", initrd=ARCHIVE, memory="128M", smp=1):
    """Runs the kernel to its end; returns QEMU's status and the console."""
    if initrd is not None:
        (folder / "initrd").write_bytes(initrd)
    what = machine.Boot("riscv64", kernel, folder, initrd=folder / "initrd" if initrd is not None else None,
                        append=append, memory=memory, smp=smp)
    with machine.Machine(what) as running:
        status = running.wait()
        return status, running.console.decode("utf-8", "replace")


@pytest.mark.parametrize("append, words", [
    ("init=/nothing", "init=/nothing is not in the initial file system"),
    ("init=nothing", "boot argument 'init=nothing': expected an absolute path"),
    ("init=", "boot argument 'init=': expected an absolute path"),
    ("init=/text", "init=/text is no static program for this CPU"),
    ("init=/cut", "init=/cut is no static program for this CPU"),
    ("colour=blue", "boot argument 'colour=blue': unknown"),
    ("seed=many", "boot argument 'seed=many': expected a decimal"),
    ("trace=everything", "boot argument 'trace=everything': expected syscall"),
    ("tick=on", "boot argument 'tick=on': expected off"),
    ("noise=all", "boot argument 'noise=all': expected fpu"),
    ("selftest=", "boot argument 'selftest=': expected name"),
    ("selftest=unknown", "selftest=unknown is not a test of this kernel"),
])
def test_a_bad_boot_argument_is_named(kernel, tmp_path, append, words):
    status, console = boot(kernel, tmp_path, append)
    assert f"cairn: refused: {words}" in console
    assert status == REFUSED


@pytest.mark.parametrize("initrd, words", [
    (None, "no initial file system"),
    (ARCHIVE[:200], "is no cpio archive (newc), or was cut off"),
    (b"\x55" * 3000, "is no cpio archive (newc), or was cut off"),
])
def test_a_missing_or_broken_initramfs_is_named(kernel, tmp_path, initrd, words):
    status, console = boot(kernel, tmp_path, initrd=initrd)
    assert "cairn: refused: " in console and words in console
    assert status == REFUSED


def test_a_small_machine_will_do(kernel, tmp_path):
    """QEMU itself has no room for firmware, kernel, device tree and archive in much less."""
    status, console = boot(kernel, tmp_path, "init=/init tick=off", memory="16M")
    assert "/init killed by SIGILL" in console
    assert status == 64 + 4


def test_a_large_initial_file_system_is_read_to_its_end(kernel, tmp_path):
    """Machines put it at half of their memory (platform.md). The program is what stands last in it."""
    archive = initramfs.build({"filler": bytes(range(256)) * (24 << 12), "init": TINY})
    status, console = boot(kernel, tmp_path, "init=/init tick=off", initrd=archive, memory="64M")
    assert "/init killed by SIGILL" in console
    assert status == 64 + 4


def test_many_arguments_reach_the_program(kernel, tmp_path):
    status, console = boot(kernel, tmp_path, "init=/init tick=off -- " + "a " * 70)
    assert "/init killed by SIGILL" in console
    assert status == 64 + 4


def test_too_little_memory_is_named(tmp_path):
    """On x86-64: beside a debug kernel for riscv64 QEMU finds no place for the device tree in so little."""
    made = subprocess.run(["make", "-s", "-C", ROOT, "kernel", "ARCH=x86_64", "SETUP=no"], capture_output=True)
    if shutil.which("qemu-system-x86_64") is None or made.returncode:
        pytest.skip("no QEMU or no compiler for x86-64")
    what = machine.Boot("x86_64", ROOT / "build/x86_64/debug/kernel.elf", tmp_path, append="init=/init", memory="6M")
    with machine.Machine(what) as running:
        status, console = running.wait(), running.console.decode("utf-8", "replace")
    assert re.search(r"cairn: refused: too little memory: [56] MiB do not hold a program", console)
    assert status == REFUSED


def test_a_fault_of_the_program_ends_it_and_not_the_kernel(kernel, tmp_path):
    status, console = boot(kernel, tmp_path, "init=/init tick=off")
    assert "/init killed by SIGILL: illegal instruction at pc 0x10078" in console
    assert status == 64 + 4


def test_locks_out_of_order_panic_with_both_names(kernel, tmp_path):
    status, console = boot(kernel, tmp_path, "selftest=lockorder")
    assert "PANIC: lock order: taking 'page frames' while holding 'console'" in console
    assert "PANIC: end" in console and status == PANIC


@pytest.mark.parametrize("smp, boots", [(1, 1), (8, 5)])
def test_the_kernel_tests_itself(kernel, tmp_path, smp, boots):
    """Which hart boots is drawn by the firmware: several boots see several."""
    for _ in range(boots):
        status, console = boot(kernel, tmp_path, "selftest=lib", smp=smp)
        assert f"cairn: {smp} CPUs" in console and "selftest lib: ok" in console, console[-600:]
        assert status == PASSED


@pytest.mark.parametrize("test", ["switch:5eed", "freshfpu", "stacks:5eed", "manystacks", "cpus", "copies", "timers", "timers tick=off"])
@pytest.mark.parametrize("arch", ["riscv64", "x86_64"])
def test_what_threads_stand_on(tmp_path, arch, test):
    """Contexts, kernel stacks, timers and messages of four CPUs; copies of address spaces."""
    made = subprocess.run(["make", "-s", "-C", ROOT, "kernel", f"ARCH={arch}", "SETUP=no"], capture_output=True)
    if shutil.which(qemu.port(arch).program) is None or made.returncode:
        pytest.skip(f"no QEMU or no compiler for {arch}")
    what = machine.Boot(arch, ROOT / f"build/{arch}/debug/kernel.elf", tmp_path, append=f"selftest={test}", smp=4)
    with machine.Machine(what) as running:
        assert running.wait() == PASSED, running.console.decode("utf-8", "replace")[-600:]


@pytest.mark.parametrize("arch", ["riscv64", "x86_64"])
def test_the_search_over_seeds_catches_planted_races(tmp_path, arch):
    """Two ways to lose an update, one to lose a wake-up (kernel/selftest/races.cc); the same done right never does."""
    made = subprocess.run(["make", "-s", "-C", ROOT, "kernel", f"ARCH={arch}", "SETUP=no"], capture_output=True)
    if shutil.which(qemu.port(arch).program) is None or made.returncode:
        pytest.skip(f"no QEMU or no compiler for {arch}")
    many = races(tmp_path / "many", arch, "1-200")
    for mistake in ("updates lost in two steps", "updates lost without a lock", "wake-ups lost"):
        seeds, first, without = many[mistake]
        assert seeds >= 50 and without == 0, (mistake, many)
    assert many["broken though right"] == (0, 0, 0)
    seed = many["updates lost in two steps"][1]
    again = [races(tmp_path / f"one{i}", arch, f"{seed}-{seed}") for i in range(2)]
    assert again[0] == again[1], "a seed does not give the same schedule twice"


def races(scratch, arch, seeds):
    """What the self-test says of each mistake: (how many seeds show it, the first, whether it shows without)."""
    scratch.mkdir()
    what = machine.Boot(arch, ROOT / f"build/{arch}/debug/kernel.elf", scratch, append=f"selftest=races:{seeds}",
                        budget=1_000_000_000)
    with machine.Machine(what) as running:
        status, console = running.wait(), running.console.decode("utf-8", "replace")
    assert status == PASSED, console[-600:]
    found = re.findall(r"races: (.*): (\d+) seeds, the first is (\d+); without a seed (\d+)", console)
    return {name: (int(count), int(first), int(without)) for name, count, first, without in found}


@pytest.mark.parametrize("more", ["", ",+avx"], ids=["576 bytes", "832 bytes"])
def test_the_floating_point_state_of_x86_64_is_kept_at_both_its_sizes(tmp_path, more):
    made = subprocess.run(["make", "-s", "-C", ROOT, "kernel", "user-tests", "ARCH=x86_64", "SETUP=no"],
                          capture_output=True, text=True)
    if shutil.which("qemu-system-x86_64") is None or made.returncode:
        pytest.skip("no QEMU or no compiler for x86-64")
    built = ROOT / "build/x86_64"
    program = (built / "user/tests/traps/floats_preempted.elf").read_bytes()
    (tmp_path / "initrd").write_bytes(initramfs.build({"init": program}))
    what = machine.Boot("x86_64", built / "debug/kernel.elf", tmp_path, initrd=tmp_path / "initrd",
                        append="init=/init noise=fpu", extra=["-cpu", qemu.port("x86_64").cpu + more])
    with machine.Machine(what) as running:
        assert running.wait() == PASSED, running.console.decode("utf-8", "replace")
