"""Whatever text or value comes in: it is kept as it is (cleaned) or rejected; nothing else ever happens."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_client.embedded.columns import kept
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.embedded.stages import DEFAULT_STAGES
from crm_client.embedded.tables import metadata
from crm_client.errors import CrmRejected
from crm_client.records import Contact, Deal, DealProduct, Lead, Outcome, Product, Stage
from motenashi.database import Database

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

# Everything Python calls a text: NUL and lone surrogates too.
any_text = st.text(st.characters(exclude_categories=()), max_size=300)
any_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=5,
)
fields = st.sampled_from(
    [
        "name",
        "stage",
        "amount",
        "repeat",
        "Closing_Date",
        "Contact_Name",
        "Owner",
        "currency",
        "extra",
        "Loyal",
        "nothing",
    ]
)
often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def crm(database: Database) -> EmbeddedCrm:
    metadata.create_all(database.engine)
    return EmbeddedCrm(database, EmbeddedCrmSettings(custom_fields=("deals.Loyal",)), clock=lambda: NOW)


@often
@given(last=any_text, first=any_text, address=any_text, note=any_text)
def test_any_text_is_kept_or_rejected(crm: EmbeddedCrm, last: str, first: str, address: str, note: str) -> None:
    try:
        stored = crm.save_contact(Contact("", last, first, email=address, extra={"Note": note}))
        lead = crm.save_lead(Lead("", last, first, email=address, note=note))
    except CrmRejected as refused:
        assert refused.field in ("last_name", "first_name", "email", "company")
        return
    assert (stored.last_name, stored.first_name, stored.email) == (kept(last), kept(first), kept(address))
    assert stored.extra == {"Note": kept(note)}
    assert crm.contact(stored.id) == stored
    assert crm.lead(lead.id) == lead


@often
@given(field=fields, value=any_value)
def test_any_value_for_a_field_is_set_or_rejected(crm: EmbeddedCrm, field: str, value: Any) -> None:
    deal = crm.save_deal(Deal("one", "A deal", "Qualification"), at=NOW)
    try:
        crm.update_record("deals", deal.id, {field: value})
    except CrmRejected as refused:
        assert refused.field
    stored = crm.deal("one")
    assert stored is not None
    assert stored.stage in {stage.name for stage in DEFAULT_STAGES}
    crm.delete_deal("one")


def test_a_custom_field_is_set_when_the_operator_named_it(crm: EmbeddedCrm) -> None:
    deal = crm.save_deal(Deal("", "A deal", "Qualification", extra={"Old": 1}), at=NOW)
    crm.update_record("Deals", deal.id, {"Loyal": {"since": date(2020, 1, 1)}})
    changed = crm.deal(deal.id)
    assert changed is not None
    assert changed.extra == {"Old": 1, "Loyal": {"since": "2020-01-01"}}

    with pytest.raises(CrmRejected) as refused:
        crm.update_record("Contacts", deal.id, {"Loyal": 1})
    assert refused.value.field == "Loyal"


@pytest.mark.parametrize("wrong", [{"x": object()}, {"x": float("nan")}, ["no mapping"]])
def test_extra_fields_that_are_no_json_are_rejected(crm: EmbeddedCrm, wrong: Any) -> None:
    with pytest.raises(CrmRejected) as refused:
        crm.save_contact(Contact("", "Lee", extra=wrong))

    assert refused.value.field == "extra"


def test_an_outcome_comes_from_the_stage_and_never_from_its_name(crm: EmbeddedCrm) -> None:
    item = crm.save_product(Product("", "a", "a", "a", "notebook", 100))
    crm.set_stages([Stage("Closed Lost", Outcome.WON, 1), Stage("商談中", Outcome.OPEN, 0)])
    crm.save_deal(Deal("", "D", "Closed Lost", contact_id="c1"), [DealProduct("", item.id, 1, 100)], at=NOW)

    assert [stage.name for stage in crm.stages()] == ["商談中", "Closed Lost"]
    assert len(crm.deals_of_contact("c1", [Outcome.WON])) == 1
    assert crm.popular_products(by="revenue", now=NOW)[0].revenue == 100

    crm.set_stages([Stage("Closed Lost", Outcome.LOST, 1)])
    assert list(crm.popular_products(by="revenue", now=NOW)) == []
    with pytest.raises(CrmRejected) as refused:
        crm.set_stages(DEFAULT_STAGES[:2])
    assert refused.value.field == "stage"


@pytest.mark.parametrize("field", ["amount", "expected_close"])
def test_a_refused_value_is_not_repeated_for_it_may_be_a_visitors_words(crm: EmbeddedCrm, field: str) -> None:
    stage = crm.stages()[0].name
    deal = crm.save_deal(Deal("", "One", stage), at=NOW)
    with pytest.raises(CrmRejected) as caught:
        crm.update_record("deals", deal.id, {field: "ann@example.com"})

    assert "ann@example.com" not in str(caught.value)
