"""Linux as the referee: the console of many programs is cut rightly, and an end is judged by what the row says."""
from __future__ import annotations

import pytest

from grading import linux, proof
from grading.frames import encode
from grading.verdicts import Failed

SECRET = bytes(range(32))


def program(sites: list[proof.Site]) -> proof.Program:
    return proof.Program("a_test", b"", None, SECRET, sites, 0x10000)


def done(sites: list[proof.Site], values: dict[int, int]) -> bytes:
    return encode("done", n=str(len(sites)), mac=f"{proof.expected_mac(SECRET, sites, values):016x}")


def test_the_console_is_cut_at_the_marks():
    console = b"noise\noracle: begin 0\none\noracle: status 0 0\noracle: begin 1\ntwo\noracle: status 1 139\n" \
              b"oracle: begin 2\nnever ends"
    first, second, third = linux.split(console, 3)
    assert (first.output, first.exit_status, first.signal) == (b"one\n", 0, "")
    assert (second.output, second.signal) == (b"two\n", "SIGSEGV")
    assert third is None


def test_a_right_end_is_accepted():
    sites = [proof.Site(proof.CHECK, 7)]
    linux.judge(program(sites), linux.Ended(done(sites, {}), 0), "")


def test_a_status_may_be_the_first_value():
    sites = [proof.Site(proof.VALUE, 7)]
    output = encode("value", i="0", v=f"{42:016x}") + done(sites, {0: 42})
    linux.judge(program(sites), linux.Ended(output, 42 << 8), "value")
    with pytest.raises(Failed):
        linux.judge(program(sites), linux.Ended(output, 41 << 8), "value")


def test_another_signal_is_refused():
    sites = [proof.Site(proof.CHECK, 7)]
    linux.judge(program(sites), linux.Ended(done(sites, {}), 4), "SIGILL")
    with pytest.raises(Failed):
        linux.judge(program(sites), linux.Ended(done(sites, {}), 11), "SIGILL")


def test_a_program_without_its_proof_is_refused():
    with pytest.raises(Failed):
        linux.judge(program([proof.Site(proof.CHECK, 7)]), linux.Ended(b"all is well\n", 0), "")
