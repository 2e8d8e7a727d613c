"""Who works there, and what deals go through: read from Zoho each hour, and when a deal is in a stage nobody knows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from crm_client.embedded import popularity
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.record_rows import OWNERS, check
from crm_client.embedded.stages import read_stages
from crm_client.embedded.tables import crm_deals, crm_stages
from crm_client.errors import CrmError, CrmRefused, CrmRejected
from crm_client.records import Owner, Stage
from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.mapping.field_map import MIRRORED, FieldMap
from crm_client.zoho.mirror.incoming import unreadable
from crm_client.zoho.mirror.kinds import upsert
from crm_client.zoho.mirror.sync_rows import SyncRows

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)


class OwnersAndStages:
    def __init__(
        self,
        crm: EmbeddedCrm,
        calls: ZohoCalls,
        field_map: FieldMap,
        sync: SyncRows,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._crm = crm
        self._calls = calls
        self._map = field_map
        self._sync = sync
        self._clock = clock
        self._learnt_at: datetime | None = None

    def refresh_when_due(self) -> None:
        """What goes wrong is noted and tried again with the next poll: records can be applied without it."""
        self._learn_when_due()
        for name, refresh in (("owners", self.refresh_owners), ("stages", self.refresh_stages)):
            asked_at = self._sync.of(name).asked_at
            if asked_at is None or self._clock() - asked_at >= EVERY:
                try:
                    refresh()
                except CrmError as error:
                    self._sync.failed(name, error, self._clock())

    def _learn_when_due(self) -> None:
        """What Zoho says of its fields: known to this process only, so each asks for it. A module that can't be
        described keeps the documented names, or what was learnt before."""
        if self._learnt_at is not None and self._clock() - self._learnt_at < EVERY:
            return
        for module in MIRRORED:
            try:
                self._map.learn(module, self._calls.fields(self._map.api_module(module)))
            except (CrmRejected, CrmRefused) as error:
                log.warning("the fields of %s could not be read: %s", module, error)
        try:
            self._map.learn_organisation(self._calls.organisation())
        except (CrmRejected, CrmRefused) as error:
            log.warning("the organisation could not be read: %s", error)
        self._learnt_at = self._clock()

    def refresh_owners(self) -> None:
        now = self._clock()
        owners, bad = [], []
        for raw in self._calls.users():
            try:
                owner = self._map.owner(raw)
                check(OWNERS, owner, "apply user")
            except CrmRejected as error:
                bad.append(unreadable(str(raw.get("id", "")), error))
            else:
                owners.append(owner)
        self._write_owners(owners)
        self._sync.set("owners", asked_at=now)
        self._sync.went_well("owners", now)
        if bad:
            self._sync.unreadable("owners", bad, now)

    def _write_owners(self, owners: Sequence[Owner]) -> None:
        """Somebody whom Zoho no longer lists stays: records still name them."""
        rows = [OWNERS.values(owner) for owner in owners]
        with self._crm.writing("apply users") as connection:
            if rows:
                connection.execute(upsert(OWNERS, connection.dialect.name, tuple(rows[0])), rows)

    def refresh_stages(self) -> None:
        now = self._clock()
        name = self._map.names("deals")["stage"]
        fields = self._calls.fields(self._map.api_module("deals"))
        self._map.learn("deals", fields)
        metas = [meta for meta in fields if meta.name == name]
        if not metas:
            what = f"there is no field {name}"
            raise CrmRejected("read stages", what, name, trouble="field_missing")
        stages = self._map.stages(metas[0])
        if not stages:
            raise CrmRejected("read stages", f"{name} has no values", name, trouble="field_missing")
        with self._crm.writing("apply stages") as connection:
            write_stages(connection, stages)
        self._sync.set("stages", asked_at=now)
        self._sync.went_well("stages", now)


def write_stages(connection: Connection, stages: Sequence[Stage]) -> None:
    """These, and after them those that Zoho no longer lists and deals are still in."""
    listed = {stage.name for stage in stages}
    before = read_stages(connection)
    used = set(connection.scalars(select(crm_deals.c.stage).distinct()))
    last = max((stage.position for stage in stages), default=0)
    kept = [stage for stage in before if stage.name in used and stage.name not in listed]
    after = [*stages, *(Stage(one.name, one.outcome, last + 1 + n, one.probability) for n, one in enumerate(kept))]
    if {stage.name: stage for stage in before} == {stage.name: stage for stage in after}:
        return
    connection.execute(delete(crm_stages))
    connection.execute(insert(crm_stages), [_row(stage) for stage in after])
    meant = {stage.name: stage.outcome for stage in before}
    if any(meant.get(stage.name, stage.outcome) is not stage.outcome for stage in after):
        popularity.recount(connection)


def _row(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "outcome": stage.outcome.value,
        "position": stage.position,
        "probability": stage.probability,
    }
