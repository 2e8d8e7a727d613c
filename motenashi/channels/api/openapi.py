"""The API as OpenAPI 3.1 tells it. Kept by hand beside the doors; a test holds real answers against it."""

from __future__ import annotations

from typing import Any

from motenashi.channels.api import openapi_lists, openapi_timeline
from motenashi.suggestions.suggestion import DISMISS_REASONS

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
MOMENT: Json = {"type": "string", "format": "date-time"}
NO_MOMENT: Json = {"type": ["string", "null"], "format": "date-time"}
NUMBER: Json = {"type": "number"}
COUNT: Json = {"type": "integer", "minimum": 0}
SHARE: Json = {"type": "number", "minimum": 0, "maximum": 1}
YES_OR_NO: Json = {"type": "boolean"}
WORDS: Json = {"type": "object", "additionalProperties": {"type": "string"}, "description": "language -> text"}


def _object(**fields: Json) -> Json:
    """Every field is always there."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _asked(required: tuple[str, ...] = (), **fields: Json) -> Json:
    return {"type": "object", "properties": fields, "required": list(required), "additionalProperties": False}


def _list(item: Json) -> Json:
    return {"type": "array", "items": item}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_none(name: str) -> Json:
    return {"oneOf": [_ref(name), {"type": "null"}]}


ACTION: Json = {"type": "string", "enum": ["call", "event", "e-mail", "update", "none"]}
SCHEMAS: Json = {
    "Error": _object(
        error={
            "type": "object",
            "properties": {"code": TEXT, "message": TEXT, "field": TEXT},
            "required": ["code", "message"],
            "additionalProperties": False,
        }
    ),
    "Effect": {
        **_object(p=SHARE, base=SHARE, lift=NUMBER, low=NUMBER, high=NUMBER, taken=COUNT, advanced=COUNT, like=TEXT),
        "description": "How much the action is believed to help: `lift` is p / base with its 95 % interval; `taken` "
        "and `advanced` are plain counts. Without any (0) it is prior knowledge only.",
    },
    "Window": _object(
        start=MOMENT,
        end=MOMENT,
        source={"type": "string", "enum": ["invitation", "proposed", "hours", "best_time", "override"]},
        certainty=SHARE,
        text=TEXT,
        off_hours=YES_OR_NO,
    ),
    "Reason": _object(text=WORDS, weight=SHARE, sentence=TEXT),
    "Alternative": _object(action=ACTION, purpose=TEXT, title=WORDS, effect=_or_none("Effect")),
    "Draft": _object(kind=ACTION, language=TEXT, subject=TEXT, text=TEXT, to=TEXT, start=NO_MOMENT, end=NO_MOMENT),
    "Suggestion": _object(
        id=COUNT,
        action={**ACTION, "description": "`none`: nothing need be done before the first window begins."},
        purposes=_list(TEXT),
        situation=TEXT,
        urgency={"type": "string", "enum": ["urgent", "soon", "normal"]},
        title=WORDS,
        about=_object(deal_id=TEXT, contact_id=TEXT, lead_id=TEXT, owner_id=TEXT),
        windows={**_list(_ref("Window")), "description": "best first"},
        respond_by=MOMENT,
        reasons=_list(_ref("Reason")),
        effect=_or_none("Effect"),
        alternatives=_list(_ref("Alternative")),
        draft=_or_none("Draft"),
        expected_gain=NUMBER,
        state={"type": "string", "enum": ["open", "done", "dismissed", "replaced"]},
        snoozed_until=NO_MOMENT,
        created_at=MOMENT,
    ),
    "RecordAdvice": _object(
        record=_object(kind={"type": "string", "enum": ["deal", "contact", "lead"]}, id=TEXT),
        state={"type": "string", "enum": ["ready", "computing", "none", "switched_off"]},
        suggestions=_list(_ref("Suggestion")),
        learned_from={**COUNT, "description": "closed deals behind what was learned; 0: prior knowledge only"},
        learned_at=NO_MOMENT,
    ),
    "Slot": _object(
        weekday={"type": "integer", "minimum": 0, "maximum": 6, "description": "0 is Monday"},
        hour={"type": "integer", "minimum": 0, "maximum": 23, "description": "its start, on the company's clock"},
        stars={"type": "number", "minimum": 0, "maximum": 5, "multipleOf": 0.5},
        p=SHARE,
        low=SHARE,
        high=SHARE,
    ),
    "BestTimes": _object(
        preference={**YES_OR_NO, "description": "false: the data shows none"},
        slots={**_list(_ref("Slot")), "description": "best first"},
        attempts=COUNT,
        answered=COUNT,
        signals=_list(_object(name=TEXT, count=COUNT)),
        learned_at=MOMENT,
    ),
    "Override": _object(
        weekdays=_list({"type": "integer", "minimum": 0, "maximum": 6}),
        from_hour={"type": "integer", "minimum": 0, "maximum": 23},
        to_hour={"type": "integer", "minimum": 1, "maximum": 24},
        by=TEXT,
        at=MOMENT,
    ),
    "PersonTimes": _object(
        person=_object(kind={"type": "string", "enum": ["contact", "lead"]}, id=TEXT, time_zone=TEXT),
        channels={
            "type": "object",
            "properties": {"call": _or_none("BestTimes"), "email": _or_none("BestTimes")},
            "additionalProperties": False,
            "description": "those that are switched on; null where nothing is known yet",
        },
        override=_or_none("Override"),
        reminder_at=NO_MOMENT,
    ),
    "Acted": _object(
        suggestion=_or_none("Suggestion"),
        made={
            "oneOf": [
                _object(kind={"type": "string", "enum": ["call", "event", "e-mail", "update"]}, id=TEXT),
                {"type": "null"},
            ],
            "description": "what accepting made in the CRM",
        },
    ),
    "EmbedLink": _object(url=TEXT, expires_at=MOMENT),
    "Accept": _asked(
        subject=TEXT,
        text=TEXT,
        to=TEXT,
        start=MOMENT,
        end=MOMENT,
        send={**YES_OR_NO, "description": "true sends the mail now; otherwise it is kept as a draft"},
        by={**TEXT, "description": "the address of whoever decided; the key's name without it"},
    ),
    "Dismiss": _asked(("reason",), reason={"type": "string", "enum": list(DISMISS_REASONS)}, note=TEXT, by=TEXT),
    "Snooze": _asked(("until",), until=MOMENT, by=TEXT),
    "EmbedLinkFor": _asked(
        ("kind", "id", "email"), kind={"type": "string", "enum": ["deal", "contact", "lead"]}, id=TEXT, email=TEXT
    ),
}

RECORD_ID: Json = {"name": "record_id", "in": "path", "required": True, "schema": TEXT}
PERSON_ID: Json = {"name": "person_id", "in": "path", "required": True, "schema": TEXT}
SUGGESTION_ID: Json = {"name": "suggestion_id", "in": "path", "required": True, "schema": COUNT}
KIND: Json = {
    "name": "kind",
    "in": "query",
    "schema": {"type": "string", "enum": ["contact", "lead"]},
    "description": "without it contacts are looked up before leads",
}


def openapi(version: str) -> Json:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Motenashi",
            "version": version,
            "description": "What to do next with a deal, contact or lead, when somebody is best contacted, their "
            "timeline, and lists of records by what customers said and did. A POST "
            "may be sent again: the same decision by the same caller gives the same answer and changes nothing.",
        },
        "components": {
            "schemas": {**SCHEMAS, **openapi_timeline.SCHEMAS, **openapi_lists.SCHEMAS},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "mtn_…, with scopes"}},
        },
        "security": [{"key": []}],
        "paths": {**_paths(), **openapi_timeline.PATHS, **openapi_lists.PATHS},
    }


def _paths() -> Json:
    advice = _get("Suggestions for a record, and how it stands with them.", "RecordAdvice", RECORD_ID)
    return {
        "/api/deals/{record_id}/suggestions": advice,
        "/api/contacts/{record_id}/suggestions": advice,
        "/api/leads/{record_id}/suggestions": advice,
        "/api/people/{person_id}/best-times": _get(
            "When somebody is best called and written to.", "PersonTimes", PERSON_ID, KIND
        ),
        "/api/suggestions/{suggestion_id}/accept": _post(
            "Do it: make the call, event or mail in the CRM.", "Accept", "Acted", SUGGESTION_ID
        ),
        "/api/suggestions/{suggestion_id}/dismiss": _post("Turn it down.", "Dismiss", "Acted", SUGGESTION_ID),
        "/api/suggestions/{suggestion_id}/snooze": _post("Put it off.", "Snooze", "Acted", SUGGESTION_ID),
        "/api/embed-links": _post(
            "A signed link that shows a record's advice inside the CRM's own page.", "EmbedLinkFor", "EmbedLink"
        ),
        "/api/openapi.json": {
            "get": {
                "summary": "This description.",
                "responses": _responses({"type": "object"}) | {"403": _refusal("The key does not open `advice`.")},
                "description": "Scope: `advice`.",
            }
        },
    }


def _get(summary: str, answer: str, *parameters: Json) -> Json:
    responses = _responses(_ref(answer)) | {
        "400": _refusal("The question can't be read."),
        "404": _refusal("The CRM answered and has no such record."),
    }
    told = {"summary": summary, "description": "Scope: `advice`.", "parameters": list(parameters)}
    return {"get": {**told, "responses": responses}}


def _post(summary: str, body: str, answer: str, *parameters: Json) -> Json:
    responses = _responses(_ref(answer)) | {
        "400": _refusal("The body can't be read; `field` says where."),
        "404": _refusal("There is no such suggestion or record."),
        "409": _refusal("Somebody was faster, or a newer suggestion has taken its place."),
        "422": _refusal("It can't be done like this; `field` says what to change."),
    }
    content = {"application/json": {"schema": _ref(body)}}
    told = {"summary": summary, "description": "Scope: `advice.write`.", "parameters": list(parameters)}
    return {"post": {**told, "requestBody": {"content": content}, "responses": responses}}


def _responses(schema: Json) -> Json:
    return {
        "200": {"description": "The answer.", "content": {"application/json": {"schema": schema}}},
        "401": _refusal("No key, or none of ours."),
        "403": _refusal("The key does not open this scope."),
        "429": _refusal("Too many requests; `Retry-After` says when again."),
        "503": _refusal("The CRM or the store does not answer; nothing was changed."),
    }


def _refusal(description: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": _ref("Error")}}}
