"""What the embedded CRM says when the database is locked, away, broken or without its tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import QueuePool

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata
from crm_client.errors import CrmBusy, CrmError, CrmUnreachable
from crm_client.records import Contact, Lead
from motenashi.database import Database
from motenashi.storage.open_database import open_database

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

# Every kind of question; each must fail with an error of ours, never with None or ().
READS = {
    "find_contact": lambda crm: crm.find_contact(email="ann@example.com"),
    "find_lead": lambda crm: crm.find_lead(phone="09012345678"),
    "contact": lambda crm: crm.contact("1"),
    "owners": lambda crm: crm.owners(),
    "stages": lambda crm: crm.stages(),
    "deals_of_contact": lambda crm: crm.deals_of_contact("1"),
    "products": lambda crm: crm.products(),
    "products_of_deals": lambda crm: crm.products_of_deals(["1"]),
    "popular_products": lambda crm: crm.popular_products(now=NOW),
    "stage_history": lambda crm: crm.stage_history("1"),
    "activities_of": lambda crm: crm.activities_of(contact_id="1"),
    "emails_of": lambda crm: crm.emails_of(contact_id="1"),
    "touchpoints_of": lambda crm: crm.touchpoints_of(contact_id="1"),
    "events_between": lambda crm: crm.events_between(NOW, NOW),
}


@pytest.fixture
def quick_sqlite(tmp_path: Path) -> Iterator[Database]:
    """Like the real one, but a locked file is given up on at once, so that the tests need not wait."""
    database = open_database(f"sqlite:///{tmp_path}/crm.db")
    metadata.create_all(database.engine)
    database.engine.dispose()
    quick = create_engine(f"sqlite:///{tmp_path}/crm.db", connect_args={"timeout": 0.01}, poolclass=QueuePool)
    yield Database(quick)
    quick.dispose()


@pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_locked_sqlite_refuses_writes_and_never_says_no_such_customer(
    quick_sqlite: Database, tmp_path: Path, lock: str
) -> None:
    crm = EmbeddedCrm(quick_sqlite)
    saved = crm.save_contact(Contact("", "Lee", email="ann@example.com"))
    holder = sqlite3.connect(tmp_path / "crm.db", isolation_level=None)
    holder.execute(f"BEGIN {lock}")
    try:
        with pytest.raises(CrmUnreachable):
            crm.save_lead(Lead("", "Lee", "Co"), key="k")
        assert _found_or_unreachable(crm) in (saved, CrmUnreachable)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert crm.save_lead(Lead("", "Lee", "Co"), key="k").id


def _found_or_unreachable(crm: EmbeddedCrm) -> object:
    try:
        return crm.find_contact(email="ann@example.com")
    except CrmError as error:
        return type(error)


def test_a_sqlite_whose_readers_are_locked_out_too_is_unreachable(quick_sqlite: Database, tmp_path: Path) -> None:
    """Without the write-ahead log an exclusive lock keeps readers out as well."""
    crm = EmbeddedCrm(quick_sqlite)
    crm.save_contact(Contact("", "Lee", email="ann@example.com"))
    quick_sqlite.engine.dispose()
    holder = sqlite3.connect(tmp_path / "crm.db", isolation_level=None)
    holder.execute("PRAGMA journal_mode=DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    try:
        for name, ask in READS.items():
            with pytest.raises(CrmUnreachable):
                ask(crm)
                pytest.fail(f"{name} answered")
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert crm.find_contact(email="ann@example.com") is not None


@pytest.mark.parametrize("name", READS)
def test_without_its_tables_the_crm_is_unreachable(database: Database, name: str) -> None:
    with pytest.raises(CrmUnreachable):
        READS[name](EmbeddedCrm(database))


def test_writing_without_tables_is_unreachable(database: Database) -> None:
    with pytest.raises(CrmUnreachable):
        EmbeddedCrm(database).save_contact(Contact("", "Lee"))


def test_a_file_that_is_no_database_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "crm.db").write_bytes(b"this is not a database at all" * 100)
    database = Database(create_engine(f"sqlite:///{tmp_path}/crm.db"))

    with pytest.raises(CrmUnreachable):
        EmbeddedCrm(database).find_contact(email="ann@example.com")
    database.engine.dispose()


def test_a_file_that_cannot_be_opened_is_unreachable(tmp_path: Path) -> None:
    database = Database(create_engine(f"sqlite:///{tmp_path}/no/such/folder/crm.db"))

    with pytest.raises(CrmUnreachable):
        EmbeddedCrm(database).find_contact(email="ann@example.com")


def test_a_server_that_is_away_is_unreachable() -> None:
    database = open_database("postgresql://127.0.0.1:9/nothing")

    with pytest.raises(CrmUnreachable):
        EmbeddedCrm(database).find_contact(email="ann@example.com")
    with pytest.raises(CrmUnreachable):
        EmbeddedCrm(database).save_contact(Contact("", "Lee"))


@pytest.mark.postgres
def test_a_connection_that_the_server_cut_is_unreachable_and_the_next_one_works(postgres_url: str) -> None:
    database = open_database(postgres_url)
    metadata.create_all(database.engine)
    crm = EmbeddedCrm(database)
    with pytest.raises(CrmUnreachable), crm.writing("be cut off") as connection:
        backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as killer:
            killer.execute("SELECT pg_terminate_backend(%s)", [backend])
        connection.exec_driver_sql("SELECT 1")

    assert crm.find_contact(email="nobody@example.com") is None
    database.engine.dispose()


@pytest.mark.postgres
def test_a_locked_table_of_postgresql_is_busy_once_the_server_gives_up_waiting(postgres_url: str) -> None:
    database = open_database(f"{postgres_url}%20-clock_timeout%3D50ms")
    metadata.create_all(database.engine)
    crm = EmbeddedCrm(database)
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as holder:
        holder.execute("LOCK TABLE crm_contacts IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(CrmBusy):
            crm.find_contact(email="ann@example.com")
        with pytest.raises(CrmBusy):
            crm.save_contact(Contact("", "Lee"))
    database.engine.dispose()


def test_when_all_connections_are_in_use_the_crm_is_busy(tmp_path: Path) -> None:
    engine = create_engine(
        f"sqlite:///{tmp_path}/crm.db", poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.01
    )
    with engine.connect(), pytest.raises(CrmBusy):
        EmbeddedCrm(Database(engine)).find_contact(email="ann@example.com")
    engine.dispose()
