"""What the API tells, and whom it asks for it. `motenashi/advice_answers.py` answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from motenashi.suggestions.acted import Acted
from motenashi.suggestions.best_time.best_times import BestTimes
from motenashi.suggestions.suggestion import Suggestion

RecordKind = Literal["deal", "contact", "lead"]
PersonKind = Literal["contact", "lead"]
AdviceState = Literal["ready", "computing", "none", "switched_off"]


@dataclass(frozen=True)
class RecordAdvice:
    """`learned_from`: closed deals behind what was learned; 0 is prior knowledge only."""

    kind: RecordKind
    record_id: str
    state: AdviceState
    suggestions: tuple[Suggestion, ...] = ()
    learned_from: int = 0
    learned_at: datetime | None = None


@dataclass(frozen=True)
class Override:
    weekdays: tuple[int, ...]
    from_hour: int
    to_hour: int
    by: str
    at: datetime


@dataclass(frozen=True)
class PersonTimes:
    """`channels`: those that are switched on; None where nothing is known yet."""

    kind: PersonKind
    person_id: str
    time_zone: str
    channels: Mapping[str, BestTimes | None]
    override: Override | None = None
    reminder_at: datetime | None = None


@dataclass(frozen=True)
class EmbedLink:
    url: str
    expires_at: datetime


class ApiDesk(Protocol):
    """All may raise CrmError; then nothing is half done."""

    def advice(self, kind: RecordKind, record_id: str) -> RecordAdvice | None:
        """None when the CRM has no such record."""

    def best_times(self, person_id: str, kind: PersonKind | None) -> PersonTimes | None:
        """Without a kind contacts are looked up before leads."""

    def accept(self, suggestion_id: int, changes: Mapping[str, Any], *, by: str) -> Acted: ...
    def dismiss(self, suggestion_id: int, reason: str, note: str, *, by: str) -> Acted: ...
    def snooze(self, suggestion_id: int, until: datetime, *, by: str) -> Acted: ...
    def embed_link(self, kind: RecordKind, record_id: str, email: str) -> EmbedLink | None:
        """None when the CRM has no such record."""
