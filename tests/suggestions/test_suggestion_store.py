"""Suggestions are kept once, found by whom they are about, and closed once; absences hold until they are over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from motenashi.database import Database
from motenashi.suggestions.absences import Absence, Absences
from motenashi.suggestions.store import SuggestionStore
from motenashi.suggestions.suggestion import About, Reason, Suggestion, TimeWindow
from motenashi.suggestions.tables import metadata

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TOKYO = timezone(timedelta(hours=9))
ONE = Suggestion(
    id=0,
    key="mail:1/event",
    about=About("c1", "", "d1", 0.75, "o1", "ja"),
    action="event",
    purposes=("demo", "meeting"),
    urgency="soon",
    title={"en": "Arrange a demonstration", "ja": "デモの日程を調整する"},
    windows=(TimeWindow(NOW.astimezone(TOKYO), (NOW + HOUR).astimezone(TOKYO), "proposed", 0.9, "明日", True),),
    reasons=(Reason({"en": "They ask.", "ja": "ご希望です。"}, 0.8, "見せてください。"),),
    created_at=NOW,
    respond_by=NOW + HOUR,
    product_ids=("nb-14",),
    not_before=NOW,
    source="mail:1",
)


@pytest.fixture
def store(database: Database) -> Iterator[SuggestionStore]:
    metadata.create_all(database.engine)
    yield SuggestionStore(database)


@pytest.fixture
def absences(database: Database) -> Iterator[Absences]:
    metadata.create_all(database.engine)
    yield Absences(database)


def add(store: SuggestionStore, key: str, **fields: Any) -> Suggestion:
    return store.add(replace(ONE, key=key, **fields))


def test_a_suggestion_comes_back_whole(store: SuggestionStore) -> None:
    kept = store.add(ONE)

    assert kept == replace(ONE, id=kept.id)
    assert store.find(kept.id) == kept
    assert store.read_from("mail:1") == (kept,)
    assert kept.windows[0].start.utcoffset() == timedelta(hours=9)  # as the customer told it


def test_the_same_key_is_the_same_suggestion_even_when_it_is_done(store: SuggestionStore) -> None:
    first = store.add(ONE)
    assert store.close(first.id, "done", by="aya@example.com", at=NOW)

    again = store.add(replace(ONE, urgency="urgent"))
    assert (again.id, again.state, again.urgency) == (first.id, "done", "soon")
    assert store.open_for(contact_id="c1") == ()


def test_open_ones_are_found_by_whom_and_what_they_are_about(store: SuggestionStore) -> None:
    later = add(store, "later", respond_by=NOW + 3 * HOUR)
    sooner = add(store, "sooner")
    urgent = add(store, "urgent", urgency="urgent", respond_by=NOW + 9 * HOUR)
    add(store, "another's", about=About(lead_id="l9", owner_id="o9"))

    for ids in ({"contact_id": "c1"}, {"deal_id": "d1"}, {"owner_id": "o1"}, {"contact_id": "c1", "owner_id": "o1"}):
        assert store.open_for(**ids) == (urgent, sooner, later)
    assert [one.key for one in store.open_for(lead_id="l9")] == ["another's"]
    assert store.open_for() == store.open_for(contact_id="c1", deal_id="another") == ()


def test_a_suggestion_is_closed_once(store: SuggestionStore) -> None:
    one = store.add(ONE)

    assert store.close(one.id, "dismissed", by="aya@example.com", at=NOW, why="They rang us.")
    assert not store.close(one.id, "done", by="ken@example.com", at=NOW + HOUR)
    assert not store.close(99, "done", by="ken@example.com", at=NOW)
    closed = store.find(one.id)
    assert closed is not None
    assert (closed.state, closed.closed_by, closed.closed_at, closed.closed_why) == (
        "dismissed",
        "aya@example.com",
        NOW,
        "They rang us.",
    )


def test_several_are_kept_together_or_not_at_all(store: SuggestionStore) -> None:
    with pytest.raises(ValueError, match="key and a time"):
        store.add_all([ONE, replace(ONE, key="b", windows=())])
    assert store.read_from("mail:1") == ()
    assert store.add_all([]) == ()


def test_a_customers_text_that_no_database_takes_is_made_harmless(store: SuggestionStore) -> None:
    kept = store.add(replace(ONE, reasons=(Reason({"en": "x", "ja": "x"}, 1.0, "nul\x00 and \ud800"),)))

    assert "\x00" not in kept.reasons[0].sentence


def test_a_person_can_be_forgotten(store: SuggestionStore) -> None:
    add(store, "a")
    add(store, "b", about=About(lead_id="l1"))
    add(store, "c", about=About())

    assert store.forget(contact_id="c1") == 1
    assert store.forget(contact_id="", lead_id="") == 0
    assert len(store.read_from("mail:1")) == 2


def test_an_absence_holds_until_it_is_over_and_a_newer_note_goes_before(absences: Absences) -> None:
    absences.add(Absence("mail:1", NOW, "c1", "", NOW + 5 * HOUR, "I am away."))
    assert absences.away_until(NOW, contact_id="c1") == NOW + 5 * HOUR
    assert absences.away_until(NOW + 5 * HOUR, contact_id="c1") is None
    assert absences.away_until(NOW, contact_id="c2") is absences.away_until(NOW) is None

    absences.add(Absence("mail:2", NOW + HOUR, "c1", "", NOW + 2 * HOUR))
    assert absences.away_until(NOW, contact_id="c1") == NOW + 2 * HOUR


def test_absences_are_forgotten_with_their_person(absences: Absences) -> None:
    absences.add(Absence("mail:1", NOW, "c1", "", NOW + HOUR))
    absences.add(Absence("mail:2", NOW, "", "l1", NOW + HOUR))

    assert (absences.forget(), absences.forget(contact_id="c1"), absences.forget(contact_id="c1")) == (0, 1, 0)
    assert absences.newest(contact_id="c1") is None
    assert absences.newest(lead_id="l1") is not None


def test_the_same_absence_note_is_one(absences: Absences) -> None:
    for until in (NOW + HOUR, NOW + 9 * HOUR):
        absences.add(Absence("mail:1", NOW, "", "l1", until))

    found = absences.newest(lead_id="l1")
    assert found is not None
    assert found.until == NOW + HOUR
