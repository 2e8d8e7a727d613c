"""Do somebody else's work in a few threads of its own, and wait for it no longer than we want to.

A thread cannot be stopped from outside, so work that hangs keeps its thread. That is why there are `most` threads
and never more: when all of them are stuck, new work is refused at once and nobody waits. A stuck thread that comes
back serves again. Each kind of work gets its own BoundedThreads, so that one that hangs takes nothing from others.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class TookTooLong(Exception):
    """The work began and was not done in time; it may still go on."""


class TooManyRunning(Exception):
    """The work never began: all threads were busy for as long as we could wait, or are stuck."""


class BoundedThreads:
    """Threads begin when they are first needed, are daemons (they never hold up an exit), and survive a fork."""

    def __init__(self, name: str, most: int) -> None:
        self._name = name
        self._most = max(1, most)
        self._process = 0
        self._lock = threading.Lock()
        self._tasks: SimpleQueue[_Task[Any] | None] = SimpleQueue()
        self._threads = 0
        self._idle = 0  # threads without work, less work without a thread
        self._stuck = 0

    def do(self, work: Callable[[], T], seconds: float) -> T:
        """What `work` gives or raises. TookTooLong, TooManyRunning."""
        if self._process != os.getpid():  # forked since: the threads stayed behind
            self._forget_threads()
        task = _Task(work)
        self._hand_over(task)
        if not task.done.acquire(timeout=min(max(seconds, 0.0), threading.TIMEOUT_MAX)):
            self._give_up(task)
        if task.error is not None:
            raise task.error
        return task.result  # type: ignore[return-value]  # no error, so it is there

    @property
    def stuck(self) -> int:
        """How many threads do work that nobody waits for any more."""
        return self._stuck

    def close(self) -> None:
        """Idle threads end now, the others after their work."""
        with self._lock:
            for _ in range(self._threads):
                self._tasks.put(None)
            self._threads = self._idle = 0

    def _hand_over(self, task: _Task[Any]) -> None:
        with self._lock:
            if self._stuck >= self._most:
                raise TooManyRunning(f"{self._stuck} earlier calls are stuck")
            if self._idle <= 0 and self._threads < self._most:
                self._begin_thread()
            self._idle -= 1
        self._tasks.put(task)

    def _begin_thread(self) -> None:
        try:
            threading.Thread(target=self._serve, args=(self._tasks,), name=self._name, daemon=True).start()
        except RuntimeError as error:  # the machine has no thread left
            if self._threads == 0:
                raise TooManyRunning(str(error)) from error
            return
        self._threads += 1
        self._idle += 1

    def _give_up(self, task: _Task[Any]) -> None:
        with self._lock:
            if task.state == "done":  # it came in at the last moment
                return
            began, task.state = task.state == "running", "given up"
            self._stuck += began
        raise TookTooLong() if began else TooManyRunning(f"all {self._most} threads were busy")

    def _serve(self, tasks: SimpleQueue[_Task[Any] | None]) -> None:
        while (task := tasks.get()) is not None:
            if self._may_begin(task):
                task.carry_out()
                self._end(task)
                task.done.release()
            del task  # an idle thread holds on to nobody's data

    def _may_begin(self, task: _Task[Any]) -> bool:
        with self._lock:
            if task.state == "waiting":
                task.state = "running"
                return True
            self._idle += 1
            return False

    def _end(self, task: _Task[Any]) -> None:
        with self._lock:
            self._idle += 1
            if task.state == "given up":
                self._stuck -= 1
            task.state = "done"

    def _forget_threads(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._tasks = SimpleQueue()
        self._threads = self._idle = self._stuck = 0


class _Task(Generic[T]):
    """One piece of work and how far it is: waiting, running, given up, done."""

    __slots__ = ("done", "error", "result", "state", "work")

    def __init__(self, work: Callable[[], T]) -> None:
        self.work = work
        self.state = "waiting"
        self.result: T | None = None
        self.error: Exception | None = None
        # A bare lock: half the cost of an Event, and one of these is made for every call.
        self.done = threading.Lock()
        self.done.acquire()

    def carry_out(self) -> None:
        try:
            self.result = self.work()
        except Exception as error:
            self.error = error
        except BaseException as error:  # a SystemExit of the work must end neither this thread nor its caller
            self.error = RuntimeError(f"the work raised {type(error).__name__}")
            self.error.__cause__ = error
