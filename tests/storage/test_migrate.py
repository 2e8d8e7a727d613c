"""Migrations make exactly the tables that the rooms declare, on both kinds of database, once, whoever comes first."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect, text

from motenashi.database import Database
from motenashi.storage import migrate as migration
from motenashi.storage.all_tables import ALL_TABLES
from motenashi.storage.migrate import migrate, newest
from motenashi.storage.open_database import open_database


def version(database: Database) -> str:
    with database.read() as connection:
        return str(connection.execute(text("select version_num from alembic_version")).scalar_one())


def tables_of(database: Database) -> set[str]:
    with database.read() as connection:
        return set(inspect(connection).get_table_names())


def test_the_migrations_make_what_the_rooms_declare(database: Database) -> None:
    migrate(database)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
        differences = [compare_metadata(context, one_of_all()), missing_indexes(database)]

    assert differences == [[], set()], differences


def one_of_all() -> MetaData:
    """Everybody's tables in one piece, as Alembic compares them."""
    together = MetaData()
    for metadata in ALL_TABLES:
        for table in metadata.tables.values():
            table.to_metadata(together)
    return together


def missing_indexes(database: Database) -> set[str]:
    with database.read() as connection:
        inspector = inspect(connection)
        there = {index["name"] for name in inspector.get_table_names() for index in inspector.get_indexes(name)}
    return {str(index.name) for table in one_of_all().tables.values() for index in table.indexes} - there


def test_no_two_rooms_claim_the_same_table() -> None:
    names = [name for metadata in ALL_TABLES for name in metadata.tables]

    assert len(names) == len(set(names))


def test_the_second_time_there_is_nothing_to_do(database: Database) -> None:
    assert migrate(database) is True
    assert migrate(database) is False
    assert version(database) == newest()


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The program brings a migration that makes a table and then breaks."""
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    env = Path(migration.__file__).parent / "migrations" / "env.py"
    (tmp_path / "migrations" / "env.py").write_text(env.read_text())
    (versions / "0001_breaks.py").write_text(
        "from alembic import op\n"
        "import sqlalchemy as sa\n"
        "revision, down_revision = '0001', None\n"
        "def upgrade():\n"
        "    op.create_table('half', sa.Column('id', sa.Integer, primary_key=True))\n"
        "    raise RuntimeError('power cut')\n"
    )
    monkeypatch.setattr(migration, "_FOLDER", tmp_path / "migrations")

    with pytest.raises(RuntimeError, match="power cut"):
        migrate(database)

    assert "half" not in tables_of(database) and migration._version(database) == ""


def test_two_processes_that_begin_at_once_migrate_once(database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    database.engine.dispose()
    spawn = multiprocessing.get_context("spawn")
    together: Any = spawn.Barrier(2)
    answers: Any = spawn.Queue()
    processes = [spawn.Process(target=_migrate_in_a_process, args=(url, together, answers)) for _ in range(2)]
    for process in processes:
        process.start()
    told = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(30)

    assert [process.exitcode for process in processes] == [0, 0], told
    assert version(database) == newest()
    assert len(tables_of(database)) == sum(len(metadata.tables) for metadata in ALL_TABLES) + 1


def _migrate_in_a_process(url: str, together: Any, answers: Any) -> None:
    database = open_database(url)
    together.wait(60)
    try:
        answers.put(migrate(database))
    except Exception as error:
        answers.put(repr(error))
        raise
    finally:
        database.engine.dispose()
