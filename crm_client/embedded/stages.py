"""The stages a deal goes through, and what each means.

A CRM without stages of its own uses DEFAULT_STAGES; they are written down with the first deal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.embedded import popularity
from crm_client.embedded.store import Store
from crm_client.embedded.tables import crm_deals, crm_stages
from crm_client.errors import CrmRejected
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

_STAGES_IN_USE: Any = (
    select(crm_deals.c.stage).where(crm_deals.c.stage.not_in(bindparam("names", expanding=True))).limit(1)
)


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
        """These and no others. CrmRejected (field `stage`) when a deal is in a stage that would be gone. A stage that
        means something else from now on changes what its deals count for."""
        asking = "set stages"
        with self.writing(asking) as connection:
            names = [stage.name for stage in stages]
            homeless = connection.scalars(_STAGES_IN_USE, {"names": names}).first()
            if homeless is not None:
                raise CrmRejected(asking, f"deals are in stage {homeless}, which is not among them", "stage")
            connection.execute(crm_stages.delete())
            connection.execute(insert(crm_stages), [_row(stage) for stage in stages])
            popularity.recount(connection)
