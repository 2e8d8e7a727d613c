"""Rows in, results out: stored once, changed only by a newer status, refused one by one, lost never."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from crm_client.embedded.changes import RecordChange
from crm_client.errors import CrmRejected, CrmUnreachable
from crm_client.records import Deal, Touchpoint
from motenashi.database import Database
from motenashi.touchpoint_intake.intake import TouchpointIntake
from motenashi.touchpoint_intake.tables import touchpoint_counts, touchpoint_intake, touchpoint_refusals
from tests.touchpoint_intake.intake_room import AT, NOW, Room, later, row


def test_a_row_becomes_a_touchpoint_with_all_its_fields(room: Room) -> None:
    room.crm.save_deal(Deal("d1", "A deal", "Qualification"), at=NOW)
    sent = row(
        channel="Webinars",
        type="live",
        owner="sato@EXAMPLE.org",
        deal_id="d1",
        minutes=45,
        pages=3,
        count=2,
        title="Backups\nmade easy",
        status="Attended",
    )

    (result,) = room.send(sent)

    stored = Touchpoint(
        id=result.touchpoint_id,
        channel="webinar",
        type="live",
        at=datetime(2026, 5, 11, 8, tzinfo=UTC),
        signal=True,
        contact_id="ann",
        deal_id="d1",
        owner_id="o1",
        status="attended",
        duration_s=2700,
        pages=3,
        count=2,
        key="from:Webinars:e1",
        title="Backups made easy",
    )
    assert (result.outcome, result.contact_id, result.notes) == ("stored", "ann", ())
    assert room.touchpoints() == (stored,)
    assert RecordChange("touchpoints", "d1", "ann") in room.told


def test_everybody_concerned_is_told_of_once_a_call(room: Room) -> None:
    room.send(row(1), row(2), row(3, who={"lead_id": "leo"}), row(4, who={"email": "nobody@example.com"}))
    assert room.told == [RecordChange("touchpoints", contact_id="ann"), RecordChange("touchpoints", lead_id="leo")]

    room.told.clear()
    room.send(row(1), row(2))
    assert room.told == []


def test_a_listener_that_fails_breaks_nothing(room: Room) -> None:
    room.intake = TouchpointIntake(room.database, room.crm, on_changes=lambda changes: 1 / 0)

    assert room.outcomes(row()) == ["stored"]


def test_a_batch_again_changes_nothing(room: Room) -> None:
    batch = [row(number) for number in range(5)]

    first, second = room.send(*batch), room.send(*batch)

    assert [one.outcome for one in first] == ["stored"] * 5
    assert [one.outcome for one in second] == ["repeated"] * 5
    assert [one.touchpoint_id for one in second] == [one.touchpoint_id for one in first]
    assert len(room.touchpoints()) == 5


def test_a_row_twice_in_one_call_is_one(room: Room) -> None:
    assert room.outcomes(row(), row(), row(status="attended", changed_at=later(5))) == ["stored", "repeated", "changed"]
    assert [one.status for one in room.touchpoints()] == ["attended"]


def test_one_bad_row_stops_nobody(room: Room) -> None:
    results = room.send(row(1), row(2, channel="webinr"), "no row", row(3))

    assert [one.outcome for one in results] == ["stored", "refused", "refused", "stored"]
    assert [one.field for one in results[1].problems] == ["channel"]
    assert (results[1].source, results[1].id) == ("Webinars", "e2")
    assert len(room.touchpoints()) == 2


def test_a_row_that_is_right_in_the_end_is_no_refusal_any_more(room: Room) -> None:
    room.send(row(1, channel="webinr"), row(2, channel="webinr"))
    room.send(row(1, channel="webinr"))
    room.send(row(1))

    with room.database.read() as connection:
        left = connection.execute(select(touchpoint_refusals.c.id, touchpoint_refusals.c.times)).all()
    assert [tuple(one) for one in left] == [("e2", 1)]


def test_the_same_refusal_again_only_counts_up(room: Room) -> None:
    for _ in range(3):
        room.send(row(1, channel="webinr"))

    with room.database.read() as connection:
        assert connection.execute(select(touchpoint_refusals.c.times)).scalars().all() == [3]


# Statuses


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_newest_status_stays_whatever_order_they_come_in(simple_room: Room, order: Sequence[int]) -> None:
    states = [
        row(channel="ticket", status="open", changed_at=later(0)),
        row(channel="ticket", status="escalated", changed_at=later(10)),
        row(channel="ticket", status="closed", changed_at=later(20)),
    ]

    for number in order:
        simple_room.send(states[number])

    assert [one.status for one in simple_room.touchpoints()] == ["closed"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_so_it_is_by_sequence_and_within_one_call(simple_room: Room, order: Sequence[int]) -> None:
    states = [
        row(channel="ticket", status=status, sequence=n) for n, status in enumerate(("open", "on_hold", "closed"))
    ]

    simple_room.send(*(states[number] for number in order))

    assert [one.status for one in simple_room.touchpoints()] == ["closed"]


def test_a_later_word_for_the_same_status_keeps_what_lies_between_out(room: Room) -> None:
    room.send(row(channel="ticket", status="closed", changed_at=later(1)))
    room.send(row(channel="ticket", status="closed", changed_at=later(30)))

    (result,) = room.send(row(channel="ticket", status="open", changed_at=later(20)))

    assert (result.outcome, [one.code for one in result.notes]) == ("repeated", ["older_status"])
    assert [one.status for one in room.touchpoints()] == ["closed"]


def test_another_status_that_says_not_when_is_refused(room: Room) -> None:
    room.send(row(channel="ticket", status="open"))

    (result,) = room.send(row(channel="ticket", status="closed"))

    assert (result.outcome, [one.code for one in result.problems]) == ("refused", ["which_is_newer"])
    assert [one.status for one in room.touchpoints()] == ["open"]


def test_nothing_but_the_status_changes(room: Room) -> None:
    room.send(row(title="Backups", minutes=10))

    (result,) = room.send(row(title="Other", minutes=99, status="attended", changed_at=later(60)))

    (stored,) = room.touchpoints()
    assert (stored.title, stored.duration_s, stored.status) == ("Backups", 600, "attended")
    assert [one.code for one in result.notes] == ["other_content"]


# Doubts that keep nobody out


def test_an_unknown_owner_or_deal_is_noted_and_the_row_stored(room: Room) -> None:
    (result,) = room.send(row(owner="nobody@example.org", deal_id="d9"))

    (stored,) = room.touchpoints()
    assert result.outcome == "stored"
    assert {one.code for one in result.notes} == {"unknown_owner", "unknown_deal"}
    assert (stored.owner_id, stored.deal_id) == ("", "d9")


# Trouble


def test_a_crm_that_is_away_loses_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_touchpoints: Sequence[Touchpoint]) -> Any:
        raise CrmUnreachable("save touchpoints", "away")

    with monkeypatch.context() as broken:
        broken.setattr(room.crm, "save_touchpoints", away)
        with pytest.raises(CrmUnreachable):
            room.send(row())
    assert room.count() == 0

    assert room.outcomes(row()) == ["repeated"]
    assert len(room.touchpoints()) == 1


def test_what_was_given_up_half_way_is_finished_by_the_job(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(room.crm, "save_touchpoints", lambda many: (_ for _ in ()).throw(CrmUnreachable("x", "y")))
        with pytest.raises(CrmUnreachable):
            room.send(row())

    assert room.intake.waiting.match_waiting(NOW) == 0, "somebody may be at it"
    assert room.intake.waiting.match_waiting(NOW + timedelta(minutes=2)) == 1
    assert len(room.touchpoints()) == 1


def test_what_the_crm_refuses_is_told_and_stops_nobody(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    save = room.crm.save_touchpoints

    def picky(many: Sequence[Touchpoint]) -> Sequence[Touchpoint]:
        if any(one.title == "bad" for one in many):
            raise CrmRejected("save touchpoints", "title is bad", "title")
        return save(many)

    monkeypatch.setattr(room.crm, "save_touchpoints", picky)

    results = room.send(row(1), row(2, title="bad"), row(3))

    assert [one.outcome for one in results] == ["stored", "refused", "stored"]
    assert [one.code for one in results[1].problems] == ["crm_refuses"]
    monkeypatch.undo()
    assert room.outcomes(row(2)) == ["stored"], "mended, it is taken"


def test_a_status_that_changes_while_another_is_on_its_way_is_not_undone(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow process writes an old status into the CRM after a quick one has written the new one."""
    save, other = room.crm.save_touchpoints, Room.__new__(Room)
    other.intake = type(room.intake)(room.database, type(room.crm)(room.database))

    def slow(many: Sequence[Touchpoint]) -> Sequence[Touchpoint]:
        monkeypatch.undo()
        other.intake.intake([row(channel="ticket", status="closed", changed_at=later(9))], NOW)
        room.crm.set_touchpoint_statuses({many[0].key: "open"})  # what came late
        return [replace(one, status="open") for one in save(many)]

    monkeypatch.setattr(room.crm, "save_touchpoints", slow)
    room.send(row(channel="ticket", status="open"))

    assert [one.status for one in room.touchpoints()] == ["closed"]


def test_the_same_rows_at_the_same_moment_are_stored_once(room: Room) -> None:
    batch = [row(number) for number in range(40)]
    told: list[list[str]] = []
    threads = [threading.Thread(target=lambda: told.append(room.outcomes(*batch))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == 4
    assert sum(outcomes.count("stored") for outcomes in told) == 40
    assert len(room.touchpoints()) == 40


def test_a_database_that_is_away_raises_and_keeps_nothing(simple_room: Room) -> None:
    with simple_room.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE touchpoint_intake")

    with pytest.raises(Exception, match="no such table"):
        simple_room.send(row())
    assert simple_room.count() == 0


# Traces


def test_every_row_leaves_its_trace_without_its_words(room: Room) -> None:
    room.send(row(text="It was lovely."))

    with room.database.read() as connection:
        (kept,) = connection.execute(select(touchpoint_intake)).mappings()
    assert (kept["state"], kept["contact_id"], kept["payload"], kept["email_key"]) == ("stored", "ann", None, None)
    assert kept["touchpoint_id"] == room.touchpoints()[0].id
    assert kept["received_at"] == NOW


def test_rows_are_counted_by_day_source_channel_and_outcome(room: Room) -> None:
    room.send(row(1), row(2), row(3, channel="webinr"), row(1))
    room.send(row(4))

    with room.database.read() as connection:
        counts = {tuple(one[1:4]): one[4] for one in connection.execute(select(touchpoint_counts))}
    assert counts == {
        ("Webinars", "webinar", "stored"): 3,
        ("Webinars", "webinar", "repeated"): 1,
        ("Webinars", "", "refused"): 1,
    }


def test_checking_writes_nothing(simple_room: Room) -> None:
    results = simple_room.intake.check([row(1), row(1), row(2, channel="webinr")], NOW)

    assert [one.outcome for one in results] == ["stored", "repeated", "refused"]
    assert simple_room.count() == 0
    with simple_room.database.read() as connection:
        assert connection.execute(select(touchpoint_intake)).all() == []


def test_two_sources_may_use_the_same_id(room: Room) -> None:
    assert room.outcomes(row(1), row(1, source="Other tool")) == ["stored", "stored"]


def test_a_moment_is_kept_as_it_was_told_in_any_zone(simple_room: Room, sqlite_database: Database) -> None:
    simple_room.send(row(1, at=AT), row(2, at="2026-05-11T08:00:00Z"), row(3, at="2026-05-11T04:00:00-04:00"))

    assert {one.at for one in simple_room.touchpoints()} == {datetime(2026, 5, 11, 8, tzinfo=UTC)}
