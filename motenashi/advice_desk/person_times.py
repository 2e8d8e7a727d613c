"""Best times of one person as pages see them: what was learned, somebody's word against it, a reminder."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from motenashi.advice_desk.due import Due
from motenashi.advice_desk.errors import NotPossible
from motenashi.advice_desk.switches import Switches
from motenashi.advice_desk.words import PersonTimes
from motenashi.database import Database
from motenashi.suggestions.best_time.best_times import BestTimes, Reminder, TimeOverride
from motenashi.suggestions.best_time.store import BestTimesStore

PersonKind = Literal["contact", "lead"]
Channel = Literal["call", "email"]
LONGEST_REMINDER = timedelta(days=366)


class TimesDesk:
    """DBAPIError."""

    def __init__(self, database: Database, switches: Switches, due: Due) -> None:
        self._store = BestTimesStore(database)
        self._switches = switches
        self._due = due

    def of(self, kind: PersonKind, person_id: str, *, by: str = "") -> PersonTimes:
        """Without what is switched off. The reminder is that of `by`; of anybody when nobody is named."""
        switched = self._switches.now()
        reminder = self._store.next_reminder(kind, person_id, owner_id=by) if switched.reminders else None
        return PersonTimes(
            call=self._times(kind, person_id, "call") if switched.best_time_calls else None,
            email=self._times(kind, person_id, "email") if switched.best_time_emails else None,
            override=self._store.find_override(kind, person_id),
            reminder_at=reminder.due_at if reminder else None,
        )

    def override(self, kind: PersonKind, person_id: str, override: TimeOverride | None, *, now: datetime) -> None:
        """None: back to what was learned. The advice about this person is due."""
        if override is None:
            self._store.clear_override(kind, person_id)
        else:
            self._store.override(kind, person_id, override)
        self._due.add([(kind, person_id)], "best time", now=now)

    def remind(
        self, kind: PersonKind, person_id: str, *, at: datetime, by: str, now: datetime, channel: Channel
    ) -> None:
        if not self._switches.now().reminders:
            raise NotPossible({"en": "Reminders are switched off.", "ja": "リマインダーは無効になっています。"})
        if at.tzinfo is None or at <= now:
            raise NotPossible({"en": "That time has passed.", "ja": "その時刻は過ぎています。"}, "at")
        if at > now + LONGEST_REMINDER:
            raise NotPossible(
                {"en": "Choose a time from now to a year ahead.", "ja": "現在から1年以内の日時を選んでください。"}, "at"
            )
        self._store.remind(kind, person_id, owner_id=by, channel=channel, due_at=at, now=now)

    def unremind(self, kind: PersonKind, person_id: str, *, by: str, now: datetime) -> None:
        self._store.cancel_reminder(kind, person_id, owner_id=by, now=now)

    def reminders(self, by: str, *, now: datetime) -> tuple[Reminder, ...]:
        return self._store.due_reminders(by, now=now) if self._switches.now().reminders else ()

    def seen(self, reminder_id: int, *, by: str, now: datetime) -> bool:
        return self._store.seen(reminder_id, owner_id=by, now=now)

    def forget(self, *, contact_id: str, lead_id: str) -> None:
        self._store.forget(contact_id=contact_id, lead_id=lead_id)

    def _times(self, kind: PersonKind, person_id: str, channel: Channel) -> BestTimes | None:
        return self._store.find(kind, person_id, channel)
