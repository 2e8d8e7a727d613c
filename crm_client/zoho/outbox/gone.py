"""Records that others name and that Zoho has no more: somebody deleted them there, and it has not come here yet.

What names them must not be stuck for it, and is there for people without them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from crm_client.zoho.api.shapes import Entry, Raw
from crm_client.zoho.outbox.desk import Desk
from crm_client.zoho.outbox.links import Links
from crm_client.zoho.outbox.references import FIELDS

_NO_SUCH_VALUE: Final = "INVALID_DATA"


class Gone:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def is_gone(self, module: str, zoho_id: str) -> bool:
        """Zoho is asked, and whether it answers at all: it has answered expired tokens as if nothing were there."""
        found = self._desk.calls.records(self._desk.api(module), [zoho_id], ("Created_Time",))
        return not found and bool(self._desk.calls.organisation())

    def named_by(self, module: str, record: Any) -> list[str]:
        """Our fields that name records which are gone."""
        with self._desk.reading() as connection:
            known = Links(connection)
            named = {
                field: (points_to, known.zoho_id(points_to, getattr(record, field)))
                for field, points_to in FIELDS.get(module, {}).items()
            }
        return [field for field, (points_to, zoho_id) in named.items() if zoho_id and self.is_gone(points_to, zoho_id)]


def may_name_what_is_gone(raw: Raw, entry: Entry) -> bool:
    """Zoho did not take a look-up."""
    return entry.code == _NO_SUCH_VALUE and isinstance(raw.get(entry.field), Mapping)


def without(record: Any, fields: list[str]) -> Any:
    return dataclasses.replace(record, **dict.fromkeys(fields, ""))
