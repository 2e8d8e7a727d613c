"""Bring the database's tables to this program's version (Alembic), once, also when several processes start."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from motenashi.database import Database

_FOLDER = Path(__file__).parent / "migrations"

# Of PostgreSQL's advisory locks, the one that says "somebody is migrating".
_LOCK = 7_246_104


def migrate(database: Database) -> bool:
    """Apply what is missing. True when there was something to do.

    All in one transaction: a migration that fails leaves the database as it was.
    """
    if _version(database) == newest():
        return False
    from alembic import command  # heavy, and needed only when there is something to do
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    with database.write() as connection:
        if database.dialect == "postgresql":
            connection.execute(select(text(f"pg_advisory_xact_lock({_LOCK})")))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def newest() -> str:
    """The name of the newest migration: its file is the last one in the folder."""
    return max(path.stem for path in (_FOLDER / "versions").glob("[0-9]*.py")).split("_")[0]


def _version(database: Database) -> str:
    """The migration the database stands at, '' for a new one."""
    try:
        with database.read() as connection:
            return _stamp(connection)
    except DBAPIError:
        return ""


def _stamp(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("select version_num from alembic_version")).scalar() or "")
