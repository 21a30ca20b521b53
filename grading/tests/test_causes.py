"""A row that fails names its cause: values rather than silence, a case rather than a count, the guilty room only."""
from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from grading import frames, host, initramfs, machine, poison, proof, thread_view
from grading.console import Dump
from grading.verdicts import Failed, TimedOut, Verdict
from tools.labkit import model

from .conftest import CROSS, ROOT, USER_FLAGS
from .test_boot import kernel       # noqa: F401  (a fixture: the kernel of this tree)


def failed_check(*said: bytes) -> Failed:
    program = proof.Program("counts", b"", Path("."), b"", [], 0)
    with pytest.raises(Failed) as caught:
        proof.raise_failed_check(program, frames.parse(b"".join(said)))
    return caught.value


def note(text: str) -> bytes:
    return frames.encode("note", t=text.replace(" ", "%20"))


def fail(want: int, got: int) -> bytes:
    return frames.encode("fail", i="0", line="17", want=f"{want:016x}", got=f"{got:016x}")


def test_a_count_of_wrong_cases_tells_the_first() -> None:
    end = failed_check(note("nice 5: 12 ms, not 30 ms"), note("nice 7: 1 ms, not 2 ms"), fail(0, 2))
    assert end.expected == "nice 5: 30 ms"
    assert end.got == "nice 5: 12 ms (0x2 (2) wrong in all)"


def test_a_value_is_told_as_it_is() -> None:
    end = failed_check(note("nice 5: 12 ms, not 30 ms"), fail(3, 2))
    assert (end.expected, end.got) == ("0x3 (3)", "0x2 (2)")
    end = failed_check(note("something else"), fail(0, 2))
    assert (end.expected, end.got) == ("0x0 (0)", "0x2 (2)")


def test_a_check_that_failed_says_more_than_a_budget_that_is_spent(outcome_of, tiny) -> None:
    outcome = outcome_of(tiny("kWrongAndHang"))
    assert outcome.verdict is Verdict.Fail and "does not hold" in outcome.reason


def test_the_sanitizers_legend_is_left_out() -> None:
    said = (b"==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1\n    #0 f\n"
            b"Shadow bytes around the buggy address:\n  0x1: fa fa\nShadow byte legend (one shadow byte\n  Addressable: 00\n==1==ABORTING\n")
    assert host.without_legend(said).endswith(b"    #0 f\n")


def reason_of(row_id: str, text: str) -> str:
    row = next(row for row in model.load_course(ROOT).lab("traps").rows if row.id == row_id)
    return next(must.say for must in row.must if re.search(must.match, text, re.M))


def test_an_empty_place_of_the_table_is_not_outside_of_it() -> None:
    null = "dispatch.cc:11: runtime error: member access within null pointer of type 'const struct SystemCall'"
    outside = "dispatch.cc:10: runtime error: index 512 out of bounds for type 'const SystemCall *const [512]'"
    assert "empty place" in reason_of("numbers_in_table", null)
    assert "outside its bounds" in reason_of("numbers_in_table", outside)


@pytest.mark.parametrize("which", [0, 1])
def test_a_panic_over_poison_says_so(tmp_path: Path, which: int) -> None:
    byte = poison.bytes_of(ROOT)[which]
    word = byte * 0x0101010101010101
    bad = Dump(f"PANIC: read fault in the kernel at pc 0xffffffff80200000 address 0x{word + 0x18:x} cause 0xd")
    assert f"0x{byte:02x} is the poison of freed memory" in poison.remark(bad, ROOT)
    held = Dump("PANIC: protection fault in the kernel at pc 0xffffffff80200000 address 0x0", registers={"rbx": word - 8})
    assert "rbx holds it" in poison.remark(held, ROOT)
    good = Dump("PANIC: read fault in the kernel at pc 0xffffffff80200000 address 0x18 cause 0xd", registers={"rbx": 5})
    assert poison.remark(good, ROOT) == ""
    assert poison.remark(bad, tmp_path) == ""


SLEEPERS = """
#include "cairn/process.h"
extern "C" void _start() {
    if (sys_fork() == 0) system_call(__NR_ppoll, 0, 0, 0, 0, 0, 0);
    system_call(__NR_wait4, -1, 0, 0, 0, 0, 0);
    for (;;) {
    }
}
"""


def test_a_timeout_says_who_sleeps_where(kernel, tmp_path: Path) -> None:        # noqa: F811
    (tmp_path / "sleepers.cc").write_text(SLEEPERS)
    subprocess.run([f"{CROSS}g++", *USER_FLAGS, "-static", "-no-pie", "-Wl,-Ttext-segment=0x400000,--build-id=none", "-o",
                    tmp_path / "init", tmp_path / "sleepers.cc"], check=True, timeout=600)
    (tmp_path / "initrd").write_bytes(initramfs.build({"init": (tmp_path / "init").read_bytes()}))
    boot = machine.Boot("riscv64", kernel, tmp_path, initrd=tmp_path / "initrd", append="init=/init tick=off")
    with machine.Machine(boot) as running:
        with pytest.raises(TimedOut):
            running.wait()
        running.stop()
        said = thread_view.of(running, boot, running.registers())
    assert len(said) == 2
    assert re.fullmatch(r"process 1: sleeps in \S*wait\S*, its last call: wait4\(-1, 0, 0, …\)", said[0]), said
    assert re.fullmatch(r"process 2: sleeps in \S+, its last call: ppoll\(0, 0, 0, …\)", said[1]), said
