"""What can be named: products and competitors with their names and aliases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.mentions.mention import Kind

_NAMES = ("name", "name_en", "name_ja", "names")
_ALIASES = ("aliases", "aliases_en", "aliases_ja")


@dataclass(frozen=True)
class CatalogueEntry:
    """`names` are the full names, one a language; `aliases` all else that people call it."""

    kind: Kind
    id: str
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    entries: tuple[CatalogueEntry, ...]

    @classmethod
    def from_json(cls, source: Path | str | Mapping[str, Any]) -> Catalogue:
        """From a file, or what was read from one: {"products": [...], "competitors": [...]}.

        Each has `id` and any of `name`, `name_en`, `name_ja`, `aliases`, `aliases_en`, `aliases_ja`.
        Raises ValueError, saying which entry, for one without id or name; OSError for a file that can't be read.
        """
        data = source if isinstance(source, Mapping) else json.loads(Path(source).read_text(encoding="utf-8"))
        if not isinstance(data, Mapping):
            raise ValueError('A catalogue is {"products": [...], "competitors": [...]}.')
        return cls.from_records(data.get("products") or (), data.get("competitors") or ())

    @classmethod
    def from_records(
        cls, products: Iterable[Mapping[str, Any]], competitors: Iterable[Mapping[str, Any]] = ()
    ) -> Catalogue:
        """From plain records (id, name or names, aliases), as a CRM gives them."""
        entries = [_entry("product", record, place) for place, record in enumerate(products, 1)]
        entries += [_entry("competitor", record, place) for place, record in enumerate(competitors, 1)]
        return cls(tuple(entries))


def _entry(kind: Kind, record: Mapping[str, Any], place: int) -> CatalogueEntry:
    if not isinstance(record, Mapping):
        raise ValueError(f"{kind} {place} of the catalogue is not a record.")
    names, aliases = _texts(record, _NAMES), _texts(record, _ALIASES)
    if not record.get("id") or not names:
        raise ValueError(f"{kind} {place} of the catalogue needs an id and a name.")
    return CatalogueEntry(kind, str(record["id"]), names, aliases)


def _texts(record: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for key in keys:
        value = record.get(key) or ()
        found += [value] if isinstance(value, str) else [str(text) for text in value]
    return tuple(dict.fromkeys(text.strip() for text in found if text.strip()))
