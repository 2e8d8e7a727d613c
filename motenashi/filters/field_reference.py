"""The tables of fields in docs/filters.md, made from the entities themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from motenashi.filters.entities.catalogue import ENTITIES, MODULES
from motenashi.filters.infos import FieldInfo
from motenashi.filters.model import Entity, Field
from motenashi.filters.offers import fields_of
from motenashi.filters.operators import OPERATORS_OF

MARK = "<!-- Below this line everything is made from the code by `make docs`. -->"
_MOST_CHOICES = 14


def field_reference() -> str:
    """Markdown: operators by kind, the fields of each module, the fields of each list's rows."""
    pieces = [MARK, "", "## Kinds of fields and their operators", "", *_operators()]
    for module in MODULES:
        pieces += ["", f"## {ENTITIES[module].label['en']}s: `{module}`", "", *_module(ENTITIES[module])]
    pieces += ["", "## Rows of lists", ""]
    for name, entity in sorted(_lists().items()):
        pieces += [f"### `{name}`", "", *_table(_row_infos(entity, name)), ""]
    return "\n".join(pieces).rstrip() + "\n"


def _operators() -> Iterator[str]:
    yield "| kind | operators |"
    yield "|---|---|"
    for kind, names in OPERATORS_OF.items():
        yield f"| {kind} | {', '.join(f'`{name}`' for name in names)} |"


def _module(entity: Entity) -> Iterator[str]:
    infos = fields_of(entity, _no_custom)
    yield from _table([info for info in infos if "." not in info.name and info.type != "rows"])
    yield ""
    yield "Beside it, by a dot: " + ", ".join(f"`{one.name}` (as {one.entity})" for one in entity.ones) + "."
    yield "Lists: " + ", ".join(f"`{many.name}`" for many in entity.lists) + "."


def _lists() -> Mapping[str, Entity]:
    """The lists by name; those of contacts, where modules differ in nothing but whose they are."""
    found: dict[str, Entity] = {}
    for module in ("contacts", "deals", "accounts", "leads"):
        for many in ENTITIES[module].lists:
            if many.entity not in MODULES:
                found.setdefault(many.name, ENTITIES[many.entity])
    return found


def _row_infos(entity: Entity, name: str) -> list[FieldInfo]:
    beside = {one.name for one in entity.ones}
    for module in ("contacts", "deals", "accounts", "leads"):
        for info in fields_of(ENTITIES[module], _no_custom):
            if info.type == "rows" and info.name == name:
                return [inner for inner in info.fields if inner.name.partition(".")[0] not in beside]
    return []


def _table(infos: list[FieldInfo]) -> Iterator[str]:
    yield "| field | kind | what it is | values, or what else it is called |"
    yield "|---|---|---|---|"
    for info in infos:
        values = ", ".join(choice.value for choice in info.choices[:_MOST_CHOICES])
        also = ", ".join(f"`{name}`" for name in info.older)
        yield f"| `{info.name}` | {info.type} | {info.label['en']} / {info.label['ja']} | {values or also} |"


def _no_custom(_module: str) -> Mapping[str, Field]:
    return {}
