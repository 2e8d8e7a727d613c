"""A raw row (a JSON object of another tool, or a line of a spreadsheet) becomes a Row, or is told all that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm_client.identifiers import email_key, phone_key
from motenashi.insights.voice.text_touch import Segment, Speaker
from motenashi.touchpoint_intake.channel_words import (
    CHANNELS,
    DIRECTIONS,
    SPEAKERS,
    channel_in,
    plain_word,
    status_in,
    statuses_of,
)
from motenashi.touchpoint_intake.field_readers import BIGGEST, Fields, nearest, quoted
from motenashi.touchpoint_intake.row import Row, RowProblem, RowWrong, Who
from motenashi.touchpoint_intake.row_problem_words import kind_of

LONGEST_SOURCE = 64
LONGEST_ID = 180
LONGEST_NAME = 255
LONGEST_TEXT = 100_000  # characters of all that was said
MOST_SEGMENTS = 5_000
NAMES = (
    *("id", "source", "channel", "type", "direction", "signal", "at", "who", "owner", "deal_id", "status"),
    *("changed_at", "sequence", "count", "questions_answered", "duration_s", "minutes", "pages"),
    *("title", "text", "score", "language"),
)
WHO_NAMES = ("contact_id", "lead_id", "email", "phone", "external_id")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class ReadRow:
    row: Row
    notes: tuple[RowProblem, ...] = ()


@dataclass(frozen=True)
class RowReader:
    """`country_code`: of phone numbers that begin with 0. `clock_skew`: how far ahead of us a clock may go."""

    clock_skew: timedelta = timedelta(minutes=5)
    country_code: str = "81"

    def read(self, raw: object, now: datetime) -> ReadRow:
        """RowWrong tells everything that is wrong with it at once."""
        if not isinstance(raw, Mapping):
            raise RowWrong((RowProblem("", "not_object", {"kind": kind_of(raw)}),))
        fields = Fields(raw, now, self.clock_skew)
        for name in raw:
            if name not in _KNOWN and not fields.told_enough:
                fields.wrong(quoted(str(name)), "unknown_field", **nearest(str(name), NAMES))
        source, row_id = _source(fields), fields.required("id", LONGEST_ID)
        row = self._row(fields, source, row_id)
        if row is None or fields.problems:
            raise RowWrong(tuple(fields.problems), source, row_id)
        return ReadRow(row, tuple(fields.notes))

    def _row(self, fields: Fields, source: str, row_id: str) -> Row | None:
        channel, at, signal = _channel(fields), _at(fields), _signal(fields)
        text, segments = _said(fields)
        row_type = fields.text("type", LONGEST_SOURCE)
        values: dict[str, Any] = {
            "who": self._who(fields),
            "owner": fields.text("owner", LONGEST_NAME),
            "deal_id": fields.text("deal_id", LONGEST_NAME),
            "status": _status(fields, channel),
            "changed_at": fields.moment("changed_at"),
            "sequence": fields.number("sequence", 0, BIGGEST),
            "duration_s": _either(fields, "duration_s", fields.minutes(), "two_durations"),
            "pages": fields.number("pages", 0, BIGGEST),
            "count": _either(fields, "count", fields.number("questions_answered", 0, BIGGEST), "two_counts"),
            "title": fields.title(LONGEST_NAME),
            "score": _score(fields, channel),
            "language": _language(fields),
        }
        if at is None or signal is None:
            return None
        return Row(source, row_id, channel, row_type or channel, at, signal, text=text, segments=segments, **values)

    def _who(self, fields: Fields) -> Who:
        raw = fields.raw.get("who")
        if raw is not None and not isinstance(raw, Mapping):
            fields.wrong("who", "not_who", kind=kind_of(raw))
            return Who()
        values = raw or {}
        before = len(fields.problems)
        for name in values:
            if name not in WHO_NAMES and not fields.told_enough:
                fields.wrong(f"who.{quoted(str(name))}", "unknown_field", **nearest(str(name), WHO_NAMES))
        who = Who(
            contact_id=fields.inside("who", values, "contact_id", LONGEST_NAME),
            lead_id=fields.inside("who", values, "lead_id", LONGEST_NAME),
            email=_email(fields, fields.inside("who", values, "email", LONGEST_NAME)),
            phone=self._phone(fields, fields.inside("who", values, "phone", 100)),
            external_key=_external(fields, values.get("external_id")),
        )
        if not who and len(fields.problems) == before:
            fields.wrong("who", "nobody")
        return who

    def _phone(self, fields: Fields, given: str) -> str:
        key = phone_key(given, self.country_code)
        if given and not key:
            fields.wrong("who.phone", "not_phone", value=quoted(given))
        return key


_KNOWN = frozenset(NAMES)


def _source(fields: Fields) -> str:
    source = fields.required("source", LONGEST_SOURCE)
    if ":" in source:
        fields.wrong("source", "colon")
        return ""
    return source


def _channel(fields: Fields) -> str:
    word = fields.required("channel", LONGEST_NAME)
    channel = channel_in(word)
    if word and not channel:
        fields.wrong("channel", "unknown_channel", value=quoted(word), **nearest(plain_word(word), CHANNELS))
    return channel


def _at(fields: Fields) -> datetime | None:
    if not fields.given("at"):
        fields.wrong("at", "missing")
    return fields.moment("at")


def _signal(fields: Fields) -> bool | None:
    """Did they do it? By `direction` or `signal`."""
    signal, word = fields.true_or_false("signal"), fields.text("direction", LONGEST_NAME)
    meant = DIRECTIONS.get(plain_word(word)) if word else None
    if word and meant is None:
        fields.wrong("direction", "unknown_direction", value=quoted(word))
    elif not fields.given("direction") and not fields.given("signal"):
        fields.wrong("direction", "no_direction")
    elif signal is not None and meant is not None and signal is not meant:
        fields.wrong("direction", "two_directions")
    return signal if meant is None else meant


def _status(fields: Fields, channel: str) -> str:
    word = fields.text("status", LONGEST_NAME)
    if not word or not channel:
        return ""
    known = statuses_of(channel)
    status = status_in(word, channel)
    if not known:
        fields.wrong("status", "no_status", channel=channel)
    elif not status:
        near = nearest(plain_word(word), known)
        fields.wrong("status", "unknown_status", value=quoted(word), channel=channel, **near)
    return status


def _either(fields: Fields, name: str, other: int | None, twice: str) -> int | None:
    """A number that may be told in two ways."""
    value = fields.number(name, 0, BIGGEST)
    if value is not None and other is not None and value != other:
        fields.wrong(name, twice)
    return other if value is None else value


def _score(fields: Fields, channel: str) -> int | None:
    score = fields.number("score", 0, 10)
    if score is not None and channel not in ("survey", ""):
        fields.wrong("score", "score_elsewhere")
    return score


def _language(fields: Fields) -> str:
    language = fields.text("language", 35)
    if language and not _LANGUAGE.fullmatch(language):
        fields.wrong("language", "not_language", value=quoted(language))
        return ""
    return language


def _email(fields: Fields, given: str) -> str:
    key = email_key(given)
    if given and (not key or " " in key or key.startswith("@") or key.endswith("@")):
        fields.wrong("who.email", "not_email", value=quoted(given))
        return ""
    return key


def _external(fields: Fields, given: object) -> str:
    if given is None or given == "":
        return ""
    if not isinstance(given, Mapping) or set(given) - {"system", "id"}:
        fields.wrong("who.external_id", "not_external")
        return ""
    system = fields.inside("who.external_id", given, "system", LONGEST_SOURCE)
    external = fields.inside("who.external_id", given, "id", LONGEST_ID)
    if ":" in system:
        fields.wrong("who.external_id.system", "colon")
    elif system.startswith("=") or not (system and external):  # "=": what was assigned by hand (people.by_hand)
        fields.wrong("who.external_id", "not_external")
    else:
        return f"{system}:{external}"
    return ""


def _said(fields: Fields) -> tuple[str, tuple[Segment, ...]]:
    """The words: a text, or a talk piece by piece."""
    raw = fields.raw.get("text")
    if raw is None or isinstance(raw, str):
        return fields.words("text", raw, LONGEST_TEXT), ()
    if not isinstance(raw, list):
        fields.wrong("text", "not_segments")
        return "", ()
    if len(raw) > MOST_SEGMENTS:
        fields.wrong("text", "too_many", length=len(raw), most=MOST_SEGMENTS)
        return "", ()
    segments = tuple(segment for number, one in enumerate(raw) if (segment := _segment(fields, number, one)))
    length = sum(len(one.text) for one in segments)
    if length > LONGEST_TEXT:
        fields.wrong("text", "too_long", length=length, most=LONGEST_TEXT)
    return "", segments


def _segment(fields: Fields, number: int, raw: object) -> Segment | None:
    """None for one that is wrong, or says nothing."""
    name = f"text[{number}]"
    if not isinstance(raw, Mapping) or set(raw) - {"speaker", "text"} or not isinstance(raw.get("speaker"), str):
        fields.wrong(name, "not_segments")
        return None
    speaker = _speaker(raw["speaker"])
    if speaker is None:
        fields.wrong(f"{name}.speaker", "unknown_speaker", value=quoted(raw["speaker"]))
        return None
    words = fields.words(f"{name}.text", raw.get("text"), LONGEST_TEXT)
    return Segment(speaker, words) if words else None


def _speaker(word: str) -> Speaker | None:
    speakers: dict[str, Speaker] = {"customer": "customer", "us": "us", "other": "other"}
    return speakers.get(SPEAKERS.get(plain_word(word), ""))
