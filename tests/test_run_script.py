"""./run with a pretend Python: what it makes, when it makes it anew, and what it says. Nothing is downloaded."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
TOOLS = (
    "cat",
    "chmod",
    "cmp",
    "cp",
    "dirname",
    "grep",
    "head",
    "ln",
    "mkdir",
    "mv",
    "readlink",
    "rm",
    "sed",
    "sh",
    "sleep",
    "tail",
)

# Answers as python3 would: its faults, its version, `-m venv`, and the steps of an installation, which it writes down.
PRETEND = """
echo "$*" | head -n 1 >>"{log}"
case "$*" in
    *"import ensurepip"*) echo "{fault}" ;;
    -V) echo "Python 3.99.0" ;;
    "-m venv"*) for last; do :; done; mkdir -p "$last/bin" "$last/lib"; cp "$0" "$last/bin/python" ;;
    *" pip "*) sleep {seconds}; exit {status} ;;
    *sysconfig*) echo "$(dirname "$(dirname "$0")")/lib" ;;
    *bin/thaw*) shift 2; echo "thaw $*" ;;
esac
"""


class Checkout:
    """A copy of ./run and the locks in a folder with a space, and a PATH with a few tools and pretended programs."""

    def __init__(self, folder: Path) -> None:
        self.top = folder / "my thaw"
        self.programs = folder / "bin"
        self.log = folder / "log"
        self.top.mkdir()
        self.programs.mkdir()
        shutil.copy(TOP / "run", self.top)
        for lock in ("requirements.lock", "requirements-dev.lock"):
            (self.top / lock).write_text("one==1 \\\n", encoding="utf-8")
        for tool in TOOLS:
            (self.programs / tool).symlink_to(shutil.which(tool) or tool)
        self.program("id", "echo 0")
        self.python()

    def program(self, name: str, text: str) -> None:
        """Put a small shell script on the PATH."""
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)

    def python(self, fault: str = "ok", seconds: float = 0, status: int = 0) -> None:
        """Set how the pretended python3 behaves."""
        self.program("python3", PRETEND.format(log=self.log, fault=fault, seconds=seconds, status=status))

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.top / "run", *arguments],
            env={"PATH": str(self.programs), "HOME": "/nowhere", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr."""
        started = self.start(*arguments, **environment)
        out, err = started.communicate(timeout=60)
        return started.returncode, out, err

    def made(self) -> int:
        """How often an environment was made."""
        return self.log.read_text("utf-8").count("-m venv") if self.log.exists() else 0


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_script_is_plain_posix_shell():
    shell = shutil.which("dash") or "sh"
    assert subprocess.run([shell, "-n", TOP / "run"], capture_output=True, text=True).stderr == ""


def test_help_names_every_command(checkout: Checkout):
    code, out, _ = checkout.run("help")
    assert code == 0
    assert re.findall(r"^  ([a-z]+) ", out, re.MULTILINE) == [
        "demo",
        "test",
        "check",
        "bench",
        "golden",
        "thaw",
        "help",
    ]


def test_an_unknown_command_is_refused(checkout: Checkout):
    assert checkout.run("fly") == (
        2, "", "./run: got 'fly', want demo, test, check, bench, golden, thaw or help. Type: ./run help\n"
    )  # fmt: skip


def test_the_first_start_makes_the_environment_and_the_second_does_not(checkout: Checkout):
    code, out, err = checkout.run("thaw", "cases", "--count")
    assert (code, out) == (0, "thaw cases --count\n")
    assert err == (
        "Making the environment .venv with Python 3.99.0; this happens once.\n"
        "Fetching and installing the 1 packages of requirements.lock ...\n"
    )
    assert checkout.run("thaw", "cases", "--count") == (0, "thaw cases --count\n", "")
    assert checkout.made() == 1


def test_packages_come_by_hash_and_as_wheels(checkout: Checkout):
    checkout.run("thaw")
    (line,) = (line for line in checkout.log.read_text("utf-8").splitlines() if " pip " in line)
    assert "--require-hashes --no-deps --only-binary :all: --requirement" in line


def test_the_installed_command_starts_in_a_folder_with_a_space(checkout: Checkout):
    checkout.run("thaw")
    command = checkout.top / ".venv" / "bin" / "thaw"
    done = subprocess.run([command, "log"], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("thaw log\n", "")


def test_a_changed_lock_makes_the_environment_anew(checkout: Checkout):
    checkout.run("thaw")
    (checkout.top / "requirements.lock").write_text("one==2 \\\n", encoding="utf-8")
    checkout.run("thaw")
    assert checkout.made() == 2


def test_a_moved_checkout_makes_its_environment_anew(checkout: Checkout):
    checkout.run("thaw")
    checkout.top = checkout.top.rename(checkout.top.with_name("moved"))
    assert checkout.run("thaw", "log")[:2] == (0, "thaw log\n")
    assert checkout.made() == 2


def test_development_packages_come_only_when_they_are_needed(checkout: Checkout):
    checkout.run("demo")
    assert "requirements-dev.lock" not in checkout.log.read_text("utf-8")
    checkout.run("test", "tests/nothing")
    assert "requirements-dev.lock" in checkout.log.read_text("utf-8")
    assert checkout.made() == 1


def test_a_failed_installation_says_so_and_is_made_anew(checkout: Checkout):
    checkout.python(status=1)
    code, _, err = checkout.run("thaw")
    assert code == 3
    assert err.splitlines()[-1] == (
        "requirements.lock: got an installer that stopped, want its 1 packages installed. "
        "The lines above say why. Being on-line once is enough; then ./run again."
    )
    checkout.python()
    assert checkout.run("thaw", "log")[:2] == (0, "thaw log\n")
    assert checkout.made() == 2


def test_two_starts_at_once_make_one_environment(checkout: Checkout):
    checkout.python(seconds=1)
    first = checkout.start("thaw", "a")
    _wait_for(checkout.top / ".venv.lock")
    second = checkout.start("thaw", "b")
    assert [first.communicate(timeout=60)[0], second.communicate(timeout=60)[0]] == ["thaw a\n", "thaw b\n"]
    assert checkout.made() == 1
    assert not os.path.lexists(checkout.top / ".venv.lock")


def test_a_killed_start_leaves_nothing_that_the_next_one_trusts(checkout: Checkout):
    checkout.python(seconds=3)
    first = checkout.start("thaw", "a")
    _wait_for(checkout.top / ".venv" / "bin")
    first.kill()
    first.wait()
    checkout.python()
    assert checkout.run("thaw", "b")[:2] == (0, "thaw b\n")
    assert checkout.made() == 2
    first.communicate()


def test_a_stopped_start_says_so_and_leaves_no_turn_behind(checkout: Checkout):
    checkout.python(seconds=4)
    first = checkout.start("thaw", "a")
    _wait_for(checkout.top / ".venv" / "bin")
    first.send_signal(signal.SIGINT)
    _, err = first.communicate(timeout=60)
    assert first.returncode == 3
    assert err.endswith("Stopped. Nothing half-made is used: the next ./run starts anew.\n")
    assert not os.path.lexists(checkout.top / ".venv.lock")


def _wait_for(path: Path) -> None:
    end = time.monotonic() + 20
    while not os.path.lexists(path):
        assert time.monotonic() < end, f"{path.name} did not appear"
        time.sleep(0.01)


@pytest.mark.parametrize("fault", ["Python 3.9", "Python 3.12 without ensurepip"])
def test_a_python_that_will_not_do_is_named_with_the_line_to_type(checkout: Checkout, fault: str):
    checkout.python(fault=fault)
    checkout.program("apt-get", "")
    python = str(checkout.programs / "python3")
    assert checkout.run("demo", PYTHON=python) == (
        2, "", f"{python}: got {fault}, want Python 3.11 or later with venv and ssl. "
        "Type: apt-get install python3 python3-venv\n"
    )  # fmt: skip


def test_who_is_not_root_is_told_to_type_sudo(checkout: Checkout):
    checkout.program("apt-get", "")
    checkout.program("id", "echo 1000")
    assert checkout.run("demo", PYTHON="/nowhere/python3") == (
        2, "", "/nowhere/python3: got no Python that runs, want Python 3.11 or later with venv and ssl. "
        "Type: sudo apt-get install python3 python3-venv\n"
    )  # fmt: skip


def test_without_apt_a_missing_python_can_be_named(checkout: Checkout):
    assert checkout.run("demo", PYTHON="/nowhere/python3")[2] == (
        "/nowhere/python3: got no Python that runs, want Python 3.11 or later with venv and ssl. "
        "Install it, or name one: PYTHON=/path/to/python3 ./run demo\n"
    )


def test_without_install_a_missing_program_is_one_line_to_type(checkout: Checkout):
    assert checkout.run("test", "tests/nothing")[2].splitlines()[-1] == (
        "chromium is not here, so browser tests are left out. To have them on Debian, type: apt-get install chromium"
    )


@pytest.mark.parametrize("asked", [["--install"], []])
def test_with_install_or_in_ci_a_missing_program_is_fetched(checkout: Checkout, asked: list[str]):
    checkout.program("apt-get", f'echo "$*" >>"{checkout.log}"')
    code, _, err = checkout.run(*asked, "test", "tests/nothing", CI="false" if asked else "true")
    assert (code, err.splitlines()[-1]) == (0, "Fetching chromium for browser tests ...")
    assert "install -qq -y --no-install-recommends chromium" in checkout.log.read_text("utf-8")


def test_a_failing_apt_does_not_stop_the_run(checkout: Checkout):
    checkout.program("apt-get", "echo no packages here >&2; exit 100")
    code, _, err = checkout.run("--install", "test", "tests/nothing")
    assert code == 0
    assert err.splitlines()[-3:] == [
        "Fetching chromium for browser tests ...",
        "no packages here",
        "chromium: got an error from apt-get, want chromium installed. Going on; browser tests are left out.",
    ]
