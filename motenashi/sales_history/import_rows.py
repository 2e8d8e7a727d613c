"""Writes a chunk of read lines into the store: what is new goes in, what is there already stays as it is.

One transaction a chunk. The look-up keys of people and the diary column of events are made as the CRM makes them;
the popularity of products does not change, since records come without products.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.embedded.bulk import KINDS, first_values
from crm_client.embedded.diary import busy_until
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.field_changes import MODULE_OF
from crm_client.embedded.record_rows import DEALS, Kind, check
from crm_client.embedded.tables import crm_field_changes, crm_stage_changes
from crm_client.errors import CrmRejected
from crm_client.records import Activity, Contact, Deal, Lead, Outcome, StageChange
from motenashi.sales_history.record_lines import Line

CHUNK: Final = 1_000
_MOST_IDS: Final = 500  # databases take only so many values in one statement

_changes: Select[Any] = select(*(crm_stage_changes.c[field.name] for field in dataclasses.fields(StageChange))).where(
    crm_stage_changes.c.deal_id.in_(bindparam("ids", expanding=True))
)
_deals: Select[Any] = select(DEALS.table.c.id).where(DEALS.table.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True)
class Refused:
    line: Line
    why: str


@dataclass(frozen=True)
class Written:
    taken: int
    already_there: int
    refused: Sequence[Refused]


Read = tuple[Line, Any]  # a line and the record it says


class ChunkWriter:
    """`stages`: what each stage of the store means."""

    def __init__(self, crm: EmbeddedCrm, stages: Mapping[str, Outcome]) -> None:
        self._crm, self._stages = crm, stages

    def write(self, read: Sequence[Read]) -> Written:
        refused: list[Refused] = []
        fit = [pair for pair in read if self._fits(*pair, refused)]
        if not fit:
            return Written(0, 0, refused)
        with self._crm.writing("import records") as connection:
            write = _write_changes if isinstance(fit[0][1], StageChange) else self._write_records
            taken = write(connection, fit, refused)
        return Written(taken, len(read) - taken - len(refused), refused)

    def _fits(self, line: Line, record: Any, refused: list[Refused]) -> bool:
        try:
            if isinstance(record, StageChange):
                self._check_change(record)
            else:
                check(KINDS[type(record)], record, "import records")
            if isinstance(record, Deal):
                self._check_deal(record)
        except CrmRejected as error:
            refused.append(Refused(line, str(error).removeprefix("import records: ")))
            return False
        return True

    def _check_deal(self, deal: Deal) -> None:
        outcome = self._stages.get(deal.stage)
        if outcome is None:
            raise CrmRejected("import records", f"there is no stage {deal.stage}", "stage")
        if (outcome is Outcome.OPEN) != (deal.closed_at is None):
            wrong = "is closed, but its stage is open" if deal.closed_at else "is in a closed stage without closed_at"
            raise CrmRejected("import records", wrong, "closed_at")

    def _check_change(self, change: StageChange) -> None:
        for stage in (change.from_stage, change.to_stage):
            if stage and stage not in self._stages:
                raise CrmRejected("import records", f"there is no stage {stage}", "stage")

    def _write_records(self, connection: Connection, read: Sequence[Read], refused: list[Refused]) -> int:
        kind = KINDS[type(read[0][1])]
        there = _records(connection, kind, [record.id for _, record in read])
        new: dict[str, dict[str, Any]] = {}
        for line, record in read:
            known = there.get(record.id)
            if known is None:
                there[record.id] = record
                new[record.id] = kind.values(record) | self._more(record)
            elif not _says_the_same(kind, record, known):
                refused.append(Refused(line, "a record with this id and other values is there already"))
        _insert(connection, kind.table, list(new.values()))
        if kind.record in MODULE_OF:
            first = [change for record_id in new for change in first_values(self._crm, there[record_id])]
            _insert(connection, crm_field_changes, [dataclasses.asdict(change) for change in first])
        return len(new)

    def _more(self, record: Any) -> dict[str, Any]:
        """Values of columns that are no fields."""
        if isinstance(record, Contact):
            return self._crm.contact_keys(record)
        if isinstance(record, Lead):
            return self._crm.lead_keys(record)
        return {"busy_until": busy_until(record)} if isinstance(record, Activity) else {}


def _says_the_same(kind: Kind[Any], record: Any, known: Any) -> bool:
    """Columns that the files know nothing of may have been filled in the meantime."""
    return all(
        getattr(record, name) in (getattr(known, name), "", None) for name in kind.names if name not in _NOT_COMPARED
    )


# When a record without a time of its own was first seen differs from import to import.
_NOT_COMPARED: Final = frozenset({"created_at", "extra", "key"})


def _write_changes(connection: Connection, read: Sequence[Read], refused: list[Refused]) -> int:
    ids = sorted({change.deal_id for _, change in read})
    deals = {row[0] for row in _in_parts(connection, _deals, ids)}
    there = {StageChange(*row) for row in _in_parts(connection, _changes, ids)}
    new: list[dict[str, Any]] = []
    for line, change in read:
        if change.deal_id not in deals:
            refused.append(Refused(line, "there is no such deal"))
        elif change not in there:
            there.add(change)
            new.append(dataclasses.asdict(change))
    _insert(connection, crm_stage_changes, new)
    return len(new)


def _records(connection: Connection, kind: Kind[Any], ids: Iterable[str]) -> dict[str, Any]:
    asked: Select[Any] = select(*kind.columns).where(kind.table.c.id.in_(bindparam("ids", expanding=True)))
    rows = _in_parts(connection, asked, sorted(set(ids)))
    return {row[0]: kind.record(*row) for row in rows}


def _in_parts(connection: Connection, asked: Select[Any], ids: Sequence[str]) -> list[Any]:
    rows: list[Any] = []
    for start in range(0, len(ids), _MOST_IDS):
        rows += connection.execute(asked, {"ids": ids[start : start + _MOST_IDS]}).all()
    return rows


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    if table in (crm_stage_changes, crm_field_changes):
        connection.execute(insert(table), rows)
        return
    made: Any = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    connection.execute(made.on_conflict_do_nothing(), rows)
