"""A big world of voices to measure on: a million touchpoints, 200,000 responses, what people did after them.

    python -m bench.voice_world --folder /tmp/voice-world [--factor 0.1] [--postgres URL]

makes it once and finds it again afterwards. From other benchmarks: `sqlite_world(folder, factor)`,
`postgres_world(url, factor)`; UNTIL is the world's today.
"""

from __future__ import annotations

import argparse
import sqlite3
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Index, MetaData, text
from sqlalchemy.engine import make_url

from bench.voice_world_rows import UNTIL, Row, Rows
from motenashi.database import Database
from motenashi.storage.all_tables import ALL_TABLES
from motenashi.storage.migrate import migrate
from motenashi.storage.open_database import open_database

VERSION = 2  # of the rows; another one is made anew
BATCH = 20_000
POSTGRES_SCHEMA = "voice_world"

__all__ = ["UNTIL", "postgres_world", "sqlite_world"]


def sqlite_world(folder: Path, factor: float = 1.0) -> Database:
    """The world in `folder`, made if it is not there."""
    file = folder / f"voices-{VERSION}-{factor:g}.db"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".unfinished")
        for old in folder.glob(f"{unfinished.name}*"):
            old.unlink()
        database = open_database(f"sqlite:///{unfinished}")
        migrate(database)
        _fill_sqlite(database, unfinished, Rows(factor))
        database.engine.dispose()
        unfinished.rename(file)
    database = open_database(f"sqlite:///{file}")
    bring_up_to_date(database)
    return database


def postgres_world(url: str, factor: float = 1.0) -> Database:
    """The world in a schema of its own, made if it is not there, or not as big."""
    url = make_url(url).update_query_dict({"options": f"-csearch_path={POSTGRES_SCHEMA}"}).render_as_string(False)
    with psycopg.connect(url, autocommit=True) as connection:
        if not _is_made(connection, factor):
            name = sql.Identifier(POSTGRES_SCHEMA)
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
            _fill_postgres(url, connection, Rows(factor))
            connection.execute("CREATE TABLE bench_world (version int, factor float)")
            connection.execute("INSERT INTO bench_world VALUES (%s, %s)", (VERSION, factor))
    database = open_database(url)
    bring_up_to_date(database)
    return database


def bring_up_to_date(database: Database) -> None:
    """Tables and indexes that the code has and this world was made without; indexes that are gone are dropped."""
    have = MetaData()
    have.reflect(database.engine)
    known = {index.name: index for index in _indexes()}
    there: dict[str, Index] = {str(index.name): index for table in have.tables.values() for index in table.indexes}
    changed = False
    for name in sorted(known.keys() & there.keys()):
        if _columns(known[name]) != _columns(there[name]):
            there.pop(name).drop(database.engine)
    for metadata in ALL_TABLES:
        metadata.create_all(database.engine)
    for name, index in known.items():
        if name not in there and index.table is not None and index.table.name in have.tables:
            index.create(database.engine)
            changed = True
    for name, index in there.items():
        if name not in known and index.table is not None and not index.unique:
            index.drop(database.engine)
            changed = True
    if changed:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _columns(index: Index) -> list[str]:
    return [str(column.name) for column in index.columns]


def _indexes() -> Iterable[Index]:
    return (index for metadata in ALL_TABLES for table in metadata.tables.values() for index in table.indexes)


def _fill_sqlite(database: Database, file: Path, rows: Rows) -> None:
    _drop_indexes(database)
    connection = sqlite3.connect(file)
    connection.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-200000")
    for table, columns, made in rows.tables():
        names = columns.split()
        marks = ", ".join("?" * len(names))
        quoted = ", ".join(f'"{name}"' for name in names)
        while batch := list(islice(made, BATCH)):
            connection.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", batch)
        connection.commit()
    connection.close()
    _make_indexes(database)


def _fill_postgres(url: str, connection: psycopg.Connection, rows: Rows) -> None:
    database = open_database(url)
    migrate(database)
    _drop_indexes(database)
    connection.execute("SET timezone = 'UTC'")
    for table, columns, made in rows.tables():
        names = sql.SQL(", ").join(sql.Identifier(name) for name in columns.split())
        with connection.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)) as copy:
            _copied(copy, made)
    for table in ("voice_responses", "voice_events"):
        connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    _make_indexes(database)
    connection.execute("VACUUM ANALYZE")
    database.engine.dispose()


def _copied(copy: psycopg.Copy, made: Iterable[Row]) -> None:
    for row in made:
        copy.write_row(row)


def _drop_indexes(database: Database) -> None:
    """Rows are written faster without; those that make a table's rows unique stay."""
    for index in _indexes():
        if not index.unique:
            index.drop(database.engine, checkfirst=True)


def _make_indexes(database: Database) -> None:
    for index in _indexes():
        index.create(database.engine, checkfirst=True)
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _is_made(connection: psycopg.Connection, factor: float) -> bool:
    try:
        found = connection.execute("SELECT version, factor FROM bench_world").fetchone()
    except psycopg.errors.UndefinedTable:
        return False
    return found == (VERSION, factor)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--folder", type=Path, required=True)
    reader.add_argument("--factor", type=float, default=1.0)
    reader.add_argument("--postgres", default="", help="URL of a database to make it in, too")
    chosen = reader.parse_args()
    start = time.perf_counter()
    sqlite_world(chosen.folder, chosen.factor)
    print(f"SQLite: {time.perf_counter() - start:.0f} s")
    if chosen.postgres:
        start = time.perf_counter()
        postgres_world(chosen.postgres, chosen.factor)
        print(f"PostgreSQL: {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
