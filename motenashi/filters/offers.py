"""What a builder may offer: every field of a module, of the records beside it, and of its lists."""

from __future__ import annotations

from collections.abc import Iterator

from motenashi.filters.entities.catalogue import ENTITIES
from motenashi.filters.finding import Custom, open_parts
from motenashi.filters.infos import FieldInfo
from motenashi.filters.model import Entity, Field, InColumn, Label, TextsIn
from motenashi.filters.operators import OPERATORS_OF, OPERATORS_OF_ROWS


def fields_of(entity: Entity, custom: Custom) -> tuple[FieldInfo, ...]:
    """Of a module: its own, then those of records beside it, then its lists."""
    own = list(_own(entity, "", entity.label, custom, sortable=True))
    beside = [
        info
        for one in entity.ones
        for info in _own(ENTITIES[one.entity], f"{one.name}.", one.label, custom, sortable=True)
        if info.type != "id"
    ]
    return (*own, *_without_repeats(beside, own), *_lists(entity, custom))


def _lists(entity: Entity, custom: Custom) -> Iterator[FieldInfo]:
    for many in entity.lists:
        rows = tuple(_of_row(ENTITIES[many.entity], custom))
        yield FieldInfo(many.name, "rows", many.label, OPERATORS_OF_ROWS, many.label, fields=rows)


def _of_row(entity: Entity, custom: Custom, prefix: str = "") -> Iterator[FieldInfo]:
    """What may be asked of one row of a list: its fields, those of its parts, those of records beside it."""
    seen: set[str] = set()
    for info in _of_row_with_repeats(entity, custom, prefix):
        if info.name not in seen:
            seen.add(info.name)
            yield info


def _of_row_with_repeats(entity: Entity, custom: Custom, prefix: str) -> Iterator[FieldInfo]:
    yield from _own(entity, prefix, entity.label, custom)
    for part in open_parts(entity):
        yield from _of_row(ENTITIES[part.entity], custom, prefix)
    for part in entity.parts:
        if not part.open:
            yield from _of_part(ENTITIES[part.entity], f"{prefix}{part.name}", part.label, custom)
    if not prefix:
        for one in entity.ones:
            yield from (info for info in _own(ENTITIES[one.entity], f"{one.name}.", one.label, custom) if _plain(info))


def _of_part(entity: Entity, name: str, label: Label, custom: Custom) -> Iterator[FieldInfo]:
    for info in _own(entity, f"{name}.", label, custom):
        is_main = info.name == f"{name}.{entity.main}"
        yield FieldInfo(**{**vars(info), "name": name, "label": label}) if is_main else info
    for part in entity.parts:
        if not part.open:
            yield from _of_part(ENTITIES[part.entity], f"{name}.{part.name}", part.label, custom)


def _own(entity: Entity, prefix: str, group: Label, custom: Custom, *, sortable: bool = False) -> Iterator[FieldInfo]:
    for field in entity.fields:
        yield _info(field, prefix, group, custom=False, sortable=sortable)
    for field in custom(entity.name).values():
        yield _info(field, prefix, group, custom=True, sortable=False)


def _info(field: Field, prefix: str, group: Label, *, custom: bool, sortable: bool) -> FieldInfo:
    return FieldInfo(
        f"{prefix}{field.name}",
        field.kind,
        field.label,
        OPERATORS_OF[field.kind],
        group,
        field.choices,
        field.closed,
        suggests=not field.closed and field.kind != "id" and can_suggest(field),
        sortable=sortable and not isinstance(field.source, TextsIn),
        custom=custom,
        older=field.older,
    )


def can_suggest(field: Field) -> bool:
    """Are its values texts that can be looked up?"""
    return field.kind in ("text", "choice", "texts") and isinstance(field.source, InColumn | TextsIn)


def _plain(info: FieldInfo) -> bool:
    return info.type != "id"


def _without_repeats(infos: list[FieldInfo], before: list[FieldInfo]) -> list[FieldInfo]:
    names = {info.name for info in before}
    return [info for info in infos if info.name not in names]
