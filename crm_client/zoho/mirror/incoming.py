"""Records as they come in: with their ids and versions read, and what can't be read told apart from the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_client.errors import CrmRejected
from crm_client.zoho.api.shapes import Raw
from crm_client.zoho.mapping.field_map import FieldMap

MODIFIED_BY = "Modified_By"


@dataclass(frozen=True)
class Incoming:
    zoho_id: str
    modified_at: datetime
    raw: Raw

    @property
    def modified_by(self) -> str:
        """Zoho's id of who did it; '' when the record does not say."""
        return _id(self.raw.get(MODIFIED_BY))


@dataclass(frozen=True)
class Unreadable:
    """A record that could not be taken over. `why` names the field and holds no value of it."""

    zoho_id: str
    field: str
    why: str


def read(field_map: FieldMap, raws: Iterable[Raw]) -> tuple[dict[str, Incoming], list[Unreadable]]:
    """The newest version of each record, by Zoho's id."""
    found: dict[str, Incoming] = {}
    bad = []
    for raw in raws:
        zoho_id = _id(raw)
        try:
            if not zoho_id:
                raise CrmRejected("read record", "it has no id", "id")
            one = Incoming(zoho_id, field_map.modified_at(raw), raw)
        except CrmRejected as error:
            bad.append(unreadable(zoho_id, error))
            continue
        known = found.get(zoho_id)
        if known is None or known.modified_at <= one.modified_at:
            found[zoho_id] = one
    return found, bad


def unreadable(zoho_id: str, error: CrmRejected) -> Unreadable:
    return Unreadable(zoho_id or "without id", error.field, str(error))


def fields_of(field_map: FieldMap, module: str) -> tuple[str, ...]:
    """API names to ask for: what is mapped, and who did it, which our histories tell."""
    return tuple(dict.fromkeys((*field_map.fields_to_read(module), MODIFIED_BY)))


def look_ups(incoming: Iterable[Incoming]) -> set[str]:
    """Zoho's ids of all records that these refer to."""
    return {found for one in incoming for value in one.raw.values() if (found := _id(value))}


def _id(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    found = value.get("id")
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
