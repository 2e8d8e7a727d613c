"""What the embedded CRM keeps beside deals, for a chunk of them at once: stage changes and popularity of products."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select

from crm_client.embedded import popularity
from crm_client.embedded.stages import read_stages, write_stages
from crm_client.embedded.tables import crm_deal_products, crm_stage_changes
from crm_client.records import Deal, DealProduct, Outcome, Stage
from crm_client.zoho.mirror.links_in_bulk import parts

_LINES: Select[Any] = (
    select(*(crm_deal_products.c[entry.name] for entry in dataclasses.fields(DealProduct)))
    .where(crm_deal_products.c.deal_id.in_(bindparam("ids", expanding=True)))
    .order_by(crm_deal_products.c.deal_id, crm_deal_products.c.position)
)


def lines_of(connection: Connection, deal_ids: Sequence[str]) -> dict[str, list[DealProduct]]:
    found: dict[str, list[DealProduct]] = {}
    for part in parts(deal_ids):
        for row in connection.execute(_LINES, {"ids": part}):
            found.setdefault(row[0], []).append(DealProduct(*row))
    return found


class DealBooks:
    """Lives for one transaction: opened for its deals, told of each change, closed when the deals are written."""

    def __init__(self, connection: Connection, unknown_stages_open: bool) -> None:
        self._connection = connection
        self._unknown_open = unknown_stages_open
        self._stages = {stage.name: stage for stage in read_stages(connection)}
        self._new_stages: list[Stage] = []
        self._lines: dict[str, list[DealProduct]] = {}
        self._before: dict[str, popularity.Share] = {}
        self._after: dict[str, popularity.Share] = {}
        self._changes: list[dict[str, Any]] = []

    def open(self, deal_ids: Sequence[str]) -> None:
        self._lines = lines_of(self._connection, deal_ids)

    def knows(self, stage: str) -> bool:
        if stage not in self._stages and self._unknown_open and stage:
            last = max((one.position for one in self._stages.values()), default=0)
            self._stages[stage] = Stage(stage, Outcome.OPEN, last + 1)
            self._new_stages.append(self._stages[stage])
        return stage in self._stages

    def timed(self, deal: Deal, old: Deal | None, at: datetime) -> Deal:
        """A deal is closed when it came to a closed stage, if nothing says it better."""
        if self._stages[deal.stage].outcome is Outcome.OPEN:
            return dataclasses.replace(deal, closed_at=None)
        closed_before = old.closed_at if old and old.stage == deal.stage else None
        return dataclasses.replace(deal, closed_at=deal.closed_at or closed_before or at)

    def changed(self, old: Deal | None, new: Deal, at: datetime, by: str) -> None:
        """`at`, `by`: Zoho's Modified_Time and whose id its Modified_By is. The first stage we see of a deal is noted
        at its birth or its end; Zoho's own history replaces it when it is read."""
        lines = self._lines.get(new.id, [])
        if old is not None and old.stage in self._stages:
            popularity.add(self._before, popularity.shares(old, lines, self._stages[old.stage].outcome))
        popularity.add(self._after, popularity.shares(new, lines, self._stages[new.stage].outcome))
        if old is None:
            self._note("", new, new.closed_at or new.created_at or at, by)
        elif old.stage != new.stage:
            self._note(old.stage, new, at, by)

    def _note(self, before: str, deal: Deal, at: datetime, by: str) -> None:
        self._changes.append(
            {"deal_id": deal.id, "from_stage": before, "to_stage": deal.stage, "at": at, "changed_by": by}
        )

    def close(self) -> list[str]:
        """Names of the stages that came into being."""
        if self._new_stages:
            write_stages(self._connection, self._new_stages)
        if self._changes:
            self._connection.execute(insert(crm_stage_changes), self._changes)
        popularity.count(self._connection, self._before, self._after)
        return [stage.name for stage in self._new_stages]
