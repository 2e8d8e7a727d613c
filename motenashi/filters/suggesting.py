"""Values that occur in a field, for who types one."""

from __future__ import annotations

from sqlalchemy import Connection, String, func, select, type_coerce

from motenashi.clean_text import clean_text
from motenashi.conversation.folding import fold
from motenashi.filters.entities.catalogue import ENTITIES
from motenashi.filters.filter import ListPath
from motenashi.filters.finding import Custom, NoSuchField, find
from motenashi.filters.model import Entity, Field, InColumn, One, Part, TextsIn
from motenashi.filters.offers import can_suggest
from motenashi.filters.speech import Speech
from motenashi.filters.vocabulary import is_indexed, stepping

LONGEST_TYPED = 100


def values_of(
    connection: Connection, speech: Speech, entity: Entity, name: str, typed: str, most: int, custom: Custom
) -> tuple[str, ...]:
    """Without anything typed the first ones there are; NoSuchField becomes no values."""
    found = _field(entity, name, custom)
    if found is None:
        return ()
    there, field = found
    typed = fold(clean_text(typed[:LONGEST_TYPED]))
    if field.choices:
        values = [choice.value for choice in field.choices]
        return tuple(value for value in values if typed in fold(value))[:most]
    if not can_suggest(field):
        return ()
    return _occurring(connection, speech, there, field, typed, most)


def _occurring(
    connection: Connection, speech: Speech, there: Entity, field: Field, typed: str, most: int
) -> tuple[str, ...]:
    source = field.source
    if not isinstance(source, InColumn | TextsIn):
        raise TypeError(f"the values of '{field.name}' can't be listed; ask can_suggest first")
    stored = there.table.c[source.column] if isinstance(source, InColumn) else source.table.c[source.value]
    if is_indexed(stored) and field.kind != "text":
        few = [value for value in stepping(connection, stored) if value and typed in fold(value)]
        return tuple(few[:most])
    column = type_coerce(stored, String)
    query = select(column).where(column != "")
    if typed:
        folded = column if isinstance(source, InColumn) and source.folded else speech.folded(column)
        query = query.where(speech.has_in_it(folded, typed))
    # The commonest first.
    query = query.group_by(column).order_by(func.count().desc(), column).limit(most)
    return tuple(connection.execute(query).scalars())


def _field(entity: Entity, name: str, custom: Custom) -> tuple[Entity, Field] | None:
    """The field and the entity that has it; its path may go through lists here."""
    try:
        path = find(entity, name, custom)
    except NoSuchField:
        first, _, rest = name.partition(".")
        many = next((many for many in entity.lists if many.name == first), None)
        return _field(ENTITIES[many.entity], rest, custom) if many and rest else None
    if isinstance(path, ListPath):
        return None
    return _end(entity, path.ways), path.field


def _end(entity: Entity, ways: tuple[One | Part, ...]) -> Entity:
    return ENTITIES[ways[-1].entity] if ways else entity
