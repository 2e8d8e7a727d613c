"""What was listened to already, and up to which moment: so that nothing is read twice for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import update

from motenashi.database import Database
from motenashi.insights.voice.tables import voice_heard


@dataclass(frozen=True)
class Heard:
    """`key` names a chat ("chat:<id>") or a mail of ours ("mail of ours:<id>"); `at`: its last words."""

    key: str
    at: datetime
    contact_id: str = ""
    lead_id: str = ""


def note_heard(database: Database, heard: Sequence[Heard]) -> None:
    """From now on these count as listened to. DBAPIError when the database is away."""
    if not heard:
        return
    rows = [asdict(one) for one in heard]
    with database.write() as connection:
        connection.execute(database.insert_or_ignore(voice_heard, rows[0]), rows)
        for one in heard:  # a chat that went on
            older = (voice_heard.c.key == one.key, voice_heard.c.at < one.at)
            connection.execute(update(voice_heard).where(*older).values(at=one.at))
