"""Schemas of PostgreSQL that have all tables and no rows, for the next test that wants them.

A test's schema is its own by its name: taking one renames it, giving it back empties it and renames it again. One whose
tables are not as the migrations made them is dropped.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from psycopg import Connection, sql
from sqlalchemy import text

from motenashi.database import Database

_STAMP = "alembic_version"
# What the schema is made of, in one text: a test that altered a table is seen.
_SHAPE = """
    SELECT md5(string_agg(concat_ws(',', c.relname, c.relkind, a.attname, a.atttypid, a.atttypmod, a.attnotnull), ';'
                          ORDER BY c.relname, a.attnum))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE n.nspname = %s AND (a.attnum IS NULL OR a.attnum > 0)
"""
_EMPTY = """
DO $$
DECLARE one record; filled boolean; names text := '';
BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = {schema} AND tablename <> {stamp} LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %%I.%%I)', {schema}, one.tablename) INTO filled;
        IF filled THEN names := names || format(', %%I.%%I', {schema}, one.tablename); END IF;
    END LOOP;
    IF names <> '' THEN EXECUTE 'TRUNCATE ' || substr(names, 3) || ' CASCADE'; END IF;
    FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = {schema} AND last_value IS NOT NULL LOOP
        PERFORM setval(format('%%I.%%I', {schema}, one.sequencename)::regclass, 1, false);
    END LOOP;
END $$
"""


@dataclass
class UsedSchemas:
    """Of this process."""

    ready: list[str] = field(default_factory=list)
    _shape: str = ""

    def take(self, database: Database) -> bool:
        """Put a ready schema into the place of this database's empty one. False when there is none."""
        if not self.ready:
            return False
        with database.write() as connection:
            schema = str(connection.execute(text("SELECT current_schema()")).scalar_one())
            connection.exec_driver_sql(f'DROP SCHEMA "{schema}"')  # refused when there is anything in it
            connection.exec_driver_sql(f'ALTER SCHEMA "{self.ready[-1]}" RENAME TO "{schema}"')
        self.ready.pop()
        return True

    def give_back(self, connection: Connection, schema: str) -> None:
        """A test is over: keep its schema, emptied, if it has the tables of the migrations; else drop it."""
        if not self._keeps(connection, schema):
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
            return
        connection.execute(
            sql.SQL(_EMPTY.replace("%%", "%")).format(schema=sql.Literal(schema), stamp=sql.Literal(_STAMP))
        )
        ready = f"ready_{uuid.uuid4().hex}"
        connection.execute(
            sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(schema), sql.Identifier(ready))
        )
        self.ready.append(ready)

    def drop_all(self, connection: Connection) -> None:
        while self.ready:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(self.ready.pop())))

    def made(self, database: Database) -> None:
        """The migrations themselves made this one: so a schema looks that may be kept."""
        with database.read() as connection:
            schema = connection.execute(text("SELECT current_schema()")).scalar_one()
            self._shape = str(connection.exec_driver_sql(_SHAPE, (schema,)).scalar_one())

    def _keeps(self, connection: Connection, schema: str) -> bool:
        return bool(self._shape) and _shape(connection, schema) == self._shape


def _shape(connection: Connection, schema: str) -> str:
    found = connection.execute(_SHAPE, (schema,)).fetchone()
    return str(found[0]) if found and found[0] else ""


used_schemas = UsedSchemas()
