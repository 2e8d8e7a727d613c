"""What a line of a file says, as the CRM's records: each field read as what it must be, or the reason why it can't.

A reader of one table takes the line's fields as texts and gives the record; Unfit says what is wrong, in words for
the file of rejected lines.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from crm_client.embedded.columns import kept
from crm_client.money import parts_of
from crm_client.records import Account, Activity, Contact, Deal, Email, Lead, Owner, StageChange, Touchpoint
from motenashi.sales_history.organisation import is_zone

Fields = Mapping[str, str | None]

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_TRUTH: Final = {"true": True, "false": False, "1": True, "0": False}
_OURS: Final = "ticket_reply_by_rep"
_LONGEST: Final = 366 * 86_400


class Unfit(ValueError):
    """A line that is no record; the message says why."""


class RecordWords:
    """`known_at`: when records without a time of their own were there at the latest. `currency`: of all amounts."""

    def __init__(self, known_at: datetime, currency: str) -> None:
        self._known_at, self._currency = known_at, currency
        self._parts = parts_of(currency)

    def readers(self) -> Mapping[str, Callable[[Fields], Any]]:
        """By table, in the order in which they must be written."""
        return {
            "users": self._user,
            "accounts": self._account,
            "contacts": self._contact,
            "leads": self._lead,
            "deals": self._deal,
            "stage_history": _stage_change,
            "activities": _activity,
            "emails": _email,
            "touchpoints": _touchpoint,
        }

    def _user(self, line: Fields) -> Owner:
        return Owner(_needed(line, "id"), _said(line, "name") or _needed(line, "id"), "", _zone(line))

    def _account(self, line: Fields) -> Account:
        name = _said(line, "name") or _needed(line, "id")
        employees = _number(line, "employees")
        return Account(
            _needed(line, "id"),
            name,
            industry=_said(line, "industry"),
            employees=None if employees is None else round(employees),
            created_at=self._known_at,
        )

    def _contact(self, line: Fields) -> Contact:
        return Contact(
            _needed(line, "id"),
            _said(line, "name") or _said(line, "email") or _needed(line, "id"),
            email=_said(line, "email"),
            account_id=_said(line, "account_id"),
            time_zone=_zone(line),
            created_at=self._known_at,
        )

    def _lead(self, line: Fields) -> Lead:
        company = _said(line, "company")
        return Lead(
            _needed(line, "id"),
            company or _needed(line, "id"),
            company,
            industry=_said(line, "industry"),
            status=_said(line, "status") or "Not Contacted",
            source=_said(line, "lead_source"),
            time_zone=_zone(line),
            owner_id=_said(line, "owner_id"),
            created_at=_moment(line, "created_at"),
            converted_deal_id=_said(line, "converted_deal_id"),
        )

    def _deal(self, line: Fields) -> Deal:
        created, closed = _moment(line, "created_at"), _moment_or_none(line, "closed_at")
        if closed is not None and closed < created:
            raise Unfit("closed_at is before created_at")
        amount = _number(line, "amount")
        return Deal(
            _needed(line, "id"),
            _said(line, "name") or _needed(line, "id"),
            _needed(line, "stage"),
            account_id=_said(line, "account_id"),
            contact_id=_said(line, "contact_id"),
            owner_id=_said(line, "owner_id"),
            type=_said(line, "type"),
            amount=None if amount is None else round(amount * self._parts),
            currency=self._currency,
            lead_source=_said(line, "lead_source"),
            repeat=_flag(line, "repeat"),
            expected_close=_day(line, "expected_close"),
            created_at=created,
            closed_at=closed,
        )


def _stage_change(line: Fields) -> StageChange:
    return StageChange(
        _needed(line, "deal_id"),
        _said(line, "from_stage"),
        _needed(line, "to_stage"),
        _moment(line, "at"),
        _said(line, "changed_by"),
    )


def _activity(line: Fields) -> Activity:
    start, seconds = _moment(line, "start_at"), _duration(line)
    return Activity(
        _needed(line, "id"),
        _needed(line, "kind").lower(),
        _said(line, "subject")[:255],
        start,
        end_at=start + timedelta(seconds=seconds) if seconds else None,
        **_whom(line),
        purpose=_said(line, "purpose"),
        direction=_said(line, "direction").lower(),
        status=_needed(line, "status").lower(),
        result=_said(line, "result").lower(),
    )


def _email(line: Fields) -> Email:
    sent = _moment(line, "sent_at")
    names = ("opened_at", "opened_again_at", "clicked_at", "replied_at")
    moments: dict[str, Any] = {name: _moment_or_none(line, name) for name in names}
    for name, moment in moments.items():
        if moment is not None and moment < sent:
            raise Unfit(f"{name} is before sent_at")
    return Email(
        _needed(line, "id"),
        _needed(line, "direction").lower(),
        _said(line, "subject")[:2_000],
        sent,
        **_whom(line),
        purpose=_said(line, "purpose"),
        status=_said(line, "status"),
        **moments,
    )


def _touchpoint(line: Fields) -> Touchpoint:
    kind = _needed(line, "type")
    whom = {name: value for name, value in _whom(line).items() if name != "owner_id"}
    pages = _number(line, "pages")
    if pages is not None and pages < 0:
        raise Unfit("pages is less than nothing")
    return Touchpoint(
        _needed(line, "id"),
        _said(line, "channel") or kind,
        kind,
        _moment(line, "at"),
        _flag(line, "signal") if _said(line, "signal") else kind != _OURS,
        **whom,
        duration_s=_duration(line),
        pages=None if pages is None else round(pages),
    )


def _whom(line: Fields) -> dict[str, Any]:
    whom = {name: _said(line, name) for name in ("deal_id", "contact_id", "lead_id", "owner_id")}
    if not (whom["deal_id"] or whom["contact_id"] or whom["lead_id"]):
        raise Unfit("names neither a deal nor a contact nor a lead")
    return whom


def _said(line: Fields, name: str) -> str:
    """As the store will keep it, so that an id found there is the id of the line."""
    return kept(line.get(name) or "")


def _needed(line: Fields, name: str) -> str:
    return _said(line, name) or _unfit(f"{name} is missing")


def _zone(line: Fields) -> str:
    """'' for none and for one that nobody knows: time zones are never guessed."""
    zone = _said(line, "time_zone")
    return zone if is_zone(zone) else ""


def _moment(line: Fields, name: str) -> datetime:
    _needed(line, name)
    return _moment_or_none(line, name) or _unfit(f"{name} is missing")


def _moment_or_none(line: Fields, name: str) -> datetime | None:
    """A time without a zone is meant in UTC."""
    text = _said(line, name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit(f"{name} is no time") from None
    return moment if _FIRST < moment < _LAST else _unfit(f"{name} is no time a company lives in")


def _day(line: Fields, name: str) -> date | None:
    moment = _moment_or_none(line, name)
    return None if moment is None else moment.date()


def _number(line: Fields, name: str) -> float | None:
    text = _said(line, name)
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        raise Unfit(f"{name} is no number") from None
    return number if math.isfinite(number) and abs(number) < 1e15 else _unfit(f"{name} is no number")


def _duration(line: Fields) -> int | None:
    seconds = _number(line, "duration_s")
    if seconds is not None and not 0 <= seconds <= _LONGEST:
        raise Unfit("duration_s is impossible")
    return None if seconds is None else int(seconds)


def _flag(line: Fields, name: str) -> bool:
    text = _said(line, name).lower()
    if text and text not in _TRUTH:
        raise Unfit(f"{name} is neither true nor false")
    return _TRUTH.get(text, False)


def _unfit(what: str) -> Any:
    raise Unfit(what)
