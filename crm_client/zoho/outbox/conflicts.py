"""Fields that both sides have changed: who wins, and the record of it.

`before` is what a field was here before we changed it, so what Zoho should have. If Zoho has it, we may write; if Zoho
has our new value already, nothing is left to do; anything else was changed there, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from crm_client.embedded.columns import MOST_LETTERS_OF_A_NOTE
from crm_client.zoho.tables import zoho_conflicts

OURS, ZOHO = "ours", "zoho"


class Verdict(Enum):
    SEND = "send"
    DONE = "done"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Conflict:
    """`won`: ours, zoho. Values as texts, for people to read."""

    number: int
    at: datetime
    module: str
    local_id: str
    field: str
    base: str
    ours: str
    theirs: str
    ours_at: datetime | None
    theirs_at: datetime | None
    won: str


def judge(before: Any, agreed: Any, ours: Any, theirs: Any) -> Verdict:
    """`agreed`: what both sides had last (the same as `before`, unless Zoho holds a value in a form of its own)."""
    if _same(ours, theirs):
        return Verdict.DONE
    return Verdict.SEND if _same(before, theirs) or _same(agreed, theirs) else Verdict.CONFLICT


def _same(one: Any, other: Any) -> bool:
    """'' and None are both "nothing": Zoho does not tell them apart."""
    return one == other or (one in ("", None) and other in ("", None))


def winner(policy: str, ours_at: datetime, theirs_at: datetime | None) -> str:
    """`policy`: crm.zoho.sync.conflicts. The later change wins; ours, when both were made at the same moment."""
    if policy != "newest":
        return policy
    return ZOHO if theirs_at is not None and theirs_at > ours_at else OURS


def note(
    connection: Connection,
    module: str,
    local_id: str,
    field: str,
    values: Mapping[str, Any],
    *,
    at: datetime,
    ours_at: datetime,
    theirs_at: datetime | None,
    won: str,
) -> None:
    """`values`: base, ours, theirs."""
    row = {name: _text(values.get(name)) for name in ("base", "ours", "theirs")}
    times = {"at": at, "ours_at": ours_at, "theirs_at": theirs_at}
    connection.execute(
        insert(zoho_conflicts), {**row, **times, "module": module, "local_id": local_id, "field": field, "won": won}
    )


def latest(connection: Connection, most: int) -> list[Conflict]:
    """The newest first."""
    columns = [zoho_conflicts.c[name] for name in Conflict.__dataclass_fields__]
    query = select(*columns).order_by(zoho_conflicts.c.number.desc()).limit(most)
    return [Conflict(*row) for row in connection.execute(query)]


def forget(connection: Connection, before: datetime) -> int:
    """Those that were noted before then: they hold values of people's records, and nobody needs them for ever."""
    return connection.execute(delete(zoho_conflicts).where(zoho_conflicts.c.at < before)).rowcount


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text[:MOST_LETTERS_OF_A_NOTE]
