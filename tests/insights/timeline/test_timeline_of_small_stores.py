"""Whatever a store holds, a timeline equals the plain computation: every person, view, gap and mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from sqlalchemy import insert

from crm_client.embedded import tables as crm
from motenashi.database import Database
from motenashi.insights.timeline.module_rhythms import ModuleRhythms
from motenashi.insights.timeline.reader import TimelineReader
from motenashi.insights.timeline.tables import metadata as timeline_tables
from motenashi.insights.timeline.timeline import PersonKind
from motenashi.storage.open_database import open_database
from tests.insights.timeline import brute_force
from tests.insights.timeline.compare import compare
from tests.insights.timeline.small_stores import CONTACT_OF_DEAL, NOW, facts_of, fill, stores

TOKYO = ZoneInfo("Asia/Tokyo")
EVERYBODY: tuple[tuple[PersonKind, str], ...] = (("contact", "c1"), ("contact", "c2"), ("lead", "l1"), ("lead", "l2"))


def check(database: Database, store: dict[str, list[Any]]) -> None:
    fill(database, store)
    rhythms = ModuleRhythms(database, TOKYO)
    rhythms.recompute(NOW)
    reader = TimelineReader(database, TOKYO, rhythms, lambda: NOW)
    for module in ("contacts", "leads"):
        people = [(kind, name) for kind, name in EVERYBODY if f"{kind}s" == module]
        facts = {person: facts_of(store, *person) for person in people}
        usual = brute_force.mean(facts.values())
        computed = rhythms.of(module)
        assert computed is not None
        assert computed.mean_s == (None if usual is None else pytest.approx(float(usual / 1_000_000), rel=1e-12))
        for (kind, name), told in facts.items():
            compare(reader, kind, name, told, usual, NOW)


def with_people(database: Database) -> Database:
    for metadata in (crm.metadata, timeline_tables):
        metadata.create_all(database.engine)
    with database.write() as connection:
        connection.execute(insert(crm.crm_contacts), [{"id": one, "created_at": NOW} for one in ("c1", "c2")])
        deals = [
            {"id": one, "contact_id": contact_id, "repeat": False, "created_at": NOW}
            for one, contact_id in CONTACT_OF_DEAL.items()
        ]
        connection.execute(insert(crm.crm_deals), deals)
    return database


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = with_people(open_database(f"sqlite:///{tmp_path_factory.mktemp('small')}/small.db"))
    yield database
    database.engine.dispose()


@given(store=stores())
@settings(max_examples=30, deadline=None)
def test_small_stores(small: Database, store: dict[str, list[Any]]) -> None:
    check(small, store)


@pytest.mark.postgres
def test_small_stores_on_postgresql(postgres_url: str) -> None:
    database = with_people(open_database(postgres_url))

    @given(store=stores())
    @settings(max_examples=12, deadline=None)
    def every(store: dict[str, list[Any]]) -> None:
        check(database, store)

    every()
    database.engine.dispose()
