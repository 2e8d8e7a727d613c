"""What we change about huey: JSON instead of pickle, no signals, and patience with a Redis that is away."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from huey import Huey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import BaseStorage, RedisStorage, SqliteStorage
from redis import ConnectionPool
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

# Seconds: Redis answers within, or counts as away; and how long a worker then waits.
ANSWER_WITHIN = 5.0
ASK_AGAIN = 2.0


def new_queue(name: str, storage: BaseStorage) -> Huey:
    return Huey(name, storage_class=lambda *_, **__: storage, results=False, serializer=_AsJson())


def file_storage(name: str, file: Path) -> BaseStorage:
    return SqliteStorage(name, filename=str(file))


def close(storage: BaseStorage) -> None:
    if isinstance(storage, SqliteStorage):
        storage.close()
    else:
        storage.conn.close()


class QuietConsumer(Consumer):  # type: ignore[misc]  # huey has no types
    """Signals are the business of whoever runs us."""

    def _set_signal_handlers(self) -> None:
        pass


class PatientRedis(RedisStorage):  # type: ignore[misc]
    """A worker waits for a Redis that is away, and says so once; who puts is told at once."""

    def __init__(self, name: str, url: str) -> None:
        pool = ConnectionPool.from_url(url, socket_connect_timeout=ANSWER_WITHIN, socket_timeout=ANSWER_WITHIN)
        super().__init__(name, connection_pool=pool)
        self._noting = threading.Lock()
        self._trouble = ""

    def dequeue(self) -> Any:
        return self._patiently(super().dequeue, None)

    def read_schedule(self, ts: datetime) -> Any:
        return self._patiently(lambda: super(PatientRedis, self).read_schedule(ts), [])

    def _patiently(self, ask: Callable[[], Any], nothing: Any) -> Any:
        try:
            found = ask()
        except RedisError as error:
            self._note(type(error).__name__)
            time.sleep(ASK_AGAIN)
            return nothing
        self._note("")
        return found

    def _note(self, trouble: str) -> None:
        with self._noting:
            if trouble and not self._trouble:
                log.error("the task queue is away (%s); what is to be done waits in the database", trouble)
            elif self._trouble and not trouble:
                log.info("the task queue is back")
            self._trouble = trouble


class _AsJson(Serializer):  # type: ignore[misc]
    """huey would pickle, and what is unpickled may be any code."""

    def _serialize(self, data: Any) -> bytes:
        eta = data.eta.isoformat() if data.eta else ""
        return json.dumps({"id": data.id, "name": data.name, "eta": eta, "args": data.args}).encode()

    def _deserialize(self, data: bytes) -> Message:
        fields = json.loads(bytes(data))
        eta = datetime.fromisoformat(fields["eta"]) if fields["eta"] else None
        return Message(fields["id"], fields["name"], eta, 0, 0, None, tuple(fields["args"]), {})
