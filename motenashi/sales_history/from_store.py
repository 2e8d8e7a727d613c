"""Reads the embedded CRM into the same columns as files give, without DuckDB: all of it, or what concerns some records.

Each thing that happened counts once: a touchpoint that tells of an e-mail or activity of the store is not read again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection

from crm_client.embedded.store import as_crm_errors
from motenashi.database import Database
from motenashi.sales_history.backdating import as_it_stood
from motenashi.sales_history.history import Names, Organisation, SalesHistory
from motenashi.sales_history.purposes import PURPOSES
from motenashi.sales_history.store_events import EventReader
from motenashi.sales_history.store_records import RecordReader, read_stages
from motenashi.sales_history.store_rows import AllRows, Rows, SomeRows

Progress = Callable[[str, int, int], None]  # what is being read, steps done, steps in all
_STEPS: Final = ("records", "stage_history", "activities", "emails", "touchpoints")


def read_store(
    database: Database,
    organisation: Organisation,
    *,
    deal_ids: Collection[str] | None = None,
    contact_ids: Collection[str] | None = None,
    lead_ids: Collection[str] | None = None,
    progress: Progress | None = None,
) -> SalesHistory:
    """Everything, or, when any ids are given, these records, what happened with each and the people involved.

    A deal has the touchpoints of its person that name no deal, where it is their only one. Names have the codes of what
    was read; whoever compares two histories compares names. In a part, an event of a contact that belongs to a deal
    which was not asked for has no deal. CrmError when the store does not answer.
    """
    wanted = (deal_ids, contact_ids, lead_ids)
    whole = all(ids is None for ids in wanted)
    with as_crm_errors("read the history"), _one_moment(database) if whole else database.read() as connection:
        rows: Rows
        if whole:
            rows = AllRows(connection, database.dialect)
        else:
            deals, contacts, leads = ((ids or ()) for ids in wanted)
            rows = SomeRows(connection, database.dialect, deals=deals, contacts=contacts, leads=leads)
        stages, outcomes = read_stages(connection)
        return _read(rows, organisation, stages, outcomes, progress or _silent)


@contextmanager
def _one_moment(database: Database) -> Iterator[Connection]:
    """On PostgreSQL rows come in portions only within a transaction, which then sees one moment all along. SQLite
    hands them out in portions by itself, and a transaction there would keep everybody from writing."""
    if database.dialect == "postgresql":
        with database.engine.connect() as plain:
            yield plain.execution_options(isolation_level="REPEATABLE READ")
    else:
        with database.read() as connection:
            yield connection


def _silent(what: str, done: int, of: int) -> None:
    """Nobody wants to know."""


def _read(
    rows: Rows, organisation: Organisation, stages: tuple[str, ...], outcomes: tuple[str, ...], tell: Progress
) -> SalesHistory:
    records = RecordReader(rows, organisation.as_of, stages, outcomes)
    tell(_STEPS[0], 0, len(_STEPS))
    people = records.read()
    events = EventReader(rows, records, organisation.as_of)
    tell(_STEPS[1], 1, len(_STEPS))
    stage_changes = events.stage_changes(people.deals)
    tell(_STEPS[2], 2, len(_STEPS))
    activities = events.activities()
    tell(_STEPS[3], 3, len(_STEPS))
    emails = events.emails()
    tell(_STEPS[4], 4, len(_STEPS))
    touchpoints = events.touchpoints()
    tell("", len(_STEPS), len(_STEPS))
    names = Names(
        stages=stages,
        stage_outcomes=outcomes,
        industries=records.industries.named(),
        types=records.types.named(),
        lead_sources=records.sources.named(),
        purposes=PURPOSES,
        channels=events.channels.named(),
        touchpoint_types=events.types.named(),
        time_zones=records.zones.named(),
        lead_statuses=records.statuses.named(),
    )
    history = SalesHistory(
        organisation,
        names,
        people.users,
        people.accounts,
        people.contacts,
        people.leads,
        people.deals,
        stage_changes,
        activities,
        emails,
        touchpoints,
        records.tally.left_out,
        records.tally.incomplete,
    )
    return as_it_stood(history, all_deals=False)
