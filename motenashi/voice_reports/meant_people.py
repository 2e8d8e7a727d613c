"""The customers that a filter chooses, found once for all statements of a report: in a table that only its connection
sees and that is gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Select, Table, insert, select

from motenashi.voice_reports.question import People, Question
from motenashi.voice_reports.tables import voice_said_people

meant = Table(
    "voice_meant_people",
    MetaData(),
    Column("person", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    prefixes=["TEMPORARY"],
)


@contextmanager
def with_people(connection: Connection, question: Question) -> Iterator[Question]:
    """The question, ready to be asked on this connection."""
    if question.people is None:
        yield question
        return
    meant.create(connection)
    try:
        connection.execute(insert(meant).from_select(["person"], _numbers(connection, question.people)))
        yield question.only(select(meant.c.person))
    finally:
        meant.drop(connection)


def _numbers(connection: Connection, people: People) -> Select[tuple[int]]:
    table = voice_said_people
    theirs = table.c.contact_id if people.module == "contacts" else table.c.lead_id
    return select(table.c.no).where(theirs.in_(people.ids(connection)), theirs != "")
