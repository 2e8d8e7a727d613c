"""The passing tables of what is true now, until it is compared with what was stored. Each connection has its own.

They are written on a connection that only reads the store: nobody who writes waits for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import BigInteger, Column, Connection, Index, MetaData, String, Table

from motenashi.database import UtcTime
from motenashi.insights.voice.tables import LONGEST_NAME

_passing = MetaData()


def _words(name: str) -> Column[str]:
    return Column(name, String(LONGEST_NAME), nullable=False, default="", server_default="")


# In the order in which the selects of kinds.py name them.
WORDS = ("key", "kind", "contact_id", "lead_id", "account_id", "deal_id", "owner_id", "detail")

found_events = Table(
    "found_events",
    _passing,
    Column("key", String(LONGEST_NAME), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("at", UtcTime, nullable=False),
    *(_words(name) for name in WORDS[2:]),
    prefixes=["TEMPORARY"],
)

# Links between events and responses, by their numbers in the store.
found_links = Table(
    "found_links",
    _passing,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("response_id", BigInteger, primary_key=True, autoincrement=False),
    Column("relation", String(16), nullable=False),
    Column("seconds", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
)

# When each deal that is closed came to be so, the beginning of most events.
closed_deals = Table(
    "found_closed_deals",
    _passing,
    Column("deal_id", String(LONGEST_NAME), primary_key=True),
    Column("outcome", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    _words("contact_id"),
    _words("account_id"),
    _words("owner_id"),
    _words("type"),
    _words("stage"),
    prefixes=["TEMPORARY"],
)
Index("found_closed_deals_account", closed_deals.c.account_id)
Index("found_closed_deals_contact", closed_deals.c.contact_id)


@contextmanager
def passing_tables(connection: Connection) -> Iterator[None]:
    """The tables, empty, for the length of the block."""
    _passing.drop_all(connection, checkfirst=True)
    _passing.create_all(connection, checkfirst=False)
    try:
        yield
    finally:
        _passing.drop_all(connection, checkfirst=False)
