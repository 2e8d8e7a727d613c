"""The soak's worker: a process with the threads that a worker of the house has, which may be killed at any moment."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.zoho_soak_parts import Parts, Place, Shift, ShiftedClock
from crm_client.errors import CrmError
from motenashi.recurring import Recurring

LOOK_EVERY = 0.1
SEND_EVERY = 0.2
HINTS_EVERY = 0.2
DETAILS_EVERY = 1.0
CHANNELS_EVERY = 5.0
AFTER_TROUBLE = 2.0
LONG = 5.0  # seconds; what takes longer is worth a line in the log

log = logging.getLogger(__name__)


class Worker:
    """`only_pushes`: a second pusher beside another worker."""

    def __init__(self, place: Place, shift: Any, name: str, *, only_pushes: bool = False) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        self.ready = context.Event()
        given = (place, shift, self._stop, self.ready, name, only_pushes)
        self._process = context.Process(target=_work, args=given, daemon=True)
        self._process.start()

    def kill(self) -> None:
        """As `kill -9` does."""
        self._process.kill()
        self._process.join()

    def stop(self) -> None:
        self._stop.set()
        self._process.join(timeout=60)
        if self._process.is_alive():
            self.kill()

    def is_alive(self) -> bool:
        return self._process.is_alive()


def _work(place: Place, shift: Shift, stop: Any, ready: Any, name: str, only_pushes: bool) -> None:
    log_to(Path(place.folder) / f"{name}.log")
    parts = Parts(place, ShiftedClock(shift))
    while not stop.is_set():
        try:
            parts.learn()
            break
        except CrmError:
            time.sleep(0.5)
    pusher, mirror = parts.pusher(), parts.mirror()
    jobs: list[list[Recurring]] = [[_every("sending", SEND_EVERY, pusher.push)]]
    if not only_pushes:
        channels = parts.channels()
        hints = [_every("hints", HINTS_EVERY, mirror.take_hints)]
        polls = [
            _every("details", DETAILS_EVERY, mirror.take_details),
            _every("polling", place.poll_seconds, mirror.poll),
            Recurring("channels", CHANNELS_EVERY, channels.ensure, AFTER_TROUBLE),
        ]
        jobs += [hints, polls]
    threads = [threading.Thread(target=_turn, args=(tasks, stop, parts.clock), daemon=True) for tasks in jobs]
    for thread in threads:
        thread.start()
    ready.set()
    for thread in threads:
        thread.join()
    parts.close()


def _every(name: str, seconds: float, do: Callable[[], object]) -> Recurring:
    def timed(now: object) -> None:
        begun = time.monotonic()
        done = do()
        took = time.monotonic() - begun
        if took > LONG:
            log.warning("%s took %.1f s: %s", name, took, done)

    return Recurring(name, seconds, timed, AFTER_TROUBLE)


def _turn(tasks: list[Recurring], stop: Any, clock: Callable[[], Any]) -> None:
    parent = os.getppid()
    while not stop.is_set() and os.getppid() == parent:  # nobody is left behind
        for task in tasks:
            task.look(clock())
        stop.wait(LOOK_EVERY)


def log_to(file: Path) -> None:
    form = "%(asctime)s %(levelname)s %(name)s %(message)s"
    logging.basicConfig(filename=file, level=logging.WARNING, format=form, force=True)
