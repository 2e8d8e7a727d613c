"""Whoever keeps a book of what is written here, for another CRM that shall have it, too.

A ledger is told inside the transaction that writes the record, so what it notes is on disk with the record or not at
all. Touchpoints, owners and stages are never told of: they do not leave this house.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection

from crm_client.records import Account, Activity, Contact, Deal, Email, Lead, Note, Product

_MODULES: Mapping[type, str] = {
    Account: "accounts",
    Contact: "contacts",
    Lead: "leads",
    Deal: "deals",
    Product: "products",
    Note: "notes",
    Email: "emails",
}
_MODULES_OF_ACTIVITIES: Mapping[str, str] = {"call": "calls", "event": "events", "task": "tasks"}


class Ledger(Protocol):
    def noted(self, connection: Connection, module: str, old: Any, new: Any, *, by: str = "") -> None:
        """`old` as it stood before (None: it is new), `new` as it stands now (None: it is gone). `module`: accounts,
        contacts, leads, products, deals, calls, events, tasks, notes, emails. `by`: who of ours did it."""

    def lines_changed(
        self, connection: Connection, deal_id: str, old: Sequence[str], new: Sequence[str], *, by: str = ""
    ) -> None:
        """The ids of a deal's products, before and now."""

    def written(self) -> None:
        """A transaction that this ledger could note in is on disk."""


def ledger_of(connection: Connection) -> Ledger | None:
    """The ledger of the transaction; None where nobody keeps one."""
    found: Ledger | None = connection.get_execution_options().get("ledger")
    return found


def module_of(record: Any) -> str:
    """Where another CRM keeps such a record; '' for one that never leaves this house."""
    if isinstance(record, Activity):
        return _MODULES_OF_ACTIVITIES[record.kind]
    return _MODULES.get(type(record), "")


def note_change(connection: Connection, old: Any, new: Any, *, by: str = "") -> None:
    """Tell the ledger, when there is one. An activity that became one of another kind is another record there."""
    ledger = ledger_of(connection)
    if ledger is None:
        return
    before, after = module_of(old), module_of(new)
    if before and after and before != after:
        ledger.noted(connection, before, old, None, by=by)
        ledger.noted(connection, after, None, new, by=by)
    elif before or after:
        ledger.noted(connection, after or before, old, new, by=by)
