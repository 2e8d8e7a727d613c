"""A Reading as plain data, for databases, other processes and `--json`; and back again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nlp.dates.mention import DateMention, NormalForm, RejectedReading
from nlp.mentions.mention import Mention
from nlp.reading import Intent, Keyword, Person, PhoneNumber, Reading, Sentiment


def as_json(reading: Reading) -> dict[str, Any]:
    """Plain data; moments are ISO 8601 with their offset, scores have four decimals."""
    return {
        "language": reading.language,
        "text": reading.text,
        "body_start": reading.body_start,
        "shortened": reading.shortened,
        "intents": [_fields(intent) for intent in reading.intents],
        "sentiment": _fields(reading.sentiment),
        "dates": [_date(mention) for mention in reading.dates],
        "mentions": [_fields(mention) for mention in reading.mentions],
        "keywords": [_fields(keyword) for keyword in reading.keywords],
        "people": [_fields(person) for person in reading.people],
        "phone_numbers": [_fields(number) for number in reading.phone_numbers],
    }


def from_json(data: Mapping[str, Any]) -> Reading:
    """The Reading that as_json() told. KeyError or TypeError for anything else."""
    return Reading(
        language=data["language"],
        text=data["text"],
        body_start=data["body_start"],
        shortened=data["shortened"],
        intents=tuple(Intent(**told) for told in data["intents"]),
        sentiment=Sentiment(**data["sentiment"]),
        dates=tuple(_mention(told) for told in data["dates"]),
        mentions=tuple(Mention(**told) for told in data["mentions"]),
        keywords=tuple(Keyword(**told) for told in data["keywords"]),
        people=tuple(Person(**told) for told in data["people"]),
        phone_numbers=tuple(PhoneNumber(**told) for told in data["phone_numbers"]),
    )


def _fields(word: Any) -> dict[str, Any]:
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for field in dataclasses.fields(word)
        for name, value in [(field.name, getattr(word, field.name))]
    }


def _date(mention: DateMention) -> dict[str, Any]:
    return {
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "value": dataclasses.asdict(mention.value),
        "role": mention.role,
        "begins": mention.begins and mention.begins.isoformat(),
        "ends": mention.ends and mention.ends.isoformat(),
        "alternative_to": mention.alternative_to,
        "certainty": round(mention.certainty, 4),
        "rejected": [{"value": dataclasses.asdict(other.value), "reason": other.reason} for other in mention.rejected],
    }


def _mention(told: Mapping[str, Any]) -> DateMention:
    return DateMention(
        **{
            **told,
            "value": NormalForm(**told["value"]),
            "begins": told["begins"] and datetime.fromisoformat(told["begins"]),
            "ends": told["ends"] and datetime.fromisoformat(told["ends"]),
            "rejected": tuple(
                RejectedReading(NormalForm(**other["value"]), other["reason"]) for other in told["rejected"]
            ),
        }
    )
