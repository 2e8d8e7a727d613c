"""What an address of a list asks for: its filter, what was typed into the search box, the order, the place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for

from motenashi.clean_text import clean_text
from motenashi.filters.infos import SavedFilter
from motenashi.pages.lists.conditions import searched
from motenashi.pages.lists.list_view import ListsDesk

LONGEST_SEARCH = 200
BIGGEST_ID = 2**31  # no database holds a larger one


@dataclass(frozen=True)
class Asked:
    """`written` is the filter as it came (of the address, else of the saved filter); `unread` is text that is no JSON
    object. `typed` is what the search box holds."""

    module: str
    written: Mapping[str, Any]
    unread: str = ""
    typed: str = ""
    sort: str = ""
    descending: bool = False
    after: str = ""
    saved: SavedFilter | None = None
    saved_missing: bool = False

    @property
    def raw(self) -> Any:
        """What the desk is asked to read: the filter with what was typed."""
        return self.unread or searched(self.written, self.module, self.typed)

    @property
    def changed(self) -> bool:
        """Is it another filter than the saved one it began as?"""
        return self.saved is not None and self.saved.written != self.written

    def path(self, *, build: bool = False, **other: Any) -> str:
        """The address of the same with something else, from its first row on; `build`: with the builder open."""
        asked = replace(self, after="", **other)
        return asked._address("lists.page", build=1 if build else None)

    def next_path(self, after: str) -> str:
        """The page that begins after this place."""
        return self._address("lists.page", after=after)

    @property
    def export_path(self) -> str:
        return self._address("lists.export")

    def _address(self, endpoint: str, **more: Any) -> str:
        kept = self.saved is not None and not self.changed
        return url_for(
            endpoint,
            module=self.module,
            saved=self.saved.id if self.saved else None,
            # A saved filter that was emptied says so: else the saved one would be meant.
            filter=self.unread or compact(self.written)
            if not kept and (self.written or self.saved or self.unread)
            else None,
            q=self.typed or None,
            sort=self.sort or None,
            down=1 if self.descending else None,
            **more,
        )


def asked_for(module: str, desk: ListsDesk, viewer: str) -> Asked:
    """Of the present request's address."""
    args = request.args
    number = args.get("saved", 0, type=int)
    saved = desk.find(number, viewer) if 0 < number < BIGGEST_ID else None
    saved = saved if saved is not None and saved.module == module else None
    written, unread = written_filter(args.get("filter", ""))
    if saved is not None and "filter" not in args:
        written = dict(saved.written)
    return Asked(
        module,
        written,
        unread,
        search_words(args.get("q", "")),
        sort=args.get("sort", "")[:100],
        descending=args.get("down") == "1",
        after=args.get("after", "")[:2000],
        saved=saved,
        saved_missing="saved" in args and saved is None,
    )


def written_filter(text: str) -> tuple[dict[str, Any], str]:
    """The JSON object of an address, or the text that is none."""
    if not text.strip():
        return {}, ""
    try:
        written = json.loads(clean_text(text))
        compact(written).encode()  # half of a pair of UTF-16 stands in no address
    except (ValueError, RecursionError):
        return {}, text
    if isinstance(written, list) or (isinstance(written, dict) and written and not {"if", "pattern"} & set(written)):
        written = {"if": written}  # conditions alone
    return (written, "") if isinstance(written, dict) else ({}, text)


def search_words(typed: object) -> str:
    return " ".join(clean_text(str(typed)).split())[:LONGEST_SEARCH]


def compact(written: Mapping[str, Any] | list[Any]) -> str:
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))
