"""The question-and-answer pages now in use: looked at every few seconds, and a broken edit changes nothing."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from motenashi.faq.answers import Faq, FoundAnswer
from motenashi.faq.settings import FaqSettings
from motenashi.problems import Problem

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds


class LiveFaq:
    def __init__(self, settings: FaqSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._stamp = _stamp(Path(settings.folder))
        self._looked = time.monotonic()
        self._faq, self.problems = self._read(Faq(()))

    def find(self, question: str, language: str) -> FoundAnswer:
        self._look()
        return self._faq.find(question, language)

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked < LOOK_EVERY:
            return
        self._looked = now
        stamp = _stamp(Path(self._settings.folder))
        with self._lock:
            if stamp != self._stamp:
                self._stamp = stamp
                self._faq, self.problems = self._read(self._faq)

    def _read(self, before: Faq) -> tuple[Faq, tuple[Problem, ...]]:
        faq, problems = Faq.from_folder(self._settings)
        for problem in problems:
            log.warning("the edited answers stay out: %s", problem)
        return (before if problems else faq), tuple(problems)


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    if not folder.is_dir():
        return ()
    files = ((path.name, path.stat()) for path in sorted(folder.glob("*.yaml")))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)
