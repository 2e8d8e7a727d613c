"""Calls, events and tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crm_client.embedded import diary
from crm_client.embedded.changes import change_of
from crm_client.embedded.histories import of_person
from crm_client.embedded.record_rows import ACTIVITIES, by_key, check, save_once
from crm_client.embedded.store import Store
from crm_client.errors import CrmConflict, CrmRejected
from crm_client.records import Activity


class Activities(Store):
    def activities_of(
        self, *, contact_id: str = "", lead_id: str = "", deal_id: str = "", owner_id: str = ""
    ) -> Sequence[Activity]:
        """Those that fit all the ids named, in time order; none when no id is named."""
        wanted = {"contact_id": contact_id, "lead_id": lead_id, "deal_id": deal_id, "owner_id": owner_id}
        with self.reading("list activities") as connection:
            return of_person(connection, ACTIVITIES, "start_at", wanted)

    def events_between(self, start: datetime, end: datetime, owner_id: str = "") -> Sequence[Activity]:
        """Open and completed events that overlap the time, of one owner or of all, in time order."""
        with self.reading("list events") as connection:
            return diary.between(connection, start, end, owner_id)

    def save_activity(self, activity: Activity, *, key: str = "") -> Activity:
        check_activity(activity, "save activity")
        with self.writing("save activity") as connection:
            if activity.kind == "event" and activity.status == "open":
                diary.hold(connection, activity.owner_id)
            saved = self._save(connection, activity, key)
        self.tell(change_of("activities", saved))
        return saved

    def book_event(self, event: Activity, *, key: str) -> Activity:
        """Like save_activity, but CrmConflict when the owner has another open event at that time."""
        asking = "book event"
        check_activity(event, asking)
        if event.kind != "event":
            raise CrmRejected(asking, "only events are booked", "kind")
        with self.writing(asking) as connection:
            diary.hold(connection, event.owner_id)
            booked = by_key(connection, ACTIVITIES, key) if key else None
            if booked is not None:
                return booked
            if diary.other_event_at(connection, event) is not None:
                raise CrmConflict(asking, f"the owner has another event at {event.start_at.isoformat()}")
            saved = self._save(connection, event, key)
        self.tell(change_of("activities", saved))
        return saved

    def _save(self, connection: Any, activity: Activity, key: str) -> Activity:
        until = diary.busy_until(activity)
        return save_once(connection, ACTIVITIES, activity, key=key, now=self._clock(), busy_until=until)


def check_activity(activity: Activity, asking: str) -> None:
    check(ACTIVITIES, activity, asking)
    if activity.end_at is not None and activity.end_at < activity.start_at:
        raise CrmRejected(asking, "end_at is before start_at", "end_at")
    if activity.kind == "event" and activity.end_at == activity.start_at:
        raise CrmRejected(asking, "an event takes time: end_at equals start_at", "end_at")
