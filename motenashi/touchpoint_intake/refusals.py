"""Refused rows are shown for a while: their senders have them, and were told at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from motenashi.database import Database
from motenashi.touchpoint_intake.settings import TouchpointSettings
from motenashi.touchpoint_intake.tables import touchpoint_refusals as table


def forget_refused(database: Database, settings: TouchpointSettings, now: datetime) -> int:
    """For a job: those that are old, and the oldest of too many; how many went."""
    old = table.c.received_at < now - timedelta(days=settings.refused_kept_days)
    with database.write() as connection:
        gone = connection.execute(delete(table).where(old)).rowcount
        newest = select(table.c.number).order_by(table.c.number.desc()).offset(settings.most_refused).limit(1)
        last = connection.execute(newest).scalar()
        if last is not None:
            gone += connection.execute(delete(table).where(table.c.number <= last)).rowcount
        return gone
