"""What pages show of advice, gathered from the advice desk, the CRM and the learning: answers the pages' protocols."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from crm_client.client import CrmClient
from motenashi.advice_desk import words as desk_words
from motenashi.advice_desk.desk import AdviceDesk
from motenashi.advice_desk.errors import NoSuchSuggestion, NotPossible, SuggestionGone
from motenashi.advice_desk.learned_store import ACTIONS, LearnedStore
from motenashi.advice_desk.learning_state import LearningState, LearningStates
from motenashi.advice_desk.switches import NAMES
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.database import Database
from motenashi.pages.advice.advice_view import (
    AdviceView,
    Bin,
    Channel,
    ChannelTimes,
    Counts,
    Learning,
    NextSlot,
    OwnTimes,
    Person,
    PersonKind,
    PersonTimes,
    RecordKind,
    ResultsView,
    Switch,
)
from motenashi.pages.records.record_view import RecordFacts, RecordView
from motenashi.pages.today.today_view import Somebody, TodayRow, TodayView
from motenashi.record_facts import RecordFactsReader, full_name
from motenashi.suggestions.acted import Acted
from motenashi.suggestions.best_time.best_times import BestTimes, TimeOverride
from motenashi.suggestions.best_time.dated_slots import next_slots, next_window
from motenashi.suggestions.suggestion import Suggestion

log = logging.getLogger(__name__)


class AdviceViews:
    """A RecordDesk, TodayDesk, SettingsDesk and ResultsDesk (motenashi/pages). CrmError passes through."""

    def __init__(
        self,
        desk: AdviceDesk,
        crm: CrmClient,
        hours: BusinessHours,
        database: Database,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._desk = desk
        self._crm = crm
        self._hours = hours
        self._clock = clock
        self._states = LearningStates(database)
        self._learned = LearnedStore(database)
        self._facts = RecordFactsReader(crm, clock=clock)

    # A record

    def view(self, kind: RecordKind, record_id: str, *, language: str, seen_by: str = "") -> RecordView | None:
        facts = self._facts.read(kind, record_id, language)
        advice = self._desk.advice(kind, record_id, now=self._clock(), by=seen_by) if facts else None
        if facts is None or advice is None:
            return None
        shown = advice.suggestion
        if seen_by and shown is not None and shown.action != "none":
            self.note_shown([shown.id], by=seen_by)
        return RecordView(facts, self._advice(advice, facts))

    def note_shown(self, suggestion_ids: Sequence[int], *, by: str) -> None:
        """Counting must never keep a page from being shown."""
        try:
            self._desk.shown(suggestion_ids, by=by, now=self._clock())
        except (DBAPIError, NoConnectionFree) as error:
            log.warning("%d suggestions were shown and not counted: %s", len(suggestion_ids), type(error).__name__)

    def _advice(self, advice: desk_words.RecordAdvice, facts: RecordFacts) -> AdviceView:
        person = self._person(facts)
        return AdviceView(
            suggestion=advice.suggestion,
            person=person,
            computing=advice.computing,
            switched_off=advice.switched_off,
            closed=facts.closed,
            learned_from=advice.learned_from,
            learned_at=advice.learned_at,
            times=self._times(person, advice.times) if person and advice.times else None,
        )

    def _person(self, facts: RecordFacts) -> Person | None:
        kind: PersonKind = "lead" if facts.kind == "lead" else "contact"
        person_id = facts.id if facts.kind != "deal" else facts.person.id if facts.person else ""
        found = self._crm.lead(person_id) if kind == "lead" else self._crm.contact(person_id) if person_id else None
        if found is None:
            return None
        return Person(kind, found.id, full_name(found), found.time_zone, found.language)

    def _times(self, person: Person, times: desk_words.PersonTimes) -> PersonTimes:
        on = self._desk.switches.now()
        wanted: list[tuple[Channel, BestTimes | None]] = []
        if on.best_time_calls:
            wanted.append(("call", times.call))
        if on.best_time_emails:
            wanted.append(("email", times.email))
        now = self._clock()
        own = times.override
        return PersonTimes(
            person=person,
            channels=tuple(
                ChannelTimes(channel, known, coming(known, times.override, self._hours, now=now))
                for channel, known in wanted
            ),
            zone=str(self._hours.zone("")),
            own=OwnTimes(own.weekdays, own.from_hour, own.to_hour, own.by, own.at) if own else None,
            reminder_at=times.reminder_at,
            reminders_on=on.reminders,
        )

    # Acting

    def suggestion(self, suggestion_id: int) -> Suggestion | None:
        return self._desk.suggestion(suggestion_id)

    def accept(self, suggestion_id: int, changes: Mapping[str, Any], *, by: str) -> Acted:
        def act() -> Acted:
            done = self._desk.accept(
                suggestion_id, by=by, owner_id=self._owner_id(by), now=self._clock(), changes=changes
            )
            return Acted("done", done.suggestion, made=done.made, record_id=done.record_id)

        return _acted(act)

    def dismiss(self, suggestion_id: int, reason: str, note: str, *, by: str) -> Acted:
        def act() -> Acted:
            return Acted("done", self._desk.dismiss(suggestion_id, by=by, reason=reason, note=note, now=self._clock()))

        return _acted(act)

    def snooze(self, suggestion_id: int, until: datetime, *, by: str) -> Acted:
        return _acted(lambda: Acted("done", self._desk.snooze(suggestion_id, by=by, until=until, now=self._clock())))

    def set_own_times(
        self, kind: PersonKind, person_id: str, weekdays: Sequence[int], from_hour: int, to_hour: int, *, by: str
    ) -> Acted:
        now = self._clock()

        def act() -> None:
            self._desk.override_time(
                kind, person_id, weekdays=weekdays, from_hour=from_hour, to_hour=to_hour, by=by, now=now
            )

        return self._about_person(kind, person_id, act)

    def drop_own_times(self, kind: PersonKind, person_id: str, *, by: str) -> Acted:
        act = partial(self._desk.clear_override, kind, person_id, by=by, now=self._clock())
        return self._about_person(kind, person_id, act)

    def remind(self, kind: PersonKind, person_id: str, at: datetime, channel: Channel, *, by: str) -> Acted:
        act = partial(self._desk.remind, kind, person_id, at=at, by=by, now=self._clock(), channel=channel)
        return self._about_person(kind, person_id, act)

    def forget_reminder(self, kind: PersonKind, person_id: str, *, by: str) -> Acted:
        return _acted(partial(self._desk.unremind, kind, person_id, by=by, now=self._clock()))

    def _about_person(self, kind: PersonKind, person_id: str, act: Callable[[], None]) -> Acted:
        """Nothing is kept about somebody whom the CRM does not have."""
        found = self._crm.contact(person_id) if kind == "contact" else self._crm.lead(person_id)
        return _acted(act) if found else Acted("unknown")

    def _owner_id(self, email: str) -> str:
        """Whose calendar it goes into: that of whoever clicked, where the CRM knows them."""
        return next((one.owner_id for one in self.owners() if one.email.casefold() == email.casefold()), "")

    # Today

    def owners(self) -> Sequence[Somebody]:
        active = (owner for owner in self._crm.owners() if owner.active)
        return sorted((Somebody(owner.id, owner.name, owner.email) for owner in active), key=lambda one: one.name)

    def today(self, owner_id: str) -> TodayView:
        today = self._desk.today(owner_id, now=self._clock())
        off = not self._desk.switches.now().next_best_action
        return TodayView([_today_row(row) for row in today.rows], today.quiet, today.next_due, off)

    # Settings and results

    def switches(self) -> Sequence[Switch]:
        now, turned = self._desk.switches.now(), self._desk.switches.turned()
        return [Switch(name, bool(getattr(now, name)), *turned.get(name, ("", None))) for name in NAMES]

    def turn(self, name: str, on: bool, *, by: str) -> None:
        self._desk.switches.turn(name, on, by=by, now=self._clock())

    def learning(self) -> Learning:
        state, newest = self._states.read(), self._learned.facts(ACTIONS)
        done = state.done
        return Learning(
            state=_stands(state, learned=newest is not None),
            learned_at=newest.made_at if newest else None,
            began_at=state.began_at,
            progress=state.share if state.is_running else 0.0,
            deals=int(done.get("deals", 0)),
            closed_deals=int(done.get("closed_deals", 0)),
            won_deals=int(done.get("won_deals", 0)),
            people=int(done.get("people", 0)),
            seconds=float(done.get("seconds", 0.0)),
            trouble=state.trouble,
            left_out=tuple(sorted((str(why), int(count)) for why, count in done.get("left_out", {}).items())),
        )

    def learn_now(self) -> None:
        """The wish is written down; a worker looks for it every few seconds."""
        self._states.want(now=self._clock())

    def results(self, *, days: int) -> ResultsView:
        now = self._clock()
        found = self._desk.results(since=now - timedelta(days=days), now=now)
        return ResultsView(
            total=_counts(found.total),
            by_action=[_counts(row) for row in found.by_action],
            calibration=[_bin(one) for one in found.calibration],
            not_followed=_bin(found.not_followed) if found.not_followed else None,
            dismiss_reasons=found.dismiss_reasons,
        )


def coming(
    known: BestTimes | None, override: TimeOverride | None, hours: BusinessHours, *, now: datetime
) -> tuple[NextSlot, ...]:
    """The dates of somebody's best times, in order; where somebody set times by hand, the next of those."""
    if override is not None:
        window = next_window(known, hours, now=now, override=override)
        return (NextSlot(window.start, window.end, 0.0),) if window else ()
    dated = next_slots(known, hours, now=now) if known else ()
    return tuple(
        NextSlot(one.start, one.end, one.stars, one.struck) for one in sorted(dated, key=lambda one: one.start)
    )


def _acted(act: Callable[[], Acted | None]) -> Acted:
    """The desk's errors as what came of it."""
    try:
        return act() or Acted("done")
    except NoSuchSuggestion:
        return Acted("unknown")
    except SuggestionGone as error:
        return Acted("gone", state=error.state, by=error.by, at=error.at)
    except NotPossible as error:
        return Acted("not_possible", words=error.words, field=error.field)


def _stands(state: LearningState, *, learned: bool) -> Literal["never", "waiting", "running", "done", "failed"]:
    if state.is_running:
        return "running"
    if state.is_wanted:
        return "waiting"
    if state.trouble:
        return "failed"
    return "done" if learned else "never"


def _today_row(row: desk_words.TodayRow) -> TodayRow:
    about = row.suggestion.about
    ids = {"deal": about.deal_id, "contact": about.contact_id, "lead": about.lead_id}
    return TodayRow(
        suggestion=row.suggestion,
        kind=row.record_kind,
        record_id=ids[row.record_kind],
        record_name=row.record_name,
        person=row.person_name,
        account=row.account_name,
        stage=row.stage,
        amount=row.amount,
        currency=row.currency,
        overdue=row.overdue,
    )


def _counts(row: desk_words.ActionResults) -> Counts:
    return Counts(row.action, row.shown, row.accepted, row.done, row.dismissed, row.snoozed, row.advanced, row.won)


def _bin(one: desk_words.CalibrationBin) -> Bin:
    return Bin(one.low, one.high, one.count, one.promised, one.happened)
