"""A sender that answers what a test says, and keeps what was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from crm_client.zoho.api.shapes import Answer, Call, Credits
from crm_client.zoho.api.zoho_api import ZohoApi
from crm_client.zoho.settings import ZohoSettings

Reply = Answer | Exception | Callable[[Call], Answer]
MOST_CALLS = 1_000
NOTHING = Answer(204, {}, {})


class RecordingSender:
    """Gives the replies one after another (or whatever a single function says), and fails when there are too few."""

    def __init__(self, *replies: Reply, always: Callable[[Call], Answer] | None = None) -> None:
        self._replies = list(replies)
        self._always = always
        self.calls: list[Call] = []
        self.deadlines: list[float | None] = []

    def send(self, call: Call, *, deadline: float | None = None) -> Answer:
        self.calls.append(call)
        assert len(self.calls) < MOST_CALLS, "this goes on without end"
        self.deadlines.append(deadline)
        reply = self._always or self._replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, Answer) else reply(call)

    def credits(self) -> Credits:
        return Credits(budget=100, used=1)

    def can_work(self) -> bool:
        return False


def api(*replies: Reply, always: Callable[[Call], Answer] | None = None, **settings: Any) -> tuple[ZohoApi, Any]:
    sender = RecordingSender(*replies, always=always)
    return ZohoApi(sender, ZohoSettings(**settings)), sender


def rows(*records: dict[str, Any], name: str = "data", status: int = 200, **info: Any) -> Answer:
    return Answer(status, {name: list(records), "info": {"more_records": False, **info}}, {})


def person(number: int, changed: str = "2026-02-01T10:00:00+09:00", **fields: Any) -> dict[str, Any]:
    return {"id": str(number), "Modified_Time": changed, **fields}


def ids_of(records: Sequence[Any]) -> list[str]:
    return [record["id"] for record in records]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
