"""What the soak's people change: which fields of which modules, with values that both sides can hold.

Every record carries a mark (an address, a name, a code) that nobody changes afterwards, so that it is known again on
both sides, whatever ids it has; `h` marks were made here, `z` marks in Zoho.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

INDUSTRIES = ("Banking", "Construction", "Education", "Logistics", "Machinery", "Retail", "Technology")
SOURCES = ("Cold Call", "Partner", "Trade Show", "Web Research", "Chat", "Web Form", "Referral")
LEAD_STATUS = ("Attempted to Contact", "Contact in Future", "Contacted", "Not Contacted", "Pre-Qualified")
STAGES = (
    "Qualification",
    "Needs Analysis",
    "Value Proposition",
    "Proposal/Price Quote",
    "Negotiation/Review",
    "Closed Won",
    "Closed Lost",
)
TYPES = ("Existing Business", "New Business")
STATUS_THERE = {"open": "Not Started", "completed": "Completed"}
DAY = date(2026, 11, 1)

Draw = Callable[[Random, int], Any]


@dataclass(frozen=True)
class Changeable:
    """`draw(random, number)`: a value as `FieldMap.base_of` says it; `there`: the same as Zoho has it."""

    name: str  # API name
    draw: Draw
    there: Callable[[Any], Any] = lambda value: value


def _one_of(values: tuple[str, ...]) -> Draw:
    return lambda random, number: random.choice(values)


def _text(word: str) -> Draw:
    return lambda random, number: f"{word} {number} {random.randrange(1_000_000)}"


def _number(most: int) -> Draw:
    return lambda random, number: random.randrange(1, most)


def _day(random: Random, number: int) -> str:
    return (DAY + timedelta(days=random.randrange(300))).isoformat()


FIELDS: Mapping[str, Mapping[str, Changeable]] = {
    "accounts": {
        "industry": Changeable("Industry", _one_of(INDUSTRIES)),
        "employees": Changeable("Employees", _number(5000)),
    },
    "contacts": {
        "title": Changeable("Title", _text("Title")),
        "first_name": Changeable("First_Name", _text("First")),
    },
    "leads": {
        "status": Changeable("Lead_Status", _one_of(LEAD_STATUS)),
        "source": Changeable("Lead_Source", _one_of(SOURCES)),
        "note": Changeable("Description", _text("Said")),
        "industry": Changeable("Industry", _one_of(INDUSTRIES)),
    },
    "deals": {
        "stage": Changeable("Stage", _one_of(STAGES)),
        "amount": Changeable("Amount", _number(9_000_000)),
        "lead_source": Changeable("Lead_Source", _one_of(SOURCES)),
        "type": Changeable("Type", _one_of(TYPES)),
        "expected_close": Changeable("Closing_Date", _day),
    },
    "products": {
        "unit_price": Changeable("Unit_Price", _number(500_000)),
        "summary_en": Changeable("Description", _text("Product")),
    },
    "calls": {"note": Changeable("Description", _text("Call"))},
    "events": {"note": Changeable("Description", _text("Meeting"))},
    "tasks": {
        "status": Changeable("Status", _one_of(("open", "completed")), STATUS_THERE.__getitem__),
        "note": Changeable("Description", _text("Task")),
    },
    "notes": {"text": Changeable("Note_Content", _text("Note"))},
}
MARKED_BY = {  # our field, API name
    "accounts": ("name", "Account_Name"),
    "contacts": ("email", "Email"),
    "leads": ("email", "Email"),
    "deals": ("name", "Deal_Name"),
    "products": ("code", "Product_Code"),
    "calls": ("subject", "Subject"),
    "events": ("subject", "Event_Title"),
    "tasks": ("subject", "Subject"),
    "notes": ("title", "Note_Title"),
}
API_MODULES = {
    "accounts": "Accounts",
    "contacts": "Contacts",
    "leads": "Leads",
    "products": "Products",
    "deals": "Deals",
    "calls": "Calls",
    "events": "Events",
    "tasks": "Tasks",
    "notes": "Notes",
}


def mark(module: str, side: str, number: int) -> str:
    """Unique in its module, for ever."""
    name = f"{side}{number:07d}"
    return f"{name}@{module}.example" if module in ("contacts", "leads") else f"{module[:-1].capitalize()} {name}"


def plain(value: Any) -> Any:
    """A record's value as base_of says it."""
    return value.isoformat() if isinstance(value, date) else value


def moment(random: Random, now: datetime) -> datetime:
    """Some whole minute of the weeks around now."""
    return now.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=random.randrange(-20_000, 20_000))


@dataclass(frozen=True)
class Written:
    """One thing that somebody did; who writes what stands there already has done nothing. `field`: `made`, `gone` and
    `converted` for whole records; `at`: seconds since 1970, on the soak's clock; `value` as base_of says it; `ours`:
    was it done here?"""

    module: str
    mark: str
    field: str
    value: Any
    at: float
    ours: bool
    zoho_id: str = ""
