"""Products of the CRM as the tiles a flow shows with `products:`, and as lines for places that show no tiles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crm_client.records import Product
from motenashi.conversation.display_cards import ProductTile
from plugs.prices import price_text


def tile_of(product: Product, subtitle: str, language: str) -> ProductTile:
    return ProductTile(
        id=product.id, title=product.name(language), subtitle=subtitle, image=product.image, url=product.url
    )


def price_of(product: Product, language: str) -> str:
    return price_text(product.unit_price, product.currency, language)


def joined(parts: Iterable[str], language: str) -> str:
    """Facts side by side in one line."""
    return ("・" if language == "ja" else " · ").join(parts)


def as_lines(tiles: Sequence[ProductTile], language: str) -> str:
    """One product a line."""
    bullet, left, right = ("・", "（", "）") if language == "ja" else ("- ", " (", ")")
    return "\n".join(f"{bullet}{tile.title}{left}{tile.subtitle}{right}" for tile in tiles)
