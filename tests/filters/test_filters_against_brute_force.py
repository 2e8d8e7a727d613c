"""Random filters on random companies find the same records as plain Python that looks at every one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motenashi.database import Database
from motenashi.filters.desk import FilterDesk
from tests.filters.brute_force import TOKYO, BruteForce
from tests.filters.random_filters import CUSTOM, filters
from tests.filters.small_world import NOW, make_tables, store, worlds

MODULES = ("leads", "contacts", "accounts", "deals")
FILTERS_A_WORLD = 8


@pytest.fixture
def world_database(database: Database) -> Iterator[Database]:
    make_tables(database)
    yield database


@pytest.mark.parametrize("module", MODULES)
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_filters_find_what_brute_force_finds(world_database: Database, module: str, data: st.DataObject) -> None:
    world = data.draw(worlds(), label="world")
    store(world_database, world)
    desk = FilterDesk(world_database, zone=TOKYO, clock=lambda: NOW)
    custom = _custom_kinds(desk)
    brute = BruteForce(world, NOW)
    for number in range(FILTERS_A_WORLD):
        written = data.draw(filters(module, custom), label=f"filter {number}")
        chosen = desk.read(module, written)
        found = list(desk.ids(chosen, 1_000))

        assert found == brute.ids(module, written), chosen.json
        assert desk.count(chosen) == len(found)


def _custom_kinds(desk: FilterDesk) -> frozenset[str]:
    """The custom fields that contacts and accounts both have in the kind we know them in: only these are asked for."""
    of_both = [
        {(info.name, info.type) for info in desk.fields(module) if info.custom} for module in ("contacts", "accounts")
    ]
    return frozenset(name for name, _ in of_both[0] & of_both[1] & set(CUSTOM.items()))
