"""`make fresh`: the README's two commands on a bare Debian 12, by debootstrap in a chroot.

Steps: 1 look whether it can be done; 2 make the machine; 3 clone what is committed; 4 `make run`
until /health/ answers; 5 `make test`, with the arguments of `make fresh ARGS="…"`. What is printed
meanwhile goes into var/fresh.log.

How this machine reaches packages (settings of pip, uv and apt, proxies, certificates) is copied,
never written down. Every command has mounts and process ids of its own, which end with it, so that
nothing is left behind.
"""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.longruns.report import NotRun, Report
from tests.longruns.served import ROOT, status_of

RELEASE = "bookworm"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PACKAGES = "python3,python3-venv,make,git,ca-certificates"
LOG = ROOT / "var" / "fresh.log"
MAKING, RUNNING, TESTING = 15 * 60, 10 * 60, 90 * 60  # seconds, after which a step is given up
PASSED_ON = re.compile(r"(pip|uv|ssl|curl|requests|git_ssl)_\w+|(https?|no|all)_proxy", re.I)
PIP_FILES = ("/etc/pip.conf", "~/.config/pip/pip.conf", "~/.pip/pip.conf")
UV_FILES = ("/etc/uv/uv.toml", "~/.config/uv/uv.toml")
OTHER_FILES = ("/etc/resolv.conf", "/etc/hosts")
APT = ("/etc/apt/apt.conf", "/etc/apt/apt.conf.d", "/etc/apt/auth.conf", "/etc/apt/auth.conf.d")
SOURCES = ("/etc/apt/sources.list", "/etc/apt/sources.list.d")
MIRROR = re.compile(r"^(?:deb\s+(?:\[[^]]*\]\s+)?|URIs:\s*)(\S+/debian/?)\s", re.MULTILINE)
LOCAL = re.compile(r"(?:file://|(?<=[\s=]))(/[\w./+-]+)")  # a folder in a setting of pip
# What of the tests' output is shown; and what apt does besides, by programs that are not there.
RESULT = re.compile(r"^== .* in \d+ s$|^\d+ (passed|failed)|NOT RUN")
HOOK = re.compile(r"Invoke|Pre-Install-Pkgs")
AUTHORITIES = Path("/usr/local/share/ca-certificates")
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
FIGURES = {
    "bare machine, made": f"<= {MAKING} s",
    "make run, installed": "for information",
    "make run, /health/ answers": f"200 in {RUNNING} s",
    "make run, from install to health": "for information",
    "make test": "passes",
}


def main(arguments: Sequence[str]) -> int:
    report = Report(FIGURES)
    report.section(list(FIGURES), lambda: measure(arguments, report))
    print(f"the log is {LOG.relative_to(ROOT)}" if LOG.exists() else "")
    return 1 if report.misses or report.failures else 0


def measure(arguments: Sequence[str], report: Report) -> None:
    """All steps, in order. Raises NotRun where this machine cannot make another."""
    mirror = mirror_for_this()
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text("")
    folder = Path(tempfile.mkdtemp(prefix="notice-fresh-"))
    try:
        machine = Machine(folder / "root")
        began = time.monotonic()
        machine.make(mirror)
        report.at_most(
            "bare machine, made",
            time.monotonic() - began,
            MAKING,
            f"{time.monotonic() - began:.0f} s",
        )
        machine.clone()
        run_product(machine, report)
        run_tests(machine, arguments, report)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def mirror_for_this() -> str:
    """Where this machine gets Debian from.

    Raises:
        NotRun: it is no machine that can make another; the message says what is missing.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise NotRun("a chroot needs root")
    for program in ("debootstrap", "unshare", "git"):
        if not shutil.which(program):
            raise NotRun(f"{program} is not here; apt-get install debootstrap util-linux git")
    own_mounts = ["unshare", "--mount", "--pid", "--fork", "true"]
    tried = subprocess.run(own_mounts, capture_output=True, check=False)
    if tried.returncode:
        raise NotRun("this machine allows no mounts of one's own (unshare --mount --pid)")
    for path in files_of(SOURCES):
        if path.suffix in {".list", ".sources"} and (found := MIRROR.search(path.read_text())):
            return found[1]
    raise NotRun("the sources of apt name no Debian mirror")


def files_of(names: Sequence[str]) -> list[Path]:
    """The files of these names and in the folders of these names, as far as there are any."""
    paths = [Path(name).expanduser() for name in names]
    within = [one for path in paths if path.is_dir() for one in sorted(path.iterdir())]
    return [path for path in [*paths, *within] if path.is_file()]


class Machine:
    """A bare Debian in a folder. What runs in it has its own mounts, and ends with its command."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = root / "root"
        self.project = self.home / "notice"
        self.shared = [path for path in local_indexes() if path.exists()]

    def make(self, mirror: str) -> None:
        wanted = ["--variant=minbase", f"--include={PACKAGES}"]
        outside(["debootstrap", *wanted, RELEASE, str(self.root), mirror], MAKING)
        for path in files_of((*PIP_FILES, *UV_FILES, *OTHER_FILES)):
            self._copy(path)
        for path in files_of((*APT, *(SOURCES if is_of_this_release() else ()))):
            if not HOOK.search(path.read_text(errors="replace")):
                self._copy(path)
        for path in AUTHORITIES.glob("*.crt"):
            self._copy(path)
        self.run("update-ca-certificates", MAKING)
        # Last, whatever bundle this machine trusts: the settings that are passed on may name it.
        for path in files_of((str(BUNDLE), *passed_on().values())):
            self._copy(path)

    def _copy(self, path: Path) -> None:
        home = Path.home()
        into = self.root / path.relative_to("/")
        if path.is_relative_to(home):
            into = self.home / path.relative_to(home)
        into.parent.mkdir(parents=True, exist_ok=True)
        into.unlink(missing_ok=True)
        shutil.copyfile(path, into)

    def clone(self) -> None:
        """What is committed, with its history, as a clone has it."""
        bundle = self.root / "notice.bundle"
        outside(["git", "-C", str(ROOT), "bundle", "create", str(bundle), "HEAD"], 300)
        self.run("git clone -q /notice.bundle notice", 300)
        changed = subprocess.run(
            ["git", "-C", str(ROOT), "status", "--short"],
            capture_output=True,
            text=True,
            check=True,
        )
        if changed.stdout.strip():
            print("what is not committed here is not in the clone", flush=True)

    def command(self, script: str) -> list[str]:
        """A command that runs this shell script in the machine, in /root."""
        passed = passed_on() | {"HOME": "/root", "PATH": PATH, "LANG": "C.UTF-8", "CI": "true"}
        pairs = [f"{name}={value}" for name, value in passed.items()]
        inside = [
            "chroot",
            str(self.root),
            "env",
            "-i",
            *pairs,
            "sh",
            "-c",
            f"cd /root && {script}",
        ]
        mounts = "".join(f"{line}\n" for line in self._mounts())
        outer = [
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "--pid",
            "--fork",
            "--kill-child",
        ]
        return [*outer, "sh", "-c", f"set -e\n{mounts}exec {shlex.join(inside)}"]

    def _mounts(self) -> Iterator[str]:
        root = shlex.quote(str(self.root))
        yield f"mount -t proc proc {root}/proc"
        yield f"mount -t sysfs -o ro sysfs {root}/sys"
        yield f"mount --rbind /dev {root}/dev"
        for path in self.shared:
            inside = shlex.quote(f"{self.root}{path}")
            yield f"mkdir -p {inside}"
            yield f"mount --bind -o ro {shlex.quote(str(path))} {inside}"

    def run(self, script: str, patience: float) -> int:
        """Runs it to its end and returns its exit code; raises NotRun where it takes too long."""
        return outside(self.command(script), patience, must=False)


def passed_on() -> dict[str, str]:
    """What the environment says of reaching packages: indexes, proxies, certificates."""
    return {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)}


def is_of_this_release() -> bool:
    """Whether apt's sources here are those of the bare machine too."""
    return f"VERSION_CODENAME={RELEASE}" in Path("/etc/os-release").read_text()


def local_indexes() -> list[Path]:
    """The folders of this machine that pip is sent to, which the bare machine must see."""
    names = ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL")
    settings = [os.environ.get(name, "") for name in names]
    settings += [path.read_text() for path in files_of(PIP_FILES)]
    found = LOCAL.findall("\n".join(f" {text}" for text in settings))
    folders = {Path(name) for name in found if Path(name).is_dir()}
    # An index is made of `simple` and, beside it, the files it points to.
    return sorted({path.parent if path.name == "simple" else path for path in folders})


def outside(command: list[str], patience: float, *, must: bool = True) -> int:
    """Runs a command with its output in the log; its exit code, which `must` be 0.

    Raises:
        RuntimeError: it takes longer than `patience` seconds, or fails where it must not.
    """
    with LOG.open("a") as log, started(command, log) as process:
        try:
            code = process.wait(patience)
        except subprocess.TimeoutExpired:
            why = f"{command[0]} took more than {patience:.0f} s; see the log"
            raise RuntimeError(why) from None
    if must and code:
        raise RuntimeError(f"{command[0]} failed ({code}); see the log")
    return code


@contextmanager
def started(command: list[str], log: object) -> Iterator[subprocess.Popen[bytes]]:
    """The running process; at the end it is ended, with all that it started."""
    options = {"stdin": subprocess.DEVNULL, "start_new_session": True}
    process = subprocess.Popen(command, stdout=log, stderr=log, **options)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def run_product(machine: Machine, report: Report) -> None:
    """`make run`, until it answers; then it is stopped."""
    port, installed = free_port(), machine.project / ".venv" / ".run"
    command = machine.command(f"cd notice && make run PORT={port}")
    began, installed_at = time.monotonic(), 0.0
    with LOG.open("a") as log, started(command, log) as process:
        while is_waited_for(process, began) and status_of(port, "/health/") != 200:
            if not installed_at and installed.exists():
                installed_at = time.monotonic()
            time.sleep(0.2)
        answered = status_of(port, "/health/")
    took = time.monotonic() - began
    report.holds("make run, /health/ answers", answered == 200, f"{answered} after {took:.1f} s")
    if installed_at:
        report.tell("make run, installed", f"{installed_at - began:.1f} s")
        report.tell("make run, from install to health", f"{took - (installed_at - began):.1f} s")


def is_waited_for(process: subprocess.Popen[bytes], began: float) -> bool:
    return process.poll() is None and time.monotonic() - began < RUNNING


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def run_tests(machine: Machine, arguments: Sequence[str], report: Report) -> None:
    began, wanted = time.monotonic(), shlex.join(arguments)
    code = machine.run(f"cd notice && make test ARGS={shlex.quote(wanted)}", TESTING)
    for line in LOG.read_text(errors="replace").splitlines():
        if RESULT.search(line):
            print(f"  {line}", flush=True)
    took = time.monotonic() - began
    report.holds("make test", code == 0, f"`make test {wanted}` exits {code} after {took:.0f} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
