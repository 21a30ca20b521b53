"""Lays a tree of bytes down and touches only files whose content changes, so that builds stay incremental."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import LabError
from .manifest import MANIFEST, File, read_manifest


BESIDE = ("build", "grader")    # what may be in a cut tree's folder and is not of the tree: graft_command.py
PRODUCTS = ("", ".elf", ".a")    # how files end that were linked of several others


def forget_products(out: Path, gone: list[str]) -> None:
    """Takes what was compiled from sources that are gone out of a tree's build/, and all that was linked: make does not
    notice that a source is no more, and what was linked with it would stay. What else was compiled stays."""
    stems = tuple("/" + path.rsplit(".", 1)[0] + "." for path in gone)
    for folder, _, names in os.walk(out / "build"):
        for name in names:
            path = f"{folder}/{name}"
            if os.path.splitext(name)[1] in PRODUCTS or any(stem in path for stem in stems):
                Path(path).unlink(missing_ok=True)


def remove_tree(out: Path) -> None:
    """Takes away the files of a tree that was laid here."""
    if not (out / MANIFEST).is_file():
        return
    for path in [*read_manifest(out / MANIFEST), MANIFEST]:
        (out / path).unlink(missing_ok=True)
        for folder in list((out / path).parents)[:path.count("/")]:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def is_free(out: Path) -> bool:
    """Whether a tree may be laid here: nothing is there, or one that this tool has laid."""
    return (out / MANIFEST).exists() or not out.exists() or \
        out.is_dir() and all(path.name in BESIDE for path in out.iterdir())


def write_tree(out: Path, files: dict[str, File]) -> list[str]:
    """Lays a tree down: writes what differs, removes what an earlier cut left; returns the paths that changed."""
    old = read_manifest(out / MANIFEST) if (out / MANIFEST).exists() else {}
    if not is_free(out):
        raise LabError(f"{out} is not empty and was not cut by this tool", expected="an empty or new folder",
                       got=f"{len(list(out.iterdir()))} entries" if out.is_dir() else "a file", where=str(out), run=f"ls {out}")
    changed = sorted(set(old) - set(files) - {MANIFEST})
    for path in changed:
        (out / path).unlink(missing_ok=True)
    if changed:
        forget_products(out, changed)
    for path, file in files.items():
        target = out / path
        if target.is_file() and target.read_bytes() == file.data and os.access(target, os.X_OK) == file.executable:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_symlink():
            target.unlink()
        target.write_bytes(file.data)
        target.chmod(0o755 if file.executable else 0o644)
        changed.append(path)
    return changed
