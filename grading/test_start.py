"""Rows of lab 0 that look from outside."""
from __future__ import annotations

from .bench import Bench
from .verdicts import Failed

LONGEST_MESSAGE = 64            # kernel/selftest/start.cc


def seal_of(message: bytes) -> int:
    """FNV-1a, 32 bits."""
    seal = 2166136261
    for byte in message:
        seal = (seal ^ byte) * 16777619 & 0xFFFFFFFF
    return seal


def test_seals_a_message(bench: Bench) -> None:
    """The kernel seals a message that this run has drawn."""
    check_seal(bench, bench.draw.bytes("message", 8 + bench.draw.below("length", 24)))


def test_seals_every_length(bench: Bench) -> None:
    for size in (1, 2, LONGEST_MESSAGE):
        check_seal(bench, bench.draw.bytes(f"message of {size}", size))


def check_seal(bench: Bench, message: bytes) -> None:
    with bench.boot(selftest=f"start:{message.hex()}", seeded=False) as run:
        run.wait()
        said = run.console.find(r"start: (seal=([0-9a-f]{8})|error \d+)$")
        wanted = f"seal={seal_of(message):08x}"
        if said is None or said[1] != wanted:
            run.refuse_silence(0)
            raise Failed(f"the seal of the {len(message)} bytes {message.hex()} is wrong",
                         expected=wanted, got=said[1] if said else "no line that starts with start:")
        run.require_status(0)


def test_refuses_nothing(bench: Bench) -> None:
    """An empty message has no seal: EINVAL."""
    with bench.boot(selftest="start:", seeded=False) as run:
        run.wait()
        said = run.console.find(r"start: (.*)$")
        if said is None or said[1] != "error 22":
            run.refuse_silence(1)
            raise Failed("an empty message is not refused", expected="error 22 (EINVAL)",
                         got=said[1] if said else "no line that starts with start:")
        run.require_status(1)
