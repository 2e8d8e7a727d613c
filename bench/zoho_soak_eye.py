"""How long after its notification a change in Zoho can be seen here: looked for in the mirror, over and over."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bench.zoho_soak_door import Door
from bench.zoho_soak_truth import Truth
from bench.zoho_soak_world import API_MODULES, MARKED_BY, Written, plain
from motenashi.database import Database
from tests.crm_client.zoho.both_sides import KINDS

LOOK_EVERY = 0.1
GIVE_UP_AFTER = 300.0
RECOVERING = 90.0  # seconds after an outage: nobody asks Zoho for anything for up to a minute
WATCHED = ("contacts", "leads", "accounts", "deals", "tasks")


@dataclass(frozen=True)
class Watched:
    written: Written
    since: float  # monotonic
    new: bool


class Eye:
    def __init__(self, database: Database, truth: Truth, door: Door) -> None:
        self._database = database
        self._truth = truth
        self._door = door
        self._watched: list[Watched] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self.outage = False
        self.outage_ended = -RECOVERING
        self.calm = False
        self.after_notification: dict[str, list[float]] = {}
        self.without_notification: list[float] = []
        self.never_seen = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def watch(self, written: list[Written]) -> None:
        """The first field of each record that was made or changed there."""
        if self.outage:
            return
        told = [one for one in written if one.value is not None and one.module in WATCHED]
        new = {(one.module, one.mark) for one in written if one.field == "made"}
        firsts = {(one.module, one.mark): one for one in reversed(told)}
        with self._lock:
            now = time.monotonic()
            self._watched += [Watched(one, now, key in new) for key, one in firsts.items()]

    def looks_for_something(self) -> bool:
        with self._lock:
            return bool(self._watched)

    def _look_on(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            with self._lock:
                watched = list(self._watched)
            over = {one for one in watched if self._is_over(one)}
            over |= self._seen([one for one in watched if one not in over])
            with self._lock:
                self._watched = [one for one in self._watched if one not in over]

    def _is_over(self, one: Watched) -> bool:
        """Somebody has changed it again, so nobody will see it."""
        written = one.written
        last = self._truth.last(written.module, written.mark, written.field)
        if self.outage or self._truth.is_gone(written.module, written.mark) or (last is not None and last != written):
            return True
        if time.monotonic() - one.since > GIVE_UP_AFTER:
            self.never_seen += 1
            return True
        return False

    def _seen(self, watched: list[Watched]) -> set[Watched]:
        found = set()
        for module in {one.written.module for one in watched}:
            mine = [one for one in watched if one.written.module == module]
            records = self._records(module, [one.written.mark for one in mine])
            for one in mine:
                record = records.get(one.written.mark)
                if record is not None and plain(getattr(record, one.written.field)) == one.written.value:
                    found.add(one)
                    self._measure(one)
        return found

    def _records(self, module: str, marks: list[str]) -> dict[str, Any]:
        kind = KINDS[module][0]
        mark = MARKED_BY[module][0]
        query = select(*kind.columns).where(kind.table.c[mark].in_(marks[:500]))
        with self._database.read() as connection:
            records = [kind.record(*row) for row in connection.execute(query)]
        return {getattr(record, mark): record for record in records}

    def _measure(self, one: Watched) -> None:
        now = self._door.now()
        told = self._door.told_at(API_MODULES[one.written.module], one.written.zoho_id, one.written.at - 0.05)
        if told is None:
            self.without_notification.append(now - one.written.at)
        else:
            when = "faults gone" if self.calm else "faults"
            if one.since - self.outage_ended < RECOVERING:
                when = "just after the outage"
            seen = self.after_notification.setdefault(f"{'made' if one.new else 'changed'}, {when}", [])
            seen.append(max(0.0, now - told))
