"""Many records at once: all of a chunk or nothing, and everything else stays as if they had been saved one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm_client.embedded.bulk import DealHistory, insert_many
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata
from crm_client.errors import CrmRejected
from crm_client.records import Activity, Contact, Deal, DealProduct, Email, Lead, Product, StageChange, Touchpoint
from motenashi.database import Database

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def crm(database: Database) -> EmbeddedCrm:
    metadata.create_all(database.engine)
    crm = EmbeddedCrm(database, clock=lambda: NOW)
    crm.save_product(Product("p", "p", "p", "p", "notebook", 100))
    return crm


def history(number: int, stage: str = "Closed Won") -> DealHistory:
    name = f"d{number}"
    return DealHistory(
        Deal(name, name, stage, contact_id="c1", created_at=NOW),
        (DealProduct(name, "p", 2, 100),),
        (StageChange(name, "", stage, NOW),),
        (Activity("", "event", "Demo", NOW, owner_id="o1", contact_id="c1"),),
        (Email("", "out", "Quote", NOW, contact_id="c1"),),
        (Touchpoint("", "chat", "chat", NOW, True, contact_id="c1"),),
    )


def test_everything_is_found_as_if_saved_one_by_one(crm: EmbeddedCrm) -> None:
    told: list[int] = []
    people = [Contact("c1", "Lee", email="Ann@Example.com"), Lead("", "Lee", "Co", phone="03-1234-5678")]
    made = insert_many(crm, [*people, *(history(n) for n in range(5))], chunk_size=3, progress=told.append)

    assert (made, told) == (7, [3, 6, 7])
    assert crm.find_contact(email="ann@example.com") == crm.contact("c1")
    assert crm.find_lead(phone="+81 3 1234 5678") is not None
    assert len(crm.deals_of_contact("c1")) == len(crm.activities_of(contact_id="c1")) == 5
    assert [one.deal_id for one in crm.activities_of(deal_id="d2")] == ["d2"]
    assert len(crm.emails_of(deal_id="d2")) == len(crm.stage_history("d2")) == 1
    assert len(crm.touchpoints_of(contact_id="c1")) == 5
    assert len(crm.events_between(NOW, NOW + timedelta(minutes=1), "o1")) == 5
    counted = crm.popular_products(by="revenue", now=NOW)
    assert [(one.deals, one.revenue) for one in counted] == [(5, 1_000)]
    crm.recount()
    assert crm.popular_products(by="revenue", now=NOW) == counted


def test_of_a_chunk_with_one_wrong_record_nothing_is_kept_but_the_chunks_before_it_are(crm: EmbeddedCrm) -> None:
    def records() -> Iterator[DealHistory]:
        yield from (history(n) for n in range(3))
        yield history(3, stage="No such stage")

    with pytest.raises(CrmRejected) as refused:
        insert_many(crm, records(), chunk_size=2)

    assert refused.value.field == "stage"
    assert {deal.id for deal in crm.deals_of_contact("c1")} == {"d0", "d1"}
    assert crm.popular_products(now=NOW)[0].deals == 2


def test_a_deal_without_its_id_or_birth_is_rejected(crm: EmbeddedCrm) -> None:
    for deal in (Deal("", "D", "Closed Won", created_at=NOW), Deal("d", "D", "Closed Won")):
        with pytest.raises(CrmRejected):
            insert_many(crm, [DealHistory(deal)])
