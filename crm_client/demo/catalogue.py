"""The shop's products, read from catalogue.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from crm_client.records import Product

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class CatalogueEntry:
    """A product with what the generator needs to know about how it sells."""

    product: Product
    needs: tuple[str, ...]  # industries that buy it more than others
    size: int  # how many one deal usually takes


@cache
def catalogue() -> tuple[CatalogueEntry, ...]:
    data = yaml.safe_load((FOLDER / "catalogue.yaml").read_text(encoding="utf-8"))
    return tuple(_entry(item) for item in data["products"])


def _entry(item: dict[str, Any]) -> CatalogueEntry:
    product = Product(
        id=item["id"],
        code=item["id"].upper(),
        name_en=item["name"]["en"],
        name_ja=item["name"]["ja"],
        category=item["category"],
        unit_price=item["price"],
        summary_en=item["summary"]["en"],
        summary_ja=item["summary"]["ja"],
        image=f"/static/products/{item['id']}.svg",
        url=f"/products/{item['id']}",
    )
    return CatalogueEntry(product, tuple(item.get("needs", ())), item["size"])
