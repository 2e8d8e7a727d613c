"""What people corrected in a reading: kept with the text, as a row for the next training.

The text stays here when the mail itself is thrown away; that is what a correction is for. Who corrected twice meant the
second one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Integer, MetaData, Row, String, Table, Text, delete, insert, select

from motenashi.clean_text import clean_text
from motenashi.database import Database, UtcTime
from nlp.labels import INTENTS
from nlp.reading import Reading, Tone

metadata = MetaData()

mail_corrections = Table(
    "mail_corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("by", String(320), nullable=False),  # the address of whoever corrected
    Column("mail_id", Integer),  # NULL: a text that is no stored mail
    Column("language", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("intents_before", JSON, nullable=False),
    Column("intents", JSON, nullable=False),
    Column("tone_before", String(16), nullable=False),
    Column("tone", String(16), nullable=False),
    Index("mail_corrections_mail", "mail_id", "id"),
)

TONES: Sequence[Tone] = ("positive", "neutral", "negative")
_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Change:
    """One field that somebody changed."""

    field: str  # intents, sentiment
    before: str
    after: str


@dataclass(frozen=True)
class Correction:
    """What the reader said of a text, and what a person says."""

    id: int
    at: datetime
    by: str
    mail_id: int | None
    language: str
    subject: str
    text: str  # the newest part, without the subject
    intents_before: tuple[str, ...]
    intents: tuple[str, ...]
    tone_before: Tone
    tone: Tone

    @property
    def changes(self) -> tuple[Change, ...]:
        """What differs; nothing when somebody only confirmed the reading."""
        told = (
            Change("intents", ", ".join(self.intents_before), ", ".join(self.intents)),
            Change("sentiment", self.tone_before, self.tone),
        )
        return tuple(change for change in told if change.before != change.after)


class Corrections:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, mail_id: int | None, reading: Reading, *, intents: Sequence[str], tone: Tone, by: str, at: datetime
    ) -> None:
        """Keep what a person says of a text that was read so. ValueError for a label or tone that does not exist."""
        wrong = [label for label in intents if label not in INTENTS]
        if wrong or not intents:
            raise ValueError(f"there is no label '{wrong[0]}'" if wrong else "a text needs a label")
        if tone not in TONES:
            raise ValueError(f"there is no tone '{tone}'")
        row = {
            "at": at,
            "by": clean_text(by)[:320],
            "mail_id": mail_id,
            "language": reading.language[:16],
            "subject": clean_text(reading.text[: reading.body_start].strip()),
            "text": clean_text(reading.text[reading.body_start :].strip()),
            "intents_before": _in_order(reading.labels),
            "intents": _in_order(intents),
            "tone_before": reading.sentiment.tone,
            "tone": tone,
        }
        with self._database.write() as connection:
            connection.execute(insert(mail_corrections).values(row))

    def of_mail(self, mail_id: int) -> Correction | None:
        """The last word on a mail; None when nobody corrected it."""
        newest = _SELECT.where(mail_corrections.c.mail_id == mail_id).order_by(mail_corrections.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(newest).first()
        return _correction(row) if row else None

    def all(self) -> Iterator[Correction]:
        """Every correction, oldest first; a few hundred in memory at a time."""
        last = 0
        while True:
            some = _SELECT.where(mail_corrections.c.id > last).order_by(mail_corrections.c.id).limit(_ROWS_AT_ONCE)
            with self._database.read() as connection:
                rows = connection.execute(some).all()
            yield from (_correction(row) for row in rows)
            if len(rows) < _ROWS_AT_ONCE:
                return
            last = rows[-1].id

    def training_rows(self) -> list[dict[str, Any]]:
        """As nlp/training_data/README.md describes them, each with its `language`: of each text its last correction,
        oldest first."""
        last_of: dict[tuple[str, str, str], Correction] = {}
        for one in self.all():
            if one.text or one.subject:
                text = (one.language, one.subject, one.text)
                last_of.pop(text, None)
                last_of[text] = one
        return [_training_row(one) for one in last_of.values()]

    def forget(self, mail_id: int) -> int:
        """Delete what is kept of a mail, words and all; says how many corrections there were."""
        with self._database.write() as connection:
            return connection.execute(delete(mail_corrections).where(mail_corrections.c.mail_id == mail_id)).rowcount


_SELECT = select(*(mail_corrections.c[field.name] for field in fields(Correction)))


def _in_order(labels: Sequence[str]) -> list[str]:
    return [label for label in INTENTS if label in labels]


def _correction(row: Row[Any]) -> Correction:
    columns = dict(row._mapping)
    return Correction(
        **columns | {"intents_before": tuple(row.intents_before), "intents": tuple(row.intents)}  # JSON has only lists
    )


def _training_row(one: Correction) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": f"{one.language}-corrected-{one.id}",
        "language": one.language,
        "text": one.text or one.subject,
    }
    if one.subject and one.text:
        row["subject"] = one.subject
    return row | {
        "intents": list(one.intents),
        "intents_optional": [],
        "sentiment": one.tone,
        "tags": ["corrected"],
    }
