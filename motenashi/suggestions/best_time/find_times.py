"""Best times of people, from what was learned and from their own history: the same code for one and for all.

A slot's stars: half a star for every 5 % by which the chance of an answer there lies above the person's own average
over all business hours, for certain (the lower end of a one-sided 95 % interval of that ratio). Five stars say at
least half again as good as their average. So stars say how sure we are, too: somebody of whom little is known has few.

Somebody whose time zone is unknown may be in any zone that others are in; each is weighed by how many people are in
it and by what the person's own evidence says to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from motenashi.sales_history.history import NONE, Codes, Flags, Moments, Numbers, Organisation, SalesHistory
from motenashi.suggestions.best_time.answer_model import LEVELS, Cells, design, expit
from motenashi.suggestions.best_time.best_times import BestTimes, Slot
from motenashi.suggestions.best_time.counting import counted
from motenashi.suggestions.best_time.evidence import Attempts, Evidence, evidence_of
from motenashi.suggestions.best_time.group_shares import shown
from motenashi.suggestions.best_time.learned_times import LearnedTimes
from motenashi.suggestions.best_time.local_clock import DAY, half_hours, offsets
from motenashi.suggestions.best_time.profiles import Belief, believe
from motenashi.suggestions.best_time.settings import BestTimeSettings
from motenashi.suggestions.best_time.signals import TWELVE

STAR_STEP: Final = 0.05
_ONE_SIDED, _TWO_SIDED = 1.645, 1.96
_MOST_ZONES: Final = 12  # that an unknown zone may be
_AT_ONCE: Final = 20_000
_PER_HOUR: Final = 2  # half hours
_NO_KIND: Final = 0.15  # nobody's day is quite one of the kinds: so much (in logs) a person's own hour may differ


@dataclass(frozen=True)
class TimesTable:
    """Best times of many people as columns. `persons`: rows of the people; `weekday`, `hour`: of each slot; the
    others are people x slots, `order` the slots best first."""

    evidence: Evidence
    channel: str
    persons: Codes
    weekday: Codes
    hour: Codes
    order: Codes
    p: Numbers
    low: Numbers
    high: Numbers
    stars: Numbers

    def preference(self) -> Flags:
        return np.asarray((self.stars > 0).any(1), np.bool_)


def best_times(
    learned: LearnedTimes,
    history: SalesHistory,
    *,
    contacts: Codes | None = None,
    leads: Codes | None = None,
    channel: str = "call",
    settings: BestTimeSettings | None = None,
) -> list[BestTimes]:
    """Of the contacts and leads asked for (rows of the history), or of all when neither is given; only of those of
    whom there is a signal or whom we tried to reach. Contacts first, in the order of the history."""
    return [
        times
        for table in times_tables(learned, history, contacts=contacts, leads=leads, channel=channel, settings=settings)
        for times in _as_words(table, learned)
    ]


def times_tables(
    learned: LearnedTimes,
    history: SalesHistory,
    *,
    contacts: Codes | None = None,
    leads: Codes | None = None,
    channel: str = "call",
    settings: BestTimeSettings | None = None,
) -> Iterator[TimesTable]:
    """As `best_times`, some thousand people at a time, as columns."""
    evidence = evidence_of(history, settings or BestTimeSettings())
    wanted = _wanted(evidence, contacts, leads)
    finder = _Finder(learned, evidence, history.organisation, channel)
    for first in range(0, len(wanted), _AT_ONCE):
        yield finder.table(wanted[first : first + _AT_ONCE])


def _wanted(evidence: Evidence, contacts: Codes | None, leads: Codes | None) -> Codes:
    asked = np.zeros(len(evidence.people), np.bool_)
    if contacts is None and leads is None:
        asked[:] = True
    if contacts is not None:
        asked[contacts] = True
    if leads is not None:
        asked[np.asarray(leads) + evidence.people.contacts] = True
    return np.flatnonzero(asked & evidence.any_seen()).astype(np.int32)


@dataclass
class _Sums:
    """Moments over what a person may be: people x slots each. `ratio`: log of the slot's chance over their average."""

    p: Numbers
    logit: Numbers
    logit_squared: Numbers
    ratio: Numbers
    ratio_squared: Numbers

    @staticmethod
    def nothing(people: int, slots: int) -> _Sums:
        return _Sums(*(np.zeros((people, slots)) for _ in range(5)))


class _Finder:
    def __init__(self, learned: LearnedTimes, evidence: Evidence, organisation: Organisation, channel: str) -> None:
        if channel not in evidence.attempts:
            raise ValueError(f"'{channel}' is no channel of best times")
        self.learned, self.channel, self.organisation = learned, channel, organisation
        self.zones = _likely_zones(learned)
        missing = tuple(zone for zone in self.zones if zone not in evidence.people.zones)
        self.people = replace(evidence.people, zones=evidence.people.zones + missing)
        self.evidence = replace(evidence, people=self.people)
        self.weekday, self.hour = business_slots(organisation)
        self.accounts = _own_codes(learned.accounts, self.people.account_ids.tolist())
        self.industries = _own_codes(learned.industries, self.people.industries)

    def table(self, persons: Codes) -> TimesTable:
        sums = _Sums.nothing(len(persons), len(self.weekday))
        zones = self.people.zone[persons]
        for zone in np.unique(zones[zones != NONE]):
            there = np.flatnonzero(zones == zone).astype(np.int32)
            belief = self._belief(persons[there], int(zone))
            self._add(sums, there, belief, self.people.zones[zone], np.ones(len(there)))
        self._add_unknown(sums, persons, np.flatnonzero(zones == NONE).astype(np.int32))
        return self._read(sums, persons)

    def _belief(self, persons: Codes, zone: int) -> Belief:
        """Their profiles, on the clock of the zone: first on their own, then with what is usual around them."""
        profiles = self.learned.profiles
        zone_of = np.full(len(self.people), zone, np.int32)
        people = counted(self.evidence, self.organisation.time_zone, persons, zone_of, aging=True)
        alone = believe(profiles, people)
        return believe(profiles, people, self._shares(persons, alone)) if len(profiles) > 1 else alone

    def _shares(self, persons: Codes, alone: Belief) -> Numbers:
        learned, people = self.learned, self.people
        own = shown(alone.profile, learned.profiles.shares)
        everybody = np.broadcast_to(learned.profiles.shares, alone.profile.shape)
        industry = self.industries[people.industry[persons]]
        above = learned.by_industry.of(industry, everybody, own)
        return learned.by_account.of(self.accounts[people.account[persons]], above, own)

    def _add_unknown(self, sums: _Sums, persons: Codes, rows: Codes) -> None:
        if not len(rows):
            return
        codes = [self.people.zones.index(zone) for zone in self.zones]
        beliefs = [self._belief(persons[rows], code) for code in codes]
        shares = np.log(list(self.zones.values()))
        logs = np.stack([one.evidence for one in beliefs], 1) + shares
        weights = np.exp(logs - logs.max(1, keepdims=True))
        weights /= weights.sum(1, keepdims=True)
        for place, (belief, zone) in enumerate(zip(beliefs, self.zones, strict=True)):
            self._add(sums, rows, belief, zone, weights[:, place])

    def _add(self, sums: _Sums, rows: Codes, belief: Belief, zone: str, weight: Numbers) -> None:
        """What they may be in this zone, weighed; `rows` of the sums."""
        slots = self._slots(zone)
        joint = belief.profile[:, :, None] * belief.level[self.channel] * weight[:, None, None]
        flat = joint.reshape(len(rows), -1)
        for total, values in zip(vars(sums).values(), slots, strict=True):
            total[rows] += flat @ values

    def _slots(self, zone: str) -> tuple[Numbers, ...]:
        """For each profile and level (rows) and slot: chance, logit and its square, ratio and its square; the squares
        with the variance of what was learned."""
        profiles = self.learned.profiles
        model, curves = profiles.answers[self.channel], profiles.curves()
        cells = _cells(self.organisation, zone, self.weekday, self.hour)
        rows = design(curves, cells, hours=model.hours).toarray()
        rows = rows.reshape(len(profiles), len(self.weekday), _PER_HOUR, -1).mean(2)
        logit = (rows @ model.coefficients)[:, None, :] + model.spread * LEVELS[None, :, None]
        chance = expit(logit)
        log = np.log(chance)
        ratio = log - np.log(chance.mean(2, keepdims=True))
        doubt = np.einsum("ksd,de,kse->ks", rows, model.covariance, rows)[:, None, :]
        apart = rows - rows.mean(1, keepdims=True)
        doubt_apart = np.einsum("ksd,de,kse->ks", apart, model.covariance, apart)[:, None, :] * (1 - chance) ** 2
        parts = (chance, logit, logit**2 + doubt, ratio, ratio**2 + doubt_apart)
        return tuple(part.reshape(-1, len(self.weekday)) for part in parts)

    def _read(self, sums: _Sums, persons: Codes) -> TimesTable:
        spread = np.sqrt(np.maximum(sums.logit_squared - sums.logit**2, 0.0))
        doubt = np.sqrt(np.maximum(sums.ratio_squared - sums.ratio**2, 0.0) + _NO_KIND**2)
        surely = np.expm1(sums.ratio - _ONE_SIDED * doubt)
        stars = np.clip(np.floor(surely / STAR_STEP + 1e-9) / 2, 0.0, 5.0)
        low = np.minimum(expit(sums.logit - _TWO_SIDED * spread), sums.p)
        high = np.maximum(expit(sums.logit + _TWO_SIDED * spread), sums.p)
        order = np.argsort(-np.round(sums.p, 9), axis=1, kind="stable").astype(np.int32)
        return TimesTable(
            self.evidence, self.channel, persons, self.weekday, self.hour, order, sums.p, low, high, stars
        )


def business_slots(organisation: Organisation) -> tuple[Codes, Codes]:
    """Weekday and hour of every hour of the week of which at least half is a business hour. A closing time at or
    before the opening is the next morning's."""
    opens, closes = organisation.opens, organisation.closes
    closes += 24 * 60 if closes <= opens else 0
    hours = [hour for hour in range(48) if min(closes, hour * 60 + 60) - max(opens, hour * 60) >= 30]
    slots = sorted(((day + hour // 24) % 7, hour % 24) for day in organisation.business_days for hour in hours)
    found = np.asarray(slots, np.int32).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _cells(organisation: Organisation, zone: str, weekday: Codes, hour: Codes) -> Cells:
    """Both half hours of every slot of the week that begins now, on the clock of the zone."""
    moments = _next_week(organisation, weekday, hour)
    halves = (moments[:, None] + np.arange(_PER_HOUR) * (3600 // _PER_HOUR)).ravel()
    return Cells(half_hours(zone, halves), np.repeat(weekday, _PER_HOUR), np.repeat(hour, _PER_HOUR))


def _next_week(organisation: Organisation, weekday: Codes, hour: Codes) -> Moments:
    """The moments at which the slots next begin, so that both clocks' summer times are as they will be."""
    zone = organisation.time_zone
    now = np.asarray([organisation.as_of], np.int64)
    midnight = int((now + offsets(zone, now))[0]) // DAY * DAY
    today = (midnight // DAY + 3) % 7
    wall = midnight + (weekday.astype(np.int64) - today) % 7 * DAY + hour.astype(np.int64) * 3600
    return np.asarray(wall - offsets(zone, wall - offsets(zone, now)[0]), np.int64)


def _likely_zones(learned: LearnedTimes) -> dict[str, float]:
    """Where somebody of unknown zone may be, and how probably. When nobody's is known, no hour was learned: then any
    clock gives the same answer."""
    shares = sorted(learned.zones.items(), key=lambda item: -item[1])[:_MOST_ZONES]
    return dict(shares) or {"UTC": 1.0}


def _own_codes(learned: tuple[str, ...], names: list[str] | tuple[str, ...]) -> Codes:
    """Codes of this history -> codes of what was learned; NONE (also as the last place) for what is new."""
    places = {name: place for place, name in enumerate(learned)}
    return np.asarray([places.get(name, NONE) for name in names] + [NONE], np.int32)


def _as_words(table: TimesTable, learned: LearnedTimes) -> Iterator[BestTimes]:
    people = table.evidence.people
    tried, answered = _own_attempts(table.evidence.attempts[table.channel], len(people))
    preference = table.preference()
    for row, person in enumerate(table.persons.tolist()):
        seen = table.evidence.signals[person].tolist()
        yield BestTimes(
            person_id=str(people.ids[person]),
            channel=table.channel,
            slots=_slots_of(table, row),
            preference=bool(preference[row]),
            attempts=int(tried[person]),
            answered=round(float(answered[person])),
            signals=tuple((name, count) for name, count in zip(TWELVE, seen, strict=True) if count),
            time_zone=people.zones[people.zone[person]] if people.zone[person] != NONE else "",
            learned_at=learned.learned_at,
        )


def _own_attempts(attempts: Attempts, people: int) -> tuple[Numbers, Numbers]:
    tried = np.bincount(attempts.person, minlength=people).astype(np.float64)
    return tried, np.bincount(attempts.person, attempts.answered, minlength=people).astype(np.float64)


def _slots_of(table: TimesTable, row: int) -> tuple[Slot, ...]:
    order = table.order[row]
    columns = (table.weekday[order], table.hour[order], table.p[row, order], table.low[row, order])
    more = (table.high[row, order], table.stars[row, order])
    return tuple(map(Slot, *(column.tolist() for column in (*columns, *more))))
