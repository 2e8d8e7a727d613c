"""Small histories made by hand: calls, mails and touchpoints of a few people, as the columns that learning reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from motenashi.sales_history.history import (
    DIRECTIONS,
    KINDS,
    NEVER,
    NONE,
    RESULTS,
    STATUSES,
    Accounts,
    Activities,
    Contacts,
    Deals,
    Emails,
    Leads,
    Names,
    Organisation,
    SalesHistory,
    StageChanges,
    Touchpoints,
    Users,
)

TYPES = (
    *("visit", "chat", "form", "ticket", "ticket_reply_by_rep", "wall_post", "comment", "like_or_dm", "survey"),
    *("webinar", "portal", "campaign_open", "campaign_click"),
)


def seconds(at: datetime | None) -> int:
    return NEVER if at is None else int(at.timestamp())


@dataclass
class SmallHistory:
    """`zones`: of the contacts in order, '' unknown; `lead_zones` the same. Contact n is "c<n>", lead n "l<n>"."""

    as_of: datetime
    zones: Sequence[str] = ("Asia/Tokyo",)
    lead_zones: Sequence[str] = ()
    organisation_zone: str = "Asia/Tokyo"
    hours: tuple[int, int] = (9 * 60, 18 * 60)
    accounts: Sequence[int] | None = None
    deal_contacts: Sequence[int] = ()
    activities: list[dict[str, Any]] = field(default_factory=list)
    emails: list[dict[str, Any]] = field(default_factory=list)
    touches: list[dict[str, Any]] = field(default_factory=list)

    def call(self, who: str, at: datetime, result: str = "answered", *, inbound: bool = False, **more: Any) -> None:
        row = {"kind": KINDS.index("call"), "direction": int(inbound), "result": RESULTS.index(result)}
        row |= {"status": STATUSES.index("completed"), "seconds": 120}
        self.activities.append(_who(who) | row | {"at": at.timestamp(), **more})

    def mail(self, who: str, at: datetime, *, inbound: bool = False, **moments: datetime) -> None:
        row = {"direction": int(inbound), "at": at.timestamp()}
        self.emails.append(_who(who) | row | {name: seconds(moment) for name, moment in moments.items()})

    def touch(self, who: str, at: datetime, kind: str = "visit") -> None:
        signal = kind != "ticket_reply_by_rep"
        self.touches.append(_who(who) | {"at": at.timestamp(), "type": TYPES.index(kind), "signal": signal})

    def build(self) -> SalesHistory:
        zones = tuple(dict.fromkeys(zone for zone in (*self.zones, *self.lead_zones) if zone))
        contacts, leads = len(self.zones), len(self.lead_zones)
        accounts = self.accounts or [NONE] * contacts
        names = Names((), (), ("Retail",), (), (), (), ("web",), TYPES, zones, ())
        opens, closes = self.hours
        return SalesHistory(
            Organisation(self.organisation_zone, (0, 1, 2, 3, 4), opens, closes, seconds(self.as_of)),
            names,
            Users(_ids("u", 0), _codes([])),
            Accounts(_ids("a", max(accounts, default=-1) + 1), _codes([0] * (max(accounts, default=-1) + 1))),
            Contacts(_ids("c", contacts), _codes(accounts), _zones(self.zones, zones)),
            Leads(
                _ids("l", leads),
                _codes([0] * leads),
                _zones(self.lead_zones, zones),
                _none(leads),
                _none(leads),
                _none(leads),
                np.zeros(leads, np.int64),
                _none(leads),
            ),
            _deals(self.deal_contacts),
            StageChanges(_codes([]), _codes([]), _codes([]), np.zeros(0, np.int64)),
            _columns(Activities, self.activities, {}),
            _columns(Emails, self.emails, dict.fromkeys(_MOMENTS, NEVER)),
            _columns(Touchpoints, self.touches, {"pages": 0, "seconds": 0}),
        )


_MOMENTS = ("opened_at", "opened_again_at", "clicked_at", "replied_at")
_WIDE = {"at", *_MOMENTS}


def _who(who: str) -> dict[str, int]:
    kind = {"c": "contact", "l": "lead", "d": "deal"}[who[0]]
    return {"contact": NONE, "lead": NONE, "deal": NONE} | {kind: int(who[1:])}


def _columns(kind: Any, rows: list[dict[str, Any]], usual: dict[str, int]) -> Any:
    rows = sorted(rows, key=lambda row: row["at"])
    values = {name: [row.get(name, usual.get(name, NONE)) for row in rows] for name in kind.__dataclass_fields__}
    types = {name: np.int64 if name in _WIDE else np.bool_ if name == "signal" else np.int32 for name in values}
    return kind(**{name: np.asarray(column).astype(types[name]) for name, column in values.items()})


def _ids(letter: str, count: int) -> Any:
    return np.asarray([f"{letter}{number}" for number in range(count)], object)


def _codes(values: Sequence[int]) -> Any:
    return np.asarray(values, np.int32)


def _none(count: int) -> Any:
    return np.full(count, NONE, np.int32)


def _zones(names: Sequence[str], zones: tuple[str, ...]) -> Any:
    return _codes([zones.index(name) if name else NONE for name in names])


def _deals(contacts: Sequence[int]) -> Deals:
    count = len(contacts)
    never = np.full(count, NEVER, np.int64)
    unknown = [_none(count) for _ in range(5)]
    ids, account = _ids("d", count), _none(count)
    flags, amounts = np.zeros(count, np.bool_), np.zeros(count)
    return Deals(ids, account, _codes(contacts), *unknown, flags, amounts, never, never, never)


assert DIRECTIONS == ("outbound", "inbound")
