"""How many of the day's API credits are used: counted by ourselves, and by what Zoho says.

Zoho names what is left only after half of it is used, so we count, too: by the hour, in the table `zoho_credits`,
for all processes together. Counts are gathered in memory and written now and then, so that they cost little; a killed
process loses a few.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update

from crm_client.embedded.store import Store
from crm_client.errors import CrmError
from crm_client.zoho.api.shapes import Credits
from crm_client.zoho.settings import ZohoLimits
from crm_client.zoho.tables import zoho_credits
from motenashi.database import Database

log = logging.getLogger(__name__)

_ASKING: Final = "count the API credits of Zoho"
_DAY: Final = timedelta(hours=24)
_HOUR: Final = timedelta(hours=1)
_TOLD_HOLDS: Final = timedelta(hours=1)  # what Zoho said longer ago says nothing: the window has moved on
_WRITE_AFTER: Final = 50  # credits
_WRITE_AT_LEAST: Final = timedelta(seconds=10)
_READ_AGAIN: Final = timedelta(seconds=5)
_LONG_429: Final = timedelta(minutes=5)


class CreditCount:
    def __init__(self, database: Database, limits: ZohoLimits, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._store = Store(database)
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._unwritten = 0
        self._told: tuple[int, datetime] | None = None  # not yet written
        self._written_at = clock()
        self._read: tuple[datetime, Credits] | None = None
        self._alarmed = False
        self._busy_since: datetime | None = None

    def used(self, credits: int, told_left: int | None, *, urgent: bool = False) -> None:
        """A call was answered (or may have been carried out). `told_left`: what Zoho said is left. `urgent`: somebody
        waits, so this is no time to write, unless very much has gathered."""
        now = self._clock()
        with self._lock:
            self._busy_since = None
            self._unwritten += credits
            if told_left is not None:
                self._told = (told_left, now)
            due = self._unwritten >= _WRITE_AFTER or (not urgent and now - self._written_at >= _WRITE_AT_LEAST)
        if due:
            self._write_quietly()
        self._watch(told_left)

    def refused(self) -> None:
        """Zoho said: too many (429). It does not say of what; when it goes on for minutes, it is the credits."""
        now = self._clock()
        with self._lock:
            self._busy_since = self._busy_since or now
            if now - self._busy_since < _LONG_429:
                return
            self._busy_since, self._told = None, (0, now)
        self._write_quietly()
        self._watch(0)

    def credits(self) -> Credits:
        """How we stand now, over all processes. CrmUnreachable when the database is away."""
        self.write()
        now = self._clock()
        with self._store.reading(_ASKING) as connection:
            # Hours are counted whole: better a few too many than too few.
            lately = zoho_credits.c.hour > now - _DAY - _HOUR
            used = connection.execute(select(func.sum(zoho_credits.c.used)).where(lately)).scalar()
            told = connection.execute(
                select(zoho_credits.c.told_left, zoho_credits.c.told_at)
                .where(zoho_credits.c.told_at > now - _TOLD_HOLDS)
                .order_by(zoho_credits.c.told_at.desc())
            ).first()
        credits = Credits(self._limits.credits_a_day, int(used or 0), *(told or (None, None)))
        with self._lock:
            self._read = (now, credits)
        return credits

    def enough_for_background(self) -> bool:
        """Are there more credits left than are kept for visitors and writes? Asked often, so some seconds old."""
        with self._lock:
            read = self._read
        credits = read[1] if read and self._clock() - read[0] < _READ_AGAIN else self.credits()
        self._alarm(credits)
        return credits.left > credits.budget * self._limits.credits_kept / 100

    def write(self) -> None:
        """Put what was counted into the table. CrmError when the database is away; nothing is forgotten then."""
        now = self._clock()
        with self._lock:
            used, told, self._unwritten, self._told = self._unwritten, self._told, 0, None
            self._written_at = now
        if not used and told is None:
            return
        try:
            self._add(now.replace(minute=0, second=0, microsecond=0), used, told)
        except CrmError:
            with self._lock:
                self._unwritten += used
                self._told = self._told or told
            raise

    def _add(self, hour: datetime, used: int, told: tuple[int, datetime] | None) -> None:
        values: dict[str, Any] = {"used": zoho_credits.c.used + used}
        if told is not None:
            values |= {"told_left": told[0], "told_at": told[1]}
        with self._store.writing(_ASKING) as connection:
            connection.execute(self._database.insert_or_ignore(zoho_credits, {"hour": hour, "used": 0}))
            connection.execute(update(zoho_credits).where(zoho_credits.c.hour == hour).values(**values))

    def _write_quietly(self) -> None:
        """Counting must not fail a call that worked."""
        try:
            self.write()
        except CrmError as error:
            log.warning("the API credits of Zoho could not be counted: %s", error)

    def _watch(self, told_left: int | None) -> None:
        if told_left is not None:
            self._alarm(Credits(self._limits.credits_a_day, 0, told_left))

    def _alarm(self, credits: Credits) -> None:
        """Say it once when the credits fall below the threshold, and again after they had been above it."""
        low = credits.left < credits.budget * self._limits.alarm_below / 100
        with self._lock:
            newly, self._alarmed = low and not self._alarmed, low
        if newly:
            log.warning(
                "Zoho API credits are running low: %d of %d are left for these 24 hours", credits.left, credits.budget
            )
