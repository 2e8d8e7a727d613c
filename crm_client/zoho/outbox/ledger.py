"""What was written here and Zoho shall have, noted in the transaction that writes it.

A record that Zoho does not have is created from how it stands when its turn comes, so while that waits its changes
need no rows of their own. Every other change is a row with the changed fields, as they were and as they are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crm_client.embedded.store import utc_now
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.outbox import entries, links
from crm_client.zoho.outbox.entries import CREATE, DELETE, EMAIL, PRODUCTS, UPDATE, WAITING, Row

PRODUCT_IDS = "product_ids"  # the one `field` of a row about a deal's products


class OutboxLedger:
    """An embedded.ledger.Ledger."""

    def __init__(
        self,
        field_map: FieldMap,
        *,
        clock: Callable[[], datetime] = utc_now,
        wake: Callable[[], object] = lambda: None,
    ) -> None:
        """`wake` is called after each transaction that left something to send, in the thread that wrote."""
        self._map = field_map
        self._clock = clock
        self._wake = wake
        self._here = threading.local()

    def noted(self, connection: Connection, module: str, old: Any, new: Any, *, by: str = "") -> None:
        if module == "emails":
            self._email(connection, old, new, by)
        elif not self._map.writable(module):
            return
        elif new is None:
            self._gone(connection, module, old.id, by)
        else:
            self._written(connection, module, old, new, by)

    def lines_changed(
        self, connection: Connection, deal_id: str, old: Sequence[str], new: Sequence[str], *, by: str = ""
    ) -> None:
        self._add(
            connection, "deals", deal_id, PRODUCTS, by, fields={PRODUCT_IDS: list(new)}, before={PRODUCT_IDS: list(old)}
        )

    def written(self) -> None:
        if getattr(self._here, "something", False):
            self._here.something = False
            self._wake()

    def _written(self, connection: Connection, module: str, old: Any, new: Any, by: str) -> None:
        # Taken for this transaction: nobody sends the record while we decide that he will see this change.
        rows = entries.of_record(connection, module, new.id, to_change=True)
        waiting = _since_last_delete(rows)
        create = next((row for row in waiting if row.action == CREATE), None)
        if create is not None and _sends_it_as_it_stands(create):
            return
        on_its_way_out = len(waiting) < len(rows)
        link = None if on_its_way_out else links.by_local_id(connection, module, new.id)
        if create is None and link is None:
            self._add(connection, module, new.id, CREATE, by)
            return
        before = self._map.base_of(module, old) if old is not None else (link.base if link else {})
        self._changed(connection, module, new, before, by)

    def _changed(self, connection: Connection, module: str, new: Any, before: Mapping[str, Any], by: str) -> None:
        fields = {
            name: value
            for name, value in self._map.base_of(module, new).items()
            if name not in before or before[name] != value
        }
        if fields:
            old = {name: before.get(name) for name in fields}
            self._add(connection, module, new.id, UPDATE, by, fields=fields, before=old)

    def _gone(self, connection: Connection, module: str, local_id: str, by: str) -> None:
        rows = entries.of_record(connection, module, local_id, to_change=True)
        waiting = _since_last_delete(rows)
        create = next((row for row in waiting if row.action == CREATE), None)
        if create is not None and _sends_it_as_it_stands(create):
            entries.done(connection, [row.number for row in waiting])
        elif create is not None or links.by_local_id(connection, module, local_id) is not None:
            self._add(connection, module, local_id, DELETE, by)

    def _email(self, connection: Connection, old: Any, new: Any, by: str) -> None:
        """Zoho is told of a mail once, and not of what became of it. A draft is no mail yet: Zoho would show it as
        one that the customer got."""
        if not _is_mail(new) or _is_mail(old):
            return
        if new.contact_id or new.lead_id or new.deal_id:
            self._add(connection, "emails", new.id, EMAIL, by)

    def _add(
        self,
        connection: Connection,
        module: str,
        local_id: str,
        action: str,
        by: str,
        fields: Mapping[str, Any] | None = None,
        before: Mapping[str, Any] | None = None,
    ) -> None:
        entries.add(connection, module, local_id, action, at=self._clock(), by=by, fields=fields, before=before)
        self._here.something = True


def _is_mail(mail: Any) -> bool:
    return mail is not None and mail.status != "draft"


def _since_last_delete(rows: list[Row]) -> list[Row]:
    """What waits for the record as it is now; what came before its deletion belongs to another one of this id."""
    last = max((place for place, row in enumerate(rows) if row.action == DELETE), default=-1)
    return rows[last + 1 :]


def _sends_it_as_it_stands(create: Row) -> bool:
    """Nobody has read the record yet to send it."""
    return create.state == WAITING and create.sent_at is None
