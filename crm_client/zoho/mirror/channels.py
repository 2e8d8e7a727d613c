"""Our notification channel at Zoho: opened, renewed long before it ends, looked after, opened again when it is lost.

One channel for all modules; what Zoho does not offer for a module is left out. A renewal brings a new token. Until Zoho
has confirmed it the one before stays good, and ten minutes longer.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update

from crm_client.embedded.store import as_crm_errors
from crm_client.errors import CrmRefused, CrmRejected
from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.api.shapes import Channel
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mirror.hints import Hints
from crm_client.zoho.mirror.pushes import Pushes
from crm_client.zoho.mirror.secrets_of_channels import (
    WORKFLOW,
    address_part,
    digest,
    new_channel_id,
    new_token,
    workflow_key,
)
from crm_client.zoho.settings import ZohoSync
from crm_client.zoho.tables import zoho_channels
from motenashi.database import Database

log = logging.getLogger(__name__)

WATCHED: Final = ("contacts", "leads", "accounts", "deals", "products", "calls", "events", "tasks")
ASK_FOR: Final = timedelta(hours=23)  # what lies further ahead Zoho may take for an hour
LOOK_EVERY: Final = timedelta(hours=1)
GRACE: Final = timedelta(minutes=10)
AFTER_A_REFUSAL: Final = timedelta(minutes=10)
SOON: Final = timedelta(minutes=2)


@dataclass(frozen=True)
class ChannelRow:
    """Tokens are digests. `old_token_until` tells when the last renewal was confirmed, too: ten minutes before it."""

    id: str
    token: str
    old_token: str
    old_token_until: datetime | None
    events: tuple[str, ...]
    expires_at: datetime | None
    checked_at: datetime | None
    last_push_at: datetime | None


class Channels:
    """`ensure` is for one worker at a time; everything else may run anywhere."""

    def __init__(
        self,
        database: Database,
        calls: ZohoCalls,
        field_map: FieldMap,
        sync: ZohoSync,
        *,
        secret: bytes,
    ) -> None:
        """`secret`: the house's; addresses are made from it."""
        self._database = database
        self._calls = calls
        self._map = field_map
        self._url = sync.notify_url.rstrip("/")
        self._secret = secret
        self._not_before: datetime | None = None
        self._pushes = Pushes(database, field_map, Hints(database), secret=secret)

    # What comes in

    def accept(self, path_secret: str, body: bytes, now: datetime) -> bool:
        """A push. False: not from our channel, or not what Zoho sends; nothing is kept then. True: kept as hints, or
        known already, or too old to mean anything."""
        return self._pushes.accept(path_secret, body, now)

    def accept_workflow(self, path_secret: str, hook_key: str, module: str, zoho_id: str, now: datetime) -> bool:
        """A workflow webhook's word that a record changed. Trusted when the address or the key is the one that
        `workflow_url` and `workflow_key` tell. False: not trusted, or no such module or id."""
        return self._pushes.accept_workflow(path_secret, hook_key, module, zoho_id, now)

    def workflow_url(self) -> str:
        """Where an administrator of Zoho points webhooks to; '' without a public address."""
        return f"{self._url}/{address_part(self._secret, WORKFLOW)}/workflow" if self._url else ""

    def workflow_key(self) -> str:
        return workflow_key(self._secret)

    def forget_old(self, now: datetime) -> int:
        """Pushes that can't come a second time any more."""
        return self._pushes.forget_old(now)

    # What we keep open

    def open_until(self, now: datetime) -> datetime | None:
        """Until when notifications come; None when they do not. Then polling has to be quick."""
        row = self._row()
        until = row.expires_at if row else None
        return until if until is not None and until > now else None

    def state(self) -> ChannelRow | None:
        return self._row()

    def ensure(self, now: datetime) -> None:
        """Open it, renew it when half of its life is over, look once an hour whether Zoho still has it; close it when
        there is no address any more. Errors: crm_client/errors.py; the next call tries again."""
        row = self._row()
        if not self._url:
            if row is not None:
                self._close(row)
            return
        if not self._calls.can_work() or (self._not_before is not None and now < self._not_before):
            return
        try:
            self._keep_open(row or self._new_row(), now)
        except (CrmRejected, CrmRefused):
            self._not_before = now + AFTER_A_REFUSAL
            raise

    def _keep_open(self, row: ChannelRow, now: datetime) -> None:
        if row.expires_at is None or self._is_due(row, now):
            self._renew(row, now)
        elif row.checked_at is None or now - row.checked_at >= LOOK_EVERY:
            self._look(row, now)

    def _is_due(self, row: ChannelRow, now: datetime) -> bool:
        """Half of what was left when it was last confirmed is over."""
        if row.expires_at is None:
            return True
        if row.old_token_until is not None and row.old_token_until > now + GRACE:
            return True  # a renewal was begun, and nobody knows what became of it
        life = row.expires_at - (self._confirmed_at(row) or now)
        return now >= row.expires_at - life / 2 or row.expires_at - now < SOON

    def _confirmed_at(self, row: ChannelRow) -> datetime | None:
        """The old token's grace began when the new one was confirmed."""
        return row.old_token_until - GRACE if row.old_token_until is not None else row.checked_at

    def _look(self, row: ChannelRow, now: datetime) -> None:
        open_now = {channel.id: channel for channel in self._calls.channels()}
        ours = open_now.get(row.id)
        self._close_strays(row, list(open_now.values()))
        if ours is None or ours.expires_at <= now:
            log.warning("Zoho has lost our notification channel, and it is opened again")
            self._renew(row, now)
        else:
            self._set(row.id, checked_at=now, expires_at=ours.expires_at)

    def _close_strays(self, row: ChannelRow, channels: Sequence[Channel]) -> None:
        """Channels of ours that nobody knows any more, of a store that is gone, push to an address nobody answers."""
        begin = f"{self._url}/"
        strays = [one.id for one in channels if one.id != row.id and one.notify_url.startswith(begin)]
        if strays:
            self._calls.stop_watching(strays)

    def _renew(self, row: ChannelRow, now: datetime) -> None:
        token = new_token()
        unconfirmed = row.old_token_until is not None and row.old_token_until > now + GRACE
        before = row.old_token if unconfirmed else row.token
        good_until = max(row.expires_at or now, now) + 2 * GRACE
        # First written down, then told: a push with the new token may be here before the answer to the call.
        self._set(row.id, token=digest(token), old_token=before, old_token_until=good_until)
        channel = self._open(row, token, now + ASK_FOR)
        self._set(
            row.id,
            events=dict.fromkeys(channel.events, True),
            expires_at=channel.expires_at,
            checked_at=now,
            old_token_until=now + GRACE,
        )

    def _open(self, row: ChannelRow, token: str, until: datetime) -> Channel:
        events = [f"{self._map.api_module(module)}.all" for module in WATCHED]
        url = f"{self._url}/{address_part(self._secret, row.id)}"
        try:
            return self._calls.watch(row.id, events, token=token, url=url, until=until)
        except CrmRejected as error:
            log.warning("not all modules can be watched: %s", error)
        taken: list[str] = []
        channel: Channel | None = None
        refused: CrmRejected | None = None
        for event in events:
            try:
                channel = self._calls.watch(row.id, [*taken, event], token=token, url=url, until=until)
                taken.append(event)
            except CrmRejected as error:
                refused = error
        if channel is None:
            raise refused or CrmRejected("open a notification channel", "no module can be watched")
        return channel

    def _close(self, row: ChannelRow) -> None:
        self._calls.stop_watching([row.id])
        with as_crm_errors("forget channel"), self._database.write() as connection:
            connection.execute(delete(zoho_channels).where(zoho_channels.c.id == row.id))

    # Rows

    def _row(self) -> ChannelRow | None:
        with as_crm_errors("read channel"), self._database.read() as connection:
            return _first(connection)

    def _new_row(self) -> ChannelRow:
        channel_id = new_channel_id()
        row = {"id": channel_id, "path": digest(address_part(self._secret, channel_id))}
        with as_crm_errors("note channel"), self._database.write() as connection:
            known = _first(connection)
            if known is not None:
                return known
            connection.execute(zoho_channels.insert().values(row))
        return ChannelRow(channel_id, "", "", None, (), None, None, None)

    def _set(self, channel_id: str, **values: Any) -> None:
        with as_crm_errors("note channel"), self._database.write() as connection:
            connection.execute(update(zoho_channels).where(zoho_channels.c.id == channel_id).values(**values))


def _first(connection: Connection) -> ChannelRow | None:
    names = ("id", "token", "old_token", "old_token_until", "events", "expires_at", "checked_at", "last_push_at")
    query = select(*(zoho_channels.c[name] for name in names)).order_by(zoho_channels.c.id).limit(1)
    row = connection.execute(query).first()
    return ChannelRow(**{**row._mapping, "events": tuple(row.events)}) if row else None
