"""The store of what we recommended to whom: a product on a card in a chat, in a mail of ours, in what we said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from motenashi.database import Database
from motenashi.insights.voice.tables import LONGEST_NAME, voice_recommendations


@dataclass(frozen=True)
class Recommendation:
    """`source`: what we named it in ("chat:<id>", "mail of ours:<id>", "touch:<key>")."""

    product_id: str
    at: datetime
    source: str
    contact_id: str = ""
    lead_id: str = ""


class Recommendations:
    """DBAPIError when the database is away; nothing is half done then."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_all(self, found: Iterable[Recommendation]) -> None:
        """Those that are there already (same source and product) stay as they are."""
        rows = [{**asdict(one), "key": f"{one.source}:{one.product_id}"[-LONGEST_NAME:]} for one in found]
        if rows:
            with self._database.write() as connection:
                connection.execute(self._database.insert_or_ignore(voice_recommendations, rows[0]), rows)
