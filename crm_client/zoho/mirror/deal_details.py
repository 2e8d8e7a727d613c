"""What Zoho keeps beside a deal and not in it: its products and the history of its stages.

Both are asked for fifty deals at a time by queries on the modules behind the related lists. An edition that does not
offer these gets the related list itself, five deals a call; without a history, what we saw stands.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from crm_client.errors import CrmError, CrmRefused, CrmRejected
from crm_client.records import StageChange
from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.api.shapes import Raw
from crm_client.zoho.mapping.field_map import FieldMap

log = logging.getLogger(__name__)

AT_ONCE: Final = 50  # values of one `in`
MOST_ROWS: Final = 2_000  # of one query
ASK_AGAIN_AFTER: Final = timedelta(days=1)
HISTORY: Final = "DealHistory"
PRODUCTS_LIST: Final = "Products"


class DealDetails:
    """`lines` and `histories` of deals by Zoho's ids. Remembers for a day what this edition does not offer."""

    def __init__(self, calls: ZohoCalls, field_map: FieldMap, *, clock: Callable[[], datetime]) -> None:
        self._calls = calls
        self._deals = field_map.api_module("deals")
        self._products = field_map.api_module("products")
        self._moment = field_map.modified_at
        self._clock = clock
        self._missing: dict[str, datetime] = {}
        self._linking: str | None = None

    def lines(self, zoho_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Zoho's ids of each deal's products; every deal has its (perhaps empty) list."""
        linking = self._linking_module()
        if linking and self._offered(linking):
            try:
                return self._lines_by_query(linking, zoho_ids)
            except (CrmRejected, CrmRefused) as error:
                self._not_offered(linking, error)
        found = self._calls.related_of_many(self._deals, zoho_ids, PRODUCTS_LIST, ("Product_Name",))
        return {deal: [str(raw["id"]) for raw in found.get(deal, ())] for deal in zoho_ids}

    def histories(self, zoho_ids: Sequence[str]) -> Mapping[str, Sequence[StageChange]]:
        """Each deal's stage changes in time order, with Zoho's id of the deal. A deal without any is left out, as all
        are when Zoho offers no history."""
        if not self._offered(HISTORY):
            return {}
        try:
            rows = self._rows(HISTORY, ("Potential_Name", "Stage", "Modified_Time"), "Potential_Name", zoho_ids)
            by_deal = _by(rows, "Potential_Name")
            return {deal: self._changes(deal, by_deal[deal]) for deal in zoho_ids if deal in by_deal}
        except (CrmRejected, CrmRefused) as error:
            self._not_offered(HISTORY, error)
            return {}

    def _lines_by_query(self, linking: str, zoho_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        rows = self._rows(linking, ("Deal_Name", "Product_Name"), "Deal_Name", zoho_ids)
        by_deal = _by(rows, "Deal_Name")
        return {
            deal: list(dict.fromkeys(found for raw in by_deal.get(deal, ()) if (found := _id(raw["Product_Name"]))))
            for deal in zoho_ids
        }

    def _changes(self, deal: str, rows: Collection[Raw]) -> list[StageChange]:
        """Modified_Time is when the deal came into the stage, in whole seconds; of two in one second the later row has
        the higher id."""
        steps = sorted((self._moment(raw), _id(raw.get("id")).zfill(20), str(raw.get("Stage") or "")) for raw in rows)
        changes: list[StageChange] = []
        for at, _row, stage in steps:
            before = changes[-1].to_stage if changes else ""
            if stage and stage != before:
                changes.append(StageChange(deal, before, stage, at))
        return changes

    def _rows(self, module: str, fields: Sequence[str], of: str, ids: Sequence[str]) -> list[Raw]:
        """All rows of these deals: halved until no answer is cut off."""
        if len(ids) > AT_ONCE:
            return [row for part in _halves(ids) for row in self._rows(module, fields, of, part)]
        rows = list(self._calls.query(module, fields, [(of, "in", list(ids))], most=MOST_ROWS)) if ids else []
        if len(rows) >= MOST_ROWS and len(ids) > 1:
            return [row for part in _halves(ids) for row in self._rows(module, fields, of, part)]
        return rows

    def _linking_module(self) -> str:
        """The module behind Deals -> Products; '' when this edition has none."""
        if self._linking is None:
            found = self._calls.related_lists(self._deals)
            names = [one.linking_module for one in found if one.module == self._products and one.linking_module]
            self._linking = names[0] if names else ""
        return self._linking

    def _offered(self, what: str) -> bool:
        since = self._missing.get(what)
        return since is None or self._clock() - since >= ASK_AGAIN_AFTER

    def _not_offered(self, what: str, error: CrmError) -> None:
        log.warning("%s can't be queried here, and we do without it: %s", what, error)
        self._missing[what] = self._clock()


def _by(rows: Collection[Raw], field: str) -> dict[str, list[Raw]]:
    found: dict[str, list[Raw]] = {}
    for row in rows:
        found.setdefault(_id(row.get(field)), []).append(row)
    return found


def _id(value: Any) -> str:
    """Look-ups come as {"name", "id"}, and from some queries as the bare id."""
    return str(value.get("id") or "") if isinstance(value, Mapping) else str(value or "")


def _halves(ids: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    middle = len(ids) // 2
    return ids[:middle], ids[middle:]
