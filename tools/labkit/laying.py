"""Lays a tree of bytes down and touches only files whose content changes, so that builds stay incremental."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .errors import LabError
from .manifest import MANIFEST, File, read_manifest


def write_tree(out: Path, files: dict[str, File]) -> list[str]:
    """Lays a tree down: writes what differs, removes what an earlier cut left; returns the paths that changed."""
    old = read_manifest(out / MANIFEST) if (out / MANIFEST).exists() else {}
    if not old and out.exists() and any(out.iterdir()):
        raise LabError(f"{out} is not empty and was not cut by this tool", expected="an empty or new folder",
                       got=f"{len(list(out.iterdir()))} entries", where=str(out), run=f"ls {out}")
    changed = sorted(set(old) - set(files) - {MANIFEST})
    for path in changed:
        (out / path).unlink(missing_ok=True)
    if changed:
        # make does not notice that a source is gone: what was linked with it would stay.
        shutil.rmtree(out / "build", ignore_errors=True)
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
