"""A small CRM in which events of the voice happen: rows written straight into the tables, each with what matters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, select, update

from crm_client.embedded import tables as crm
from crm_client.embedded.stages import DEFAULT_STAGES, write_stages
from motenashi.database import Database
from motenashi.insights.voice.events.finding import Changes, VoiceEvents
from motenashi.insights.voice.response import Response
from motenashi.insights.voice.responses import Responses
from motenashi.insights.voice.settings import VoiceSettings
from motenashi.insights.voice.tables import metadata, voice_event_responses, voice_events

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def ago(days: float) -> datetime:
    return NOW - days * DAY


class VoiceWorld:
    def __init__(self, database: Database) -> None:
        crm.metadata.create_all(database.engine)
        metadata.create_all(database.engine)
        self.database = database
        self.responses = Responses(database)
        self._number = 0
        with database.write() as connection:
            write_stages(connection, DEFAULT_STAGES)

    def add(self, table: Table, **values: Any) -> None:
        with self.database.write() as connection:
            connection.execute(insert(table).values(values))

    def contact(self, contact_id: str, account_id: str = "", **more: Any) -> None:
        values = {"last_name": contact_id, "account_id": account_id, "created_at": ago(900), "owner_id": "o1", **more}
        self.add(crm.crm_contacts, id=contact_id, **values)

    def account(self, account_id: str) -> None:
        self.add(crm.crm_accounts, id=account_id, name=account_id, owner_id="o1", created_at=ago(900))

    def lead(self, lead_id: str, **more: Any) -> None:
        values = {"last_name": lead_id, "status": "Contacted", "owner_id": "o1", "created_at": ago(500), **more}
        self.add(crm.crm_leads, id=lead_id, **values)

    def deal(self, deal_id: str, *stages: tuple[str, datetime], products: Sequence[str] = (), **more: Any) -> None:
        """In the last of its stages."""
        stage, at = stages[-1]
        closed = at if stage.startswith("Closed") else None
        values = {"name": deal_id, "contact_id": "c1", "owner_id": "o1", "repeat": False, "created_at": stages[0][1]}
        self.add(crm.crm_deals, id=deal_id, stage=stage, closed_at=closed, **values | more)
        before = ""
        for name, moment in stages:
            self.move(deal_id, before, name, moment)
            before = name
        for place, product_id in enumerate(products):
            line = {"product_id": product_id, "quantity": 1, "unit_price": 1, "position": place}
            self.add(crm.crm_deal_products, deal_id=deal_id, **line)

    def move(self, deal_id: str, before: str, stage: str, at: datetime) -> None:
        self.add(crm.crm_stage_changes, deal_id=deal_id, from_stage=before, to_stage=stage, at=at, changed_by="")
        self.change(crm.crm_deals, deal_id, stage=stage)

    def status(self, lead_id: str, before: str, after: str, at: datetime) -> None:
        noted = {"module": "leads", "record_id": lead_id, "field": "status", "changed_by": ""}
        self.add(crm.crm_field_changes, from_value=before, to_value=after, at=at, **noted)
        self.change(crm.crm_leads, lead_id, status=after)

    def signal(self, at: datetime, contact_id: str = "", lead_id: str = "", *, signal: bool = True) -> None:
        self._number += 1
        person = {"contact_id": contact_id, "lead_id": lead_id}
        self.add(crm.crm_touchpoints, id=f"t{self._number}", channel="email", at=at, signal=signal, **person)

    def said(self, key: str, at: datetime, **more: Any) -> Response:
        told = {"channel": "email", "type": "mail", "contact_id": "c1", **more}
        return self.responses.add(Response(0, key, at, **told))

    def change(self, table: Table, record_id: str, **values: Any) -> None:
        with self.database.write() as connection:
            connection.execute(update(table).where(table.c.id == record_id).values(values))

    def find(self, now: datetime = NOW, recommendations: Sequence[Any] = (), **settings: Any) -> Changes:
        return VoiceEvents(self.database, VoiceSettings(**settings), recommendations).find(now)

    def events(self, kind: str = "") -> dict[str, Any]:
        """Rows by key."""
        query = select(voice_events)
        with self.database.read() as connection:
            rows = connection.execute(query.where(voice_events.c.kind == kind) if kind else query).all()
        return {row.key: row for row in rows}

    def links(self) -> set[tuple[str, int, str, int]]:
        """(key of the event, id of the response, relation, seconds)."""
        link, event = voice_event_responses.c, voice_events.c
        query = select(event.key, link.response_id, link.relation, link.seconds)
        with self.database.read() as connection:
            rows = connection.execute(query.join(voice_events, event.id == link.event_id)).all()
        return {tuple(row) for row in rows}
