"""What was learned, in the worker's memory: asked about many deals and people at once. Loads numpy; not for the web.

The newest learned tables are read when they change. Before anything was learned, the prior speaks, and says so.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Generic, TypeVar

import numpy as np
from sqlalchemy import select

from motenashi.advice_desk.held_hours import held_from
from motenashi.advice_desk.learned_form import learned_form
from motenashi.advice_desk.learned_store import ACTIONS, TIMES, LearnedFacts, LearnedStore
from motenashi.advice_desk.switches import Switches
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.database import Database
from motenashi.sales_history.from_store import read_store
from motenashi.sales_history.history import SalesHistory
from motenashi.sales_history.organisation import organisation_of
from motenashi.suggestions.advice.facts import HeldHour
from motenashi.suggestions.best_time.best_times import BestTimes, TimeOverride
from motenashi.suggestions.best_time.find_times import best_times
from motenashi.suggestions.best_time.learn_times import learn_times
from motenashi.suggestions.best_time.learned_times import LearnedTimes
from motenashi.suggestions.best_time.settings import BestTimeSettings
from motenashi.suggestions.best_time.store import BestTimesStore, PersonKind
from motenashi.suggestions.best_time.tables import time_overrides
from motenashi.suggestions.next_best_action.advise import advise
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice, RankedAction
from motenashi.suggestions.next_best_action.exploration import choose
from motenashi.suggestions.next_best_action.learn import learn
from motenashi.suggestions.next_best_action.learned import LearnedActions
from motenashi.suggestions.next_best_action.settings import LearningSettings

log = logging.getLogger(__name__)

CLASSIC_THRESHOLD = 500  # won deals
CHANNELS = ("call", "email")
PEOPLE: tuple[PersonKind, ...] = ("contact", "lead")

Table = TypeVar("Table")


class _Newest(Generic[Table]):
    """The newest table of a name, read once."""

    def __init__(
        self, store: LearnedStore, name: str, read: Callable[[bytes], Table], prior: Callable[[], Table]
    ) -> None:
        self._store = store
        self._name = name
        self._read = read
        self._prior = prior
        self._known: tuple[int, Table] | None = None

    def get(self, newest: LearnedFacts | None) -> Table:
        wanted = newest.id if newest and newest.form == learned_form() else 0
        if self._known is None or self._known[0] != wanted:
            self._known = (wanted, self._load(wanted))
        return self._known[1]

    def _load(self, wanted: int) -> Table:
        data = self._store.data(wanted) if wanted else None
        if data is None:
            return self._prior()
        try:
            return self._read(data)
        except ValueError as error:
            log.error(
                "what was learned (%s) can't be read, the prior speaks until it is learned anew: %s", self._name, error
            )
            return self._prior()


class LearnedHere:
    """CrmError and DBAPIError pass through."""

    def __init__(
        self,
        database: Database,
        hours: BusinessHoursSettings,
        *,
        switches: Switches,
        learning: LearningSettings | None = None,
        times: BestTimeSettings | None = None,
    ) -> None:
        self._database = database
        self._hours = hours
        self._switches = switches
        self._learning = learning or LearningSettings()
        self._times = times or BestTimeSettings()
        self._store = LearnedStore(database)
        self._best_times = BestTimesStore(database)
        self._actions = _Newest(self._store, ACTIONS, LearnedActions.from_bytes, self._no_actions)
        self._people = _Newest(self._store, TIMES, LearnedTimes.from_bytes, self._no_times)

    def deals(self, deal_ids: Sequence[str], *, now: datetime) -> Mapping[str, DealAdvice]:
        """Deal id -> what was learned; nothing below a threshold that was set."""
        learned = self._actions.get(self._store.facts(ACTIONS))
        below = learned.learned_from.qualified < CLASSIC_THRESHOLD
        if not deal_ids or (self._switches.now().classic_threshold and below):
            return {}
        history = self._history(now, deal_ids=deal_ids)
        return {one.deal_id: one for one in advise(learned, history, as_of=now)}

    def choose(self, advice: DealAdvice) -> tuple[RankedAction | None, float]:
        """The same choice for the same deal until something happens with it, so that no list changes by itself."""
        return choose(advice.ranked, self._learning, np.random.default_rng(_seed(advice)))

    def people(
        self, *, contact_ids: Sequence[str], lead_ids: Sequence[str], now: datetime
    ) -> Mapping[str, Mapping[str, BestTimes | None]]:
        """Person id -> channel -> best times, of those of whom anything is known; stored on the way."""
        if not contact_ids and not lead_ids:
            return {}
        switched = self._switches.now()
        on = {"call": switched.best_time_calls, "email": switched.best_time_emails}
        history = self._history(now, contact_ids=contact_ids, lead_ids=lead_ids)
        found: dict[str, dict[str, BestTimes | None]] = {}
        for kind in PEOPLE:
            wanted = contact_ids if kind == "contact" else lead_ids
            known = [one for channel in CHANNELS if on[channel] for one in self._best(history, channel, kind, wanted)]
            self._best_times.save_many(kind, known)
            for one in known:
                found.setdefault(one.person_id, {})[one.channel] = one
        return found

    def overrides(self, *, contact_ids: Sequence[str], lead_ids: Sequence[str]) -> Mapping[str, TimeOverride]:
        """Person id -> somebody's word against what was learned; those who have one are few."""
        asked = {("contact", one) for one in contact_ids} | {("lead", one) for one in lead_ids}
        with self._database.read() as connection:
            rows = connection.execute(select(time_overrides)).all()
        return {
            row.person_id: TimeOverride(tuple(row.weekdays), row.from_hour, row.to_hour, row.set_by, row.set_at)
            for row in rows
            if (row.kind, row.person_id) in asked
        }

    def held(self) -> Mapping[str, tuple[HeldHour, ...]]:
        newest = self._store.facts(ACTIONS)
        return held_from(newest.facts) if newest else {}

    def _best(self, history: SalesHistory, channel: str, kind: str, wanted: Sequence[str]) -> list[BestTimes]:
        learned = self._people.get(self._store.facts(TIMES))
        ids = history.contacts.ids if kind == "contact" else history.leads.ids
        rows = np.flatnonzero(np.isin(ids.astype(str), list(wanted))).astype(np.int32)
        which = {"contacts": rows} if kind == "contact" else {"leads": rows}
        return best_times(learned, history, channel=channel, settings=self._times, **which) if len(rows) else []

    def _history(
        self,
        now: datetime,
        *,
        deal_ids: Sequence[str] = (),
        contact_ids: Sequence[str] = (),
        lead_ids: Sequence[str] = (),
    ) -> SalesHistory:
        organisation = organisation_of(self._hours, now)
        return read_store(self._database, organisation, deal_ids=deal_ids, contact_ids=contact_ids, lead_ids=lead_ids)

    def _no_actions(self) -> LearnedActions:
        return learn(self._nothing(), settings=self._learning)

    def _no_times(self) -> LearnedTimes:
        return learn_times(self._nothing(), settings=self._times)

    def _nothing(self) -> SalesHistory:
        """The company without any record."""
        return self._history(datetime.fromtimestamp(0).astimezone())


def _seed(advice: DealAdvice) -> int:
    told = f"{advice.deal_id} {advice.stage} {advice.last_contact_at} {advice.last_signal_at}"
    return int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest())
