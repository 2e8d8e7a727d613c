"""Display cards in SalesIQ's JSON, and as plain text for channels that know no cards.

Source: Zoho SalesIQ's pages of display cards (links, file, carousels of one and several products, articles). The
exact JSON of video, single product and location is not published: with `cautious_cards` these go out as text and links.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

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


def shown(display: Display, target: Target) -> list[Item]:
    """A display card as reply items, in the richest form its channel can show."""
    if not target.limits.cards:
        return spoken(display, target)
    match display:
        case Text() | Image():
            return spoken(display, target)
        case Video():
            return _video(display, target)
        case File():
            return _file(display, target)
        case Links():
            return _links(display, target)
        case Articles():
            return _articles(display, target)
        case Products():
            return _products(display, target)
        case SingleProduct():
            return _single_product(display, target)
        case Place():
            return _place(display, target)


def spoken(display: Display, target: Target) -> list[Item]:
    """A display card as texts, some with a picture: what every channel can show."""
    match display:
        case Text():
            return _text(display.text, display.image, target)
        case Image():
            return _text(display.text, display.url, target, "picture")
        case Video():
            return _lines(display.text or target.says("video"), target.address(display.url))
        case File():
            return _lines(display.text or display.name or target.says("file"), target.address(display.url))
        case Links():
            return [
                *_text(display.text, display.image, target),
                *_lines(*(_link_line(link, target) for link in display.links)),
            ]
        case Articles():
            lines = (_link_line(Link(article.url, article.title or article.id), target) for article in display.articles)
            return [*_text(display.text, display.image, target), *_lines(*lines)]
        case Products():
            tiles = (item for tile in display.products for item in _spoken_tile(tile, target))
            return [*_text(display.text, "", target), *tiles]
        case SingleProduct():
            return _spoken_product(display, target)
        case Place():
            return _lines(display.label or target.says("place"), _map_address(display))


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


def say_labels(displays: Sequence[Display]) -> tuple[str, ...]:
    """Labels of buttons that say something in the chat: SalesIQ's carousels have none, so they become chips."""
    labels: list[str] = []
    for display in displays:
        if isinstance(display, Products):
            labels += [button.label for tile in display.products for button in tile.buttons if button.kind == "say"]
        elif isinstance(display, SingleProduct):
            labels += [button.label for button in display.buttons if button.kind == "say"]
    return tuple(dict.fromkeys(labels))


def _text(text: str, image: str, target: Target, unnamed: str = "") -> list[Item]:
    address = target.picture(image)
    if address:
        return [{"text": text or target.says(unnamed or "picture"), "image": address}]
    return [text] if text.strip() else []


def _lines(*lines: str) -> list[Item]:
    text = "\n".join(line for line in lines if line)
    return [text] if text.strip() else []


def _video(video: Video, target: Target) -> list[Item]:
    address = target.address(video.url)
    text = video.text or target.says("video")
    if not address:
        return _lines(text)
    if target.cautious:
        return [{"type": "links", "text": text, "links": [{"url": address, "text": text}]}]
    return [{"type": "video", "text": text, "url": address}]


def _file(file: File, target: Target) -> list[Item]:
    address = target.address(file.url)
    name = file.text or file.name or unquote(urlsplit(address).path.rsplit("/", 1)[-1]) or target.says("file")
    return [{"type": "file", "text": name, "url": address}] if address else _lines(name)


def _links(card: Links, target: Target) -> list[Item]:
    rows = [_link(link, target) for link in card.links]
    good = [row for row in rows if row]
    lost = [link.text for link, row in zip(card.links, rows, strict=True) if not row and link.text]
    if not good:
        return [*_text(card.text, card.image, target), *_lines(*lost)]
    item: dict[str, Any] = {"type": "links", "text": card.text or target.says("links"), "links": good}
    if image := target.picture(card.image):
        item["image"] = image
    return [item, *_lines(*lost)]


def _link(link: Link, target: Target) -> dict[str, Any]:
    address = target.address(link.url)
    if not address:
        return {}
    icon = target.picture(link.icon)
    return {"url": address, "text": link.text or address} | ({"icon": icon} if icon else {})


def _articles(card: Articles, target: Target) -> list[Item]:
    ids = [article.id for article in card.articles]
    if not ids or not all(id.isascii() and id.isdigit() for id in ids):  # not SalesIQ's own articles
        links = tuple(Link(article.url, article.title or article.id) for article in card.articles)
        return _links(Links(links, card.text, card.image), target)
    item: dict[str, Any] = {"type": "articles", "text": card.text or target.says("articles"), "articles": ids}
    if image := target.picture(card.image):
        item["image"] = image
    return [item]


def _products(card: Products, target: Target) -> list[Item]:
    tiles = [(tile, target.picture(tile.image)) for tile in card.products]
    elements = [_element(tile, image, target) for tile, image in tiles if image]
    plain = [item for tile, image in tiles if not image for item in _spoken_tile(tile, target)]
    if not elements:
        return [*_text(card.text, "", target), *plain]
    text = card.text or target.says("products")
    return [{"type": "multiple-product", "text": text, "elements": elements}, *plain]


def _element(tile: ProductTile, image: str, target: Target) -> dict[str, Any]:
    element: dict[str, Any] = {"id": tile.id or tile.title, "title": tile.title or tile.id, "image": image}
    if tile.subtitle:
        element["subtitle"] = tile.subtitle
    buttons = tile.buttons
    if tile.url and not any(button.kind == "url" for button in buttons):
        buttons = (Button(target.says("open"), f"open_{tile.id}", url=tile.url), *buttons)
    if actions := _actions(buttons, target):
        element["actions"] = actions
    return element


def _actions(buttons: Sequence[Button], target: Target) -> list[dict[str, Any]]:
    """Carousel buttons with names that differ within the card."""
    actions: list[dict[str, Any]] = []
    for number, button in enumerate(buttons, start=1):
        taken = {action["name"] for action in actions}
        name = button.name if button.name and button.name not in taken else f"{button.name or 'button'}_{number}"
        action: dict[str, Any] = {"label": button.label or target.says("open"), "name": name}
        address = target.address(button.url)
        if button.kind == "url" and address:
            actions.append(action | {"type": "url", "link": address})
        elif button.kind == "client_action" and button.client_action:
            actions.append(action | {"type": "client_action", "clientaction_name": button.client_action})
    return actions


def _single_product(card: SingleProduct, target: Target) -> list[Item]:
    images = [{"id": id or str(n), "image": target.picture(url)} for n, (id, url) in enumerate(card.images, start=1)]
    images = [image for image in images if image["image"]]
    if not images or not card.title or target.cautious:
        return _spoken_product(card, target)
    item: dict[str, Any] = {"type": "single-product", "text": card.text or card.title, "title": card.title}
    if card.subtitle:
        item["subtitle"] = card.subtitle
    item["elements"] = images
    if actions := _actions(card.buttons, target):
        item["actions"] = actions
    return [item]


def _place(place: Place, target: Target) -> list[Item]:
    if target.cautious:
        label = place.label or target.says("place")
        return _links(Links((Link(_map_address(place), label),), label), target)
    label = place.label or target.says("place")
    return [{"type": "location", "label": label, "latitude": f"{place.latitude}", "longitude": f"{place.longitude}"}]


def _map_address(place: Place) -> str:
    at = f"{place.latitude}/{place.longitude}"
    return f"https://www.openstreetmap.org/?mlat={place.latitude}&mlon={place.longitude}#map=17/{at}"


def _spoken_tile(tile: ProductTile, target: Target) -> list[Item]:
    lines = [tile.title or tile.id, tile.subtitle, target.address(tile.url), *_button_lines(tile.buttons, target)]
    return _text("\n".join(dict.fromkeys(line for line in lines if line)), tile.image, target)


def _spoken_product(card: SingleProduct, target: Target) -> list[Item]:
    lines = [card.text, card.title, card.subtitle, *_button_lines(card.buttons, target)]
    first, *rest = [*(url for _, url in card.images), ""]
    text = "\n".join(dict.fromkeys(line for line in lines if line))
    return [*_text(text, first, target), *(item for url in rest if url for item in _text("", url, target))]


def _button_lines(buttons: Sequence[Button], target: Target) -> list[str]:
    """Pages that buttons open; functions of a page mean nothing outside of it."""
    found = ((button.label, target.address(button.url)) for button in buttons if button.kind == "url")
    return [f"{label}: {address}" for label, address in found if address]


def _link_line(link: Link, target: Target) -> str:
    address = target.address(link.url)
    return f"{link.text}: {address}" if link.text and address else link.text or address
