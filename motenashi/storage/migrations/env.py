"""What Alembic runs: our tables, on the connection that migrate() hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import TypeDecorator

from motenashi.storage.all_tables import ALL_TABLES


def in_words(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Our own column types as what the database makes of them: a migration must not change when the code does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Migrations are run by `python app.py migrate`.")
context.configure(
    connection=connection,
    target_metadata=list(ALL_TABLES),
    render_as_batch=True,
    compare_type=True,
    render_item=in_words,
)
with context.begin_transaction():
    context.run_migrations()
