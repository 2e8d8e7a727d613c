"""Answers questions of other processes from the one reader in this process's memory."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import threading
import traceback
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any

from motenashi.reading_desk.wire import LONGEST_QUESTION, text_of
from nlp.reading import Reading, TextToRead
from nlp.reading_json import as_json

_ASK_FOR_LOCK = 1.0  # seconds
_BEGIN_AGAIN = 5.0

log = logging.getLogger(__name__)


def serve_readings(read: Callable[[TextToRead], Reading], address: str, key: bytes) -> Callable[[], None]:
    """Begin to answer at `address`, in threads of this process. Returns how to stop.

    A socket left behind by a process that died is replaced. OSError when the place can't be used.
    """
    Path(address).unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        listener = Listener(address, family="AF_UNIX", backlog=64)
    finally:
        os.umask(before)
    stopping = threading.Event()
    threading.Thread(target=_welcome, args=(listener, read, key, stopping), name="reading desk", daemon=True).start()

    def stop() -> None:
        stopping.set()
        listener.close()

    return stop


def hold_desk(read: Callable[[TextToRead], Reading], address: str, key: bytes, stop: threading.Event) -> None:
    """Answer at `address` until `stop`, or wait until whoever answers there now is gone: of several workers, one does.

    The lock ends with the process that holds it, however that ends.
    """
    with Path(f"{address}.lock").open("w") as lock:
        while not stop.is_set():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                stop.wait(_ASK_FOR_LOCK)
                continue
            try:
                end = serve_readings(read, address, key)
            except OSError as error:  # the disk is full, say; who asks is told that nobody reads, until it works again
                log.error("the reading desk could not begin: %s", type(error).__name__)
                stop.wait(_BEGIN_AGAIN)
                continue
            stop.wait()
            end()


def _welcome(listener: Listener, read: Callable[[TextToRead], Reading], key: bytes, stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            connection = listener.accept()
        except ConnectionError:
            continue  # gone already
        except OSError:
            if stopping.is_set():
                return
            log.exception("the reading desk could not welcome a process")
            stopping.wait(0.5)
            continue
        threading.Thread(target=_serve, args=(connection, read, key), name="reading", daemon=True).start()


def _serve(connection: Connection[Any, Any], read: Callable[[TextToRead], Reading], key: bytes) -> None:
    """Questions of one process, one after the other, until it goes."""
    with connection:
        try:
            # Here and not where others are welcomed: who connects and then says nothing would keep everybody waiting.
            deliver_challenge(connection, key)
            answer_challenge(connection, key)
            while True:
                question = connection.recv_bytes(LONGEST_QUESTION)
                connection.send_bytes(json.dumps(_answer(question, read)).encode())
        except (AuthenticationError, EOFError, OSError):
            return


def _answer(question: bytes, read: Callable[[TextToRead], Reading]) -> dict[str, Any]:
    try:
        return {"reading": as_json(read(text_of(question)))}
    except Exception as error:
        # The places without the error's own words: they may be the customer's, and logs are not for those.
        way = "".join(traceback.format_tb(error.__traceback__))
        log.error("a text could not be read: %s\n%s", type(error).__name__, way)
        return {"error": type(error).__name__}
