"""A bare root of another release below the cache folder, and commands run in a fresh copy of it.

All mounts are made in a mount namespace of the run's own, beside a process namespace whose first process is killed
with its parent: nothing is left mounted or running, however the run ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from labkit import known

from . import mirror
from .mirror import Skip, System

MARK = Path("/etc/cairn-elsewhere")   # in such a root; it holds the system's name
ARCHIVES = "var/cache/apt/archives"
UNSHARE = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child=KILL"]
# $1 the root, the rest the command.
ENTER = """
set -e
root=$1; shift
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
mount -t devpts -o newinstance,mode=620,ptmxmode=666 devpts "$root/dev/pts"
exec chroot "$root" "$@"
"""
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}


def cache_folder() -> Path:
    return known.cache_folder() / "elsewhere"


@contextmanager
def locked(path: Path, *, wait: bool = True):
    """Hold the lock of this file; gives whether it could be had, which without `wait` may be no."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def see_that_it_can_be_tried() -> None:
    """Raise Skip, with what to do, if this machine or user cannot make another root."""
    if MARK.exists():
        raise Skip(f"this is such a root itself ({MARK.read_text().strip()})")
    if os.geteuid() != 0:
        raise Skip("it needs root, to unpack another system and to mount: sudo make elsewhere")
    if not shutil.which("debootstrap", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        raise Skip("there is no debootstrap: apt-get install debootstrap")
    probe = subprocess.run([*UNSHARE, "mount", "-t", "tmpfs", "none", "/mnt"], stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        raise Skip(f"this machine gives no right to mount ({(probe.stderr.strip().splitlines() or ['no reason said'])[-1]})")


class Root:
    """The bare root of one system, and how it is made."""

    def __init__(self, system: System, say: Callable[[str], None], given_mirror: str = "") -> None:
        self.system = system
        self.say = say
        self.given_mirror = given_mirror.rstrip("/")
        self.folder = cache_folder() / system.name
        self.bare = self.folder / "root"
        self.packages = self.folder / "packages"

    def make(self) -> None:
        """See that the bare root is there. The first time takes minutes; raises Skip if it cannot be had."""
        with locked(self.folder / "root.lock"):
            if self.bare.exists():
                return
            sources = mirror.own_sources()
            address = self.given_mirror or mirror.choose_mirror(self.system, sources)
            if not mirror.has_release(address, self.system.name):
                raise Skip(f"{address} cannot be reached, or has no {self.system.name}; another mirror: MIRROR=http://…")
            keyring = self.keyring()
            self.say(f"makes the bare root from {address} (the first time only; it stays in {self.folder})")
            new = self.folder / "root.new"
            remove(new)
            self.bootstrap(new, address, keyring)
            self.configure(new, mirror.source_lines(self.system, address, sources))
            self.packages.mkdir(exist_ok=True)
            for package in (new / ARCHIVES).glob("*.deb"):
                shutil.move(package, self.packages / package.name)
            new.rename(self.bare)

    def keyring(self) -> Path:
        """The keys that sign the system. Ubuntu's are a package of newer Debians: taken out of there if missing here."""
        for path in (self.system.keyring(), cache_folder() / "keyrings" / self.system.keyring().name):
            if path.exists():
                return path
        if self.system.maker != "ubuntu":
            raise Skip(f"its keys are missing: apt-get install {self.system.maker}-archive-keyring")
        self.say("fetches Ubuntu's keys: Debian 13 has a package of them")
        helper = Root(mirror.SYSTEMS["trixie"], self.say)
        helper.make()
        with helper.copy() as copy:
            script = "cd /tmp && apt-get -qq update && apt-get -qq download ubuntu-keyring && dpkg -x ubuntu-keyring_*.deb keys"
            status = helper.run(copy, ["sh", "-c", script])
            found = copy / "tmp/keys" / str(self.system.keyring()).lstrip("/")
            if status != 0 or not found.exists():
                raise Skip("Ubuntu's keys are missing: apt-get install ubuntu-keyring")
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(found, path)
        return path

    def bootstrap(self, new: Path, address: str, keyring: Path) -> None:
        # An older debootstrap may not know a newer release by name: all of one maker are made alike.
        script = Path("/usr/share/debootstrap/scripts") / ("gutsy" if self.system.maker == "ubuntu" else "sid")
        include = ["--include=ca-certificates"] if address.startswith("https") else []
        command = ["debootstrap", "--variant=minbase", f"--components={self.system.components}", *include, "--force-check-gpg",
                   f"--keyring={keyring}", self.system.name, str(new), address, str(script)]
        environment = dict(os.environ) | {"PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"} | mirror.proxy_environment(address)
        log = self.folder / "debootstrap.log"
        with log.open("w") as output:
            process = subprocess.Popen([*UNSHARE, *command], stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=subprocess.STDOUT, env=environment)
            try:
                self.watch(process, log)
            finally:
                process.kill()
                process.wait()
        if process.returncode != 0:
            last = [line for line in log.read_text(errors="replace").splitlines() if line.startswith(("E:", "W:"))][-1:]
            raise RuntimeError(f"debootstrap failed: {(last or ['no reason said'])[0]} (all of it: {log})")

    def watch(self, process: subprocess.Popen, log: Path) -> None:
        """Wait for debootstrap, with a line every ten seconds."""
        began = time.monotonic()
        while True:
            try:
                process.wait(timeout=10)
                return
            except subprocess.TimeoutExpired:
                done = log.read_text(errors="replace").count("\n")
                self.say(f"  {time.monotonic() - began:.0f} s, {done} steps of about 500")

    def configure(self, new: Path, sources: list[str]) -> None:
        """Give the new root this machine's way to the network, and its own list of sources."""
        for old in (new / "etc/apt/sources.list.d").glob("*"):
            old.unlink()
        (new / "etc/apt/sources.list").write_text("".join(f"{line}\n" for line in sources))
        (new / "etc/apt/apt.conf.d/90cairn").write_text(mirror.carried_settings() + 'APT::Keep-Downloaded-Packages "true";\n')
        # It is thrown away: there is no need to wait for the disk after each file.
        (new / "etc/dpkg/dpkg.cfg.d/cairn").write_text("force-unsafe-io\n")
        (new / str(MARK).lstrip("/")).write_text(f"{self.system.name}\n")

    @contextmanager
    def copy(self):
        """A copy of the bare root for one run, removed at the end; what killed runs left is removed first."""
        for lock in self.folder.glob("run-*.lock"):
            with locked(lock, wait=False) as free:
                if free:
                    remove(lock.with_suffix(""))
                    lock.unlink(missing_ok=True)
        run = self.folder / f"run-{os.getpid()}"
        lock = run.with_suffix(".lock")
        with locked(lock):
            try:
                subprocess.run(["cp", "-a", "--reflink=auto", self.bare, run], check=True)
                for package in self.packages.glob("*.deb"):     # nothing else: a lock of apt would be shared by all runs
                    os.link(package, run / ARCHIVES / package.name)
                for name in ("resolv.conf", "hosts"):
                    (run / "etc" / name).unlink(missing_ok=True)
                    if Path("/etc", name).exists():
                        shutil.copy(f"/etc/{name}", run / "etc" / name)
                yield run
            finally:
                self.keep_packages(run)
                remove(run)
                lock.unlink(missing_ok=True)

    def keep_packages(self, run: Path) -> None:
        """Keep what the run has fetched, for the next; of a package that was there in an older version, the newer."""
        for package in (run / ARCHIVES).glob("*.deb"):
            kept = self.packages / package.name
            if not kept.exists():
                for older in self.packages.glob(f"{package.name.split('_')[0]}_*"):
                    older.unlink()
                package.rename(kept)

    def run(self, copy: Path, command: list[str], **more) -> int:
        """Run the command in this copy; its status. The command and all it started are gone afterwards."""
        process = subprocess.Popen([*UNSHARE, "sh", "-c", ENTER, "enter", copy, *command],
                                   env=ENVIRONMENT | {"TERM": os.environ.get("TERM", "dumb")}, **more)
        try:
            return process.wait()
        finally:
            process.kill()
            process.wait()


def remove(folder: Path) -> None:
    if folder.exists():
        subprocess.run(["rm", "-rf", "--one-file-system", folder], check=True)
