"""The counters kept by increments are those that a recount gives, whatever happened to the deals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata
from crm_client.records import Deal, DealProduct, Product, ProductCount
from motenashi.database import Database

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
CODES = ("a", "b", "c")

_lines = st.lists(
    st.builds(
        DealProduct, st.just(""), st.sampled_from(CODES), st.integers(0, 3), st.sampled_from([0, 1, 333, 10_000])
    ),
    max_size=4,
)
_stage = st.sampled_from(["Qualification", "Negotiation/Review", "Closed Won", "Closed Lost"])
_amount = st.one_of(st.none(), st.integers(0, 10**9))
_number = st.integers(0, 4)
_change = st.one_of(
    st.tuples(st.just("save"), _number, _stage, _amount, _lines, st.integers(0, 2_000)),
    st.tuples(st.just("update"), _number, _stage, _amount),
    st.tuples(st.just("lines"), _number, _lines),
    st.tuples(st.just("delete"), _number),
)


def make(crm: EmbeddedCrm, change: Sequence[Any]) -> None:
    what, number, *rest = change
    deal_id = f"d{number}"
    if what == "save":
        stage, amount, lines, days = rest
        deal = Deal(deal_id, "A deal", stage, amount=amount, created_at=NOW - timedelta(days=days))
        crm.save_deal(deal, lines, at=NOW)
    elif what == "delete":
        crm.delete_deal(deal_id)
    elif crm.deal(deal_id) is None:
        return
    elif what == "update":
        stage, amount = rest
        crm.update_record("deals", deal_id, {"stage": stage, "amount": amount})
    else:
        crm.set_products_of_deal(deal_id, rest[0])


def counts(crm: EmbeddedCrm) -> dict[str, list[tuple[str, int, int]]]:
    def row(count: ProductCount) -> tuple[str, int, int]:
        return count.product.code, count.deals, count.revenue

    return {by: [row(count) for count in crm.popular_products(by=by, now=NOW)] for by in ("deals", "revenue")}


def recent(crm: EmbeddedCrm) -> dict[str, float]:
    return {count.product.code: count.score for count in crm.popular_products(by="recent", now=NOW)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(_change, max_size=12))
def test_increments_equal_a_recount_after_any_changes(database: Database, changes: list[Sequence[Any]]) -> None:
    metadata.create_all(database.engine)
    with database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    crm = EmbeddedCrm(database, clock=lambda: NOW)
    for code in CODES:
        crm.save_product(Product(code, code, code, code, "notebook", 100))
    for change in changes:
        make(crm, change)

    counted, decayed = counts(crm), recent(crm)
    crm.recount()

    assert counts(crm) == counted
    assert recent(crm) == pytest.approx(decayed, abs=1e-9)


def test_the_decayed_sum_is_that_of_the_moment_of_asking(database: Database) -> None:
    metadata.create_all(database.engine)
    crm = EmbeddedCrm(database, clock=lambda: NOW)
    item = crm.save_product(Product("", "a", "a", "a", "notebook", 100))
    ages = (0, 17, 90, 400, 729)
    for days in ages:
        crm.save_deal(Deal("", "D", "Closed Lost"), [DealProduct("", item.id)], at=NOW - timedelta(days=days))

    for later in (0, 45, 1_000):
        expected = sum(0.5 ** ((days + later) / 90) for days in ages)
        (found,) = crm.popular_products(by="recent", now=NOW + timedelta(days=later))
        assert found.score == pytest.approx(expected)


def test_a_turns_questions_cost_one_statement_each(database: Database) -> None:
    metadata.create_all(database.engine)
    crm = EmbeddedCrm(database, clock=lambda: NOW)
    items = [crm.save_product(Product("", f"p{n}", "p", "p", "notebook", 100)) for n in range(8)]
    deals = [
        crm.save_deal(Deal("", "D", "Closed Won", contact_id="c1"), [DealProduct("", item.id)], at=NOW)
        for item in items
    ]
    statements: list[str] = []
    event.listen(database._reading, "before_cursor_execute", lambda _c, _cur, sql, *_: statements.append(sql))

    crm.find_contact(email="a@example.com", phone="09012345678")
    crm.find_lead(email="a@example.com")
    crm.deals_of_contact("c1")
    crm.products_of_deals([deal.id for deal in deals])
    crm.popular_products(by="recent", category="notebook", now=NOW)

    assert len([sql for sql in statements if sql.startswith("SELECT")]) == 5
