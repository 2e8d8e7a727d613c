"""Single values between Zoho and us: texts, whole numbers, money, days, moments, look-ups.

Readers take what the API's JSON or a bulk file holds (a bulk file knows texts only) and raise ValueError, whose words
never repeat the value. Writers give JSON. Moments are aware and in UTC here; Zoho writes them with an offset.
Source: https://www.zoho.com/crm/developer/docs/api/v8/ (field types).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from crm_client.embedded.columns import BIGGEST_NUMBER, kept
from crm_client.money import parts_of

_TRUTH: Final = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
_LARGEST_EXACT: Final = 2**53  # beyond it, a JSON number with decimals is no longer what was written


def is_empty(value: Any) -> bool:
    """Zoho says null, bulk files an empty text, multi-selects an empty list: all are 'nothing'."""
    return value is None or value in ("", [], (), {})


def text(value: Any) -> str:
    """As it can be kept here; a list's members by '; ', a look-up by its name."""
    if isinstance(value, str):
        return kept(value).strip()
    if is_empty(value):
        return ""
    if isinstance(value, Mapping):
        return text(value.get("name") or value.get("id"))
    if isinstance(value, list | tuple):
        return "; ".join(text(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return kept(str(value)).strip()


def flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if is_empty(value):
        return False
    found = _TRUTH.get(str(value).strip().lower())
    if found is None:
        raise ValueError("is neither true nor false")
    return found


def whole_number(value: Any) -> int | None:
    exact = _decimal(value)
    return None if exact is None else _fitting(exact)


def money(value: Any, currency: str) -> int | None:
    """Decimals of the currency's unit -> whole numbers of its smallest part, halves away from zero."""
    exact = _decimal(value)
    return None if exact is None else _fitting(exact * parts_of(currency))


def money_out(amount: int | None, currency: str) -> int | float | None:
    if amount is None:
        return None
    parts = parts_of(currency)
    if parts == 1:
        return amount
    if abs(amount) > _LARGEST_EXACT:
        raise ValueError("is too large an amount")
    return float(Decimal(amount) / parts)


def moment(value: Any, zone: tzinfo) -> datetime | None:
    """ISO 8601; without an offset it is on the office's clock, a day alone is its midnight."""
    if is_empty(value):
        return None
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("is no ISO date and time") from None


def moment_out(value: datetime | None) -> str | None:
    """Zoho keeps whole seconds."""
    return None if value is None else value.astimezone(UTC).replace(microsecond=0).isoformat()


def day(value: Any, zone: tzinfo) -> date | None:
    """A moment is read as the day it lies in on the office's clock."""
    if is_empty(value):
        return None
    if isinstance(value, datetime):
        return value.astimezone(zone).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    said = str(value).strip()
    try:
        return date.fromisoformat(said) if len(said) <= 10 else day(datetime.fromisoformat(said), zone)
    except (ValueError, OverflowError):
        raise ValueError("is no ISO date") from None


def midnight(value: date, zone: tzinfo) -> datetime:
    try:
        return datetime.combine(value, time(), zone).astimezone(UTC)
    except OverflowError:
        raise ValueError("is no day we can count with") from None


def record_id(value: Any) -> str:
    """The id of a look-up, whether it came as {"id", "name"} or bare."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return "" if is_empty(value) else str(value).strip()


def _decimal(value: Any) -> Decimal | None:
    if is_empty(value):
        return None
    if isinstance(value, bool):
        raise ValueError("is no number")
    try:
        found = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation:
        raise ValueError("is no number") from None
    if not found.is_finite():
        raise ValueError("is no number")
    return found


def _fitting(exact: Decimal) -> int:
    if abs(exact) > BIGGEST_NUMBER:
        raise ValueError("is too large a number")
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
