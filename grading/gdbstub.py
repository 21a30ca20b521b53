"""A client of gdb's remote serial protocol: registers, memory, breakpoints, run and stop.

QEMU's stub is the other end. Every wait has an end, so a row can ask "did it get there?".
"""
from __future__ import annotations

import contextlib
import re
import socket
import struct

from .verdicts import Failed, Infrastructure


STOPPED_CPU = re.compile(r"thread:(?:p[0-9a-f]+\.)?([0-9a-f]+)")
AT_ITS_END = "T03"      # a stop packet with SIGQUIT: the machine was switched off, and QEMU waits (machine.py)


class StubTimeout(Exception):
    """The machine did not stop in the time given."""


class StubClosed(Infrastructure):
    """The machine is gone, or its stub is; whoever runs the machine knows which."""


class NoMemory(Failed, ValueError):
    """Nothing can be read there. A kernel that leads to such a place is wrong, unless the asker expects it."""


def bytes_of(answer: str) -> bytes:
    """What a packet of hexadecimal digits holds."""
    try:
        return bytes.fromhex(answer)
    except ValueError as error:
        raise Infrastructure(f"QEMU's gdb stub answered {answer[:30]!r} where it must tell of memory or registers") from error


class GdbStub:
    """Connected to a machine that was started with gdb=True: it stands at its first instruction."""

    def __init__(self, connection: socket.socket, registers: list[str]):
        self._socket = connection
        self._pending = b""
        self._registers = registers
        self._acknowledge = True
        self._running = False
        self._stopped: str | None = None    # a stop packet that was seen and not yet asked for
        self._cpu = 1                       # that came to the last stop

    def start(self) -> None:
        """The first words of a session."""
        self._ask("qSupported:swbreak+;hwbreak+")
        if self._ask("QStartNoAckMode") == "OK":
            self._acknowledge = False
        self._ask("?")

    def close(self) -> None:
        self._socket.close()

    # ---- packets ----------------------------------------------------------------------------------
    def _send(self, text: str) -> None:
        data = text.encode("latin-1")
        try:
            self._socket.settimeout(20)
            self._socket.sendall(b"$" + data + b"#" + f"{sum(data) & 0xFF:02x}".encode())
        except OSError as error:
            raise StubClosed(f"QEMU's gdb stub went away: {error}") from error

    def _receive(self, seconds: float) -> str:
        while True:
            start = self._pending.find(b"$")
            end = self._pending.find(b"#", start + 1) if start >= 0 else -1
            if start >= 0 and end >= 0 and len(self._pending) >= end + 3:
                body = self._pending[start + 1:end]
                self._pending = self._pending[end + 3:]
                if self._acknowledge:
                    with contextlib.suppress(OSError):      # the last one comes from a stub that is gone already
                        self._socket.sendall(b"+")
                return body.decode("latin-1")
            self._socket.settimeout(max(seconds, 0.001))
            try:
                data = self._socket.recv(65536)
            except TimeoutError as error:
                raise StubTimeout(f"no answer within {seconds:g} s") from error
            except OSError as error:
                raise StubClosed(f"QEMU's gdb stub went away: {error}") from error
            if not data:
                raise StubClosed("QEMU closed its gdb stub")
            self._pending += data

    def _ask(self, text: str, seconds: float = 20) -> str:
        self._send(text)
        return self._receive(seconds)

    def _demand(self, text: str) -> None:
        answer = self._ask(text)
        if answer != "OK":
            raise Infrastructure(f"QEMU's gdb stub answered {answer!r} to {text[:30]!r}")

    # ---- state ------------------------------------------------------------------------------------
    def registers(self, thread: int = 0) -> dict[str, int]:
        """The general ones of a CPU, counted from 1, or of the one that came to the stop; `pc` is the program counter on each kind."""
        self._ask(f"Hg{thread or self._cpu:x}")
        data = bytes_of(self._ask("g"))
        words = struct.unpack(f"<{len(data) // 8}Q", data[: len(data) // 8 * 8])
        return dict(zip(self._registers, words))

    def read_memory(self, address: int, size: int, physical: bool = False) -> bytes:
        """Virtual memory as the stopped CPU sees it, or physical memory."""
        self._physical(physical)
        data = b""
        while len(data) < size:
            answer = self._ask(f"m{address + len(data):x},{min(1024, size - len(data)):x}")
            if answer.startswith("E") or not answer:
                raise NoMemory(f"no memory at 0x{address + len(data):x}")
            data += bytes_of(answer)
        return data

    def _physical(self, wanted: bool) -> None:
        self._ask(f"Qqemu.PhyMemMode:{int(wanted)}")

    def read_word(self, address: int, physical: bool = False) -> int:
        return struct.unpack("<Q", self.read_memory(address, 8, physical))[0]

    def write_word(self, address: int, word: int, physical: bool = False) -> None:
        self._physical(physical)
        self._demand(f"M{address:x},8:{struct.pack('<Q', word).hex()}")

    def write_register(self, number: int, word: int) -> None:
        """`number`: as the stub counts them; it takes one only from those who have asked it for its list."""
        self._ask("qXfer:features:read:target.xml:0,ffb")
        self._demand(f"P{number:x}={struct.pack('<Q', word).hex()}")

    # ---- running ----------------------------------------------------------------------------------
    def breakpoint(self, address: int) -> None:
        """A hardware breakpoint: it needs no writable memory and no page table yet."""
        self._demand(f"Z1,{address:x},4")

    def remove_breakpoint(self, address: int) -> None:
        self._demand(f"z1,{address:x},4")

    def watch(self, address: int, size: int, reading: bool) -> None:
        """Stops the machine where these bytes are read, or written to."""
        self._demand(f"Z{3 if reading else 2},{address:x},{size:x}")

    def remove_watch(self, address: int, size: int, reading: bool) -> None:
        self._demand(f"z{3 if reading else 2},{address:x},{size:x}")

    def resume(self) -> None:
        self._send("c")
        self._running = True

    def wait_stop(self, seconds: float) -> str:
        """The stop packet; raises StubTimeout if the machine runs on, StubClosed if it has ended."""
        answer = self._stopped or self._receive(seconds)
        self._running, self._stopped = False, None
        if answer[:1] in "WX" or answer.startswith(AT_ITS_END):
            raise StubClosed("the machine has ended")
        named = STOPPED_CPU.search(answer)
        self._cpu = int(named[1], 16) if named else 1
        return answer

    def stops_within(self, seconds: float) -> bool:
        """Whether the machine comes to a stop; `wait_stop` then answers at once."""
        try:
            self._stopped = self._receive(seconds)
        except StubTimeout:
            return False
        return True

    def run_to(self, address: int, seconds: float = 30) -> dict[str, int]:
        """Runs to an address and returns the registers there; StubTimeout if it is not reached."""
        self.breakpoint(address)
        try:
            self.resume()
            try:
                self.wait_stop(seconds)
            except StubTimeout:
                self.interrupt()
                raise
            return self.registers()
        finally:
            self.remove_breakpoint(address)

    def interrupt(self, seconds: float = 20) -> str:
        self._socket.sendall(b"\x03")
        return self.wait_stop(seconds)

    def step(self, seconds: float = 20) -> str:
        self._send("s")
        return self.wait_stop(seconds)

    def detach(self) -> None:
        """The machine runs on without us."""
        if not self._running:
            self._ask("D")
        self._running = True
