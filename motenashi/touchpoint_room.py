"""Touchpoints of other tools, put together for the web processes: taken in, matched with people, shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm_client.embedded.changes import OnChange, RecordChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from motenashi.advice_desk.triggers import Triggers
from motenashi.database import Database
from motenashi.settings import Settings
from motenashi.touchpoint_intake.intake import TouchpointIntake
from motenashi.touchpoint_intake.result import RowResult
from motenashi.touchpoint_intake.row_problem_words import told
from motenashi.touchpoint_intake.row_schema import touchpoints_schema
from motenashi.touchpoint_intake.waiting_rows import WaitingRows
from motenashi.touchpoint_views import TouchpointViews


@dataclass(frozen=True)
class TouchpointRoom:
    """`changed` is to be told of the CRM's writes: rows may wait for a person who was just saved."""

    intake: Callable[[Sequence[object], datetime], tuple[RowResult, ...]]
    waiting: WaitingRows
    schema: Mapping[str, Any]
    changed: OnChange
    views: TouchpointViews
    told: Callable[[Any, str], str] = told


def build_touchpoint_room(settings: Settings, database: Database, triggers: Triggers) -> TouchpointRoom:
    intake = TouchpointIntake(
        database,
        EmbeddedCrm(database, settings.crm.embedded),  # tells nobody row by row: all people of a call are told at once
        settings.touchpoints,
        zone=ZoneInfo(settings.turns.time_zone),
        country_code=settings.crm.embedded.country_code,
        on_changes=triggers.all_changed,
    )
    return TouchpointRoom(
        intake=intake.intake,
        waiting=intake.waiting,
        schema=touchpoints_schema(settings.channels.touchpoints.most_rows),
        changed=lambda change: intake.waiting.changed(change, datetime.now(UTC)),
        views=TouchpointViews(
            database,
            intake.waiting,
            zone=ZoneInfo(settings.turns.time_zone),
            country_code=settings.crm.embedded.country_code,
        ),
    )


def told_to(*those: OnChange) -> OnChange:
    """Tell all of them of a change; who fails keeps nobody else from being told, and the first failure is raised."""

    def tell(change: RecordChange) -> None:
        failures = []
        for one in those:
            try:
                one(change)
            except Exception as error:
                failures.append(error)
        if failures:
            raise failures[0]

    return tell
