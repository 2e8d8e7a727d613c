"""Notes about contacts, leads and deals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crm_client.embedded.changes import RecordChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata
from crm_client.errors import CrmRejected
from crm_client.records import Note
from motenashi.database import Database

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def told() -> list[RecordChange]:
    return []


@pytest.fixture
def crm(database: Database, told: list[RecordChange]) -> EmbeddedCrm:
    metadata.create_all(database.engine)
    return EmbeddedCrm(database, clock=lambda: NOW, on_change=told.append)


def test_a_note_comes_back_with_every_field_under_each_id(crm: EmbeddedCrm) -> None:
    note = Note("", "Chat", "Asked for the price. 価格", NOW, "c1", "l1", "d1", "o1", key="chat-1")
    stored = crm.save_note(note)

    assert stored == replace(note, id=stored.id)
    for wanted in ({"contact_id": "c1"}, {"lead_id": "l1"}, {"deal_id": "d1"}, {"contact_id": "c1", "deal_id": "d1"}):
        assert crm.notes_of(**wanted) == (stored,)
    assert crm.notes_of(contact_id="c1", lead_id="another") == ()
    assert crm.notes_of() == ()


def test_notes_come_in_time_order(crm: EmbeddedCrm) -> None:
    late = crm.save_note(Note("", "late", "", NOW, contact_id="c1"))
    early = crm.save_note(Note("", "early", "", NOW - timedelta(days=1), contact_id="c1"))

    assert crm.notes_of(contact_id="c1") == (early, late)


def test_the_same_key_makes_one_note_and_changing_it_is_no_repetition(crm: EmbeddedCrm) -> None:
    first = crm.save_note(Note("", "Chat", "first", NOW, contact_id="c1"), key="k")
    again = crm.save_note(Note("", "Chat", "second", NOW, contact_id="c1"), key="k")

    assert again == first
    changed = crm.save_note(replace(first, text="third"))
    assert crm.notes_of(contact_id="c1") == (changed,)
    assert changed.text == "third"


@pytest.mark.parametrize(
    "note, field",
    [
        (Note("", "Chat", "text", NOW), "contact_id"),
        (Note("", " ", "", NOW, contact_id="c1"), "text"),
        (Note("", "x" * 256, "text", NOW, contact_id="c1"), "title"),
        (Note("", "", "x" * 32_001, NOW, contact_id="c1"), "text"),
        (Note("", "Chat", "text", NOW.replace(tzinfo=None), contact_id="c1"), "at"),
    ],
    ids=["about nobody", "empty", "long title", "long text", "no time zone"],
)
def test_a_note_that_does_not_fit_is_rejected_by_its_field(crm: EmbeddedCrm, note: Note, field: str) -> None:
    with pytest.raises(CrmRejected) as rejected:
        crm.save_note(note)

    assert rejected.value.field == field
    assert crm.notes_of(contact_id="c1") == ()


def test_whoever_wants_to_know_is_told_of_a_note(crm: EmbeddedCrm, told: list[RecordChange]) -> None:
    crm.save_note(Note("", "Chat", "text", NOW, contact_id="c1", deal_id="d1"))

    assert told == [RecordChange("notes", "d1", "c1")]
