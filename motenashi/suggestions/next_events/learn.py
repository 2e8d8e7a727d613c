"""From an event log to what comes next in it: several methods, each learned twice.

First without a part of the log, to see there how much each is worth; then with all of it. Which part depends on what
will be asked: for cases that go on after the log has ended it is the newest part; for moments among those of the log
(what would have come next, then?) it is every fifth case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from motenashi.suggestions.next_events.blend import pooled, shares, trusts
from motenashi.suggestions.next_events.chain import Chain
from motenashi.suggestions.next_events.columns import columns
from motenashi.suggestions.next_events.contexts import Span, ladders
from motenashi.suggestions.next_events.event_log import EventLog, Keys, Numbers, Rows, Seconds
from motenashi.suggestions.next_events.followers import Followers, followers
from motenashi.suggestions.next_events.medians import MedianGaps
from motenashi.suggestions.next_events.read_log import Progress
from motenashi.suggestions.next_events.settings import NextEventsSettings
from motenashi.suggestions.next_events.trees import (
    MOST_ROUNDS,
    ActivityTrees,
    Columns,
    GapCheck,
    GapTrees,
    activity_trees,
    gap_trees,
)

END = "[end]"
_CELLS = 4_000_000  # rows × classes looked at in one go


@dataclass(frozen=True)
class Methods:
    """Everything learned from one span of time."""

    span: Span
    chains: Mapping[str, Chain]
    gaps: Mapping[str, MedianGaps]
    activity_trees: ActivityTrees | None
    gap_trees: tuple[GapTrees, ...]

    def activities(self, keys: Mapping[str, Sequence[Keys]], seen: Columns) -> list[Numbers]:
        """What each method says comes next: rows × classes."""
        told = [chain.probabilities(keys[name]) for name, chain in self.chains.items()]
        if self.activity_trees:
            told.append(self.activity_trees.probabilities(seen, told[0]))
        return told

    def medians(self, keys: Mapping[str, Sequence[Keys]], seen: Columns) -> list[Seconds]:
        """What each method says about the gap, in seconds."""
        told = [gap.medians(keys[name]) for name, gap in self.gaps.items()]
        return told + [trees.medians(seen) for trees in self.gap_trees]


@dataclass(frozen=True)
class LearnedEvents:
    """`names`: activities (and the end, when asked for) in the order of the classes. `firsts`: how often cases begin
    with each. `trust`, `share`: of the methods, for the activity and the gap."""

    names: tuple[str, ...]
    with_end: bool
    firsts: Numbers
    frequent: Rows
    among: bool
    methods: Methods
    trust: Numbers
    share: Numbers
    settings: NextEventsSettings

    @property
    def classes(self) -> int:
        return len(self.names) + self.with_end

    def next_of(self, log: EventLog, rows: Rows) -> tuple[Numbers, Seconds]:
        """Probabilities (rows × classes) and median gaps in seconds after the given rows of a log in our codes."""
        keys = ladders(log, self.methods.span, longest=self.settings.longest_context)
        keys_there = {name: [one[rows] for one in rungs] for name, rungs in keys.items()}
        seen = columns(log, rows, self.frequent, dated=self.among)
        likely = pooled(self.methods.activities(keys_there, seen), self.trust)
        return likely, np.tensordot(self.share, np.stack(self.methods.medians(keys_there, seen)), axes=1)


def learn(
    log: EventLog,
    *,
    with_end: bool = False,
    among: bool = False,
    settings: NextEventsSettings | None = None,
    progress: Progress | None = None,
) -> LearnedEvents | None:
    """None when no case has a second event: nothing follows anything then.

    `among`: the questions will be about moments before the end of this log. `with_end`: a case may end, too.
    """
    settings = settings or NextEventsSettings()
    tell = progress or (lambda what, done, of: None)
    known = followers(log, with_end=with_end)
    if not len(known) or not (known.codes < len(log.names)).any():
        return None
    classes = len(log.names) + with_end
    frequent = np.argsort(-np.bincount(log.activity, minlength=len(log.names)), kind="stable")
    learner = _Learner(log, known, classes, frequent, among, settings)
    tell("weighing the methods", 0, 2)
    trust, share, rounds = learner.weighed()
    tell("learning from the whole log", 1, 2)
    methods = learner.methods(known, Span.of(log), rounds)
    firsts = np.bincount(log.activity[log.starts], minlength=classes).astype(np.float64)
    tell("learned", 2, 2)
    return LearnedEvents(log.names, with_end, firsts / firsts.sum(), frequent, among, methods, trust, share, settings)


@dataclass(frozen=True)
class _Rounds:
    """Of boosting, for the activity and the two kinds of gap; 0: no such trees."""

    activity: int = 0
    gaps: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class _Learner:
    log: EventLog
    known: Followers
    classes: int
    frequent: Rows
    among: bool
    settings: NextEventsSettings

    def weighed(self) -> tuple[Numbers, Numbers, _Rounds]:
        """Trust, shares and rounds of boosting, from a part of the log after learning from the rest."""
        older, newer, ends = self._parted()
        newer = newer.of(self._sample(len(newer), min(self.settings.held_out_rows, _CELLS // self.classes + 1)))
        if min(len(older), len(newer)) < self.settings.fewest_rows // 5 or len(older) < self.settings.fewest_rows:
            return _even(4), _even(4), _Rounds()
        span = Span(float(self.log.at.min()), ends)
        methods = self.methods(older, span, None, check=newer)
        keys = ladders(self.log, span, longest=self.settings.longest_context)
        there = {name: [one[newer.rows] for one in rungs] for name, rungs in keys.items()}
        seen = self._columns(newer)
        trust = trusts(methods.activities(there, seen), newer.codes, newer.weights)
        goes_on = (newer.codes < len(self.log.names)).astype(np.float64)
        share = shares(methods.medians(there, seen), newer.gaps, newer.weights * goes_on)
        return trust, share, _rounds_of(methods)

    def _parted(self) -> tuple[Followers, Followers, float]:
        """What to learn from, what to check with, and when the first ends. Nothing of the first is known later."""
        if self.among:
            every = round(1 / self.settings.held_out)
            checked = (np.cumsum(np.isin(np.arange(len(self.log)), self.log.starts)) % every == 0)[self.known.rows]
            return self.known.of(~checked), self.known.of(checked), Span.of(self.log).ends
        cut = float(np.quantile(self.log.at[self.known.rows], 1.0 - self.settings.held_out))
        later = self.log.at[self.known.rows] >= cut
        return self.known.of(self.known.known_at < cut), self.known.of(later), cut

    def _columns(self, known: Followers) -> Columns:
        return columns(self.log, known.rows, self.frequent, dated=self.among)

    def methods(
        self, known: Followers, span: Span, rounds: _Rounds | None, *, check: Followers | None = None
    ) -> Methods:
        """Learn from these followers. `rounds` None: as many as help on `check`."""
        keys = ladders(self.log, span, longest=self.settings.longest_context)
        there = {name: [one[known.rows] for one in rungs] for name, rungs in keys.items()}
        goes_on = known.codes < len(self.log.names)
        chains = {
            name: Chain.learned(rungs, known.codes, known.weights, classes=self.classes)
            for name, rungs in there.items()
        }
        gaps = {
            name: MedianGaps.learned([one[goes_on] for one in rungs], known.gaps[goes_on], known.weights[goes_on])
            for name, rungs in there.items()
        }
        activity = self._activity_trees(known, rounds, check)
        return Methods(span, chains, gaps, activity, self._gap_trees(known.of(goes_on), rounds, check))

    def _activity_trees(
        self, known: Followers, rounds: _Rounds | None, check: Followers | None
    ) -> ActivityTrees | None:
        if rounds is not None and not rounds.activity:
            return None
        drawn = known.of(self._sample(len(known), self.settings.boosted_rows))
        often = np.argsort(-np.bincount(known.codes, minlength=self.classes), kind="stable")
        often = often[: self.settings.boosted_classes]
        affordable = self.settings.boosted_work // (len(drawn) * (len(often) + 1))
        return activity_trees(
            *(self._columns(drawn), drawn.codes, drawn.weights, often),
            rounds=rounds.activity if rounds else int(np.clip(affordable, 20, MOST_ROUNDS)),
            seed=self.settings.seed,
            check=(self._columns(check), check.codes, check.weights) if check is not None else None,
        )

    def _gap_trees(self, known: Followers, rounds: _Rounds | None, check: Followers | None) -> tuple[GapTrees, ...]:
        if rounds is not None and not rounds.gaps[0]:
            return ()
        drawn = known.of(self._sample(len(known), self.settings.boosted_rows))
        seen = self._columns(drawn)
        checked: GapCheck | None = None
        if check is not None:
            going_on = check.of(check.codes < len(self.log.names))
            checked = (self._columns(going_on), going_on.gaps, going_on.weights)
        return tuple(
            gap_trees(
                *(seen, drawn.gaps, drawn.weights),
                logarithmic=logarithmic,
                rounds=rounds.gaps[logarithmic] if rounds else MOST_ROUNDS,
                seed=self.settings.seed,
                check=checked,
            )
            for logarithmic in (False, True)
        )

    def _sample(self, of: int, most: int) -> Rows:
        """Rows in order, at most so many, drawn with the seed."""
        if of <= most:
            return np.arange(of)
        draw = np.random.default_rng(self.settings.seed)
        return np.sort(draw.choice(of, most, replace=False))


def _rounds_of(methods: Methods) -> _Rounds:
    plain, logarithmic = (trees.rounds for trees in methods.gap_trees)
    return _Rounds(methods.activity_trees.rounds if methods.activity_trees else 0, (plain, logarithmic))


def _even(methods: int) -> Numbers:
    return np.full(methods, 1.0 / methods)
