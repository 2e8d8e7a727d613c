"""The records themselves out of the store: users, accounts, contacts, leads and deals, each with its code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from crm_client.embedded import stages as crm_stages
from crm_client.money import parts_of
from motenashi.sales_history.checks import Columns, Tally
from motenashi.sales_history.coding import Array, Encode, Words, by_code, by_place, flags, numbers, texts
from motenashi.sales_history.history import NEVER, NONE, Accounts, Contacts, Deals, Leads, Users
from motenashi.sales_history.organisation import is_zone
from motenashi.sales_history.store_rows import Rows

_DAY: Final = 86_400


@dataclass(frozen=True)
class People:
    users: Users
    accounts: Accounts
    contacts: Contacts
    leads: Leads
    deals: Deals


def read_stages(connection: Connection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the stages in their order, and what each means."""
    stages = crm_stages.read_stages(connection) or crm_stages.DEFAULT_STAGES
    return tuple(stage.name for stage in stages), tuple(stage.outcome.value for stage in stages)


class RecordReader:
    """Reads the records once; afterwards knows their codes (`deals`, `contacts` ... : encoders of ids)."""

    def __init__(self, rows: Rows, as_of: int, stages: Sequence[str], outcomes: Sequence[str]) -> None:
        self._rows, self._as_of = rows, as_of
        self.stages = by_place(stages)
        self._open = np.array([outcome == "open" for outcome in (*outcomes, "open")])  # the last one is for NONE
        self.tally = Tally(whole=rows.whole)
        self.zones, self.industries, self.types = Words(is_zone), Words(), Words()
        self.sources, self.statuses = Words(), Words()
        self.users = self.accounts = self.contacts = self.leads = self.deals = by_code({})

    def read(self) -> People:
        users = self._columns("users", (texts, self.zones.encode), ("ids", "time_zone"))
        self.users = _encoder(users)
        accounts = self._columns("accounts", (texts, self.industries.encode), ("ids", "industry"))
        self.accounts = _encoder(accounts)
        contacts = self._columns("contacts", (texts, self.accounts, self.zones.encode), ("ids", "account", "time_zone"))
        self.contacts = _encoder(contacts)
        deals = self._deals(accounts)
        self.deals = _encoder(deals)
        leads = self._leads()
        self.leads = _encoder(leads)
        self._finish(users, accounts, contacts, leads, deals)
        return People(Users(**users), Accounts(**accounts), Contacts(**contacts), Leads(**leads), Deals(**deals))

    def _columns(self, table: str, encoders: Sequence[Encode], names: Sequence[str]) -> Columns:
        """In the order of the ids, which stand first."""
        return _by_id(read_columns(self._rows, table, encoders, names))

    def _deals(self, accounts: Columns) -> Columns:
        words = (self.accounts, self.contacts, self.users, self.types.encode, self.sources.encode, self.stages)
        names = ("account", "contact", "owner", "type", "lead_source", "stage", "currency", "repeat", "amount")
        columns = self._columns(
            "deals",
            (texts, *words, texts, flags, _amounts, numbers, numbers, numbers),
            ("ids", *names, "created_at", "expected_close", "closed_at"),
        )
        columns["amount"] = _in_units(columns["amount"], columns.pop("currency"))
        columns["expected_close"] = _midnight(columns["expected_close"])
        columns = self.tally.sift("deals", columns, self._impossible_deals(columns))
        industry = np.append(accounts["industry"], np.int32(NONE))
        columns["industry"] = industry[np.maximum(columns["account"], NONE)].astype(np.int32)
        return columns

    def _impossible_deals(self, columns: Columns) -> dict[str, Any]:
        created, closed = columns["created_at"], columns["closed_at"]
        is_open = self._open[np.maximum(columns["stage"], NONE)]
        return {
            "unknown_stage": columns["stage"] < 0,
            "no_time": created == NEVER,
            "after_the_end": created > self._as_of,
            "closed_before_opened": (closed != NEVER) & (closed < created),
            "closed_in_open_stage": (closed != NEVER) & is_open,
            "closed_without_time": (closed == NEVER) & ~is_open,
        }

    def _leads(self) -> Columns:
        encoders = (
            *(texts, self.industries.encode, self.zones.encode, self.sources.encode, self.statuses.encode),
            *(self.users, self.deals, numbers),
        )
        names = ("ids", "industry", "time_zone", "lead_source", "status", "owner", "converted_deal", "created_at")
        columns = self._columns("leads", encoders, names)
        created = columns["created_at"]
        why = {"no_time": created == NEVER, "after_the_end": created > self._as_of}
        return self.tally.sift("leads", columns, why)

    def _finish(self, users: Columns, accounts: Columns, contacts: Columns, leads: Columns, deals: Columns) -> None:
        """Names in their final order; what is not known counted."""
        for table, columns in (("users", users), ("contacts", contacts), ("leads", leads)):
            zones = self.zones.in_order(columns["time_zone"])
            self.tally.note(table, {"no_time_zone": zones == NONE, "unknown_time_zone": zones < NONE})
            columns["time_zone"] = np.maximum(zones, NONE)
        for columns in (accounts, leads, deals):
            columns["industry"] = self.industries.in_order(columns["industry"])
        for columns in (leads, deals):
            columns["lead_source"] = self.sources.in_order(columns["lead_source"])
        leads["status"] = self.statuses.in_order(leads["status"])
        deals["type"] = self.types.in_order(deals["type"])
        self.tally.note_unknown("contacts", contacts, "account")
        self.tally.note_unknown("leads", leads, "owner", "converted_deal")
        self.tally.note_unknown("deals", deals, "account", "contact", "owner")
        self.tally.note("deals", {"no_amount": np.isnan(deals["amount"]), "no_industry": deals["industry"] == NONE})


def read_columns(rows: Rows, table: str, encoders: Sequence[Encode], names: Sequence[str]) -> Columns:
    """The table's columns, each encoded chunk by chunk."""
    pieces: list[list[Array]] = [[] for _ in names]
    for chunk in rows.chunks(table):
        if chunk:
            for values, encode, piece in zip(zip(*chunk, strict=True), encoders, pieces, strict=True):
                piece.append(encode(values))
    empty = [encode(()) for encode in encoders]
    return {
        name: np.concatenate(piece) if piece else nothing
        for name, piece, nothing in zip(names, pieces, empty, strict=True)
    }


def _encoder(columns: Columns) -> Encode:
    return by_code({one: code for code, one in enumerate(columns["ids"])})


def _by_id(columns: Columns) -> Columns:
    ids = columns["ids"].tolist()
    order = sorted(range(len(ids)), key=ids.__getitem__)
    return {name: column[order] for name, column in columns.items()}


def _amounts(numbers: Sequence[int | None]) -> Array:
    return np.fromiter((np.nan if one is None else one for one in numbers), np.float64, len(numbers))


def _in_units(amounts: Array, currencies: Array) -> Array:
    parts = {currency: float(parts_of(currency)) for currency in set(currencies)}
    return amounts / np.fromiter(map(parts.__getitem__, currencies), np.float64, len(amounts))


def _midnight(days: Array) -> Array:
    return np.where(days == NEVER, NEVER, days // _DAY * _DAY)
