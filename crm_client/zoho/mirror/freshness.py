"""How old the mirror is, module by module, for pages, the API and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm_client.zoho.mapping.field_map import MIRRORED
from crm_client.zoho.mirror.hints import Hints
from crm_client.zoho.mirror.sync_rows import SyncRow, SyncRows


@dataclass(frozen=True)
class Freshness:
    """`modules`: those that are mirrored, in the order of the fill; `others`: owners and stages. `as_of`: everything
    that Zoho knew at that moment is here; None until every module that Zoho shows us was filled and asked for.
    `filled`: nothing is left of the first fill. `hints`, `details`: records and deals that wait to be fetched."""

    modules: tuple[SyncRow, ...]
    others: tuple[SyncRow, ...]
    as_of: datetime | None
    filled: bool
    hints: int
    details: int

    def of(self, module: str) -> SyncRow:
        return next((row for row in self.modules if row.module == module), SyncRow(module))

    @property
    def troubles(self) -> tuple[SyncRow, ...]:
        return tuple(row for row in (*self.modules, *self.others) if row.trouble)


# A module that this Zoho does not have, or does not show us, makes nothing old.
_NOT_SHOWN = ("module_missing", "no_permission", "missing_scope")


def freshness(sync: SyncRows, hints: Hints) -> Freshness:
    rows = sync.all()
    modules = tuple(rows.get(module, SyncRow(module)) for module in MIRRORED)
    others = tuple(rows.get(name, SyncRow(name)) for name in ("owners", "stages"))
    counting = [row for row in modules if row.filled_at is not None or row.trouble not in _NOT_SHOWN]
    asked = [row.asked_at for row in counting if row.asked_at is not None and row.filled_at is not None]
    as_of = min(asked) if counting and len(asked) == len(counting) else None
    filled = bool(counting) and all(row.filled_at is not None for row in counting)
    return Freshness(modules, others, as_of, filled, *hints.waiting())
