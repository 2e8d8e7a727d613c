"""What became of suggestions, as learning reads it: the cure for reps who act more on deals that go well anyway."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Select, case, func, select

from motenashi.database import Database
from motenashi.suggestions.next_best_action.feedback import Feedback
from motenashi.suggestions.suggestion_rows import ADVICE
from motenashi.suggestions.tables import suggestion_events as events
from motenashi.suggestions.tables import suggestions

_KIND_OF = {"call": "call", "event": "event", "e-mail": "email"}


def read_feedback(database: Database) -> Feedback:
    """All suggestions about deals that were shown and are settled, in the order in which they were first shown. Those
    that were replaced before anybody could act say nothing. DBAPIError."""
    with database.read() as connection:
        rows = connection.execute(_settled()).all()
    at: list[datetime] = [row.shown_at for row in rows]
    return Feedback(
        deal=_texts([row.deal_id for row in rows]),
        at=np.array([int(moment.timestamp()) for moment in at], dtype=np.int64),
        action=_texts([_action(row.action, row.purpose) for row in rows]),
        probability=np.array([row.probability for row in rows], dtype=np.float64),
        followed=np.array([row.followed == 1 for row in rows], dtype=np.bool_),
        advanced=np.array([row.advanced == 1 for row in rows], dtype=np.bool_),
    )


def _settled() -> Select[Any]:
    def has(*whats: str) -> Any:
        return func.max(case((events.c.what.in_(whats), 1), else_=0))

    shown_at = func.min(case((events.c.what == "shown", events.c.at))).label("shown_at")
    followed, moved = has("done").label("followed"), has("advanced", "won").label("advanced")
    columns = (suggestions.c.deal_id, suggestions.c.action, suggestions.c.purpose, suggestions.c.probability)
    return (
        select(*columns, shown_at, followed, moved)
        .join(events, events.c.suggestion_id == suggestions.c.id)
        .where(suggestions.c.made_by == ADVICE, suggestions.c.deal_id != "", suggestions.c.settled_at.is_not(None))
        .where(suggestions.c.action.in_(tuple(_KIND_OF)))
        .group_by(suggestions.c.id)
        .having(shown_at.is_not(None))
        .having((followed == 1) | (suggestions.c.state != "replaced"))
        .order_by(shown_at, suggestions.c.id)
    )


def _action(action: str, purpose: str) -> str:
    kind = _KIND_OF[action]
    return f"{kind}:{purpose}" if purpose else kind


def _texts(several: list[str]) -> Any:
    column = np.empty(len(several), dtype=object)
    column[:] = several
    return column
