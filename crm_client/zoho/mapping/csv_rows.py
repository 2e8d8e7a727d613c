"""Rows of a bulk read's CSV as the JSON that the API would have told: texts become what their fields hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from crm_client.zoho.api.shapes import FieldMeta
from crm_client.zoho.mapping.parts import Part

_TRUE, _FALSE = ("true", "1"), ("false", "0")
_LOOK_UPS: Final = frozenset({"lookup", "ownerlookup", "userlookup", "multi_module_lookup"})
_MANY: Final = frozenset({"multiselectpicklist"})
_NUMBERS: Final = frozenset({"integer", "bigint", "double", "currency", "percent", "decimal"})


def kinds_of(parts: Iterable[Part]) -> Mapping[str, str]:
    """API name -> what the column holds, as far as that matters to its reader."""
    return {name: _kind(part, name) for part in parts for name in part.theirs}


def from_csv(row: Mapping[str, str], kinds: Mapping[str, str], known: Mapping[str, FieldMeta]) -> dict[str, Any]:
    """An empty text is null. Bulk files write the id's column as `Id`, and a look-up's sometimes as `Owner.id`."""
    found: dict[str, Any] = {}
    for column, said in row.items():
        name = "id" if column in ("id", "Id", "ID") else column.removesuffix(".id")
        found[name] = _value(said, kinds.get(name, ""), known.get(name)) if name != "id" else said
    return found


def _kind(part: Part, name: str) -> str:
    if name in part.look_ups:
        return "look-up"
    return part.kind if name == part.name else ""


def _value(said: str | None, kind: str, meta: FieldMeta | None) -> Any:
    if said is None or said == "":
        return None
    data_type = meta.data_type if meta else ""
    if kind == "look-up" or data_type in _LOOK_UPS:
        return {"id": said}
    if kind == "flag" or data_type == "boolean":
        return _flag(said)
    if data_type in _MANY:
        return [one.strip() for one in said.split(";") if one.strip()]
    return _number(said) if data_type in _NUMBERS else said


def _flag(said: str) -> Any:
    plain = said.strip().lower()
    return True if plain in _TRUE else False if plain in _FALSE else said


def _number(said: str) -> Any:
    """A whole number or a float; what is neither stays a text, for whoever reads the field to refuse."""
    for kind in (int, float):
        try:
            return kind(said.replace(",", ""))
        except ValueError:
            continue
    return said
