"""Keeps every set of flows that was ever live, so that a conversation can stay on the version it began with."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from motenashi.conversation.tables import flow_sets
from motenashi.database import Database
from motenashi.flow_engine.flow import FlowSet

log = logging.getLogger(__name__)


_NEWEST = select(flow_sets.c.sources).order_by(flow_sets.c.live_at.desc(), flow_sets.c.version).limit(1)


class FlowArchive:
    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, flows: FlowSet) -> None:
        """Keep a set that goes live now; one that was live before, and is again, is the newest again."""
        now = datetime.now(UTC)
        row = {"version": flows.version, "sources": json.dumps(dict(flows.sources)), "live_at": now}
        try:
            with self._database.write() as connection:
                if connection.execute(_NEWEST.with_only_columns(flow_sets.c.version)).scalar() == flows.version:
                    return  # another process was faster, or we were only restarted
                connection.execute(self._database.insert_or_ignore(flow_sets, row))
                again = update(flow_sets).where(flow_sets.c.version == flows.version)
                connection.execute(again.values(live_at=now))
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

    def newest(self) -> Mapping[str, str] | None:
        """The files of the set that went live last, None when there is none (or the database can't be read now)."""
        try:
            with self._database.read() as connection:
                found = connection.execute(_NEWEST).scalar()
        except OperationalError:
            return None
        return dict(json.loads(found)) if found else None

    def live_since(self, version: str) -> datetime | None:
        """When a set went live last."""
        with self._database.read() as connection:
            return connection.execute(select(flow_sets.c.live_at).where(flow_sets.c.version == version)).scalar()
