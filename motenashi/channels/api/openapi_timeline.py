"""The timeline's part of the API's description. Kept by hand beside its door; a test holds real answers against it."""

from __future__ import annotations

from typing import Any, get_args

from crm_client.touch_channels import CHANNELS
from motenashi.insights.timeline.timeline import Period, PersonKind, RhythmKind, Side, View

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_MOMENT: Json = {"type": "string", "format": "date-time"}
_NO_MOMENT: Json = {"type": ["string", "null"], "format": "date-time"}
_NO_DAY: Json = {"type": ["string", "null"], "format": "date"}
_NUMBER: Json = {"type": "number", "minimum": 0}
_NO_NUMBER: Json = {"type": ["number", "null"], "minimum": 0}
_COUNT: Json = {"type": "integer", "minimum": 0}
_NO_COUNT: Json = {"type": ["integer", "null"], "minimum": 0}
_YES_OR_NO: Json = {"type": "boolean"}


def _object(**fields: Json) -> Json:
    """Every field is always there."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(item: Json) -> Json:
    return {"type": "array", "items": item}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_none(name: str) -> Json:
    return {"oneOf": [_ref(name), {"type": "null"}]}


def _one_of(words: Any) -> Json:
    return {"type": "string", "enum": list(get_args(words))}


SCHEMAS: Json = {
    "TimelineTouch": {
        **_object(
            id=_TEXT,
            at=_MOMENT,
            side=_one_of(Side),
            channel={**_TEXT, "description": f"{', '.join(CHANNELS)}; or a word that is none of these, as it came"},
            type=_TEXT,
            title=_TEXT,
            user_id=_TEXT,
            user=_TEXT,
            status=_TEXT,
            duration_s=_NO_COUNT,
            pages=_NO_COUNT,
            count=_NO_COUNT,
            deal_id=_TEXT,
        ),
        "description": "One thing that happened: `signal` is theirs, `follow_up` ours.",
    },
    "TimelineMilestone": _object(
        id=_TEXT,
        at=_MOMENT,
        field={**_TEXT, "description": "leads.status, deals.stage, or a tracked field of yours"},
        from_value=_TEXT,
        to_value=_TEXT,
        outcome={**_TEXT, "description": "of a stage: open, won, lost"},
        user_id=_TEXT,
        user=_TEXT,
        deal_id=_TEXT,
        deal=_TEXT,
        lasted_s={**_COUNT, "description": "how long the value then stayed; until now when it still does"},
        ended=_YES_OR_NO,
        signals={**_COUNT, "description": "touches within that time"},
        follow_ups=_COUNT,
    ),
    "TimelineRow": _object(
        at=_MOMENT,
        touch=_or_none("TimelineTouch"),
        milestone=_or_none("TimelineMilestone"),
        gap_s={**_NO_COUNT, "description": "since the entry before it in the whole timeline, whatever is filtered"},
        inactive={**_YES_OR_NO, "description": "that gap is longer than usual"},
        folded={**_list(_ref("TimelineTouch")), "description": "follow-ups before this row that the view hides"},
    ),
    "TimelineRhythm": _object(
        kind=_one_of(RhythmKind),
        limit_s={**_NO_NUMBER, "description": "a longer gap is inactivity; null where nothing is known yet"},
        mean_s={**_NO_NUMBER, "description": "of the module, recomputed weekly"},
        computed_at=_NO_MOMENT,
        median_s={**_NO_NUMBER, "description": "of this person; null with fewer gaps than `needs`"},
        spread_s=_NO_NUMBER,
        gaps=_COUNT,
        needs=_COUNT,
    ),
    "TimelineChannel": _object(channel=_TEXT, follow_ups=_COUNT, answered=_COUNT, signals=_COUNT),
    "TimelineSummary": {
        **_object(
            signals=_COUNT,
            follow_ups=_COUNT,
            milestones=_COUNT,
            first_at=_NO_MOMENT,
            last_at=_NO_MOMENT,
            last_signal_at=_NO_MOMENT,
            silence_s=_NO_COUNT,
            silent=_YES_OR_NO,
            touches_per_30_days=_NUMBER,
            channels={**_list(_ref("TimelineChannel")), "description": "most follow-ups first"},
        ),
        "description": "Of the whole timeline, whatever is filtered.",
    },
    "TimelineQuery": _object(
        view=_one_of(View),
        rhythm=_one_of(RhythmKind),
        channels=_list(_TEXT),
        users=_list(_TEXT),
        period=_one_of(Period),
        day=_NO_DAY,
        **{"from": _NO_DAY, "to": _NO_DAY},
    ),
    "PersonTimeline": _object(
        person=_object(kind=_one_of(PersonKind), id=_TEXT),
        query=_ref("TimelineQuery"),
        rows={**_list(_ref("TimelineRow")), "description": "newest first"},
        total={**_COUNT, "description": "rows that the query has, of which `rows` may be a part"},
        unanswered={
            **_list(_ref("TimelineTouch")),
            "description": "in the view signals: our follow-ups since the newest signal, in time order",
        },
        rhythm=_ref("TimelineRhythm"),
        summary=_ref("TimelineSummary"),
        users={"type": "object", "additionalProperties": _TEXT, "description": "id -> name"},
        channels=_list(_TEXT),
    ),
}


def _asked(name: str, schema: Json, description: str = "") -> Json:
    return {"name": name, "in": "query", "schema": schema} | ({"description": description} if description else {})


def _refusal(description: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": _ref("Error")}}}


_DAY: Json = {"type": "string", "format": "date"}
_PARAMETERS: list[Json] = [
    {"name": "person_id", "in": "path", "required": True, "schema": _TEXT},
    _asked("kind", _one_of(PersonKind), "without it contacts are looked up before leads"),
    _asked("view", _one_of(View), "all; signals, each with the follow-up right before it; milestones with the touch"),
    _asked("channel", _list({"type": "string", "enum": list(CHANNELS)}), "several times, or with commas between"),
    _asked("user", _list(_TEXT), "ids of owners; what nobody took stays"),
    _asked("period", _one_of(Period), "days of the house's zone; the last 7 are today and the six before"),
    _asked("day", _DAY, "for period=day"),
    _asked("from", _DAY, "for period=range; may be left open, and so may `to`"),
    _asked("to", _DAY),
    _asked("rhythm", _one_of(RhythmKind), "what gap is usual: the module's weekly mean, or the person's own"),
    _asked("most", {"type": "integer", "minimum": 1, "maximum": 1_000, "default": 100}),
    _asked("skip", {"type": "integer", "minimum": 0, "default": 0}),
    _asked("format", {"type": "string", "enum": ["json", "csv"]}, "csv: all rows of the query as a file"),
]
PATHS: Json = {
    "/api/people/{person_id}/timeline": {
        "get": {
            "summary": "Everything that happened between a person and us, with milestones, gaps and a summary.",
            "description": "Scope: `timeline`.",
            "parameters": _PARAMETERS,
            "responses": {
                "200": {
                    "description": "The answer.",
                    "content": {
                        "application/json": {"schema": _ref("PersonTimeline")},
                        "text/csv": {"schema": _TEXT},
                    },
                },
                "400": _refusal("The question can't be read; `field` says where."),
                "401": _refusal("No key, or none of ours."),
                "403": _refusal("The key does not open this scope."),
                "404": _refusal("The CRM answered and has no such person."),
                "429": _refusal("Too many requests; `Retry-After` says when again."),
                "503": _refusal("The CRM or the store does not answer."),
            },
        }
    }
}
