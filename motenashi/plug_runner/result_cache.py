"""Results that may serve again: the most recently used ones, each for as many seconds as its plug allows."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motenashi.plug_contract import Plug
from motenashi.plug_types.outputs import plain_json


@dataclass(frozen=True)
class _Kept:
    outputs: Mapping[str, Any]
    as_of: datetime


class ResultCache:
    """A result is as of the moment its call named; it serves calls that are nearer to it than `seconds`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, now: datetime, seconds: float) -> dict[str, Any] | None:
        """A fresh copy, so that nobody changes what the next one gets; None when there is nothing or it is old."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            # A call may bring a slightly earlier `now` than the one before: calls overtake each other.
            if abs((now - kept.as_of).total_seconds()) >= seconds:
                return None
            self._kept.move_to_end(key)
        copy: dict[str, Any] = plain_json(kept.outputs)
        return copy

    def put(self, key: str, outputs: Mapping[str, Any], now: datetime) -> None:
        with self._lock:
            self._kept[key] = _Kept(plain_json(outputs), now)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def cache_key(plug: Plug, inputs: Mapping[str, Any], language: str) -> str:
    """The same for calls that mean the same: plug, inputs as the plug reads them, and language."""
    return json.dumps([plug.name, language, inputs], default=str, ensure_ascii=False)
