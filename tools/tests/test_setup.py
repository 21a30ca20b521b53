"""tools/setup: quiet when all is there, names what is missing, never asks, and unpacks without root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

SETUP = Path(__file__).resolve().parent.parent / "setup"
NOBODY = 65534
# A package that is small, needs nothing but the C library, and that nobody has installed.
SMALL = "hello"


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder outside pytest's, which it closes to others whenever it runs."""
    with tempfile.TemporaryDirectory(prefix="cairn-setup-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def setup(tmp_path: Path):
    """Runs a copy of tools/setup as an ordinary user, with a table of our own and a cache folder of our own."""
    for name in ("setup", "find_python"):
        shutil.copy(SETUP.parent / name, tmp_path / name)
    shutil.copytree(SETUP.parent / "setupkit", tmp_path / "setupkit")
    (tmp_path / "cache").mkdir()

    def run(table: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "packages.txt").write_text(table)
        command = [str(tmp_path / "setup"), *arguments]
        if os.geteuid() == 0:
            os.chown(tmp_path, NOBODY, NOBODY)
            os.chown(tmp_path / "cache", NOBODY, NOBODY)
            command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
        given = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
        return subprocess.run(command, cwd=tmp_path, env=given | environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=600, check=False)
    return run


THERE = "sh | build | command:sh | a shell\nlibc6 / musl | build | file:/etc/pass*d | a file\npython3 | grade | python:json | a module\n"
MISSING = f"{THERE}no-such-package / {SMALL} | build | command:{SMALL} | says hello\n"


def test_is_silent_when_all_is_there(setup) -> None:
    done = setup(THERE, "build", "grade")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_writes_a_makefile_for_make(setup, tmp_path: Path) -> None:
    assert setup(THERE, "--write", str(tmp_path / "made" / "setup.mk"), "build").returncode == 0
    made = (tmp_path / "made" / "setup.mk").read_text()
    assert made.startswith("# Written by tools/setup build") and "\nPYTHON := /usr/bin/python3\n" in made


def test_looks_at_the_wanted_groups_only(setup) -> None:
    assert setup(MISSING, "grade", SETUP="no").returncode == 0


def test_setup_no_names_what_is_missing_and_ends_with_3(setup) -> None:
    done = setup(MISSING, "build", SETUP="no")
    assert done.returncode == 3
    assert "says hello" in done.stdout and "apt-get install" in done.stdout and "SETUP=user" in done.stdout


def test_without_a_terminal_it_never_asks(setup) -> None:
    done = setup(MISSING, "build")
    if "will run: sudo" in done.stdout:
        pytest.skip("this machine lets everybody use sudo without a password")
    assert done.returncode == 3
    assert "neither root nor a terminal" in done.stdout


def test_an_optional_package_stops_nobody(setup) -> None:
    assert setup(MISSING.replace("| build | command:hello", "| build ? | command:hello"), "build").returncode == 0


def test_refuses_an_unknown_setup(setup) -> None:
    done = setup(THERE, "build", SETUP="maybe")
    assert done.returncode == 2 and "SETUP=maybe" in done.stderr


def test_a_compiler_of_ones_own_is_enough(setup, tmp_path: Path) -> None:
    table = "gcc-riscv64-linux-gnu | build | cross:true | compiles\n"
    assert setup(table, "build", SETUP="no", CROSS_COMPILE="no-such-prefix-").returncode == 3
    assert setup(table, "build", SETUP="no", CROSS_COMPILE="/usr/bin/").returncode == 0


FAKES = {
    # An apt that knows every package and installs by making the command appear.
    "apt-cache": "#!/bin/sh\necho '  Candidate: 1.0'\n",
    "apt-get": "#!/bin/sh\nprintf '#!/bin/sh\\n' > @bin@/hello; chmod +x @bin@/hello; echo \"apt-get $*\" >> @bin@/log\n",
    # It asks for a password (and says so in the log) unless it is called with -n.
    "sudo": "#!/bin/sh\nif [ \"$1\" = -n ]; then exit 1; fi\necho asked >> @bin@/log\nexec \"$@\"\n",
}


@pytest.fixture
def fakes(tmp_path: Path) -> Path:
    """A folder of commands that play apt and sudo, and a log of what they were called with."""
    folder = tmp_path / "fakes"
    folder.mkdir()
    for name, text in FAKES.items():
        (folder / name).write_text(text.replace("@bin@", str(folder)))
        (folder / name).chmod(0o755)
    (folder / "log").touch()
    if os.geteuid() == 0:
        for path in (folder, folder / "log"):
            os.chown(path, NOBODY, NOBODY)
    return folder


def test_sudo_that_would_ask_is_not_called_without_a_terminal(setup, fakes: Path) -> None:
    done = setup(MISSING, "build", PATH=f"{fakes}:/usr/bin:/bin")
    assert done.returncode == 3
    assert (fakes / "log").read_text() == ""


def test_on_a_terminal_it_says_what_it_will_do_and_lets_sudo_ask(setup, fakes: Path, tmp_path: Path) -> None:
    setup(THERE, "build")  # lays the files out
    (tmp_path / "packages.txt").write_text(MISSING)
    command = f"env PATH={fakes}:/usr/bin:/bin HOME={tmp_path} {tmp_path}/setup build"
    if os.geteuid() == 0:
        command = f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups {command}"
    done = subprocess.run(["script", "-qec", command, "/dev/null"], capture_output=True, text=True, timeout=600, check=False)
    if "failed to create pseudo-terminal" in done.stderr:
        pytest.skip("this machine has no terminals to play with")
    assert done.returncode == 0, done.stdout
    assert "will run: sudo apt-get install --yes --no-install-recommends no-such-package" in done.stdout
    log = (fakes / "log").read_text()
    assert "asked" in log and "apt-get install --yes --no-install-recommends" in log


def test_setup_user_unpacks_without_root(setup, tmp_path: Path) -> None:
    done = setup(MISSING, "--write", str(tmp_path / "setup.mk"), "build", SETUP="user")
    if "cannot fetch" in done.stdout or "no network" in done.stdout or "has no package" in done.stdout:
        pytest.skip(f"no packages can be fetched here: {done.stdout.splitlines()[-1]}")
    assert done.returncode == 0, done.stdout + done.stderr
    made = (tmp_path / "setup.mk").read_text()
    folder = made.split("export PATH := ")[1].split(":$(PATH)")[0]
    assert folder.startswith(str(tmp_path / "cache"))
    said = subprocess.run([f"{folder}/{SMALL}"], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "Hello, world!"
    # Next time it is there already.
    again = setup(MISSING, "build", SETUP="user")
    assert (again.returncode, again.stdout) == (0, "")


def test_setup_user_lends_what_an_unpacked_link_leads_to(setup, fakes: Path, tmp_path: Path) -> None:
    """A package's link may lead to a file of another package, which the system has already and so is not unpacked."""
    package = tmp_path / "package"
    (package / "DEBIAN").mkdir(parents=True)
    (package / "DEBIAN/control").write_text("Package: hello\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: none\n")
    (package / "usr/bin").mkdir(parents=True)
    (package / "usr/bin/hello").write_text("#!/bin/sh\necho hello\n")
    (package / "usr/bin/hello").chmod(0o755)
    (package / "usr/share/hello").mkdir(parents=True)
    (package / "usr/share/hello/lent").symlink_to("../../../etc/os-release")
    (package / "usr/share/hello/lost").symlink_to("../../../etc/no-such-file")
    subprocess.run(["dpkg-deb", "--build", "--root-owner-group", package, fakes / "hello.deb"], check=True, capture_output=True)
    (fakes / "apt-get").write_text("#!/bin/sh\ncase \"$*\" in *download*) cp %s/hello.deb . ;; *) echo 'Inst hello (1 x)' ;; esac\n" % fakes)
    done = setup(MISSING, "build", SETUP="user", PATH=f"{fakes}:/usr/bin:/bin")
    assert done.returncode == 0, done.stdout + done.stderr
    folder = next((tmp_path / "cache").rglob("usr/share/hello"))
    assert (folder / "lent").read_text() == Path("/etc/os-release").read_text()
    assert (folder / "lost").is_symlink() and not (folder / "lost").exists()


# An apt that is refused the lock twice, then works a while and says what it is at; it needs no lists.
BUSY_APT = """#!/bin/sh
echo "apt-get $*" >> @bin@/log
if [ "$(grep -c install @bin@/log)" -lt 3 ]; then
    echo 'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (unattended-upgr)' >&2
    exit 100
fi
echo 'Unpacking hello (2.10-3) ...'
sleep 2.5
printf '#!/bin/sh\\n' > @bin@/hello; chmod +x @bin@/hello
"""
NO_NETWORK = "#!/bin/sh\necho 'E: Failed to fetch http://deb.example.org/Packages  Could not resolve host' >&2\nexit 100\n"
FRIENDLY_SUDO = '#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@"\n'


def with_lists(tmp_path: Path, fakes: Path, **programs: str) -> Path:
    """The fakes with other programs, and a folder of package lists that setup takes for the system's."""
    for name, text in programs.items():
        (fakes / name.replace("_", "-")).write_text(text.replace("@bin@", str(fakes)))
    lists = tmp_path / "lists"
    lists.mkdir()
    for path in (tmp_path / "setupkit").iterdir():
        path.write_text(path.read_text().replace("/var/lib/apt/lists", str(lists)))
    return lists


def run_as_installer(setup, fakes: Path) -> subprocess.CompletedProcess[str]:
    return setup(MISSING, "build", PATH=f"{fakes}:/usr/bin:/bin", SETUP_SECONDS="1")


def test_a_held_lock_is_waited_for_and_long_work_shows_progress(setup, fakes: Path, tmp_path: Path) -> None:
    (with_lists(tmp_path, fakes, apt_get=BUSY_APT, sudo=FRIENDLY_SUDO) / "a_Packages").touch()
    done = run_as_installer(setup, fakes)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("waiting: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (unattended-upgr)") == 1
    assert "still installing packages: Unpacking hello" in done.stdout


@pytest.mark.parametrize("lists,said", [
    ([], "the package lists cannot be fetched (no network?): E: Failed to fetch"),
    (["a_Packages"], "and those that are here do not know no-such-package or hello"),
])
def test_no_such_package_is_said_only_if_the_lists_were_read(lists: list[str], said: str, setup, fakes: Path, tmp_path: Path) -> None:
    folder = with_lists(tmp_path, fakes, apt_get=NO_NETWORK, sudo=FRIENDLY_SUDO, apt_cache="#!/bin/sh\n")
    for name in lists:
        (folder / name).touch()
    done = run_as_installer(setup, fakes)
    assert done.returncode == 3 and said in done.stdout and "has no package" not in done.stdout


def test_setup_user_says_where_it_may_not_write(setup, tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o555)
    done = setup(MISSING, "build", SETUP="user", HOME=str(tmp_path / "shut"), XDG_CACHE_HOME="")
    assert done.returncode == 3 and done.stderr == ""
    assert f"cannot make its folder below {tmp_path}/shut/.cache/cairn: you may not write to {tmp_path}/shut" in done.stdout
    odd = setup(MISSING, "build", SETUP="user", XDG_CACHE_HOME=str(tmp_path / "a b"))
    assert odd.returncode == 3 and "set XDG_CACHE_HOME" in odd.stdout and odd.stderr == ""


@pytest.mark.parametrize("python,said", [("/no/such/python3", "is not there"), ("/bin/true", "does not run")])
def test_a_given_python_that_does_not_serve_is_one_line(python: str, said: str, setup) -> None:
    done = setup(THERE, "grade", PYTHON=python)
    assert done.returncode == 3 and done.stderr == ""
    assert f"PYTHON={python} {said}" in done.stdout and len(done.stdout.splitlines()) == 1
