"""A company so small that a person knows all of it, written as files of any form."""

from __future__ import annotations

import copy
import csv
import dataclasses
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from hypothesis import strategies as st

from motenashi.sales_history.history import SalesHistory

Tables = dict[str, list[dict[str, Any]]]

FORMS = (".jsonl", ".jsonl.gz", ".csv", ".csv.gz", ".parquet")
ORG = {
    "time_zone": "Asia/Tokyo",
    "business_days": ["Mon", "Tue", "Wed", "Thu", "Fri"],
    "business_hours": ["09:00", "18:00"],
    "stages": ["Qualification", "Proposal", "Closed Won", "Closed Lost"],
    "as_of": "2026-03-31T15:00:00Z",
}


def small_company() -> Tables:
    """Two users, two accounts, two contacts, one lead; d1 is open, d2 was won, d3 was lost."""
    return copy.deepcopy(_COMPANY)


def activity(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"t{number}",
        "kind": "call",
        "deal_id": "d1",
        "contact_id": "c1",
        "owner_id": "u1",
        "purpose": "follow_up",
        "subject": "Follow-up",
        "direction": "outbound",
        "status": "completed",
        "result": "answered",
        "start_at": f"2026-02-{number:02}T01:00:00Z",
        "duration_s": 300,
    } | more


def email(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"m{number}",
        "deal_id": "d1",
        "contact_id": "c1",
        "owner_id": "u1",
        "direction": "out",
        "purpose": None,
        "subject": "お見積書の送付",
        "sent_at": f"2026-02-{number:02}T02:00:00Z",
        "status": "delivered",
        "opened_at": f"2026-02-{number:02}T03:00:00Z",
        "opened_again_at": f"2026-02-{number:02}T04:00:00Z",
        "clicked_at": None,
        "replied_at": None,
    } | more


def touchpoint(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"v{number}",
        "contact_id": "c1",
        "deal_id": "d1",
        "channel": "web",
        "type": "visit",
        "at": f"2026-02-{number:02}T05:00:00Z",
        "pages": 3,
        "duration_s": 60,
    } | more


def deal(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"d{number}",
        "name": f"Deal {number}",
        "account_id": "a1",
        "contact_id": "c1",
        "owner_id": "u1",
        "industry": "Finance",
        "type": "New Business",
        "repeat": False,
        "amount": 5000.0,
        "lead_source": "Web",
        "stage": "Proposal",
        "created_at": "2026-01-05T00:00:00Z",
        "expected_close": "2026-05-01",
        "closed_at": None,
    } | more


def change(deal_id: str, was: str | None, to: str, at: str) -> dict[str, Any]:
    return {"deal_id": deal_id, "from_stage": was, "to_stage": to, "at": at, "changed_by": "u1"}


_COMPANY: Tables = {
    "users": [
        {"id": "u1", "name": "Rep One", "time_zone": "Asia/Tokyo"},
        {"id": "u2", "name": "Rep Two", "time_zone": "Europe/Berlin"},
    ],
    "accounts": [
        {"id": "a1", "name": "Alpha", "industry": "Finance", "employees": 40},
        {"id": "a2", "name": 'Beta, "quoted"', "industry": "Retail", "employees": None},
    ],
    "contacts": [
        {"id": "c1", "account_id": "a1", "name": "森 花子", "email": "Hanako@Example.com", "time_zone": "Asia/Tokyo"},
        {"id": "c2", "account_id": "a2", "name": "Lee", "email": None, "time_zone": "Europe/Berlin"},
    ],
    "leads": [
        {
            "id": "l1",
            "company": "Gamma",
            "industry": "Retail",
            "time_zone": "Asia/Dubai",
            "lead_source": "Web",
            "status": "Converted",
            "created_at": "2026-01-02T00:00:00Z",
            "converted_deal_id": "d2",
        }
    ],
    "deals": [
        deal(1),
        deal(
            2,
            account_id="a2",
            contact_id="c2",
            owner_id="u2",
            industry="Retail",
            type="Renewal",
            repeat=True,
            stage="Closed Won",
            closed_at="2026-02-20T00:00:00Z",
        ),
        deal(3, stage="Closed Lost", amount=None, expected_close=None, closed_at="2026-03-01T00:00:00Z"),
    ],
    "stage_history": [
        change("d1", None, "Qualification", "2026-01-05T00:00:00Z"),
        change("d1", "Qualification", "Proposal", "2026-02-05T00:00:00Z"),
        change("d2", None, "Qualification", "2026-01-05T00:00:00Z"),
        change("d2", "Qualification", "Closed Won", "2026-02-20T00:00:00Z"),
        change("d3", None, "Proposal", "2026-01-05T00:00:00Z"),
        change("d3", "Proposal", "Closed Lost", "2026-03-01T00:00:00Z"),
    ],
    "activities": [
        activity(1),
        activity(2, kind="event", purpose=None, subject="製品デモ", direction=None, result="attended", duration_s=3600),
        activity(3, kind="task", purpose=None, subject="Update CRM", direction=None, result=None, duration_s=0),
        activity(4, direction="inbound", purpose=None, subject="Incoming call", result="missed", duration_s=None),
    ],
    "emails": [email(5), email(6, direction="in", subject="Re: our project", opened_at=None, opened_again_at=None)],
    "touchpoints": [touchpoint(7), touchpoint(8, type="ticket_reply_by_rep", channel="support", pages=0)],
}


def write(folder: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]], form: str = ".jsonl") -> Path:
    """The tables and org.json in a folder, which is given back."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "org.json").write_text(json.dumps(ORG), encoding="utf-8")
    for table, rows in tables.items():
        write_table(folder / f"{table}{form}", rows)
    return folder


def write_table(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    if path.name.endswith(".parquet"):
        _write_parquet(path, rows)
        return
    text = _csv(rows) if ".csv" in path.name else "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    raw = text.encode()
    path.write_bytes(gzip.compress(raw) if path.name.endswith(".gz") else raw)


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]) if rows else [])
    writer.writeheader()
    for row in rows:
        writer.writerow({name: str(value).lower() if isinstance(value, bool) else value for name, value in row.items()})
    return out.getvalue()


def _write_parquet(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """With the types that DuckDB finds in the values: moments as timestamps, numbers as numbers."""
    beside = path.with_suffix(".for-parquet")
    beside.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"COPY (FROM read_json('{beside}', format='newline_delimited')) TO '{path}'")
    beside.unlink()


# What a line's field may hold that nobody wanted there.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12) | st.just("2026-02-01T00:00:00Z"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)
VALUES = st.lists(st.tuples(st.integers(0, 200), ANYTHING), max_size=25)
CUTS = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 300), st.binary(max_size=4)), max_size=5)


def write_damaged(folder: Path, values: list[tuple[int, Any]], cuts: list[tuple[int, int, bytes]]) -> Path:
    """The small company with some fields holding anything, and some bytes overwritten."""
    tables = small_company()
    fields = [(row, name) for rows in tables.values() for row in rows for name in row]
    for place, value in values:
        row, name = fields[place % len(fields)]
        row[name] = value
    write(folder, tables)
    paths = sorted(folder.glob("*.jsonl"))
    for place, at, damage in cuts:
        path = paths[place % len(paths)]
        raw = path.read_bytes()
        path.write_bytes(raw[:at] + damage + raw[at + len(damage) :])
    return folder


def differences(one: SalesHistory, other: SalesHistory) -> list[str]:
    """Columns in which two histories are not the same, rows in any order; names and organisation, too."""
    found = [part for part in ("organisation", "names") if getattr(one, part) != getattr(other, part)]
    for part in dataclasses.fields(SalesHistory):
        rows = _rows(getattr(one, part.name))
        if rows != _rows(getattr(other, part.name)):
            found.append(part.name)
    return found


def _rows(part: Any) -> list[tuple[Any, ...]]:
    """A part's rows in one order, whatever the order they came in."""
    if not (dataclasses.is_dataclass(part) and part.__dataclass_fields__ and _has_columns(part)):
        return []
    columns = [getattr(part, field.name) for field in dataclasses.fields(part)]
    return sorted(
        zip(*(np.where(c != c, -1.0, c).tolist() if c.dtype.kind == "f" else c.tolist() for c in columns), strict=True)
    )


def _has_columns(part: Any) -> bool:
    return isinstance(getattr(part, next(iter(part.__dataclass_fields__))), np.ndarray)
