"""The stages a deal goes through, and what each means.

A CRM without stages of its own uses DEFAULT_STAGES; they are written down with the first deal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.embedded.store import Store
from crm_client.embedded.tables import crm_stages
from crm_client.records import Outcome, Stage

DEFAULT_STAGES = (
    Stage("Qualification", Outcome.OPEN, 1, 10),
    Stage("Needs Analysis", Outcome.OPEN, 2, 20),
    Stage("Value Proposition", Outcome.OPEN, 3, 40),
    Stage("Proposal/Price Quote", Outcome.OPEN, 4, 75),
    Stage("Negotiation/Review", Outcome.OPEN, 5, 90),
    Stage("Closed Won", Outcome.WON, 6, 100),
    Stage("Closed Lost", Outcome.LOST, 7, 0),
)

_ALL = select(crm_stages).order_by(crm_stages.c.position, crm_stages.c.name)


def read_stages(connection: Connection) -> tuple[Stage, ...]:
    rows = connection.execute(_ALL)
    return tuple(Stage(name, Outcome(outcome), position, percent) for name, outcome, position, percent in rows)


def outcomes(connection: Connection) -> Mapping[str, Outcome]:
    """Stage name -> what it means, for writing deals: the default stages come into being when there are none."""
    stages = read_stages(connection)
    if not stages:
        write_stages(connection, DEFAULT_STAGES)
        stages = DEFAULT_STAGES
    return {stage.name: stage.outcome for stage in stages}


def write_stages(connection: Connection, stages: Sequence[Stage]) -> None:
    """Insert those that are not there."""
    kind: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(kind(crm_stages).on_conflict_do_nothing(), [_row(stage) for stage in stages])


def _row(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "outcome": stage.outcome.value,
        "position": stage.position,
        "probability": stage.probability,
    }


class Stages(Store):
    def stages(self) -> Sequence[Stage]:
        """In their order."""
        with self.reading("list stages") as connection:
            return read_stages(connection) or DEFAULT_STAGES

    def set_stages(self, stages: Sequence[Stage]) -> None:
        """These and no others. Meant for setting up: a stage that deals are in must stay."""
        with self.writing("set stages") as connection:
            connection.execute(crm_stages.delete())
            connection.execute(insert(crm_stages), [_row(stage) for stage in stages])
