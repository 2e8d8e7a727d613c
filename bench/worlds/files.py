"""A world's record as files, in the format that `app.py import-records` and `app.py advise` read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from bench.worlds.words import SUBJECTS, TASKS
from motenashi.sales_history.history import DIRECTIONS, KINDS, NEVER, RESULTS, STATUSES, SalesHistory

Column = NDArray[np.generic]
Texts = NDArray[np.object_]

FORMATS: Final = {
    "jsonl.gz": "FORMAT json, COMPRESSION gzip",
    "jsonl": "FORMAT json",
    "csv": "FORMAT csv, HEADER",
    "parquet": "FORMAT parquet",
}
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NUMBERS: Final = {
    "amount": "DOUBLE",
    "repeat": "BOOLEAN",
    "employees": "INTEGER",
    "pages": "INTEGER",
    "duration_s": "INTEGER",
}


def write(
    history: SalesHistory,
    folder: Path,
    *,
    form: str = "jsonl.gz",
    seed: int = 0,
    missing: float = 0.27,
    part: int | None = None,
) -> None:
    """`missing`: share of purposes that only the subject tells. The truth is in none of these files. `part`: of a large
    record, whose people and leads stand in part 0."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "org.json").write_text(json.dumps(_organisation(history), indent=1) + "\n", encoding="utf-8")
    rng = np.random.default_rng([seed, 21, *([part] if part else [])])
    first = (part or 0) * 10_000_000
    tables = {
        **({} if part else _people(history, rng)),
        **({} if part else {"leads": _leads(history)}),
        "deals": _deals(history),
        "stage_history": _stage_history(history),
        "activities": _activities(history, rng, missing, first),
        "emails": _emails(history, rng, missing, first),
        "touchpoints": _touchpoints(history, first),
    }
    for name, columns in tables.items():
        _copy(columns, folder / f"{name}{'' if part is None else f'-{part}'}.{form}", FORMATS[form])


def _copy(columns: dict[str, Column], file: Path, how: str) -> None:
    with duckdb.connect() as database:
        database.register("columns", columns)
        wanted = ", ".join(f'CAST("{name}" AS {_NUMBERS.get(name, "VARCHAR")}) AS "{name}"' for name in columns)
        target = str(file).replace("'", "''")
        database.execute(f"COPY (SELECT {wanted} FROM columns) TO '{target}' ({how})")


def _organisation(history: SalesHistory) -> dict[str, object]:
    told = history.organisation
    return {
        "time_zone": told.time_zone,
        "business_days": [_DAYS[day] for day in told.business_days],
        "business_hours": [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (told.opens, told.closes)],
        "stages": list(history.names.stages),
        "as_of": _moments(np.array([told.as_of]))[0],
    }


def _people(history: SalesHistory, rng: np.random.Generator) -> dict[str, dict[str, Column]]:
    names = history.names
    users, accounts, contacts = history.users, history.accounts, history.contacts
    return {
        "users": {
            "id": users.ids,
            "name": _numbered("Rep", users.ids),
            "time_zone": _named(names.time_zones, users.time_zone),
        },
        "accounts": {
            "id": accounts.ids,
            "name": _numbered("Account", accounts.ids),
            "industry": _named(names.industries, accounts.industry),
            "employees": np.exp(rng.normal(4, 1.2, len(accounts.ids))).astype(np.int64) + 2,
        },
        "contacts": {
            "id": contacts.ids,
            "account_id": _named(accounts.ids, contacts.account),
            "name": _numbered("Contact", contacts.ids),
            "email": np.array([f"{one}@example.com" for one in contacts.ids], dtype=object),
            "time_zone": _named(names.time_zones, contacts.time_zone),
        },
    }


def _leads(history: SalesHistory) -> dict[str, Column]:
    leads, names = history.leads, history.names
    return {
        "id": leads.ids,
        "company": _numbered("Prospect", leads.ids),
        "industry": _named(names.industries, leads.industry),
        "time_zone": _named(names.time_zones, leads.time_zone),
        "lead_source": _named(names.lead_sources, leads.lead_source),
        "status": _named(names.lead_statuses, leads.status),
        "created_at": _moments(leads.created_at),
        "converted_deal_id": _named(history.deals.ids, leads.converted_deal),
    }


def _deals(history: SalesHistory) -> dict[str, Column]:
    deals, names = history.deals, history.names
    return {
        "id": deals.ids,
        "name": _numbered("Deal", deals.ids),
        "account_id": _named(history.accounts.ids, deals.account),
        "contact_id": _named(history.contacts.ids, deals.contact),
        "owner_id": _named(history.users.ids, deals.owner),
        "industry": _named(names.industries, deals.industry),
        "type": _named(names.types, deals.type),
        "repeat": deals.repeat,
        "amount": deals.amount,
        "lead_source": _named(names.lead_sources, deals.lead_source),
        "stage": _named(names.stages, deals.stage),
        "created_at": _moments(deals.created_at),
        "expected_close": np.datetime_as_string(deals.expected_close.astype("datetime64[s]"), unit="D").astype(object),
        "closed_at": _moments(deals.closed_at),
    }


def _stage_history(history: SalesHistory) -> dict[str, Column]:
    changes, names = history.stage_changes, history.names
    return {
        "deal_id": _named(history.deals.ids, changes.deal),
        "from_stage": _named(names.stages, changes.from_stage),
        "to_stage": _named(names.stages, changes.to_stage),
        "at": _moments(changes.at),
        "changed_by": _named(history.users.ids, history.deals.owner[changes.deal]),
    }


def _activities(history: SalesHistory, rng: np.random.Generator, missing: float, first: int) -> dict[str, Column]:
    acts = history.activities
    subject, purpose = _subjects(history, acts.purpose, rng, missing)
    nameless = acts.purpose < 0
    told = np.where(
        acts.kind == KINDS.index("task"), rng.choice(np.array(TASKS, dtype=object), len(subject)), "Incoming call"
    )
    return {
        "id": _ids("t", len(subject), first),
        "kind": _named(KINDS, acts.kind),
        "deal_id": _named(history.deals.ids, acts.deal),
        "contact_id": _named(history.contacts.ids, acts.contact),
        "owner_id": _named(history.users.ids, acts.owner),
        "purpose": purpose,
        "subject": np.where(nameless, told, subject),
        "direction": _named(DIRECTIONS, acts.direction),
        "status": _named(STATUSES, acts.status),
        "result": _named(RESULTS, acts.result),
        "start_at": _moments(acts.at),
        "duration_s": acts.seconds,
    }


def _emails(history: SalesHistory, rng: np.random.Generator, missing: float, first: int) -> dict[str, Column]:
    mails = history.emails
    subject, purpose = _subjects(history, mails.purpose, rng, missing)
    theirs = mails.direction == 1
    bounced = (mails.opened_at == NEVER) & (mails.replied_at == NEVER) & (rng.random(len(subject)) < 0.02)
    return {
        "id": _ids("m", len(subject), first),
        "deal_id": _named(history.deals.ids, mails.deal),
        "contact_id": _named(history.contacts.ids, mails.contact),
        "owner_id": _named(history.users.ids, mails.owner),
        "direction": _named(("out", "in"), mails.direction),
        "purpose": purpose,
        "subject": np.where(theirs, "Re: the offer", subject),
        "sent_at": _moments(mails.at),
        "status": np.where(theirs, "received", np.where(bounced, "bounced", "delivered")).astype(object),
        "opened_at": _moments(mails.opened_at),
        "opened_again_at": _moments(mails.opened_again_at),
        "clicked_at": _moments(mails.clicked_at),
        "replied_at": _moments(mails.replied_at),
    }


def _touchpoints(history: SalesHistory, first: int) -> dict[str, Column]:
    points, names = history.touchpoints, history.names
    return {
        "id": _ids("v", len(points.at), first),
        "contact_id": _named(history.contacts.ids, points.contact),
        "deal_id": _named(history.deals.ids, points.deal),
        "channel": _named(names.channels, points.channel),
        "type": _named(names.touchpoint_types, points.type),
        "at": _moments(points.at),
        "pages": points.pages,
        "duration_s": points.seconds,
    }


def _subjects(history: SalesHistory, purposes: Column, rng: np.random.Generator, missing: float) -> tuple[Texts, Texts]:
    """Subjects that tell the purpose, and the purpose column with holes."""
    table = np.array([[*SUBJECTS[name]] for name in history.names.purposes], dtype=object)
    subject = table[purposes, rng.integers(0, table.shape[1], len(purposes))]
    told = _named(history.names.purposes, purposes)
    told[rng.random(len(purposes)) < missing] = None
    return subject, told


def _named(names: tuple[str, ...] | Texts, codes: Column) -> Texts:
    return np.array([*names, None], dtype=object)[np.asarray(codes, np.int64)]


def _numbered(word: str, ids: Texts) -> Texts:
    return np.array([f"{word} {number}" for number in range(len(ids))], dtype=object)


def _ids(letter: str, count: int, first: int) -> Texts:
    return np.array([f"{letter}{number:07d}" for number in range(first, first + count)], dtype=object)


def _moments(at: NDArray[np.int64]) -> Texts:
    told = (np.datetime_as_string(np.maximum(at, 0).astype("datetime64[s]")).astype(object) + "Z").astype(object)
    told[at == NEVER] = None
    return np.asarray(told, dtype=object)
