"""Display cards in SalesIQ's JSON; `displays_in_words` has them for channels that know no cards.

Source: Zoho SalesIQ's pages of display cards (links, file, carousels of one and several products, articles). The
exact JSON of video, single product and location is not published: with `cautious_cards` these go out as text and links.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from motenashi.channels.salesiq.displays_in_words import (
    Item,
    lines_item,
    map_address,
    spoken,
    spoken_product,
    spoken_tile,
    text_item,
)
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


def say_labels(displays: Sequence[Display]) -> tuple[str, ...]:
    """Labels of buttons that say something in the chat: SalesIQ's carousels have none, so they become chips."""
    labels: list[str] = []
    for display in displays:
        if isinstance(display, Products):
            labels += [button.label for tile in display.products for button in tile.buttons if button.kind == "say"]
        elif isinstance(display, SingleProduct):
            labels += [button.label for button in display.buttons if button.kind == "say"]
    return tuple(dict.fromkeys(labels))


def _video(video: Video, target: Target) -> list[Item]:
    address = target.address(video.url)
    text = video.text or target.says("video")
    if not address:
        return lines_item(text)
    if target.cautious:
        return [{"type": "links", "text": text, "links": [{"url": address, "text": text}]}]
    return [{"type": "video", "text": text, "url": address}]


def _file(file: File, target: Target) -> list[Item]:
    address = target.address(file.url)
    name = file.text or file.name or unquote(urlsplit(address).path.rsplit("/", 1)[-1]) or target.says("file")
    return [{"type": "file", "text": name, "url": address}] if address else lines_item(name)


def _links(card: Links, target: Target) -> list[Item]:
    rows = [_link(link, target) for link in card.links]
    good = [row for row in rows if row]
    lost = [link.text for link, row in zip(card.links, rows, strict=True) if not row and link.text]
    if not good:
        return [*text_item(card.text, card.image, target), *lines_item(*lost)]
    item: dict[str, Any] = {"type": "links", "text": card.text or target.says("links"), "links": good}
    if image := target.picture(card.image):
        item["image"] = image
    return [item, *lines_item(*lost)]


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
    plain = [item for tile, image in tiles if not image for item in spoken_tile(tile, target)]
    if not elements:
        return [*text_item(card.text, "", target), *plain]
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
        return spoken_product(card, target)
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
        return _links(Links((Link(map_address(place), label),), label), target)
    label = place.label or target.says("place")
    return [{"type": "location", "label": label, "latitude": f"{place.latitude}", "longitude": f"{place.longitude}"}]
