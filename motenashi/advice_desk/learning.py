"""Learning from everything the store knows: read it, learn actions and best times, keep both, and have all advice made
anew. By the worker at night or by a person in a terminal; never two at once. Loads numpy; not for the web."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from motenashi.advice_desk.due import IN_TIME, Due, Record
from motenashi.advice_desk.feedback import read_feedback
from motenashi.advice_desk.held_hours import held_hours
from motenashi.advice_desk.learned_form import learned_form
from motenashi.advice_desk.learned_store import ACTIONS, FORM, TIMES, LearnedStore
from motenashi.advice_desk.leases import LEARNING, Lease
from motenashi.advice_desk.settings import DeskSettings
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.database import Database
from motenashi.sales_history.from_store import read_store
from motenashi.sales_history.history import NONE, OUTCOMES, SalesHistory
from motenashi.sales_history.organisation import organisation_of
from motenashi.suggestions.best_time.learn_times import learn_times
from motenashi.suggestions.best_time.settings import BestTimeSettings
from motenashi.suggestions.next_best_action.learn import learn
from motenashi.suggestions.next_best_action.learned import LearnedActions
from motenashi.suggestions.next_best_action.settings import LearningSettings

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=20)  # between two steps of learning; whoever is silent for longer counts as dead
RENEW_EVERY = 60.0  # seconds

Progress = Callable[[str, float], None]  # what is being done, how much of all is behind us (0 to 1)


def utc_now() -> datetime:
    return datetime.now(UTC)


class AlreadyLearning(Exception):
    """Another process is at it."""


@dataclass(frozen=True)
class LearningDone:
    """What it rested on. `left_out`: why -> how many rows can't be true. `due`: records whose advice is made anew."""

    deals: int
    closed_deals: int
    won_deals: int
    decisions: int
    people: int
    feedback: int
    due: int
    left_out: dict[str, int]
    seconds: float


class Learning:
    def __init__(
        self,
        database: Database,
        hours: BusinessHoursSettings,
        *,
        settings: DeskSettings | None = None,
        learning: LearningSettings | None = None,
        times: BestTimeSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._hours = hours
        self._settings = settings or DeskSettings()
        self._learning = learning or LearningSettings()
        self._times = times or BestTimeSettings()
        self._clock = clock
        self._store = LearnedStore(database)
        self._lease = Lease(database, LEARNING, LEASE)
        self._due = Due(database)

    def is_due(self, now: datetime) -> bool:
        """Has the hour of the night come, and has nobody learned since? Also when nothing was ever learned, or another
        version of this program did."""
        zone = ZoneInfo(self._hours.time_zone)
        local = now.astimezone(zone)
        tonight = local.replace(hour=self._settings.learn_at % 24, minute=0, second=0, microsecond=0)
        latest = tonight if local >= tonight else tonight - timedelta(days=1)
        done, newest = self._lease.finished_at(), self._store.facts(TIMES)
        return done is None or done < latest or newest is None or newest.form != learned_form()

    def run(
        self, progress: Progress = lambda doing, share: None, *, began: Callable[[], object] = lambda: None
    ) -> LearningDone:
        """Learn from all that there is now. AlreadyLearning; CrmError and DBAPIError: what was learned before stays.
        `began` is called once it is clear that nobody else is at it."""
        start, now = time.monotonic(), self._clock()
        if not self._lease.take(now):
            raise AlreadyLearning("somebody else is learning at this moment")
        told, finished = _Telling(progress, self._renew), False
        try:
            began()
            done = self._learn(told, now)
            finished = True
        finally:
            self._lease.give_back(self._clock(), finished=finished)
        seconds = time.monotonic() - start
        log.info("learned from %d deals (%d closed) in %.1f s", done.deals, done.closed_deals, seconds)
        return LearningDone(**{**done.__dict__, "seconds": seconds})

    def _renew(self) -> None:
        self._lease.take(self._clock())

    def _learn(self, told: _Telling, now: datetime) -> LearningDone:
        history = read_store(
            self._database,
            organisation_of(self._hours, now),
            progress=lambda what, done, total: told(what, 0.3 * done / max(total, 1)),
        )
        feedback = read_feedback(self._database)
        actions = learn(
            history,
            feedback=feedback,
            settings=self._learning,
            progress=lambda what, done, total: told(what, 0.3 + 0.4 * done / max(total, 1)),
        )
        facts = _facts(actions) | {
            "held": held_hours(history),
            "left_out": dict(history.left_out),
            FORM: learned_form(),
        }
        self._store.keep(ACTIONS, actions.to_bytes(), made_at=now, as_of=now, facts=facts)
        times = learn_times(history, settings=self._times, progress=lambda what, share: told(what, 0.7 + 0.2 * share))
        self._store.keep(
            TIMES, times.to_bytes(), made_at=now, as_of=now, facts={"people": times.people, FORM: learned_form()}
        )
        told("due", 0.95)
        due = self._make_due(history, now)
        told("done", 1.0)
        return LearningDone(
            deals=len(history.deals.ids),
            closed_deals=actions.learned_from.closed,
            won_deals=actions.learned_from.won,
            decisions=actions.learned_from.decisions,
            people=times.people,
            feedback=len(feedback.deal),
            due=due,
            left_out=dict(history.left_out),
            seconds=0.0,
        )

    def _make_due(self, history: SalesHistory, now: datetime) -> int:
        """Everything that is open, behind what happened just now; best times of all people come along with it."""
        return self._due.add(open_records(history), "learned", now=now, rank=IN_TIME)


class _Telling:
    """Passes progress on, and keeps the lease alive on the way."""

    def __init__(self, progress: Progress, renew: Callable[[], object]) -> None:
        self._progress = progress
        self._renew = renew
        self._renewed = time.monotonic()
        self._share = 0.0

    def __call__(self, doing: str, share: float) -> None:
        if time.monotonic() - self._renewed > RENEW_EVERY:
            self._renewed = time.monotonic()
            self._renew()
        self._share = max(self._share, share)  # a step that begins again at nothing is still a step onwards
        self._progress(doing, self._share)


def open_records(history: SalesHistory) -> Iterator[Record]:
    """Open deals, leads that became nothing else, and all contacts."""
    outcomes = history.names.stage_outcomes
    is_open = [outcome == OUTCOMES[0] for outcome in outcomes]
    for deal_id, stage in zip(history.deals.ids, history.deals.stage, strict=True):
        if stage != NONE and is_open[stage]:
            yield "deal", str(deal_id)
    for lead_id, deal in zip(history.leads.ids, history.leads.converted_deal, strict=True):
        if deal == NONE:
            yield "lead", str(lead_id)
    for contact_id in history.contacts.ids:
        yield "contact", str(contact_id)


def _facts(actions: LearnedActions) -> dict[str, Any]:
    learned = actions.learned_from
    return {
        "deals": learned.deals,
        "closed_deals": learned.closed,
        "won_deals": learned.won,
        "qualified": learned.qualified,
        "decisions": learned.decisions,
    }
