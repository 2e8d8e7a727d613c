"""A record has one open piece of advice, replaced whole; what happens with suggestions is noted once and kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from motenashi.database import Database
from motenashi.suggestions.absences import Absence, Absences
from motenashi.suggestions.review import Review
from motenashi.suggestions.settling import UNSEEN, Settling
from motenashi.suggestions.store import SuggestionStore
from motenashi.suggestions.suggestion import (
    About,
    Alternative,
    Draft,
    Effect,
    Reason,
    Suggestion,
    TimeWindow,
)
from motenashi.suggestions.suggestion_events import SuggestionEvent, SuggestionEvents
from motenashi.suggestions.suggestion_rows import SOONEST_REVIEW
from motenashi.suggestions.tables import metadata

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
EFFECT = Effect(0.4, 0.25, 1.6, 1.1, 2.2, 19, 12, "stage")
ADVICE = Suggestion(
    id=0,
    key="advice:1",
    about=About("c1", "", "d1", 1.0, "o1", "ja"),
    action="call",
    purposes=("negotiation", "quote"),
    urgency="normal",
    title={"en": "Call", "ja": "電話する"},
    windows=(TimeWindow(NOW + HOUR, NOW + 2 * HOUR, "best_time"),),
    reasons=(Reason({"en": "x", "ja": "y"}, 0.5),),
    created_at=NOW,
    respond_by=NOW + 5 * HOUR,
    made_by="advice",
    situation="discount",
    effect=EFFECT,
    alternatives=(Alternative("e-mail", "quote", {"en": "Mail", "ja": "メール"}, EFFECT), Alternative("event", "", {})),
    draft=Draft("call", "ja", "件名", "本文", "03-1234-5678", NOW, NOW + HOUR),
    gain=1_234.5,
    probability=0.9,
    answers=(3, 4),
)


@pytest.fixture
def store(database: Database) -> Iterator[SuggestionStore]:
    metadata.create_all(database.engine)
    yield SuggestionStore(database)


def kept(store: SuggestionStore, **fields: Any) -> Suggestion:
    return store.add(replace(ADVICE, **fields))


def whats(database: Database, one: Suggestion) -> list[str]:
    return [event.what for event in SuggestionEvents(database).of(one.id)]


def test_advice_comes_back_whole_with_effect_draft_and_alternatives(store: SuggestionStore) -> None:
    one = kept(store)

    assert one == replace(ADVICE, id=one.id)
    assert store.current_for("deal", "d1") == one
    assert store.current_for("contact", "c1") is None  # it is the deal's
    assert store.known([one.id, 99]) == (one.id,)


def test_a_record_never_has_two(store: SuggestionStore) -> None:
    one = kept(store)
    with pytest.raises(ValueError, match="replace"):
        kept(store, key="advice:2")

    assert store.current_for("deal", "d1") == one


def test_the_advice_of_a_lead_and_of_a_contact_is_theirs(store: SuggestionStore) -> None:
    lead = kept(store, key="l", about=About(lead_id="l1"))
    contact = kept(store, key="c", about=About("c1"))

    assert store.current_of_all("lead", ["l1", "l2"]) == {"l1": lead}
    assert store.current_of_all("contact", ["c1"]) == {"c1": contact}
    assert store.current_of_all("deal", []) == {}


def test_a_new_one_takes_the_old_ones_place_and_the_wishes_stay_open(store: SuggestionStore) -> None:
    old = kept(store)
    wish = kept(store, key="mail:1/event", made_by="plain", answers=())
    new = store.replace(old, replace(ADVICE, key="advice:2"), at=NOW + HOUR)

    assert new is not None and store.current_for("deal", "d1") == new
    gone = store.find(old.id)
    assert gone is not None and (gone.state, gone.closed_at) == ("replaced", NOW + HOUR)
    assert store.wishes_of_all("deal", ["d1", "d2"]) == {"d1": (wish,)}
    assert store.wishes_of_all("contact", ["c1"]) == {}


def test_what_somebody_closed_meanwhile_is_not_replaced(store: SuggestionStore) -> None:
    old = kept(store)
    store.close(old.id, "dismissed", by="aya@example.com", at=NOW)

    assert store.replace(old, replace(ADVICE, key="advice:2"), at=NOW) is None
    assert store.current_for("deal", "d1") is None


def test_many_are_replaced_in_one_go_or_only_closed(store: SuggestionStore) -> None:
    several = [kept(store, key=f"a{n}", about=About(deal_id=f"d{n}")) for n in range(3)]
    pairs = [
        (several[0], replace(several[0], id=0, key="new")),
        (several[1], None),
        (None, replace(several[0], id=0, key="first", about=About(deal_id="d9"))),
    ]

    assert store.replace_all(pairs, at=NOW) == 3
    current = store.current_of_all("deal", ["d0", "d1", "d2", "d9"])
    assert {record_id: one.key for record_id, one in current.items()} == {"d0": "new", "d2": "a2", "d9": "first"}


def test_telling_anew_keeps_what_was_promised(store: SuggestionStore) -> None:
    one = kept(store)
    better = replace(one, gain=9.0, reasons=(), draft=None, alternatives=(), effect=replace(EFFECT, p=0.9))
    store.refresh([better])

    found = store.find(one.id)
    assert found == replace(better, effect=EFFECT)


def test_a_snooze_is_reviewed_when_it_is_over(store: SuggestionStore, database: Database) -> None:
    one = kept(store)
    assert Review(database).due(NOW + 90 * timedelta(minutes=1)) == ()
    assert store.snooze(one.id, until=NOW + 30 * HOUR, by="aya@example.com", at=NOW)
    assert Review(database).due(NOW + 29 * HOUR) == ()
    (again,) = Review(database).due(NOW + 30 * HOUR)
    assert again.snoozed_until == NOW + 30 * HOUR
    Review(database).seen_to([again])
    assert Review(database).due(NOW + 99 * HOUR) == ()

    Review(database).again([again], now=NOW + 40 * HOUR)
    assert Review(database).due(NOW + 40 * HOUR) == ()
    assert len(Review(database).due(NOW + 40 * HOUR + SOONEST_REVIEW)) == 1
    assert whats(database, one) == ["snoozed"]
    store.close(one.id, "done", by="", at=NOW)
    assert not store.snooze(one.id, until=NOW + HOUR, by="aya@example.com", at=NOW)


def test_closing_takes_the_wishes_along_and_happens_once(store: SuggestionStore, database: Database) -> None:
    wish = kept(store, key="mail:1/event", made_by="plain", answers=())
    one = kept(store, answers=(wish.id,))
    event = SuggestionEvent(one.id, "accepted", NOW, "aya@example.com", {"made": "call"})

    assert store.close_with(one, "done", event)
    assert not store.close_with(one, "done", replace(event, by="ken@example.com"))
    granted = store.find(wish.id)
    assert granted is not None and granted.state == "done"
    (noted,) = SuggestionEvents(database).of(one.id)
    assert noted == event


def test_a_rest_is_reviewed_when_it_ends(store: SuggestionStore, database: Database) -> None:
    one = kept(store)
    event = SuggestionEvent(one.id, "dismissed", NOW)
    store.close_with(one, "dismissed", event, why="not_now", rest_until=NOW + 70 * HOUR)

    assert Review(database).due(NOW + 69 * HOUR) == ()
    assert [found.id for found in Review(database).due(NOW + 70 * HOUR)] == [one.id]
    assert [found.id for found in store.dismissed_of_all("deal", ["d1"], since=NOW - HOUR)["d1"]] == [one.id]
    assert store.dismissed_of_all("deal", ["d1"], since=NOW) == {}
    assert store.dismissed_of_all("contact", ["c1"], since=NOW - HOUR) == {}


def test_events_are_noted_once_and_what_counts_by_the_day_once_a_day(
    store: SuggestionStore, database: Database
) -> None:
    one, events = kept(store), SuggestionEvents(database)
    for at in (NOW, NOW + HOUR, NOW + 24 * HOUR):
        events.note([SuggestionEvent(one.id, "shown", at), SuggestionEvent(one.id, "done", at)])
        events.note([SuggestionEvent(one.id, "snoozed", at)])

    assert sorted(whats(database, one)) == ["done", "shown", "shown", "snoozed", "snoozed", "snoozed"]


def test_forgetting_a_person_forgets_what_happened_too(store: SuggestionStore, database: Database) -> None:
    one = kept(store)
    SuggestionEvents(database).note([SuggestionEvent(one.id, "shown", NOW)])

    assert store.forget(contact_id="c1") == 1
    assert whats(database, one) == []


def test_whoever_wants_to_know_is_told_of_new_wishes_and_breaks_nothing(database: Database) -> None:
    metadata.create_all(database.engine)
    told: list[Any] = []

    def broken(what: Any) -> None:
        told.append(what)
        raise RuntimeError("the listener is ill")

    one = SuggestionStore(database, on_added=broken).add(replace(ADVICE, made_by="plain"))
    note = Absence("mail:1", NOW, "c1", "", NOW + HOUR)
    Absences(database, on_added=broken).add(note)

    assert told == [(one,), note]


def test_absences_of_many_people_are_read_at_once(database: Database) -> None:
    metadata.create_all(database.engine)
    absences = Absences(database)
    absences.add(Absence("1", NOW, "c1", "", NOW + 9 * HOUR))
    absences.add(Absence("2", NOW, "c2", "", NOW + 9 * HOUR))
    absences.add(Absence("3", NOW + HOUR, "c2", "", NOW + HOUR))  # the newer word
    absences.add(Absence("4", NOW, "", "l1", NOW + 8 * HOUR))

    found = absences.away_of_all(NOW + 2 * HOUR, contact_ids=["c1", "c2", "c3", ""], lead_ids=["l1"])
    assert found == {"c1": NOW + 9 * HOUR, "l1": NOW + 8 * HOUR}


def test_what_nobody_saw_is_settled_and_what_somebody_saw_waits(store: SuggestionStore, database: Database) -> None:
    seen, unseen = kept(store), kept(store, key="b", about=About(deal_id="d2"))
    SuggestionEvents(database).note([SuggestionEvent(seen.id, "shown", NOW)])
    for one in (seen, unseen):
        store.close(one.id, "replaced", by="", at=NOW)
    settling = Settling(database)

    assert settling.settle_unseen(NOW + HOUR) == 0
    assert settling.settle_unseen(NOW + UNSEEN + HOUR) == 1
    ((waiting,),) = settling.unsettled()
    assert (waiting.suggestion.id, waiting.shown_at, waiting.noted) == (seen.id, NOW, {"shown"})
    settling.note([SuggestionEvent(seen.id, "done", NOW)], [seen.id], now=NOW)
    assert list(settling.unsettled()) == []
