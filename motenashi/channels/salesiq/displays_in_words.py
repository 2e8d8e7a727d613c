"""Display cards as plain texts, some with a picture: what every channel behind SalesIQ can show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from motenashi.channels.salesiq.target import Target
from motenashi.conversation.display_cards import (
    Articles,
    Button,
    Display,
    File,
    Image,
    Link,
    Links,
    Place,
    Products,
    ProductTile,
    SingleProduct,
    Text,
    Video,
)

Item = str | dict[str, Any]


def spoken(display: Display, target: Target) -> list[Item]:
    """A display card as texts, some with a picture: what every channel can show."""
    match display:
        case Text():
            return text_item(display.text, display.image, target)
        case Image():
            return text_item(display.text, display.url, target, "picture")
        case Video():
            return lines_item(display.text or target.says("video"), target.address(display.url))
        case File():
            return lines_item(display.text or display.name or target.says("file"), target.address(display.url))
        case Links():
            return [
                *text_item(display.text, display.image, target),
                *lines_item(*(_link_line(link, target) for link in display.links)),
            ]
        case Articles():
            lines = (_link_line(Link(article.url, article.title or article.id), target) for article in display.articles)
            return [*text_item(display.text, display.image, target), *lines_item(*lines)]
        case Products():
            tiles = (item for tile in display.products for item in spoken_tile(tile, target))
            return [*text_item(display.text, "", target), *tiles]
        case SingleProduct():
            return spoken_product(display, target)
        case Place():
            return lines_item(display.label or target.says("place"), map_address(display))


def words_only(display: Display, target: Target) -> list[str]:
    """A display card as strings, for the actions that take no cards at all (forward, end, block, pending …)."""
    return [as_text(item) for item in spoken(display, target)]


def as_text(item: Item) -> str:
    """Any reply item as one text that says all it holds."""
    if isinstance(item, str):
        return item
    if "type" not in item:
        return "\n".join(part for part in (item["text"], item.get("image", "")) if part)
    rows = [*item.get("links", ()), *item.get("elements", ())]
    lines = [str(item.get("text", "")), str(item.get("title", "")), str(item.get("url", ""))]
    for row in rows:
        links = [action["link"] for action in row.get("actions", ()) if "link" in action]
        lines.append(" ".join(str(row[key]) for key in ("title", "subtitle", "text", "url") if row.get(key)))
        lines.extend(links)
    if item["type"] == "location":
        lines.append(json.dumps([item["latitude"], item["longitude"]]))
    return "\n".join(line for line in lines if line)


def text_item(text: str, image: str, target: Target, unnamed: str = "") -> list[Item]:
    address = target.picture(image)
    if address:
        return [{"text": text or target.says(unnamed or "picture"), "image": address}]
    return [text] if text.strip() else []


def lines_item(*lines: str) -> list[Item]:
    text = "\n".join(line for line in lines if line)
    return [text] if text.strip() else []


def spoken_tile(tile: ProductTile, target: Target) -> list[Item]:
    address, buttons = target.address(tile.url), _button_lines(tile.buttons, target)
    if any(address in line for line in buttons):
        address = ""
    lines = [tile.title or tile.id, tile.subtitle, address, *buttons]
    return text_item("\n".join(dict.fromkeys(line for line in lines if line)), tile.image, target)


def spoken_product(card: SingleProduct, target: Target) -> list[Item]:
    lines = [card.text, card.title, card.subtitle, *_button_lines(card.buttons, target)]
    first, *rest = [*(url for _, url in card.images), ""]
    text = "\n".join(dict.fromkeys(line for line in lines if line))
    return [*text_item(text, first, target), *(item for url in rest if url for item in text_item("", url, target))]


def _button_lines(buttons: Sequence[Button], target: Target) -> list[str]:
    """Pages that buttons open; functions of a page mean nothing outside of it."""
    found = ((button.label, target.address(button.url)) for button in buttons if button.kind == "url")
    return [f"{label}: {address}" for label, address in found if address]


def _link_line(link: Link, target: Target) -> str:
    address = target.address(link.url)
    return f"{link.text}: {address}" if link.text and address else link.text or address


def map_address(place: Place) -> str:
    at = f"{place.latitude}/{place.longitude}"
    return f"https://www.openstreetmap.org/?mlat={place.latitude}&mlon={place.longitude}#map=17/{at}"
