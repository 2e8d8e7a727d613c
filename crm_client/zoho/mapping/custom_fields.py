"""Fields that only this company's CRM has: kept in a record's `extra` under their API names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm_client.embedded.columns import kept_value
from crm_client.zoho.mapping import values
from crm_client.zoho.mapping.ground import Ground
from crm_client.zoho.mapping.parts import Part, Reading, Writing

_MANY = frozenset({"multiselectpicklist", "multiselectlookup", "multiuserlookup"})


@dataclass(frozen=True)
class CustomField(Part):
    """A value as JSON; a look-up as the bare id, since bulk files tell no more. Null, an empty text and an empty list
    are the same: nothing, and then `extra` has no such key."""

    def read(self, reading: Reading) -> dict[str, Any]:
        return {self.field: _plain(reading.get(self.name))} if reading.said(self.name) else {}

    def put(self, extra: dict[str, Any], read: dict[str, Any]) -> None:
        for name, value in read.items():
            if value is None:
                extra.pop(name, None)
            else:
                extra[name] = value

    def base(self, record: Any, ground: Ground) -> dict[str, Any]:
        return {self.field: _plain(record.extra.get(self.field))}

    def write(self, writing: Writing) -> dict[str, Any]:
        value = _plain(writing.record.extra.get(self.field))
        meta = writing.ground.known.get(self.module, {}).get(self.name)
        kind = meta.data_type if meta else ""
        if value is None:
            return {self.name: None}
        if kind in ("lookup", "ownerlookup", "userlookup"):
            return {self.name: {"id": values.text(value)}}
        if kind in _MANY and not isinstance(value, list):
            return {self.name: [value]}
        if isinstance(value, str):
            return {self.name: writing.ground.fitting(writing.module, self.field, self.name, value)}
        return {self.name: value}


def _plain(value: Any) -> Any:
    if values.is_empty(value):
        return None
    if isinstance(value, dict) and "id" in value:
        return values.record_id(value) or None
    if isinstance(value, date):
        return value.isoformat()
    return kept_value(value)
