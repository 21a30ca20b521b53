"""The end of a recording, as QEMU writes it: the note of a guest that switched off must not come before its last instructions."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from tools import debug  # noqa: E402

BEFORE = bytes.fromhex("000000003316 0000000100000001")     # 51 instructions, a byte for the console
RISCV64 = bytes.fromhex("00000006f7 0e27")                   # seen with QEMU 10.0
X86_64 = bytes.fromhex("0000000688 1e1d0000000078497ecd 0e27")


@pytest.mark.parametrize("end", [RISCV64, X86_64])
def test_the_early_note_is_struck_out(tmp_path: Path, end: bytes) -> None:
    recording = tmp_path / "run"
    recording.write_bytes(BEFORE + b"\x10" + end)
    debug.keep_the_last_instructions(recording)
    assert recording.read_bytes() == BEFORE + end


@pytest.mark.parametrize("end", [RISCV64, X86_64])
def test_a_recording_without_it_stays_as_it_is(tmp_path: Path, end: bytes) -> None:
    recording = tmp_path / "run"
    recording.write_bytes(BEFORE + end)
    debug.keep_the_last_instructions(recording)
    assert recording.read_bytes() == BEFORE + end
    debug.keep_the_last_instructions(tmp_path / "none")
