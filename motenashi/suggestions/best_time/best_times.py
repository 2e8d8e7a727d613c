"""The words of best times: slots of a week with stars, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Slot:
    """One hour of the week. `weekday` 0 is Monday; `hour` is its start; both on the organisation's clock.

    `p`: probability that a call then is answered (of a mail sent then: that the person opens, clicks or replies within
    `reaction_hours`). `low`, `high`: 95 %. `stars`: 0 to 5 in halves; how far the slot lies above the person's own
    average, as far as the lower bound supports it (find_times says how).
    """

    weekday: int
    hour: int
    p: float
    low: float
    high: float
    stars: float


@dataclass(frozen=True)
class BestTimes:
    """One person, one channel ("call", "email"). `slots` come best first and hold only business hours.

    `preference` False: the data shows none for certain; then no slot has stars, and where the hour tells nothing in
    the whole company the slots are its business hours as the week goes. `attempts`,
    `answered`: the person's own evidence. `signals`: which of the twelve kinds were seen, and how often.
    `time_zone`: the person's, '' when unknown.
    """

    person_id: str
    channel: str
    slots: tuple[Slot, ...]
    preference: bool
    attempts: int
    answered: int
    signals: tuple[tuple[str, int], ...]
    time_zone: str
    learned_at: datetime


@dataclass(frozen=True)
class TimeOverride:
    """Somebody's word against the learned best time: these hours of these weekdays, on the organisation's clock.
    `to_hour` is where the last hour ends. ValueError for a time that no week has."""

    weekdays: tuple[int, ...]
    from_hour: int
    to_hour: int
    by: str
    at: datetime

    def __post_init__(self) -> None:
        if not self.weekdays or not all(0 <= day <= 6 for day in self.weekdays):
            raise ValueError("an override needs weekdays, 0 (Monday) to 6")
        if not 0 <= self.from_hour < self.to_hour <= 24:
            raise ValueError("an override needs hours, the first before the last, 0 to 24")


@dataclass(frozen=True)
class Reminder:
    """An in-app notice that `owner_id` sees from `due_at` on, until it is marked as seen. `kind`: contact or lead."""

    id: int
    kind: str
    person_id: str
    owner_id: str
    channel: str
    due_at: datetime
