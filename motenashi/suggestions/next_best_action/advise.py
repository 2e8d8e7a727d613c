"""What was learned, asked about open deals: the same code for one deal on a page and for all of them at night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from motenashi.sales_history.history import NONE, Codes, Moments, Numbers, SalesHistory
from motenashi.suggestions.next_best_action.counts import LIKE, like_this
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice, RankedAction
from motenashi.suggestions.next_best_action.due import due_moments
from motenashi.suggestions.next_best_action.effects import chance, logits
from motenashi.suggestions.next_best_action.learned import LearnedActions
from motenashi.suggestions.next_best_action.office_hours import next_open
from motenashi.suggestions.next_best_action.outbound_contacts import CONTACT_KINDS, action_names
from motenashi.suggestions.next_best_action.record import SalesRecord, open_deals, sales_record
from motenashi.suggestions.next_best_action.state import DAY, State, state_at, times_of_all
from motenashi.suggestions.next_best_action.vocabulary import translation
from motenashi.suggestions.next_best_action.win_chance import win_chance

AT_ONCE = 1000  # deals whose draws are in memory together
NORMAL_95 = 1.96
OFTEN = 2  # an action taken so often in a stage is told as repeated


@dataclass(frozen=True)
class _Believed:
    """Of every deal (row) and candidate action (column), best first: its place among the learned actions, and more."""

    order: Codes
    p: Numbers
    base: Numbers  # by deal
    lift: Numbers
    low: Numbers
    high: Numbers
    taken: Numbers
    advanced: Numbers
    like: Codes


def advise(
    learned: LearnedActions, history: SalesHistory, *, as_of: datetime, deals: Codes | None = None
) -> list[DealAdvice]:
    """One for each open deal of the history, or of `deals` (rows of the history; closed ones are left out).

    `as_of` aware. The history need hold no more than the records of the deals asked about. Nothing at all comes back
    while `learned.speaks` is False.
    """
    is_open = open_deals(history)
    asked = is_open if deals is None else deals[np.isin(deals, is_open)].astype(np.int32)
    if not learned.speaks or not len(asked):
        return []
    now = int(as_of.timestamp())
    record = sales_record(history, as_of=now)
    return [
        one
        for start in range(0, len(asked), AT_ONCE)
        for one in _advise_some(learned, record, asked[start : start + AT_ONCE], as_of.astimezone(UTC))
    ]


def _advise_some(learned: LearnedActions, record: SalesRecord, deals: Codes, as_of: datetime) -> Iterator[DealAdvice]:
    words = translation(record.history, learned.words)
    now = int(as_of.timestamp())
    state = state_at(record, words, deals, np.full(len(deals), now, dtype=np.int64), now=True)
    due = due_moments(learned, record, state)
    times = times_of_all(record, deals, state.stage_since, state.at)
    soonest = int(next_open(record.history.organisation, as_of).timestamp())
    believed = _believed(learned, record, _when_acting(state, np.maximum(due, soonest)), times)
    won = win_chance(learned.win, learned.words, learned.scales, state)
    stays = learned.stays[state.stage, state.type, state.industry]
    evidence = learned.counts.taken.sum(axis=(0, 2, 3))[state.stage]
    teller = _Teller(learned, record, state, as_of, due, believed, times, won, stays, evidence)
    return (teller.advice(row) for row in range(len(deals)))


def _when_acting(state: State, at: Moments) -> State:
    """The same state with the silence as it will be when we act; nothing else is known of that moment."""
    return replace(state, since_days=np.maximum((at - state.last_contact) / DAY, 0.0))


def _believed(learned: LearnedActions, record: SalesRecord, state: State, times: Numbers) -> _Believed:
    names = action_names(record.history.names.purposes)
    width = len(names) // len(CONTACT_KINDS)
    by_kind = times.reshape(len(times), len(CONTACT_KINDS), width).sum(axis=2)
    place = {name: code for code, name in enumerate(names)}
    own = np.array([place.get(name, NONE) for name in learned.words.actions], dtype=np.int64)
    kind = np.array([CONTACT_KINDS.index(name.split(":")[0]) for name in learned.words.actions], dtype=np.int64)
    done = np.where(own >= 0, times[:, np.maximum(own, 0)], 0.0)
    logit = logits(learned.effects, learned.words, learned.scales, state, done, by_kind[:, kind])
    draws, habits = chance(logit), learned.habits[state.stage]
    usual = np.einsum("sa,sad->sd", habits, draws)
    logs = np.log(draws / usual[:, None, :])
    middle, spread = logs.mean(axis=2), logs.std(axis=2)
    # At the mode, not the mean of draws: there the stated chances add up to what happened.
    p = chance(logit.mean(axis=2))
    candidates = np.flatnonzero(learned.candidates)
    order = candidates[np.argsort(-p[:, candidates], axis=1, kind="stable")]
    taken, advanced, like = like_this(learned.counts, state, learned.settings.like_at_least)
    sorted_by = [
        np.take_along_axis(table, order, axis=1)
        for table in (p, np.exp(middle - NORMAL_95 * spread), np.exp(middle + NORMAL_95 * spread), taken, advanced)
    ]
    best_p, low, high, taken, advanced = sorted_by
    base = (habits * p).sum(axis=1)
    lift = np.clip(best_p / base[:, None], low, high)
    like = np.take_along_axis(like, order, axis=1)
    return _Believed(order.astype(np.int32), best_p, base, lift, low, high, taken, advanced, like)


@dataclass(frozen=True)
class _Teller:
    """Puts columns into words, a deal at a time."""

    learned: LearnedActions
    record: SalesRecord
    state: State
    as_of: datetime
    due: Moments
    believed: _Believed
    times: Numbers
    won: Numbers
    stays: Numbers
    evidence: Numbers

    def advice(self, row: int) -> DealAdvice:
        history, state, row_stays = self.record.history, self.state, self.stays[row]
        deal, stays = int(state.deal[row]), None
        if not np.isnan(row_stays).any():
            stays = (float(row_stays[0]), float(row_stays[1]), float(row_stays[2]))
        days, has_signal = float(state.days_in_stage[row]), bool(state.signals_ever[row] > 0)
        answers = bool(state.stirred[row] or state.answered[row])
        return DealAdvice(
            deal_id=str(history.deals.ids[deal]),
            as_of=self.as_of,
            stage=history.names.stages[history.deals.stage[deal]],
            suggest=bool(self.due[row] <= self.as_of.timestamp()),
            due_at=_moment(self.due[row]),
            ranked=tuple(self._ranked(row)),
            evidence=int(self.evidence[row]),
            last_contact_at=_moment(state.last_contact[row]) if state.contacts_in_deal[row] else None,
            last_signal_at=_moment(state.last_signal_at[row]) if has_signal else None,
            last_signal=self._last_signal(row) if has_signal else "",
            usual_gap_days=self._gap(row),
            days_in_stage=days,
            usual_days_in_stage=stays,
            slow=stays is not None and days > stays[2],
            smooth=stays is not None and days < stays[1] and answers,
            win_chance=float(self.won[row]) if self.learned.learned_from.closed else None,
            repeated=self._repeated(row),
        )

    def _ranked(self, row: int) -> Iterator[RankedAction]:
        believed, base = self.believed, float(self.believed.base[row])
        columns = (believed.order, believed.p, believed.lift, believed.low, believed.high)
        counts = (believed.taken, believed.advanced, believed.like)
        rows = zip(*(column[row].tolist() for column in (*columns, *counts)), strict=True)
        for action, p, lift, low, high, taken, advanced, like in rows:
            kind, _, purpose = self.learned.words.actions[action].partition(":")
            yield RankedAction(kind, purpose, p, base, lift, low, high, int(taken), int(advanced), LIKE[like])

    def _gap(self, row: int) -> float | None:
        """The ideal gap; nobody knows it before there were any contacts."""
        if not self.learned.learned_from.decisions:
            return None
        return float(self.learned.ideal_days[self.state.stage[row], self.state.type[row]])

    def _last_signal(self, row: int) -> str:
        kind = int(self.state.last_signal_kind[row])
        return self.learned.words.signals[kind] if kind < len(self.learned.words.signals) else ""

    def _repeated(self, row: int) -> tuple[tuple[str, int], ...]:
        names = action_names(self.record.history.names.purposes)
        often = np.flatnonzero(self.times[row] >= OFTEN)
        most = sorted(often.tolist(), key=lambda action: -self.times[row, action])
        return tuple((names[action], int(self.times[row, action])) for action in most)


def _moment(seconds: np.int64) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
