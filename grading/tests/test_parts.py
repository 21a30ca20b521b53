"""Frames, proofs, archives, draws and the readers of consoles and logs, without a machine."""
from __future__ import annotations

import signal
import socket
import struct
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from grading import frames, initramfs, monitor, proof, symbols, traplog
from grading.bench import Run, seeds_of
from grading.console import Console
from grading.gdbstub import GdbStub, StubClosed
from grading.proof import CHECK, VALUE, Program, Site
from grading.settings import Draw
from grading.storm import StormWatch, TrapStorm
from grading.verdicts import Failed, Infrastructure
from tools.labkit.model import Row

SECRET = bytes(range(32))


def program(*kinds: int) -> Program:
    return Program("p", b"", Path("p"), SECRET, [Site(kind, 10 + i) for i, kind in enumerate(kinds)], 0x10000)


def done(count: int, mac: int) -> bytes:
    return frames.encode("done", n=str(count), mac=f"{mac:016x}")


def test_siphash_gives_the_numbers_of_its_paper() -> None:
    key = bytes(range(16))
    assert proof.siphash(key, bytes(range(15))) == 0xA129CA6149BE45E5
    assert proof.siphash(key, b"") == 0x726FDB47DD0E0E31
    assert proof.siphash(key, bytes(range(8))) == 0x93F5F5799A932462


def test_a_frame_is_read_as_it_was_written() -> None:
    text = b"noise" + frames.encode("fail", i="3", line="17", want="0" * 16, got="f" * 16) + b"more\n"
    [frame] = frames.parse(text)
    assert (frame.kind, frame.number("i"), frame.number("got", 16)) == ("fail", 3, 0xFFFFFFFFFFFFFFFF)


def test_a_serial_line_may_add_carriage_returns() -> None:
    assert len(frames.parse(done(1, 5).replace(b"\n", b"\r\n"))) == 1


@pytest.mark.parametrize("bad", [
    done(1, 5).replace(b"n=1", b"n=2"),
    done(1, 5).replace(b"crc=", b"crc=0"),
    b"\x1eCAIRN done\n",
    b"\x1eCAIRN \xff\xfe crc=00000000\n",
])
def test_what_only_looks_like_a_frame_is_an_error(bad: bytes) -> None:
    with pytest.raises(frames.BadFrame):
        frames.parse(b"hello\n" + bad)


@pytest.mark.parametrize("noise", [b"\x1e\x1e\n", b"CAIRN done n=1 mac=0\n", bytes(range(256)) * 4, b""])
def test_noise_is_no_frame(noise: bytes) -> None:
    assert frames.parse(noise) == []


def test_frames_are_not_shown_as_console_text() -> None:
    assert frames.without_frames(b"a\n" + done(1, 2) + b"b\x07\n") == "a\nb\\x07\n"


def test_the_proof_of_a_run_without_a_difference_verifies() -> None:
    p = program(CHECK, VALUE, CHECK)
    mac = proof.expected_mac(SECRET, p.sites, {1: 77})
    text = frames.encode("value", i="1", v=f"{77:016x}") + done(3, mac)
    assert proof.verify(p, frames.parse(text)) == {1: 77}


@pytest.mark.parametrize("kinds, count, values, mac_values", [
    ([CHECK, CHECK], 1, {}, {}),                    # a check was skipped
    ([CHECK, VALUE], 2, {1: 5}, {1: 6}),            # another value than the one folded in
    ([CHECK], 1, {}, None),                         # a number out of the air
])
def test_any_other_proof_is_refused(kinds: list, count: int, values: dict, mac_values: dict | None) -> None:
    p = program(*kinds)
    mac = 0x1234 if mac_values is None else proof.expected_mac(SECRET, p.sites[:count], mac_values)
    text = b"".join(frames.encode("value", i=str(i), v=f"{v:016x}") for i, v in values.items())
    with pytest.raises(Failed):
        proof.verify(p, frames.parse(text + done(count, mac)))


def test_two_ends_are_refused() -> None:
    p = program(CHECK)
    text = done(1, proof.expected_mac(SECRET, p.sites, {}))
    with pytest.raises(Failed, match="twice"):
        proof.verify(p, frames.parse(text + text))


def test_no_end_is_refused() -> None:
    with pytest.raises(Failed, match="did not come to its end"):
        proof.verify(program(CHECK), [])


def test_the_order_of_the_checks_is_part_of_the_proof() -> None:
    forward = proof.expected_mac(SECRET, program(CHECK, VALUE).sites, {1: 9})
    backward = proof.expected_mac(SECRET, program(VALUE, CHECK).sites, {0: 9})
    assert forward != backward


def test_an_archive_is_what_cpio_reads(tmp_path: Path) -> None:
    archive = initramfs.build({"k3x": b"hello", "bin/deep/er": b"x" * 5000})
    assert archive == initramfs.build({"k3x": b"hello", "bin/deep/er": b"x" * 5000})
    subprocess.run(["cpio", "-id", "--quiet"], input=archive, cwd=tmp_path, check=True, timeout=600)
    assert (tmp_path / "k3x").read_bytes() == b"hello"
    assert (tmp_path / "bin/deep/er").stat().st_size == 5000


def test_a_seed_decides_everything_and_rows_differ() -> None:
    one, again, other, row = Draw(1, "a"), Draw(1, "a"), Draw(2, "a"), Draw(1, "b")
    assert (one.secret, one.base, one.name("x"), one.boot_seed) == \
        (again.secret, again.base, again.name("x"), again.boot_seed)
    assert len({one.secret, other.secret, row.secret}) == 3
    bases = [Draw(n, "a").base for n in range(999)]
    assert all(0x10000 <= base < 0x400000 and base % 4096 == 0 for base in bases)
    assert not any(0xe0000 <= base + 0x20000 and base < 0x201000 for base in bases)       # firmware, and the kernel without page tables
    assert all(Draw(n, "a").name("x").isalnum() and 5 <= len(Draw(n, "a").name("x")) <= 7 for n in range(99))


def test_a_full_run_searches_more_seeds() -> None:
    race = Row("race", "A spec.", 1, seeds=[7, 9], extra={"long_seeds": 5})
    assert seeds_of(race, False) == [7, 9]
    assert seeds_of(race, True) == [7, 9, 10, 11, 12]
    assert seeds_of(Row("other", "A spec.", 1), True) == []


def test_a_stripped_program_names_no_sections() -> None:
    header = bytearray(64 + 56)
    struct.pack_into("<Q", header, 32, 64)              # program headers follow at once
    struct.pack_into("<Q", header, 40, 500)             # section headers
    struct.pack_into("<HHHHH", header, 54, 56, 1, 64, 9, 8)
    struct.pack_into("<QQQQ", header, 64 + 8, 120, 0, 0, 30)
    bare = proof.without_sections(bytes(header) + b"c" * 30 + b".cairn_secret")
    assert len(bare) == 150 and b"secret" not in bare
    assert struct.unpack_from("<Q", bare, 40) == (0,) and struct.unpack_from("<H", bare, 60) == (0,)


PANIC = b"""[    0.012345 0] cairn: up
[    0.020000 1] PANIC: assertion failed: x (a.cc:3)
   pc 0x0000000000000010   ra 0x0000000000000011
  backtrace:
    #0 0xffffffff80200010 core::thing+0x10
    #1 0xffffffff80200020
PANIC: end
"""


def test_a_panic_is_read_with_registers_and_backtrace() -> None:
    dump = Console(PANIC).panic()
    assert dump.headline == "PANIC: assertion failed: x (a.cc:3)"
    assert dump.registers == {"pc": 0x10, "ra": 0x11} and dump.pc == 0x10
    assert [step.address & 0xFF for step in dump.backtrace] == [0x10, 0x20]
    assert dump.backtrace[0].name == "core::thing+0x10"


def test_an_open_room_a_refusal_and_a_death_are_read() -> None:
    console = Console(b"[    0.200000 0] ROOM traps.5 is open: k.S:4\n"
                      b"[    0.200000 0] cairn: refused: no init\n"
                      b"[    0.200000 0] cairn: init killed by SIGSEGV: read at pc 0x12 address 0x34\n")
    assert console.open_room() == ("traps.5", "k.S:4")
    assert console.refusal() == "no init"
    assert (console.killed().pc, console.killed().address) == (0x12, 0x34)


def test_a_line_of_the_kernel_is_found_behind_what_the_firmware_printed_without_a_newline() -> None:
    console = Console(b"sbi_trap: Invalid opcode[    0.912345 0] selftest words: words=7 traps=6 loops=1\n"
                      b"cause 2 [    1.000000 12] PANIC: gone\n")
    assert console.find(r"selftest words: words=7 traps=6 loops=1$")
    assert console.panic()


def test_the_trap_log_is_read() -> None:
    line = (b"riscv_cpu_do_interrupt: hart:0, async:1, cause:0000000000000005, epc:0x0000000000010044, "
            b"tval:0x0000000000000000, desc=s_timer\n")
    [trap] = traplog.parse(b"junk\n" + line, "riscv64")
    assert trap.interrupt and trap.is_tick and trap.name == "s_timer" and trap.within(0x10000, 0x11000)


def test_the_trap_log_of_x86_64_is_read() -> None:
    lines = (b"     3: v=0e e=0006 i=0 cpl=3 IP=0033:0000000000012345 pc=0000000000012345 SP=002b:0000000000ffef00 "
             b"CR2=0000000000000040\nRAX=0000000000000000\nServicing hardware INT=0x20\n"
             b"     4: v=20 e=0000 i=0 cpl=0 IP=0010:ffffffff80101000 pc=ffffffff80101000 SP=0018:ffffffff40007000 "
             b"env->regs[R_EAX]=0000000000000000\n")
    fault, tick = traplog.parse(lines, "x86_64")
    assert (fault.name, fault.pc, fault.value, fault.interrupt) == ("page_fault", 0x12345, 0x40, False)
    assert tick.is_tick and tick.interrupt and tick.pc == 0xFFFFFFFF80101000


def test_the_monitors_answers_are_read() -> None:
    assert monitor.parse_word("000000000200bff8: 0x0000000002802228\r\n") == 0x2802228
    said = "\r\nCPU#0\r\n pc       000000008020000c\r\n x1/ra    0000000000000007 x2/sp    0000000000000008\r\n"
    assert monitor.parse_registers(said) == [{"pc": 0x8020000C, "ra": 7, "sp": 8}]
    assert monitor.parse_word("portb[0x03fd] = 0x61\r\n") == 0x61
    said = ("\r\nCPU#0\r\nRAX=0000000000000001 R8 =0000000000000002\r\n"
            "RIP=0000000000100008 RFL=00000046 [---Z-P-] CPL=3 II=0 A20=1 SMM=0 HLT=0\r\n")
    assert monitor.parse_registers(said) == [{"rax": 1, "r8": 2, "rip": 0x100008, "pc": 0x100008, "cpl": 3}]


def test_a_storm_of_traps_is_told_from_slow_code() -> None:
    """Slow is not enough, and one place is not enough: it must be both, and for long."""
    storm = {"pc": 0x80200104, "sepc": 0x80200100, "scause": 15, "stval": 9}
    for odd in ({}, {"pc": 0x80209000}, {"sepc": 0x10000}, {"scause": 1 << 63 | 5}):
        watch, raised = StormWatch(), False
        try:
            for step in range(1, 40):
                assert watch.is_slow(step * 0.1, step * 100_000)
                watch.look(step * 0.1, {**storm, **(odd if step % 10 == 0 else {})})
        except TrapStorm as found:
            raised = found.registers["pc"] == storm["sepc"] and "scause 15, stval 0x9" in found.reason
        assert raised == (not odd), odd


def test_a_fast_machine_has_no_storm() -> None:
    watch = StormWatch()
    assert not any(watch.is_slow(step * 0.1, step * 10_000_000) for step in range(3, 40))


def test_a_crash_of_qemu_is_not_the_kernels_fault() -> None:
    """init ended well, and then QEMU itself did not: that row is run again."""
    machine = SimpleNamespace(status=-signal.SIGSEGV, console=b"[    0.812199 0] selftest start: ok\n", errors=lambda: "")
    run = Run(None, machine, None)
    with pytest.raises(Infrastructure, match="SIGSEGV"):
        run.require_status(0)


def test_a_machine_that_is_switched_off_under_gdb_has_ended() -> None:
    """QEMU waits then (-no-shutdown), and its stub tells of a stop by SIGQUIT."""
    ours, qemus = socket.socketpair()
    with ours, qemus:
        qemus.sendall(b"$T03thread:01;#07")
        with pytest.raises(StubClosed, match="ended"):
            GdbStub(ours, []).wait_stop(1)


def test_registers_are_those_of_the_cpu_that_stopped() -> None:
    """A stop names its CPU; the next stop may be another's."""
    ours, qemus = socket.socketpair()
    with ours, qemus:
        stub = GdbStub(ours, ["first", "pc"])
        for packet, cpu in (("T05thread:03;", 3), ("T05thread:p01.02;", 2), ("S05", 1)):
            for text in (packet, "OK", "11" * 8 + "22" * 8):
                qemus.sendall(f"${text}#{sum(text.encode()) & 0xff:02x}".encode())
            stub.wait_stop(1)
            assert stub.registers() == {"first": 0x1111111111111111, "pc": 0x2222222222222222}
            assert f"$Hg{cpu}#".encode() in qemus.recv(4096)


def test_a_name_is_found_however_the_compiler_spells_it() -> None:
    for spelt in ("_ZN8selftest12_GLOBAL__N_112nesting_doneEv", "_ZN8selftest12_GLOBAL__N_1L12nesting_doneEv"):
        assert symbols.as_of_old(spelt) == "_ZN8selftest12_GLOBAL__N_112nesting_doneEv"
