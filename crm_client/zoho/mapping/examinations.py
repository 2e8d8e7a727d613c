"""What the doctor found last, kept for the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from crm_client.embedded.store import as_crm_errors
from crm_client.zoho.mapping.findings import Finding
from crm_client.zoho.tables import zoho_examinations
from motenashi.database import Database


class Examinations:
    """CrmUnreachable when our database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, findings: Sequence[Finding], at: datetime) -> None:
        row = {"id": 1, "at": at, "findings": {"all": [dataclasses.asdict(one) for one in findings]}}
        with as_crm_errors("keep what the doctor found"), self._database.write() as connection:
            connection.execute(delete(zoho_examinations))
            connection.execute(insert(zoho_examinations).values(row))

    def last(self) -> tuple[datetime, Sequence[Finding]] | None:
        """When, and what; None when there was no examination."""
        with as_crm_errors("what the doctor found"), self._database.read() as connection:
            row = connection.execute(select(zoho_examinations.c.at, zoho_examinations.c.findings)).first()
        return None if row is None else (row.at, [Finding(**one) for one in row.findings.get("all", ())])
