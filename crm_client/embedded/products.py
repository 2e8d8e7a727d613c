"""Products, and how popular they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from crm_client.embedded import popularity
from crm_client.embedded.record_rows import PRODUCTS, check, fetch, save
from crm_client.embedded.store import Store
from crm_client.records import Product, ProductCount

_ALL: Any = (
    select(*PRODUCTS.columns)
    .where(or_(PRODUCTS.table.c.active, bindparam("inactive_too")))
    .order_by(PRODUCTS.table.c.category, PRODUCTS.table.c.code)
)


class Products(Store):
    def products(self, *, active_only: bool = True) -> Sequence[Product]:
        """By category, then code."""
        with self.reading("list products") as connection:
            rows = connection.execute(_ALL, {"inactive_too": not active_only})
            return tuple(Product(*row) for row in rows)

    def product(self, product_id: str) -> Product | None:
        with self.reading("read product") as connection:
            return fetch(connection, PRODUCTS, product_id)

    def save_product(self, product: Product) -> Product:
        """CrmRejected (field `code`) when another product has this code."""
        check(PRODUCTS, product, "save product")
        with self.writing("save product") as connection:
            return save(connection, PRODUCTS, product, now=self._clock())

    def popular_products(
        self, *, by: str = "deals", category: str = "", limit: int = 5, now: datetime
    ) -> Sequence[ProductCount]:
        """`by`: deals, recent or revenue. Active products only; one that nobody bought is not popular. One query."""
        with self.reading("popular products") as connection:
            return popularity.popular(connection, by, category, limit, now)

    def recount(self) -> None:
        """Build the popularity counters anew from the deals; increments and this give the same."""
        with self.writing("recount popularity") as connection:
            popularity.recount(connection)
