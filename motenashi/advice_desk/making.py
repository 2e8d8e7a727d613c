"""One record's facts and everything known about it, made into its suggestion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from motenashi.advice_desk.settings import DeskSettings
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.suggestions.advice.facts import RecordFacts
from motenashi.suggestions.advice.make_advice import make_advice
from motenashi.suggestions.advice.settings import AdviceSettings
from motenashi.suggestions.best_time.best_times import BestTimes, TimeOverride
from motenashi.suggestions.intent_actions import IntentActions, intent_actions
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice, RankedAction
from motenashi.suggestions.suggestion import Suggestion


class AdviceMaker:
    """Called for each record; the tables it reads from are read once."""

    def __init__(
        self,
        hours: BusinessHours,
        settings: DeskSettings | None = None,
        advice: AdviceSettings | None = None,
        table: IntentActions | None = None,
    ) -> None:
        self._hours = hours
        self._settings = settings or DeskSettings()
        self._advice = advice or AdviceSettings()
        self._table = table or intent_actions()

    def __call__(
        self,
        facts: RecordFacts,
        learned: DealAdvice | None,
        wishes: Sequence[Suggestion],
        times: Mapping[str, BestTimes | None],
        override: TimeOverride | None,
        *,
        choice: RankedAction | None = None,
        probability: float = 1.0,
        now: datetime,
    ) -> Suggestion:
        return make_advice(
            facts,
            learned,
            wishes,
            times,
            override,
            self._hours,
            self._table,
            now=now,
            choice=choice,
            probability=probability,
            department=self._settings.department,
            settings=self._advice,
        )
