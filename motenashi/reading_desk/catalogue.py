"""What texts may name: the products of the CRM and the competitors of config.yaml, as the reader wants them."""

from __future__ import annotations

from collections.abc import Iterable

from crm_client.records import Product
from motenashi.reading_desk.settings import ReadingSettings
from nlp.mentions import Catalogue


def catalogue_of(products: Iterable[Product], settings: ReadingSettings) -> Catalogue:
    """A product is known by its id; its names and code, and the aliases that config.yaml gives it, all mean it."""
    aliases = {entry.code: entry.aliases for entry in settings.product_aliases}
    return Catalogue.from_records(
        [
            {
                "id": product.id,
                "name_en": product.name_en,
                "name_ja": product.name_ja,
                "aliases": [product.code, *aliases.get(product.code, ())],
            }
            for product in products
            if product.name_en or product.name_ja
        ],
        [
            {"id": each.id, "name_en": each.name, "name_ja": each.name_ja, "aliases": each.aliases}
            for each in settings.competitors
        ],
    )
