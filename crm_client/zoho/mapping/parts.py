"""The parts that a module's mapping is made of. A part carries one or more of our fields to one or more of Zoho's and
back; most carry one text, some (who a call was with, how it went) are composed.

A part is silent (reads nothing) when Zoho sent none of its fields: the field is hidden from this user, or is in no
layout. Then the mirror's value stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crm_client.errors import CrmRejected
from crm_client.zoho.api.shapes import Raw
from crm_client.zoho.mapping import values
from crm_client.zoho.mapping.ground import Ground

Translate = Callable[[str, str], str]  # (our module, an id of one side) -> the id on the other side


@dataclass(frozen=True)
class Reading:
    """A raw on its way in. `old`: the mirror's record, None when it has none."""

    module: str
    raw: Raw
    old: Any
    local: Translate
    ground: Ground

    def said(self, *names: str) -> bool:
        return any(name in self.raw for name in names if name)

    def get(self, name: str) -> Any:
        return self.raw.get(name) if name else None


@dataclass(frozen=True)
class Writing:
    """A record on its way out, as it shall be; of it, `changed` fields are written."""

    module: str
    record: Any
    changed: frozenset[str]
    zoho: Translate
    ground: Ground


@dataclass(frozen=True)
class Part:
    """One of our fields as one of Zoho's. `kind` is one of: text, number, flag, day, moment, look-up."""

    field: str
    name: str  # API name
    kind: str = "text"
    points_to: str = ""  # look-ups: our module
    written: bool = True
    module: str = ""

    @property
    def ours(self) -> tuple[str, ...]:
        return (self.field,)

    @property
    def theirs(self) -> tuple[str, ...]:
        """API names to read."""
        return (self.name,)

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        """Our written field -> the API names that carry it; one of them is enough."""
        return {self.field: (self.name,)} if self.written else {}

    @property
    def look_ups(self) -> tuple[str, ...]:
        """Of `theirs`, those that name a record."""
        return (self.name,) if self.kind == "look-up" else ()

    def read(self, reading: Reading) -> dict[str, Any]:
        if not reading.said(self.name):
            return {}
        value = reading.get(self.name)
        if self.kind == "look-up":
            found = values.record_id(value)
            return {self.field: reading.local(self.points_to, found) if found else ""}
        return {self.field: self.value(value, reading.ground)}

    def value(self, value: Any, ground: Ground) -> Any:
        """From Zoho's JSON, or from what `base` gave, to the record's kind of value."""
        if self.kind == "number":
            return values.whole_number(value)
        if self.kind == "flag":
            return values.flag(value)
        if self.kind == "day":
            return values.day(value, ground.zone)
        if self.kind == "moment":
            return values.moment(value, ground.zone)
        return values.text(value)

    def taken(self, field: str, value: Any, ground: Ground) -> Any:
        """A value of `fields` (JSON, as base gives it, or the record's own) as the record holds it."""
        return self.value(value, ground)

    def base(self, record: Any, ground: Ground) -> dict[str, Any]:
        """The written fields as JSON, in the form in which Zoho would tell them back."""
        if not self.written:
            return {}
        value = plain(getattr(record, self.field))
        if isinstance(value, str) and self.kind == "text":
            value = ground.cut(self.module, self.field, self.name, value)
        return {self.field: value}

    def write(self, writing: Writing) -> dict[str, Any]:
        value = getattr(writing.record, self.field)
        if self.kind == "look-up":
            return look_up(writing, self.field, self.name, self.points_to)
        if self.kind == "text":
            value = writing.ground.fitting(writing.module, self.field, self.name, plain(value))
        return {self.name: plain(value) if value != "" else None}

    def refers_to(self, record: Any) -> tuple[tuple[str, str], ...]:
        """(our module, our id) of the records that must be in Zoho before this can be written."""
        found = getattr(record, self.field) if self.kind == "look-up" else ""
        return ((self.points_to, found),) if found else ()


def plain(value: Any) -> Any:
    """A record's value as JSON."""
    if isinstance(value, datetime):
        return values.moment_out(value)
    if isinstance(value, date):
        return value.isoformat()
    return values.text(value) if isinstance(value, str) else value


def look_up(writing: Writing, field: str, name: str, points_to: str) -> dict[str, Any]:
    """{name: {"id": …}}; null empties it. CrmRejected while Zoho does not have the record."""
    ours = getattr(writing.record, field)
    if not ours:
        return {name: None}
    theirs = writing.zoho(points_to, ours)
    if not theirs:
        what = f"{field} names one of the {points_to} that Zoho does not have yet"
        raise CrmRejected(f"write {writing.module}", what, field, trouble="value_rejected")
    return {name: {"id": theirs}}


class OwnerPart(Part):
    """Every record in Zoho has an owner: none is never written, and one of ours who is no user there neither."""

    def write(self, writing: Writing) -> dict[str, Any]:
        ours = getattr(writing.record, self.field)
        theirs = writing.zoho("owners", ours) if ours else ""
        return {self.name: {"id": theirs}} if theirs else {}

    def refers_to(self, record: Any) -> tuple[tuple[str, str], ...]:
        return ()


class NeverEmptyPart(Part):
    """A text that Zoho saves no record without. One without it goes by what else it is: a note by its title, an
    activity by its kind."""

    def write(self, writing: Writing) -> dict[str, Any]:
        written = super().write(writing)
        kind = getattr(writing.record, "kind", "")
        return {self.name: written[self.name] or plain(getattr(writing.record, "title", kind.capitalize())) or None}


def api_names(parts: Sequence[Part]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts for name in part.theirs if name))


Names = Mapping[str, str]  # our field -> API name; '' not used
