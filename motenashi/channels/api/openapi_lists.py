"""The lists' part of the API's description. Kept by hand beside its door; a test holds real answers against it."""

from __future__ import annotations

from typing import Any, get_args

from motenashi.filters.entities.catalogue import MODULES
from motenashi.filters.infos import FieldType

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_YES_OR_NO: Json = {"type": "boolean"}
_WORDS: Json = {"type": "object", "additionalProperties": {"type": "string"}, "description": "language -> text"}


def _object(**fields: Json) -> Json:
    """Every field is always there."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(item: Json) -> Json:
    return {"type": "array", "items": item}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


SCHEMAS: Json = {
    "ListedRecord": _object(
        id=_TEXT,
        fields={
            "type": "object",
            "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
            "description": "by name; moments in UTC and days in ISO 8601",
        },
    ),
    "RecordList": _object(
        meaning={**_WORDS, "description": "the filter in words, by language"},
        records=_list(_ref("ListedRecord")),
        total={"type": ["integer", "null"], "minimum": 0, "description": "null when count=false"},
        next={**_TEXT, "description": "what `after` has to be for the next page; empty at the end"},
    ),
    "FieldChoice": _object(value=_TEXT, label=_WORDS),
    "FilterField": _object(
        name={**_TEXT, "description": "as a condition says it; inside a list's own fields without the list's name"},
        type={"type": "string", "enum": list(get_args(FieldType)), "description": "rows: asked with some and none"},
        label=_WORDS,
        group=_WORDS,
        operators=_list(_TEXT),
        choices=_list(_ref("FieldChoice")),
        closed={**_YES_OR_NO, "description": "there are no other values than the choices"},
        sortable=_YES_OR_NO,
        custom={**_YES_OR_NO, "description": "a field that only this CRM has"},
        also={**_list(_TEXT), "description": "other names that mean it, too: the CRM's own"},
        fields={**_list(_ref("FilterField")), "description": "of one row of a list"},
    ),
    "FilterFields": _object(module={"type": "string", "enum": list(MODULES)}, fields=_list(_ref("FilterField"))),
    "FilterProblem": _object(
        condition={**_COUNT, "description": "its number, from 1; 0 is the whole"}, place=_TEXT, what=_TEXT, hint=_TEXT
    ),
    "WrongFilter": {
        "type": "object",
        "properties": {
            "error": {
                "type": "object",
                "properties": {"code": _TEXT, "message": _TEXT, "field": _TEXT},
                "required": ["code", "message"],
                "additionalProperties": False,
            },
            "problems": {**_list(_ref("FilterProblem")), "description": "all of them, when it is the filter"},
        },
        "required": ["error"],
        "additionalProperties": False,
    },
}


def _asked(name: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _answer(description: str, schema: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": _ref(schema)}}}


_REFUSALS: Json = {
    "401": _answer("No key, or none of ours.", "Error"),
    "403": _answer("The key does not open this scope.", "Error"),
    "429": _answer("Too many requests; `Retry-After` says when again.", "Error"),
    "503": _answer("The store does not answer.", "Error"),
}
_FILTER = {
    "name": "filter",
    "in": "query",
    "description": "Which records: the filter's JSON, as docs/filters.md has it. All records without one.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {"if": {"type": ["object", "array"]}, "pattern": {"type": "string"}},
            },
            "example": {"if": {"responses": {"some": {"tone": "negative", "keyword": "price"}}}},
        }
    },
}
_PARAMETERS: list[Json] = [
    _FILTER,
    _asked("sort", _TEXT, "a field's name, with - before it for the greatest first; the newest records without it"),
    _asked("most", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}, "records on a page"),
    _asked("after", _TEXT, "`next` of the page before"),
    _asked("count", {"type": "string", "enum": ["true", "false"]}, "false leaves out the total, which costs time"),
    _asked("fields", _TEXT, "names of fields to show, with commas between; the record's own without it"),
]


def _paths(module: str) -> Json:
    records = {
        "summary": f"The {module} that a filter finds.",
        "description": "Scope: `records`.",
        "parameters": _PARAMETERS,
        "responses": {
            "200": _answer("The answer.", "RecordList"),
            "400": _answer("The question can't be read, and nothing was run.", "WrongFilter"),
            "422": _answer("The database did not answer in time.", "Error"),
            **_REFUSALS,
        },
    }
    fields = {
        "summary": f"What can be asked of {module}.",
        "description": "Scope: `records`.",
        "responses": {
            "200": _answer("The answer.", "FilterFields"),
            "422": _answer("The database did not answer in time.", "Error"),
            **_REFUSALS,
        },
    }
    return {f"/api/{module}": {"get": records}, f"/api/{module}/fields": {"get": fields}}


PATHS: Json = {path: told for module in MODULES for path, told in _paths(module).items()}
