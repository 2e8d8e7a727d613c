"""gunicorn, started from the command line in this very process.

The master has imported everything already, so its workers begin at once and share that memory. In production
`gunicorn --config gunicorn.conf.py` does the same from outside; the settings are one file's.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import Application


class WebServer(Application):  # type: ignore[misc]  # gunicorn ships no types
    """Serves what `load_app` gives, made anew in every worker: no database connection crosses a fork."""

    def __init__(self, load_app: Callable[[], Any]) -> None:
        self._load_app = load_app
        super().__init__()

    def init(self, parser: Any, opts: Any, args: Any) -> None:
        """Our settings come from the file, never from the command line of `app.py`."""

    def load_config(self) -> None:
        self.load_config_from_file("gunicorn.conf.py")
        self.cfg.set("loglevel", "warning")

    def load(self) -> Any:
        return self._load_app()


def why_not_here() -> str:
    """Why nobody can listen at BIND and PORT, with the next move; '' when we can."""
    host, port = os.environ.get("BIND", "127.0.0.1"), os.environ.get("PORT", "8000")
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        return f"PORT is '{port}', but it must be a number from 1 to 65535."
    try:
        with socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return ""
    except OSError as error:
        return f"Port {port} of {host} can't be used: {error.strerror}. Choose another, e.g. PORT=8010 make run"


def serve(load_app: Callable[[], Any]) -> None:
    """Serve until the process is told to stop."""
    WebServer(load_app).run()
