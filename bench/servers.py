"""Starting and stopping the servers that are measured, each under gunicorn with the settings of production."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import processes

HOUSE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    name: str
    port: int
    master: int

    def workers(self) -> list[int]:
        return processes.children(self.master)


@contextmanager
def serving(name: str, application: str, port: int, log: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """A gunicorn with this application, answering when the block begins and gone when it ends."""
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", application]
    surroundings = os.environ | {"PORT": str(port)} | environment
    with log.open("w") as written:
        process = subprocess.Popen(
            command, cwd=HOUSE, env=surroundings, stdin=subprocess.DEVNULL, stdout=written, stderr=written
        )
    try:
        _until_healthy(f"http://127.0.0.1:{port}/healthz", process, log)
        yield Server(name, port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise SystemExit(f"bench: the server did not come up; its own words:\n{log.read_text()[-4000:]}")
