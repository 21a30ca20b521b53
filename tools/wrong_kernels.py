#!/usr/bin/env python3
"""Kernels with one known mistake each: the prey of a bug hunt, and what a student's own tests shall catch.

Works in the one source tree only (wrong solutions are in no hand-out). A kernel is built in a scratch tree
below build/wrong, which is rebuilt for what differs only, and is kept until a source is newer.
"""
from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.labkit import cut, laying, model, proofs, rooms, tree
from tools.labkit.compiler_text import first_error
from tools.labkit.errors import LabError
from tools.labkit.manifest import MANIFEST, File, format_manifest

BUILD_SECONDS = 600


def wrongs_of(root: Path, lab: str, arch: str) -> list[model.Wrong]:
    """The wrong solutions of a lab that this CPU knows; none in a hand-out."""
    course = model.load_course(root)
    return [wrong for wrong in course.wrongs(course.lab(lab)) if wrong.on(arch)]


def build(root: Path, wrong: model.Wrong, arch: str, mode: str = "debug", build_folder: str = "build",
          through: str = "") -> Path:
    """The kernel of the labs up to `through` (all of them if left out) with this mistake; LabError if it does not build."""
    course = model.load_course(root)
    through = through or course.complete[-1].id
    out = root / build_folder / "wrong" / arch / mode / through / wrong.lab / f"{wrong.name}.elf"
    sources = {path: root / path for path in tree.list_files(root) if not path.startswith(("docs/", "grading/"))}
    newest = max(path.stat().st_mtime for path in [*sources.values(), wrong.path])
    if out.exists() and out.stat().st_mtime > newest:
        return out
    files = cut.render(course, cut.step_for(course, "solved", through, arch)).files
    for edit in wrong.edit:
        path = course.room(edit.room, arch).file if edit.room else edit.file
        files[path] = File(edited(files[path].data.decode(), path, edit, str(wrong.path)).encode())
    scratch = root / build_folder / "wrong" / "tree"
    files[MANIFEST] = File(format_manifest(files).encode())
    laying.write_tree(scratch, files)
    done = subprocess.run(["make", "--no-print-directory", "-C", str(scratch), f"ARCH={arch}", f"MODE={mode}", "kernel"],
                          capture_output=True, text=True, timeout=BUILD_SECONDS)
    if done.returncode:
        raise LabError(f"the wrong solution {wrong.name} does not build", expected="a kernel",
                       got=first_error(done.stderr) or done.stderr.strip()[-300:], where=str(wrong.path), run=f"make -C {scratch} kernel")
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(scratch / "build" / arch / mode / "kernel.elf", out)
    return out


def edited(text: str, path: str, edit: model.Edit, where: str) -> str:
    """A file with a mistake in it: in a room of it, or in provided code."""
    if edit.room:
        return proofs.edit_room(text, path, edit, where)
    return rooms.apply_edit(text, edit.find, edit.put, where)


def prey(root: Path, lab: str, name: str, arch: str) -> tuple[model.Wrong, str]:
    """The wrong solution to hunt in the warm-up of `lab`: one of the lab before it."""
    course = model.load_course(root)
    before = course.prefix(lab)[:-1]
    if not before:
        raise LabError(f"lab {lab} has no lab before it, and so no hunt", expected="a lab after the first", got=lab)
    wrongs = wrongs_of(root, before[-1], arch)
    name = name or model.load_proof(course.lab(lab)).hunt
    chosen = [wrong for wrong in wrongs if wrong.name == name] if name else wrongs[:1]
    if not chosen:
        raise LabError(f"lab {before[-1]} has no wrong solution `{name}`",
                       expected=", ".join(wrong.name for wrong in wrongs) or "at least one", got=name or "none")
    return chosen[0], before[-1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make hunt", description=__doc__)
    parser.add_argument("--lab", default="traps", help="the lab whose warm-up it is")
    parser.add_argument("--name", default="", help="the wrong solution of the lab before; that of proof.toml if left out")
    parser.add_argument("--out", type=Path, required=True, help="where the kernel goes")
    parser.add_argument("--arch", default="riscv64")
    parser.add_argument("--strip", default="riscv64-linux-gnu-strip")
    o = parser.parse_args()
    wrong, before = prey(Path.cwd(), o.lab, o.name, o.arch)
    # Of the labs before only: the prey holds no instruction of the lab that its hunters are about to write.
    built = build(Path.cwd(), wrong, o.arch, through=before)
    o.out.parent.mkdir(parents=True, exist_ok=True)
    # Symbols stay, for a hunt with gdb; lines and sources go.
    subprocess.run([o.strip, "--strip-debug", "-o", str(o.out), str(built)], check=True)
    print(f"{o.out}: a kernel with a mistake in lab {before}, symbols but no source; give it to the hunters")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LabError as error:
        print(f"make hunt: {error.text()}", file=sys.stderr)
        sys.exit(2)
