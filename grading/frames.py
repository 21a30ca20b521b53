"""Frames: how a test program reports over a console that anybody can print on.

A frame is one line that starts with the byte 0x1e:
    \\x1eCAIRN <kind> <key>=<value> ... crc=<8 hex>\\n
The sum is CRC-32 of the bytes from CAIRN up to and including the blank before `crc=`. It only tells
noise from frames; what makes a frame believable is the proof in its last one (proof.py).
"""
from __future__ import annotations

import dataclasses
import re
import zlib
from urllib.parse import unquote

MARK = b"\x1e"
_FRAME = re.compile(rb"\x1eCAIRN ([^\n\x1e]*)\n")
# Of a field's value only what stands for itself; notes write all else as %XX.
_BODY = re.compile(rb"(?P<kind>[a-z]+)(?P<fields>(?: [a-z]+=[!-~]*)*) crc=(?P<crc>[0-9a-f]{8})")
_NUMBERS = {10: re.compile(r"[0-9]{1,20}"), 16: re.compile(r"[0-9a-f]{1,16}")}


class BadFrame(ValueError):
    """Something that looks like a frame and is not one."""


@dataclasses.dataclass(frozen=True)
class Frame:
    kind: str
    fields: dict[str, str]
    position: int               # of its first byte on the console

    def number(self, name: str, base: int = 10) -> int:
        """A field as an unsigned number of 64 bits; any kernel can write anything there."""
        text = self.fields.get(name, "")
        if not _NUMBERS[base].fullmatch(text) or int(text, base) >> 64:
            raise BadFrame(f"a {self.kind} frame without a usable {name}=")
        return int(text, base)


def encode(kind: str, **fields: str) -> bytes:
    """A frame as a program writes it (for the plugin's own tests)."""
    body = ("CAIRN " + kind + "".join(f" {key}={value}" for key, value in fields.items()) + " ").encode()
    return MARK + body + f"crc={zlib.crc32(body):08x}\n".encode()


def parse(console: bytes) -> list[Frame]:
    """The frames on a console, in order. Raises BadFrame at one whose sum is wrong."""
    frames = []
    clean = console.replace(b"\r\n", b"\n")
    for found in _FRAME.finditer(clean):
        text = found[1]
        body = _BODY.fullmatch(text)
        if body is None:
            raise BadFrame(f"a line that begins like a frame is none: {_show(text)}")
        covered = b"CAIRN " + text[: text.rindex(b"crc=")]
        if zlib.crc32(covered) != int(body["crc"], 16):
            raise BadFrame(f"a frame with a wrong check sum: {_show(text)}")
        fields = dict(word.split("=", 1) for word in body["fields"].decode("ascii").split(" ")[1:])
        frames.append(Frame(body["kind"].decode(), fields, found.start()))
    return frames


def note_text(frame: Frame) -> str:
    """A remark as it may be printed: what it holds may be meant for a terminal."""
    return _shown(unquote(frame.fields.get("t", "")))


def without_frames(console: bytes) -> str:
    """The console as a reader wants it: no frames, no control characters."""
    clean = re.sub(rb"\r+\n", b"\n", _FRAME.sub(b"", console))     # the firmware adds a second one
    return _shown(clean.decode("utf-8", "replace"))


def _shown(text: str) -> str:
    return "".join(c if c == "\n" or (c.isprintable() and c != "\ufffd") else _escape(c) for c in text)


def _escape(character: str) -> str:
    return " " if character == "\t" else f"\\x{min(ord(character), 255):02x}"


def _show(text: bytes) -> str:
    shown = text[:60].decode("ascii", "backslashreplace")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in shown)
