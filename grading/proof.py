"""What makes a result believable: a MAC under a secret that only the running program holds.

The host draws a 32-byte secret for each run, patches it into the program, strips the program and
hides it under a random name at a random base. Each CHECK folds its index and the difference of what
it saw and what it expected into a running SipHash-2-4; the host knows the sequence of the checks from
the program's `.cairn_checks` and computes what a run with no difference gives. A kernel that prints
the right lines, skips a check or returns a wrong value cannot produce that number.
"""
from __future__ import annotations

import dataclasses
import re
import struct
import subprocess
from pathlib import Path

from elftools.elf.elffile import ELFFile

from tools.labkit.compiler_text import first_error

from .frames import BadFrame, Frame, note_text
from .verdicts import Failed, Infrastructure

MASK = (1 << 64) - 1
SECRET_SIZE = 32
MARKER = bytes(0xA5 ^ i for i in range(SECRET_SIZE))    # what the build leaves in .cairn_secret
CHECK, VALUE = 0, 1
PAGE = 4096
# Where a program may begin: it must lie in 0x10000..0x800000, and the upper half is left to the program itself. Between the two x86-64's firmware and the kernel's first instructions run, before there are
# page tables: a breakpoint at an address of the program's would stop those.
BASES = (range(0x10000, 0xc0000, PAGE), range(0x210000, 0x400000, PAGE))


def _rotate(x: int, bits: int) -> int:
    return ((x << bits) | (x >> (64 - bits))) & MASK


def _round(v0: int, v1: int, v2: int, v3: int) -> tuple[int, int, int, int]:
    v0 = (v0 + v1) & MASK
    v2 = (v2 + v3) & MASK
    v1 = _rotate(v1, 13) ^ v0
    v3 = _rotate(v3, 16) ^ v2
    v0 = _rotate(v0, 32)
    v2 = (v2 + v1) & MASK
    v0 = (v0 + v3) & MASK
    v1 = _rotate(v1, 17) ^ v2
    v3 = _rotate(v3, 21) ^ v0
    v2 = _rotate(v2, 32)
    return v0, v1, v2, v3


def siphash(key: bytes, data: bytes) -> int:
    """SipHash-2-4 (Aumasson and Bernstein, 2012) with a 64-bit result."""
    k0, k1 = struct.unpack("<QQ", key)
    v = (k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D,
         k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573)
    whole = len(data) // 8 * 8
    tail = data[whole:] + b"\0" * (7 - len(data) + whole) + bytes([len(data) & 0xFF])
    for (word,) in struct.iter_unpack("<Q", data[:whole] + tail):
        v = (v[0], v[1], v[2], v[3] ^ word)
        v = _round(*_round(*v))
        v = (v[0] ^ word, v[1], v[2], v[3])
    v = (v[0], v[1], v[2] ^ 0xFF, v[3])
    for _ in range(4):
        v = _round(*v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


@dataclasses.dataclass(frozen=True)
class Site:
    """One CHECK or value in the program, as `.cairn_checks` has it."""
    kind: int
    line: int


@dataclasses.dataclass
class Program:
    """A test program that is linked, patched and stripped."""
    name: str
    elf: bytes              # what goes into the initramfs
    debug: Path             # the same program with its symbols
    secret: bytes
    sites: list[Site]
    base: int
    source: list[str] = dataclasses.field(default_factory=list)      # its lines, for a reader

    def line(self, number: int) -> str:
        return self.source[number - 1].strip() if 0 < number <= len(self.source) else ""

    def number(self, index: int) -> int:
        """What `secret(index)` returns in the program: a number that no kernel can know beforehand."""
        return siphash(self.secret[:16], self.secret[16:32] + struct.pack("<Q6sxx", index, b"number"))


def expected_mac(secret: bytes, sites: list[Site], values: dict[int, int]) -> int:
    """The MAC of a run in which every check held, with the values that the run reported."""
    key = secret[:16]
    mac = siphash(key, secret[16:32])
    for index, site in enumerate(sites):
        if site.kind == VALUE:
            mac = siphash(key, struct.pack("<QQQ", mac, index | 1 << 63, values.get(index, 0)))
        else:
            mac = siphash(key, struct.pack("<QQQ", mac, index, 0))
    return siphash(key, struct.pack("<QQ8s", mac, len(sites), b"done\0\0\0\0"))


def verify(program: Program, frames: list[Frame]) -> dict[int, int]:
    """Checks a whole run; returns the reported values by site. Raises Failed."""
    raise_failed_check(program, frames)
    try:
        return _verify(program, frames)
    except BadFrame as error:
        raise Failed(f"the result channel holds {error}") from error


def _verify(program: Program, frames: list[Frame]) -> dict[int, int]:
    for frame in frames:
        if frame.kind not in ("value", "note", "done"):
            raise Failed(f"the result channel holds a frame of an unknown kind, {frame.kind!r}")
    values: dict[int, int] = {}
    for frame in frames:
        if frame.kind == "value":
            index = frame.number("i")
            if index in values:
                raise Failed(f"value {index} was reported twice")
            if index >= len(program.sites) or program.sites[index].kind != VALUE:
                raise Failed(f"value {index} was reported, and the program has none of that number")
            values[index] = frame.number("v", 16)
    done = [frame for frame in frames if frame.kind == "done"]
    if not done:
        raise Failed("the test program did not come to its end",
                     expected=f"the end of the program after {len(program.sites)} checks", got="no end")
    if len(done) > 1:
        raise Failed("the test program's end was reported twice",
                     expected="one end", got=f"{len(done)} ends")
    if done[0].number("n") != len(program.sites):
        raise Failed("the program did not run each of its checks once",
                     expected=f"{len(program.sites)} checks", got=f"{done[0].number('n')} checks")
    if done[0].number("mac", 16) != expected_mac(program.secret, program.sites, values):
        raise Failed("the proof of the run does not verify: a check was skipped, ran out of order, or "
                     "saw something else than it reported",
                     expected="a proof under this run's secret", got="another number")
    silent = [index for index, site in enumerate(program.sites) if site.kind == VALUE and index not in values]
    if silent:
        raise Failed(f"value {silent[0]} was never reported", expected="each value of the program once", got="none")
    return values


def raise_failed_check(program: Program, frames: list[Frame]) -> None:
    """Raises the first check that the program itself found not to hold."""
    for place, frame in enumerate(frames):
        if frame.kind == "fail":
            try:
                raise _failed_check(program, frame, frames[:place])
            except BadFrame as error:
                raise Failed(f"the result channel holds {error}") from error


# A remark on one wrong case: `differs` of cairn/children.h and its like.
CASE = re.compile(r"(?P<what>.+): (?P<got>\S.*), not (?P<want>\S.*)")


def _failed_check(program: Program, frame: Frame, before: list[Frame]) -> Failed:
    index, line = frame.number("i"), frame.number("line")
    want, got = number_text(frame.number("want", 16)), number_text(frame.number("got", 16))
    text = program.line(line)
    if frame.number("want", 16) == 0 and (case := first_case(before)):
        # The check counts what is wrong: the first of that says more than how many there are.
        want, got = f"{case['what']}: {case['want']}", f"{case['what']}: {case['got']} ({got} wrong in all)"
    return Failed(f"check {index} of {program.name} (line {line}) does not hold" +
                  (f": {text}" if text else ""), expected=want, got=got)


def first_case(frames: list[Frame]) -> re.Match[str] | None:
    """The first remark that tells of a case what it was and what it must be."""
    for frame in frames:
        if frame.kind == "note" and (found := CASE.fullmatch(note_text(frame))):
            return found
    return None


def number_text(value: int) -> str:
    """Hexadecimal, and decimal too where a reader may think in it."""
    signed = value - (1 << 64) if value >> 63 else value
    return f"0x{value:x} ({signed})" if -4096 < signed < 1_000_000 else f"0x{value:x}"


# ---- making a program -----------------------------------------------------------------------------

def link(name: str, objects: list[Path], *, compiler: str, base: int, secret: bytes, out: Path,
         padding: bytes = b"") -> Program:
    """Links at a base of its own, patches the secret, strips. `out` keeps the symbols."""
    pad = pad_object(out, [f"{compiler}gcc"], padding)
    run_tool([f"{compiler}g++", "-static", "-nostdlib", "-no-pie", "-Wl,-z,separate-code",
           f"-Wl,-Ttext-segment=0x{base:x},--build-id=none,--no-warn-rwx-segments", "-o", str(out),
           *map(str, [*pad, *objects])])
    return patch(name, out, base=base, secret=secret, strip=f"{compiler}strip")


def pad_object(beside: Path, compiler: list[str], padding: bytes) -> list[Path]:
    """Random bytes in front of the secret: its distance from the program's entry is no constant that a
    kernel could have been told."""
    if not padding:
        return []
    data, source, out = (beside.with_suffix(suffix) for suffix in (".pad", ".pad.S", ".pad.o"))
    data.write_bytes(padding)
    source.write_text('.section .cairn_secret, "a"\n.balign 8\n'
                      f'.incbin "{data.name}"\n.section .note.GNU-stack, ""\n')
    # In that folder: what is handed to the assembler is split at commas, and a path may hold one.
    run_tool([*compiler, "-c", "-o", out.name, source.name], data.parent)
    return [out]


def patch(name: str, path: Path, *, base: int, secret: bytes, strip: str) -> Program:
    """Puts the secret where the build left the marker, and strips a copy."""
    data = bytearray(path.read_bytes())
    start, size, sites = _read_sections(name, path)
    offset = data.find(MARKER, start, start + size)
    if offset < 0:
        raise Infrastructure(f"{name}: the section .cairn_secret does not hold the marker of the build")
    if data.count(MARKER) > 1:
        raise Failed(f"{name} holds the place of its secret twice", expected="once, in the test's own half", got="twice")
    data[offset:offset + SECRET_SIZE] = secret
    path.write_bytes(data)
    bare = path.with_suffix(".stripped")
    run_tool([strip, "--strip-all", "-R", ".comment", "-o", str(bare), str(path)])
    return Program(name, without_sections(bare.read_bytes()), path, secret, sites, base)


def without_sections(elf: bytes) -> bytes:
    """Drops the section headers, whose names would tell a kernel where the secret lies."""
    data = bytearray(elf)
    (table,) = struct.unpack_from("<Q", data, 32)               # e_phoff
    size, count = struct.unpack_from("<HH", data, 54)           # e_phentsize, e_phnum
    end = table + size * count
    for i in range(count):
        offset, _, _, in_file = struct.unpack_from("<QQQQ", data, table + i * size + 8)
        end = max(end, offset + in_file)
    struct.pack_into("<Q", data, 40, 0)                         # e_shoff
    struct.pack_into("<HHH", data, 58, 0, 0, 0)                 # e_shentsize, e_shnum, e_shstrndx
    return bytes(data[:end])


def sites_of(path: Path) -> list[Site]:
    """The checks of an object file."""
    with open(path, "rb") as file:
        checks = ELFFile(file).get_section_by_name(".cairn_checks")
        return [Site(*record) for record in struct.iter_unpack("<II", checks.data())] if checks is not None else []


def _read_sections(name: str, path: Path) -> tuple[int, int, list[Site]]:
    """(offset and size of the section with the secret, the sites)."""
    with open(path, "rb") as file:
        elf = ELFFile(file)
        secret = elf.get_section_by_name(".cairn_secret")
        checks = elf.get_section_by_name(".cairn_checks")
        if secret is None or secret["sh_size"] < SECRET_SIZE:
            raise Infrastructure(f"{name} has no section .cairn_secret of {SECRET_SIZE} bytes")
        records = checks.data() if checks is not None else b""
        return secret["sh_offset"], secret["sh_size"], [Site(*record) for record in struct.iter_unpack("<II", records)]


def run_tool(words: list[str], folder: Path | None = None) -> None:
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=300)
    except FileNotFoundError as error:
        raise Infrastructure(f"{words[0]} is not installed (make doctor says what is missing)") from error
    except subprocess.TimeoutExpired as error:
        raise Infrastructure(f"{words[0]} did not end within 300 s") from error
    if done.returncode:
        first = first_error(done.stderr) or done.stderr.strip() or "no message"
        raise Infrastructure(f"{Path(words[0]).name} ended with {done.returncode}: {first}")
