"""The records themselves out of files: users, accounts, contacts, leads and deals, each with its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from motenashi.sales_history.history import Accounts, Contacts, Deals, Leads, Users
from motenashi.sales_history.organisation import OrgFile, is_zone
from motenashi.sales_history.sql_text import as_columns, select, text
from motenashi.sales_history.staging import Plan, Staging, coded, ever, moment, said

_ZONES: Final = (("users", "time_zone"), ("contacts", "time_zone"), ("leads", "time_zone"))
_INDUSTRIES: Final = (("accounts", "industry"), ("leads", "industry"), ("deals", "industry"))
_SOURCES: Final = (("leads", "lead_source"), ("deals", "lead_source"))


@dataclass(frozen=True)
class Limits:
    """Seconds: when the record ends, and until when it is asked for."""

    end: int
    until: int

    def too_late(self, column: str) -> dict[str, str]:
        """Reasons for leaving out what lies after either."""
        return {"after_the_end": f"{column} > {self.end}", "after_as_of": f"{column} > {self.until}"}


@dataclass(frozen=True)
class Records:
    users: Users
    accounts: Accounts
    contacts: Contacts
    leads: Leads
    deals: Deals
    words: Mapping[str, tuple[str, ...]]


def read_records(staging: Staging, org: OrgFile, limits: Limits) -> Records:
    """Leaves the tables `<records>_codes` and `stages` behind, for the events."""
    staging.name_codes("stages", org.stages)
    _stage_people(staging, limits)
    _stage_deals(staging, org, limits)
    words = _words(staging)
    for table in ("users", "accounts", "contacts", "deals", "leads"):
        staging.number(table)
    _note(staging)
    records = Records(_users(staging), _accounts(staging), _contacts(staging), _leads(staging), _deals(staging), words)
    for table in ("users", "accounts", "contacts", "leads"):
        staging.forget(table)
    staging.keep_only("deals", ("same", "created_at", "why"))
    return records


def _stage_people(staging: Staging, limits: Limits) -> None:
    same = said("id")
    staging.stage(Plan("users", {"time_zone": said("time_zone")}, {}, key=same))
    staging.stage(Plan("accounts", {"industry": said("industry")}, {}, key=same))
    staging.stage(Plan("contacts", {"account_id": said("account_id"), "time_zone": said("time_zone")}, {}, key=same))
    staging.stage(
        Plan(
            "leads",
            {
                "industry": said("industry"),
                "time_zone": said("time_zone"),
                "lead_source": said("lead_source"),
                "status": said("status"),
                "owner_id": said("owner_id"),
                "converted_deal_id": said("converted_deal_id"),
                "created_at": moment("created_at"),
            },
            {"no_time": "created_at IS NULL"} | limits.too_late("created_at"),
            key=same,
        )
    )


def _stage_deals(staging: Staging, org: OrgFile, limits: Limits) -> None:
    closed = ", ".join(text(stage) for stage in org.stages[-2:])
    staging.stage(
        Plan(
            "deals",
            {
                **{column: said(column) for column in ("account_id", "contact_id", "owner_id", "type", "lead_source")},
                "industry": f"coalesce({said('industry')}, account.industry)",
                "stage": coded("stages"),
                "in_closed_stage": f"coalesce(line.stage IN ({closed}), false)",
                "repeat": f"try_cast({said('repeat')} AS BOOLEAN)",
                "amount": f"try_cast({said('amount')} AS DOUBLE)",
                "amount_said": f"{said('amount')} IS NOT NULL",
                "created_at": moment("created_at"),
                "expected_close": f"{moment('expected_close')} // 86400 * 86400",
                "closed_at": moment("closed_at"),
                "closed_said": f"{said('closed_at')} IS NOT NULL",
            },
            {
                "unknown_stage": "stage < 0",
                "no_time": "created_at IS NULL OR (closed_said AND closed_at IS NULL)",
                **limits.too_late("created_at"),
                "closed_before_opened": "closed_at < created_at",
                "closed_in_open_stage": "closed_said AND NOT in_closed_stage",
                "closed_without_time": "in_closed_stage AND NOT closed_said",
            },
            key=said("id"),
            joins=(
                "LEFT JOIN stages ON stages.word = line.stage "
                "LEFT JOIN accounts account ON account.same = line.account_id AND account.why IS NULL"
            ),
        )
    )


def _words(staging: Staging) -> dict[str, tuple[str, ...]]:
    return {
        "time_zones": staging.name_codes("time_zones", filter(is_zone, staging.words(*_ZONES))),
        "industries": staging.name_codes("industries", staging.words(*_INDUSTRIES)),
        "types": staging.name_codes("types", staging.words(("deals", "type"))),
        "lead_sources": staging.name_codes("lead_sources", staging.words(*_SOURCES)),
        "lead_statuses": staging.name_codes("lead_statuses", staging.words(("leads", "status"))),
    }


def _note(staging: Staging) -> None:
    no_zone = {
        "no_time_zone": "time_zone IS NULL",
        "unknown_time_zone": "time_zone IS NOT NULL AND time_zone NOT IN (FROM time_zones SELECT word)",
    }
    staging.note("users", no_zone)
    staging.note("contacts", no_zone | _unknown("account_id", "accounts"))
    staging.note("leads", no_zone | _unknown("owner_id", "users") | _unknown("converted_deal_id", "deals"))
    staging.note(
        "deals",
        _unknown("account_id", "accounts")
        | _unknown("contact_id", "contacts")
        | _unknown("owner_id", "users")
        | {
            "no_amount": "amount IS NULL OR NOT isfinite(amount)",
            "repeat_not_said": "repeat IS NULL",
            "no_industry": "industry IS NULL",
        },
    )


def _unknown(column: str, table: str) -> dict[str, str]:
    reason = f"unknown_{column.removesuffix('_id')}"
    return {reason: f"{column} IS NOT NULL AND {column} NOT IN ({select(['id'], f'{table}_codes')})"}


def _users(staging: Staging) -> Users:
    return Users(**_fetch(staging, "users", {"time_zone": "time_zones"}))


def _accounts(staging: Staging) -> Accounts:
    return Accounts(**_fetch(staging, "accounts", {"industry": "industries"}))


def _contacts(staging: Staging) -> Contacts:
    return Contacts(**_fetch(staging, "contacts", {"account": "accounts_codes", "time_zone": "time_zones"}))


def _leads(staging: Staging) -> Leads:
    codes = {
        "industry": "industries",
        "time_zone": "time_zones",
        "lead_source": "lead_sources",
        "status": "lead_statuses",
        "owner": "users_codes",
        "converted_deal": "deals_codes",
    }
    return Leads(**_fetch(staging, "leads", codes, {"created_at": "created_at"}))


def _deals(staging: Staging) -> Deals:
    codes = {
        "account": "accounts_codes",
        "contact": "contacts_codes",
        "owner": "users_codes",
        "industry": "industries",
        "type": "types",
        "lead_source": "lead_sources",
    }
    plain = {
        "stage": "stage",
        "repeat": "coalesce(repeat, false)",
        "amount": "CASE WHEN isfinite(amount) THEN amount ELSE 'nan'::DOUBLE END",
        "created_at": "created_at",
        "expected_close": ever("expected_close"),
        "closed_at": ever("closed_at"),
    }
    return Deals(**_fetch(staging, "deals", codes, plain))


def _fetch(
    staging: Staging, table: str, codes: Mapping[str, str], plain: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Kept records in the order of their ids: `ids`, codes (column -> table of codes) and plain columns (SQL)."""
    source = [table]
    chosen = {"ids": f"{table}.same"}
    for column, of in codes.items():
        chosen[column] = coded(f"of_{column}")
        theirs, ours = ("id", f"{column}_id") if of.endswith("_codes") else ("word", column)
        source.append(f"LEFT JOIN {of} of_{column} ON of_{column}.{theirs} = {table}.{ours}")
    chosen |= plain or {}
    order = f"{table}.same"
    return staging.columns(select(as_columns(chosen), " ".join(source), where=["why IS NULL"], order=order))
