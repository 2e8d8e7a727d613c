"""A touchpoint as another tool tells it, checked and in our words, before anybody knows whose it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import field as with_default
from datetime import datetime
from typing import Any

from motenashi.insights.voice.text_touch import Segment


@dataclass(frozen=True)
class Who:
    """Every way in which a row names its person; '' where it does not. `external_key`: `system:id` of another tool."""

    contact_id: str = ""
    lead_id: str = ""
    email: str = ""
    phone: str = ""
    external_key: str = ""

    def __bool__(self) -> bool:
        return any((self.contact_id, self.lead_id, self.email, self.phone, self.external_key))

    def told(self) -> str:
        """For people, and to search in."""
        return " ".join(filter(None, (self.email, self.phone, self.external_key, self.contact_id, self.lead_id)))

    def joined(self, other: Who) -> Who:
        """What is missing here, from there."""
        return Who(*(getattr(self, one.name) or getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True)
class Row:
    """`source` and `id` name it for ever. `changed_at` and `sequence` say how new its status is. Times in UTC.

    `owner` is an id or a mail address of ours. `segments`: a talk, piece by piece; else `text`.
    """

    source: str
    id: str
    channel: str
    type: str
    at: datetime
    signal: bool
    who: Who
    owner: str = ""
    deal_id: str = ""
    status: str = ""
    changed_at: datetime | None = None
    sequence: int | None = None
    duration_s: int | None = None
    pages: int | None = None
    count: int | None = None
    title: str = ""
    text: str = ""
    segments: tuple[Segment, ...] = ()
    score: int | None = None
    language: str = ""

    @property
    def key(self) -> str:
        """Of the touchpoint in the CRM. A source holds no colon, so that no two rows share one."""
        return f"from:{self.source}:{self.id}"

    @property
    def says_something(self) -> bool:
        return bool(self.text or self.segments) or self.score is not None

    def content_hash(self) -> str:
        """The same for the same content, whatever its status now and whoever it is about."""
        values = {name: value for name, value in to_plain(self).items() if name not in _NOT_CONTENT}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]


_NOT_CONTENT = {"status", "changed_at", "sequence", "who"}
_TIMES = ("at", "changed_at")


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a field of a row, or (in notes) what was done about it; the words are in row_problem_words.
    `values` are what the words speak of."""

    field: str
    code: str
    values: Mapping[str, Any] = with_default(default_factory=dict)


class RowWrong(Exception):
    """A row can't be taken: everything that is wrong with it. `source` and `id` as far as they can be read."""

    def __init__(self, problems: tuple[RowProblem, ...], source: str = "", row_id: str = "") -> None:
        super().__init__(", ".join(f"{one.field}: {one.code}" for one in problems))
        self.problems = problems
        self.source = source
        self.row_id = row_id


def to_plain(row: Row) -> dict[str, Any]:
    """Plain JSON values, without what is not given."""
    values: dict[str, Any] = {}
    for name in _NAMES:
        value = getattr(row, name)
        if value is None or value == "" or value == ():
            continue
        values[name] = value.isoformat() if name in _TIMES else value
    values["who"] = {name: value for name in _WHO_NAMES if (value := getattr(row.who, name))}
    if row.segments:
        values["segments"] = [[one.speaker, one.text] for one in row.segments]
    return values


_NAMES = tuple(one.name for one in fields(Row) if one.name != "who")
_WHO_NAMES = tuple(one.name for one in fields(Who))


def as_json(row: Row) -> str:
    return json.dumps(to_plain(row), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Row:
    values = json.loads(text)
    values |= {name: datetime.fromisoformat(values[name]) for name in _TIMES if name in values}
    segments = tuple(Segment(speaker, words) for speaker, words in values.pop("segments", ()))
    return Row(**values | {"who": Who(**values["who"])}, segments=segments)
