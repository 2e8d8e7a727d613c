"""The desk where advice is asked for and acted on: all that pages, the API and tools may do with suggestions.

For web processes: it reads what the worker has computed and imports no numpy. Whoever acts on a suggestion closes it
once; its record is then due for another one. CrmError and SQLAlchemy's DBAPIError pass through: a store that is away is
no empty list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from crm_client.client import CrmClient
from crm_client.records import Outcome
from motenashi.advice_desk.accepting import Accepting
from motenashi.advice_desk.count_results import count_results
from motenashi.advice_desk.due import Due
from motenashi.advice_desk.errors import NoSuchSuggestion, NotPossible, SuggestionGone
from motenashi.advice_desk.learned_store import ACTIONS, LearnedStore
from motenashi.advice_desk.person_times import Channel, PersonKind, TimesDesk
from motenashi.advice_desk.rests import WISH_STANDS, rest_until
from motenashi.advice_desk.settings import DeskSettings
from motenashi.advice_desk.switches import Switches
from motenashi.advice_desk.today import read_today
from motenashi.advice_desk.words import (
    Accepted,
    PersonTimes,
    RecordAdvice,
    RecordKind,
    Results,
    Today,
)
from motenashi.database import Database
from motenashi.outgoing_mail.mail import Mail
from motenashi.suggestions.absences import Absences
from motenashi.suggestions.best_time.best_times import Reminder, TimeOverride
from motenashi.suggestions.store import SuggestionStore
from motenashi.suggestions.suggestion import DISMISS_REASONS, Suggestion
from motenashi.suggestions.suggestion_events import SuggestionEvent, SuggestionEvents
from motenashi.suggestions.suggestion_rows import record_of

LONGEST_SNOOZE = timedelta(days=366)
LONGEST_NOTE = 2_000


class AdviceDesk:
    """`switches` is public: pages read `switches.now()` and `switches.turned()` and call `switches.turn(...)`."""

    def __init__(
        self,
        database: Database,
        crm: CrmClient,
        switches: Switches | None = None,
        settings: DeskSettings | None = None,
        *,
        send: Callable[[Mail], object] | None = None,
    ) -> None:
        """`send`: OutgoingMail.send; without it no mail can be sent from here, drafts are stored all the same."""
        self._database = database
        self._crm = crm
        self._settings = settings or DeskSettings()
        self.switches = switches or Switches(database, self._settings)
        self._store = SuggestionStore(database)
        self._events = SuggestionEvents(database)
        self._due = Due(database)
        self._learned = LearnedStore(database)
        self._accepting = Accepting(crm, send)
        self._times = TimesDesk(database, self.switches, self._due)

    # Reading

    def advice(self, kind: RecordKind, record_id: str, *, now: datetime, by: str = "") -> RecordAdvice | None:
        """What stands beside a record; None when the CRM has no such record. A record that was never thought about is
        made due by asking (`computing` is True until the worker has been there). A snoozed suggestion is in it, with
        its `snoozed_until`; a reminder, when it is one of `by` (of anybody when nobody is named)."""
        record = self._find(kind, record_id)
        if record is None:
            return None
        closed, person = record
        times = self._times.of(*person, by=by) if person else None
        if not self.switches.now().next_best_action:
            return RecordAdvice(kind, record_id, None, False, times, switched_off=True)
        current = None if closed else self._store.current_for(kind, record_id)
        computing = current is None and not closed and self._is_computed(kind, record_id, now)
        learned = self._learned.facts(ACTIONS)
        return RecordAdvice(
            kind,
            record_id,
            current,
            computing,
            times,
            learned_from=int(learned.facts.get("closed_deals", 0)) if learned else 0,
            learned_at=learned.made_at if learned else None,
        )

    def suggestion(self, suggestion_id: int) -> Suggestion | None:
        """One suggestion, whatever has become of it."""
        return self._store.find(suggestion_id)

    def today(self, owner_id: str, *, now: datetime, most: int = 500) -> Today:
        """The open suggestions of an owner of the CRM: customers' urgent wishes first, then by expected gain. What is
        snoozed is left out until its time; records where nothing need be done are only counted."""
        if not self.switches.now().next_best_action:
            return Today(owner_id, (), 0, None)
        return read_today(self._database, self._crm, owner_id, now=now, most=most)

    def results(self, *, since: datetime, now: datetime) -> Results:
        """What became of the suggestions that were first shown from `since` to `now`."""
        return count_results(self._database, since=since, now=now)

    # Acting. Each raises NoSuchSuggestion, SuggestionGone (already closed) or NotPossible.

    def shown(self, ids: Sequence[int], *, by: str, now: datetime) -> None:
        """These were seen by somebody. Counted once a suggestion and day; unknown ids are left out."""
        known = self._store.known(ids)
        self._events.note([SuggestionEvent(one, "shown", now, by) for one in known])

    def accept(
        self,
        suggestion_id: int,
        *,
        by: str,
        owner_id: str = "",
        now: datetime,
        changes: Mapping[str, Any] | None = None,
    ) -> Accepted:
        """Make the call, event, e-mail or task in the CRM, with the draft's fields filled in, and close the suggestion
        with the wishes that it answers.

        `by`: who clicked (an address). `owner_id`: whose calendar it goes into; '' means the suggestion's own.
        `changes` go before the draft: `subject`, `text` (the note, or the mail's text), `to`, `start`, `end` (aware
        datetimes or ISO texts with an offset), and `send`: True sends the mail now; otherwise it is kept as a draft.
        The same person's second click gives the same answer. NotPossible: the owner has another event then (`field`
        is 'start'), a mail to be sent has no address ('to'), a value can't be read, nothing was suggested.
        """
        one = self._existing(suggestion_id)
        if one.state != "open":
            return self._accepted_before(one, by)
        self.shown([one.id], by=by, now=now)
        made, record_id, start = self._accepting.make(one, owner_id=owner_id, changes=changes or {}, now=now)
        told = {"made": made, "record_id": record_id, "start": start.isoformat(), "changed": sorted(changes or {})}
        event = SuggestionEvent(one.id, "accepted", now, by, told)
        # What was made is made, also when the worker has put other advice in its place just now.
        if not self._store.close_with(one, "done", event, why="accepted", even_replaced=True):
            return self._accepted_before(self._existing(suggestion_id), by)
        self._due.add([record_of(one.about)], "accepted", now=now)
        return Accepted(self._existing(one.id), made, record_id)

    def dismiss(self, suggestion_id: int, *, by: str, reason: str, note: str = "", now: datetime) -> Suggestion:
        """Turn it down; as it stands then. `reason` is one of DISMISS_REASONS, else NotPossible."""
        if reason not in DISMISS_REASONS:
            raise NotPossible({"en": "Please choose a reason.", "ja": "理由を選んでください。"}, "reason")
        one = self._open(suggestion_id, by, now)
        event = SuggestionEvent(one.id, "dismissed", now, by, {"reason": reason, "note": note[:LONGEST_NOTE]})
        closed = self._store.close_with(
            one,
            "dismissed",
            event,
            why=reason,
            wishes=reason not in WISH_STANDS,
            rest_until=rest_until(reason, now, self._settings),
        )
        if not closed:
            raise _gone(self._existing(suggestion_id))
        self._due.add([record_of(one.about)], "dismissed", now=now)
        return self._existing(one.id)

    def snooze(self, suggestion_id: int, *, by: str, until: datetime, now: datetime) -> Suggestion:
        """Put it off; as it stands then. NotPossible when `until` has passed or is over a year away."""
        if until.tzinfo is None or not now < until <= now + LONGEST_SNOOZE:
            raise NotPossible(
                {"en": "Choose a time from now to a year ahead.", "ja": "現在から1年以内の日時を選んでください。"},
                "until",
            )
        one = self._open(suggestion_id, by, now)
        if not self._store.snooze(one.id, until=until, by=by, at=now):
            raise _gone(self._existing(suggestion_id))
        return self._existing(one.id)

    # Best times

    def times(self, kind: PersonKind, person_id: str) -> PersonTimes:
        """When a person is best called and written to, without what is switched off."""
        return self._times.of(kind, person_id)

    def override_time(
        self,
        kind: PersonKind,
        person_id: str,
        *,
        weekdays: Sequence[int],
        from_hour: int,
        to_hour: int,
        by: str,
        now: datetime,
    ) -> None:
        """Somebody knows better: these weekdays (0 is Monday), from `from_hour` until just before `to_hour` (at most
        24), on the organisation's clock. NotPossible for hours that are none."""
        days = tuple(sorted(set(weekdays)))
        if not days or days[0] < 0 or days[-1] > 6 or not 0 <= from_hour < to_hour <= 24:
            raise NotPossible({"en": "Choose weekdays and hours.", "ja": "曜日と時間帯を選んでください。"}, "weekdays")
        self._times.override(kind, person_id, TimeOverride(days, from_hour, to_hour, by, now), now=now)

    def clear_override(self, kind: PersonKind, person_id: str, *, by: str, now: datetime) -> None:
        """Back to what was learned."""
        self._times.override(kind, person_id, None, now=now)

    def remind(
        self, kind: PersonKind, person_id: str, *, at: datetime, by: str, now: datetime, channel: Channel = "call"
    ) -> None:
        """Remind `by` of this person at that time; another time replaces it. NotPossible when reminders are switched
        off or the time has passed."""
        self._times.remind(kind, person_id, at=at, by=by, now=now, channel=channel)

    def unremind(self, kind: PersonKind, person_id: str, *, by: str, now: datetime) -> None:
        """Take back what `by` wanted to be reminded of."""
        self._times.unremind(kind, person_id, by=by, now=now)

    def reminders(self, by: str, *, now: datetime) -> tuple[Reminder, ...]:
        """What `by` should be shown now, the earliest first, until `reminder_seen`."""
        return self._times.reminders(by, now=now)

    def reminder_seen(self, reminder_id: int, *, by: str, now: datetime) -> bool:
        """False when there is no such reminder of `by`'s that waits."""
        return self._times.seen(reminder_id, by=by, now=now)

    # A person goes

    def forget(self, *, contact_id: str = "", lead_id: str = "") -> int:
        """Delete all suggestions, events, absences and best times of a person; how many suggestions there were."""
        Absences(self._database).forget(contact_id=contact_id, lead_id=lead_id)
        self._times.forget(contact_id=contact_id, lead_id=lead_id)
        return self._store.forget(contact_id=contact_id, lead_id=lead_id)

    def _find(self, kind: RecordKind, record_id: str) -> tuple[bool, tuple[PersonKind, str] | None] | None:
        """Whether the record is closed, and whose best times stand beside it. None: there is no such record."""
        if kind == "contact":
            return (False, ("contact", record_id)) if self._crm.contact(record_id) else None
        if kind == "lead":
            lead = self._crm.lead(record_id)
            return (bool(lead.converted_deal_id or lead.converted_contact_id), ("lead", record_id)) if lead else None
        deal = self._crm.deal(record_id)
        if deal is None:
            return None
        meanings = {stage.name: stage.outcome for stage in self._crm.stages()}
        person: tuple[PersonKind, str] | None = ("contact", deal.contact_id) if deal.contact_id else None
        return meanings.get(deal.stage, Outcome.OPEN) is not Outcome.OPEN, person

    def _is_computed(self, kind: RecordKind, record_id: str, now: datetime) -> bool:
        """Somebody looks at a record that has no advice: the worker shall see to it, unless it failed with it."""
        if self._due.waits(kind, record_id):
            return True
        if self._due.is_set_aside(kind, record_id):
            return False
        self._due.add([(kind, record_id)], "looked at", now=now)
        return True

    def _existing(self, suggestion_id: int) -> Suggestion:
        one = self._store.find(suggestion_id)
        if one is None:
            raise NoSuchSuggestion(suggestion_id)
        return one

    def _open(self, suggestion_id: int, by: str, now: datetime) -> Suggestion:
        """Whoever decides about it has seen it, on whatever page or by whatever tool."""
        one = self._existing(suggestion_id)
        if one.state != "open":
            raise _gone(one)
        self.shown([one.id], by=by, now=now)
        return one

    def _accepted_before(self, one: Suggestion, by: str) -> Accepted:
        """A second click of the same person; whoever else comes too late is told so."""
        accepted = [event for event in self._events.of(one.id) if event.what == "accepted" and event.by == by]
        if one.closed_by != by or not accepted:
            raise _gone(one)
        return Accepted(one, accepted[0].data["made"], accepted[0].data["record_id"])


def _gone(one: Suggestion) -> SuggestionGone:
    return SuggestionGone(one.id, one.state, one.closed_by, one.closed_at)
