"""What other tools told of a person goes with them: stored, waiting, set aside, refused, on its way to the voice."""

from __future__ import annotations

from sqlalchemy import func, select

from motenashi.database import Database
from motenashi.erasing.erase import Eraser
from motenashi.touchpoint_intake.tables import metadata
from tests.migrated import migrate
from tests.touchpoint_intake.intake_room import NOW, Room, row


def counts(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {
            name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for name, table in metadata.tables.items()
        }


def test_all_that_tools_told_of_a_person_goes_and_nothing_of_another(database: Database) -> None:
    migrate(database)
    room = Room(database)
    there = {"system": "Desk", "id": "77"}
    room.send(
        row(1, who={"email": "ann@example.com", "external_id": there}, text="Ann's words"),
        row(2, who={"email": "ann@example.com"}, channel="webinr"),
        row(3, who={"lead_id": "leo"}, text="Leo's words"),
        row(4, who={"lead_id": "leo"}, channel="webinr"),
        row(5, who={"email": "nobody@example.net"}),
    )
    room.send(row(6, who={"contact_id": "ann", "email": "ann@example.com"}, title="never matched"))

    done = Eraser(database, b"k" * 32).erase("contact", "ann", by="admin", now=NOW)

    assert done is not None and done.found == ()
    assert counts(database) == {
        "touchpoint_intake": 2,
        "touchpoint_external_ids": 0,
        "touchpoint_texts": 1,
        "touchpoint_refusals": 1,
        "touchpoint_counts": 3,
    }
