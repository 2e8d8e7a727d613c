"""Keeps the tables of what was said up to date: new responses soon, and all others looked at again and again.

Responses change after they were stored (their writer turns out to be a contact, a lead is converted, an emotion is
filled in), and on PostgreSQL a smaller id may become visible after a larger one. So each run takes in what is new and
then compares the next stretch of the old ones, from the beginning once the end is reached; only those that differ are
written. Erased responses go with their rows here by themselves (ON DELETE CASCADE).
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from crm_client.embedded.tables import crm_leads
from motenashi.database import Database
from motenashi.insights.voice.tables import voice_keywords, voice_responses
from motenashi.voice_reports.seconds import seconds_of
from motenashi.voice_reports.tables import (
    voice_said,
    voice_said_people,
    voice_said_state,
    voice_said_words,
)

AT_ONCE = 2_000  # responses in one transaction, for which other writers wait: well under a second on SQLite
_STATE = 1
_OF_WORDS = ("kind", "normal", "tone", "intent", "said_by")

_said, _people, _lead = voice_responses, voice_said_people, crm_leads.alias("lead")
# A lead's words count as its contact's once there is one.
_contact = case((_said.c.contact_id != "", _said.c.contact_id), else_=func.coalesce(_lead.c.converted_contact_id, ""))
_of_lead = case((_contact != "", ""), else_=_said.c.lead_id)
_with_lead = _said.outerjoin(_lead, and_(_said.c.contact_id == "", _lead.c.id == _said.c.lead_id))


class Heard:
    """All methods raise SQLAlchemy's DBAPIError when the database is away; nothing is half done then."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep_up(self, *, most: int = 100_000, again: int = AT_ONCE) -> int:
        """Take in up to `most` new responses and look at `again` old ones once more; says how many were new."""
        taken = 0
        while taken < most:
            got = self._take_new(min(AT_ONCE, most - taken))
            taken += got
            if got == 0:
                break
        self._look_again(again)
        return taken

    def behind(self) -> int:
        """How many responses are stored and not counted yet."""
        last = select(func.coalesce(func.max(voice_said_state.c.last_id), 0)).scalar_subquery()
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).where(voice_responses.c.id > last)).scalar_one())

    def _take_new(self, most: int) -> int:
        with self._database.read() as connection:
            upto, count = _stretch(connection, _state(connection)[0], most)
        if not count:
            return 0  # nobody waits for a writer that has nothing to write
        with self._database.write() as connection:
            last = _state(connection, keep=True)[0]
            _take(connection, lambda ids: and_(ids > last, ids <= upto))
            connection.execute(update(voice_said_state).values(last_id=max(last, upto)))
        return count

    def _look_again(self, most: int) -> None:
        with self._database.read() as connection:
            last, again = _state(connection)
            upto, count = _stretch(connection, again, most)
            upto = min(upto, last)
            changed = _changed(connection, again, upto) if count else []
        end = count < most or upto >= last
        if not last:
            return
        with self._database.write() as connection:
            if changed:
                _take(connection, lambda ids: ids.in_(changed))
            if end:
                _forget_the_silent(connection)
            connection.execute(update(voice_said_state).values(again_id=0 if end else upto))


def _state(connection: Connection, *, keep: bool = False) -> tuple[int, int]:
    """`keep`: write it down where it is not yet, and let nobody else change it until the transaction ends."""
    table = voice_said_state
    query = select(table.c.last_id, table.c.again_id)
    found = connection.execute(query.with_for_update() if keep else query).one_or_none()
    if found is None:
        if keep:
            connection.execute(insert(table).values(id=_STATE, last_id=0, again_id=0))
        return 0, 0
    return int(found.last_id), int(found.again_id)


def _stretch(connection: Connection, after: int, most: int) -> tuple[int, int]:
    """The largest id of the next `most` responses, and how many there are."""
    ids = select(_said.c.id).where(_said.c.id > after).order_by(_said.c.id).limit(most).subquery()
    upto, count = connection.execute(select(func.max(ids.c.id), func.count())).one()
    return int(upto or after), int(count)


def _changed(connection: Connection, after: int, upto: int) -> list[int]:
    """Responses with after < id <= upto that are kept otherwise than they are now."""
    kept, words, truth = voice_said, voice_said_words, voice_keywords

    def between(ids: ColumnElement[int]) -> ColumnElement[bool]:
        return and_(ids > after, ids <= upto)

    now = _responses(unknown_yet=-1).where(between(_said.c.id))
    then = select(*(kept.c[column.name] for column in now.selected_columns)).where(between(kept.c.response_id))
    names = ("response_id", "place", *_OF_WORDS)
    words_now = select(*(truth.c[name] for name in names)).where(between(truth.c.response_id))
    words_then = select(*(words.c[name] for name in names)).where(between(words.c.response_id))
    differing = (now.except_(then), words_now.except_(words_then), words_then.except_(words_now))
    rows = (connection.execute(select(one.subquery().c.response_id)) for one in differing)
    return sorted({int(number) for found in rows for number in found.scalars()})


def _take(connection: Connection, these: Callable[[ColumnElement[int]], ColumnElement[bool]]) -> None:
    """Make the rows of some responses anew; `these` says which, of a column of their ids."""
    for table in (voice_said_words, voice_said):
        connection.execute(delete(table).where(these(table.c.response_id)))
    connection.execute(_new_people(these(_said.c.id)))
    rows = _responses().where(these(_said.c.id))
    connection.execute(insert(voice_said).from_select(rows.selected_columns.keys(), rows))
    kept, keyword = voice_said, voice_keywords
    parts = select(
        *(keyword.c[name] for name in ("response_id", "place", *_OF_WORDS)),
        *(kept.c[name] for name in ("person", "at_s", "channel", "language")),
    ).join_from(keyword, kept, kept.c.response_id == keyword.c.response_id)
    parts = parts.where(these(kept.c.response_id))
    connection.execute(insert(voice_said_words).from_select(parts.selected_columns.keys(), parts))


def _new_people(of_these: ColumnElement[bool]) -> Insert:
    known = exists().where(_people.c.contact_id == _contact, _people.c.lead_id == _of_lead)
    rows = select(_contact.label("contact_id"), _of_lead.label("lead_id")).select_from(_with_lead).distinct()
    rows = rows.where(of_these, or_(_contact != "", _of_lead != ""), ~known)
    return insert(_people).from_select(["contact_id", "lead_id"], rows)


def _responses(*, unknown_yet: int | None = None) -> Select[tuple[object, ...]]:
    """Responses as they are to be kept; `unknown_yet` stands for somebody who has no number yet."""
    same = and_(_people.c.contact_id == _contact, _people.c.lead_id == _of_lead)
    somebody = or_(_contact != "", _of_lead != "")
    person = _people.c.no if unknown_yet is None else func.coalesce(_people.c.no, case((somebody, unknown_yet)))
    names = ("channel", "language", "tone", "emotion", "intent", "score")
    return select(
        _said.c.id.label("response_id"),
        person.label("person"),
        seconds_of(_said.c.at).label("at_s"),
        *(_said.c[name] for name in names),
    ).select_from(_with_lead.outerjoin(_people, same))


def _forget_the_silent(connection: Connection) -> None:
    """People of whom nothing is kept any more, such as leads that became contacts."""
    spoke = exists().where(voice_said.c.person == _people.c.no)
    connection.execute(delete(_people).where(~spoke))
