"""Where alerts are kept: raised once for a rule and what it was raised by, then done, or given up with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from motenashi.alerts.facts import Happening
from motenashi.alerts.happenings import Place
from motenashi.alerts.rule import Rule
from motenashi.alerts.tables import alert_places, alerts_raised
from motenashi.database import Database

# As long as nobody else takes an alert that a process works on; then that process counts as dead.
CLAIM = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=2)


@dataclass(frozen=True)
class Kept:
    """An alert that was raised. `done`: what came of each action, in the rule's order."""

    id: int
    key: str
    rule: str
    at: datetime
    source: str
    source_id: int
    contact_id: str
    lead_id: str
    deal_id: str
    state: str
    tries: int
    done: Sequence[Mapping[str, Any]]
    error: str


_COLUMNS = tuple(alerts_raised.c[field.name] for field in fields(Kept))


class RaisedStore:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def place(self, name: str) -> Place | None:
        """How far was looked; None where nobody has looked yet."""
        query = select(alert_places.c.last_id, alert_places.c.holes).where(alert_places.c.name == name)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return Place(row.last_id, tuple(row.holes)) if row else None

    def move(self, name: str, place: Place) -> None:
        values = {"last_id": place.last_id, "holes": list(place.holes)}
        with self._database.write() as connection:
            connection.execute(self._database.insert_or_ignore(alert_places, {"name": name, **values}))
            there = and_(alert_places.c.name == name, alert_places.c.last_id <= place.last_id)
            connection.execute(update(alert_places).where(there).values(values))

    def raise_alert(self, rule: Rule, one: Happening, now: datetime) -> bool:
        """Note it for acting; "quiet" when the rule spoke of this person a short while ago. False: known already."""
        with self._database.write() as connection:
            row = {
                "key": f"alert:{rule.name}:{one.when}:{one.id}",
                "rule": rule.name,
                "at": now,
                "source": one.when,
                "source_id": one.id,
                "contact_id": one.contact_id,
                "lead_id": one.lead_id,
                "deal_id": one.deal_id,
                "state": "quiet" if _spoke(connection, rule, one, now) else "waiting",
                "tries": 0,
                "due_at": now,
                "done": [],
                "error": "",
            }
            adding = self._database.insert_or_ignore(alerts_raised, row)
            return connection.execute(adding, execution_options={"preserve_rowcount": True}).rowcount == 1

    def claim(self, now: datetime) -> Kept | None:
        """The next alert to be acted on, ours alone for a while."""
        due = and_(alerts_raised.c.state == "waiting", alerts_raised.c.due_at <= now)
        with self._database.read() as connection:  # nearly always there is nothing, and that costs no lock
            if connection.execute(select(alerts_raised.c.id).where(due).limit(1)).first() is None:
                return None
        with self._database.write() as connection:
            first = select(alerts_raised.c.id).where(due).order_by(alerts_raised.c.due_at, alerts_raised.c.id).limit(1)
            if self._database.dialect == "postgresql":
                first = first.with_for_update(skip_locked=True)
            found = connection.execute(first).scalar()
            if found is None:
                return None
            values = {"due_at": now + CLAIM, "tries": alerts_raised.c.tries + 1}
            taken = update(alerts_raised).where(alerts_raised.c.id == found).values(values).returning(*_COLUMNS)
            return Kept(**connection.execute(taken).mappings().one())

    def finish(self, kept: Kept, state: str, done: Sequence[Mapping[str, Any]], error: str = "") -> None:
        self._change(kept, {"state": state, "done": list(done), "error": error})

    def later(self, kept: Kept, done: Sequence[Mapping[str, Any]], error: str, now: datetime) -> None:
        pause = min(LONGEST_WAIT, timedelta(seconds=10 * 2 ** min(kept.tries, 12)))
        self._change(kept, {"due_at": now + pause, "done": list(done), "error": error})

    def newest(self, most: int = 100) -> tuple[Kept, ...]:
        query = select(*_COLUMNS).order_by(alerts_raised.c.at.desc(), alerts_raised.c.id.desc()).limit(most)
        with self._database.read() as connection:
            return tuple(Kept(**row) for row in connection.execute(query).mappings())

    def counts(self, since: datetime) -> dict[str, int]:
        """Alerts since then by rule, those kept quiet left out."""
        table = alerts_raised
        loud = and_(table.c.at >= since, table.c.state != "quiet")
        query = select(table.c.rule, func.count()).where(loud).group_by(table.c.rule)
        with self._database.read() as connection:
            return {rule: int(count) for rule, count in connection.execute(query)}

    def forget(self, before: datetime) -> int:
        old = and_(alerts_raised.c.at < before, alerts_raised.c.state != "waiting")
        with self._database.write() as connection:
            return connection.execute(delete(alerts_raised).where(old)).rowcount

    def _change(self, kept: Kept, values: Mapping[str, Any]) -> None:
        mine = and_(alerts_raised.c.id == kept.id, alerts_raised.c.tries == kept.tries)
        with self._database.write() as connection:
            connection.execute(update(alerts_raised).where(mine).values(values))


def _spoke(connection: Connection, rule: Rule, one: Happening, now: datetime) -> bool:
    quiet, table = rule.head.at_most_every, alerts_raised
    person = [
        table.c[name] == value for name, value in (("contact_id", one.contact_id), ("lead_id", one.lead_id)) if value
    ]
    if quiet is None or not person:
        return False
    since = now - timedelta(seconds=quiet.seconds)
    lately = and_(table.c.rule == rule.name, or_(*person), table.c.at > since, table.c.state != "quiet")
    return connection.execute(select(table.c.id).where(lately).limit(1)).first() is not None
