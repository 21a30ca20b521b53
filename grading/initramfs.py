"""Writes an initramfs (cpio, format newc), the same bytes for the same files."""
from __future__ import annotations

import stat
from collections.abc import Mapping

REGULAR = stat.S_IFREG | 0o755
DIRECTORY = stat.S_IFDIR | 0o755


LINK = stat.S_IFLNK | 0o777


class Link(str):
    """In the place of a file's contents: a symbolic link to this path."""


def _pad(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def _entry(inode: int, name: str, mode: int, data: bytes) -> bytes:
    name_bytes = name.encode() + b"\0"
    links = 2 if stat.S_ISDIR(mode) else 1
    # ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor namesize check
    fields = [inode, mode, 0, 0, links, 0, len(data), 0, 0, 0, 0, len(name_bytes), 0]
    header = b"070701" + b"".join(f"{field:08x}".encode() for field in fields)
    return _pad(header + name_bytes) + _pad(data)


def build(files: Mapping[str, bytes | Link]) -> bytes:
    """files: path without leading slash -> contents, in the order in which they shall lie. A path that ends with a
    slash is an empty folder."""
    parts, folders = [], set()
    for path, data in files.items():
        pieces = path.split("/")[:-1]
        for depth in range(1, len(pieces) + 1):
            folder = "/".join(pieces[:depth])
            if folder not in folders:
                folders.add(folder)
                parts.append((folder, DIRECTORY, b""))
        if isinstance(data, Link):
            parts.append((path, LINK, data.encode()))
        elif not path.endswith("/"):
            parts.append((path, REGULAR, data))
    archive = b"".join(_entry(i, name, mode, data) for i, (name, mode, data) in enumerate(parts, 1))
    archive += _entry(0, "TRAILER!!!", 0, b"")
    return archive + b"\0" * (-len(archive) % 512)
