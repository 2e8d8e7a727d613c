"""What a history says about when people can be reached: attempts of ours, sightings of them, and the twelve signals.

An attempt is an outbound call (answered or not) or a mail of ours (reacted to soon or not): the denominators. A
sighting shows that somebody was there: their own call, mail, ticket, form or post, a trace such as a visit, or a
reaction to a mail. Everything counts less the longer ago it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import numpy as np

from motenashi.sales_history.history import (
    KINDS,
    NEVER,
    NONE,
    RESULTS,
    STATUSES,
    Codes,
    Flags,
    Ids,
    Moments,
    Numbers,
    SalesHistory,
)
from motenashi.suggestions.best_time.local_clock import DAY
from motenashi.suggestions.best_time.machine_opens import answered_otherwise, first_certain, human_chance
from motenashi.suggestions.best_time.settings import BestTimeSettings
from motenashi.suggestions.best_time.signals import (
    OWN_ACT,
    REACTION,
    SIGNAL_OF_TYPE,
    TWELVE,
    sighting_of_type,
)

CHANNELS: Final = ("call", "email")
_OVER_A_MINUTE: Final = 60
_ECHO: Final = 2 * 3600  # so soon after a call of ours, a sighting answers it

_CALL, _ANSWERED, _MISSED = KINDS.index("call"), RESULTS.index("answered"), RESULTS.index("missed")
_NO_ANSWER, _COMPLETED = RESULTS.index("no_answer"), STATUSES.index("completed")


@dataclass(frozen=True)
class People:
    """Contacts, then leads; a person is their row in here. `zone`: code in `zones`, NONE when unknown."""

    ids: Ids
    contacts: int  # how many of the rows are contacts
    zone: Codes
    account: Codes
    industry: Codes
    zones: tuple[str, ...]
    industries: tuple[str, ...]
    account_ids: Ids

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Attempts:
    """Sorted by time. `answered` 0 to 1: how surely it was; `weight`: how much it still counts."""

    person: Codes
    at: Moments
    answered: Numbers
    weight: Numbers

    def only(self, rows: Flags) -> Attempts:
        return Attempts(self.person[rows], self.at[rows], self.answered[rows], self.weight[rows])


@dataclass(frozen=True)
class Sightings:
    """`kind`: OWN_ACT, TRACE or REACTION. `sure` 0 to 1: that it was a person and no machine; `weight`: how much it
    still counts."""

    person: Codes
    at: Moments
    kind: Codes
    sure: Numbers
    weight: Numbers

    def only(self, rows: Flags) -> Sightings:
        return Sightings(self.person[rows], self.at[rows], self.kind[rows], self.sure[rows], self.weight[rows])


@dataclass(frozen=True)
class Evidence:
    """`signals`: people x twelve, how often each was seen."""

    people: People
    attempts: Mapping[str, Attempts]
    sightings: Sightings
    signals: Codes

    def any_seen(self) -> Flags:
        """People of whom there is any signal or whom we tried to reach."""
        seen = self.signals.sum(1) > 0
        for attempts in self.attempts.values():
            seen[attempts.person] = True
        return np.asarray(seen, np.bool_)


def evidence_of(history: SalesHistory, settings: BestTimeSettings) -> Evidence:
    """All of it, in one pass over the columns."""
    people = people_of(history)
    reading = _Reading(history, people, settings)
    calls, mails = reading.calls(), reading.mails()
    sightings = _echoes_are_reactions(reading.sightings(), calls)
    return Evidence(people, {"call": calls, "email": mails}, sightings, reading.signals())


def people_of(history: SalesHistory) -> People:
    contacts, leads, names = history.contacts, history.leads, history.names
    known = np.asarray([_is_zone(zone) for zone in names.time_zones] + [False], np.bool_)
    zone = np.concatenate([contacts.time_zone, leads.time_zone])
    of_contacts = _looked_up(history.accounts.industry, contacts.account)
    return People(
        np.concatenate([contacts.ids, leads.ids]),
        len(contacts.ids),
        np.where(known[zone], zone, NONE).astype(np.int32),
        np.concatenate([contacts.account, np.full(len(leads.ids), NONE, np.int32)]),
        np.concatenate([of_contacts, leads.industry]),
        names.time_zones,
        names.industries,
        history.accounts.ids,
    )


class _Reading:
    """One history being read; a person named only by a deal is the deal's contact."""

    def __init__(self, history: SalesHistory, people: People, settings: BestTimeSettings) -> None:
        self.history, self.people, self.settings = history, people, settings
        self.call_person = self._person(history.activities)
        self.mail_person = self._person(history.emails)
        self.touch_person = self._person(history.touchpoints)
        self.human = human_chance(history.emails)

    def _person(self, rows: _WithPeople) -> Codes:
        contact = np.where(rows.contact >= 0, rows.contact, _looked_up(self.history.deals.contact, rows.deal))
        lead = np.where(rows.lead >= 0, rows.lead + self.people.contacts, NONE)
        return np.where(rows.contact >= 0, contact, np.where(lead >= 0, lead, contact)).astype(np.int32)

    def _weight(self, at: Moments) -> Numbers:
        age = np.maximum(self.history.organisation.as_of - at, 0) / (DAY * self.settings.half_life_days)
        return np.asarray(0.5**age, np.float64)

    def calls(self) -> Attempts:
        rows = self.history.activities
        tried = self._outbound_calls() & np.isin(rows.result, [_ANSWERED, _NO_ANSWER])
        at, answered = rows.at[tried], (rows.result[tried] == _ANSWERED).astype(np.float64)
        return Attempts(self.call_person[tried], at, answered, self._weight(at))

    def _outbound_calls(self) -> Flags:
        rows = self.history.activities
        ours = (rows.kind == _CALL) & (rows.direction == 0) & (rows.status == _COMPLETED)
        return np.asarray(ours & (self.call_person >= 0), np.bool_)

    def _inbound_calls(self) -> Flags:
        rows = self.history.activities
        return np.asarray((rows.kind == _CALL) & (rows.direction == 1) & (self.call_person >= 0), np.bool_)

    def mails(self) -> Attempts:
        """Answered: a person opened, clicked or replied within `reaction_hours`. The last hours are not over yet."""
        rows = self.history.emails
        within = int(self.settings.reaction_hours * 3600)
        over = rows.at + within <= self.history.organisation.as_of
        sent = (rows.direction == 0) & (self.mail_person >= 0) & over
        certain, opened = first_certain(rows), np.where(rows.opened_at == NEVER, rows.at + within + 1, rows.opened_at)
        surely = (certain != NEVER) & (certain - np.where(certain == NEVER, 0, rows.at) <= within)
        answered = np.where(surely, 1.0, np.where(opened - rows.at <= within, self.human, 0.0))
        return Attempts(self.mail_person[sent], rows.at[sent], answered[sent], self._weight(rows.at[sent]))

    def sightings(self) -> Sightings:
        parts = [*self._calls_and_mails_seen(), *self._reactions_seen(), *self._touches_seen()]
        person, at, kind, sure = (np.concatenate(column) for column in zip(*parts, strict=True))
        here = person >= 0
        at = at[here].astype(np.int64)
        return Sightings(person[here].astype(np.int32), at, kind[here].astype(np.int32), sure[here], self._weight(at))

    def _calls_and_mails_seen(self) -> list[_Part]:
        calls, mails = self._inbound_calls(), self.history.emails.direction == 1
        return [
            _part(self.call_person[calls], self.history.activities.at[calls], OWN_ACT),
            _part(self.mail_person[mails], self.history.emails.at[mails], OWN_ACT),
        ]

    def _reactions_seen(self) -> list[_Part]:
        """A mail's reactions; the open that a click or reply follows is not counted beside it."""
        rows, ours = self.history.emails, self.history.emails.direction == 0
        parts = []
        for moments in (rows.clicked_at, rows.opened_again_at, rows.replied_at):
            there = ours & (moments != NEVER)
            parts.append(_part(self.mail_person[there], moments[there], REACTION))
        alone = ours & (rows.opened_at != NEVER) & ~answered_otherwise(rows)
        parts.append(_part(self.mail_person[alone], rows.opened_at[alone], REACTION, self.human[alone]))
        return parts

    def _touches_seen(self) -> list[_Part]:
        rows, types = self.history.touchpoints, self.history.names.touchpoint_types
        kinds = np.asarray([sighting_of_type(name) for name in types] + [NONE], np.int32)
        theirs = np.asarray(rows.signal & (rows.type >= 0), np.bool_)
        kind = kinds[rows.type[theirs]]
        return [(self.touch_person[theirs], rows.at[theirs], kind, np.ones(len(kind)))]

    def signals(self) -> Codes:
        """People x twelve."""
        counts = np.zeros((len(self.people), len(TWELVE)), np.int32)
        for name, persons in (*self._signals_of_calls(), *self._signals_of_mails(), *self._signals_of_touches()):
            counts[:, TWELVE.index(name)] += np.bincount(persons[persons >= 0], minlength=len(counts)).astype(np.int32)
        return counts

    def _signals_of_calls(self) -> list[tuple[str, Codes]]:
        rows, theirs = self.history.activities, self._inbound_calls()
        spoke = self._outbound_calls() & (rows.result == _ANSWERED) & (rows.seconds > _OVER_A_MINUTE)
        return [
            ("call_answered", self.call_person[spoke]),
            ("their_call_missed", self.call_person[theirs & (rows.result == _MISSED)]),
            ("their_call_answered", self.call_person[theirs & (rows.result == _ANSWERED)]),
        ]

    def _signals_of_mails(self) -> list[tuple[str, Codes]]:
        rows, ours = self.history.emails, self.history.emails.direction == 0
        opened = ours & ((self.human >= 0.5) | answered_otherwise(rows))
        return [
            ("mail_opened", self.mail_person[opened]),
            ("mail_clicked", self.mail_person[ours & (rows.clicked_at != NEVER)]),
            ("their_mail", self.mail_person[(rows.direction == 1) | (rows.replied_at != NEVER)]),
        ]

    def _signals_of_touches(self) -> list[tuple[str, Codes]]:
        rows, types = self.history.touchpoints, self.history.names.touchpoint_types
        found = [(SIGNAL_OF_TYPE[name], code) for code, name in enumerate(types) if name in SIGNAL_OF_TYPE]
        return [(signal, self.touch_person[rows.type == code]) for signal, code in found]


class _WithPeople(Protocol):
    """Rows that may name a contact, a lead and a deal."""

    @property
    def contact(self) -> Codes: ...

    @property
    def lead(self) -> Codes: ...

    @property
    def deal(self) -> Codes: ...


_Part = tuple[Codes, Moments, Codes, Numbers]


def _part(person: Codes, at: Moments, kind: int, sure: Numbers | None = None) -> _Part:
    return person, at, np.full(len(person), kind, np.int32), np.ones(len(person)) if sure is None else sure


def _echoes_are_reactions(sightings: Sightings, calls: Attempts) -> Sightings:
    """What somebody did right after our call answers it, and says less about when they are there by themselves."""
    ours = np.sort(_placed(calls.person, calls.at))
    theirs = _placed(sightings.person, sightings.at)
    if not len(ours):
        return sightings
    before = np.searchsorted(ours, theirs, side="right") - 1
    echo = (before >= 0) & (theirs - ours[np.maximum(before, 0)] <= _ECHO)
    return replace(sightings, kind=np.where(echo, REACTION, sightings.kind).astype(np.int32))


def _placed(person: Codes, at: Moments) -> Moments:
    """One number that orders by person, then time; people lie further apart than any echo lasts."""
    return (person.astype(np.int64) << 36) + at


def _looked_up(values: Codes, rows: Codes) -> Codes:
    """`values` at `rows`; NONE where the row is NONE."""
    padded = np.append(values, np.int32(NONE))
    return np.asarray(padded[rows], np.int32)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
