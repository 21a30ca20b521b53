"""A small QMP client: the outside view of a running machine."""
from __future__ import annotations

import json
import re
import socket


class MonitorSilent(Exception):
    """No answer within the time given."""


class Monitor:
    """Speaks QMP over a connected socket. Requests may be left open and asked for later, because a
    guest whose CPUs all sleep under `-icount sleep=off` starves QEMU's monitor."""

    def __init__(self, connection: socket.socket):
        self._socket = connection
        self._pending = b""
        self._next = 0
        self._replies: dict[int, dict] = {}
        self.greeted = False
        self.stopped = False        # a STOP event was seen, and no RESUME after it
        self.closed = False

    def close(self) -> None:
        self._socket.close()
        self.closed = True

    def send(self, execute: str, **arguments: object) -> int:
        """Sends a request and returns its number, to be asked for with `reply`."""
        if not self.greeted:
            self.greeted = True
            self._write({"execute": "qmp_capabilities", "id": -1})
        self._next += 1
        self._write({"execute": execute, "arguments": arguments, "id": self._next})
        return self._next

    def _write(self, message: dict) -> None:
        try:
            self._socket.settimeout(5)
            self._socket.sendall(json.dumps(message).encode() + b"\n")
        except OSError as error:
            raise MonitorSilent(str(error)) from error

    def reply(self, number: int, seconds: float) -> dict | None:
        """The answer to a request, or None if it has not come in that time."""
        while number not in self._replies:
            if b"\n" not in self._pending:
                self._socket.settimeout(max(seconds, 0.001))
                try:
                    data = self._socket.recv(65536)
                except TimeoutError:
                    return None
                except OSError as error:
                    raise MonitorSilent(str(error)) from error
                if not data:
                    raise MonitorSilent("QEMU closed its monitor")
                self._pending += data
                continue
            line, self._pending = self._pending.split(b"\n", 1)
            message = _message(line)
            if message.get("event") in ("STOP", "RESUME"):
                self.stopped = message["event"] == "STOP"
            if isinstance(message.get("id"), int):
                self._replies[message["id"]] = message
        return self._replies.pop(number)

    def ask(self, execute: str, seconds: float = 20, **arguments: object) -> object:
        answer = self.reply(self.send(execute, **arguments), seconds)
        if answer is None:
            raise MonitorSilent(f"no answer to {execute} within {seconds:g} s")
        return answer.get("return")

    def human(self, line: str, seconds: float = 20) -> str:
        return str(self.ask("human-monitor-command", seconds, **{"command-line": line}))


def _message(line: bytes) -> dict:
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise MonitorSilent(f"QEMU's monitor said {line[:60]!r}")
    return message


def parse_word(text: str) -> int | None:
    """The value in the answer to `xp /1gx ADDRESS` or `i /1bx PORT`."""
    found = re.search(r"(?::| =) 0x([0-9a-f]+)", text)
    return int(found[1], 16) if found else None


def parse_registers(text: str) -> list[dict[str, int]]:
    """The answer to `info registers -a`, one dictionary a CPU; names in lower case, `pc` on every CPU kind."""
    cpus: list[dict[str, int]] = []
    for line in text.splitlines():
        if line.startswith("CPU#"):
            cpus.append({})
        elif cpus:
            # riscv64: `x1/ra    0000…`; x86-64: `RIP=0000…`, `R8 =0000…`, and CPL=3 for the privilege level.
            for name, value in re.findall(r"([\w/]+)(?:\s+|\s*=)([0-9a-f]{16}|(?<=CPL=)\d)\b", line):
                cpus[-1][name.split("/")[-1].lower()] = int(value, 16)
    for cpu in cpus:
        if "rip" in cpu:
            cpu["pc"] = cpu["rip"]
    return cpus
