"""Many touchpoints in one write: each as if it were saved alone, and everybody concerned told of once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crm_client.embedded.changes import RecordChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata
from crm_client.errors import CrmRejected
from crm_client.records import Touchpoint
from motenashi.database import Database

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def told() -> list[RecordChange]:
    return []


@pytest.fixture
def crm(database: Database, told: list[RecordChange]) -> Iterator[EmbeddedCrm]:
    metadata.create_all(database.engine)
    yield EmbeddedCrm(database, clock=lambda: NOW, on_change=told.append)


def touch(number: int, contact_id: str = "c1") -> Touchpoint:
    at = NOW + timedelta(minutes=number)
    return Touchpoint("", "webinar", "webinar", at, True, contact_id, key=f"k{number}", title="Backups")


def test_more_than_one_query_takes_are_stored_in_their_order(crm: EmbeddedCrm) -> None:
    wanted = [touch(number) for number in range(1100)]

    stored = crm.save_touchpoints(wanted)

    assert [replace(one, id="") for one in stored] == wanted
    assert crm.touchpoints_of(contact_id="c1") == tuple(stored)
    assert crm.save_touchpoints([]) == ()


def test_each_person_is_told_of_once(crm: EmbeddedCrm, told: list[RecordChange]) -> None:
    crm.save_touchpoints([touch(1), touch(2), touch(3, "c2"), touch(4)])

    assert told == [RecordChange("touchpoints", contact_id="c1"), RecordChange("touchpoints", contact_id="c2")]


def test_a_key_seen_before_changes_nothing(crm: EmbeddedCrm) -> None:
    first = crm.save_touchpoint(touch(1), key="k1")

    again, new = crm.save_touchpoints([replace(touch(1), status="no_show"), touch(2)])

    assert again == first
    assert crm.touchpoints_of(contact_id="c1") == (first, new)


def test_statuses_change_by_key_and_nothing_else_does(crm: EmbeddedCrm, told: list[RecordChange]) -> None:
    first, second = crm.save_touchpoints([touch(1), touch(2, "c2")])
    told.clear()

    crm.set_touchpoint_statuses({"k1": "attended", "of nobody": "attended"})
    crm.set_touchpoint_statuses({})

    assert crm.touchpoints_of(contact_id="c1") == (replace(first, status="attended"),)
    assert crm.touchpoints_of(contact_id="c2") == (second,)
    assert told == [RecordChange("touchpoints", contact_id="c1")]


def test_one_that_does_not_fit_keeps_all_from_being_stored(crm: EmbeddedCrm, told: list[RecordChange]) -> None:
    for wrong in (replace(touch(2), key=""), replace(touch(2), id="t1"), replace(touch(2), title="x" * 256)):
        with pytest.raises(CrmRejected):
            crm.save_touchpoints([touch(1), wrong])

    assert crm.touchpoints_of(contact_id="c1") == () and told == []
