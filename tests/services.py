"""The servers that tests talk to: which PostgreSQL, which Redis, which browser, and starting private ones.

PostgreSQL is TEST_POSTGRES_URL, else the machine's own server when it lets us into the database `test`, else a
private one made from the installed programs. Redis is TEST_REDIS_URL, else a private one. Private servers listen on
a socket file in a folder of their own, write nothing that outlives them, and are stopped by `Services.stop`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis

LOCAL_POSTGRES = "postgresql:///test"
START_SECONDS = 30.0


class Services:
    """`postgres` and `redis` are URLs, or '' when there is none."""

    def __init__(self) -> None:
        self.postgres = os.environ.get("TEST_POSTGRES_URL", "")
        self.redis = os.environ.get("TEST_REDIS_URL", "")
        self._stops: list[Callable[[], object]] = []

    def find_or_start(self) -> None:
        """Fill what the environment did not name, and hand it on to child processes through the environment."""
        self.postgres = self.postgres or self._local_postgres() or self._private_postgres()
        self.redis = self.redis or self._private_redis()
        os.environ["TEST_POSTGRES_URL"], os.environ["TEST_REDIS_URL"] = self.postgres, self.redis

    def stop(self) -> None:
        while self._stops:
            self._stops.pop()()

    def _local_postgres(self) -> str:
        return LOCAL_POSTGRES if _answers(lambda: psycopg.connect(LOCAL_POSTGRES, connect_timeout=3).close()) else ""

    def _private_postgres(self) -> str:
        programs = _newest_postgres()
        if programs is None:
            return ""
        folder = Path(tempfile.mkdtemp(prefix="motenashi-pg-"))
        self._stops.append(lambda: shutil.rmtree(folder, ignore_errors=True))
        owner = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
        if owner:
            shutil.chown(folder, owner, owner)
        data = folder / "data"
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        _quietly(initdb, owner, folder)
        settings = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "max_connections=200")
        switches = [part for setting in settings for part in ("-c", setting)]
        server = _start([programs / "postgres", "-D", data, *switches], owner, folder)
        self._stops.append(lambda: _stop(server))
        url = f"postgresql://postgres@/postgres?host={folder}"
        return url if _soon(lambda: psycopg.connect(url).close()) else ""

    def _private_redis(self) -> str:
        program = shutil.which("redis-server")
        if program is None:
            return ""
        folder = Path(tempfile.mkdtemp(prefix="motenashi-redis-"))
        self._stops.append(lambda: shutil.rmtree(folder, ignore_errors=True))
        socket = folder / "redis.sock"
        server = _start([program, "--port", "0", "--unixsocket", socket, "--save", ""], None, folder)
        self._stops.append(lambda: _stop(server))
        url = f"unix://{socket}"
        return url if _soon(lambda: redis.Redis.from_url(url).ping()) else ""


def chromium() -> str:
    """The path of a Chromium to test with, or '' when there is none."""
    return next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), "")


def _newest_postgres() -> Path | None:
    """The folder of the newest installed server's programs."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if installed:
        return installed[-1].parent
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


def _start(command: list[object], owner: str | None, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(part) for part in command],
        **({"user": owner, "group": owner} if owner else {}),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _quietly(command: list[object], owner: str | None, folder: Path) -> None:
    process = _start(command, owner, folder)
    if process.wait(timeout=START_SECONDS) != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(call: Callable[[], object]) -> bool:
    try:
        call()
    except (psycopg.Error, redis.RedisError, OSError):
        return False
    return True


def _soon(call: Callable[[], object]) -> bool:
    """Whether the call succeeds before START_SECONDS are over."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if _answers(call):
            return True
        time.sleep(0.05)
    return False
