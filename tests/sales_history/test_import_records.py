"""Files are taken into the store once, whatever their form; what can't be taken is told line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy import func, select

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata
from crm_client.records import Deal, Outcome, Stage
from motenashi.database import Database
from motenashi.sales_history.from_files import read_files
from motenashi.sales_history.from_store import read_store
from motenashi.sales_history.import_files import TableCounts, import_records
from motenashi.sales_history.organisation import UnreadableRecords
from motenashi.storage.open_database import open_database
from tests.sales_history.small_records import (
    CUTS,
    FORMS,
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
)

NOW = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def store(database: Database) -> Database:
    metadata.create_all(database.engine)
    return database


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/store.db")
    metadata.create_all(database.engine)
    yield database
    database.engine.dispose()


def counts(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def rejected(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_what_went_in_comes_out_as_the_files_say(tmp_path: Path, store: Database) -> None:
    folder = write(tmp_path / "records", small_company())

    report = import_records(folder, store, rejects=tmp_path / "rejects.jsonl")

    files = read_files(folder)
    assert differences(files, read_store(store, files.organisation)) == []
    assert {name: count.taken for name, count in report.tables.items()} == {
        name: len(rows) for name, rows in small_company().items()
    }
    assert (report.missing, report.rejects) == ((), None)
    assert not (tmp_path / "rejects.jsonl").exists()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_taken(tmp_path: Path, sqlite_store: Database, form: str) -> None:
    folder = write(tmp_path / "records", small_company(), form)

    report = import_records(folder, sqlite_store, rejects=tmp_path / "rejects.jsonl")

    assert report.rejects is None
    files = read_files(folder)
    assert differences(files, read_store(sqlite_store, files.organisation)) == []


def test_the_same_import_again_changes_nothing(tmp_path: Path, store: Database) -> None:
    folder = write(tmp_path / "records", small_company())
    import_records(folder, store, rejects=tmp_path / "rejects.jsonl")
    before = counts(store)

    again = import_records(folder, store, rejects=tmp_path / "rejects.jsonl")

    assert counts(store) == before
    assert {name: (count.taken, count.already_there) for name, count in again.tables.items()} == {
        name: (0, len(rows)) for name, rows in small_company().items()
    }


def test_a_record_that_changed_in_the_crm_stays_as_it_is_there_and_is_told(
    tmp_path: Path, sqlite_store: Database
) -> None:
    folder = write(tmp_path / "records", small_company())
    import_records(folder, sqlite_store, rejects=tmp_path / "rejects.jsonl")
    crm = EmbeddedCrm(sqlite_store)
    moved = crm.deal("d1")
    assert moved is not None
    crm.save_deal(Deal("d1", "Renamed", "Closed Won", created_at=moved.created_at), at=NOW)

    report = import_records(folder, sqlite_store, rejects=tmp_path / "rejects.jsonl")

    assert report.tables["deals"] == TableCounts(taken=0, rejected=1, already_there=2)
    kept = crm.deal("d1")
    assert kept is not None
    assert kept.name == "Renamed"
    (line,) = rejected(tmp_path / "rejects.jsonl")
    assert (line["table"], line["line"]) == ("deals", 1)
    assert "other values is there already" in line["reason"]


@pytest.mark.parametrize(
    ("table", "row", "reason"),
    [
        ("deals", deal(9, stage="Dreaming"), "there is no stage Dreaming"),
        ("deals", deal(9, closed_at="2025-01-01T00:00:00Z"), "closed_at is before created_at"),
        ("deals", deal(9, closed_at="2026-02-01T00:00:00Z"), "its stage is open"),
        ("deals", deal(9, stage="Closed Won"), "closed stage without closed_at"),
        ("deals", deal(9, created_at="soon"), "created_at is no time"),
        ("deals", deal(9, id=None), "id is missing"),
        ("deals", deal(9, amount="a lot"), "amount is no number"),
        ("deals", deal(9, repeat="perhaps"), "repeat is neither true nor false"),
        ("deals", deal(9, name="x" * 300), "name is longer than 255 characters"),
        ("deals", deal(1, amount=1.0), "a record with this id and other values is there already"),
        ("stage_history", change("d99", None, "Proposal", "2026-02-01T00:00:00Z"), "there is no such deal"),
        ("stage_history", change("d1", None, "Dreaming", "2026-02-01T00:00:00Z"), "there is no stage Dreaming"),
        ("activities", activity(9, kind="dance"), "kind must be one of"),
        ("activities", activity(9, duration_s=-4), "duration_s is impossible"),
        ("activities", activity(9, deal_id=None, contact_id=None), "names neither a deal nor a contact nor a lead"),
        ("emails", email(9, direction="sideways"), "direction must be one of"),
        ("emails", email(9, opened_at="2026-01-01T00:00:00Z"), "opened_at is before sent_at"),
        ("touchpoints", touchpoint(9, at="2300-01-01T00:00:00Z"), "at is no time a company lives in"),
        ("touchpoints", touchpoint(9, pages=-1), "pages is less than nothing"),
    ],
)
def test_a_line_that_can_not_be_taken_is_told_and_the_import_goes_on(
    tmp_path: Path, sqlite_store: Database, table: str, row: dict[str, Any], reason: str
) -> None:
    tables = small_company()
    tables[table].append(row)
    rejects = tmp_path / "out" / "rejects.jsonl"

    report = import_records(write(tmp_path / "records", tables), sqlite_store, rejects=rejects)

    (line,) = rejected(rejects)
    assert reason in line["reason"]
    assert (line["table"], line["file"], line["line"]) == (table, f"{table}.jsonl", len(tables[table]))
    assert json.loads(line["text"]) == row
    assert report.tables[table] == TableCounts(taken=len(tables[table]) - 1, rejected=1)
    assert report.rejects == rejects


@pytest.mark.parametrize("line", [b"nonsense", b"[]", b'{"id": "\xff"}', b'{"id"'])
def test_a_line_that_is_no_record_is_told(tmp_path: Path, sqlite_store: Database, line: bytes) -> None:
    folder = write(tmp_path / "records", small_company())
    path = folder / "users.jsonl"
    path.write_bytes(line + b"\n" + path.read_bytes())

    report = import_records(folder, sqlite_store, rejects=tmp_path / "rejects.jsonl")

    assert report.tables["users"] == TableCounts(taken=2, rejected=1)
    assert rejected(tmp_path / "rejects.jsonl")[0]["line"] == 1


def test_a_parquet_file_that_is_none_is_told_and_the_other_tables_are_taken(
    tmp_path: Path, sqlite_store: Database
) -> None:
    folder = write(tmp_path / "records", small_company())
    (folder / "users.jsonl").unlink()
    (folder / "users.parquet").write_bytes(b"PAR1, said nobody")

    report = import_records(folder, sqlite_store, rejects=tmp_path / "rejects.jsonl")

    assert report.tables["users"] == TableCounts(rejected=1)
    assert report.tables["deals"].taken == 3
    assert "can't be read" in rejected(tmp_path / "rejects.jsonl")[0]["reason"]


def test_people_are_found_by_their_address_and_events_stand_in_the_diary(tmp_path: Path, store: Database) -> None:
    import_records(write(tmp_path / "records", small_company()), store, rejects=tmp_path / "rejects.jsonl")

    crm = EmbeddedCrm(store)
    found = crm.find_contact(email="hanako@example.COM")
    assert found is not None
    assert (found.id, found.last_name, found.account_id) == ("c1", "森 花子", "a1")
    day = datetime(2026, 2, 2, tzinfo=UTC)
    assert [one.id for one in crm.events_between(day, day.replace(hour=23), "u1")] == ["t2"]
    assert [one.to_stage for one in crm.stage_history("d1")] == ["Qualification", "Proposal"]
    assert [stage.outcome for stage in crm.stages()] == [Outcome.OPEN, Outcome.OPEN, Outcome.WON, Outcome.LOST]


def test_a_store_with_deals_keeps_its_stages_and_gets_the_new_ones(tmp_path: Path, sqlite_store: Database) -> None:
    crm = EmbeddedCrm(sqlite_store)
    crm.save_deal(Deal("old", "Old", "Negotiation/Review", created_at=NOW), at=NOW)

    import_records(write(tmp_path / "records", small_company()), sqlite_store, rejects=tmp_path / "rejects.jsonl")

    names = [stage.name for stage in crm.stages()]
    assert names[-1] == "Proposal"
    assert len(names) == len(set(names)) == 8


def test_stages_that_mean_something_else_in_the_crm_stop_the_import_before_it_begins(
    tmp_path: Path, sqlite_store: Database
) -> None:
    crm = EmbeddedCrm(sqlite_store)
    crm.set_stages([Stage("Proposal", Outcome.WON, 1)])
    crm.save_deal(Deal("old", "Old", "Proposal", created_at=NOW), at=NOW)
    before = counts(sqlite_store)

    with pytest.raises(UnreadableRecords, match="the stage Proposal is open here, won in the CRM"):
        import_records(write(tmp_path / "records", small_company()), sqlite_store, rejects=tmp_path / "rejects.jsonl")

    assert counts(sqlite_store) == before


@pytest.mark.parametrize("name", ["deals.jsonl", "org.json", "../records/leads.jsonl"])
def test_what_is_rejected_never_goes_over_what_is_read(tmp_path: Path, sqlite_store: Database, name: str) -> None:
    folder = write(tmp_path / "records", small_company())
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    with pytest.raises(UnreadableRecords, match="is one of the files to be read"):
        import_records(folder, sqlite_store, rejects=folder / name)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert counts(sqlite_store)["crm_deals"] == 0


def test_amounts_become_the_smallest_parts_of_their_currency(tmp_path: Path, sqlite_store: Database) -> None:
    tables = small_company()
    tables["deals"] = [deal(1, amount=12.34)]
    folder = write(tmp_path / "records", tables)

    import_records(folder, sqlite_store, rejects=tmp_path / "rejects.jsonl", currency="USD")

    stored = EmbeddedCrm(sqlite_store).deal("d1")
    assert stored is not None
    assert (stored.amount, stored.currency) == (1234, "USD")
    assert read_store(sqlite_store, read_files(folder).organisation).deals.amount.tolist() == [12.34]


def test_progress_is_told_table_by_table(tmp_path: Path, sqlite_store: Database) -> None:
    told: list[tuple[str, int, int]] = []

    import_records(
        write(tmp_path / "records", small_company(), ".csv.gz"),
        sqlite_store,
        rejects=tmp_path / "rejects.jsonl",
        progress=lambda *step: told.append(step),
    )

    assert [table for table, _, _ in told] == list(small_company())
    assert all(0 < done <= total for _, done, total in told)


@settings(max_examples=10, deadline=None)
@given(values=VALUES, cuts=CUTS)
def test_whatever_happens_to_lines_and_values_each_is_taken_or_told(
    values: list[tuple[int, Any]], cuts: list[tuple[int, int, bytes]]
) -> None:
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/store.db")
        metadata.create_all(database.engine)
        records, rejects = write_damaged(Path(folder) / "records", values, cuts), Path(folder) / "rejects.jsonl"

        first = import_records(records, database, rejects=rejects)
        before = counts(database)
        second = import_records(records, database, rejects=rejects)

        for table, count in first.tables.items():
            again = second.tables[table]
            assert again.taken == 0
            assert again.already_there + again.rejected == count.taken + count.already_there + count.rejected
        told = len(rejected(rejects)) if second.rejects else 0
        assert told == sum(count.rejected for count in second.tables.values())
        assert counts(database) == before
        database.engine.dispose()
