"""Whatever is asked at every write of a contact stays small, however many touchpoints there are."""

from __future__ import annotations

from sqlalchemy import event

from crm_client.records import Contact
from tests.touchpoint_intake.intake_room import NOW, Room, row


def test_no_question_about_a_person_reads_the_whole_table(simple_room: Room) -> None:
    room = simple_room
    room.send(row(1), row(2, who={"email": "new@example.com"}))
    room.crm.save_contact(Contact("c", "C", email="c@example.com", phone="0311112222"))
    asked: list[tuple[str, object]] = []
    event.listen(room.database.engine, "before_cursor_execute", lambda *seen: asked.append((seen[2], seen[3])))

    room.intake.waiting.person_changed("c", "", NOW)
    room.intake.waiting.match_waiting(NOW)
    room.intake.waiting.match_keys(["Desk:1"], NOW)

    plans = []
    with room.database.engine.connect() as connection:
        for statement, values in list(asked):
            if "touchpoint_intake" in statement and statement.startswith("SELECT"):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                plans += [str(one[3]) for one in plan]
    assert plans
    assert [one for one in plans if one.startswith("SCAN touchpoint_intake") and "INDEX" not in one] == []
