"""Rows in, results out: each row is checked, its person found, and written before anything is answered.

One bad row never stops the others, and a whole batch may be handed in again: a row that is there already changes
nothing, but for a newer status. Nobody's rows wait until their person is known (`waiting_rows.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy.exc import IntegrityError

from crm_client.client import CrmClient
from motenashi.database import Database
from motenashi.touchpoint_intake.finishing import Finishing, OnChanges, owners_of, taken_of
from motenashi.touchpoint_intake.held import Held, again
from motenashi.touchpoint_intake.intake_rows import (
    count,
    forget_refusals_of,
    held_rows,
    learn,
    note_refusals,
    write_held,
)
from motenashi.touchpoint_intake.people import KnownPeople, Person, find_people
from motenashi.touchpoint_intake.read_row import ReadRow, RowReader
from motenashi.touchpoint_intake.result import Outcome, RowResult
from motenashi.touchpoint_intake.row import Row, RowProblem, RowWrong
from motenashi.touchpoint_intake.settings import TouchpointSettings
from motenashi.touchpoint_intake.tables import WAITING
from motenashi.touchpoint_intake.waiting_rows import WaitingRows

MOST_TRIES = 5


@dataclass
class _Batch:
    """What becomes of the rows handed in together."""

    held: dict[tuple[str, str], Held]
    refused: list[tuple[object, RowWrong]] = field(default_factory=list)
    learned: dict[str, Person] = field(default_factory=dict)
    outcomes: list[tuple[Outcome, tuple[str, str], tuple[RowProblem, ...]]] = field(default_factory=list)


class TouchpointIntake:
    """`zone`: of the house, for the days that are counted. `waiting` holds those whose person is not known yet."""

    def __init__(
        self,
        database: Database,
        crm: CrmClient,
        settings: TouchpointSettings | None = None,
        *,
        zone: tzinfo = UTC,
        country_code: str = "81",
        on_changes: OnChanges = lambda changes: None,
    ) -> None:
        """`crm` may be one that tells nobody of its writes: `on_changes` is told of all people of a call at once."""
        self._settings = settings or TouchpointSettings()
        self._database = database
        self._crm = crm
        self._zone = zone
        self._reader = RowReader(timedelta(seconds=self._settings.clock_skew_seconds), country_code)
        self._on_changes = on_changes
        self.waiting = WaitingRows(database, crm, on_changes)

    def intake(self, rows: Sequence[object], now: datetime) -> tuple[RowResult, ...]:
        """One result a row, in their order, when all is on disk. CrmError and DBAPIError: hand them all in again."""
        read = [self._read(raw, now) for raw in rows]
        for attempt in range(MOST_TRIES):
            try:
                batch, known = self._write(rows, read, now)
                break
            except IntegrityError:  # somebody else handed in one of these rows in the same moment: now it is there
                if attempt == MOST_TRIES - 1:
                    raise
        finishing = Finishing(self._database, self._crm, known.owners, self._on_changes)
        crm_refused = finishing.finish(taken_of(list(batch.held.values())), now)
        if batch.learned:
            self.waiting.match_keys(batch.learned, now)
        return _results(batch, crm_refused)

    def check(self, rows: Sequence[object], now: datetime) -> tuple[RowResult, ...]:
        """The same, as far as it can be said without writing anything."""
        read = [self._read(raw, now) for raw in rows]
        known = self._known(read)
        with self._database.read() as connection:
            batch = _Batch(held_rows(connection, _names(read)))
        for raw, one in zip(rows, read, strict=True):
            _take_in(batch, raw, one, known, now)
        return _results(batch, {})

    def _read(self, raw: object, now: datetime) -> ReadRow | RowWrong:
        try:
            return self._reader.read(raw, now)
        except RowWrong as wrong:
            return wrong

    def _known(self, read: Sequence[ReadRow | RowWrong]) -> _Known:
        rows = [one.row for one in read if isinstance(one, ReadRow)]
        with self._database.read() as connection:
            people = find_people(connection, (row.who for row in rows))
        owners = owners_of(self._crm) if any(row.owner for row in rows) else {}
        deals = {deal.id for deal in self._crm.deals_with({row.deal_id for row in rows if row.deal_id})}
        return _Known(people, owners, deals)

    def _write(
        self, rows: Sequence[object], read: Sequence[ReadRow | RowWrong], now: datetime
    ) -> tuple[_Batch, _Known]:
        known = self._known(read)
        with self._database.write() as connection:
            batch = _Batch(held_rows(connection, _names(read), to_change=True))
            for raw, one in zip(rows, read, strict=True):
                _take_in(batch, raw, one, known, now)
            write_held(connection, batch.held.values())
            note_refusals(connection, batch.refused, now)
            good = [name for outcome, name, _notes in batch.outcomes if outcome != "refused"]
            forget_refusals_of(connection, good)
            learn(connection, batch.learned, now)
            count(connection, now.astimezone(self._zone).date(), _counted(batch))
        return batch, known


@dataclass(frozen=True)
class _Known:
    people: KnownPeople
    owners: dict[str, str]
    deals: set[str]


def _names(read: Sequence[ReadRow | RowWrong]) -> list[tuple[str, str]]:
    return [(one.row.source, one.row.id) for one in read if isinstance(one, ReadRow)]


def _take_in(batch: _Batch, raw: object, one: ReadRow | RowWrong, known: _Known, now: datetime) -> None:
    if isinstance(one, RowWrong):
        _refuse(batch, raw, one)
        return
    row, notes = one.row, one.notes + _doubts(one.row, known)
    held = batch.held.get((row.source, row.id))
    person = known.people.who(row.who)
    if held is None:
        held = batch.held[row.source, row.id] = Held.of(row, now)
        outcome: Outcome = "waiting"
    else:
        decision = again(held, row)
        if decision.outcome == "refused":
            _refuse(batch, raw, RowWrong(decision.notes, row.source, row.id))
            return
        outcome, notes = decision.outcome, notes + decision.notes
    if person is not None:
        if held.state == WAITING:
            held.known_as(person)
            outcome = "stored"
        if row.who.external_key and (person.sure or row.who.external_key not in known.people.by_external):
            batch.learned[row.who.external_key] = person
    elif held.state == WAITING:
        notes += (RowProblem("who", "unknown_person"),)
    batch.outcomes.append((outcome, held.name, notes))


def _doubts(row: Row, known: _Known) -> tuple[RowProblem, ...]:
    notes: tuple[RowProblem, ...] = ()
    if row.owner and row.owner not in known.owners and row.owner.lower() not in known.owners:
        notes += (RowProblem("owner", "unknown_owner", {"value": row.owner}),)
    if row.deal_id and row.deal_id not in known.deals:
        notes += (RowProblem("deal_id", "unknown_deal", {"value": row.deal_id}),)
    return notes


def _refuse(batch: _Batch, raw: object, wrong: RowWrong) -> None:
    batch.refused.append((raw, wrong))
    batch.outcomes.append(("refused", (wrong.source, wrong.row_id), wrong.problems))


def _counted(batch: _Batch) -> Counter[tuple[str, str, str]]:
    channels = {name: one.channel for name, one in batch.held.items()}
    return Counter((name[0], channels.get(name, ""), outcome) for outcome, name, _notes in batch.outcomes)


def _results(batch: _Batch, crm_refused: dict[tuple[str, str], RowWrong]) -> tuple[RowResult, ...]:
    found = []
    for outcome, name, told in batch.outcomes:
        held = batch.held.get(name)
        if name in crm_refused:
            found.append(RowResult("refused", *name, problems=crm_refused[name].problems))
        elif outcome == "refused" or held is None:
            found.append(RowResult("refused", *name, problems=told))
        else:
            ids = (held.touchpoint_id, held.contact_id, held.lead_id)
            found.append(RowResult(outcome, *name, *ids, notes=told))
    return tuple(found)
