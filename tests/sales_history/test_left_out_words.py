"""Every reason that the readers count has its words in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from motenashi.sales_history.from_files import read_files
from motenashi.sales_history.left_out_words import _REASONS, told
from tests.sales_history.small_records import activity, change, deal, email, small_company, touchpoint, write

LATE = "2026-04-02T00:00:00Z"

# One row of everything that can be wrong; the history is asked for a day before its end.
WRONG = {
    "contacts": [{"id": "c8"}, {"id": "c9", "account_id": "a9", "time_zone": "Mars/Phobos"}],
    "leads": [{"id": "l9", "created_at": "2026-01-01", "owner_id": "u9", "converted_deal_id": "d99"}, {"id": "l8"}],
    "deals": [
        {},
        deal(10, id=None),
        *(deal(11), deal(11, amount=1), deal(12), deal(12)),
        deal(13, stage="Gone"),
        deal(14, created_at=LATE),
        deal(15, stage="Closed Won", closed_at="2025-01-01"),
        deal(16, closed_at="2026-02-02"),
        deal(17, stage="Closed Won"),
        deal(18, account_id="a9", contact_id="c99", owner_id="u9", amount="?", industry=None, repeat="?"),
        deal(19, stage="Closed Won", closed_at="2026-03-31T10:00:00Z"),
    ],
    "stage_history": [change("d1", None, "Proposal", "2025-01-01"), change("d9", None, "Proposal", "2026-02-01")],
    "activities": [
        activity(9, kind="dance"),
        activity(10, start_at="?"),
        activity(11, duration_s=-1),
        activity(12, deal_id=None, contact_id=None),
        activity(13, lead_id="l99", direction=None, status="?", result="?", purpose=None, subject=None),
        activity(14, start_at="2026-03-31T01:00:00Z"),
    ],
    "emails": [
        email(9, direction="?"),
        email(10, opened_at="?", opened_again_at="2026-01-01", clicked_at=LATE),
    ],
    "touchpoints": [touchpoint(9, type=None)],
}
# A table of the small company that is not there.
MISSING = "users"


def test_every_reason_has_words_and_every_word_has_a_reason(tmp_path: Path) -> None:
    tables = small_company()
    del tables[MISSING]
    for table, rows in WRONG.items():
        tables[table] += rows

    history = read_files(write(tmp_path, tables), as_of=datetime(2026, 3, 30, tzinfo=UTC))

    seen = {reason.split(".")[1] for reason in (*history.left_out, *history.incomplete)}
    assert seen == set(_REASONS)


def test_a_reason_is_told_with_its_table_and_number() -> None:
    assert told("deals.unknown_stage", 1200) == "Deals: 1,200 name a stage that does not exist"
    assert told("deals.unknown_stage", 1200, "ja") == "商談：存在しないステージのもの1,200件"
    assert told("emails.no_column_opened_again_at", 1) == "E-mails: a file has no column opened_again_at"


@pytest.mark.parametrize("reason", _REASONS)
def test_every_reason_can_be_told_in_both_languages(reason: str) -> None:
    english, japanese = told(f"deals.{reason}", 3), told(f"deals.{reason}", 3, "ja")

    assert english.startswith("Deals: ")
    assert japanese.startswith("商談：")
    assert "{" not in english + japanese
