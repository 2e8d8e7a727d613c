"""A plug's outputs as SalesIQ's flows can take them: one flat object, keyed by output name.

Source: Zoho SalesIQ's documentation of plug outputs: texts, numbers, dates, date ranges and locations as they are, an
option list as [{"text", "id"}], a link list as [{"text", "url", "target"}]. It has no lists of records, so a list of
ours becomes an option list under its own name, and a link list under `<name>_links` when its items have addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from motenashi.plug_contract import Plug

_MAPS = ({"from", "to"}, {"latitude", "longitude"})  # date range and location stay maps
_TITLES = ("text", "title", "name", "label", "product_name", "subject")
_IDS = ("id", "product_id", "record_id", "code", "value")
_ADDRESSES = ("url", "link", "href")


def to_plug_outputs(outputs: Mapping[str, Any], address: Callable[[str], str]) -> dict[str, Any]:
    """`address` makes a URL absolute ('' when it can't be opened from outside)."""
    flat: dict[str, Any] = {}
    for name, value in outputs.items():
        flat |= _flat(name, value, address)
    return flat


def empty_outputs(plug: Plug) -> dict[str, Any]:
    """What a flow reads when there is nothing to tell: every text and number empty, every list without items."""
    return {value.name: [] if _is_list(value.type) else "" for value in plug.outputs}


def _is_list(kind: Any) -> bool:
    return getattr(kind, "__origin__", kind) in (list, tuple)


def _flat(name: str, value: Any, address: Callable[[str], str]) -> dict[str, Any]:
    if value is None:
        return {name: ""}
    if isinstance(value, bool):  # SalesIQ's types have no boolean; its routers compare texts
        return {name: "true" if value else "false"}
    if isinstance(value, dict):
        if value.keys() in _MAPS:
            return {name: value}
        parts = [_flat(f"{name}_{key}", item, address) for key, item in value.items()]
        return {key: item for part in parts for key, item in part.items()}
    if isinstance(value, list | tuple):
        return _lists(name, list(value), address)
    return {name: value}


def _lists(name: str, items: list[Any], address: Callable[[str], str]) -> dict[str, Any]:
    options = [_option(item, number) for number, item in enumerate(items, start=1)]
    links = [link for item in items if isinstance(item, dict) and (link := _link(item, address))]
    found: dict[str, Any] = {name: [option for option in options if option["text"]]}
    if any(isinstance(item, dict) and _first(item, _ADDRESSES) for item in items):
        found[f"{name}_links"] = links
    return found


def _option(item: Any, number: int) -> dict[str, str]:
    if isinstance(item, dict):
        text = _first(item, _TITLES)
        return {"text": text, "id": _first(item, _IDS) or text or str(number)}
    text = "" if item is None or isinstance(item, list) else str(item)
    return {"text": text, "id": text}


def _link(item: dict[str, Any], address: Callable[[str], str]) -> dict[str, str]:
    url = address(_first(item, _ADDRESSES))
    return {"text": _first(item, _TITLES) or url, "url": url, "target": "_blank"} if url else {}


def _first(item: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(item[name]) for name in names if item.get(name) not in (None, "", [], {})), "")
