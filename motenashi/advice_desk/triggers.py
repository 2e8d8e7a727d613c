"""What makes a record's advice due: something happened with it, its time has come, somebody changed the rules.

`changed`, `wished` and `away` are listeners on stores (the CRM's `on_change`, SuggestionStore's and Absences'
`on_added`); each does one small write. `look` is for the worker, every few seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from crm_client.embedded.changes import RecordChange
from motenashi.advice_desk.due import IN_TIME, Due, Record
from motenashi.database import Database
from motenashi.suggestions.absences import Absence
from motenashi.suggestions.review import Review
from motenashi.suggestions.suggestion import Suggestion
from motenashi.suggestions.suggestion_rows import record_of


def utc_now() -> datetime:
    return datetime.now(UTC)


class Triggers:
    """DBAPIError when the database is away (whoever tells of a change goes on all the same, and logs it)."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._due = Due(database)
        self._review = Review(database)
        self._clock = clock

    def changed(self, change: RecordChange) -> None:
        """Something was written into the CRM."""
        self._due.add(_records_of(change), change.module, now=self._clock())

    def all_changed(self, changes: Sequence[RecordChange]) -> None:
        """Much was written at once, by an import or another tool: one write for all of it, after what is urgent."""
        modules = dict.fromkeys(change.module for change in changes)
        for module in modules:
            records = [one for change in changes if change.module == module for one in _records_of(change)]
            self._due.add(records, module, now=self._clock(), rank=IN_TIME)

    def wished(self, wishes: Sequence[Suggestion]) -> None:
        """A mail asked for something."""
        self._due.add([record_of(wish.about) for wish in wishes], "wish", now=self._clock())

    def away(self, absence: Absence) -> None:
        """Somebody said that they are away. Their deals are found when their own turn comes."""
        self._due.add(_people(absence.contact_id, absence.lead_id), "absence", now=self._clock())

    def look(self, now: datetime, most: int = 500) -> int:
        """Suggestions whose time has passed, whose snooze or rest is over; how many."""
        found = self._review.due(now, most)
        if found:
            self._due.add([record_of(one.about) for one in found], "time passed", now=now, rank=IN_TIME)
            self._review.seen_to(found)
        return len(found)


def _records_of(change: RecordChange) -> list[Record]:
    """What happened on a deal is the deal's; only a deal that was itself changed may change what its contact needs."""
    if change.deal_id:
        more = _people(change.contact_id, change.lead_id) if change.module == "deals" else []
        return [("deal", change.deal_id), *more]
    return _people(change.contact_id, change.lead_id)


def _people(contact_id: str, lead_id: str) -> list[Record]:
    found: list[Record] = []
    if contact_id:
        found.append(("contact", contact_id))
    if lead_id:
        found.append(("lead", lead_id))
    return found
