"""Best times come back as they were kept; words against them and reminders are one person's, forgotten with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from motenashi.database import Database
from motenashi.suggestions.best_time.best_times import BestTimes, Reminder, Slot, TimeOverride
from motenashi.suggestions.best_time.store import BestTimesStore
from motenashi.suggestions.best_time.tables import metadata, time_reminders

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE = BestTimes(
    person_id="c1",
    channel="call",
    slots=(Slot(0, 10, 0.41, 0.2, 0.6, 2.5), Slot(1, 9, 0.3, 0.15, 0.5, 0.0)),
    preference=True,
    attempts=9,
    answered=4,
    signals=(("form", 2), ("their_mail", 1)),
    time_zone="Asia/Kolkata",
    learned_at=NOW,
)
WORD = TimeOverride((0, 2), 10, 12, "u1", NOW)


@pytest.fixture
def store(database: Database) -> Iterator[BestTimesStore]:
    metadata.create_all(database.engine)
    yield BestTimesStore(database)


def remind(store: BestTimesStore, person_id: str = "c1", owner_id: str = "u1", after: timedelta = HOUR) -> Reminder:
    return store.remind("contact", person_id, owner_id=owner_id, channel="call", due_at=NOW + after, now=NOW)


def test_best_times_come_back_whole(store: BestTimesStore) -> None:
    assert store.save_many("contact", [ONE]) == 1

    assert store.find("contact", "c1", "call") == ONE


def test_calls_and_mails_contacts_and_leads_are_kept_apart(store: BestTimesStore) -> None:
    mails, lead = replace(ONE, channel="email", attempts=1), replace(ONE, attempts=2)
    store.save_many("contact", [ONE, mails])
    store.save_many("lead", [lead])

    assert store.find("contact", "c1", "email") == mails
    assert store.find("lead", "c1", "call") == lead
    assert store.find("contact", "c1", "call") == ONE
    assert store.find("lead", "c1", "email") is None


def test_what_is_learned_later_goes_in_its_place(store: BestTimesStore) -> None:
    store.save_many("contact", [ONE])
    later = replace(ONE, preference=False, learned_at=NOW + HOUR)

    store.save_many("contact", [later])

    assert store.find("contact", "c1", "call") == later


def test_many_people_are_kept_at_once(store: BestTimesStore) -> None:
    many = [replace(ONE, person_id=f"c{number}") for number in range(450)]

    assert store.save_many("contact", many) == 450
    assert store.find("contact", "c449", "call") == many[449]
    assert store.save_many("contact", []) == 0


def test_an_override_holds_until_it_is_cleared(store: BestTimesStore) -> None:
    store.override("contact", "c1", WORD)
    store.override("contact", "c1", replace(WORD, from_hour=11))

    assert store.find_override("contact", "c1") == replace(WORD, from_hour=11)
    assert store.find_override("lead", "c1") is None
    assert store.clear_override("contact", "c1")
    assert not store.clear_override("contact", "c1")
    assert store.find_override("contact", "c1") is None


def test_a_reminder_is_seen_by_its_owner_when_it_is_due(store: BestTimesStore) -> None:
    made = remind(store)

    assert store.due_reminders("u1", now=NOW + HOUR - timedelta(seconds=1)) == ()
    assert store.due_reminders("u1", now=NOW + HOUR) == (made,)
    assert store.due_reminders("u2", now=NOW + HOUR) == ()


def test_reminders_come_earliest_first_and_no_more_than_asked_for(store: BestTimesStore) -> None:
    late, early = remind(store, "c1", after=2 * HOUR), remind(store, "c2")

    assert store.due_reminders("u1", now=NOW + 3 * HOUR) == (early, late)
    assert store.due_reminders("u1", now=NOW + 3 * HOUR, most=1) == (early,)


def test_a_new_reminder_goes_in_place_of_the_one_that_waits(store: BestTimesStore) -> None:
    remind(store)
    second, mine = remind(store, after=2 * HOUR), remind(store, owner_id="u2")

    assert store.due_reminders("u1", now=NOW + 3 * HOUR) == (second,)
    assert store.due_reminders("u2", now=NOW + 3 * HOUR) == (mine,)


def test_a_reminder_is_seen_once_and_only_by_its_owner(store: BestTimesStore) -> None:
    made = remind(store)

    assert not store.seen(made.id, owner_id="u2", now=NOW + HOUR)
    assert store.seen(made.id, owner_id="u1", now=NOW + HOUR)
    assert not store.seen(made.id, owner_id="u1", now=NOW + HOUR)
    assert store.due_reminders("u1", now=NOW + 3 * HOUR) == ()


def test_a_cancelled_reminder_does_not_come(store: BestTimesStore) -> None:
    remind(store)
    other = remind(store, owner_id="u2")

    assert store.cancel_reminder("contact", "c1", owner_id="u1", now=NOW) == 1
    assert store.cancel_reminder("contact", "c1", owner_id="u1", now=NOW) == 0
    assert store.due_reminders("u1", now=NOW + HOUR) == ()
    assert store.next_reminder("contact", "c1") == other


def test_what_was_seen_or_cancelled_is_kept_no_longer_than_until_the_next_reminder(
    store: BestTimesStore, database: Database
) -> None:
    seen, waits, others = remind(store, "c1"), remind(store, "c2"), remind(store, owner_id="u2")
    store.seen(seen.id, owner_id="u1", now=NOW)
    store.seen(others.id, owner_id="u2", now=NOW)
    remind(store, "c3")
    store.cancel_reminder("contact", "c3", owner_id="u1", now=NOW)
    last = remind(store, "c4")

    with database.read() as connection:
        kept = connection.scalars(select(time_reminders.c.id).order_by(time_reminders.c.id)).all()
    assert kept == [waits.id, others.id, last.id]


def test_the_next_reminder_of_a_person_is_found(store: BestTimesStore) -> None:
    mine, others = remind(store, after=2 * HOUR), remind(store, owner_id="u2")

    assert store.next_reminder("contact", "c1") == others
    assert store.next_reminder("contact", "c1", owner_id="u1") == mine
    assert store.next_reminder("lead", "c1") is None


def test_a_person_is_forgotten_with_everything(store: BestTimesStore) -> None:
    for kind in ("contact", "lead"):
        store.save_many(kind, [ONE])
        store.override(kind, "c1", WORD)
    remind(store)

    assert store.forget(contact_id="c1") == 3
    assert store.find("contact", "c1", "call") is None
    assert store.find("lead", "c1", "call") == ONE
    assert store.forget() == 0
    assert store.forget(lead_id="c1") == 2
