"""From a written path ("account.industry", "keyword.tone", "responses") to the field or list that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from motenashi.filters.entities.catalogue import ENTITIES
from motenashi.filters.filter import FieldPath, ListPath
from motenashi.filters.known_kind import known_as
from motenashi.filters.model import Entity, Field, Many, One, Part
from motenashi.problems import did_you_mean

Custom = Callable[[str], Mapping[str, Field]]  # a module's own fields of this CRM, by name
DEEPEST_PATH = 4  # names


class NoSuchField(Exception):
    """`hint` names what may have been meant."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def find(entity: Entity, path: str, custom: Custom) -> FieldPath | ListPath:
    """NoSuchField when it names nothing."""
    names = path.split(".")
    ways: list[One | Part] = []
    here = entity
    for number, name in enumerate(names):
        is_last = number == len(names) - 1
        found = _named(here, name, custom, wants_field=is_last)
        if found is None or number >= DEEPEST_PATH:
            raise _nothing(path, name, here, ".".join(names[:number]), custom)
        before, thing = found
        ways.extend(before)
        if isinstance(thing, Field | Many):
            if not is_last:
                raise _too_far(path, ".".join(names[: number + 1]), thing)
            return _told(path, ways, thing)
        ways.append(thing)
        here = ENTITIES[thing.entity]
    main = _named(here, here.main, custom, wants_field=True)
    if main is None:
        raise LookupError(f"'{here.name}' has no field '{here.main}', its own main one")
    return _told(path, [*ways, *main[0]], main[1])


def _told(path: str, ways: list[One | Part], thing: Field | Many | One | Part) -> FieldPath | ListPath:
    if isinstance(thing, Field):
        return FieldPath(path, tuple(ways), thing)
    return ListPath(path, tuple(ways), known_as(Many, thing))


def _named(
    entity: Entity, name: str, custom: Custom, *, wants_field: bool
) -> tuple[tuple[Part, ...], Field | Many | One | Part] | None:
    """What an entity calls `name`, with the open parts that lead there."""
    fields = [field for field in entity.fields if name == field.name or name in field.older]
    ways: list[One | Part] = [one for one in entity.ones if name == one.name or name in one.older]
    ways += [part for part in entity.parts if name == part.name and not part.open]
    own = custom(entity.name).get(name)
    in_order: list[Field | Many | One | Part] = [*fields, *ways] if wants_field else [*ways, *fields]
    in_order += [many for many in entity.lists if name == many.name]
    in_order += [own] if own else []
    if in_order:
        return (), in_order[0]
    for part in open_parts(entity):
        found = _named(ENTITIES[part.entity], name, custom, wants_field=wants_field)
        if found:
            return (part, *found[0]), found[1]
    return None


def open_parts(entity: Entity) -> Iterator[Part]:
    return (part for part in entity.parts if part.open)


def names_of(entity: Entity, custom: Custom) -> list[str]:
    """Every name that may stand next."""
    names = [field.name for field in entity.fields]
    names += [one.name for one in entity.ones]
    names += [part.name for part in entity.parts if not part.open]
    names += [many.name for many in entity.lists]
    names += custom(entity.name)
    for part in open_parts(entity):
        names += names_of(ENTITIES[part.entity], custom)
    return list(dict.fromkeys(names))


def _nothing(path: str, name: str, here: Entity, before: str, custom: Custom) -> NoSuchField:
    older = [old for field in here.fields for old in field.older] + [old for one in here.ones for old in one.older]
    prefix = f"{before}." if before else ""
    hint = did_you_mean(name, [*names_of(here, custom), *older])
    if hint.startswith("Did you mean '") and prefix:
        hint = hint.replace("Did you mean '", f"Did you mean '{prefix}", 1)
    where = here.label["en"].lower()
    return NoSuchField(
        f"there is no field '{path}' ({where} has no '{name}'). It may have been renamed or removed.", hint
    )


def _too_far(path: str, until: str, thing: Field | Many) -> NoSuchField:
    if isinstance(thing, Many):
        return NoSuchField(
            f"'{until}' is a list, so '{path}' could be any of its records.",
            f'Write {{"{until}": {{"some": {{…}}}}}} with the condition inside.',
        )
    return NoSuchField(f"'{until}' is a field and has none of its own, so there is no '{path}'.", "")
