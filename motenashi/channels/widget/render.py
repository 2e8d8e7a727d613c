"""Our words as the box reads them: the transcript's entries, and where the conversation stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from motenashi.conversation.as_json import reply_to_json
from motenashi.conversation.reply import Action, Reply
from motenashi.conversation.transcript import Entry


def entries_json(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [_entry(entry) for entry in entries]


def state_json(reply: Reply | None) -> dict[str, Any]:
    """`action` as in Reply; `more` says that something follows by itself and is worth asking for soon."""
    if reply is None:
        return {"action": "", "more": False}
    return {"action": reply.action.value, "more": reply.action == Action.PENDING}


def last_reply(entries: Sequence[Entry]) -> Reply | None:
    return next((entry.reply for entry in reversed(entries) if entry.reply is not None), None)


def _entry(entry: Entry) -> dict[str, Any]:
    """`id` is the one the browser gave its own message, by which it knows that the message has arrived."""
    result: dict[str, Any] = {"seq": entry.seq, "at": entry.at.isoformat(), "author": entry.author}
    if entry.text:
        result["text"] = entry.text
    if entry.reply is not None:
        result["reply"] = reply_to_json(entry.reply)
    if entry.delivery_id:
        result["id"] = entry.delivery_id
    return result
