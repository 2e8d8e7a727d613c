"""The JSON Schema of a call of POST /touchpoints, made of what the reader of rows knows.

Whatever the schema takes the reader takes, but for what no schema can say (the future, a phone number without digits,
which status of two is newer); other words for channels and statuses are taken by the reader, though not told here.
"""

from __future__ import annotations

from typing import Any

from crm_client.touch_channels import CHANNELS, STATUSES
from motenashi.touchpoint_intake.field_readers import BIGGEST
from motenashi.touchpoint_intake.read_row import (
    LONGEST_ID,
    LONGEST_NAME,
    LONGEST_SOURCE,
    LONGEST_TEXT,
    MOST_SEGMENTS,
)

_ZONE = r"(Z|[+-]\d{2}:\d{2})$"
_VISIBLE = r"^[^\x00-\x1f\x7f]*$"


def touchpoints_schema(most_rows: int = 1_000) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "touchpoints.schema.json",
        "title": "One touchpoint, or many",
        "oneOf": [{"$ref": "#/$defs/alone"}, {"$ref": "#/$defs/many"}],
        "$defs": {
            "alone": {"allOf": [{"$ref": "#/$defs/touchpoint"}, {"required": ["source"]}]},
            "many": {
                "type": "object",
                "required": ["touchpoints"],
                "additionalProperties": False,
                "properties": {
                    "source": _source("The source of every touchpoint that names none."),
                    "touchpoints": {
                        "type": "array",
                        "maxItems": most_rows,
                        "items": {"$ref": "#/$defs/touchpoint"},
                    },
                },
            },
            "touchpoint": _touchpoint(),
            "who": _who(),
            "segment": _segment(),
        },
    }


def _touchpoint() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["id", "channel", "at", "who"],
        "anyOf": [{"required": ["direction"]}, {"required": ["signal"]}],
        "additionalProperties": False,
        "properties": {
            "id": _line(LONGEST_ID, "Yours: the same source and id again is the same touchpoint.", least=1),
            "source": _source("The name of the tool."),
            "channel": {"enum": list(CHANNELS)},
            "type": _line(LONGEST_SOURCE, "What it was within the channel. Empty: the channel's name."),
            "direction": {"enum": ["customer", "us"], "description": "Who did it."},
            "signal": {"type": "boolean", "description": "Instead of direction: true when the customer did it."},
            "at": _moment("When it happened."),
            "who": {"$ref": "#/$defs/who"},
            "owner": _line(LONGEST_NAME, "Whose it is on our side: an id, or a mail address."),
            "deal_id": _line(LONGEST_NAME, "The deal it is about, by its id in the CRM."),
            "status": {"type": "string", "description": "See the channel."},
            "changed_at": _moment("Since when the status holds. Empty: since `at`."),
            "sequence": _number("Instead of changed_at: which change of the status it is; higher is newer."),
            "count": _number("How many: questions answered, messages, clicks."),
            "questions_answered": _number("Another name of count."),
            "duration_s": _number("How long, in seconds."),
            "minutes": {"type": "number", "minimum": 0, "description": "Instead of duration_s."},
            "pages": _number("How many pages were seen."),
            "title": {"type": "string", "description": "Of the webinar, the survey, the page, the ticket."},
            "text": {
                "description": "What was said: a text, or a talk piece by piece.",
                "anyOf": [
                    {"type": "string", "maxLength": LONGEST_TEXT},
                    {"type": "array", "maxItems": MOST_SEGMENTS, "items": {"$ref": "#/$defs/segment"}},
                ],
            },
            "score": {
                "type": "integer",
                "minimum": 0,
                "maximum": 10,
                "description": "Of a survey: how likely a recommendation is.",
            },
            "language": {"type": "string", "maxLength": 35, "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
        },
        "allOf": [*_statuses(), _only_surveys_have_scores()],
    }


def _statuses() -> list[dict[str, Any]]:
    return [
        {
            "if": {"properties": {"channel": {"const": channel}}},
            "then": {"properties": {"status": {"enum": ["", *STATUSES.get(channel, ())]}}},
        }
        for channel in CHANNELS
    ]


def _only_surveys_have_scores() -> dict[str, Any]:
    survey = {"properties": {"channel": {"const": "survey"}}}
    return {"if": {"required": ["score"]}, "then": survey}


def _who() -> dict[str, Any]:
    names = {"contact_id": "Its id in the CRM.", "lead_id": "Its id in the CRM."}
    return {
        "type": "object",
        "description": "Whose it is, by at least one of these; the first that is known counts.",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {
            **{name: _line(LONGEST_NAME, words, least=1) for name, words in names.items()},
            "email": {"type": "string", "maxLength": LONGEST_NAME, "pattern": r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$"},
            "phone": _line(100, "Numbers that begin with 0 are those of the country of crm.embedded.", least=1),
            "external_id": {
                "type": "object",
                "description": "Who it is in another tool: learned from touchpoints that carry an address beside it.",
                "required": ["system", "id"],
                "additionalProperties": False,
                "properties": {
                    "system": _source("The name of that tool."),
                    "id": _line(LONGEST_ID, "Its id there.", least=1),
                },
            },
        },
    }


def _segment() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["speaker", "text"],
        "additionalProperties": False,
        "properties": {"speaker": {"enum": ["customer", "us", "other"]}, "text": {"type": "string"}},
    }


def _line(most: int, words: str, *, least: int = 0) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": most, "pattern": _VISIBLE, "description": words}


def _source(words: str) -> dict[str, Any]:
    pattern = r"^[^:\x00-\x1f\x7f]*$"
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_SOURCE, "pattern": pattern, "description": words}


def _number(words: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "maximum": BIGGEST, "description": words}


def _moment(words: str) -> dict[str, Any]:
    return {"type": "string", "format": "date-time", "pattern": _ZONE, "description": f"{words} ISO 8601 with a zone."}
