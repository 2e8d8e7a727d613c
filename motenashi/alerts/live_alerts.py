"""The rules now in use: looked at again every few seconds, and a broken edit changes nothing."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from motenashi.alerts.rule import Rule
from motenashi.problems import Problem

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds
ReadRules = Callable[[Path], tuple[tuple[Rule, ...], list[Problem]]]


class LiveAlerts:
    """`read` reads and checks the folder; with problems the rules before stay in use."""

    def __init__(self, folder: Path, read: ReadRules) -> None:
        self._folder = folder
        self._read = read
        self._lock = threading.Lock()
        self._looked = time.monotonic()
        self._stamp = _stamp(folder)
        self._rules: tuple[Rule, ...] = ()
        self._problems: tuple[Problem, ...] = ()
        self._take()

    def rules(self) -> tuple[Rule, ...]:
        self._look()
        return self._rules

    def problems(self) -> tuple[Problem, ...]:
        """Those of the folder as it is now."""
        self._look()
        return self._problems

    def _look(self) -> None:
        with self._lock:
            now = time.monotonic()
            if now - self._looked < LOOK_EVERY:
                return
            self._looked = now
            if (stamp := _stamp(self._folder)) != self._stamp:
                self._stamp = stamp
                self._take()

    def _take(self) -> None:
        rules, problems = self._read(self._folder)
        self._problems = tuple(problems)
        if not problems:
            self._rules = rules
        for problem in problems:
            log.warning("the edited alerts stay out: %s", problem)


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    if not folder.is_dir():
        return ()
    files = ((path.name, path.stat()) for path in sorted(folder.glob("*.yaml")))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)
