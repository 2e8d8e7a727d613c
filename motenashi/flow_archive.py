"""Keeps every set of flows that was ever live, so that a conversation can stay on the version it began with."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from motenashi.conversation.tables import flow_sets
from motenashi.database import Database
from motenashi.flow_engine.flow import FlowSet

log = logging.getLogger(__name__)


class FlowArchive:
    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, flows: FlowSet) -> None:
        row = {"version": flows.version, "sources": json.dumps(dict(flows.sources)), "live_at": datetime.now(UTC)}
        try:
            with self._database.write() as connection:
                connection.execute(self._database.insert_or_ignore(flow_sets, row))
        except OperationalError as error:  # the flows answer all the same; conversations on them would migrate later
            log.warning("flows %s could not be kept: %s", flows.version, error.orig)

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
