"""The card gallery as a running server, and pages that look at it in a browser."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.channels.widget.card_gallery import Gallery, build_gallery_app

HOUSE = Path(__file__).parents[2]
AXE = (Path(__file__).parent / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def served_gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Gallery]]:
    """One gallery for all tests of a module, in this process: its address, and what it heard."""
    app, gallery = build_gallery_app(tmp_path_factory.mktemp("gallery") / "gallery.db")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}", gallery
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def gallery_url(served_gallery: tuple[str, Gallery]) -> str:
    return served_gallery[0]


@pytest.fixture
def gallery(served_gallery: tuple[str, Gallery]) -> Gallery:
    return served_gallery[1]


class RestartableServer:
    """The gallery as a process of its own, to be killed and started again on the same port and transcript."""

    def __init__(self, file: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port: int = free.getsockname()[1]
        self._file = file
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://localhost:{self._port}"

    def start(self) -> None:
        module = "tests.channels.widget.card_gallery"
        command = [sys.executable, "-m", module, "--port", str(self._port), "--file", str(self._file)]
        self._process = subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/widget.js", timeout=1):
                return
            time.sleep(0.1)
        raise AssertionError("the gallery did not start")

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def restartable(tmp_path: Path) -> Iterator[RestartableServer]:
    server = RestartableServer(tmp_path / "gallery.db")
    server.start()
    yield server
    server.kill()


def accessibility_problems(page: Page) -> list[str]:
    """What axe-core finds wrong by WCAG 2.2 AA, one line each."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run({runOnly: tags})", tags)
    return [
        f"{rule['id']}: {node['html'][:160]} | {node['failureSummary'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
