"""The worker's thinking: records that are due get the advice that is right now, many at once.

What is gathered, learned and wished becomes one suggestion a record; the one that stands stays when it says the same. A
record that can't be thought about is set aside with its error, and the others go on. A database or CRM that is away
uses up no try: everything waits. For the worker; what was learned comes through `Learned`.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from crm_client.client import CrmClient
from crm_client.errors import CrmBusy, CrmRefused, CrmUnreachable
from crm_client.records import Outcome
from motenashi.advice_desk.due import Due, DueRecord
from motenashi.advice_desk.gather import Gathering
from motenashi.advice_desk.refusals import refused_actions, without_refused
from motenashi.advice_desk.rests import (
    REMEMBERED,
    rest,
    rest_with_draft,
    resting_until,
    something_new,
    waits_for_draft,
)
from motenashi.advice_desk.settings import DeskSettings
from motenashi.advice_desk.substance import same_in_substance, told_anew
from motenashi.advice_desk.switches import Switches
from motenashi.advice_desk.tried_here import tried_here
from motenashi.advice_desk.words import RecordKind
from motenashi.database import Database
from motenashi.suggestions.absences import Absences
from motenashi.suggestions.advice.facts import HeldHour, RecordFacts
from motenashi.suggestions.advice.wishes import answered, grants
from motenashi.suggestions.best_time.best_times import BestTimes, TimeOverride
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice, RankedAction
from motenashi.suggestions.review import Review
from motenashi.suggestions.store import SuggestionStore
from motenashi.suggestions.suggestion import Suggestion
from motenashi.suggestions.suggestion_events import SuggestionEvents
from motenashi.suggestions.suggestion_rows import ADVICE

log = logging.getLogger(__name__)

AWAY = (CrmUnreachable, CrmBusy, CrmRefused, DBAPIError, NoConnectionFree)
# Whoever is due for another reason has deals that may be concerned, too: the newest reason is told, and an earlier one
# may be behind it.
_CONCERNS_NO_DEALS = frozenset({"learned", "switched", "time passed", "looked at"})

PersonTimes = Mapping[str, BestTimes | None]  # channel -> best times


class MakeAdvice(Protocol):
    """`choice`: the action that exploration picked, with the `probability` of that."""

    def __call__(
        self,
        facts: RecordFacts,
        learned: DealAdvice | None,
        wishes: Sequence[Suggestion],
        times: PersonTimes,
        override: TimeOverride | None,
        *,
        choice: RankedAction | None,
        probability: float,
        now: datetime,
    ) -> Suggestion: ...


class Learned(Protocol):
    """What was learned, asked about many records at once."""

    def deals(self, deal_ids: Sequence[str], *, now: datetime) -> Mapping[str, DealAdvice]:
        """Deal id -> what was learned; nothing where it may not speak."""

    def choose(self, advice: DealAdvice) -> tuple[RankedAction | None, float]:
        """Mostly the best action, now and then another one that may be as good: which, and how likely that was."""

    def people(
        self, *, contact_ids: Sequence[str], lead_ids: Sequence[str], now: datetime
    ) -> Mapping[str, PersonTimes]:
        """Person id -> best times; they are stored on the way."""

    def overrides(self, *, contact_ids: Sequence[str], lead_ids: Sequence[str]) -> Mapping[str, TimeOverride]: ...

    def held(self) -> Mapping[str, tuple[HeldHour, ...]]: ...


@dataclass
class _Changes:
    """What a batch comes to, written in one go."""

    pairs: list[tuple[Suggestion | None, Suggestion | None]] = field(default_factory=list)
    anew: list[Suggestion] = field(default_factory=list)
    kept: list[Suggestion] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    failed: list[tuple[DueRecord, Exception]] = field(default_factory=list)
    done: list[DueRecord] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """About the records of a batch."""

    current: Mapping[str, Suggestion]
    wishes: Mapping[str, tuple[Suggestion, ...]]
    dismissed: Mapping[str, tuple[Suggestion, ...]]
    learned: Mapping[str, DealAdvice]
    times: Mapping[str, PersonTimes]
    overrides: Mapping[str, TimeOverride]
    drafts: Mapping[str, datetime]


class Recompute:
    """Safe in several workers at once: each takes its own records."""

    def __init__(
        self,
        database: Database,
        crm: CrmClient,
        learned: Learned,
        make: MakeAdvice,
        *,
        switches: Switches | None = None,
        settings: DeskSettings | None = None,
    ) -> None:
        self._crm = crm
        self._learned = learned
        self._make = make
        self._settings = settings or DeskSettings()
        self._switches = switches or Switches(database, self._settings)
        self._due = Due(database)
        self._store = SuggestionStore(database)
        self._review = Review(database)
        self._events = SuggestionEvents(database)
        self._gathering = Gathering(crm, Absences(database), self._settings)

    def run(self, now: datetime) -> int:
        """Think about what is due, one batch; how many records there were. DBAPIError or CrmError: they wait."""
        taken = self._due.take(self._settings.at_once, now=now)
        kinds: tuple[RecordKind, ...] = ("deal", "lead", "contact")
        left = {kind: [one for one in taken if one.kind == kind] for kind in kinds}
        try:
            for kind in kinds:
                if records := left.pop(kind):
                    self._think_about(kind, records, now)
        except AWAY:
            self._due.give_back([one for records in left.values() for one in records])
            raise
        return len(taken)

    def _think_about(self, kind: RecordKind, records: Sequence[DueRecord], now: datetime) -> None:
        try:
            changes = self._thought(kind, records, now)
            self._write(changes, now)
        except Exception as error:  # other people's data: one of them may be what stops us all
            if _is_away(error):
                self._due.give_back(records)
                raise
            if len(records) == 1:
                self._failed(records[0], error, now)
                return
            for record in records:
                self._think_about(kind, [record], now)

    def _thought(self, kind: RecordKind, records: Sequence[DueRecord], now: datetime) -> _Changes:
        ids = [one.record_id for one in records]
        switched = self._switches.now()
        current, wishes = self._store.current_of_all(kind, ids), self._store.wishes_of_all(kind, ids)
        gathered = self._gathering.gather(kind, ids, now=now, wishes=wishes, current=current, held=self._learned.held())
        still_open = list(gathered.facts)
        contact_ids = [facts.contact.id for facts in gathered.facts.values() if facts.contact]
        lead_ids = [facts.lead.id for facts in gathered.facts.values() if facts.lead]
        known = _Known(
            current,
            wishes,
            self._store.dismissed_of_all(kind, ids, since=now - self._remembered()),
            self._learned.deals(still_open, now=now) if kind == "deal" else {},
            self._times(contact_ids, lead_ids, now),
            self._learned.overrides(contact_ids=contact_ids, lead_ids=lead_ids),
            gathered.drafts,
        )
        changes = _Changes()
        for record in records:
            facts = gathered.facts.get(record.record_id)
            if facts is None:
                self._closed(record, known, gathered.closed.get(record.record_id, "gone"), changes)
            elif not switched.next_best_action:
                changes.done.append(record)
            else:
                self._one(record, facts, known, changes, now)
        return changes

    def _times(self, contact_ids: Sequence[str], lead_ids: Sequence[str], now: datetime) -> Mapping[str, PersonTimes]:
        """Advice without a best time is better than none: whoever's history can't be read has none."""
        try:
            return self._learned.people(contact_ids=contact_ids, lead_ids=lead_ids, now=now)
        except Exception as error:  # other people's data
            if _is_away(error):
                raise
            people = [([one], list[str]()) for one in contact_ids] + [(list[str](), [one]) for one in lead_ids]
            if len(people) > 1:
                each = [self._times(contacts, leads, now) for contacts, leads in people]
                return {person: times for found in each for person, times in found.items()}
            log.warning("best times of %s can't be told: %s", (*contact_ids, *lead_ids), error)
            return {}

    def _one(self, record: DueRecord, facts: RecordFacts, known: _Known, changes: _Changes, now: datetime) -> None:
        try:
            made, granted = self._made(facts, known, now)
        except AWAY:
            raise
        except Exception as error:  # this record is set aside, the others go on
            changes.failed.append((record, error))
            return
        changes.answered += granted
        changes.done.append(record)
        old = known.current.get(record.record_id)
        if old is None or not same_in_substance(old, made, now=now) or self._awake_again(old, facts, now):
            changes.pairs.append((old, made))
            return
        changes.kept.append(old)
        anew = replace(made, id=old.id)
        if told_anew(old, anew):
            changes.anew.append(anew)

    def _awake_again(self, old: Suggestion, facts: RecordFacts, now: datetime) -> bool:
        """It was put off, and the customer got in touch since; a new wish makes it another suggestion anyway."""
        if old.snoozed_until is None or old.snoozed_until <= now:
            return False
        put_off = [event.at for event in self._events.of(old.id) if event.what == "snoozed"]
        return bool(put_off) and something_new(facts, (), put_off[-1])

    def _made(self, facts: RecordFacts, known: _Known, now: datetime) -> tuple[Suggestion, list[int]]:
        """The advice, and the ids of wishes that were answered meanwhile."""
        all_wishes = known.wishes.get(facts.record_id, ())
        granted = [wish.id for wish in all_wishes if answered(wish, facts)]
        wishes = [wish for wish in all_wishes if wish.id not in granted]
        dismissed = known.dismissed.get(facts.record_id, ())
        learned = known.learned.get(facts.record_id)
        last = dismissed[-1] if dismissed else None
        until = resting_until(last, facts, wishes, self._settings, stage_since=_stage_since(learned), now=now)
        if last is not None and until is not None:
            return self._finished(rest(last, facts, until, now=now), facts, (), now), granted
        drafted = known.drafts.get(facts.record_id)
        until = waits_for_draft(drafted, facts, wishes, self._settings, now=now)
        if drafted is not None and until is not None:
            return self._finished(rest_with_draft(drafted, facts, until, now=now), facts, (), now), granted
        refused = refused_actions(dismissed, facts, now=now)
        person = facts.person.id if facts.person else ""
        ways = tried_here(without_refused(learned, refused))
        choice, probability = self._choice(ways)
        made = self._make(
            facts,
            ways,
            wishes,
            known.times.get(person, {}),
            known.overrides.get(person),
            choice=choice,
            probability=probability,
            now=now,
        )
        if not wishes and last is not None and (made.action, made.purposes[:1]) in refused:
            until = now + timedelta(days=self._settings.rest_days)
            made = rest(last, facts, until, now=now)
        return self._finished(made, facts, wishes, now), granted

    def _choice(self, ways: DealAdvice | None) -> tuple[RankedAction | None, float]:
        if ways is None or not ways.ranked or not self._switches.now().exploration:
            return None, 1.0
        return self._learned.choose(ways)

    def _finished(
        self, made: Suggestion, facts: RecordFacts, wishes: Sequence[Suggestion], now: datetime
    ) -> Suggestion:
        key = f"advice:{uuid.uuid4().hex}"  # each is made once; `current_of` keeps a record from having two
        answers = tuple(sorted(wish.id for wish in wishes if grants(made, wish)))
        return replace(made, key=key, made_by=ADVICE, created_at=now, answers=answers)

    def _closed(self, record: DueRecord, known: _Known, why: str, changes: _Changes) -> None:
        old = known.current.get(record.record_id)
        if old is not None:
            changes.pairs.append((old, None))
        changes.done.append(record)

    def _write(self, changes: _Changes, now: datetime) -> None:
        if changes.answered:
            self._store.close_all(changes.answered, "done", by="", at=now, why="answered")
        if changes.pairs:
            self._store.replace_all(changes.pairs, at=now)
        if changes.anew:
            self._store.refresh(changes.anew)
        if changes.kept:
            self._review.again(changes.kept, now=now)
        self._spread(changes.done, now)
        self._due.done(changes.done)
        for record, error in changes.failed:
            self._failed(record, error, now)

    def _spread(self, records: Sequence[DueRecord], now: datetime) -> None:
        """What happened with a person may concern their open deals."""
        concerned = [one for one in records if one.kind == "contact" and one.reason not in _CONCERNS_NO_DEALS]
        for one in concerned:
            deals = self._crm.deals_of_contact(one.record_id, [Outcome.OPEN])
            self._due.add([("deal", deal.id) for deal in deals], f"contact: {one.reason}", now=now)

    def _failed(self, record: DueRecord, error: Exception, now: datetime) -> None:
        again = self._due.failed(record, f"{type(error).__name__}: {error}", now=now)
        then = "is tried again" if again else "is set aside until something new happens"
        log.warning("%s %s could not be thought about, it %s: %s", record.kind, record.record_id, then, error)
        log.debug("%s %s failed here", record.kind, record.record_id, exc_info=error)

    def _remembered(self) -> timedelta:
        return max(REMEMBERED, timedelta(days=self._settings.dead_rest_days))


def _stage_since(learned: DealAdvice | None) -> datetime | None:
    return learned.as_of - timedelta(days=learned.days_in_stage) if learned else None


def _is_away(error: Exception) -> bool:
    """Database and CRM come back, and everything waits for them. A value that the database does not take is the fault
    of its record, for which nobody else waits."""
    return isinstance(error, AWAY) and not isinstance(error, DataError | IntegrityError)
