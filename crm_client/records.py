"""The records of a CRM in our own words. Ids are texts; '' means not saved yet. Times are aware, in UTC.

Money is whole units of the record's currency's smallest part (yen, cents). `extra` holds fields that only this
company's CRM has, by their CRM names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What a stage means, from its forecast type; never from its name."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True)
class Owner:
    """A person of ours: who owns records and does activities."""

    id: str
    name: str
    email: str
    time_zone: str = "Asia/Tokyo"
    active: bool = True


@dataclass(frozen=True)
class Account:
    id: str
    name: str
    industry: str = ""
    employees: int | None = None
    website: str = ""
    owner_id: str = ""
    created_at: datetime | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Contact:
    id: str
    last_name: str
    first_name: str = ""
    email: str = ""
    secondary_email: str = ""
    phone: str = ""
    mobile: str = ""
    account_id: str = ""
    title: str = ""
    language: str = ""  # en, ja
    time_zone: str = ""
    owner_id: str = ""
    created_at: datetime | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lead:
    id: str
    last_name: str
    company: str
    first_name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    industry: str = ""
    status: str = "Not Contacted"
    source: str = ""
    language: str = ""
    time_zone: str = ""
    owner_id: str = ""
    note: str = ""
    created_at: datetime | None = None
    converted_deal_id: str = ""
    converted_contact_id: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """One value of the deal's stage picklist, in its order."""

    name: str
    outcome: Outcome
    position: int
    probability: int = 0  # percent


@dataclass(frozen=True)
class Deal:
    id: str
    name: str
    stage: str
    account_id: str = ""
    contact_id: str = ""
    owner_id: str = ""
    type: str = ""  # New Business, Existing Business, Renewal
    amount: int | None = None
    currency: str = "JPY"
    lead_source: str = ""
    repeat: bool = False
    expected_close: date | None = None
    created_at: datetime | None = None
    closed_at: datetime | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StageChange:
    """A deal went from one stage to another; the first one of a deal is its creation (from_stage '')."""

    deal_id: str
    from_stage: str
    to_stage: str
    at: datetime
    changed_by: str = ""


@dataclass(frozen=True)
class Product:
    id: str
    code: str
    name_en: str
    name_ja: str
    category: str
    unit_price: int
    currency: str = "JPY"
    summary_en: str = ""
    summary_ja: str = ""
    image: str = ""  # path below the shop, e.g. /static/products/nb-14.svg
    url: str = ""
    active: bool = True

    def name(self, language: str) -> str:
        return self.name_ja if language == "ja" else self.name_en

    def summary(self, language: str) -> str:
        return self.summary_ja if language == "ja" else self.summary_en


@dataclass(frozen=True)
class DealProduct:
    deal_id: str
    product_id: str
    quantity: int = 1
    unit_price: int = 0


@dataclass(frozen=True)
class Activity:
    """A call, an event or a task. `result`: calls answered, no_answer, missed; events attended, no_show."""

    id: str
    kind: str  # call, event, task
    subject: str
    start_at: datetime
    end_at: datetime | None = None
    deal_id: str = ""
    contact_id: str = ""
    lead_id: str = ""
    owner_id: str = ""
    purpose: str = ""
    direction: str = ""  # calls: outbound, inbound
    status: str = "open"  # open, completed, cancelled
    result: str = ""
    note: str = ""
    key: str = ""  # idempotency key of whoever made it


@dataclass(frozen=True)
class Email:
    """A mail to or from somebody. `message_id`, `in_reply_to`: without angle brackets; `text` is how it begins.
    `opened_at` is the first open seen (mail scanners open mails, too), `opened_again_at` the next one."""

    id: str
    direction: str  # out, in
    subject: str
    sent_at: datetime
    deal_id: str = ""
    contact_id: str = ""
    lead_id: str = ""
    owner_id: str = ""
    purpose: str = ""
    status: str = ""
    opened_at: datetime | None = None
    opened_again_at: datetime | None = None
    clicked_at: datetime | None = None
    replied_at: datetime | None = None
    message_id: str = ""
    in_reply_to: str = ""
    text: str = ""
    key: str = ""  # the same key again is the same e-mail


@dataclass(frozen=True)
class Touchpoint:
    """One thing that happened between a person and us."""

    id: str
    channel: str
    type: str
    at: datetime
    signal: bool  # True: theirs; False: a follow-up of ours
    contact_id: str = ""
    lead_id: str = ""
    deal_id: str = ""
    owner_id: str = ""
    status: str = ""
    duration_s: int | None = None
    pages: int | None = None
    count: int | None = None
    key: str = ""  # the same key again is the same touchpoint
    title: str = ""  # of the webinar, the survey, the page, the ticket


@dataclass(frozen=True)
class Note:
    """A text that somebody, or a chat, left with a contact, a lead or a deal."""

    id: str
    title: str
    text: str
    at: datetime
    contact_id: str = ""
    lead_id: str = ""
    deal_id: str = ""
    owner_id: str = ""
    key: str = ""  # the same key again is the same note


@dataclass(frozen=True)
class FieldChange:
    """A tracked field of a record got another value; the first one of a record is its creation (from_value '')."""

    module: str  # leads, contacts, accounts, deals (whose stage is told by StageChange)
    record_id: str
    field: str  # in our words, or the CRM's name of a field of its own
    from_value: str
    to_value: str
    at: datetime
    changed_by: str = ""


@dataclass(frozen=True)
class ProductCount:
    """How a product ranks: deals it is in (any outcome), revenue of won deals; `score` is what it was ranked by."""

    product: Product
    deals: int
    revenue: int
    score: float
