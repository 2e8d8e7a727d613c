"""A representative's list for the day, from the stored suggestions: one query, and one for each kind of record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from crm_client.client import CrmClient
from motenashi.advice_desk.record_names import records_of, row_of
from motenashi.advice_desk.words import Today
from motenashi.database import Database
from motenashi.suggestions.suggestion import Suggestion
from motenashi.suggestions.suggestion_rows import ADVICE, suggestion_of
from motenashi.suggestions.tables import suggestions as table


def read_today(database: Database, crm: CrmClient, owner_id: str, *, now: datetime, most: int) -> Today:
    """DBAPIError, CrmError. An owner that nobody is has nothing to do."""
    theirs = and_(table.c.owner_id == owner_id, table.c.state == "open", table.c.made_by == ADVICE)
    with database.read() as connection:
        found = [suggestion_of(row) for row in connection.execute(_to_do(theirs, now, most))]
        quiet, next_due = connection.execute(_quiet(theirs)).one()
    named = records_of(found, crm)
    rows = tuple(row_of(one, named, overdue=one.respond_by < now) for one in found if _is_there(one, named))
    return Today(owner_id, rows, quiet, next_due)


def _to_do(theirs: ColumnElement[bool], now: datetime, most: int) -> Select[Any]:
    awake = or_(table.c.snoozed_until.is_(None), table.c.snoozed_until <= now)
    # A customer waits for these: no expected gain goes before them.
    asked = case((and_(table.c.urgency == "urgent", table.c.answers.is_not(None)), 0), else_=1)
    order = (asked, table.c.gain.desc(), table.c.respond_by, table.c.id)
    return select(table).where(theirs, table.c.action != "none", awake).order_by(*order).limit(most)


def _quiet(theirs: ColumnElement[bool]) -> Select[Any]:
    return select(func.count(), func.min(table.c.review_at)).where(theirs, table.c.action == "none")


def _is_there(one: Suggestion, named: Any) -> bool:
    """A record that was deleted a moment ago has no line any more."""
    about = one.about
    if about.deal_id:
        return about.deal_id in named.deals
    return about.lead_id in named.leads if about.lead_id else about.contact_id in named.contacts
