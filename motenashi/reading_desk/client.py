"""Asks the process that has the model in memory to read a text."""

from __future__ import annotations

import json
import queue
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from typing import Any

from motenashi.bounded_threads import BoundedThreads, TookTooLong, TooManyRunning
from motenashi.reading_desk.wire import LONGEST_ANSWER, question_of
from nlp.reading import Reading, TextToRead
from nlp.reading_json import from_json

_PATIENCE = 1.5  # seconds; a chat turn has four for everything
_AT_ONCE = 16


class ReaderAway(Exception):
    """Nobody read the text: no worker runs here, it is still loading, or it did not answer in time."""


class ReadingDesk:
    """One for a process; safe to share between threads. Connections are kept and used again."""

    def __init__(self, address: str, key: bytes, patience: float = _PATIENCE) -> None:
        self._address, self._key, self._patience = address, key, patience
        self._idle: queue.SimpleQueue[Connection[Any, Any]] = queue.SimpleQueue()
        self._threads = BoundedThreads("reading desk", _AT_ONCE)

    def read(self, text: TextToRead) -> Reading:
        """What is understood of a text. ReaderAway when nobody answers within the patience (1.5 s)."""
        question = question_of(text)
        try:
            # Connecting has no time limit of its own, so that it is waited for in a thread.
            return self._threads.do(lambda: self._ask(question), self._patience)
        except (TookTooLong, TooManyRunning) as error:
            raise ReaderAway(f"no reading within {self._patience} s") from error

    def read_chat(self, text: str, language: str) -> Reading:
        """The same for a chat message, as flows ask."""
        return self.read(TextToRead(text, language=language, is_mail=False))

    def answers(self) -> bool:
        """Whether somebody reads here now."""
        try:
            return bool(self.read_chat("Hello.", "en").language)
        except ReaderAway:
            return False

    def _ask(self, question: bytes) -> Reading:
        for connection in self._connections():
            try:
                return self._asked(connection, question)
            except (EOFError, OSError):
                connection.close()  # the worker has gone since; the next one is newer, the last one is fresh
        raise ReaderAway(f"the worker went away ({self._address})")

    def _connections(self) -> Any:
        while True:
            try:
                yield self._idle.get_nowait()
            except queue.Empty:
                break
        yield self._connect()

    def _connect(self) -> Connection[Any, Any]:
        try:
            return Client(self._address, family="AF_UNIX", authkey=self._key)
        except (OSError, EOFError, AuthenticationError) as error:
            raise ReaderAway(f"no worker answers at {self._address}: {type(error).__name__}") from error

    def _asked(self, connection: Connection[Any, Any], question: bytes) -> Reading:
        connection.send_bytes(question)
        if not connection.poll(self._patience):
            connection.close()  # its answer would be taken for the next one's
            raise ReaderAway("no answer in time")
        told = json.loads(connection.recv_bytes(LONGEST_ANSWER))
        self._idle.put(connection)
        if "reading" not in told:
            raise ReaderAway(f"the reader failed: {told.get('error')}")
        return from_json(told["reading"])
