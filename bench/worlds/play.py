"""How deals go: the customer's signals, our contacts, and what comes of them, all deals of a step at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bench.worlds import draws
from bench.worlds.clock import DAY, HOUR, local
from bench.worlds.company import Deals, People
from bench.worlds.log import Log
from bench.worlds.truth import Truth
from bench.worlds.words import ACTIONS, GROUP_OF, KIND_OF, SAYS_NOTHING, SIGNAL_TYPES, SIGNALS

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]
NEVER: Final = int(np.iinfo(np.int64).min)

OPEN, WON, LOST = 0, 1, 2
_HEAT_DAYS, _INTENSITY_DAYS, _STALE_DAYS = 14.0, 10.0, 21
_CALL, _EVENT, _MAIL = (np.array([kind == name for kind in KIND_OF]) for name in ("call", "event", "email"))
# What a number is asked for (draws.uniform).
_CHANGE, _LOSS, _DELAY, _REACTION, _HEAT = 1, 2, 3, 4, 5


@dataclass
class State:
    """Of each deal now. `counts`: how often each action was taken in this stage. `intensity`: signals seen, fading."""

    stage: Codes
    outcome: Codes
    entered: Codes
    last_contact: Codes  # or the creation
    last_change: Codes
    steps: Codes
    counts: NDArray[np.int64]
    seen_until: Codes
    heat: Numbers
    intensity: Numbers
    signal: Codes  # group of the last one
    signal_at: Codes


class Play:
    """One run of some deals; nothing happens after `until`."""

    def __init__(self, truth: Truth, people: People, deals: Deals, *, until: int, luck: int = 0) -> None:
        count = len(deals.key)
        self.truth, self.people, self.deals, self.until, self.luck = truth, people, deals, until, luck
        self.rng = np.random.default_rng([truth.seed, 15, int(deals.key[0]) if count else 0, luck])
        self.zones = tuple(zone or truth.kind.time_zone for zone, _ in truth.kind.zones)
        self.log = Log()
        self.state = State(
            stage=np.zeros(count, np.int64),
            outcome=np.zeros(count, np.int64),
            entered=deals.created.copy(),
            last_contact=deals.created.copy(),
            last_change=deals.created.copy(),
            steps=np.zeros(count, np.int64),
            counts=np.zeros((count, len(ACTIONS)), np.int64),
            seen_until=deals.created.copy(),
            heat=draws.normal(truth.seed, _HEAT, deals.key, luck),
            intensity=np.zeros(count),
            signal=np.zeros(count, np.int64),
            signal_at=np.full(count, NEVER),
        )
        self._active = truth.active
        self._most_active = self._active.max(axis=1)
        self._mean_active = self._active.mean(axis=1)
        self._waits = _hours_until_seen(truth.shapes)
        self.log.add(
            "changes", deal=np.arange(count), before=np.full(count, -1), after=self.state.stage, at=deals.created
        )

    def local(self, rows: Codes, at: Codes) -> tuple[Codes, Codes]:
        return local(self.zones, self.people.contact_zone[self.deals.contact[rows]], at)

    # -- chances ---------------------------------------------------------------------------------------------------

    def chances(self, rows: Codes, at: Codes, days: Numbers | None = None) -> Numbers:
        """Rows x actions: the true chance to advance after the action at `at`, `days` after the last contact."""
        truth, deals, state = self.truth, self.deals, self.state
        stage, type_ = state.stage[rows], deals.type[rows]
        gap = (at - state.last_contact[rows]) / DAY if days is None else days
        each = np.arange(len(rows))
        score = (
            truth.effect(at)[each, stage]
            + truth.by_industry[deals.industry[rows], stage]
            + truth.by_type[type_, stage]
            + truth.by_repeat[stage] * deals.repeat[rows, None]
            + truth.by_signal[self.last_signal(rows, at)]
            - truth.kind.repetition * np.minimum(state.counts[rows], 4)
        )
        return truth.chance(score + (self._lean(rows, at) - truth.gap_cost(gap, stage, type_))[:, None])

    def _lean(self, rows: Codes, at: Codes) -> Numbers:
        kind, state = self.truth.kind, self.state
        month = at.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) % 12
        weekday, _ = self.local(rows, at)
        return np.asarray(
            np.array(kind.base)[state.stage[rows]]
            + kind.promise * self.deals.promise[rows]
            + kind.heat * state.heat[rows]
            + self.truth.months[month]
            + self.truth.weekdays[weekday]
        )

    def loss_chance(self, rows: Codes, at: Codes) -> Numbers:
        """Of those that do not advance."""
        state, kind = self.state, self.truth.kind
        late = np.log(
            np.maximum(
                (at - state.last_contact[rows]) / DAY / self.truth.ideal[state.stage[rows], self.deals.type[rows]], 1
            )
        )
        score = np.array(kind.loss)[state.stage[rows]] - 0.4 * self.deals.promise[rows] - 0.3 * state.heat[rows]
        return np.asarray(1 / (1 + np.exp(-(score + (0.4 if kind.gap else 0.0) * late))))

    def last_signal(self, rows: Codes, at: Codes) -> Codes:
        fresh = self.state.signal_at[rows] > at - _STALE_DAYS * DAY
        return np.where(fresh, self.state.signal[rows], 0)

    def answer_chance(self, contacts: Codes, weekday: Codes, hour: Codes) -> Numbers:
        """`weekday`, `hour`: on the contact's own clock."""
        people, profile = self.people, self.people.profile[contacts]
        shape = self.truth.shapes[profile, hour] * self.truth.profile_weekdays[profile, weekday]
        return np.asarray(np.minimum(people.level[contacts] * shape, 0.95))

    # -- what happens ----------------------------------------------------------------------------------------------

    def signals_until(self, rows: Codes, until: Codes) -> None:
        """The customers' own moves since we last looked: a Poisson process, thinned by when the person is active."""
        state, deals = self.state, self.deals
        since, days = state.seen_until[rows], np.maximum(until - state.seen_until[rows], 0) / DAY
        profile = self.people.profile[deals.contact[rows]]
        of_interest = 0.058 * np.exp(0.6 * deals.promise[rows] + 0.5 * state.heat[rows])
        by_chance = 0.012
        number = self.rng.poisson((of_interest + by_chance) * days * (self._most_active / self._mean_active)[profile])
        place = np.repeat(np.arange(len(rows)), number)
        at = since[place] + (self.rng.random(len(place)) * (until - since)[place]).astype(np.int64)
        _, hour = self.local(rows[place], at)
        stay = self.rng.random(len(place)) * self._most_active[profile[place]] < self._active[profile[place], hour]
        place, at = place[stay], at[stay]
        chance = self.rng.random(len(place)) < (by_chance / (of_interest + by_chance))[place]
        type_ = np.where(
            chance, self.rng.choice(2, len(place)) + _CAMPAIGN, self.rng.choice(_TOLD, len(place), p=_SHARES)
        )
        self.log.add("signals", deal=rows[place], type=type_, at=at)
        self._remember(rows, until, days)
        np.add.at(state.intensity, rows[place], np.exp(-(until[place] - at) / DAY / _INTENSITY_DAYS))
        self._note_signal(rows[place], np.array(GROUP_OF)[type_], at)

    def _remember(self, rows: Codes, until: Codes, days: Numbers) -> None:
        state = self.state
        keep = np.exp(-days / _HEAT_DAYS)
        fresh = self.rng.standard_normal(len(rows))
        state.heat[rows] = keep * state.heat[rows] + np.sqrt(1 - keep**2) * fresh
        state.intensity[rows] *= np.exp(-days / _INTENSITY_DAYS)
        state.seen_until[rows] = np.maximum(until, state.seen_until[rows])

    def _note_signal(self, deals: Codes, group: Codes, at: Codes) -> None:
        order = np.argsort(at, kind="stable")
        deals, group, at = deals[order], group[order], at[order]
        newer = at >= self.state.signal_at[deals]
        self.state.signal[deals[newer]], self.state.signal_at[deals[newer]] = group[newer], at[newer]

    def contact(self, rows: Codes, at: Codes, actions: Codes) -> None:
        """Act on each deal once (a deal stands in `rows` once), and see what comes of it within the day."""
        state, truth, key = self.state, self.truth, self.deals.key[rows]
        step = state.steps[rows]
        ask = (truth.seed, self.luck, key, step)
        chance = self.chances(rows, at)[np.arange(len(rows)), actions]
        moves = draws.uniform(*ask, _CHANGE) < chance
        dies = ~moves & (draws.uniform(*ask, _LOSS) < self.loss_chance(rows, at))
        change_at = at + (DAY * (0.05 + 0.85 * draws.uniform(*ask, _DELAY))).astype(np.int64)
        self._react(rows, at, actions, ask)
        state.counts[rows, actions] += 1
        state.steps[rows] += 1
        state.last_contact[rows] = at
        happens = (moves | dies) & (change_at <= self.until)
        self._change(rows[happens], np.where(dies, -1, 1)[happens], change_at[happens])

    def _change(self, rows: Codes, way: Codes, at: Codes) -> None:
        state, last = self.state, len(self.truth.kind.stages) - 1
        before = state.stage[rows]
        won, lost = (way > 0) & (before == last), way < 0
        after = np.where(lost, last + 2, before + 1)  # won is last + 1
        self.log.add("changes", deal=rows, before=before, after=after, at=at)
        state.outcome[rows[won]], state.outcome[rows[lost]] = WON, LOST
        state.stage[rows] = np.where(won | lost, before, after)
        state.entered[rows] = state.last_change[rows] = at
        state.counts[rows] = 0

    def _react(self, rows: Codes, at: Codes, actions: Codes, ask: tuple[ArrayLike, ...]) -> None:
        contact = self.deals.contact[rows]
        weekday, hour = self.local(rows, at)
        luck = [draws.uniform(*ask, _REACTION, number) for number in range(8)]
        answered = _CALL[actions] & (luck[0] < self.answer_chance(contact, weekday, hour))
        attended = _EVENT[actions] & (luck[0] < 0.73)
        mail = _MAIL[actions]
        bounced = mail & (luck[0] < 0.01)
        wait = (luck[1][:, None] > self._waits[self.people.profile[contact], hour]).sum(axis=1)
        seen_at = at + wait * HOUR + (60 * (1 + 58 * luck[2] ** 2)).astype(np.int64)
        warmth = np.exp(0.25 * self.deals.promise[rows])
        seen = mail & ~bounced & (luck[3] < np.minimum(0.46 * warmth, 0.9)) & (wait < self._waits.shape[2])
        machine = mail & ~bounced & self.people.scanner[self.people.contact_account[contact]] & (luck[4] < 0.9)
        machine_at = at + 1 + (luck[5] * 28).astype(np.int64)
        clicked = seen & (luck[6] < 0.36)
        replied = seen & (luck[7] < 0.24 * warmth)
        replied_at, clicked_at = (
            seen_at + 240 + (luck[6] * 3000).astype(np.int64),
            seen_at + 20 + (luck[7] * 120).astype(np.int64),
        )
        self.log.add(
            "contacts",
            deal=rows,
            action=actions,
            at=at,
            done=answered | attended,
            bounced=bounced,
            seconds=np.where(answered | attended, 40 + luck[1] ** 2 * np.where(attended, 5400, 900), 0).astype(
                np.int64
            ),
            opened_at=self._by_now(np.where(machine, machine_at, seen_at), machine | seen),
            opened_again_at=self._by_now(seen_at, machine & seen),
            clicked_at=self._by_now(clicked_at, clicked),
            replied_at=self._by_now(replied_at, replied),
        )
        told = replied & (replied_at <= self.until)
        self._note_signal(rows[told], np.full(int(told.sum()), _MAIL_GROUP), replied_at[told])

    def _by_now(self, at: Codes, happened: NDArray[np.bool_]) -> Codes:
        return np.where(happened & (at <= self.until), at, NEVER)


_CAMPAIGN: Final = SIGNAL_TYPES.index(SAYS_NOTHING[0])
_TOLD: Final = np.array([number for number, name in enumerate(SIGNAL_TYPES) if name not in SAYS_NOTHING])
_SHARES: Final = np.array([SIGNALS[SIGNAL_TYPES[number]][1] for number in _TOLD])
_SHARES /= _SHARES.sum()
_MAIL_GROUP: Final = GROUP_OF[SIGNAL_TYPES.index("email_in")]


def _hours_until_seen(shapes: Numbers, most: int = 40) -> Numbers:
    """Profile x hour x waits: the chance that somebody who looks at a mail has looked within that many hours."""
    profiles = len(shapes)
    left, seen = np.ones((profiles, 24)), []
    for wait in range(most):
        hour = (np.arange(24) + wait) % 24
        left = left * (1 - 0.55 * shapes[:, hour])
        seen.append(1 - left)
    return np.stack(seen, axis=2)
