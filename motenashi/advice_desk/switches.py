"""Which parts of the advice are on, for the whole organisation; an administrator turns them on and off."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import select

from motenashi.advice_desk.due import IN_TIME, Due
from motenashi.advice_desk.settings import DeskSettings, Switched
from motenashi.advice_desk.tables import advice_switches
from motenashi.database import Database
from motenashi.suggestions.store import SuggestionStore

NAMES = tuple(field.name for field in fields(Switched))
KEPT_FOR = 5.0  # seconds that a process believes what it read


class Switches:
    """DBAPIError when the database is away. A process sees what another one switched after some seconds."""

    def __init__(
        self,
        database: Database,
        settings: DeskSettings | None = None,
        *,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._defaults = (settings or DeskSettings()).switched
        self._due = Due(database)
        self._store = SuggestionStore(database)
        self._timer = timer
        self._known: tuple[float, Switched] | None = None

    def now(self) -> Switched:
        """As they stand; a look into the database every few seconds at most."""
        if self._known is None or self._timer() - self._known[0] >= KEPT_FOR:
            self._known = (self._timer(), self._read())
        return self._known[1]

    def turn(self, name: str, on: bool, *, by: str, now: datetime) -> Switched:
        """Turn one on or off, and have all advice made anew; all switches as they stand then. ValueError for a name
        that is none of NAMES."""
        if name not in NAMES:
            raise ValueError(f"there is no switch '{name}'; there are: {', '.join(NAMES)}")
        row = {"on": on, "turned_by": by, "turned_at": now}
        with self._database.write() as connection:
            there = advice_switches.c.name == name
            if connection.execute(advice_switches.update().where(there).values(row)).rowcount == 0:
                connection.execute(advice_switches.insert().values(name=name, **row))
        self._known = None
        self._have_advice_made_anew(now)
        return self.now()

    def turned(self) -> Mapping[str, tuple[str, datetime]]:
        """Who turned which switch last, and when; those nobody touched are not in it."""
        with self._database.read() as connection:
            return {row.name: (row.turned_by, row.turned_at) for row in connection.execute(select(advice_switches))}

    def _have_advice_made_anew(self, now: datetime) -> None:
        """What stands was said under other rules."""
        self._due.add(self._store.records_with_advice(), "switched", now=now, rank=IN_TIME)

    def _read(self) -> Switched:
        with self._database.read() as connection:
            rows = connection.execute(select(advice_switches.c.name, advice_switches.c.on))
            known = {row.name: row.on for row in rows if row.name in NAMES}
        return replace(self._defaults, **known)
