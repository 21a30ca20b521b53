"""`make demo`: the rewards play by themselves and come out as they should."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from grading import initramfs
from grading.machine import Boot, Machine

ROOT = Path(__file__).resolve().parent.parent.parent


def demo(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(["make", "--no-print-directory", "SETUP=no", "demo", *words], cwd=ROOT, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=150, check=False)


def test_alone_it_lists_the_labs_with_rewards():
    done = demo()
    assert done.returncode == 0 and "make demo LAB=traps" in done.stdout


def test_a_lab_without_reward_is_named():
    done = demo("LAB=nowhere")
    assert done.returncode != 0 and "there is no reward for LAB=nowhere" in done.stderr


@pytest.mark.parametrize("arch, register", [("riscv64", "a7"), ("x86_64", "rdi")])
def test_ctrl_t_shows_a_running_program_of_one_s_own(arch, register):
    done = demo(f"ARCH={arch}", "LAB=traps", "PLAIN=1")
    assert done.returncode == 0, done.stdout + done.stderr
    reports = re.findall(r"status: /stones pid 1.*?status: end", done.stdout, re.S)
    assert len(reports) == 2 and reports[0] != reports[1]
    assert "demo: stones was shown twice" in done.stdout
    for report in reports:
        assert re.search(rf" {register} 0x[0-9a-f]{{16}}", report)
        assert "main+0x" in report
    # Between two journeys it is in main alone, for a few instructions of many thousands.
    assert any(re.search(r"#\d+ 0x[0-9a-f]{16} move_pile\+0x", report) for report in reports)


def test_a_map_of_memory_follows_on_the_programs_of_others():
    """What the programs say is test_userland.py's business: without a network BusyBox is left out."""
    done = demo("LAB=paging", "PLAIN=1")
    assert done.returncode == 0, done.stdout + done.stderr
    # A larger image than four mebibytes takes the first block, and the map begins behind it.
    assert "# weigh /etc/stones" in done.stdout and re.search(r"^physical memory: 12[048] MiB", done.stdout, re.M)
    assert re.search(r"^virtual memory of /hog: .* mapped, .* there$", done.stdout, re.M)


@pytest.mark.skipif(not any(ROOT.glob("labs/*-processes/handout.md")), reason="this tree has no processes")
@pytest.mark.parametrize("arch", ["riscv64", "x86_64"])
def test_a_shell_answers_what_is_typed(arch):
    """Without a network there is no BusyBox to type at, and the reward says so."""
    done = demo(f"ARCH={arch}", "LAB=processes", "PLAIN=1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 commands were typed and answered" in done.stdout or "SKIP the session" in done.stdout


@pytest.fixture(params=[(arch, smp) for arch in ("riscv64", "x86_64") for smp in (1, 4)], ids=lambda pair: f"{pair[0]}-{pair[1]}")
def machine_with(request, tmp_path):
    """Starts the kernel with one of user/bin as its first program."""
    arch, smp = request.param
    subprocess.run(["make", "-s", f"ARCH={arch}", "SETUP=no", "kernel", *(f"build/{arch}/user/bin/{name}.elf" for name in ("sh", "stones"))],
                   cwd=ROOT, check=True, timeout=900)

    def machine(program: str) -> Machine:
        image = tmp_path / "initramfs.cpio"
        image.write_bytes(initramfs.build({program: (ROOT / f"build/{arch}/user/bin/{program}.elf").read_bytes()}))
        return Machine(Boot(arch=arch, kernel=ROOT / f"build/{arch}/debug/kernel.elf", scratch=tmp_path, initrd=image, smp=smp, shift=None,
                            append=f"init=/{program}"))

    return machine


@pytest.mark.skipif(not any(ROOT.glob("labs/*-processes/handout.md")), reason="this tree has no shell")
def test_what_is_typed_while_the_machine_boots_is_read_by_the_first_program(machine_with):
    with machine_with("sh") as machine:
        machine.expect(rb"cairn: \d+ CPUs", what="the kernel's first line")
        machine.press(b"exit 7\r")
        assert machine.wait() == 7


@pytest.mark.skipif(not any(ROOT.glob("labs/*-paging/handout.md")), reason="this tree has no terminal")
def test_ctrl_t_among_other_keys_finds_the_program_that_computes(machine_with):
    """Each key wakes the thread that echoes it, which may have taken the CPU from the program just then."""
    with machine_with("stones") as machine:
        place = machine.expect(rb"cairn: running /stones").end()
        for _ in range(10):
            for keys in (b"ab", b"\x14", b"c\r"):
                machine.press(keys)
            begin = machine.expect(rb"status: /stones pid 1", after=place, what="a report on the program").end()
            place = machine.expect(rb"status: end", after=begin, what="the report's last line").end()
        machine.press(b"q")     # a letter that the program does not write
        machine.expect(rb"q", after=place, what="the echo of another key")
