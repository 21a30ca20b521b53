"""Whatever comes over a channel, there is a verdict: 10,000 mutated runs, always the same ones.

A kernel under test can write any bytes on its console, right check sums included, and lay any bytes into its memory.
The parsers are called directly, with a run and a machine that hold what was mutated; nothing is booted.
"""
from __future__ import annotations

import contextlib
import json
import random
import re
import socket
import sys
import xml.etree.ElementTree as ElementTree
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from grading import bench, frames, host, page_walk, proof, report, report_files, test_paging, test_processes, test_start
from grading import test_traps, traplog
from grading.gdbstub import GdbStub, StubTimeout
from grading.monitor import Monitor, MonitorSilent, parse_registers, parse_word
from grading.runner import Runner
from grading.settings import Draw, Settings
from grading.verdicts import Failed, Outcome, RowEnded, Verdict
from tools.labkit import model

RUNS = 10_000
SECRET = bytes(range(32))
SITES = [proof.Site(proof.CHECK, 7), proof.Site(proof.VALUE, 8), proof.Site(proof.CHECK, 9)]
PROGRAM = proof.Program("writes", b"", Path(sys.executable), SECRET, SITES, 0x10000, ["int main() {", "}"])
STATUSES = [0, 1, 64 + 4, 64 + 11, bench.REFUSED_STATUS, bench.ROOM_STATUS, bench.PANIC_STATUS]

FRAMES = [frames.encode("value", i="1", v=f"{PROGRAM.number(3):016x}"), frames.encode("note", t="%c3%a4%20b"),
          frames.encode("fail", i="2", line="9", want="0000000000000001", got="00000000000000ff"),
          frames.encode("done", n="3", mac=f"{proof.expected_mac(SECRET, SITES, {1: PROGRAM.number(3)}):016x}")]
LINES = [b"[    0.031250 0] hello\r\n", b"Boot HART Domain : root\r\n", b"ROOM traps.4 is open: kernel/entry/dispatch.cc:42\n",
         b"PANIC: page fault at pc 0xffffffff80201234 address 0x8: write\n  ra 0x0000000000000001 sp 0x2\n  #0 0x10 f+0x2\nPANIC: end\n",
         b"cairn: init killed by SIGSEGV: SEGV_MAPERR address 0x1234 pc 0x10\n  a0 0x0000000000000001\n",
         b"cairn: refused: unknown boot argument\n", b"status: running pc 0x10000\n  t0 0x1\nstatus: end\n",
         b"selftest switch: digest=0123456789abcdef wrong=0\n", b"selftest threads: sum=0123456789abcdef repeated=3 wrong=0\n",
         b"selftest clone: copied=43 wrong=0 lost=0\n", b"selftest shootdown: rounds=6 cpus=4 stale=0\n",
         b"selftest words: words=20000 traps=19000 loops=1000\n", b"selftest nesting: digest=0123456789abcdef deepest=4 wrong=0\n",
         b"selftest walk: wrong=0 lost=0\n", b"start: seal=01234567\n", b"start: error 22\n", "ünïcode \u2028 line\n".encode()]
PIECES = [b"\x1e", b"\x1eCAIRN ", b"\x0b", b"\x0c", b"\r", b"\n", b"\0", b"=", b" ", b"%", b"%1b[31m", b"crc=", b"\xff", b"\xe2\x80\xa8",
          "٣".encode(), b"-1", b"0x", b"9" * 5000, b"f" * 40, b"1_0", b"+", b"nan", b"\x85", b"\x1b]0;x\x07", b"i=i=1"]


def mutated(source: random.Random, parts: list[bytes]) -> bytes:
    """Some of the parts, in any order, with a few changes; check sums are often made right again."""
    data = bytearray(b"".join(source.choices(parts, k=source.randint(1, 6))))
    for _ in range(source.randint(0, 6)):
        at = source.randrange(len(data) + 1)
        change = source.randrange(5)
        if change == 0 and data:
            data[at % len(data)] = source.randrange(256)
        elif change == 1:
            del data[at:at + source.randint(1, 20)]
        elif change == 2:
            data[at:at] = source.choice(PIECES)
        elif change == 3:
            data[at:at] = data[at:at + source.randint(1, 30)]
        else:
            data[at:at] = bytes(source.randrange(256) for _ in range(source.randint(1, 8)))
    return with_right_sums(bytes(data)) if source.random() < 0.7 else bytes(data)


def with_right_sums(data: bytes) -> bytes:
    def mend(found: re.Match[bytes]) -> bytes:
        return found[1] + found[2] + b"crc=%08x\n" % zlib.crc32(found[2])
    return re.sub(rb"(\x1e)(CAIRN [^\n\x1e]*?)crc=[^\n\x1e]*\n", mend, data)


# ---- rows over a console ---------------------------------------------------------------------------------------------

def no_stub() -> None:
    """A row that stops the machine comes to its end here: stub replies have a fuzzer of their own."""
    raise Failed("nothing was booted")


class MutatedBench(bench.Bench):
    """A bench whose boots end at once, and leave a console that was made up."""

    def __init__(self, row: model.Row, scratch: Path, console: bytes, status: int):
        super().__init__(Settings(root=scratch, seed=1, kernel=Path(sys.executable)), row, scratch)
        self._end = console, status

    @contextlib.contextmanager
    def boot(self, *_: object, **__: object) -> Iterator[bench.Run]:
        console, status = self._end
        machine = SimpleNamespace(console=console, status=status, wait=lambda: status, errors=lambda: "QEMU says nothing", gdb=no_stub,
                                  boot=SimpleNamespace(kernel=Path(sys.executable), scratch=self.scratch), trap_log=list)
        run = bench.Run(self, machine, PROGRAM)
        self.last_run = run
        yield run


BODIES = [bench.run_program, test_traps.test_first_call, test_traps.test_exit_status, test_traps.test_random_words,
          test_traps.test_nested_state, test_traps.test_illegal_instruction, test_traps.test_stack_overflow,
          test_paging.test_small_memory, test_paging.test_double_free, test_paging.test_out_of_memory,
          test_processes.test_switch_contexts, test_processes.test_threads_turns, test_processes.test_threads_wake,
          test_processes.test_whole_lines, test_start.test_refuses_nothing, test_start.test_seals_a_message]


def outcome_of(body: Callable, at: bench.Bench) -> Outcome:
    """As the runner comes to it; only what a row may raise is caught."""
    try:
        body(at)
        return Outcome(at.row.id, Verdict.Pass, 1, 1)
    except RowEnded as end:
        return Runner._told(SimpleNamespace(), at.row, at, end)


def must_be_printable(row: model.Row, outcome: Outcome) -> None:
    """The report, results.json and JUnit XML can be written of it, and send nothing to a terminal but text."""
    results = SimpleNamespace(settings=Settings(root=Path(".")))
    lines = report.failure_lines(results, row, outcome, report.Paint(results.settings, report_files._NoTerminal()))
    assert all(c.isprintable() or c == "\n" for line in lines for c in line), lines
    json.loads(json.dumps(report_files.test_entry(results, model.Lab("toy", 1, "A toy", Path("."), rows=[row]), row, outcome)))
    ElementTree.fromstring(f"<a>{ElementTree.tostring(element(outcome), encoding='unicode')}</a>")


def element(outcome: Outcome) -> ElementTree.Element:
    made = ElementTree.Element("failure", message=report_files._xml(outcome.reason))
    made.text = report_files._xml("\n".join([*outcome.console, *outcome.notes]))
    return made


def row_of(name: str) -> model.Row:
    return model.Row(name, "A sentence.", 1, lab="toy", extra={"ends": "SIGSEGV"}, must=[model.Must("open", "Fill it.")])


def test_any_console_gives_a_verdict(tmp_path: Path) -> None:
    source = random.Random(1)
    passed = 0
    for number in range(RUNS * 6 // 10):
        body = BODIES[number % len(BODIES)]
        row = row_of(body.__name__.removeprefix("test_"))
        console = mutated(source, FRAMES if number % 3 == 0 else FRAMES + LINES)
        outcome = outcome_of(body, MutatedBench(row, tmp_path, console, source.choice(STATUSES)))
        assert outcome.verdict is not Verdict.Infra or not console, outcome.reason
        passed += outcome.passed
        must_be_printable(row, outcome)
    assert passed <= RUNS // 100        # the honest console comes up now and then


def test_any_output_of_a_host_program_gives_a_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(2)
    row = row_of("on_the_host")
    monkeypatch.setattr(host, "make_program", lambda _: (PROGRAM, tmp_path))
    for _ in range(RUNS // 10):
        output, status = mutated(source, FRAMES + LINES), source.choice([0, 1, -6, -11, 121])
        monkeypatch.setattr(host, "execute", lambda *_, end=(output, status): end)
        outcome = outcome_of(host.run_host, bench.Bench(Settings(root=tmp_path), row, tmp_path))
        assert outcome.verdict is not Verdict.Infra, outcome.reason
        must_be_printable(row, outcome)


# ---- trap logs, stub replies, the monitor, page tables -----------------------------------------------------------------

TRAPS = [b"riscv_cpu_do_interrupt: hart:0, async:0, cause:0000000000000008, epc:0x0000000000010000, tval:0x0000000000000000, "
         b"desc=user_ecall\n",
         b"     0: v=0e e=0006 i=0 cpl=3 IP=0033:0000000000010000 pc=0000000000010000 SP=002b:0000000000020000 "
         b"CR2=0000000000001234\n", b"check_exception old: 0xffffffff new 0xe\n"]


def test_any_trap_log_is_read() -> None:
    source = random.Random(3)
    for number in range(RUNS // 10):
        for trap in traplog.parse(mutated(source, TRAPS), ("riscv64", "x86_64")[number % 2]):
            assert isinstance(trap.name, str) and trap.pc >= 0 and trap.within(0, 1 << 65)


REPLIES = [b"+$OK#9a", b"$#00", b"$T05thread:01;#07", b"$E14#aa", b"$" + b"00ff" * 130 + b"#00", b"$W00#b7", b"$X0f#ee"]


def test_any_reply_of_the_stub_has_an_end() -> None:
    source = random.Random(4)
    for _ in range(RUNS // 20):
        ours, theirs = socket.socketpair()
        theirs.sendall(mutated(source, REPLIES))
        theirs.shutdown(socket.SHUT_WR)
        stub = GdbStub(ours, ["zero", "ra", "pc"])
        for asked in (stub.start, stub.registers, lambda: stub.read_memory(0x1000, 64), lambda: stub.read_word(0x1000),
                      lambda: stub.wait_stop(0.001)):
            with contextlib.suppress(RowEnded, StubTimeout):
                asked()
        stub.close()
        theirs.close()


ANSWERS = [b'{"return": {}, "id": 1}\r\n', b'{"event": "STOP"}\r\n', b'{"return": "CPU#0\\r\\n x1/ra 0000000000000001", "id": 1}\r\n']
REGISTERS = [b"CPU#0\n", b" pc       0000000080000000\n x0/zero  0000000000000000 x1/ra    0000000000000001\n",
             b"RAX=0000000000000001 RIP=ffffffff80200000 CPL=3\n", b"00001000: 0x0000000000000001\n"]


def test_any_answer_of_the_monitor_has_an_end() -> None:
    source = random.Random(5)
    for _ in range(RUNS // 20):
        ours, theirs = socket.socketpair()
        theirs.sendall(mutated(source, ANSWERS))
        theirs.shutdown(socket.SHUT_WR)
        monitor = Monitor(ours)
        with contextlib.suppress(MonitorSilent):
            monitor.ask("query-status", 0.001)
        monitor.close()
        theirs.close()
        text = mutated(source, REGISTERS).decode("utf-8", "replace")
        assert all(isinstance(value, int) for cpu in parse_registers(text) for value in cpu.values())
        parse_word(text)


class Memory:
    """Physical memory that holds what a kernel likes: tables that lead anywhere, to themselves too."""

    def __init__(self, source: random.Random):
        self._source = source
        self._pages: dict[int, bytes] = {}

    def read_memory(self, address: int, size: int, physical: bool = False) -> bytes:
        if address >= 1 << 22:
            raise ValueError(f"no memory at 0x{address:x}")
        if address not in self._pages:
            words = [0] * 512
            for _ in range(self._source.choice([0, 1, 4, 400])):
                entry = self._source.choice([self._source.randrange(1 << 64), self._source.randrange(1 << 10) << 10 | 1,
                                             self._source.randrange(1 << 10) << 12 | 1, 0xCF | address >> 2])
                words[self._source.randrange(512)] = entry
            self._pages[address] = b"".join(word.to_bytes(8, "little") for word in words)
        return self._pages[address][:size]


def test_any_page_tables_have_an_end() -> None:
    source = random.Random(6)
    for number in range(RUNS // 10):
        form = (page_walk.SV39, page_walk.X86_64)[number % 2]
        with contextlib.suppress(ValueError):
            tables = page_walk.PageTables(form, Memory(source), 0x1000)
            assert len(tables.tables) <= page_walk.MOST_TABLES


def test_a_vertical_tab_in_a_field_is_no_frame() -> None:
    """It ended the grader: a right check sum, and a blank that is none."""
    for value in ("1\x0b2", "\x0b", "1\x85", "\x1c"):
        with pytest.raises(frames.BadFrame):
            frames.parse(frames.encode("value", i=value, v="0"))
    assert Draw(1, "row").secret != SECRET
