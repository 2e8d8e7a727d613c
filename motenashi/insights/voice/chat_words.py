"""What a finished chat holds: the visitor's own words, and the products on the bot's cards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_ADDRESS = re.compile(r"\S+@\S+\.\S+|[\d\s()+\-‐ー–]{6,}")
LONGEST_CHAT = 20_000  # characters; as much as the reader reads


@dataclass(frozen=True)
class ChatLine:
    """One entry of a transcript; `reply` is a bot's reply as it is stored, JSON."""

    at: datetime
    author: str
    text: str
    reply: str = ""


@dataclass(frozen=True)
class ChatWords:
    """`text`: what the visitor typed, a message a line. `product_ids`: what the bot's cards showed, each once."""

    text: str
    product_ids: tuple[str, ...]
    began_at: datetime
    ended_at: datetime


def chat_words(lines: Sequence[ChatLine]) -> ChatWords:
    """Of at least one line. A click on what the bot had offered is no word of the visitor's own, neither is an address
    that was asked for."""
    said: list[str] = []
    products: dict[str, None] = {}
    offered: set[str] = set()
    for line in lines:
        if line.reply:
            given = _json(line.reply)
            offered = set(_texts(given))
            products |= dict.fromkeys(_products(given))
        elif line.author == "visitor" and _own_words(line.text.strip(), offered):
            said.append(line.text.strip())
    return ChatWords("\n".join(said)[:LONGEST_CHAT], tuple(products), lines[0].at, lines[-1].at)


def _own_words(text: str, offered: set[str]) -> bool:
    return bool(text) and text not in offered and not _ADDRESS.fullmatch(text)


def _json(reply: str) -> Any:
    try:
        return json.loads(reply)
    except ValueError:
        return None


def _texts(given: Any) -> Iterator[str]:
    """Every text in a reply: what can be clicked is among them."""
    if isinstance(given, str):
        yield given.strip()
    elif isinstance(given, dict):
        for value in given.values():
            yield from _texts(value)
    elif isinstance(given, list):
        for value in given:
            yield from _texts(value)


def _products(given: Any) -> Iterator[str]:
    """The ids on cards that show products (display_cards.Products)."""
    if isinstance(given, dict):
        tiles = given.get("products") if given.get("card") == "products" else None
        for tile in tiles if isinstance(tiles, list) else ():
            if isinstance(tile, dict) and isinstance(tile.get("id"), str):
                yield tile["id"]
        for value in given.values():
            yield from _products(value)
    elif isinstance(given, list):
        for value in given:
            yield from _products(value)
