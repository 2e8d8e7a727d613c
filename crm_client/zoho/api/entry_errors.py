"""Which of Zoho's words about one record is which of our errors. For outbox, doctor and the client itself.

CrmRejected: a person must change the record, the mapping or the layout. CrmConflict: the record is not as we thought
(there already, locked, converted). CrmRefused: the connected user may not. CrmBusy, CrmOutcomeUnknown: later.
Codes: https://www.zoho.com/crm/developer/docs/api/v8/status-codes.html; an unknown one is CrmRejected.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from crm_client.errors import CrmBusy, CrmConflict, CrmError, CrmOutcomeUnknown, CrmRefused, CrmRejected
from crm_client.zoho.api.entries import ONE_OF_ITS_VALUES
from crm_client.zoho.api.shapes import Entry


class _Meaning(NamedTuple):
    error: type[CrmError]
    trouble: str
    what: str


_MEANINGS: Final[Mapping[str, _Meaning]] = {
    "MANDATORY_NOT_FOUND": _Meaning(CrmRejected, "mandatory_missing", "a field that Zoho requires is missing"),
    "EXPECTED_FIELD_MISSING": _Meaning(CrmRejected, "mandatory_missing", "a field that Zoho requires is missing"),
    "DEPENDENT_FIELD_MISSING": _Meaning(
        CrmRejected, "mandatory_missing", "a field that another one depends on is missing"
    ),
    "REQUIRED_PARAM_MISSING": _Meaning(CrmRejected, "", "a parameter that Zoho requires is missing"),
    "INVALID_DATA": _Meaning(CrmRejected, "value_rejected", "Zoho does not take the value"),
    "PATTERN_NOT_MATCHED": _Meaning(CrmRejected, "value_rejected", "Zoho does not take the form of the value"),
    "UNABLE_TO_PARSE_DATA_TYPE": _Meaning(CrmRejected, "value_rejected", "Zoho can't read the value"),
    "DEPENDENT_MISMATCH": _Meaning(CrmRejected, "unknown_value", "the value does not go with that of another field"),
    "MAPPING_MISMATCH": _Meaning(CrmRejected, "unknown_value", "the pipeline does not have this stage"),
    "LIMIT_EXCEEDED": _Meaning(CrmRejected, "value_rejected", "it is more than Zoho takes"),
    "LIMIT_REACHED": _Meaning(CrmRejected, "value_rejected", "it is more than Zoho keeps"),
    "INVALID_MODULE": _Meaning(CrmRejected, "module_missing", "there is no such module"),
    "DUPLICATE_DATA": _Meaning(CrmConflict, "", "another record has this unique value already"),
    "ALREADY_MODIFIED": _Meaning(CrmConflict, "", "somebody changed the record meanwhile"),
    "CONVERTED_RECORD": _Meaning(CrmConflict, "", "the lead was converted meanwhile"),
    "ID_ALREADY_CONVERTED": _Meaning(CrmConflict, "", "the lead was converted meanwhile"),
    "RECORD_LOCKED": _Meaning(CrmConflict, "record_locked", "the record is locked"),
    "RECORD_IN_BLUEPRINT": _Meaning(CrmConflict, "record_locked", "a blueprint holds the record"),
    "NOT_APPROVED": _Meaning(CrmConflict, "record_locked", "the record waits for an approval"),
    "NO_PERMISSION": _Meaning(CrmRefused, "no_permission", "the connected user may not do this"),
    "AUTHORIZATION_FAILED": _Meaning(CrmRefused, "no_permission", "the connected user may not do this"),
    "LICENSE_LIMIT_EXCEEDED": _Meaning(CrmRefused, "no_permission", "the licence does not allow more of these"),
    "OAUTH_SCOPE_MISMATCH": _Meaning(CrmRefused, "missing_scope", "the token lacks a scope for this"),
    "FEATURE_NOT_SUPPORTED": _Meaning(CrmRefused, "feature_missing", "this edition does not offer it"),
    "NOT_SUPPORTED": _Meaning(CrmRefused, "feature_missing", "this edition does not offer it"),
    "TOO_MANY_REQUESTS": _Meaning(CrmBusy, "", "too many calls"),
    "RATE_LIMIT_EXCEEDED": _Meaning(CrmBusy, "", "too many calls"),
    "INTERNAL_ERROR": _Meaning(CrmOutcomeUnknown, "outage", "Zoho had a fault in the middle of it"),
    "SERVICE_UNAVAILABLE": _Meaning(CrmOutcomeUnknown, "outage", "a part of Zoho was away"),
    "REQUEST_TIMEOUT": _Meaning(CrmOutcomeUnknown, "outage", "it took Zoho too long"),
}


def error_of(entry: Entry, asking: str) -> CrmError | None:
    """None when the entry is all right. The sentence names codes and fields, never a value; `field` is Zoho's name."""
    if entry.ok:
        return None
    meaning = _meaning(entry)
    what = meaning.what
    if entry.field:
        what += f" (field {entry.field}{f', expected {entry.expected}' if entry.expected else ''})"
    what += f" [{entry.code}]"
    if issubclass(meaning.error, CrmRejected):
        return meaning.error(asking, what, entry.field, trouble=meaning.trouble, code=entry.code)
    return meaning.error(asking, what, trouble=meaning.trouble, code=entry.code)


def _meaning(entry: Entry) -> _Meaning:
    if entry.code == "INVALID_DATA" and entry.expected == ONE_OF_ITS_VALUES:
        return _Meaning(CrmRejected, "unknown_value", "the picklist does not have the value")
    if entry.code == "INVALID_DATA" and entry.field == "id":
        return _Meaning(CrmRejected, "", "there is no such record")
    return _MEANINGS.get(entry.code) or _Meaning(CrmRejected, "value_rejected", "Zoho did not take it")
