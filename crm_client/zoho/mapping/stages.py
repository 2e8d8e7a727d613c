"""Stages of deals: what each means, and when a deal was closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from crm_client.records import Deal, Outcome, Stage
from crm_client.zoho.api.shapes import FieldMeta, PickValue
from crm_client.zoho.mapping import values
from crm_client.zoho.mapping.ground import Ground
from crm_client.zoho.mapping.parts import Part, Reading, Writing, plain

NOTHING_CHOSEN: Final = "-None-"  # a pick list's own word for empty
MOST_DEALS_TAKE: Final = timedelta(days=30)
_BY_FORECAST: Final[Mapping[str, Outcome]] = {
    "open": Outcome.OPEN,
    "closed won": Outcome.WON,
    "closed lost": Outcome.LOST,
    "omitted": Outcome.OPEN,  # not forecast at all, and not closed either
}
# Only for a stage whose forecast type Zoho does not tell.
_BY_NAME: Final[Mapping[str, Outcome]] = {
    "closed won": Outcome.WON,
    "closed lost": Outcome.LOST,
    "closed lost to competition": Outcome.LOST,
}


def outcome_of(name: str, forecast_type: str, overrides: Mapping[str, str]) -> Outcome:
    """The operator's word first, then the forecast type, then (for want of both) the names that Zoho ships."""
    if name in overrides:
        return Outcome(overrides[name])
    said = _BY_FORECAST.get(_plain(forecast_type))
    return said or _BY_NAME.get(_plain(name), Outcome.OPEN)


def is_forecast(forecast_type: str) -> bool:
    """Does Zoho say what the stage means?"""
    return _plain(forecast_type) in _BY_FORECAST


def stages_of(field: FieldMeta, overrides: Mapping[str, str]) -> tuple[Stage, ...]:
    """In the order of the list, counted from 1."""
    wanted: Iterable[PickValue] = (one for one in field.values if one.actual and one.actual != NOTHING_CHOSEN)
    unique = {one.actual: one for one in sorted(wanted, key=lambda one: one.position)}
    return tuple(
        Stage(one.actual, outcome_of(one.actual, one.forecast_type, overrides), place, one.probability or 0)
        for place, one in enumerate(unique.values(), start=1)
    )


class PlannedPart(Part):
    """When a deal shall be closed. Zoho takes no deal without (its layouts demand it): one that is closed goes by the
    day it was, an open one by MOST_DEALS_TAKE from its creation. What was put there for it then comes back to us."""

    def write(self, writing: Writing) -> dict[str, Any]:
        found = super().write(writing)
        if found[self.name] is None and writing.ground.demands(writing.module, self.name):
            deal: Deal = writing.record
            begun = deal.created_at or writing.ground.clock()
            found[self.name] = plain(values.day(deal.closed_at or begun + MOST_DEALS_TAKE, writing.ground.zone))
        return found


@dataclass(frozen=True)
class ClosedPart(Part):
    """When a won or lost deal was closed. Zoho has no such field: the best that it tells is taken, and what the mirror
    knows already is kept while the deal stays closed the same way."""

    stage_name: str = "Stage"
    planned_name: str = "Closing_Date"
    since_name: str = "Stage_Modified_Time"

    @property
    def theirs(self) -> tuple[str, ...]:
        return (self.stage_name, self.planned_name)

    def read(self, reading: Reading) -> dict[str, Any]:
        if not reading.said(self.stage_name):
            return {}
        outcome = self._outcome(values.text(reading.get(self.stage_name)), reading.ground)
        if outcome is Outcome.OPEN:
            return {"closed_at": None}
        old: Deal | None = reading.old
        if old and old.closed_at and self._outcome(old.stage, reading.ground) is outcome:
            return {}
        return {"closed_at": self._closed(reading, old)}

    def _closed(self, reading: Reading, old: Deal | None) -> datetime | None:
        zone = reading.ground.zone
        since = values.moment(reading.get(self.since_name), zone)
        if since:
            return since
        if old is not None:  # it was open when we last looked
            return values.moment(reading.get("Modified_Time"), zone)
        planned = values.day(reading.get(self.planned_name), zone)
        created = values.moment(reading.get("Created_Time"), zone)
        found = values.midnight(planned, zone) if planned else values.moment(reading.get("Modified_Time"), zone)
        return max(found, created) if found and created else found

    def _outcome(self, stage: str, ground: Ground) -> Outcome:
        return ground.outcomes.get(stage) or outcome_of(stage, "", {})

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        return {}

    def base(self, record: Any, ground: Ground) -> dict[str, Any]:
        return {}


def _plain(words: str) -> str:
    return " ".join(words.replace("-", " ").casefold().split())
