"""SQLite looks at tables that have grown."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, Table, event, insert, text

from motenashi.database import Database
from motenashi.jobs.fresh_plans import fresh_plans
from motenashi.storage.open_database import open_database

metadata = MetaData()
things = Table("things", metadata, Column("id", Integer, primary_key=True), Column("kind", Integer))
Index("things_kind", things.c.kind)


def test_what_stands_in_a_table_is_looked_at(sqlite_database: Database) -> None:
    metadata.create_all(sqlite_database.engine)
    with sqlite_database.write() as connection:
        connection.execute(insert(things), [{"kind": number % 7} for number in range(2_000)])

    fresh_plans(sqlite_database)

    with sqlite_database.read() as connection:
        looked = connection.execute(text("select stat from sqlite_stat1 where idx = 'things_kind'")).scalar()
    assert looked is not None
    assert int(looked.split()[0]) > 1_000


def test_postgresql_sees_to_it_by_itself(postgres_url: str) -> None:
    asked: list[str] = []
    database = open_database(postgres_url)
    event.listen(database.engine, "before_cursor_execute", lambda *those: asked.append(those[2]))

    fresh_plans(database)

    assert asked == []
