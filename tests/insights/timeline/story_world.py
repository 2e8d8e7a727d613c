"""A contact and a lead to whom things happen, one line each; the timeline read at a fixed moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crm_client.embedded import tables as crm_tables
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.stages import DEFAULT_STAGES
from crm_client.records import Activity, Contact, Deal, Email, Lead, Owner, Touchpoint
from motenashi.database import Database
from motenashi.insights.timeline.module_rhythms import ModuleRhythms
from motenashi.insights.timeline.reader import TimelineReader
from motenashi.insights.timeline.tables import metadata as timeline_tables
from motenashi.insights.timeline.timeline import PersonKind, Query, Row, Timeline

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 5, 20, 3, tzinfo=UTC)  # Wednesday noon in Tokyo
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class StoryWorld:
    """Moments are days before NOW."""

    def __init__(self, database: Database) -> None:
        for metadata in (crm_tables.metadata, timeline_tables):
            metadata.create_all(database.engine)
        self.now = NOW
        self.crm = EmbeddedCrm(database, clock=lambda: self.now)
        self.crm.set_stages(DEFAULT_STAGES)
        self.crm.save_owner(Owner("o1", "Aya Endo", "aya@example.com"))
        self.crm.save_contact(Contact("c1", "森"))
        self.rhythms = ModuleRhythms(database, TOKYO)
        self.reader = TimelineReader(database, TOKYO, self.rhythms, lambda: self.now)

    def call(self, ago: float, direction: str = "outbound", result: str = "answered", **more: Any) -> Activity:
        whom = {"contact_id": "c1", "owner_id": "o1", "status": "completed"} | more
        at = NOW - ago * DAY
        return self.crm.save_activity(
            Activity("", "call", "Call", at, at + HOUR / 4, direction=direction, result=result, **whom)
        )

    def mail(self, ago: float, direction: str = "out", status: str = "delivered", **more: Any) -> Email:
        whom = {"contact_id": "c1", "owner_id": "o1", "status": status} | more
        return self.crm.save_email(Email("", direction, "Offer", NOW - ago * DAY, **whom))

    def seen(
        self, ago: float, channel: str = "visit", *, signal: bool = True, key: str = "", **more: Any
    ) -> Touchpoint:
        whom = {"contact_id": "c1"} | more
        return self.crm.save_touchpoint(Touchpoint("", channel, channel, NOW - ago * DAY, signal, **whom), key=key)

    def deal(self, ago: float, stage: str = "Qualification", deal_id: str = "d1") -> Deal:
        deal = Deal(deal_id, "Laptops", stage, contact_id="c1", owner_id="o1")
        return self.crm.save_deal(deal, at=NOW - ago * DAY, by="o1")

    def lead(self, ago: float, **more: Any) -> Lead:
        return self.crm.save_lead(Lead("l1", "森", "Minato", created_at=NOW - ago * DAY, **more))

    def read(
        self, query: Query | None = None, kind: PersonKind = "contact", person_id: str = "c1", **more: Any
    ) -> Timeline:
        timeline = self.reader.read(kind, person_id, query or Query(), **more)
        assert timeline is not None
        return timeline


def told(rows: Sequence[Row]) -> list[str]:
    """Each row in a few words, the oldest first."""
    return [_words(row) for row in reversed(rows)]


def _words(row: Row) -> str:
    if row.milestone:
        return f"{row.milestone.field}={row.milestone.to_value}"
    assert row.touch is not None
    arrow = ">" if row.touch.side == "follow_up" else "<"
    return f"{arrow}{row.touch.channel} {row.touch.status}".strip()
