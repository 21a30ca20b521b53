"""make elsewhere: what it would run, which mirror it takes, why it skips, and that nothing is left mounted."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import elsewhere
import pytest
from elsewherekit import mirror
from elsewherekit import root as roots

TOOL = Path(elsewhere.__file__)
NOBODY = 65534
TRIXIE = mirror.SYSTEMS["trixie"]
NOBLE = mirror.SYSTEMS["noble"]


def options(**given: object) -> argparse.Namespace:
    return argparse.Namespace(**({"system": "", "run": "", "mirror": "", "prepare": False} | given))


def test_takes_the_commands_of_the_readme() -> None:
    assert elsewhere.readme_commands((TOOL.parent.parent / "README.md").read_text()) == ["make grade", "make test"]


def test_one_system_runs_the_readmes_commands_or_run() -> None:
    assert elsewhere.plan(options(system="sid")) == {"sid": ["make grade", "make test"]}
    assert elsewhere.plan(options(system="sid", run="make lint")) == {"sid": ["make lint"]}


def test_alone_it_grades_on_all_and_runs_the_readme_on_trixie() -> None:
    planned = elsewhere.plan(options())
    assert set(planned) == {"bookworm", "trixie", "noble", "sid"}
    assert {commands[0] for commands in planned.values()} == {"make grade ARCH=all"}
    assert planned["trixie"][1:] == ["make grade", "make test"]


def test_an_unknown_system_names_the_known_ones() -> None:
    done = subprocess.run([sys.executable, TOOL, "jammy"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "jammy" in done.stdout and "trixie" in done.stdout


def test_the_mirror_is_the_machines_own() -> None:
    sources = [("http://near/security/debian-security", "bookworm-security"), ("http://near/debian", "bookworm")]
    assert mirror.choose_mirror(TRIXIE, sources) == "http://near/debian"
    assert mirror.choose_mirror(NOBLE, sources) == NOBLE.default_mirror()


@pytest.mark.parametrize("content, name", [
    ("deb http://list.example/debian bookworm main\n", "own.list"),
    ("Types: deb\nURIs: http://list.example/debian\nSuites: bookworm\nComponents: main\n", "own.sources"),
])
def test_reads_both_kinds_of_lists_of_sources(tmp_path: Path, monkeypatch, content: str, name: str) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / name).write_text(content)
    (tmp_path / "apt.conf").write_text(f'Dir::Etc "{tmp_path}/";\nAcquire::http::Proxy "http://proxy.example:3128";\n')
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    assert mirror.own_sources() == [("http://list.example/debian", "bookworm")]
    assert mirror.proxy_environment("http://list.example/debian") == {"http_proxy": "http://proxy.example:3128"}
    assert 'Acquire::http::Proxy "http://proxy.example:3128";' in mirror.carried_settings()


def test_a_proxy_of_one_host_goes_first(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "apt.conf").write_text('Acquire::http::Proxy "http://all:1";\nAcquire::http::Proxy::near "DIRECT";\n')
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    assert mirror.proxy_environment("http://near/debian") == {"no_proxy": "near"}


def skips(monkeypatch, **environment: str) -> str:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(mirror.Skip) as reason:
        roots.see_that_it_can_be_tried()
    assert "\n" not in str(reason.value)
    return str(reason.value)


def test_skips_without_root(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
    monkeypatch.setattr(roots, "MARK", tmp_path / "absent")
    assert "needs root" in skips(monkeypatch)


def test_skips_inside_such_a_root(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "mark").write_text("trixie\n")
    monkeypatch.setattr(roots, "MARK", tmp_path / "mark")
    assert skips(monkeypatch) == "this is such a root itself (trixie)"


def test_skips_without_debootstrap_or_the_right_to_mount(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(roots, "MARK", tmp_path / "absent")
    monkeypatch.setattr(roots.shutil, "which", lambda *_, **__: None)
    assert "apt-get install debootstrap" in skips(monkeypatch)
    monkeypatch.setattr(roots.shutil, "which", lambda *_, **__: "/usr/sbin/debootstrap")
    monkeypatch.setattr(roots, "UNSHARE", ["sh", "-c", "echo unshare failed: Operation not permitted >&2; exit 1"])
    assert "right to mount (unshare failed: Operation not permitted)" in skips(monkeypatch)


def test_skips_when_the_mirror_does_not_answer(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(mirror.Skip, match="cannot be reached"):
        roots.Root(TRIXIE, print, "http://127.0.0.1:9/debian").make()


def test_what_is_interrupted_leaves_nothing_behind() -> None:
    root = roots.Root(TRIXIE, print)
    if os.geteuid() != 0 or not root.bare.exists():
        pytest.skip("needs root and a bare root that was made before: make elsewhere-root OS=trixie")
    process = subprocess.Popen([sys.executable, TOOL, "trixie", "--run", "echo it-runs; sleep 321; true"], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, start_new_session=True)
    for line in process.stdout or ():
        if line == "it-runs\n":
            break
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)   # as the terminal does on Ctrl-C
    said = process.communicate(timeout=100)[0]
    assert "interrupted; nothing is left mounted" in said and time.monotonic() - began < 100
    assert str(root.folder) not in Path("/proc/mounts").read_text()
    assert not list(root.folder.glob(f"run-{process.pid}*"))
    assert "sleep\x00321" not in "".join(path.read_text(errors="replace") for path in Path("/proc").glob("[0-9]*/cmdline"))
