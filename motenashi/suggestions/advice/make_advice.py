"""The one door of this room: everything known of a record goes in, its one suggestion comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from motenashi.business_hours.business_hours import BusinessHours
from motenashi.suggestions.advice.case import Case
from motenashi.suggestions.advice.choose import next_step
from motenashi.suggestions.advice.compose import of_idea, of_rest
from motenashi.suggestions.advice.facts import RecordFacts
from motenashi.suggestions.advice.idea import Rest
from motenashi.suggestions.advice.purposes import Purposes, purposes
from motenashi.suggestions.advice.sentences import Sentences, sentences
from motenashi.suggestions.advice.settings import AdviceSettings
from motenashi.suggestions.advice.wishes import merged
from motenashi.suggestions.best_time.best_times import BestTimes, TimeOverride
from motenashi.suggestions.intent_actions import IntentActions
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice, RankedAction
from motenashi.suggestions.suggestion import Suggestion

_AT_LEAST_DAILY = timedelta(days=1)


def make_advice(
    facts: RecordFacts,
    learned: DealAdvice | None,
    wishes: Sequence[Suggestion],
    times: Mapping[str, BestTimes | None],
    override: TimeOverride | None,
    hours: BusinessHours,
    table: IntentActions,
    *,
    now: datetime,
    key: str = "",
    choice: RankedAction | None = None,
    probability: float = 1.0,
    department: str = "",
    settings: AdviceSettings | None = None,
    said_as: Purposes | None = None,
    said_with: Sentences | None = None,
) -> Suggestion:
    """What to do next with this record; action "none" when nothing need be done before the first window.

    `wishes`: open suggestions read from mails, in any order. `times`: "call" and "email". `choice`: the one of
    `learned.ranked` that exploration picked, with its `probability`; used when the ordinary next contact is due (a
    wish or a date leaves no choice, and the probability is 1). `now` is aware. `said_as`, `said_with`: the tables of
    purposes and sentences, those of this room when None.
    """
    case = Case(
        facts=facts,
        learned=learned,
        wishes=merged(wishes, facts, table),
        times=times,
        override=override,
        hours=hours,
        table=table,
        purposes=said_as or purposes(),
        sentences=said_with or sentences(),
        settings=settings or AdviceSettings(),
        now=now,
        department=department,
        choice=choice,
    )
    found = next_step(case)
    if isinstance(found, Rest):
        return of_rest(case, found, key=key)
    return of_idea(case, found, key=key, probability=probability if found.by_chance else 1.0)


def next_due(suggestion: Suggestion) -> datetime:
    """When this advice must be made anew if nothing happens before: its first window or the time for an answer has
    passed, the next contact is due, the customer is back. Always after it was made."""
    moments = [suggestion.respond_by]
    if suggestion.action != "none":  # there the window is no time to act in
        moments.append(suggestion.windows[0].end)
    to_come = [moment for moment in moments if moment > suggestion.created_at]
    return min(to_come, default=suggestion.created_at + _AT_LEAST_DAILY)
