"""The worker's threads that give advice: one thinks about what is due, one sees to learning, at night or when asked."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from motenashi.advice_desk.learning_state import LearningStates
from motenashi.advice_desk.recompute import AWAY
from motenashi.advice_room import learning_of, recompute_of
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.house import House
from motenashi.mail_worker import STARTED_BY

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds; what happened is thought about within this time
LOOK_AT_LEARNING_EVERY = 5.0
PAUSE_AFTER_TROUBLE = 10.0
PAUSE_AFTER_FAILED_LEARNING = 600.0
GRACE = 5.0
LEARN = (sys.executable, "app.py", "learn")


class Thinking:
    """One of the worker's threads. Several workers may think at once: each takes its own records."""

    name = "advice"

    def __init__(self, house: House) -> None:
        settings = house.settings
        self._recompute = recompute_of(settings, house.database, house.crm, BusinessHours(settings.business_hours))

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            stop.wait(self._look())

    def _look(self) -> float:
        """Think about one batch; how many seconds to wait then."""
        try:
            return LOOK_EVERY if self._recompute.run(datetime.now(UTC)) == 0 else 0.0
        except AWAY as error:
            log.warning("advice waits: %s", type(error).__name__)
        except Exception:  # mail goes on being read by this process, and the next look may well work
            log.exception("advice waits")
        return PAUSE_AFTER_TROUBLE


class Learner:
    """Another one: sees to it that learning happens, in a process of its own, which gives its memory back."""

    name = "learning"

    def __init__(self, house: House, command: Sequence[str] = LEARN) -> None:
        self._states = LearningStates(house.database)
        self._learning = learning_of(house.settings, house.database)
        self._command = tuple(command)

    def run(self, stop: threading.Event) -> None:
        pause = LOOK_AT_LEARNING_EVERY
        while not stop.wait(pause):
            pause = self._look(stop)

    def _look(self, stop: threading.Event) -> float:
        try:
            if not (self._states.read().is_wanted or self._learning.is_due(datetime.now(UTC))):
                return LOOK_AT_LEARNING_EVERY
        except AWAY as error:
            log.warning("learning waits: %s", type(error).__name__)
            return PAUSE_AFTER_TROUBLE
        return LOOK_AT_LEARNING_EVERY if self._learned(stop) else PAUSE_AFTER_FAILED_LEARNING

    def _learned(self, stop: threading.Event) -> bool:
        """Did it work? The page of settings tells what went wrong. What is cut short begins anew another time."""
        told = {**os.environ, STARTED_BY: str(os.getpid())}
        silent = subprocess.DEVNULL  # its bar is for terminals; how far it is stands in the database
        learning = subprocess.Popen(self._command, env=told, stdout=silent, stderr=silent)  # noqa: S603 - our own command
        try:
            while not stop.is_set():
                try:
                    return learning.wait(LOOK_EVERY) == 0
                except subprocess.TimeoutExpired:
                    continue
        finally:
            _end(learning)
        return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """Interrupted as by a person's Ctrl-C, it lets go of what it holds."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
