"""Who did what to a bulk action, and when. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from motenashi.bulk_actions.tables import bulk_audit
from motenashi.bulk_actions.words import AuditEntry


def note(
    connection: Connection, job_id: int, what: str, *, by: str, at: datetime, detail: Mapping[str, Any] | None = None
) -> None:
    """In the transaction that does what is noted. `by`: an address; '' for the house itself."""
    row = {"job_id": job_id, "at": at, "by": by[:320], "what": what, "detail": dict(detail or {})}
    connection.execute(insert(bulk_audit).values(row))


def entries(connection: Connection, job_id: int) -> tuple[AuditEntry, ...]:
    """In the order in which they happened."""
    columns = (bulk_audit.c.at, bulk_audit.c.by, bulk_audit.c.what, bulk_audit.c.detail)
    query = select(*columns).where(bulk_audit.c.job_id == job_id).order_by(bulk_audit.c.id)
    return tuple(AuditEntry(*row) for row in connection.execute(query))
