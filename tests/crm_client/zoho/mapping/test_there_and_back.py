"""What goes to Zoho and comes back is what it was, for every field of every kind of record."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_client.zoho.mapping.field_map import MIRRORED, FieldMap, Record, module_of
from crm_client.zoho.settings import ZohoSettings
from tests.crm_client.zoho.mapping.record_strategies import by_module, records

OWN = tuple(
    f"{module}.{name}"
    for module in ("accounts", "contacts", "leads", "deals")
    for name in ("Loyalty_Level", "Score", "Interests")
)
SETTINGS = ZohoSettings(fields={"contacts": {"language": "Language", "time_zone": "Zone"}})
FIELD_MAP = FieldMap(SETTINGS, OWN, clock=lambda: datetime(2026, 2, 3, tzinfo=UTC))
STAMPS = {"Created_Time": "2026-02-01T10:00:00+09:00", "Modified_Time": "2026-02-02T10:00:00+09:00"}
LINKED = {"local": lambda module, theirs: theirs.removeprefix(f"{module}-")}
TO_ZOHO = {"zoho": lambda module, ours: f"{module}-{ours}"}


def there_and_back(record: Record, old: Record | None = None) -> tuple[dict[str, Any], Record]:
    module = module_of(record)
    raw = FIELD_MAP.new_raw(module, record, **TO_ZOHO)
    answer = dict.fromkeys(FIELD_MAP.fields_to_read(module)) | STAMPS | raw | {"id": f"{module}-{record.id}"}
    answer = json.loads(json.dumps(answer))
    return answer, FIELD_MAP.to_record(module, answer, old, **LINKED)


def written(record: Record) -> dict[str, Any]:
    fields = FIELD_MAP.writable(module_of(record))
    return {name: getattr(record, name, getattr(record, "extra", {}).get(name)) for name in fields}


@given(records)
def test_a_record_that_goes_to_zoho_comes_back_as_it_was(record: Record) -> None:
    _, back = there_and_back(record)

    assert written(back) == written(record)
    assert back.id == record.id


@given(records)
def test_what_zoho_tells_of_our_own_record_is_no_change(record: Record) -> None:
    module = module_of(record)
    answer, back = there_and_back(record)
    again = FIELD_MAP.to_record(module, answer, back, **LINKED)

    assert FIELD_MAP.base_of(module, back) == FIELD_MAP.base_of(module, record)
    assert again == back
    assert json.loads(json.dumps(FIELD_MAP.base_of(module, back))) == FIELD_MAP.base_of(module, back)


@given(records)
def test_a_base_goes_out_as_the_record_itself_does(record: Record) -> None:
    module = module_of(record)
    base = json.loads(json.dumps(FIELD_MAP.base_of(module, record)))

    assert FIELD_MAP.to_raw(module, base, record, **TO_ZOHO) == FIELD_MAP.to_raw(
        module, written(record), record, **TO_ZOHO
    )


@given(st.sampled_from(MIRRORED).flatmap(lambda module: st.tuples(by_module[module], by_module[module])))
def test_the_fields_that_differ_make_the_one_record_into_the_other(pair: tuple[Record, Record]) -> None:
    """As the outbox does it: the difference of two bases, written as an update."""
    before, after = pair
    module = module_of(before)
    if module == "notes":
        return  # they never move
    after = dataclasses.replace(after, id=before.id)
    was, shall = FIELD_MAP.base_of(module, before), FIELD_MAP.base_of(module, after)
    changes = {name: value for name, value in shall.items() if was[name] != value}
    answer, _ = there_and_back(before)
    answer |= FIELD_MAP.to_raw(module, changes, after, **TO_ZOHO)

    there = FIELD_MAP.to_record(module, answer, None, **LINKED)

    owner = {"owner_id": ""}  # a record in Zoho always has one: none is not written
    assert FIELD_MAP.base_of(module, there) | owner == shall | owner


@pytest.mark.parametrize("module", MIRRORED)
def test_every_written_field_is_drawn_with_a_value(module: str) -> None:
    """Or the tests above say nothing of it."""
    drawn: set[str] = set()

    @given(by_module[module])
    def collect(record: Record) -> None:
        drawn.update(name for name, value in written(record).items() if value)

    collect()

    assert drawn == FIELD_MAP.writable(module)
