"""Bulk files name what an activity is about (What_Id) without saying of which module that is. Leads, deals and accounts
are here by then, so ids tell; activities about anything else are fetched one by one, which says it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from crm_client.embedded.store import Store
from crm_client.zoho.mapping import values
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mapping.parties import MODULE_OF_WHAT
from crm_client.zoho.mirror.links_in_bulk import parts
from crm_client.zoho.tables import zoho_links

ACTIVITIES: Final = frozenset({"calls", "events", "tasks"})
_WHAT: Final = "What_Id"
_UNKNOWN: Final = "?"  # of no module that we know: neither a deal nor a lead
_CANDIDATES: Final = ("deals", "leads", "accounts", "contacts")

_MODULES = select(zoho_links.c.zoho_id, zoho_links.c.module).where(zoho_links.c.module.in_(_CANDIDATES))


class WhatRowsAreAbout:
    def __init__(self, store: Store, field_map: FieldMap, hint: Callable[[str, Collection[str]], object]) -> None:
        """`hint(module, zoho_ids)`: these records are to be fetched by id."""
        self._store = store
        self._map = field_map
        self._hint = hint

    def told(self, module: str, raws: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        """The same rows, each with the module of its What_Id beside it."""
        if module not in ACTIVITIES:
            return raws
        open_ones = [raw for raw in raws if values.record_id(raw.get(_WHAT)) and not raw.get(MODULE_OF_WHAT)]
        if not open_ones:
            return raws
        with self._store.reading("what activities are about") as connection:
            modules = _modules(connection, {values.record_id(raw[_WHAT]) for raw in open_ones})
        unknown = []
        for raw in open_ones:
            about = modules.get(values.record_id(raw[_WHAT]))
            raw[MODULE_OF_WHAT] = self._map.api_module(about) if about else _UNKNOWN
            if about is None:
                unknown.append(str(raw["id"]))
        if unknown:
            self._hint(module, unknown)
        return raws


def _modules(connection: Connection, zoho_ids: Collection[str]) -> Mapping[str, str]:
    """Zoho's ids are unique in an organisation, whatever the module."""
    return {
        zoho_id: module
        for part in parts(zoho_ids)
        for zoho_id, module in connection.execute(_MODULES.where(zoho_links.c.zoho_id.in_(part)))
    }
