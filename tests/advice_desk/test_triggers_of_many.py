"""Much that is written at once makes advice due in one write, after what is urgent."""

from __future__ import annotations

from datetime import UTC, datetime

from crm_client.embedded.changes import RecordChange
from motenashi.advice_desk.due import Due
from motenashi.advice_desk.tables import metadata
from motenashi.advice_desk.triggers import Triggers
from motenashi.database import Database

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)


def test_every_record_concerned_is_due_and_what_is_urgent_goes_before(database: Database) -> None:
    metadata.create_all(database.engine)
    triggers = Triggers(database, clock=lambda: NOW)
    triggers.all_changed(
        [
            RecordChange("touchpoints", contact_id="c1"),
            RecordChange("touchpoints", "d1", "c2"),
            RecordChange("touchpoints", lead_id="l1"),
            RecordChange("touchpoints", contact_id="c1"),
        ]
    )
    triggers.changed(RecordChange("contacts", contact_id="c9"))
    triggers.all_changed([])

    due = Due(database)
    assert [one.record for one in due.take(1, now=NOW)] == [("contact", "c9")]
    assert {one.record for one in due.take(9, now=NOW)} == {("contact", "c1"), ("deal", "d1"), ("lead", "l1")}
