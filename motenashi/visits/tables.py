"""The tables of visits. A browser is known by a keyed digest of a number it made up itself, and only while its visitor
agrees; no address of a machine, no kind of browser and no query of a URL is kept."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, String, Table

from motenashi.database import UtcTime

metadata = MetaData()
_Number = BigInteger().with_variant(Integer, "sqlite")

visit_browsers = Table(
    "visit_browsers",
    metadata,
    Column("mark", String(64), primary_key=True),
    # The newest conversation this browser has held; who that was with, the conversation says. '' without one.
    Column("conversation_id", String(200), nullable=False, default=""),
    Column("agreed_at", UtcTime, nullable=False),  # when its visitor was first heard to agree
    Column("last_at", UtcTime, nullable=False),
    Index("visit_browsers_conversation", "conversation_id"),
)

visits = Table(
    "visits",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("mark", String(64), ForeignKey("visit_browsers.mark", ondelete="CASCADE"), nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("title", String(255), nullable=False, default=""),  # of the page looked at longest
    Column("longest", Integer, nullable=False, default=0),  # seconds on it
    Column("noted", Integer, nullable=False, default=0),  # 1: stands in the CRM's timeline
    Index("visits_mark", "mark", "last_at"),
    Index("visits_noted", "noted", "last_at"),
)

visit_views = Table(
    "visit_views",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("view", String(64), primary_key=True),  # the browser's name for one look at one page
    Column("visit_id", _Number, ForeignKey("visits.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("seconds", Integer, nullable=False),
)
