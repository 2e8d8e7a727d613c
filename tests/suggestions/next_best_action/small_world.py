"""A small company made up for the tests: salespeople chase hot deals, and the true effect of every action is known.

Different in form from a plain table of effects on purpose: what works depends on stage, industry, type and on what the
customer did last, it wears off when repeated, it drifts over the months, and the season moves everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import (
    NEVER,
    NONE,
    Accounts,
    Activities,
    Contacts,
    Deals,
    Emails,
    Leads,
    Names,
    Organisation,
    SalesHistory,
    StageChanges,
    Touchpoints,
    Users,
)

DAY = 86_400
START = 1_704_067_200  # 2024-01-01T00:00:00Z
STAGES = ("Qualification", "Needs Analysis", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
ACTIONS = (
    "call:follow_up",
    "call:discovery",
    "call:negotiation",
    "event:demo",
    "event:meeting",
    "event:contract_review",
    "email:follow_up",
    "email:product_info",
    "email:quote",
    "email:discount",
    "email:trial_extension",
    "email:renewal",
)
PURPOSES = tuple(sorted({action.split(":")[1] for action in ACTIONS}))
INDUSTRIES = ("Retail", "Finance", "Software", "Education", "Logistics", "Healthcare")
TYPES = ("New Business", "Existing Business", "Renewal")
SOURCES = ("Web", "Referral", "Partner", "Cold Call")
SIGNALS = ("visit", "form", "chat", "like_or_dm")
OPEN_STAGES = 4

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Truth:
    """What really works. `ideal_days` by stage and type; `action` by stage, action; the others are on top of it."""

    action: Array
    industry: Array
    type: Array
    repeat: Array
    after_signal: Array
    drift: Array
    ideal_days: Array
    repetition: float
    season: float
    heat_counts: float


@dataclass(frozen=True)
class SmallWorld:
    """`chances`: for each open deal (row) and action the true chance to move on. `elapsed`, `ideal`: days."""

    history: SalesHistory
    truth: Truth
    open_deals: NDArray[np.int64]
    chances: Array
    elapsed: Array
    ideal: Array


@dataclass
class _Diary:
    """Everything that happened, in lists of arrays."""

    contacts: list[tuple[NDArray[np.int64], ...]] = field(default_factory=list)
    signals: list[tuple[NDArray[np.int64], ...]] = field(default_factory=list)
    changes: list[tuple[NDArray[np.int64], ...]] = field(default_factory=list)


def make_truth(random: np.random.Generator, strength: float = 1.0) -> Truth:
    actions = len(ACTIONS)
    return Truth(
        action=strength * random.normal(0, 0.4, (OPEN_STAGES, actions)),
        industry=strength * random.normal(0, 0.2, (OPEN_STAGES, actions, len(INDUSTRIES))),
        type=strength * random.normal(0, 0.2, (OPEN_STAGES, actions, len(TYPES))),
        repeat=strength * random.normal(0, 0.2, (OPEN_STAGES, actions, 2)),
        after_signal=strength * random.normal(0, 0.3, (actions, 2)),
        drift=strength * random.normal(0, 0.1, (OPEN_STAGES, actions)),
        ideal_days=np.exp(random.normal(np.log(6), 0.25, (OPEN_STAGES, 1)) + random.normal(0, 0.15, (1, len(TYPES)))),
        repetition=0.6 if strength else 0.0,
        season=0.25,
        heat_counts=0.8,
    )


def small_world(
    deals: int,
    seed: int = 1,
    *,
    strength: float = 1.0,
    sensing: float = 0.0,
    chasing: float = 1.0,
    months: int = 24,
    truth: Truth | None = None,
) -> SmallWorld:
    """`strength` 0: nothing works. `chasing`: how much salespeople favour certain actions on deals whose customers
    stir. `sensing`: the same for how hot they are in truth, which no record shows."""
    random = np.random.default_rng(seed)
    truth = truth or make_truth(random, strength)
    company = _Company(random, deals, truth, chasing, sensing, START + months * 30 * DAY)
    company.run()
    return company.world()


class _Company:
    def __init__(
        self, random: np.random.Generator, deals: int, truth: Truth, chasing: float, sensing: float, end: int
    ) -> None:
        self.random, self.truth, self.end, self.count = random, truth, end, deals
        actions, owners = len(ACTIONS), 13
        self.industry = random.integers(0, len(INDUSTRIES), deals)
        self.type = random.choice(len(TYPES), deals, p=(0.6, 0.25, 0.15))
        self.repeat = (random.random(deals) < np.where(self.type == 0, 0.1, 0.8)).astype(int)
        self.source = random.choice(len(SOURCES), deals, p=(0.4, 0.2, 0.15, 0.25))
        self.owner = random.integers(0, owners, deals)
        self.created = (START + random.random(deals) * (end - START)).astype(np.int64)
        self.heat = random.normal(0, 0.8, deals) + np.array((0, 0.6, 0.2, -0.5))[self.source]
        self.stage = np.zeros(deals, np.int64)
        self.counts = np.zeros((deals, actions))
        self.stir = np.zeros(deals)  # signals seen, fading
        self.last, self.last_group = self.created.copy(), np.zeros(deals, np.int64)
        self.contacted = np.zeros(deals, bool)
        self.closed = np.full(deals, NEVER)
        self.habit = random.normal(0, 0.6, (OPEN_STAGES, actions))
        self.fancy = random.normal(0, 0.5, (owners, actions))
        self.sensing = sensing
        self.chase = chasing * random.normal(0, 1, actions)
        self.skill = random.normal(0, 0.25, owners)
        self.diary = _Diary()

    def run(self) -> None:
        everyone = np.arange(self.count)
        self._changed(everyone, np.full(self.count, NONE), self.stage.copy(), self.created)
        for _ in range(60):
            here = np.flatnonzero((self.stage < OPEN_STAGES) & (self.last < self.end))
            if not len(here):
                break
            self._one_contact(here)

    def _ideal(self, here: NDArray[np.int64]) -> Array:
        return self.truth.ideal_days[self.stage[here], self.type[here]]

    def _one_contact(self, here: NDArray[np.int64]) -> None:
        random = self.random
        gap = self._ideal(here) * np.exp(random.normal(0, 0.55, len(here)) - 0.15 * self.heat[here])
        at = self.last[here] + (gap * DAY).astype(np.int64)
        done = at < self.end
        self._signals(here, np.minimum(at, self.end))
        self.last[here[~done]] += 10 * (self.end - START)  # nothing more happens before the end
        here, at, gap = here[done], at[done], gap[done]
        self.heat[here] = 0.97 * self.heat[here] + random.normal(0, 0.15, len(here))
        pull = (
            self.habit[self.stage[here]]
            + self.fancy[self.owner[here]]
            + (2 * np.log1p(self.stir[here]) - 1 + self.sensing * self.heat[here])[:, None] * self.chase
        )
        action = np.argmax(pull + random.gumbel(size=pull.shape), axis=1)
        chance = np.take_along_axis(self.chances(here, gap, at), action[:, None], 1)[:, 0]
        lost = 1 / (1 + np.exp(2.2 + 0.6 * self.heat[here] + 0.25 * self.stage[here]))
        draw = random.random(len(here))
        self.diary.contacts.append((here, at, action))
        self.counts[here, action] += 1
        self.last[here], self.contacted[here] = at, True
        self._outcome(here, at, draw < chance, (draw >= chance) & (draw < chance + (1 - chance) * lost))

    def _outcome(
        self, here: NDArray[np.int64], at: NDArray[np.int64], up: NDArray[np.bool_], lost: NDArray[np.bool_]
    ) -> None:
        moved = (up | lost) & (at + DAY < self.end)
        who, when = here[moved], at[moved] + self.random.integers(3600, 80_000, int(moved.sum()))
        new = np.where(up[moved], self.stage[who] + 1, OPEN_STAGES + 1)
        self._changed(who, self.stage[who], new, when)
        self.stage[who], self.counts[who] = new, 0
        self.closed[who[new >= OPEN_STAGES]] = when[new >= OPEN_STAGES]

    def _signals(self, here: NDArray[np.int64], until: NDArray[np.int64]) -> None:
        days = (until - self.last[here]) / DAY
        number = self.random.poisson(0.15 * np.exp(self.truth.heat_counts * self.heat[here]) * np.maximum(days, 0))
        who = np.repeat(here, number)
        start, length = np.repeat(self.last[here], number), np.repeat(days * DAY, number)
        at = start + (self.random.random(len(who)) * length).astype(np.int64)
        self.diary.signals.append((who, at, self.random.integers(0, len(SIGNALS), len(who))))
        self.last_group[here] = (number > 0).astype(int)
        self.stir[here] *= np.exp(-days / 10)
        np.add.at(self.stir, who, np.exp(-(np.repeat(until, number) - at) / DAY / 10))

    def _changed(self, *row: NDArray[np.int64]) -> None:
        self.diary.changes.append(row)

    def chances(self, here: NDArray[np.int64], gap: Array, at: NDArray[np.int64]) -> Array:
        """The true chance of every action for these deals after that many days of silence."""
        truth, stage = self.truth, self.stage[here]
        years = (at - START) / DAY / 365
        effect = (
            truth.action[stage]
            + truth.industry[stage, :, self.industry[here]]
            + truth.type[stage, :, self.type[here]]
            + truth.repeat[stage, :, self.repeat[here]]
            + truth.after_signal.T[self.last_group[here]]
            + truth.drift[stage] * years[:, None]
            - truth.repetition * self.counts[here]
        )
        level = np.array((-1.5, -1.3, -0.9, -0.6))[stage] + 0.9 * self.heat[here] + self.skill[self.owner[here]]
        level = level + truth.season * np.sin(2 * np.pi * years) - 0.5 * np.log(gap / self._ideal(here)) ** 2
        return np.asarray(1 / (1 + np.exp(-(effect + level[:, None]))), dtype=np.float64)

    def world(self) -> SmallWorld:
        who, at, action = (np.concatenate(column) for column in zip(*self.diary.contacts, strict=True))
        last = self.created.copy()
        np.maximum.at(last, who, at)
        here = np.flatnonzero(self.stage < OPEN_STAGES)
        elapsed = (self.end - last[here]) / DAY
        since = np.concatenate([s[0][s[1] >= last[s[0]]] for s in self.diary.signals])
        self.last_group = np.isin(np.arange(self.count), since).astype(int)
        chances = self.chances(here, np.maximum(elapsed, 0.25), np.full(len(here), self.end))
        return SmallWorld(self._history(who, at, action), self.truth, here, chances, elapsed, self._ideal(here))

    def _history(self, who: NDArray[np.int64], at: NDArray[np.int64], action: NDArray[np.int64]) -> SalesHistory:
        return SalesHistory(
            Organisation("Asia/Tokyo", (0, 1, 2, 3, 4), 540, 1080, self.end),
            NAMES,
            Users(_ids("u", 13), np.zeros(13, np.int32)),
            Accounts(_ids("a", self.count), self.industry.astype(np.int32)),
            Contacts(_ids("c", self.count), np.arange(self.count, dtype=np.int32), np.zeros(self.count, np.int32)),
            no_leads(),
            self._deals(),
            self._stage_changes(),
            _activities(who, at, action, self.owner),
            _emails(who, at, action, self.owner),
            self._touchpoints(),
        )

    def _deals(self) -> Deals:
        every = np.arange(self.count, dtype=np.int32)
        narrow = [c.astype(np.int32) for c in (self.owner, self.industry, self.type, self.source, self.stage)]
        amount = np.exp(self.random.normal(9, 1, self.count))
        expected = self.created + 90 * DAY
        return Deals(
            _ids("d", self.count), every, every, *narrow, self.repeat > 0, amount, self.created, expected, self.closed
        )

    def _stage_changes(self) -> StageChanges:
        deal, old, new, at = (np.concatenate(column) for column in zip(*self.diary.changes, strict=True))
        order = np.lexsort((at, deal))
        return StageChanges(*(c[order].astype(np.int32) for c in (deal, old, new)), at[order])

    def _touchpoints(self) -> Touchpoints:
        deal, at, type_ = (np.concatenate(column) for column in zip(*self.diary.signals, strict=True))
        order = np.argsort(at, kind="stable")
        deal, type_, zeros = deal[order].astype(np.int32), type_[order].astype(np.int32), np.zeros(len(at), np.int32)
        return Touchpoints(deal, deal, zeros + NONE, zeros, type_, np.ones(len(at), bool), at[order], zeros, zeros)


NAMES = Names(
    STAGES,
    ("open",) * OPEN_STAGES + ("won", "lost"),
    INDUSTRIES,
    TYPES,
    SOURCES,
    PURPOSES,
    ("web",),
    SIGNALS,
    ("Asia/Tokyo",),
    ("Contacted",),
)


def no_leads() -> Leads:
    codes, moments = np.zeros(0, np.int32), np.zeros(0, np.int64)
    return Leads(np.zeros(0, object), codes, codes, codes, codes, codes, moments, codes)


def _ids(letter: str, count: int) -> NDArray[np.object_]:
    return np.array([f"{letter}{number:07d}" for number in range(count)], dtype=object)


def _activities(
    who: NDArray[np.int64], at: NDArray[np.int64], action: NDArray[np.int64], owner: NDArray[np.int64]
) -> Activities:
    kind = np.array([("call", "event", "email").index(name.split(":")[0]) for name in ACTIONS])[action]
    rows = np.flatnonzero(kind < 2)
    rows = rows[np.argsort(at[rows], kind="stable")]
    deal, kind = who[rows].astype(np.int32), kind[rows].astype(np.int32)
    zeros = np.zeros(len(rows), np.int32)
    direction = np.where(kind == 0, 0, NONE).astype(np.int32)
    result = np.where(kind == 0, 1, 3).astype(np.int32)
    return Activities(
        deal,
        deal,
        zeros + NONE,
        owner[deal].astype(np.int32),
        kind,
        _purpose(action[rows]),
        direction,
        zeros + 1,
        result,
        at[rows],
        zeros,
    )


def _emails(
    who: NDArray[np.int64], at: NDArray[np.int64], action: NDArray[np.int64], owner: NDArray[np.int64]
) -> Emails:
    rows = np.flatnonzero(np.array([name.startswith("email") for name in ACTIONS])[action])
    rows = rows[np.argsort(at[rows], kind="stable")]
    deal, never, zeros = who[rows].astype(np.int32), np.full(len(rows), NEVER), np.zeros(len(rows), np.int32)
    return Emails(
        deal,
        deal,
        zeros + NONE,
        owner[deal].astype(np.int32),
        zeros,
        _purpose(action[rows]),
        at[rows],
        never,
        never,
        never,
        never,
    )


def _purpose(action: NDArray[np.int64]) -> NDArray[np.int32]:
    return np.array([PURPOSES.index(name.split(":")[1]) for name in ACTIONS], dtype=np.int32)[action]
