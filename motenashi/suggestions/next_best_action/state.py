"""What a deal had seen at a moment: where it stood, our contacts so far, and how much the customer stirred."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import NEVER, Codes, Flags, Moments, Numbers
from motenashi.suggestions.next_best_action.record import Keys, Rows, SalesRecord, before, first_key
from motenashi.suggestions.next_best_action.vocabulary import Translation

DAY = 86_400
FADING_DAYS = (4.0, 10.0, 25.0)  # a signal's weight falls to 1/e in so many days
_BANDS = (0, 1, 2, 4, 7, 10, 14, 20, 28, 40, 60)  # days ago; signals of one band fade alike
RECENT_DAYS = 30  # "what the customer did last" is older than this: nothing


@dataclass(frozen=True)
class State:
    """One row a (deal, moment); nothing of the moment itself or later is in it. Codes are learned ones; days are
    fractions. `since_days`: since our last contact, or since the deal began when there was none. `last_signal`:
    its kind within the last RECENT_DAYS, else the code after the last kind. `last_signal_kind`: the same
    however old. `stirred`: a signal came since our last
    contact. `signals_*`: how many came since then, in 30 days, ever. `intensity`: signals weighted by how fresh they
    are, a column for each of FADING_DAYS. `by_kind`: in 30 days, a column for each kind.
    `answered`, `answered_share`: our last contact, and all of them, had got a response by then."""

    deal: Codes
    at: Moments
    stage: Codes
    industry: Codes
    type: Codes
    repeat: Codes
    lead_source: Codes
    owner: Codes
    amount: Numbers
    stage_since: Moments
    last_contact: Moments
    since_days: Numbers
    days_in_stage: Numbers
    days_in_deal: Numbers
    contacts_in_stage: Numbers
    contacts_in_deal: Numbers
    answered: Flags
    answered_share: Numbers
    last_signal: Codes
    last_signal_kind: Codes
    last_signal_at: Moments
    signal_days: Numbers
    stirred: Flags
    signals_since: Numbers
    signals_recent: Numbers
    signals_ever: Numbers
    intensity: Numbers
    by_kind: Numbers


@dataclass(frozen=True)
class _Contacted:
    last: Moments
    in_stage: Numbers
    in_deal: Numbers
    answered: Flags
    answered_share: Numbers


@dataclass(frozen=True)
class _Stirred:
    kind: Codes
    any_kind: Codes
    at: Moments
    days: Numbers
    since: Numbers
    recent: Numbers
    ever: Numbers
    intensity: Numbers


def stage_at(record: SalesRecord, deal: Codes, key: Keys) -> tuple[Codes, Moments]:
    """The stage (the history's code) just before each moment, and since when. A deal whose path begins later has its
    first stage from its creation on; one without any path has its present stage."""
    path, deals = record.path, record.history.deals
    first = before(path.key, first_key(record.clock, deal))
    place = before(path.key, key) - 1
    began = place >= first
    has_path = _is_of(path.deal, first, deal)
    stage = np.where(has_path, _taken(path.to_stage, np.where(began, place, first)), deals.stage[deal])
    since = np.where(began, _taken(path.at, place), deals.created_at[deal])
    return stage.astype(np.int32), since.astype(np.int64)


def state_at(record: SalesRecord, words: Translation, deal: Codes, at: Moments, *, now: bool = False) -> State:
    """`now`: the moment is the present, so that the deal's present stage holds."""
    deals, clock = record.history.deals, record.clock
    key, first = clock.key(deal, at), first_key(clock, deal)
    stage, since = stage_at(record, deal, key + 1 if now else key)
    if now:
        stage = deals.stage[deal]
    contacted = _contacts(record, deal, at, key, first, since)
    stirred = _signals(record, words, deal, at, first, contacted.last)
    return State(
        deal,
        at,
        words.stage[stage],
        words.industry[deals.industry[deal]],
        words.type[deals.type[deal]],
        deals.repeat[deal].astype(np.int32),
        words.lead_source[deals.lead_source[deal]],
        words.owner[deals.owner[deal]],
        deals.amount[deal],
        since,
        contacted.last,
        _days(at, contacted.last),
        _days(at, since),
        _days(at, deals.created_at[deal]),
        contacted.in_stage,
        contacted.in_deal,
        contacted.answered,
        contacted.answered_share,
        stirred.kind,
        stirred.any_kind,
        stirred.at,
        stirred.days,
        stirred.since > 0,
        stirred.since,
        stirred.recent,
        stirred.ever,
        stirred.intensity,
        _by_kind(record, words, deal, at),
    )


def _contacts(
    record: SalesRecord, deal: Codes, at: Moments, key: Keys, first: Keys, stage_since: Moments
) -> _Contacted:
    end, start = before(record.contact_key, key), before(record.contact_key, first)
    in_stage = end - np.maximum(before(record.contact_key, record.clock.key(deal, stage_since)), start)
    has = end > start
    answers = before(record.answer_key, key) - before(record.answer_key, first)
    last_answer = np.asarray(_taken(record.contacts.answered_at, end - 1), dtype=np.int64)
    count = np.maximum(end - start, 1)
    return _Contacted(
        np.where(has, _taken(record.contacts.at, end - 1), record.history.deals.created_at[deal]),
        np.maximum(in_stage, 0).astype(np.float64),
        (end - start).astype(np.float64),
        has & (last_answer != NEVER) & (last_answer < at),
        answers / count,
    )


def _signals(record: SalesRecord, words: Translation, deal: Codes, at: Moments, first: Keys, last: Moments) -> _Stirred:
    keys, clock = record.signal_key, record.clock
    end, start = before(keys, clock.key(deal, at)), before(keys, first)
    after_contact = np.maximum(before(keys, clock.key(deal, last) + 1), start)
    recent = np.maximum(before(keys, clock.key(deal, at - RECENT_DAYS * DAY)), start)
    has = end > start
    moment = np.where(has, _taken(record.signals.at, end - 1), at - 10 * RECENT_DAYS * DAY)
    days = _days(at, moment)
    kind = words.signal[_taken(record.signals.kind, end - 1)]
    return _Stirred(
        np.where(has & (days <= RECENT_DAYS), kind, words.signal[-1]).astype(np.int32),
        kind,
        moment,
        days,
        np.maximum(end - after_contact, 0).astype(np.float64),
        (end - recent).astype(np.float64),
        (end - start).astype(np.float64),
        _intensity(record, deal, at, start),
    )


def _intensity(record: SalesRecord, deal: Codes, at: Moments, start: Rows) -> Numbers:
    """Signals of each band of days, each weighted as in the band's middle."""
    keys, clock = record.signal_key, record.clock
    until = [np.maximum(before(keys, clock.key(deal, at - days * DAY)), start) for days in _BANDS]
    counts = np.stack([late - early for late, early in pairwise(until)], axis=1)
    middles = (np.array(_BANDS[:-1]) + np.array(_BANDS[1:])) / 2
    weights = np.exp(-middles[:, None] / np.array(FADING_DAYS)[None, :])
    return np.asarray(counts @ weights, dtype=np.float64)


def _by_kind(record: SalesRecord, words: Translation, deal: Codes, at: Moments) -> Numbers:
    """Signals in the last RECENT_DAYS, a column for each learned kind."""
    kinds, width = len(words.signal) - 1, int(words.signal[-1])
    counts = np.zeros((len(deal), width))
    for kind in range(kinds):
        learned = int(words.signal[kind])
        if learned < width and len(record.kind_key):
            place = deal.astype(np.int64) * kinds + kind
            until = before(record.kind_key, record.clock.key(place, at))
            counts[:, learned] = until - before(record.kind_key, record.clock.key(place, at - RECENT_DAYS * DAY))
    return counts


def times_of_all(record: SalesRecord, deal: Codes, since: Moments, until: Moments) -> Numbers:
    """How often every action (columns, the history's codes) was taken in each deal (rows) from `since` until just
    before `until`."""
    actions, clock = record.actions, record.clock
    place = (deal.astype(np.int64)[:, None] * actions + np.arange(actions)[None, :]).ravel()
    end = before(record.action_key, clock.key(place, np.repeat(until, actions)))
    start = before(record.action_key, clock.key(place, np.repeat(since, actions)))
    return np.asarray(np.maximum(end - start, 0).reshape(len(deal), actions), dtype=np.float64)


def _days(later: Moments, earlier: Moments) -> Numbers:
    return np.asarray(np.maximum((later - earlier) / DAY, 0.0), dtype=np.float64)


def _taken(column: NDArray[np.generic], places: Rows) -> NDArray[np.generic]:
    """The column at these places, and its first entry (or zero) where a place lies outside."""
    if not len(column):
        return np.zeros(len(places), dtype=column.dtype)
    return column[np.clip(places, 0, len(column) - 1)]


def _is_of(deals: Codes, places: Rows, deal: Codes) -> Flags:
    inside = places < len(deals)
    return np.asarray(inside & (_taken(deals, places) == deal), dtype=np.bool_)
