"""What the page of alerts shows, and whom it asks for it. `motenashi/alert_views.py` answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from motenashi.pages.advice.advice_view import PersonKind
from motenashi.problems import Problem

Texts = Mapping[str, str]  # en, ja
State = Literal["waiting", "done", "failed", "quiet"]


@dataclass(frozen=True)
class RuleView:
    """A rule in use. `raised`: how often in the last 30 days; `conditions` in the rule's own words."""

    name: str
    title: Texts
    when: str
    conditions: tuple[str, ...]
    pattern: str
    actions: tuple[str, ...]
    file: str
    raised: int


@dataclass(frozen=True)
class ActionView:
    name: str
    state: str  # done, failed, again
    words: str = ""


@dataclass(frozen=True)
class RaisedView:
    """An alert that was raised. `said` is the beginning of the customer's words, or what happened."""

    rule: str
    title: Texts
    at: datetime
    state: State
    person: str
    person_kind: PersonKind | None
    person_id: str
    said: str = ""
    actions: tuple[ActionView, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class TrialView:
    """A rule asked about what was said already; nothing was done."""

    rule: RuleView
    looked_at: int
    matched: tuple[RaisedView, ...]


@dataclass(frozen=True)
class AlertsView:
    rules: Sequence[RuleView]
    problems: Sequence[Problem]
    raised: Sequence[RaisedView]


class AlertsDesk(Protocol):
    def view(self) -> AlertsView:
        """CrmError when the CRM, which has the people's names, does not answer."""

    def try_out(self, rule: str) -> TrialView | None:
        """None when there is no such rule. CrmError."""
