"""Pushes of Zoho: who may send them, and what they make us look at. Nothing that they say is believed.

A push has no signature. It is looked at when its address and its token are ours; then it names records that may have
changed, and those are fetched by id.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.embedded.store import as_crm_errors
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mirror import hints
from crm_client.zoho.mirror.hints import Hints
from crm_client.zoho.mirror.kinds import KINDS
from crm_client.zoho.mirror.secrets_of_channels import WORKFLOW, address_part, digest, is_of, workflow_key
from crm_client.zoho.tables import zoho_channels, zoho_pushes
from motenashi.database import Database

log = logging.getLogger(__name__)

LARGEST: Final = 256 * 1024
DEEPEST: Final = 16
MOST_IDS: Final = 10_000
OLDEST: Final = timedelta(minutes=15)
REMEMBERED: Final = timedelta(hours=24)

_ID: Final = re.compile(r"[0-9]{10,20}")
# Also a text that never ends: otherwise each mark in it would be tried as a beginning, which takes minutes.
_TEXT_IN_JSON: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
# Documented and seen words; one we do not know is a change, since the record is fetched anyway.
_OPERATIONS: Final[Mapping[str, str]] = {
    "insert": "insert",
    "create": "insert",
    "update": "update",
    "edit": "update",
    "delete": "delete",
}


def _new(fresh: Any) -> Any:
    """A row comes back when it was not there before."""
    return fresh.on_conflict_do_nothing().returning(zoho_pushes.c.digest)


_NEW: Final = {"sqlite": _new(sqlite.insert(zoho_pushes)), "postgresql": _new(postgresql.insert(zoho_pushes))}


@dataclass(frozen=True)
class Push:
    channel_id: str
    token: str
    api_module: str
    operation: str  # insert, update, delete
    ids: tuple[str, ...]
    sent_at: datetime | None

    @property
    def digest(self) -> str:
        """The same push again has the same. '' for one that does not say when it was sent: it may be another one."""
        if self.sent_at is None:
            return ""
        told = (self.channel_id, self.api_module, self.operation, sorted(self.ids), str(self.sent_at))
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class Pushes:
    def __init__(self, database: Database, field_map: FieldMap, hints: Hints, *, secret: bytes) -> None:
        self._database = database
        self._map = field_map
        self._hints = hints
        self._workflow_part = digest(address_part(secret, WORKFLOW))
        self._workflow_key = digest(workflow_key(secret))

    def accept(self, path_secret: str, body: bytes, now: datetime) -> bool:
        channel = self._channel(path_secret, now)
        push = read_push(body) if channel else None
        if channel is None or push is None or push.channel_id != channel.id or not channel.takes(push.token):
            return False
        module = self._map.our_module(push.api_module)
        if module not in KINDS or not channel.watches(push.api_module, self._map.api_module(module)):
            return False
        if push.sent_at is not None and now - push.sent_at > OLDEST:
            log.info("a notification about %s was too old", module)
            return True
        self._keep(push, module, now)
        return True

    def accept_workflow(self, path_secret: str, hook_key: str, module: str, zoho_id: str, now: datetime) -> bool:
        # Both are compared, so that the time tells nothing.
        known = is_of(path_secret, self._workflow_part) | is_of(hook_key, self._workflow_key)
        ours = self._map.our_module(module) or (module if module in KINDS else "")
        if not known or ours not in KINDS or not _ID.fullmatch(zoho_id):
            return False
        self._hints.add(ours, [zoho_id], now)
        return True

    def forget_old(self, now: datetime) -> int:
        with as_crm_errors("forget pushes"), self._database.write() as connection:
            gone = connection.execute(delete(zoho_pushes).where(zoho_pushes.c.at < now - REMEMBERED))
            return gone.rowcount

    def _keep(self, push: Push, module: str, now: datetime) -> None:
        """Hints and the push's digest in one transaction: a push that is known has its hints on disk."""
        row = {"digest": push.digest, "at": now}
        with as_crm_errors("keep push"), self._database.write() as connection:
            if push.digest and connection.execute(_NEW[connection.dialect.name], row).first() is None:
                return
            hints.add(connection, module, push.ids, now, deleted=push.operation == "delete")
            connection.execute(
                update(zoho_channels).where(zoho_channels.c.id == push.channel_id).values(last_push_at=now)
            )

    def _channel(self, path_secret: str, now: datetime) -> _Known | None:
        columns = [zoho_channels.c[name] for name in ("id", "path", "token", "old_token", "old_token_until", "events")]
        with as_crm_errors("read channels"), self._database.read() as connection:
            rows = connection.execute(select(*columns)).all()
        found = [row for row in rows if is_of(path_secret, row.path)]
        if not found:
            return None
        row = found[0]
        old = row.old_token if row.old_token_until is not None and row.old_token_until > now else ""
        return _Known(row.id, row.token, old, frozenset(row.events))


@dataclass(frozen=True)
class _Known:
    """The channel that an address belongs to."""

    id: str
    token: str
    old_token: str
    events: frozenset[str]

    def takes(self, token: str) -> bool:
        return is_of(token, self.token) | is_of(token, self.old_token)

    def watches(self, *api_modules: str) -> bool:
        """True, too, while Zoho has not confirmed which: the first push may be here before its answer."""
        return not self.events or any(f"{module}.all" in self.events for module in api_modules)


def read_push(body: bytes) -> Push | None:
    """None for what Zoho would not send."""
    if len(body) > LARGEST or _too_deep(body):
        return None
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, Mapping):
        return None
    ids, channel_id, token = told.get("ids"), told.get("channel_id"), told.get("token")
    module = told.get("module")
    if not isinstance(ids, list) or not 0 < len(ids) <= MOST_IDS or not isinstance(module, str):
        return None
    named = tuple(str(one) for one in ids if isinstance(one, str | int) and not isinstance(one, bool))
    if len(named) != len(ids) or not all(_ID.fullmatch(one) for one in named):
        return None
    if not isinstance(channel_id, str | int) or not isinstance(token, str):
        return None
    operation = _OPERATIONS.get(str(told.get("operation", "")).lower(), "update")
    return Push(str(channel_id), token, module, operation, named, _moment(told.get("server_time")))


def _moment(milliseconds: Any) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _too_deep(body: bytes) -> bool:
    depth = 0
    for mark in re.findall(rb"[\[\]{}]", _TEXT_IN_JSON.sub(b"", body)):
        depth += 1 if mark in b"[{" else -1
        if depth > DEEPEST:
            return True
    return False
