"""What became of suggestions, counted by the database: shown, accepted, done, moved on, won; did promises hold?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, case, func, select

from motenashi.advice_desk.words import ActionResults, CalibrationBin, Results
from motenashi.database import Database
from motenashi.suggestions.suggestion_rows import ADVICE
from motenashi.suggestions.tables import suggestion_events as events
from motenashi.suggestions.tables import suggestions

BINS = 10
_COUNTED = ("accepted", "done", "dismissed", "snoozed", "advanced", "won")


def count_results(database: Database, *, since: datetime, now: datetime) -> Results:
    """Of all advice that was first shown from `since` to `now`. DBAPIError."""
    shown = _shown(since, now)
    with database.read() as connection:
        by_action = [_results(row) for row in connection.execute(_by_action(shown))]
        followed = [_bin(row) for row in connection.execute(_calibration(shown))]
        missed = connection.execute(_not_followed(shown)).one()
        reasons = [(row.reason, row.times) for row in connection.execute(_reasons(shown))]
    return Results(
        total=_total(by_action),
        by_action=tuple(by_action),
        calibration=tuple(followed),
        not_followed=CalibrationBin(0.0, 1.0, missed.number, missed.promised, missed.happened)
        if missed.number
        else None,
        dismiss_reasons=tuple(reasons),
    )


def _shown(since: datetime, now: datetime) -> Subquery:
    """One row a suggestion: 1 or 0 for each thing that happened with it."""
    first_shown = func.min(case((events.c.what == "shown", events.c.at)))
    flags = [func.max(case((events.c.what == what, 1), else_=0)).label(what) for what in _COUNTED]
    query = (
        select(
            suggestions.c.action,
            suggestions.c.purpose,
            suggestions.c.promised,
            suggestions.c.settled_at,
            suggestions.c.state,
            suggestions.c.closed_why,
            *flags,
        )
        .join(events, events.c.suggestion_id == suggestions.c.id)
        .where(suggestions.c.made_by == ADVICE, suggestions.c.action != "none")
        .group_by(suggestions.c.id)
        .having(first_shown >= since, first_shown <= now)
    )
    return query.subquery()


def _by_action(shown: Subquery) -> Select[Any]:
    sums = [func.sum(shown.c[what]).label(what) for what in _COUNTED]
    name = (shown.c.action, shown.c.purpose)
    return select(*name, func.count().label("shown"), *sums).group_by(*name).order_by(func.count().desc(), *name)


def _results(row: Row[Any]) -> ActionResults:
    name = f"{row.action}:{row.purpose}" if row.purpose else row.action
    return ActionResults(name, row.shown, **{what: int(row._mapping[what]) for what in _COUNTED})


def _total(several: Sequence[ActionResults]) -> ActionResults:
    return ActionResults(
        "",
        sum(one.shown for one in several),
        **{what: sum(getattr(one, what) for one in several) for what in _COUNTED},
    )


def _moved_on(shown: Subquery) -> ColumnElement[Any]:
    return case((shown.c.advanced + shown.c.won > 0, 1.0), else_=0.0)


def _calibration(shown: Subquery) -> Select[Any]:
    """Of those that were followed, and of which it is clear what came of them."""
    place = case(*((shown.c.promised < (n + 1) / BINS, n) for n in range(BINS - 1)), else_=BINS - 1).label("place")
    promised, happened = func.avg(shown.c.promised), func.avg(_moved_on(shown))
    return (
        select(place, func.count().label("number"), promised.label("promised"), happened.label("happened"))
        .where(shown.c.done == 1, shown.c.promised.is_not(None), shown.c.settled_at.is_not(None))
        .group_by(place)
        .order_by(place)
    )


def _bin(row: Row[Any]) -> CalibrationBin:
    return CalibrationBin(
        row.place / BINS, (row.place + 1) / BINS, row.number, float(row.promised), float(row.happened)
    )


def _not_followed(shown: Subquery) -> Select[Any]:
    promised, happened = func.avg(shown.c.promised), func.avg(_moved_on(shown))
    return select(func.count().label("number"), promised.label("promised"), happened.label("happened")).where(
        shown.c.done == 0, shown.c.promised.is_not(None), shown.c.settled_at.is_not(None)
    )


def _reasons(shown: Subquery) -> Select[Any]:
    return (
        select(shown.c.closed_why.label("reason"), func.count().label("times"))
        .where(shown.c.state == "dismissed")
        .group_by(shown.c.closed_why)
        .order_by(func.count().desc(), shown.c.closed_why)
    )
