"""`make setup` on machines that lack something, with programs that stand in for theirs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
ORDINARY = ("sh", "cmp", "cp", "rm", "sed", "grep", "id", "env", "dirname")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A clone on a machine whose only programs are the ordinary ones; `bin` takes more."""
    for name in ("scripts", "requirements"):
        shutil.copytree(HOUSE / name, tmp_path / name)
    shutil.copy(HOUSE / "debian-packages.txt", tmp_path)
    (tmp_path / "bin").mkdir()
    for name in ORDINARY:
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    return tmp_path


def program(machine: Path, name: str, does: str) -> None:
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)


def setup(machine: Path, kind: str = "runtime") -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(machine / "bin"), "HOME": str(machine)}
    command = ["sh", "scripts/setup.sh", kind]
    return subprocess.run(command, cwd=machine, env=environment, capture_output=True, text=True, check=False)


def test_without_python_it_says_which_one_is_needed_and_how_to_get_it(machine: Path) -> None:
    done = setup(machine)

    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "apt-get install python3.11" in done.stderr


def test_a_python_that_is_too_old_or_does_not_start_is_passed_over(machine: Path) -> None:
    program(machine, "python3.11", "echo 'no version is set' >&2; exit 127")  # a shim
    program(machine, "python3", "exit 1")  # answers that it is older

    assert "Python 3.11 or newer is needed" in setup(machine).stderr


def test_a_python_without_venv_on_debian_is_told_by_the_package_name(machine: Path) -> None:
    program(
        machine,
        "python3",
        'case "$2" in *version_info\\ \\<*) exit 0;; *ensurepip*) exit 1;; *print*) echo 3.12;; esac',
    )

    done = setup(machine)

    assert done.returncode == 1
    assert "apt-get install python3.12-venv" in done.stderr
    assert not (machine / ".venv").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may install packages")
def test_what_python_lacks_on_debian_is_installed_where_we_may(machine: Path) -> None:
    program(machine, "dpkg-query", "exit 1")
    program(machine, "apt-get", 'echo "$@" >> apt-was-asked')
    program(machine, "python3", 'case "$2" in *ensurepip*) test -f apt-was-asked;; *print*) echo 3.11;; esac')

    setup(machine)

    assert (machine / "apt-was-asked").read_text().splitlines() == [
        "update -q",
        "install -q -y --no-install-recommends python3.11-venv",
    ]


def test_the_second_time_nothing_runs(machine: Path) -> None:
    (machine / ".venv/bin").mkdir(parents=True)
    shutil.copy(machine / "requirements/runtime.lock", machine / ".venv/installed-runtime.lock")
    python = machine / ".venv/bin/python"
    python.write_text("#!/bin/sh\ntouch python-was-run\n")
    python.chmod(0o755)

    done = setup(machine)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (machine / "python-was-run").exists()


def test_a_changed_lock_is_installed_again(machine: Path) -> None:
    (machine / ".venv/bin").mkdir(parents=True)
    (machine / ".venv/installed-runtime.lock").write_text("flask==1.0\n")
    python = machine / ".venv/bin/python"
    python.write_text('#!/bin/sh\necho "$@" >> python-was-run\n')
    python.chmod(0o755)

    assert setup(machine).returncode == 0
    assert "scripts/install_locked.py requirements/runtime.lock" in (machine / "python-was-run").read_text()
    assert setup(machine).stdout == ""  # and now it is stamped


def test_an_installation_that_fails_leaves_no_stamp(machine: Path) -> None:
    (machine / ".venv/bin").mkdir(parents=True)
    python = machine / ".venv/bin/python"
    python.write_text('#!/bin/sh\n[ "$1" = -c ] || { exit 1; }\n')
    python.chmod(0o755)

    assert setup(machine).returncode == 1
    assert not (machine / ".venv/installed-runtime.lock").exists()


def test_an_unknown_kind_is_told(machine: Path) -> None:
    assert "there is no requirements/production.lock" in setup(machine, "production").stderr


def test_one_debian_package_stands_on_each_line() -> None:
    lines = (HOUSE / "debian-packages.txt").read_text().splitlines()
    names = [line for line in lines if line and not line.startswith("#")]

    assert {"chromium", "postgresql", "redis-server"} <= set(names)
    assert [name for name in names if name.split() != [name]] == []
