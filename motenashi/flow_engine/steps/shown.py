"""What a step may show: text, picture, film, file, links, articles, products. Shared by the kinds that speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from motenashi.conversation import display_cards as cards
from motenashi.flow_engine.steps.step_kind import StepSpec
from motenashi.flow_engine.texts import LocalText, Value
from motenashi.flow_engine.turn import Turn


@dataclass(frozen=True)
class ShownFile:
    url: Annotated[LocalText, "Where it is."]
    name: Annotated[LocalText | None, "What the visitor sees."] = None


@dataclass(frozen=True)
class ShownLink:
    url: Annotated[LocalText, "Where it leads; http, https, mailto, tel, or a path that begins with /."]
    text: Annotated[LocalText, "What the visitor sees."]
    icon: Annotated[str, "A small picture's address."] = ""


@dataclass(frozen=True)
class ShownArticle:
    id: Annotated[str, "The platform's own id of the article."]
    title: Annotated[LocalText | None, "What channels without articles show."] = None
    url: Annotated[LocalText | None, "Where channels without articles lead."] = None


@dataclass(frozen=True)
class ShownButton:
    label: Annotated[
        LocalText, "On the button; `item` is the product. Without url and client_action it is what it says."
    ]
    url: Annotated[LocalText | None, "A page to open; `item` is the product."] = None
    client_action: Annotated[str, "A function that the page registered."] = ""


@dataclass(frozen=True, kw_only=True)
class Shown(StepSpec):
    """The keys of everything that speaks."""

    say: Annotated[LocalText | None, "The text."] = None
    image: Annotated[LocalText | None, "A picture's address."] = None
    video: Annotated[LocalText | None, "A film's address."] = None
    file: Annotated[ShownFile | None, "A file to download."] = None
    links: Annotated[tuple[ShownLink, ...], "Pages to open."] = ()
    articles: Annotated[tuple[ShownArticle, ...], "Pages of the help centre."] = ()
    products: Annotated[Value | None, "Several products: $variable with a plug's products."] = None
    product: Annotated[Value | None, "One product: $variable."] = None
    buttons: Annotated[tuple[ShownButton, ...], "Buttons on each product; `item` is the product."] = ()
    when_empty: Annotated[LocalText | None, "What to say instead when there are no products."] = None


def displays_of(spec: Shown, turn: Turn) -> Iterator[cards.Display]:
    """The cards of a step in the visitor's language. A products step with none shows `when_empty` alone."""
    tiles = list(_tiles(spec, turn))
    if (spec.products or spec.product) and not tiles:
        if spec.when_empty:
            yield cards.Text(turn.text(spec.when_empty))
        return
    say = turn.text(spec.say) if spec.say else ""
    yield from _text_cards(spec, turn, say, beside=bool(tiles or spec.links or spec.articles))
    if spec.links:
        yield cards.Links(tuple(_links(spec, turn)), text=say)
    if spec.articles:
        yield cards.Articles(tuple(_article(article, turn) for article in spec.articles), text=say)
    if tiles:
        yield _product_card(spec, tiles, say)


def _text_cards(spec: Shown, turn: Turn, say: str, *, beside: bool) -> Iterator[cards.Display]:
    image = _safe_url(turn.text(spec.image)) if spec.image else ""
    video = _safe_url(turn.text(spec.video)) if spec.video else ""
    if say and not beside and not video and not spec.file:
        yield cards.Text(say, image)
    elif image:
        yield cards.Image(image, "" if beside else say)
    if video:
        yield cards.Video(video, say)
    if spec.file and (url := _safe_url(turn.text(spec.file.url))):
        yield cards.File(url, say, turn.text(spec.file.name) if spec.file.name else "")


def _links(spec: Shown, turn: Turn) -> Iterator[cards.Link]:
    for link in spec.links:
        if url := _safe_url(turn.text(link.url)):
            yield cards.Link(url, turn.text(link.text), link.icon)


def _article(article: ShownArticle, turn: Turn) -> cards.Article:
    title = turn.text(article.title) if article.title else ""
    return cards.Article(article.id, title, _safe_url(turn.text(article.url)) if article.url else "")


def _product_card(spec: Shown, tiles: list[cards.ProductTile], say: str) -> cards.Display:
    if spec.products:
        return cards.Products(tuple(tiles), say)
    tile = tiles[0]
    images = ((tile.id, tile.image),) if tile.image else ()
    return cards.SingleProduct(tile.title, images, say, tile.subtitle, tile.buttons)


def _tiles(spec: Shown, turn: Turn) -> Iterator[cards.ProductTile]:
    value = spec.products or spec.product
    found = turn.value(value) if value else None
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, Mapping) and item.get("title"):
            buttons = tuple(_button(number, button, item, turn) for number, button in enumerate(spec.buttons, 1))
            yield _tile(item, buttons)


def _tile(item: Mapping[str, Any], buttons: tuple[cards.Button, ...]) -> cards.ProductTile:
    def word(key: str) -> str:
        return str(item.get(key) or "")

    return cards.ProductTile(
        word("id") or word("title"),
        word("title"),
        word("subtitle"),
        _safe_url(word("image")),
        _safe_url(word("url")),
        buttons,
    )


def _button(number: int, button: ShownButton, item: Mapping[str, Any], turn: Turn) -> cards.Button:
    label = turn.text(button.label, item=item)
    name = f"{item.get('id') or item.get('title')}_{number}"
    url = _safe_url(turn.text(button.url, item=item)) if button.url else ""
    kind: Literal["url", "client_action", "say"] = "client_action" if button.client_action else "say"
    if url and not button.client_action:
        kind = "url"
    return cards.Button(label, name, kind, url, button.client_action)


def _safe_url(url: str) -> str:
    """The address itself when a visitor may be led there, '' otherwise (javascript:, data: and the like)."""
    url = url.strip()
    if "\\" in url or any(character <= " " for character in url):  # browsers read /\host as another site
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme in ("http", "https"):
        return url if parts.netloc else ""
    if parts.scheme in ("mailto", "tel"):
        return url
    return url if not parts.scheme and url.startswith("/") and not url.startswith("//") else ""


def check_shown(spec: Shown) -> bool:
    """Does it show anything at all?"""
    return any((spec.say, spec.image, spec.video, spec.file, spec.links, spec.articles, spec.products, spec.product))
