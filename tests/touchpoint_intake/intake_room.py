"""A CRM with some people, the intake on it, and rows as tools send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from crm_client.embedded.changes import RecordChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import crm_touchpoints
from crm_client.embedded.tables import metadata as crm_tables
from crm_client.records import Contact, Lead, Owner, Touchpoint
from motenashi.database import Database
from motenashi.touchpoint_intake.intake import TouchpointIntake
from motenashi.touchpoint_intake.result import RowResult
from motenashi.touchpoint_intake.tables import metadata

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
AT = "2026-05-11T17:00:00+09:00"  # an hour before NOW


def row(number: int = 1, **more: Any) -> dict[str, Any]:
    """Somebody came to a webinar."""
    return {
        "id": f"e{number}",
        "source": "Webinars",
        "channel": "webinar",
        "direction": "customer",
        "at": AT,
        "who": {"email": "ann@example.com"},
        "status": "registered",
    } | more


@dataclass
class Room:
    database: Database
    told: list[RecordChange] = field(default_factory=list)

    def __post_init__(self) -> None:
        crm_tables.create_all(self.database.engine)
        metadata.create_all(self.database.engine)
        self.crm = EmbeddedCrm(self.database, clock=lambda: NOW)
        self.crm.save_owner(Owner("o1", "Sato", "Sato@example.org"))
        self.crm.save_contact(Contact("ann", "Lee", "Ann", email="Ann@example.com", phone="03-1234-5678"))
        self.crm.save_lead(Lead("leo", "Lane", "Lane Ltd", email="leo@example.com"))
        self.intake = TouchpointIntake(self.database, self.crm, on_changes=self.told.extend)

    def send(self, *rows: object, now: datetime = NOW) -> tuple[RowResult, ...]:
        return self.intake.intake(rows, now)

    def outcomes(self, *rows: object) -> list[str]:
        return [one.outcome for one in self.send(*rows)]

    def touchpoints(self, contact_id: str = "ann") -> tuple[Touchpoint, ...]:
        return tuple(self.crm.touchpoints_of(contact_id=contact_id))

    def count(self) -> int:
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(crm_touchpoints)).scalar_one())


def later(minutes: int) -> str:
    return (datetime.fromisoformat(AT) + timedelta(minutes=minutes)).isoformat()
