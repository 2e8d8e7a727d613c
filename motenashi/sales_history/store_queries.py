"""What is asked of the embedded CRM's tables: moments as whole seconds, and each thing that happened once.

Plain columns without the store's own types: millions of rows come through here, and every conversion costs.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from crm_client.embedded import tables
from motenashi.sales_history.history import NEVER
from motenashi.sales_history.purposes import PURPOSES

# A touchpoint on these channels may tell of an e-mail or an activity that is in the store itself, too.
_MAIL_CHANNELS: Final = ("e-mail",)
# A mail that was not sent yet is no contact; an absence note is a machine's word and no sign of the customer's.
_NO_MAIL: Final = ("draft", "automatic")
_ACTIVITY_CHANNELS: Final = ("call", "phone", "meeting", "online meeting", "event")

# Written into the statement itself: a value bound anew for every column and question would cost more than the look-up.
_NEVER: Final = literal_column(f"CAST('{NEVER}' AS BIGINT)", BigInteger)
_ZERO: Final = literal_column("0", BigInteger)

Query = Select[Any]


@cache
def query(name: str, dialect: str, chosen_by: str = "", *, one: bool = False) -> Query:
    """Rows of one table; those whose column `chosen_by` is one of `ids` (with `one`: is `id`), or all."""
    table, columns = _COLUMNS[name](_Dialect(dialect))
    asked = select(*columns)
    if name == "touchpoints":
        asked = asked.where(_told_elsewhere().is_(False))
    if name == "emails":
        asked = asked.where(type_coerce(table.c.status, String).not_in(_NO_MAIL))
    if chosen_by:
        column = type_coerce(table.c[chosen_by], String)
        # A list is written out anew for each question; a single value costs half the time.
        asked = asked.where(column == bindparam("id") if one else column.in_(bindparam("ids", expanding=True)))
    return asked


class _Dialect:
    """How a database says the same."""

    def __init__(self, name: str) -> None:
        self._sqlite = name == "sqlite"

    def seconds(self, column: Column[Any]) -> ColumnElement[Any]:
        """Since 1970 in UTC; NEVER for NULL."""
        return func.coalesce(self._since_1970(column), _NEVER, type_=BigInteger)

    def between(self, start: Column[Any], end: Column[Any]) -> ColumnElement[Any]:
        """Seconds from one to the other; 0 when one is NULL."""
        return func.coalesce(self._since_1970(end) - self._since_1970(start), _ZERO, type_=BigInteger)

    def _since_1970(self, column: Column[Any]) -> ColumnElement[Any]:
        if self._sqlite:
            return func.unixepoch(type_coerce(column, String), type_=BigInteger)
        return cast(func.floor(func.extract("epoch", column)), BigInteger)

    def flag(self, column: Column[Any]) -> ColumnElement[Any]:
        return type_coerce(column, Integer)


def _words(table: Table, *names: str) -> list[ColumnElement[Any]]:
    return [type_coerce(table.c[name], String) for name in names]


def _purpose(table: Table) -> ColumnElement[Any]:
    """The purpose; where none is noted, a blank and the subject, which may tell it."""
    noted = type_coerce(table.c.purpose, String)
    known = [literal_column(f"'{purpose}'", String) for purpose in PURPOSES]
    told = literal_column("' '", String) + type_coerce(table.c.subject, String)
    return case((noted.in_(known), noted), else_=told)


def _users(dialect: _Dialect) -> tuple[Table, list[ColumnElement[Any]]]:
    return tables.crm_owners, _words(tables.crm_owners, "id", "time_zone")


def _accounts(dialect: _Dialect) -> tuple[Table, list[ColumnElement[Any]]]:
    return tables.crm_accounts, _words(tables.crm_accounts, "id", "industry")


def _contacts(dialect: _Dialect) -> tuple[Table, list[ColumnElement[Any]]]:
    return tables.crm_contacts, _words(tables.crm_contacts, "id", "account_id", "time_zone")


def _leads(dialect: _Dialect) -> tuple[Table, list[ColumnElement[Any]]]:
    table = tables.crm_leads
    words = _words(table, "id", "industry", "time_zone", "source", "status", "owner_id", "converted_deal_id")
    return table, [*words, dialect.seconds(table.c.created_at)]


def _deals(dialect: _Dialect) -> tuple[Table, list[ColumnElement[Any]]]:
    table = tables.crm_deals
    words = _words(table, "id", "account_id", "contact_id", "owner_id", "type", "lead_source", "stage", "currency")
    plain = [dialect.flag(table.c["repeat"]), table.c.amount]
    times = [dialect.seconds(table.c[name]) for name in ("created_at", "expected_close", "closed_at")]
    return table, [*words, *plain, *times]


def _stage_changes(dialect: _Dialect) -> tuple[Table, list[ColumnElement[Any]]]:
    table = tables.crm_stage_changes
    return table, [*_words(table, "deal_id", "from_stage", "to_stage"), dialect.seconds(table.c.at), table.c.number]


def _activities(dialect: _Dialect) -> tuple[Table, list[ColumnElement[Any]]]:
    table = tables.crm_activities
    return table, [
        *_words(table, "id", "deal_id", "contact_id", "lead_id", "owner_id", "kind"),
        _purpose(table),
        *_words(table, "direction", "status", "result"),
        dialect.seconds(table.c.start_at),
        dialect.between(table.c.start_at, table.c.end_at),
    ]


def _emails(dialect: _Dialect) -> tuple[Table, list[ColumnElement[Any]]]:
    table = tables.crm_emails
    words = _words(table, "id", "deal_id", "contact_id", "lead_id", "owner_id", "direction")
    moments = ("sent_at", "opened_at", "opened_again_at", "clicked_at", "replied_at")
    return table, [*words, _purpose(table), *(dialect.seconds(table.c[name]) for name in moments)]


def _touchpoints(dialect: _Dialect) -> tuple[Table, list[ColumnElement[Any]]]:
    table = tables.crm_touchpoints
    words = _words(table, "id", "deal_id", "contact_id", "lead_id", "channel", "type")
    return table, [
        *words,
        dialect.flag(table.c.signal),
        dialect.seconds(table.c["at"]),
        func.coalesce(table.c.duration_s, _ZERO, type_=BigInteger),
        func.coalesce(table.c.pages, _ZERO, type_=BigInteger),
    ]


def _told_elsewhere() -> ColumnElement[bool]:
    """Is the e-mail or activity of this touchpoint (same person, same moment) in the store itself?"""
    touch = tables.crm_touchpoints
    mail = and_(touch.c.channel.in_(_MAIL_CHANNELS), _same(tables.crm_emails, "sent_at"))
    activity = and_(touch.c.channel.in_(_ACTIVITY_CHANNELS), _same(tables.crm_activities, "start_at"))
    return or_(mail, activity)


def _same(table: Table, moment: str) -> ColumnElement[bool]:
    touch = tables.crm_touchpoints
    then = table.c[moment] == touch.c["at"]
    contact = and_(touch.c.contact_id != "", table.c.contact_id == touch.c.contact_id, then)
    lead = and_(touch.c.lead_id != "", table.c.lead_id == touch.c.lead_id, then)
    return or_(exists().where(contact), exists().where(lead))


_COLUMNS: Final = {
    "users": _users,
    "accounts": _accounts,
    "contacts": _contacts,
    "leads": _leads,
    "deals": _deals,
    "stage_history": _stage_changes,
    "activities": _activities,
    "emails": _emails,
    "touchpoints": _touchpoints,
}
