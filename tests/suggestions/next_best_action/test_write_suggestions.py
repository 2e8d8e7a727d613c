"""The answer file of a batch, from records in files to lines of JSON."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from motenashi.sales_history.history import Organisation
from motenashi.suggestions.next_best_action.advise import advise
from motenashi.suggestions.next_best_action.advise_records import advise_records
from motenashi.suggestions.next_best_action.learn import learn
from motenashi.suggestions.next_best_action.office_hours import next_open
from motenashi.suggestions.next_best_action.write_suggestions import as_row, write_suggestions
from tests.suggestions.next_best_action.by_hand import Deal, Did, at_day, history
from tests.suggestions.next_best_action.conftest import Taught

TOKYO = Organisation("Asia/Tokyo", (0, 1, 2, 3, 4), 540, 1080, 0)


def test_a_deal_that_is_due_gets_action_chance_moment_and_reason(chased: Taught) -> None:
    past = chased.world.history
    advices = advise(chased.learned, past, as_of=datetime.fromtimestamp(past.organisation.as_of, UTC))
    advice = next(one for one in advices if one.suggest)

    row = as_row(advice, past.organisation)

    assert row["action"] == row["ranked"][0] == advice.ranked[0].name
    assert len(row["ranked"]) == 12
    assert 0 < row["p"] < 1
    assert row["low"] <= row["lift"] <= row["high"]
    assert row["at"] >= advice.as_of.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert f"{row['advanced']} of {row['taken']} moved on." in row["reason"]


def test_a_deal_that_is_not_due_says_so_and_until_when() -> None:
    written = history([Deal()], [Did(0, 5.0)], until=6.0)
    (advice,) = advise(learn(written), written, as_of=at_day(6))

    row = as_row(advice, written.organisation)

    assert (row["deal_id"], row["suggest"]) == ("d0", False)
    assert row["at"] > "2025-06-07"
    assert row["reason"].startswith("Contact is frequent enough: the last one was 1 day ago")
    assert "action" not in row


def test_where_nothing_is_known_the_reason_says_so() -> None:
    written = history([Deal()], until=30.0)
    (advice,) = advise(learn(written), written, as_of=at_day(30))

    assert as_row(advice, written.organisation)["reason"].startswith("Nothing is known of deals in First yet")


@pytest.mark.parametrize("name", ["suggestions.jsonl", "suggestions.jsonl.gz"])
def test_lines_are_written_one_a_deal(tmp_path: Path, name: str) -> None:
    written = history([Deal(), Deal()], [Did(0, 5.0)], until=6.0)
    file = tmp_path / "new" / name

    count = write_suggestions(advise(learn(written), written, as_of=at_day(6)), file, organisation=written.organisation)

    text = gzip.decompress(file.read_bytes()).decode() if name.endswith("gz") else file.read_text()
    assert count == 2
    assert [json.loads(line)["deal_id"] for line in text.splitlines()] == ["d0", "d1"]


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2025-06-02T01:30:00", "2025-06-02T01:30:00"),  # Monday, half past ten
        ("2025-06-01T20:00:00", "2025-06-02T00:00:00"),  # Monday, five in the morning
        ("2025-06-06T09:00:00", "2025-06-09T00:00:00"),  # Friday, just closed
    ],
)
def test_the_next_moment_of_business(now: str, opens: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert next_open(TOKYO, moment) == datetime.fromisoformat(opens).replace(tzinfo=UTC)


def test_somebody_without_hours_is_there_always() -> None:
    moment = datetime(2025, 6, 1, tzinfo=UTC)

    assert next_open(Organisation("Asia/Tokyo", (), 540, 1080, 0), moment) == moment


def _lines(file: Path, *rows: dict[str, object]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def records(tmp_path: Path) -> Path:
    folder = tmp_path / "records"
    folder.mkdir()
    organisation = {
        "time_zone": "Asia/Tokyo",
        "business_days": ["Mon", "Tue", "Wed", "Thu", "Fri"],
        "business_hours": ["09:00", "18:00"],
        "stages": ["First", "Second", "Closed Won", "Closed Lost"],
        "as_of": "2025-06-30T15:00:00Z",
    }
    (folder / "org.json").write_text(json.dumps(organisation), encoding="utf-8")
    deal = {
        "id": "d1", "name": "A deal", "account_id": None, "contact_id": None, "owner_id": None, "industry": "Retail",
        "type": "New Business", "repeat": False, "amount": None, "lead_source": "Web", "stage": "First",
        "created_at": "2025-06-01T00:00:00Z", "expected_close": None, "closed_at": None,
    }  # fmt: skip
    _lines(folder / "deals.jsonl", deal)
    _lines(
        folder / "stage_history.jsonl",
        {"deal_id": "d1", "from_stage": None, "to_stage": "First", "at": "2025-06-01T00:00:00Z", "changed_by": None},
    )
    _lines(
        folder / "activities.jsonl",
        {
            "id": "t1", "kind": "call", "deal_id": "d1", "contact_id": None, "owner_id": None, "purpose": "discovery",
            "subject": "Discovery", "direction": "outbound", "status": "completed", "result": "answered",
            "start_at": "2025-06-10T02:00:00Z", "duration_s": 300,
        },
    )  # fmt: skip
    return folder


def test_a_folder_of_records_becomes_answers(records: Path, tmp_path: Path) -> None:
    _, learned, written = advise_records(records, tmp_path / "out")

    row = json.loads((tmp_path / "out" / "suggestions.jsonl").read_text())
    assert written == 1
    assert learned.learned_from.deals == 1
    assert (row["deal_id"], row["suggest"], row["at"]) == ("d1", True, "2025-07-01T00:00:00Z")


def test_a_folder_may_be_looked_at_as_of_an_earlier_day(records: Path, tmp_path: Path) -> None:
    advise_records(records, tmp_path / "out", as_of=datetime(2025, 6, 11, tzinfo=UTC))

    row = json.loads((tmp_path / "out" / "suggestions.jsonl").read_text())
    assert (row["deal_id"], row["suggest"]) == ("d1", False)
