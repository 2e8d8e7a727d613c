"""When tracked fields of records got other values: noted in the transaction that changes the record.

Which fields are tracked is the operator's choice (`crm.embedded.tracked_fields`); a deal's stage has its own history
(`stage_history`) and is never noted here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select

from crm_client.embedded.columns import MOST_LETTERS, kept
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.embedded.store import Store
from crm_client.embedded.tables import crm_field_changes
from crm_client.records import Account, Contact, Deal, FieldChange, Lead
from crm_client.zoho_names import our_field, our_module

MOST_AT_ONCE = 500  # databases take only so many values in one statement

Tracked = Account | Contact | Deal | Lead
MODULE_OF: Mapping[type, str] = {Account: "accounts", Contact: "contacts", Deal: "deals", Lead: "leads"}

_COLUMNS = tuple(crm_field_changes.c[field.name] for field in dataclasses.fields(FieldChange))
_OF_RECORDS: Select[Any] = (
    select(*_COLUMNS)
    .where(crm_field_changes.c.module == bindparam("module"))
    .where(crm_field_changes.c.record_id.in_(bindparam("ids", expanding=True)))
    .order_by(crm_field_changes.c.at, crm_field_changes.c.number)
)
_VALUES_NOW: Select[Any] = (
    select(crm_field_changes.c.field, crm_field_changes.c.to_value)
    .where(crm_field_changes.c.module == bindparam("module"))
    .where(crm_field_changes.c.record_id == bindparam("id"))
    .order_by(crm_field_changes.c.at, crm_field_changes.c.number)
)


class FieldHistories(Store):
    def field_changes_of(self, module: str, record_ids: Collection[str]) -> Sequence[FieldChange]:
        """Of tracked fields of these records, in time order within each 500 records."""
        wanted = [one for one in dict.fromkeys(record_ids) if one]
        with self.reading("field histories") as connection:
            return tuple(
                FieldChange(*row)
                for start in range(0, len(wanted), MOST_AT_ONCE)
                for row in connection.execute(
                    _OF_RECORDS, {"module": our_module(module), "ids": wanted[start : start + MOST_AT_ONCE]}
                )
            )


def tracked_fields(settings: EmbeddedCrmSettings, module: str) -> tuple[str, ...]:
    """Names of a module's tracked fields: ours, or the CRM's name of a field of its own. Never a deal's stage."""
    found = (
        our_field(module, name) or name
        for entry in settings.tracked_fields
        for folder, _, name in [entry.partition(".")]
        if our_module(folder) == module and name
    )
    return tuple(name for name in dict.fromkeys(found) if (module, name) != ("deals", "stage"))


def note(
    connection: Connection, fields: Sequence[str], old: Tracked | None, new: Tracked, *, at: datetime, by: str = ""
) -> None:
    """Write down what became different. `old` None: the record was just made; then `at` is when nothing else says."""
    changes = list(changed(fields, old, new, at=at, by=by))
    if changes and old is None:
        # Somebody else may have made a record with this very id at the same moment, and have told it.
        told = dict(connection.execute(_VALUES_NOW, {"module": changes[0].module, "id": new.id}).tuples().all())
        changes = [
            dataclasses.replace(one, from_value=told.get(one.field, ""))
            for one in changes
            if told.get(one.field, "") != one.to_value
        ]
    if changes:
        connection.execute(insert(crm_field_changes), [dataclasses.asdict(one) for one in changes])


def changed(
    fields: Sequence[str], old: Tracked | None, new: Tracked, *, at: datetime, by: str = ""
) -> Iterator[FieldChange]:
    """What `note` writes. Of a record that was just made: its first values, at the time of its creation."""
    moment = at if old is not None else new.created_at or at
    for field in fields:
        before, after = "" if old is None else value_of(old, field), value_of(new, field)
        if before != after:
            yield FieldChange(MODULE_OF[type(new)], new.id, field, before, after, moment, by)


def value_of(record: Tracked, field: str) -> str:
    """As a text, as long as the history keeps it; '' for none."""
    value = getattr(record, field) if hasattr(record, field) else record.extra.get(field)
    return "" if value is None else kept(str(value))[:MOST_LETTERS]
