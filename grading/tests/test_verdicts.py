"""Each kind of kernel that a student may bring gets the right verdict, and nothing undeserved."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from grading import frames, report_files
from grading.settings import Draw
from grading.verdicts import Verdict


def test_an_honest_kernel_gets_everything(grade, tiny) -> None:
    results, text, status = grade(tiny())
    assert status == 0 and results.full
    assert text.splitlines()[-1] == "SCORE toy riscv64 5/5"


@pytest.mark.parametrize("cheat, verdict, reason", [
    ("kHang", Verdict.Timeout, "still ran after its 200,000,000 guest instructions"),
    ("kSleep", Verdict.Timeout, "sleeps for ever"),
    ("kSilent", Verdict.Timeout, "still ran"),
    ("kPanic", Verdict.Panic, "PANIC: a thing went wrong: 0xdead"),
    ("kFlood", Verdict.Fail, "the console was flooded: more than 4 MiB"),
    ("kGarbage", Verdict.Fail, "the result channel holds a frame with a wrong check sum"),
    ("kOpenRoom", Verdict.Fail, r"room traps.4 is still open \(kernel/entry/dispatch.cc:42\)"),
    ("kRefuse", Verdict.Fail, "the kernel refused to go on: unknown boot argument colour="),
    ("kKnowsName", Verdict.Fail, "did not come to its end"),
    ("kWrongNumber", Verdict.Fail, "does not hold"),
])
def test_verdict(outcome_of, tiny, cheat: str, verdict: Verdict, reason: str) -> None:
    outcome = outcome_of(tiny(cheat))
    assert (outcome.verdict, outcome.points) == (verdict, 0)
    assert re.search(reason, outcome.reason), outcome.reason


def test_noise_on_the_console_costs_nothing(outcome_of, tiny) -> None:
    assert outcome_of(tiny("kNoise")).passed


def test_a_hang_says_where_each_cpu_is_and_says_it_twice_the_same(outcome_of, tiny) -> None:
    first, second = outcome_of(tiny("kHang")), outcome_of(tiny("kHang"))
    assert re.match(r"CPU 0 at 0x[0-9a-f]{16} \(\w+", first.cpus[0]), first.cpus
    assert first == second


def test_a_panic_is_symbolised(outcome_of, tiny) -> None:
    outcome = outcome_of(tiny("kPanic"))
    assert [re.sub(r"0x\w{16}", "A", line) for line in outcome.backtrace] == ["#0 A panic+0x8", "#1 A print+0x4"]


def test_printing_the_answers_gets_nothing(outcome_of, tiny) -> None:
    values = frames.encode("value", i="1", v=f"{5:016x}")
    answers = values + frames.encode("done", n="3", mac=f"{1:016x}")
    outcome = outcome_of(tiny("kPrintAnswers", answers))
    assert outcome.verdict is Verdict.Fail and "proof" in outcome.reason


def test_an_earlier_run_replayed_gets_nothing(outcome_of, tiny) -> None:
    """The very frames of a good run: of another SEED they are worth nothing."""
    recorded = frames_of_a_good_run(seed=7)
    assert outcome_of(tiny("kReplay", recorded), seed=7).passed      # the test's own premise
    outcome = outcome_of(tiny("kReplay", recorded), seed=8)
    assert outcome.verdict is Verdict.Fail and "proof" in outcome.reason


def frames_of_a_good_run(seed: int) -> bytes:
    """What the program `writes` sends in a run with this seed, computed as the program does."""
    from grading import proof
    from grading.proof import CHECK, VALUE, Program, Site
    secret = Draw(seed, "first_call").secret
    program = Program("writes", b"", Path("."), secret, [Site(CHECK, 7), Site(VALUE, 8), Site(CHECK, 9)], 0)
    number = program.number(3)
    mac = proof.expected_mac(secret, program.sites, {1: number})
    return frames.encode("value", i="1", v=f"{number:016x}") + frames.encode("done", n="3", mac=f"{mac:016x}")


def test_the_expected_number_without_the_work(outcome_of, tiny) -> None:
    """Dropping the frame of a failed check and ending with 0 does not hide it."""
    outcome = outcome_of(tiny("kSwallow"), row="knows_itself")
    assert outcome.verdict is Verdict.Fail and "proof" in outcome.reason


def test_a_second_end_is_refused(outcome_of, tiny) -> None:
    second = frames.encode("done", n="3", mac=f"{5:016x}")
    outcome = outcome_of(tiny("kDouble", second))
    assert outcome.verdict is Verdict.Fail and "twice" in outcome.reason


def test_a_row_behind_a_failed_one_is_skipped_and_names_it(grade, tiny) -> None:
    results, text, status = grade(tiny("kWrongNumber"))
    [(lab, rows)] = results.selected
    assert status == 1
    assert results.of(rows[1]).verdict is Verdict.Skip and "first_call" in results.of(rows[1]).reason
    assert text.splitlines()[-1] == "SCORE toy riscv64 0/5"


def test_a_missing_kernel_is_nobodys_failure_but_scores_nothing(outcome_of, tmp_path: Path) -> None:
    outcome = outcome_of(tmp_path / "none.elf")
    assert (outcome.verdict, outcome.points) == (Verdict.Infra, 0)


def test_a_broken_qemu_is_tried_again_and_then_infra(outcome_of, tiny, monkeypatch, tmp_path: Path) -> None:
    """A QEMU that says nothing at all: three attempts, no verdict on the student."""
    counter = tmp_path / "starts"
    fake = tmp_path / "bin/qemu-system-riscv64"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\ncase $1 in --version) echo QEMU emulator version 7.2.0; exit;; esac\n"
                    f"echo x >> {counter}\necho no accelerator >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=":")
    outcome = outcome_of(tiny())
    assert outcome.verdict is Verdict.Infra and "no accelerator" in outcome.reason
    assert counter.read_text().count("x") == 3


def test_a_grader_that_fails_gives_no_score_and_ends(grade, tiny, monkeypatch) -> None:
    def full_disk(_results: object) -> None:
        raise OSError("no space left")
    monkeypatch.setattr(report_files, "write_json", full_disk)
    _, text, status = grade(tiny())
    assert status == 2 and "SCORE" not in text


def test_must_names_a_reason(outcome_of, tiny) -> None:
    outcome = outcome_of(tiny("kOpenRoom"), row="knows_itself")
    assert outcome.reason == "Fill room traps.4 first."
    assert "still open" in outcome.detail


def test_the_negative_control_flags_a_grader_that_believes_everything(grade, tiny, monkeypatch) -> None:
    """If a kernel (or a mistake of the grader's) makes the program that must fail pass, nothing counts."""
    from grading import bench
    monkeypatch.setattr(bench, "judge", lambda run, status=0: {})
    results, text, _ = grade(tiny())
    assert "passes a program that must fail" in text
    assert text.splitlines()[-1] == "SCORE toy riscv64 0/5"
