"""Conversations that wait for a person: recorded once, shown to operators in the order they came.

Until the operators' console exists nobody sits at the desk, so record() answers that no person is there; the flow
then takes its `when_unavailable` path and the visitor is told honestly. The record stays for whoever calls back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, Column, Index, Integer, MetaData, String, Table, Text, select, update

from motenashi.business_hours.business_hours import BusinessHours
from motenashi.clean_text import clean_text
from motenashi.database import Database, UtcTime

metadata = MetaData()

hand_overs = Table(
    "hand_overs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(500), nullable=False, unique=True),  # the same key again is the same hand-over
    Column("conversation_id", String(200), nullable=False, index=True),
    Column("department", String(100), nullable=False),
    Column("operators", JSON, nullable=False),  # e-mail addresses the flow asked for, [] for anybody
    Column("language", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("contact_id", String(50), nullable=False),
    Column("lead_id", String(50), nullable=False),
    Column("state", String(20), nullable=False),
    Column("out_of_hours", Integer, nullable=False),  # 1: it came when the department was closed
    Column("at", UtcTime, nullable=False),
    Index("ix_hand_overs_waiting", "state", "department", "id"),
)


class HandOverState(StrEnum):
    WAITING = "waiting"
    DONE = "done"  # somebody looked after it


@dataclass(frozen=True)
class HandOverSettings:
    """config.yaml, section `hand_over`."""

    most_listed: Annotated[int, "At most this many waiting conversations are listed at once."] = 200
    longest_summary: Annotated[int, "A summary is cut to this many characters."] = 2000


@dataclass(frozen=True)
class WaitingHandOver:
    id: int
    conversation_id: str
    department: str
    operators: tuple[str, ...]
    language: str
    reason: str
    summary: str
    contact_id: str
    lead_id: str
    out_of_hours: bool
    at: datetime  # UTC


class HandOverDesk:
    """Where flows leave a conversation for a person. sqlalchemy.exc.OperationalError when the database is away."""

    def __init__(self, database: Database, hours: BusinessHours, settings: HandOverSettings | None = None) -> None:
        self._database = database
        self._hours = hours
        self._settings = settings or HandOverSettings()

    def record(
        self,
        *,
        conversation_id: str,
        department: str,
        operators: Sequence[str],
        language: str,
        reason: str,
        summary: str,
        contact_id: str,
        lead_id: str,
        key: str,
        now: datetime,
    ) -> bool:
        """Is a person there to take it? Recorded in either case, once per key."""
        row = {
            "key": key,
            "conversation_id": conversation_id,
            "department": department,
            "operators": list(operators),
            "language": language,
            "reason": clean_text(reason),
            "summary": clean_text(summary)[: self._settings.longest_summary],
            "contact_id": contact_id,
            "lead_id": lead_id,
            "state": HandOverState.WAITING.value,
            "out_of_hours": int(not self._hours.is_open(department, now)),
            "at": now,
        }
        self._insert_once(row)
        return False

    def waiting(self, department: str = "") -> tuple[WaitingHandOver, ...]:
        """Oldest first; of all departments when none is named."""
        query = select(hand_overs).where(hand_overs.c.state == HandOverState.WAITING.value)
        if department:
            query = query.where(hand_overs.c.department == department)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(hand_overs.c.id).limit(self._settings.most_listed)).mappings()
            return tuple(_waiting(row) for row in rows)

    def asked_in(self, conversation_ids: Sequence[str]) -> dict[str, HandOverState]:
        """In which of these conversations a person was asked for, and what became of the newest request."""
        query = select(hand_overs.c.conversation_id, hand_overs.c.state).order_by(hand_overs.c.id)
        with self._database.read() as connection:
            rows = connection.execute(query.where(hand_overs.c.conversation_id.in_(list(conversation_ids))))
            return {row.conversation_id: HandOverState(row.state) for row in rows}

    def done(self, hand_over_id: int) -> None:
        """Somebody looked after it; again, or for an unknown id, changes nothing."""
        with self._database.write() as connection:
            connection.execute(
                update(hand_overs).where(hand_overs.c.id == hand_over_id).values(state=HandOverState.DONE.value)
            )

    def _insert_once(self, row: dict[str, Any]) -> None:
        with self._database.write() as connection:
            connection.execute(self._database.insert_or_ignore(hand_overs, row))


def _waiting(row: Any) -> WaitingHandOver:
    fields = {name: row[name] for name in WaitingHandOver.__dataclass_fields__}
    return WaitingHandOver(**fields | {"operators": tuple(row["operators"]), "out_of_hours": bool(row["out_of_hours"])})
