"""One Python: every combination of pythons, with every subset of the modules, gives one that works or one clear line."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent
WANTED = ("pytest", "elftools", "jinja2")
# What a fake has: nothing, some, all; "old" is a Python 3.8, "broken" one that does not run.
HAS = {"none": (), "some": ("pytest", "elftools"), "all": WANTED}
FAKE = """#!/bin/sh
# Plays Python: `-c PROGRAM MODULE...` says its own name and which modules it lacks.
shift 2
echo "$0"
for module in "$@"; do case " {has} " in *" $module "*) ;; *) echo "$module" ;; esac; done
"""
OTHERS = {"old": "#!/bin/sh\nexit 9\n", "broken": "#!/bin/sh\nkill -SEGV $$\n"}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script, with another /usr/bin, and a fake of each kind for each place."""
    folder = tmp_path_factory.mktemp("pythons")
    script = (TOOLS / "find_python").read_text().replace("/usr/bin/python3", '"$SYSTEM"')
    (folder / "find_python").write_text(script)
    (folder / "find_python").chmod(0o755)
    texts = {kind: FAKE.format(has=" ".join(has)) for kind, has in HAS.items()} | OTHERS
    for place, (kind, text) in itertools.product(("unpacked", "system", "path", "given"), texts.items()):
        path = folder / place / kind / "python3"
        path.parent.mkdir(parents=True)
        path.write_text(text)
        path.chmod(0o755)
    return folder


def run(places: Path, *, given: str = "", unpacked: str = "absent", system: str = "absent", path: str = "absent",
        modules: tuple[str, ...] = WANTED) -> tuple[int, list[str]]:
    environment = {"PATH": f"{places}/path/{path}:{places}/tools", "SYSTEM": f"{places}/system/{system}/python3",
                   "BIN": f"{places}/unpacked/{unpacked}", "PYTHONPATH": "/odd", "PYTHONHOME": "/odd"}
    if not (places / "tools").exists():      # a PATH without any other python3
        (places / "tools").mkdir()
        for name in ("bash", "awk", "timeout", "sh", "env"):
            (places / "tools" / name).symlink_to(f"/usr/bin/{name}")
    if given:
        environment["PYTHON"] = f"{places}/given/{given}/python3"
    done = subprocess.run(["/bin/bash", str(places / "find_python"), *modules], env=environment, capture_output=True, text=True,
                          timeout=600, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


KINDS = ("absent", "none", "some", "all", "old", "broken")


@pytest.mark.parametrize("unpacked", ["absent", "some", "all"])
def test_the_first_that_has_all_modules(unpacked: str, places: Path) -> None:
    for system, path in itertools.product(KINDS, KINDS):
        order = {"unpacked": unpacked, "system": system, "path": path}
        status, said = run(places, **order)
        whole = [f"{places}/{place}/all/python3" for place, kind in order.items() if kind == "all"]
        runs = [(place, kind) for place, kind in order.items() if kind in HAS]
        if whole:
            assert (status, said) == (0, whole[:1]), order
        elif runs:      # none has all: the first, which packages can complete, and what it lacks
            place, kind = runs[0]
            assert status == 1, order
            assert said == [f"{places}/{place}/{kind}/python3", *(name for name in WANTED if name not in HAS[kind])], order
        else:
            assert status == 2 and said == ["there is no Python 3.11 or later in /usr/bin or on PATH"], order


@pytest.mark.parametrize("given,status,said", [
    ("all", 0, ""), ("some", 1, "jinja2"), ("none", 1, "pytest"), ("old", 2, "older than Python 3.11"),
    ("broken", 2, "does not run"), ("absent", 2, "not there")])
def test_a_given_one_is_taken_or_refused_but_never_replaced(given: str, status: int, said: str, places: Path) -> None:
    for others in ("absent", "all"):
        got, lines = run(places, given=given, unpacked=others, system=others, path=others)
        assert got == status
        assert f"{places}/given/{given}/python3" in lines[0]
        assert said in "\n".join(lines) and len(lines) == (1 if status != 1 else 1 + len(WANTED) - len(HAS[given]))


def test_no_module_is_wanted(places: Path) -> None:
    assert run(places, system="none", path="all", modules=()) == (0, [f"{places}/system/none/python3"])
