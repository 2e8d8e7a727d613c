"""Records in files become columns: in every form, with every kind of bad line counted, and never a crash."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from motenashi.sales_history.from_files import read_files
from motenashi.sales_history.history import KINDS, NEVER, NONE, SalesHistory
from motenashi.sales_history.organisation import UnreadableRecords
from motenashi.sales_history.purposes import PURPOSES
from tests.sales_history.small_records import (
    CUTS,
    FORMS,
    ORG,
    VALUES,
    activity,
    change,
    deal,
    differences,
    email,
    small_company,
    touchpoint,
    write,
    write_damaged,
    write_table,
)


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def read_with(folder: Path, **more: list[dict[str, Any]]) -> SalesHistory:
    """The small company and these rows."""
    tables = small_company()
    for table, rows in more.items():
        tables[table] += rows
    return read_files(write(folder, tables))


def test_every_record_becomes_a_row_of_codes(tmp_path: Path) -> None:
    history = read_files(write(tmp_path, small_company()))

    assert history.left_out == {}
    assert history.deals.ids.tolist() == ["d1", "d2", "d3"]
    assert [history.names.stages[code] for code in history.deals.stage] == ["Proposal", "Closed Won", "Closed Lost"]
    assert history.names.stage_outcomes == ("open", "open", "won", "lost")
    assert history.deals.repeat.tolist() == [False, True, False]
    assert np.isnan(history.deals.amount[2])
    assert history.deals.closed_at.tolist() == [NEVER, seconds("2026-02-20T00:00:00Z"), seconds("2026-03-01T00:00:00Z")]
    assert history.deals.expected_close[0] == seconds("2026-05-01T00:00:00Z")
    assert [history.accounts.ids[code] for code in history.deals.account] == ["a1", "a2", "a1"]
    assert history.leads.converted_deal.tolist() == [1]
    assert history.stage_changes.from_stage.tolist() == [NONE, 0, NONE, 0, NONE, 1]
    assert [KINDS[code] for code in history.activities.kind] == ["call", "event", "task", "call"]
    assert history.activities.seconds.tolist() == [300, 3600, 0, 0]
    assert history.emails.opened_again_at[0] == seconds("2026-02-05T04:00:00Z")
    assert history.touchpoints.signal.tolist() == [True, False]
    assert history.organisation.as_of == seconds(str(ORG["as_of"]))
    assert (history.organisation.opens, history.organisation.closes) == (540, 1080)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(tmp_path: Path, form: str) -> None:
    plain = read_files(write(tmp_path / "plain", small_company()))

    other = read_files(write(tmp_path / "other", small_company(), form))

    assert differences(plain, other) == []
    assert other.left_out == {}


def test_a_table_may_lie_in_several_files_of_several_forms(tmp_path: Path) -> None:
    tables = small_company()
    whole = read_files(write(tmp_path / "whole", tables))
    folder = write(tmp_path / "parts", {name: rows for name, rows in tables.items() if name != "deals"})
    for name, rows in (("deals-1.parquet", [0]), ("deals_2.jsonl.gz", [1]), ("deals-3.csv", [2])):
        write_table(folder / name, [tables["deals"][row] for row in rows])

    assert differences(whole, read_files(folder)) == []


def test_a_missing_table_is_empty_and_told(tmp_path: Path) -> None:
    tables = small_company()
    del tables["touchpoints"], tables["leads"]

    history = read_files(write(tmp_path, tables))

    assert len(history.touchpoints.at) == len(history.leads.ids) == 0
    assert history.left_out == {"touchpoints.no_file": 1, "leads.no_file": 1}


def test_a_folder_with_nothing_but_org_json_is_an_empty_history(tmp_path: Path) -> None:
    history = read_files(write(tmp_path, {}))

    assert len(history.deals.ids) == 0
    assert len(history.left_out) == 9


def test_a_missing_column_is_told_and_unknown(tmp_path: Path) -> None:
    tables = small_company()
    for row in tables["emails"]:
        del row["opened_again_at"]

    history = read_files(write(tmp_path, tables, ".csv"))

    assert history.incomplete["emails.no_column_opened_again_at"] == 1
    assert history.emails.opened_again_at.tolist() == [NEVER, NEVER]


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        (None, "is missing"),
        ("{", "can't be read as JSON"),
        ("[]", "must hold one object"),
        (json.dumps(ORG | {"time_zone": "Mars/Phobos"}), "time_zone must be"),
        (json.dumps(ORG | {"business_days": ["Xyz"]}), "business_days must be"),
        (json.dumps(ORG | {"business_hours": ["09:00", "09:00"]}), "business_hours must be"),
        (json.dumps(ORG | {"as_of": "soon"}), "as_of must be"),
        (json.dumps(ORG | {"stages": ["Won", "Lost"]}), "stages must be"),
    ],
)
def test_without_a_usable_org_json_there_is_a_clear_error(tmp_path: Path, said: str | None, missing: str) -> None:
    write(tmp_path, small_company())
    (tmp_path / "org.json").unlink()
    if said is not None:
        (tmp_path / "org.json").write_text(said, encoding="utf-8")

    with pytest.raises(UnreadableRecords, match=missing):
        read_files(tmp_path)


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecords, match="no such folder"):
        read_files(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("deals.unknown_stage", {"stage": "Dreaming"}),
        ("deals.unknown_stage", {"stage": None}),
        ("deals.no_time", {"created_at": "yesterday"}),
        ("deals.no_time", {"created_at": None}),
        ("deals.no_time", {"created_at": "0001-01-01T00:00:00Z"}),
        ("deals.no_id", {"id": None}),
        ("deals.after_the_end", {"created_at": "2026-04-02T00:00:00Z"}),
        ("deals.closed_before_opened", {"stage": "Closed Won", "closed_at": "2025-12-01T00:00:00Z"}),
        ("deals.closed_in_open_stage", {"closed_at": "2026-02-01T00:00:00Z"}),
        ("deals.closed_without_time", {"stage": "Closed Lost"}),
    ],
)
def test_a_deal_that_cannot_be_true_is_left_out_and_counted(tmp_path: Path, reason: str, wrong: dict[str, Any]) -> None:
    history = read_with(tmp_path, deals=[deal(4, **wrong)])

    assert history.left_out == {reason: 1}
    assert history.deals.ids.tolist() == ["d1", "d2", "d3"]


def test_of_two_deals_with_one_id_neither_is_believed(tmp_path: Path) -> None:
    history = read_with(tmp_path, deals=[deal(1, amount=7.0)])

    assert history.deals.ids.tolist() == ["d2", "d3"]
    assert history.left_out["deals.two_with_one_id"] == 2
    assert history.left_out["stage_history.unknown_deal"] == 2
    assert history.activities.deal.tolist() == [NONE] * 4  # what happened with the contact stays
    assert history.incomplete["activities.unknown_deal"] == 4


def test_the_same_line_twice_counts_once(tmp_path: Path) -> None:
    history = read_with(
        tmp_path,
        deals=[deal(1)],
        activities=[activity(1)],
        stage_history=[change("d1", None, "Qualification", "2026-01-05T00:00:00Z") | {"changed_by": "u2"}],
    )

    reasons = ("deals.same_line_twice", "stage_history.same_line_twice", "activities.same_line_twice")
    assert history.left_out == dict.fromkeys(reasons, 1)
    assert (len(history.deals.ids), len(history.activities.at), len(history.stage_changes.at)) == (3, 4, 6)


@pytest.mark.parametrize(
    ("reason", "row"),
    [
        ("stage_history.before_its_deal", change("d1", "Proposal", "Qualification", "2025-01-01T00:00:00Z")),
        ("stage_history.unknown_stage", change("d1", "Proposal", "Nirvana", "2026-03-01T00:00:00Z")),
        ("stage_history.unknown_stage", change("d1", "Nirvana", "Proposal", "2026-03-01T00:00:00Z")),
        ("stage_history.unknown_deal", change("d99", None, "Proposal", "2026-03-01T00:00:00Z")),
        ("stage_history.after_the_end", change("d1", None, "Proposal", "2027-03-01T00:00:00Z")),
        ("stage_history.no_time", change("d1", None, "Proposal", "")),
        ("activities.unknown_kind", activity(9, kind="dance")),
        ("activities.no_time", activity(9, start_at="2026-02-30T00:00:00Z")),
        ("activities.after_the_end", activity(9, start_at="2026-04-02T00:00:00Z")),
        ("activities.impossible_duration", activity(9, duration_s=-1)),
        ("activities.concerns_nobody", activity(9, deal_id="d99", contact_id=None)),
        ("emails.unknown_direction", email(9, direction="sideways")),
        ("emails.after_the_end", email(9, sent_at="2026-04-02T00:00:00Z")),
        ("touchpoints.impossible_duration", touchpoint(9, duration_s=-5)),
        ("touchpoints.impossible_duration", touchpoint(9, pages=-5)),
        ("touchpoints.no_type", touchpoint(9, type=None)),
    ],
)
def test_an_event_that_cannot_be_true_is_left_out_and_counted(tmp_path: Path, reason: str, row: dict[str, Any]) -> None:
    before = read_files(write(tmp_path / "before", small_company()))

    history = read_with(tmp_path / "after", **{reason.split(".")[0]: [row]})

    assert history.left_out == {reason: 1}
    assert differences(before, history) == []


def test_what_is_planned_may_lie_ahead(tmp_path: Path) -> None:
    history = read_with(tmp_path, activities=[activity(9, start_at="2026-04-02T00:00:00Z", status="open", result=None)])

    assert history.left_out == {}
    assert history.activities.at[-1] == seconds("2026-04-02T00:00:00Z")


def test_time_zones_are_never_guessed(tmp_path: Path) -> None:
    people = [{"id": f"c{n}", "account_id": "a1", "time_zone": zone} for n, zone in ((8, None), (9, "Mars/Phobos"))]

    history = read_with(tmp_path, contacts=people)

    assert history.contacts.time_zone.tolist()[2:] == [NONE, NONE]
    assert history.incomplete["contacts.no_time_zone"] == 1
    assert history.incomplete["contacts.unknown_time_zone"] == 1
    assert "Mars/Phobos" not in history.names.time_zones


def test_a_deal_of_an_unknown_account_is_kept_without_it(tmp_path: Path) -> None:
    history = read_with(tmp_path, deals=[deal(4, account_id="a99", contact_id="c99", owner_id="u99")])

    assert (history.deals.account[3], history.deals.contact[3], history.deals.owner[3]) == (NONE, NONE, NONE)
    assert {name: history.incomplete[f"deals.unknown_{name}"] for name in ("account", "contact", "owner")} == {
        "account": 1,
        "contact": 1,
        "owner": 1,
    }


def test_a_purpose_that_is_not_noted_is_told_by_the_subject_or_unknown(tmp_path: Path) -> None:
    history = read_with(tmp_path, activities=[activity(9, purpose="lunch", subject="Lunch")])

    purposes = [PURPOSES[code] if code >= 0 else "" for code in history.activities.purpose]
    assert purposes == ["follow_up", "demo", "", "", ""]
    assert history.incomplete["activities.purpose_told_by_subject"] == 1
    assert history.incomplete["activities.no_purpose"] == 1


def test_a_mail_opened_before_it_was_sent_is_kept_unopened(tmp_path: Path) -> None:
    history = read_with(tmp_path, emails=[email(9, opened_at="2026-01-01T00:00:00Z")])

    assert history.emails.opened_at[2] == NEVER
    assert history.emails.opened_again_at[2] != NEVER
    assert history.incomplete["emails.opened_before_sent"] == 1


def test_a_deal_closed_after_the_end_of_the_record_is_open_in_the_stage_it_had(tmp_path: Path) -> None:
    history = read_with(
        tmp_path,
        deals=[deal(4, stage="Closed Lost", closed_at="2026-03-31T20:00:00Z")],
        stage_history=[
            change("d4", None, "Qualification", "2026-01-05T00:00:00Z"),
            change("d4", "Qualification", "Closed Lost", "2026-03-31T20:00:00Z"),
        ],
    )

    assert history.names.stages[history.deals.stage[3]] == "Qualification"
    assert history.deals.closed_at[3] == NEVER
    assert history.incomplete["deals.closed_after_the_end"] == 1


def test_an_earlier_moment_knows_nothing_of_what_came_later(tmp_path: Path) -> None:
    write(tmp_path, small_company())

    history = read_files(tmp_path, as_of=datetime(2026, 2, 4, 0, 0, tzinfo=UTC))

    assert history.organisation.as_of == seconds("2026-02-04T00:00:00Z")
    assert [history.names.stages[code] for code in history.deals.stage] == [
        "Qualification",
        "Qualification",
        "Proposal",
    ]
    assert history.deals.closed_at.tolist() == [NEVER] * 3
    assert len(history.activities.at) == 3
    assert len(history.emails.at) == 0
    assert history.left_out["stage_history.after_as_of"] == 3


DAMAGED = [
    b"not json",
    b"[1, 2]",
    b'"d9"',
    b"null",
    b'{"id": "d9"',
    b'{"id": "\xff\xfe"}',
    b'{"id": "d9"} and more',
    b'{"id": {"deep": [1]}, "stage": 5}',
    b"\x00\x00",
]


@pytest.mark.parametrize("line", DAMAGED)
def test_a_damaged_line_costs_itself_and_nothing_else(tmp_path: Path, line: bytes) -> None:
    write(tmp_path, small_company())
    path = tmp_path / "deals.jsonl"
    path.write_bytes(line + b"\n" + path.read_bytes())

    history = read_files(tmp_path)

    assert history.deals.ids.tolist() == ["d1", "d2", "d3"]
    assert sum(history.left_out.values()) == 1


@pytest.mark.parametrize("line", ["d9,too,few", 'd9,"never closed', "d9" + ",x" * 40, '"d9" oops,1,2,3'])
def test_a_damaged_line_of_csv_costs_itself_and_nothing_else(tmp_path: Path, line: str) -> None:
    write(tmp_path, small_company(), ".csv")
    path = tmp_path / "accounts.csv"
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")

    history = read_files(tmp_path)

    assert history.accounts.ids.tolist() == ["a1", "a2"]
    assert history.left_out["accounts.no_record"] == 1


def test_a_gzip_file_that_breaks_off_keeps_its_first_lines(tmp_path: Path) -> None:
    write(tmp_path, small_company())
    (tmp_path / "touchpoints.jsonl").unlink()
    rows = "".join(json.dumps(touchpoint(1, id=f"v{n}")) + "\n" for n in range(5000))
    raw = gzip.compress(rows.encode())
    (tmp_path / "touchpoints.jsonl.gz").write_bytes(raw[: len(raw) // 2])

    history = read_files(tmp_path)

    assert 100 < len(history.touchpoints.at) < 5000
    assert history.left_out["touchpoints.no_record"] >= 1


@pytest.mark.parametrize(
    ("name", "raw", "users", "no_record"),
    [
        ("users.jsonl", b"", [], 0),
        ("users.jsonl.gz", b"", [], 0),
        ("users.csv", b"", [], 0),
        ("users.csv.gz", gzip.compress(b"", mtime=0), [], 0),
        ("users.jsonl.gz", b"no gzip at all", [], 1),
        ("users.csv.gz", b"no gzip at all", [], 1),
        ("users.jsonl", b'\xef\xbb\xbf{"id": "u1"}\n', ["u1"], 0),
        ("users.csv", b"\xef\xbb\xbfid,name\r\nu1,One\r\n", ["u1"], 0),
        ("users.csv", b"id,id\nu1,u2\n", [], 1),
        ("users.csv", b'id,name\nu1,"two\nlines"\n', ["u1"], 0),
        ("users-1[a]?.csv", b"id\nu1\n", ["u1"], 0),
        ("users.jsonl", '{"id": "u1"}'.encode("utf-16"), [], 1),
    ],
)
def test_strange_files_are_read_or_counted(
    tmp_path: Path, name: str, raw: bytes, users: list[str], no_record: int
) -> None:
    write(tmp_path / "it's [x]", small_company())
    (tmp_path / "it's [x]" / "users.jsonl").unlink()
    (tmp_path / "it's [x]" / name).write_bytes(raw)

    history = read_files(tmp_path / "it's [x]")

    assert history.users.ids.tolist() == users
    assert history.left_out.get("users.no_record", 0) == no_record


def test_a_parquet_file_that_is_none_is_a_clear_error(tmp_path: Path) -> None:
    write(tmp_path, small_company())
    (tmp_path / "deals.jsonl").unlink()
    (tmp_path / "deals.parquet").write_bytes(b"PAR1 but not really")

    with pytest.raises(UnreadableRecords, match=r"deals\.parquet"):
        read_files(tmp_path)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=VALUES, cuts=CUTS)
def test_whatever_happens_to_lines_and_values_nothing_crashes(
    tmp_path: Path, values: list[tuple[int, Any]], cuts: list[tuple[int, int, bytes]]
) -> None:
    history = read_files(write_damaged(tmp_path, values, cuts))

    assert len(history.deals.ids) <= 3 + sum(damage.count(b"\n") for _, _, damage in cuts)


@pytest.mark.parametrize(("called", "also_there"), [("records [1]", "records 1"), ("re*s", "recs"), ("re?s", "recs")])
@pytest.mark.parametrize("form", [".jsonl", ".csv", ".parquet"])
def test_a_folder_is_read_and_no_other_whose_name_its_own_would_fit_as_a_pattern(
    tmp_path: Path, called: str, also_there: str, form: str
) -> None:
    theirs = small_company()
    theirs["deals"] = [deal(9)]
    write(tmp_path / also_there, theirs, form)

    history = read_files(write(tmp_path / called, small_company(), form))

    assert history.deals.ids.tolist() == ["d1", "d2", "d3"]


@pytest.mark.parametrize("form", [".jsonl", ".csv", ".parquet"])
def test_the_name_of_a_folder_is_no_column(tmp_path: Path, form: str) -> None:
    plain = write(tmp_path / "plain", small_company(), form)
    moved = plain.with_name("owner_id=somebody")
    expected = read_files(plain)
    plain.rename(moved)

    assert differences(expected, read_files(moved)) == []


@pytest.mark.parametrize("header", ["id,ID,name,time_zone", "id,column 2,,time_zone"])
def test_columns_that_are_the_same_to_duckdb_are_read_all_the_same(tmp_path: Path, header: str) -> None:
    write(tmp_path, small_company())
    (tmp_path / "users.jsonl").unlink()
    (tmp_path / "users.csv").write_text(f"{header}\nu1,x,Aya,Asia/Tokyo\nu2,y,Ken,Asia/Tokyo\n")

    assert read_files(tmp_path).users.ids.tolist() == ["u1", "u2"]
