"""Does the hour carry any information? Asked of attempts that learning has not seen, and only foretold from before.

In many companies people answer as often at any hour, and only the person matters. So each later attempt is foretold
from the person's own earlier evidence twice, with the hour and without, by models learned from other people; both know
kinds of people, and that some kinds answer more often than others. Only
where the hour foretells better, beyond chance, is it used at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from motenashi.sales_history.history import Moments, Numbers
from motenashi.suggestions.best_time.evidence import Attempts, Evidence
from motenashi.suggestions.best_time.learned_times import HourTest
from motenashi.suggestions.best_time.profiles import Counted, Profiles, believe

# One-sided: without any preference, one company in forty is told of one.
CERTAIN: Final = 1.96
_FEWEST: Final = 50  # attempts; fewer decide nothing


def halfway(attempts: Attempts, people: int) -> Moments:
    """For each person the moment of the attempt in the middle of theirs; the end of time for who has none."""
    moments = np.full(people, np.iinfo(np.int64).max, np.int64)
    order = np.lexsort((attempts.at, attempts.person))
    person = attempts.person[order]
    first = np.searchsorted(person, np.arange(people), side="left")
    count = np.searchsorted(person, np.arange(people), side="right") - first
    tried = count > 0
    moments[tried] = attempts.at[order][first[tried] + count[tried] // 2]
    return moments


def earlier(evidence: Evidence, cut: Moments) -> Evidence:
    """What was known of each person before their moment."""
    attempts = {channel: one.only(one.at < cut[one.person]) for channel, one in evidence.attempts.items()}
    seen = evidence.sightings
    return replace(evidence, attempts=attempts, sightings=seen.only(seen.at < cut[seen.person]))


def with_later(known: Evidence, evidence: Evidence, channel: str, cut: Moments) -> Evidence:
    """What was known before, and one channel's attempts from the moment on."""
    every = evidence.attempts[channel]
    return replace(known, attempts={**known.attempts, channel: every})


@dataclass(frozen=True)
class Later:
    """Some people at their moment: `before` counts what was known, `after` that and one channel's later attempts."""

    before: Counted
    after: Counted
    attempts: int

    def foretold(self, profiles: Profiles) -> Numbers:
        """For each person: log probability of the later attempts, given what was known."""
        return believe(profiles, self.after).evidence - believe(profiles, self.before).evidence


def compare(with_hour: Numbers, without: Numbers, attempts: int) -> HourTest:
    """`with_hour`, `without`: log probabilities of the same people's later attempts."""
    gains = with_hour - without
    if attempts < _FEWEST or len(gains) < 2:
        return HourTest(attempts, 0.0, 0.0, matters=False)
    error = float(gains.std(ddof=1)) / np.sqrt(len(gains))
    certainty = float(gains.mean()) / error if error > 0 else 0.0
    return HourTest(attempts, float(gains.mean()), float(certainty), matters=bool(certainty > CERTAIN))
