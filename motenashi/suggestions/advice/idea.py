"""What might be done next, before its time is found and its words are made; and doing nothing for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from motenashi.suggestions.suggestion import Action, Reason, TimeWindow, Urgency, Words

OPEN_DEALS = "open_deals"  # the situation of a contact whose deals say what to do


@dataclass(frozen=True)
class Idea:
    """`purposes`: the main one first. `proposals`: the customer's own times, or times that suit an appointment; best
    first. `respond_by` None: an ordinary contact's time. `within_hours` None: as the settings say. `asked`: the
    customer's own wish. `by_chance`: it is what exploration picked. `source` is what it was read from."""

    action: Action
    purposes: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()
    urgency: Urgency = "normal"
    situation: str = ""
    proposals: tuple[TimeWindow, ...] = ()
    respond_by: datetime | None = None
    within_hours: float | None = None
    product_ids: tuple[str, ...] = ()
    asked: bool = False
    by_chance: bool = False
    source: str = ""

    @property
    def purpose(self) -> str:
        return self.purposes[0] if self.purposes else ""


@dataclass(frozen=True)
class Rest:
    """Nothing need be done before `due`. `ends`: of what is planned then, where something is. `situation`: '', or
    OPEN_DEALS."""

    title: Words
    due: datetime
    reasons: tuple[Reason, ...] = ()
    ends: datetime | None = None
    situation: str = ""
