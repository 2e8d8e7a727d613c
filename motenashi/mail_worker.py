"""The process beside the web server that reads mail and watches mailboxes, and the one that keeps it alive.

`run_worker` does the work, in one process. `keep_alive` starts as many such processes as wanted and starts them again
when they die: a mail that kills its reader, or hangs it, takes one process with it and nobody else, and the store
sets that mail aside after a few tries. Both end with a SIGTERM, after the mail in hand, and when whoever started
them is gone.
"""

from __future__ import annotations

import faulthandler
import hashlib
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from motenashi.channels.email.imap_poller import MailboxPoller
from motenashi.channels.email.settings import EmailSettings
from motenashi.database import Database
from motenashi.inbound_mail.mail_store import MailStore
from motenashi.inbound_mail.mailbox_progress import MailboxProgress
from motenashi.jobs.leader import Leader
from motenashi.task_queue import TaskQueue

log = logging.getLogger(__name__)

STARTED_BY = "MOTENASHI_WORKER_STARTED_BY"
LOOK_EVERY = 1.0
# A task that takes longer hangs: the slowest mail that we let in takes seconds.
LONGEST_TASK = 300.0
HUNG = 70  # the exit code of a process that gave itself up
# How long who was told to stop may take to end the mail in hand; what does not end then is read again later.
GRACE = 25.0
# Answering visitors goes before reading mail, where both want the same core.
NICE = 5
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
LIVED_LONG = 60.0


class Poller(Protocol):
    """Something that watches until it is told to stop, and never raises."""

    name: str

    def run(self, stop: threading.Event) -> None: ...


def pollers_of(
    settings: EmailSettings,
    database: Database,
    mails: MailStore,
    *,
    largest_mail: int,
    arrived: Callable[[int], object],
) -> list[MailboxPoller]:
    """One for each mailbox of the settings. Of all processes that have one, the holder of its lease watches.

    ValueError when two mailboxes have one name, or mail is to be moved to where it lies.
    """
    names = [mailbox.name for mailbox in settings.mailboxes]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"channels.email.mailboxes: two are called '{twice[0]}'")
    progress = MailboxProgress(database)
    return [
        MailboxPoller(
            mailbox,
            mails,
            progress,
            largest_mail=largest_mail,
            arrived=arrived,
            leads=Leader(database, lease_name(mailbox.name)).leads,
        )
        for mailbox in settings.mailboxes
    ]


def lease_name(mailbox: str) -> str:
    """As short as a lease's name must be, whatever the mailbox is called."""
    return f"imap:{hashlib.sha256(mailbox.encode()).hexdigest()[:24]}"


def run_worker(tasks: TaskQueue, pollers: Sequence[Poller] = (), *, threads: int = 1) -> int:
    """Do tasks and watch mailboxes in this process until it is told to stop; the exit code.

    More than one thread helps only tasks that wait: reading is work for the processor.
    """
    with _told_to_stop() as stop:
        os.nice(NICE)
        worker = _thread("tasks", partial(tasks.run, threads, stop))
        watchers = [_thread(f"mailbox {poller.name}", partial(poller.run, stop)) for poller in pollers]
        log.info("the mail worker is at work: %d mailbox(es)", len(watchers))
        _alive()
        while not stop.wait(LOOK_EVERY):
            if not worker.is_alive():
                log.error("the mail worker's tasks have ended by themselves")
                return 1
            _give_up_when_hung(tasks)
            _alive()
        faulthandler.cancel_dump_traceback_later()
        give_up = time.monotonic() + GRACE
        for thread in (worker, *watchers):
            thread.join(max(0.0, give_up - time.monotonic()))
        log.info("the mail worker has stopped")
    return 0


def keep_alive(command: Sequence[str], processes: int = 1) -> int:
    """Run the command in that many processes, and again when one ends; until we are told to stop. The exit code."""
    with _told_to_stop() as stop:
        kept = [_Kept(tuple(command)) for _ in range(max(1, processes))]
        while not stop.wait(LOOK_EVERY / 2):
            for each in kept:
                each.look()
        for each in kept:
            each.tell_to_stop()
        give_up = time.monotonic() + GRACE + 5
        for each in kept:
            each.end(max(0.1, give_up - time.monotonic()))
    return 0


@dataclass
class _Kept:
    """One process that is started again when it ends, after a pause that grows while it dies young."""

    command: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    not_before: float = 0.0
    pause: float = SHORTEST_PAUSE

    def look(self) -> None:
        now = time.monotonic()
        if self.process is None:
            if now >= self.not_before:
                # In a group of its own, so that Ctrl-C reaches it through us and once.
                told = {**os.environ, STARTED_BY: str(os.getpid())}
                self.process = subprocess.Popen(self.command, env=told, process_group=0)  # noqa: S603 - our own command
                self.began = now
        elif (code := self.process.poll()) is not None:
            lived_long = now - self.began >= LIVED_LONG
            self.pause = SHORTEST_PAUSE if lived_long else min(LONGEST_PAUSE, self.pause * 2)
            log.error("a mail worker ended (%d); another begins in %.0f s", code, self.pause)
            self.process, self.not_before = None, now + self.pause

    def tell_to_stop(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def end(self, seconds: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Set by SIGTERM and SIGINT, and when the process that started us is gone."""
    # Ours may be gone before we could ask who it is, so it tells us, where it can.
    stop, parent = threading.Event(), int(os.environ.get(STARTED_BY) or os.getppid())
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}

    def watch_parent() -> None:
        while not stop.wait(LOOK_EVERY):
            if os.getppid() != parent:
                log.warning("whoever started this process is gone; it stops")
                stop.set()

    _thread("parent", watch_parent)
    try:
        yield stop
    finally:
        stop.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _thread(name: str, run: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def _alive() -> None:
    """Put off our own end. A regular expression that never returns holds the interpreter's lock: no thread runs then,
    the one that looks for hung tasks as little as the others. This clock ticks outside Python."""
    faulthandler.dump_traceback_later(LONGEST_TASK + LOOK_EVERY, exit=True)


def _give_up_when_hung(tasks: TaskQueue) -> None:
    """A thread can't be stopped from outside, but a process can; what it had in hand is tried again by another."""
    name, seconds = tasks.longest_under_way()
    if seconds > LONGEST_TASK:
        log.critical("the task '%s' hangs since %.0f s; this process ends", name, seconds)
        with suppress(OSError, ValueError):
            faulthandler.dump_traceback(all_threads=True)
        os._exit(HUNG)
