"""How it stands with learning, for people who look at it from another process: wanted, under way, done, failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from motenashi.advice_desk.leases import LEARNING, Lease
from motenashi.advice_desk.tables import learning_states
from motenashi.clean_text import clean_text
from motenashi.database import Database

CUT_SHORT = "it was cut short"
_THE_ONE = 1


@dataclass(frozen=True)
class LearningState:
    """`share` 0 to 1. `trouble`: why the last try failed, '' when it did not. `done`: what the last success told."""

    wanted_at: datetime | None = None
    began_at: datetime | None = None
    step: str = ""
    share: float = 0.0
    ended_at: datetime | None = None
    trouble: str = ""
    done: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_wanted(self) -> bool:
        """Did somebody ask for it since it last began?"""
        return self.wanted_at is not None and (self.began_at is None or self.began_at < self.wanted_at)

    @property
    def is_running(self) -> bool:
        return self.began_at is not None and (self.ended_at is None or self.ended_at < self.began_at)


class LearningStates:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._clock = clock
        self._lease = Lease(database, LEARNING, timedelta())

    def read(self) -> LearningState:
        """What was killed counts as under way until its lease is over."""
        with self._database.read() as connection:
            row = connection.execute(select(learning_states)).first()
        if row is None:
            return LearningState()
        known = {name: value for name, value in row._mapping.items() if name != "id"}
        state = LearningState(**{**known, "done": known["done"] or {}})
        if state.is_running and not self._lease.is_held(self._clock()):
            return replace(state, ended_at=state.began_at, trouble=CUT_SHORT)
        return state

    def want(self, *, now: datetime) -> None:
        self._write(wanted_at=now)

    def began(self, *, now: datetime) -> None:
        self._write(began_at=now, step="", share=0.0)

    def doing(self, step: str, share: float) -> None:
        self._write(step=clean_text(step)[:64], share=share)

    def succeeded(self, done: Mapping[str, Any], *, now: datetime) -> None:
        self._write(ended_at=now, trouble="", done=dict(done), share=1.0)

    def failed(self, trouble: str, *, now: datetime) -> None:
        self._write(ended_at=now, trouble=clean_text(trouble)[:2_000])

    def _write(self, **values: Any) -> None:
        with self._database.write() as connection:
            row = {"id": _THE_ONE, "step": "", "share": 0.0, "trouble": ""}
            connection.execute(self._database.insert_or_ignore(learning_states, row))
            connection.execute(update(learning_states).where(learning_states.c.id == _THE_ONE).values(values))
