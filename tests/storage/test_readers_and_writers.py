"""A reader keeps nobody out, and nobody keeps a reader out, on either kind of database."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import OperationalError

from motenashi.database import Database, is_busy
from motenashi.storage import open_database as storage
from motenashi.storage.open_database import open_database

metadata = MetaData()
numbers = Table("test_number", metadata, Column("number", Integer, primary_key=True))


def test_somebody_may_write_while_somebody_reads(database: Database) -> None:
    metadata.create_all(database.engine)

    with database.read() as reading:
        assert reading.execute(select(numbers)).all() == []
        with database.write() as writing:
            writing.execute(insert(numbers).values(number=1))

    with database.read() as reading:
        assert reading.execute(select(numbers.c.number)).scalars().all() == [1]


def test_somebody_may_read_while_somebody_writes(database: Database) -> None:
    metadata.create_all(database.engine)

    with database.write() as writing:
        writing.execute(insert(numbers).values(number=1))
        with database.read() as reading:
            assert reading.execute(select(numbers)).all() == []  # not there before the transaction's end


def test_a_second_writer_is_told_that_the_database_is_busy(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "BUSY_SECONDS", 0.05)
    database = open_database(sqlite_url)
    metadata.create_all(database.engine)

    with database.write(), pytest.raises(OperationalError) as refused, database.write():
        pass

    assert is_busy(refused.value)
    database.engine.dispose()
