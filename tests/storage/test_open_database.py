"""Opening the database that a URL names."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from motenashi.database import Database, UtcTime
from motenashi.storage.open_database import open_database

metadata = MetaData()
events = Table("test_event", metadata, Column("id", Integer, primary_key=True), Column("at", UtcTime))
counters = Table("test_counter", metadata, Column("id", Integer, primary_key=True), Column("value", Integer))


def test_a_moment_comes_back_in_utc_whatever_zone_it_went_in_with(database: Database) -> None:
    metadata.create_all(database.engine)
    tokyo = datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=9)))
    with database.write() as connection:
        connection.execute(insert(events).values(id=1, at=tokyo))

    with database.read() as connection:
        assert connection.execute(select(events.c.at)).scalar_one() == datetime(2026, 3, 1, 0, 30, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    metadata.create_all(database.engine)
    with pytest.raises(StatementError, match="needs its time zone"), database.write() as connection:
        connection.execute(insert(events).values(id=1, at=datetime(2026, 3, 1)))


def test_nothing_of_a_write_that_fails_half_way_is_kept(database: Database) -> None:
    metadata.create_all(database.engine)
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        connection.execute(insert(counters).values(id=1, value=1))
        _ = 1 / 0

    with database.read() as connection:
        assert connection.execute(select(counters)).all() == []


def test_two_writers_that_read_first_wait_for_each_other_on_sqlite(sqlite_database: Database) -> None:
    metadata.create_all(sqlite_database.engine)
    with sqlite_database.write() as connection:
        connection.execute(insert(counters).values(id=1, value=0))

    def add_one(_: int) -> None:
        with sqlite_database.write() as connection:
            value = connection.execute(select(counters.c.value)).scalar_one()
            connection.execute(update(counters).values(value=value + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_one, range(40)))
    with sqlite_database.read() as connection:
        assert connection.execute(select(counters.c.value)).scalar_one() == 40


def test_a_read_does_not_wait_for_a_writer(database: Database) -> None:
    metadata.create_all(database.engine)

    with database.write() as writer:
        writer.execute(insert(counters).values(id=1, value=1))
        with database.read() as reader:
            assert reader.execute(select(counters)).all() == []  # what is not committed is not seen

    with database.read() as reader:
        assert reader.execute(select(counters.c.value)).scalar_one() == 1


def test_a_read_in_memory_sees_what_was_written() -> None:
    database = open_database("sqlite://")
    metadata.create_all(database.engine)
    with database.write() as connection:
        connection.execute(insert(counters).values(id=1, value=7))

    with database.read() as connection:
        assert connection.execute(select(counters.c.value)).scalar_one() == 7
    database.engine.dispose()


def test_sqlite_survives_a_power_cut_after_a_write(sqlite_database: Database) -> None:
    with sqlite_database.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL


def test_a_closed_database_holds_no_file_open(sqlite_database: Database) -> None:
    metadata.create_all(sqlite_database.engine)
    with sqlite_database.read() as connection:
        connection.execute(select(counters))
    sqlite_database.engine.dispose()

    file = str(sqlite_database.engine.url.database)
    opened = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.exists()]
    assert [name for name in opened if name.startswith(file)] == []


def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/new/folder/motenashi.db")
    metadata.create_all(database.engine)
    database.engine.dispose()

    assert (tmp_path / "new/folder/motenashi.db").exists()


def test_a_database_of_another_kind_is_refused_with_what_we_know() -> None:
    with pytest.raises(ValueError, match="sqlite and postgresql are what we know"):
        open_database("mysql://localhost/motenashi")


def test_reading_goes_on_while_somebody_writes(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/motenashi.db")
    with database.write() as writer:
        writer.execute(text("create table notes (words text)"))
    with database.write() as writer:
        writer.execute(text("insert into notes values ('not yet committed')"))

        with database.read() as reader:
            assert reader.execute(text("select count(*) from notes")).scalar() == 0


def test_what_stands_in_a_row_stands_in_no_error(database: Database) -> None:
    with pytest.raises(DBAPIError) as caught, database.read() as connection:
        connection.execute(text("select * from nowhere where email = :email"), {"email": "ann@example.com"})

    assert "ann@example.com" not in str(caught.value)


def test_a_folder_that_is_made_for_the_database_is_its_owners_alone(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/data/shop.db")

    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
