"""Zoho's words about one record, as errors of ours."""

from __future__ import annotations

import pytest

from crm_client.errors import CrmBusy, CrmConflict, CrmError, CrmOutcomeUnknown, CrmRefused, CrmRejected
from crm_client.zoho.api.entry_errors import _MEANINGS, error_of
from crm_client.zoho.api.shapes import Entry
from crm_client.zoho.troubles import WHAT_TO_DO


def test_a_record_that_is_all_right_is_no_error() -> None:
    assert error_of(Entry(ok=True, id="1", code="SUCCESS"), "update Leads") is None


@pytest.mark.parametrize(
    ("entry", "kind", "trouble"),
    [
        (Entry(False, code="MANDATORY_NOT_FOUND", field="Last_Name"), CrmRejected, "mandatory_missing"),
        (Entry(False, code="INVALID_DATA", field="Email", expected="email"), CrmRejected, "value_rejected"),
        (Entry(False, code="INVALID_DATA", field="Stage", expected="one of its values"), CrmRejected, "unknown_value"),
        (Entry(False, code="INVALID_DATA", field="id"), CrmRejected, ""),
        (Entry(False, code="MAPPING_MISMATCH", field="Stage"), CrmRejected, "unknown_value"),
        (Entry(False, code="DUPLICATE_DATA", field="Email", duplicate_of="4"), CrmConflict, ""),
        (Entry(False, code="RECORD_LOCKED"), CrmConflict, "record_locked"),
        (Entry(False, code="NO_PERMISSION"), CrmRefused, "no_permission"),
        (Entry(False, code="FEATURE_NOT_SUPPORTED"), CrmRefused, "feature_missing"),
        (Entry(False, code="TOO_MANY_REQUESTS"), CrmBusy, ""),
        (Entry(False, code="INTERNAL_ERROR"), CrmOutcomeUnknown, "outage"),
        (Entry(False, code="SOMETHING_NEW", field="X"), CrmRejected, "value_rejected"),
    ],
    ids=lambda value: value.code + value.field if isinstance(value, Entry) else "",
)
def test_each_word_has_its_error(entry: Entry, kind: type[CrmError], trouble: str) -> None:
    error = error_of(entry, "update Leads")

    assert type(error) is kind
    assert (error.trouble, error.code) == (trouble, entry.code)
    assert getattr(error, "field", entry.field) == entry.field


def test_the_sentence_names_the_field_and_never_what_zoho_quotes() -> None:
    entry = Entry(False, code="INVALID_DATA", message="mori@kita.example is wrong", field="Email", expected="email")

    assert str(error_of(entry, "update Leads")) == (
        "update Leads: Zoho does not take the value (field Email, expected email) [INVALID_DATA]"
    )


def test_every_trouble_has_its_sentence_for_the_operator() -> None:
    assert {meaning.trouble for meaning in _MEANINGS.values()} - {""} <= set(WHAT_TO_DO)
