"""Keeps every set of flows that was ever live, so that a conversation can stay on the version it began with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from motenashi.conversation.tables import flow_sets
from motenashi.database import Database
from motenashi.flow_engine.flow import FlowSet


class FlowArchive:
    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, flows: FlowSet) -> None:
        insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[self._database.dialect]
        row = {"version": flows.version, "sources": json.dumps(dict(flows.sources)), "live_at": datetime.now(UTC)}
        with self._database.write() as connection:
            connection.execute(insert(flow_sets).values(row).on_conflict_do_nothing())

    def sources(self, version: str) -> Mapping[str, str] | None:
        """The files of a set, None when it is not kept (or the database can't be read now)."""
        try:
            with self._database.read() as connection:
                found = connection.execute(select(flow_sets.c.sources).where(flow_sets.c.version == version)).scalar()
        except OperationalError:
            return None
        return dict(json.loads(found)) if found else None

    def live_since(self, version: str) -> datetime | None:
        """When a set first went live."""
        with self._database.read() as connection:
            return connection.execute(select(flow_sets.c.live_at).where(flow_sets.c.version == version)).scalar()
