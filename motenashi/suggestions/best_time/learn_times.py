"""Learn when people answer, from a whole history: how many kinds of days there are, and whether the hour matters.

learn_times() is the door. The number of profiles and the hour are decided on people that were left out of learning;
then all are learned together. A sample of people suffices, so the time it takes hardly grows with the company.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from motenashi.sales_history.history import NONE, Codes, SalesHistory
from motenashi.suggestions.best_time.counting import counted
from motenashi.suggestions.best_time.evidence import CHANNELS, Evidence, People, evidence_of
from motenashi.suggestions.best_time.group_shares import learn_shares, shown
from motenashi.suggestions.best_time.hour_test import Later, compare, earlier, halfway, with_later
from motenashi.suggestions.best_time.learned_times import HourTest, LearnedTimes
from motenashi.suggestions.best_time.profiles import Counted, Profiles, believe, find_profiles
from motenashi.suggestions.best_time.settings import BestTimeSettings

Progress = Callable[[str, float], None]  # what is being done, and how much of all is behind us (0 to 1)

_NUMBERS: Final = (1, 2, 3, 5, 8)  # of profiles, tried in this order until one more does not foretell better
_LEARN_FROM: Final = 12_000  # people at most
_DECIDE_WITH: Final = 6_000
_ROUNDS: Final = 15  # of EM, to decide; and to learn in the end:
_LAST_ROUNDS: Final = 40
_FEWEST: Final = 60  # people with evidence; fewer are one kind
_SOME_HOURS: Final[Mapping[str, bool]] = dict.fromkeys(CHANNELS, True)
_NO_HOURS: Final[Mapping[str, bool]] = dict.fromkeys(CHANNELS, False)


def learn_times(
    history: SalesHistory, *, settings: BestTimeSettings | None = None, progress: Progress | None = None
) -> LearnedTimes:
    """Of an empty history, too: then nothing is claimed of anybody."""
    say = progress or (lambda doing, share: None)
    say("evidence", 0.0)
    evidence = evidence_of(history, settings or BestTimeSettings())
    company = _Company(evidence, history.organisation.time_zone)
    persons = company.to_learn_from()
    decided = _Decided.nothing()
    if len(persons) >= _FEWEST:
        decided = _decide(company, persons[:_DECIDE_WITH], say)
    say("profiles", 0.7)
    profiles = find_profiles(company.counted(persons), decided.number, decided.hours, rounds=_LAST_ROUNDS)
    say("groups", 0.9)
    learned = _with_groups(company, profiles, decided, history)
    say("done", 1.0)
    return learned


class _Company:
    """The evidence of one company, and the choice of people to learn from."""

    def __init__(self, evidence: Evidence, time_zone: str) -> None:
        self.evidence, self.time_zone = evidence, time_zone
        self.people: People = evidence.people

    def counted(self, persons: Codes, evidence: Evidence | None = None, *, aging: bool = False) -> Counted:
        return counted(evidence or self.evidence, self.time_zone, persons, self.people.zone, aging=aging)

    def to_learn_from(self) -> Codes:
        """People of known zone with evidence, in an order that is random and always the same."""
        persons = np.flatnonzero(self.evidence.any_seen() & (self.people.zone >= 0)).astype(np.int32)
        return np.random.default_rng(4).permutation(persons)[:_LEARN_FROM]


@dataclass(frozen=True)
class _Decided:
    number: int
    hours: Mapping[str, bool]
    tests: Mapping[str, HourTest]

    @staticmethod
    def nothing() -> _Decided:
        tests = dict.fromkeys(CHANNELS, HourTest(0, 0.0, 0.0, matters=False))
        return _Decided(1, _NO_HOURS, tests)


def _decide(company: _Company, persons: Codes, say: Progress) -> _Decided:
    """Learn from one half of the people, judge on the other, and the other way round."""
    halves = (persons[::2], persons[1::2])
    counts = [company.counted(half) for half in halves]
    number, learned = _best_number(counts, say)
    tests = {}
    for channel in CHANNELS:
        say(f"hours of {channel}", 0.5 if channel == "call" else 0.6)
        # The same kinds of people, each as ready to answer as it is, but at any hour.
        flat = [find_profiles(one, number, {**_SOME_HOURS, channel: False}, rounds=_ROUNDS) for one in counts]
        others = [_later(company, half, channel) for half in reversed(halves)]
        with_hour = [one.foretold(profiles) for one, profiles in zip(others, learned, strict=True)]
        without = [one.foretold(profiles) for one, profiles in zip(others, flat, strict=True)]
        attempts = sum(one.attempts for one in others)
        tests[channel] = compare(np.concatenate(with_hour), np.concatenate(without), attempts)
    hours = {channel: test.matters for channel, test in tests.items()}
    return _Decided(number, hours, tests)


def _best_number(counts: list[Counted], say: Progress) -> tuple[int, list[Profiles]]:
    """The number of profiles that foretells left out people best, and what each half learned with it."""
    best, kept, top = 1, [], -np.inf
    for place, number in enumerate(_NUMBERS):
        say("number of profiles", 0.1 + 0.06 * place)
        learned = [find_profiles(one, number, _SOME_HOURS, rounds=_ROUNDS) for one in counts]
        score = sum(float(believe(a, b).evidence.sum()) for a, b in zip(learned, reversed(counts), strict=True))
        if score <= top:
            break
        best, kept, top = number, learned, score
    return best, kept


def _later(company: _Company, persons: Codes, channel: str) -> Later:
    evidence = company.evidence
    attempts = evidence.attempts[channel]
    tried = persons[np.isin(persons, attempts.person)]
    cut = halfway(attempts, len(company.people))
    known = earlier(evidence, cut)
    before = company.counted(tried, known, aging=True)
    after = company.counted(tried, with_later(known, evidence, channel, cut), aging=True)
    later = np.isin(attempts.person, tried) & (attempts.at >= cut[attempts.person])
    return Later(before, after, int(later.sum()))


def _with_groups(company: _Company, profiles: Profiles, decided: _Decided, history: SalesHistory) -> LearnedTimes:
    """What people of one account and one industry have in common, from everybody with evidence."""
    people, evidence = company.people, company.evidence
    persons = np.flatnonzero(evidence.any_seen() & (people.zone >= 0)).astype(np.int32)
    belief = believe(profiles, company.counted(persons, aging=True)).profile
    own, likelihood = shown(belief, profiles.shares), belief / profiles.shares
    industry, account = people.industry[persons], people.account[persons]
    everybody = np.broadcast_to(profiles.shares, belief.shape)
    by_industry = learn_shares(industry, len(people.industries), everybody, own, likelihood)
    above = by_industry.of(industry, everybody, own)
    by_account = learn_shares(account, len(people.account_ids), above, own, likelihood)
    return LearnedTimes(
        profiles,
        decided.tests,
        _zone_shares(people, persons),
        people.industries,
        by_industry,
        tuple(people.account_ids.tolist()),
        by_account,
        len(persons),
        datetime.fromtimestamp(history.organisation.as_of, UTC),
    )


def _zone_shares(people: People, persons: Codes) -> dict[str, float]:
    zones = people.zone[persons]
    counts = np.bincount(zones[zones != NONE], minlength=len(people.zones))
    total = max(int(counts.sum()), 1)
    return {zone: float(count / total) for zone, count in zip(people.zones, counts, strict=True) if count}
