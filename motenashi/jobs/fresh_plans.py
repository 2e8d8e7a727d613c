"""The database's own picture of its tables is kept fresh, so that questions about many records are answered by the
right index. PostgreSQL sees to it by itself (autovacuum)."""

from __future__ import annotations

from motenashi.database import Database

# Rows looked at in each index: enough for a good guess, and a matter of moments however large the table.
LOOKED_AT = 1_000


def fresh_plans(database: Database) -> None:
    """On SQLite, look anew at every table, a little (https://sqlite.org/lang_analyze.html). DBAPIError."""
    if database.dialect != "sqlite":
        return
    with database.write() as connection:
        connection.exec_driver_sql(f"PRAGMA analysis_limit={LOOKED_AT}")
        connection.exec_driver_sql("ANALYZE")
