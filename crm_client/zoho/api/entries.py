"""What became of each record of a write, read from Zoho's answer.

Insert, update, upsert and delete answer with one entry for each record, in the order they were sent; the whole may have
any of the statuses 200, 201, 202, 207 and 400. https://www.zoho.com/crm/developer/docs/api/v8/insert-records.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from crm_client.zoho.api import asker
from crm_client.zoho.api.shapes import Entry

ONE_OF_ITS_VALUES: Final = "one of its values"  # `Entry.expected`, for a picklist
_SEVERAL: Final = "MULTIPLE_OR_MULTI_ERRORS"
_LAST_NAME: Final = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\W*$")
_LONGEST: Final = 300


def read_entry(raw: Mapping[str, Any]) -> Entry:
    details = asker.mapping(raw.get("details"))
    if raw.get("code") == "SUCCESS" and raw.get("status", "success") == "success":
        return Entry(
            ok=True,
            id=asker.text_of(details.get("id")),
            action=asker.text_of(raw.get("action")),
            modified_at=asker.moment(details.get(asker.MODIFIED)),
            code="SUCCESS",
            message=asker.text_of(raw.get("message"))[:_LONGEST],
        )
    errors = asker.mappings(details.get("errors")) or asker.mappings(raw.get("errors"))
    if raw.get("code") == _SEVERAL and errors:
        return _worst([read_entry(error) for error in errors])
    return _failed(raw, details)


def _failed(raw: Mapping[str, Any], details: Mapping[str, Any]) -> Entry:
    code = asker.text_of(raw.get("code")) or "UNKNOWN"
    duplicate = asker.mapping(details.get("duplicate_record")).get("id")
    if duplicate is None and code == "DUPLICATE_DATA":
        duplicate = details.get("id")  # where versions before 8 say it
    return Entry(
        ok=False,
        code=code,
        message=asker.text_of(raw.get("message"))[:_LONGEST],
        field=_field(details),
        duplicate_of=asker.text_of(duplicate),
        expected=_expected(details),
    )


def _worst(errors: Sequence[Entry]) -> Entry:
    """Of several errors the one that can be acted on by itself (the record is there already), otherwise the first; the
    message names all of them."""
    worst = next((error for error in errors if error.duplicate_of), errors[0])
    named = "; ".join(f"{error.code} {error.field}".strip() for error in errors)
    return Entry(
        ok=False,
        code=worst.code,
        message=named[:_LONGEST],
        field=worst.field,
        duplicate_of=worst.duplicate_of,
        expected=worst.expected,
    )


def _field(details: Mapping[str, Any]) -> str:
    if name := asker.text_of(details.get("api_name")):
        return name
    found = _LAST_NAME.search(asker.text_of(details.get("json_path")))
    return found.group(1) if found else ""


def _expected(details: Mapping[str, Any]) -> str:
    """What Zoho would have taken. Values of picklists are not repeated: there may be hundreds."""
    if details.get("supported_values"):
        return ONE_OF_ITS_VALUES
    if details.get("maximum_length"):
        return f"at most {details['maximum_length']} letters"
    return asker.text_of(details.get("expected_data_type"))
