"""Named pieces of work that need not be done at once: put here, done by a worker, tried again when they fail.

The queue (huey; a file, or Redis where REDIS_URL is set) is a hint and never the truth. What is to be done stands in
the database; a worker that is killed takes the task it was doing with it, and a recurring job puts back whatever waits.
So each task must be safe to do twice. Names and arguments travel as JSON: whoever can write to the queue can start
tasks, but can't bring code along.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

log = logging.getLogger(__name__)

# How long an idle worker sleeps between looks into the file; Redis tells it at once.
LOOK_EVERY = 0.5
LOOK_AT_HEALTH_EVERY = 5.0


class QueueAway(Exception):
    """The queue can't be written to now. What was to be done is still in the database."""


@dataclass(frozen=True)
class Task:
    """How a name is done. After a failure it is tried again after `first_pause` seconds, which double each time up to
    `longest_pause`; after `most_tries` it is given up with a log line."""

    name: str
    do: Callable[..., object]
    most_tries: int = 8
    first_pause: float = 5.0
    longest_pause: float = 3600.0

    def pause(self, tries: int) -> float:
        """Seconds to wait after that many tries."""
        return min(self.longest_pause, self.first_pause * 2.0 ** min(tries - 1, 60))


class TaskQueue:
    """Who only puts needs no tasks; a worker is handed all of them by `add` before it runs."""

    def __init__(self, *, file: Path | None = None, redis_url: str = "", name: str = "motenashi") -> None:
        """In Redis when `redis_url` says where, else in `file`. ValueError when neither is given. The file is opened
        (and made) when it is first needed."""
        if not redis_url and file is None:
            raise ValueError("a task queue needs a file or a Redis")
        self._file = file
        self._redis_url = redis_url
        self._name = name
        self._tasks: dict[str, Task] = {}
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._under_way: dict[int, tuple[str, float]] = {}

    def add(self, task: Task) -> None:
        self._tasks[task.name] = task

    def put(self, name: str, **arguments: Any) -> None:
        """Have a worker do it soon. QueueAway when the queue can't be reached; TypeError for what is no JSON."""
        self._put(name, arguments, tries=0)

    def waiting(self) -> int:
        """How many tasks wait, those that wait for another try included. QueueAway."""
        with _away_as_such():
            storage = self._open().huey.storage
            return int(storage.queue_size()) + int(storage.schedule_size())

    def longest_under_way(self) -> tuple[str, float]:
        """The task that this process has been doing for longest, and for how many seconds; ('', 0.0) when idle."""
        now = time.monotonic()
        under_way = [(name, now - began) for name, began in list(self._under_way.values())]
        return max(under_way, key=lambda each: each[1], default=("", 0.0))

    def run(self, workers: int, stop: threading.Event) -> None:
        """Do tasks in that many threads until `stop` is set; returns when those that had begun are done."""
        while not stop.is_set():
            opened = self._open()
            consumer = _huey().QuietConsumer(
                opened.huey, workers=workers, periodic=False, initial_delay=0.05, max_delay=LOOK_EVERY
            )
            consumer.start()
            while not stop.wait(LOOK_AT_HEALTH_EVERY) and not self._lost(opened):
                consumer.check_worker_health()
            consumer.stop(graceful=True)

    def close(self) -> None:
        """Let go of the file or the connection; the next use opens it again."""
        with self._lock:
            if self._opened is not None:
                _huey().close(self._opened.huey.storage)
            self._opened = None

    def _put(self, name: str, arguments: Mapping[str, Any], *, tries: int, after: float = 0.0) -> None:
        text = json.dumps(arguments)
        with _away_as_such():
            if after:
                self._open().do.schedule((name, text, tries), delay=after)
            else:
                self._open().do(name, text, tries)

    def _do(self, name: str, text: str, tries: int) -> None:
        """What a worker does with what it took out."""
        task = self._tasks.get(name)
        if task is None:
            log.error("nobody here does the task '%s'; it was dropped", name)
            return
        arguments, me = json.loads(text), threading.get_ident()
        self._under_way[me] = (name, time.monotonic())
        try:
            task.do(**arguments)
        except Exception as error:
            self._again(task, arguments, tries + 1, error)
        finally:
            del self._under_way[me]

    def _again(self, task: Task, arguments: Mapping[str, Any], tries: int, error: Exception) -> None:
        if tries >= task.most_tries:
            log.error("task '%s' was given up after %d tries", task.name, tries, exc_info=error)
            return
        pause = task.pause(tries)
        log.warning("task '%s' failed (try %d, again in %.0f s)", task.name, tries, pause, exc_info=error)
        self._put(task.name, arguments, tries=tries, after=pause)

    def _open(self) -> _Opened:
        with self._lock:
            if self._opened is None or self._lost(self._opened):
                storage = self._storage()
                huey = _huey().new_queue(self._name, storage)
                do = huey.task(name="do")(self._do)
                self._opened = _Opened(huey, do, os.getpid(), self._inode())
            return self._opened

    def _lost(self, opened: _Opened) -> bool:
        """Was the file taken away or replaced, so that we would talk to nobody? Or are we a fork of who opened it?"""
        return opened.process != os.getpid() or opened.inode != self._inode()

    def _inode(self) -> int:
        if self._redis_url or self._file is None:
            return 0
        try:
            return self._file.stat().st_ino
        except OSError:
            return -1

    def _storage(self) -> Any:
        if self._redis_url or self._file is None:
            return _huey().PatientRedis(self._name, self._redis_url)
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _huey().file_storage(self._name, self._file)


@dataclass(frozen=True)
class _Opened:
    huey: Any
    do: Any
    process: int
    inode: int


def _huey() -> ModuleType:
    """Loaded when it is first needed: ten megabytes that a web process which takes no mail can do without."""
    from motenashi.task_queue import huey_parts

    return huey_parts


@contextmanager
def _away_as_such() -> Iterator[None]:
    try:
        yield
    except _away() as error:
        raise QueueAway(type(error).__name__) from error


def _away() -> tuple[type[Exception], ...]:
    """What a queue that is away raises. Redis' errors live in 6 MB of library, which not every process loads."""
    redis = sys.modules.get("redis.exceptions")
    return (sqlite3.Error, OSError, *((redis.RedisError,) if redis else ()))
