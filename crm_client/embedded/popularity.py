"""How popular each product is: counters kept by every change of a deal, so that asking is one small read.

For each product: the deals it is in, its revenue in won deals, and `recent`, where a deal counts half as much for
each 90 days of its age. The last one needs no clock and no nightly job: a deal's weight is 2^(created / 90 days)
for ever, and dividing the sum by 2^(now / 90 days) when somebody asks gives exactly the decayed sum of that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, insert, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.embedded.columns import Words
from crm_client.embedded.record_rows import DEALS, PRODUCTS
from crm_client.embedded.tables import crm_deal_products, crm_product_popularity, crm_stages
from crm_client.errors import CrmRejected
from crm_client.records import Deal, DealProduct, Outcome, Product, ProductCount

HALF_LIFE = timedelta(days=90)
MOST_PRODUCTS = 100

# Weights are counted from here; a century later they are still far from what a float can hold.
_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Share:
    """What one deal adds to one product's counters."""

    deals: int = 0
    revenue: int = 0
    recent: float = 0.0

    def __sub__(self, other: Share) -> Share:
        return Share(self.deals - other.deals, self.revenue - other.revenue, self.recent - other.recent)

    def __add__(self, other: Share) -> Share:
        return Share(self.deals + other.deals, self.revenue + other.revenue, self.recent + other.recent)


NOTHING = Share()
_table = crm_product_popularity
_category: Any = bindparam("category", "", Words())


def shares(deal: Deal | None, lines: Sequence[DealProduct], outcome: Outcome) -> dict[str, Share]:
    """What a deal adds, product by product. Nothing for a deal that is not there."""
    if deal is None or deal.created_at is None:
        return {}
    weight = _weight(deal.created_at)
    revenue = _revenue(deal, lines) if outcome is Outcome.WON else {}
    return {
        product_id: Share(1, revenue.get(product_id, 0), weight) for product_id in {line.product_id for line in lines}
    }


def _weight(moment: datetime) -> float:
    return float(2.0 ** ((moment - _BEGINNING) / HALF_LIFE))


def _revenue(deal: Deal, lines: Sequence[DealProduct]) -> dict[str, int]:
    """The deal's amount, divided in proportion to the lines' prices (evenly when no line has one) without losing a
    yen; without an amount the lines' prices themselves."""
    prices = [line.quantity * line.unit_price for line in lines]
    if deal.amount is not None:
        prices = _divided(deal.amount, prices if sum(prices) > 0 else [1] * len(lines))
    result: dict[str, int] = {}
    for line, price in zip(lines, prices, strict=True):
        result[line.product_id] = result.get(line.product_id, 0) + price
    return result


def _divided(amount: int, weights: Sequence[int]) -> list[int]:
    total, sofar, given, result = sum(weights), 0, 0, []
    for weight in weights:
        sofar += weight
        result.append(amount * sofar // total - given)
        given += result[-1]
    return result


def count(connection: Connection, before: Mapping[str, Share], after: Mapping[str, Share]) -> None:
    """Change the counters by what a deal's change made of `before`."""
    changes = {
        product_id: after.get(product_id, NOTHING) - before.get(product_id, NOTHING)
        for product_id in sorted({*before, *after})  # one order for all, so that no two writers wait for each other
    }
    rows = [_row(product_id, change) for product_id, change in changes.items() if change != NOTHING]
    if rows:
        connection.execute(_ADD[connection.dialect.name], rows)


def _row(product_id: str, share: Share) -> dict[str, Any]:
    return {"product_id": product_id, "deals": share.deals, "revenue": share.revenue, "recent": share.recent}


def _adding(fresh: Any) -> Any:
    names = ("deals", "revenue", "recent")
    added = {name: _table.c[name] + fresh.excluded[name] for name in names}
    return fresh.on_conflict_do_update(index_elements=["product_id"], set_=added)


_ADD = {"sqlite": _adding(sqlite.insert(_table)), "postgresql": _adding(postgresql.insert(_table))}

# After the last deal of a product is gone, what rounding left of its sum is not popularity.
_recent = case((_table.c.deals > 0, _table.c.recent), else_=0.0)
_SCORES = {"deals": _table.c.deals, "recent": _recent, "revenue": _table.c.revenue}
_QUERIES = {
    by: (
        select(*PRODUCTS.columns, _table.c.deals, _table.c.revenue, _recent)
        .join(_table, _table.c.product_id == PRODUCTS.table.c.id)
        .where(PRODUCTS.table.c.active, score > 0, or_(_category == "", PRODUCTS.table.c.category == _category))
        .order_by(score.desc(), PRODUCTS.table.c.code)
        .limit(bindparam("most"))
    )
    for by, score in _SCORES.items()
}


def popular(connection: Connection, by: str, category: str, limit: int, now: datetime) -> tuple[ProductCount, ...]:
    if by not in _QUERIES:
        raise CrmRejected("popular products", f"by must be one of: {', '.join(_QUERIES)}", "by")
    most = min(max(limit, 0), MOST_PRODUCTS)
    return tuple(
        ProductCount(Product(*product), deals, revenue, _score(by, deals, revenue, recent, now))
        for *product, deals, revenue, recent in connection.execute(_QUERIES[by], {"category": category, "most": most})
    )


def _score(by: str, deals: int, revenue: int, recent: float, now: datetime) -> float:
    if by == "recent":
        return recent / _weight(now)
    return float(deals if by == "deals" else revenue)


_LINES = (
    select(*DEALS.columns, crm_stages.c.outcome, *crm_deal_products.c)
    .join(crm_deal_products, crm_deal_products.c.deal_id == DEALS.table.c.id)
    .join(crm_stages, crm_stages.c.name == DEALS.table.c.stage)
    .order_by(DEALS.table.c.id, crm_deal_products.c.position)
    .execution_options(yield_per=1_000)
)


def recount(connection: Connection) -> None:
    """Count everything anew from the deals. Nobody else counts until this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE crm_product_popularity IN EXCLUSIVE MODE"))
    totals: dict[str, Share] = {}
    for deal, lines, outcome in _deals_with_lines(connection):
        add(totals, shares(deal, lines, outcome))
    connection.execute(delete(_table))
    if totals:
        connection.execute(insert(_table), [_row(*total) for total in sorted(totals.items())])


def add(totals: dict[str, Share], more: Mapping[str, Share]) -> None:
    for product_id, share in more.items():
        totals[product_id] = totals.get(product_id, NOTHING) + share


def _deals_with_lines(connection: Connection) -> Iterable[tuple[Deal, list[DealProduct], Outcome]]:
    width = len(DEALS.columns)
    for _, group in groupby(connection.execute(_LINES), key=lambda row: row[0]):
        rows = list(group)
        lines = [DealProduct(*row[width + 1 : width + 5]) for row in rows]
        yield Deal(*rows[0][:width]), lines, Outcome(rows[0][width])
