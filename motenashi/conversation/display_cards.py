"""Cards that show something. All texts are in the visitor's language already; URLs are absolute or begin with /."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Text:
    text: str
    image: str = ""


@dataclass(frozen=True)
class Image:
    url: str
    text: str = ""


@dataclass(frozen=True)
class Video:
    url: str
    text: str = ""


@dataclass(frozen=True)
class File:
    url: str
    text: str = ""
    name: str = ""


@dataclass(frozen=True)
class Link:
    url: str
    text: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Links:
    links: tuple[Link, ...]
    text: str = ""
    image: str = ""


@dataclass(frozen=True)
class Article:
    """A page of the help centre. `id` is the platform's own id; `url` serves channels that know no articles."""

    id: str
    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Articles:
    articles: tuple[Article, ...]
    text: str = ""
    image: str = ""


@dataclass(frozen=True)
class Button:
    """A button on a product: opens a page, runs a function of the page, or says something in the chat."""

    label: str
    name: str
    kind: Literal["url", "client_action", "say"] = "url"
    url: str = ""
    client_action: str = ""


@dataclass(frozen=True)
class ProductTile:
    id: str
    title: str
    subtitle: str = ""
    image: str = ""
    url: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Products:
    """Several products side by side."""

    products: tuple[ProductTile, ...]
    text: str = ""


@dataclass(frozen=True)
class SingleProduct:
    """One product with one or several pictures; the buttons are shared by all pictures."""

    title: str
    images: tuple[tuple[str, str], ...]  # (id, url)
    text: str = ""
    subtitle: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Place:
    """A location shown to the visitor."""

    latitude: float
    longitude: float
    label: str = ""


Display = Text | Image | Video | File | Links | Articles | Products | SingleProduct | Place
