"""What an answer of the API means: good, to be tried again, or wrong, and then whose move it is.

Zoho's words for errors come bare or wrapped in a list (`data`, `watch`, …), with nearly any status; what stands
between us and Zoho may answer with a web page. Source: "Status codes" and "API limits" of the REST API v8; which codes
may be tried again is our rule, since Zoho states none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from crm_client.errors import CrmBusy, CrmConflict, CrmError, CrmRefused, CrmRejected, CrmUnreachable
from crm_client.zoho.api.exchange import Response
from crm_client.zoho.api.shapes import Answer, Call

TOKEN_CODES: Final = frozenset(
    {"INVALID_TOKEN", "INVALID_OAUTHTOKEN", "AUTHENTICATION_FAILURE", "AUTHENTICATION_FAILED"}
)
_BUSY_CODES: Final = frozenset({"TOO_MANY_REQUESTS", "RATE_LIMIT_EXCEEDED"})
_SERVER_CODES: Final = frozenset({"INTERNAL_ERROR", "SERVICE_UNAVAILABLE"})

_REFUSED: Final[Mapping[str, str]] = {
    "OAUTH_SCOPE_MISMATCH": "missing_scope",
    "INVALID_HOST": "wrong_data_centre",
    "NO_PERMISSION": "no_permission",
    "AUTHORIZATION_FAILED": "no_permission",
    "LICENSE_LIMIT_EXCEEDED": "no_permission",
    "FEATURE_NOT_SUPPORTED": "feature_missing",
    "FEATURE_NOT_ENABLED": "feature_missing",
    "NOT_SUPPORTED": "feature_missing",
}
_REJECTED: Final[Mapping[str, str]] = {
    "INVALID_MODULE": "module_missing",
    "INVALID_MODULE_NAME": "module_missing",
    "MANDATORY_NOT_FOUND": "mandatory_missing",
    "INVALID_DATA": "value_rejected",
    "PATTERN_NOT_MATCHED": "value_rejected",
    "UNABLE_TO_PARSE_DATA_TYPE": "value_rejected",
}
_CONFLICTS: Final[Mapping[str, str]] = {
    "DUPLICATE_DATA": "",
    "ALREADY_MODIFIED": "",
    "CONVERTED_RECORD": "",
    "ID_ALREADY_CONVERTED": "",
    "RECORD_LOCKED": "record_locked",
    "RECORD_IN_BLUEPRINT": "record_locked",
    "NOT_APPROVED": "record_locked",
}
# Words about one record: when only one was sent, such an error is what became of it.
_OF_A_RECORD: Final = frozenset(
    {"MANDATORY_NOT_FOUND", "INVALID_DATA", "PATTERN_NOT_MATCHED", "UNABLE_TO_PARSE_DATA_TYPE", *_CONFLICTS}
)
_FIELD_KEYS: Final = ("api_name", "column_name", "field", "param_name")
# Zoho's sentences may quote values, so only Zoho's word and names of fields are passed on.
_WORD: Final = re.compile(r"[A-Z][A-Z0-9_]{1,60}")
_NAME: Final = re.compile(r"[$A-Za-z][\w.$]{0,100}")


class Verdict(Enum):
    GOOD = "good"
    NO_TOKEN = "the token is not taken"  # noqa: S105
    HOLLOW = "success with nothing in it"
    BUSY = "too many calls"
    SERVER = "server trouble"
    TOO_MUCH = "more than we take"
    WRONG = "wrong"


@dataclass(frozen=True)
class Reading:
    """`error` of everything but GOOD: what is raised when nobody tries again."""

    verdict: Verdict
    answer: Answer | None = None
    error: CrmError | None = None
    code: str = ""


def read(call: Call, response: Response, retry_after: float = 0.0) -> Reading:
    """`retry_after`: seconds, as Zoho asked."""
    if response.status in (204, 304):
        return Reading(Verdict.GOOD, Answer(response.status, {}, response.headers))
    if call.binary and response.status == 200 and response.file:
        return _file(call, response)
    body = _object(response.content)
    good = 200 <= response.status < 300
    if good and (not response.content.strip() or body == {}):
        return hollow(call)
    if body is None:
        return _no_json(call, response.status)
    error = error_in(body)
    if _judged_one_by_one(call, body, response.status) or (good and error.get("status") != "error"):
        return Reading(Verdict.GOOD, Answer(response.status, body, response.headers))
    if error is body and error.get("code") in _OF_A_RECORD and _sent_one(call):
        return Reading(Verdict.GOOD, Answer(response.status, {call.entries: [body]}, response.headers))
    return _wrong(call, response.status, error, retry_after)


def hollow(call: Call) -> Reading:
    """Zoho has answered tokens that had expired as if nothing were there."""
    what = "Zoho answered with success and nothing in it"
    return Reading(Verdict.HOLLOW, error=CrmUnreachable(call.asking, what, trouble="empty_success"))


def error_in(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The error object: the body itself, or the first member of the list it is wrapped in; {} when there is none."""
    if isinstance(body.get("code"), str):
        return body
    for value in body.values():
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, dict) and isinstance(inner.get("code"), str):
            return inner
    return {}


def named_field(error: Mapping[str, Any]) -> str:
    """API name of the field, column or parameter that an error is about; ''."""
    details = error.get("details")
    if not isinstance(details, dict):
        return ""
    for key in _FIELD_KEYS:
        name = details.get(key)
        if isinstance(name, str) and _NAME.fullmatch(name):
            return name
    path = details.get("json_path")  # $.data[1].Last_Name
    name = path.rpartition(".")[2] if isinstance(path, str) else ""
    return name if _NAME.fullmatch(name) else ""


def _file(call: Call, response: Response) -> Reading:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/json"):
        return Reading(Verdict.SERVER, error=_not_json(call, response.status))
    return Reading(Verdict.GOOD, Answer(200, {}, response.headers, content=response.file))


def _judged_one_by_one(call: Call, body: Mapping[str, Any], status: int) -> bool:
    return bool(call.entries) and isinstance(body.get(call.entries), list) and status not in (401, 429) and status < 500


def _sent_one(call: Call) -> bool:
    sent = call.body.get(call.entries) if call.entries and isinstance(call.body, dict) else None
    return isinstance(sent, list) and len(sent) == 1


def _no_json(call: Call, status: int) -> Reading:
    if status == 429:
        return _busy(call, "", 0.0)
    return Reading(Verdict.SERVER, error=_not_json(call, status))


def _not_json(call: Call, status: int) -> CrmUnreachable:
    if status >= 500:
        return CrmUnreachable(call.asking, f"Zoho has trouble (status {status})", trouble="outage")
    what = f"a page came in place of an answer of Zoho's API (status {status})"
    return CrmUnreachable(call.asking, what, trouble="not_json")


def _busy(call: Call, code: str, retry_after: float) -> Reading:
    error = CrmBusy(call.asking, "Zoho takes no more calls for now", retry_after or 1.0, code=code)
    return Reading(Verdict.BUSY, error=error, code=code)


def _wrong(call: Call, status: int, error: Mapping[str, Any], retry_after: float) -> Reading:
    said = error.get("code")
    code = said if isinstance(said, str) and _WORD.fullmatch(said) else ""
    if status == 429 or code in _BUSY_CODES:
        return _busy(call, code, retry_after)
    if code in TOKEN_CODES or (status == 401 and not code):
        what = "Zoho does not take a token that it gave a moment ago"
        refused = CrmRefused(call.asking, what, trouble="wrong_data_centre", code=code)
        return Reading(Verdict.NO_TOKEN, error=refused, code=code)
    if status >= 500 or code in _SERVER_CODES or 300 <= status < 400:
        what = f"Zoho has trouble (status {status}{', ' + code if code else ''})"
        return Reading(Verdict.SERVER, error=CrmUnreachable(call.asking, what, trouble="outage", code=code), code=code)
    return Reading(Verdict.WRONG, error=_final(status, code, named_field(error))(call.asking), code=code)


def _final(status: int, code: str, field: str) -> Callable[[str], CrmError]:
    what = f"Zoho says {code or f'status {status}'}{f' of {field}' if field else ''}"
    if code in _REFUSED or status in (401, 403):
        trouble = _REFUSED.get(code, "no_permission")
        return lambda asking: CrmRefused(asking, what, trouble=trouble, code=code)
    if code in _CONFLICTS or status == 412:
        return lambda asking: CrmConflict(asking, what, trouble=_CONFLICTS.get(code, ""), code=code)
    trouble = "field_missing" if code == "INVALID_QUERY" and field else _REJECTED.get(code, "")
    return lambda asking: CrmRejected(asking, what, field, trouble=trouble, code=code)


def _object(content: bytes) -> dict[str, Any] | None:
    """The JSON object; None for anything else, a web page above all."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
