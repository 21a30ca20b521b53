"""A replay stops where its recording ends, though QEMU does not say that it is through with it."""
from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from grading import autopsy
from grading.bench import Run
from grading.machine import Boot
from grading.verdicts import TimedOut


class Replay:
    """Stands in for a Machine that replays: it comes as far as `end`, and stays there."""
    console = b"all that was said\n"

    def __init__(self, end: int):
        self.end, self.count = end, 0

    def __enter__(self) -> "Replay":
        self.monitor = self
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def ask(self, _command: str) -> dict[str, bool]:
        return {"running": True}

    def human(self, command: str) -> str:
        return "CPU#0\n pc       0000000080200000\n" if command.startswith("info registers") else ""

    def instructions(self) -> int:
        self.count = min(self.end, self.count + 400)
        return self.count


@pytest.mark.parametrize("end, is_known", [
    (1000, True),       # all that is on record
    (995, True),        # all but what it did to fall asleep, of which QEMU has noted nothing
    (500, False),       # it hangs
])
def test_where_a_replay_ends(monkeypatch, end: int, is_known: bool) -> None:
    monkeypatch.setattr(autopsy, "Machine", lambda _boot: Replay(end))
    monkeypatch.setattr(autopsy, "STILL_SECONDS", 0.05)
    monkeypatch.setattr(autopsy, "WAIT_SECONDS", 0.3)
    boot = Boot("riscv64", Path("kernel"), Path("."), budget=2000)
    finding = autopsy._replay(boot, recorded=1000)
    assert (finding is not None) == is_known
    if finding:
        assert finding.registers == [{"pc": 0x80200000}] and finding.console == Replay.console


def test_a_brief_run_is_not_looked_at_again() -> None:
    """A proof that wants verdicts only does not pay for where each CPU was."""
    bench = SimpleNamespace(settings=SimpleNamespace(brief=True))
    machine = SimpleNamespace(cpu_seconds=lambda: 0.0)      # it cannot even be stopped
    late = TimedOut("the machine still ran")
    Run(bench, machine, None).examine(late)
    assert not late.cpus and late.console is None
