"""From a history to learned tables: decisions, effects, cadence, time in stage, counts; one pass, no store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import NEVER, Codes, Flags, Numbers, SalesHistory
from motenashi.suggestions.next_best_action.blocks import Scales, level_blocks
from motenashi.suggestions.next_best_action.cadence import event_hours, ideal_days, usual_days
from motenashi.suggestions.next_best_action.counts import Counts, count_decisions, habits
from motenashi.suggestions.next_best_action.decisions import ADVANCED, CENSORED, Decisions, decisions_of
from motenashi.suggestions.next_best_action.dwell import stays_of, usual_stays
from motenashi.suggestions.next_best_action.effects import Evidence, learn_effects, take_state
from motenashi.suggestions.next_best_action.feedback import Feedback, chosen_by_us, no_feedback
from motenashi.suggestions.next_best_action.learned import LearnedActions, LearnedFrom
from motenashi.suggestions.next_best_action.outbound_contacts import CONTACT_KINDS, action_names
from motenashi.suggestions.next_best_action.prior import FADES_AFTER, PRIOR_ACTIONS, USUAL_CHANCE, tilt
from motenashi.suggestions.next_best_action.record import SalesRecord, sales_record
from motenashi.suggestions.next_best_action.settings import LearningSettings
from motenashi.suggestions.next_best_action.state import DAY, State, state_at, times_of_all
from motenashi.suggestions.next_best_action.vocabulary import Translation, Vocabulary, translation, vocabulary_of
from motenashi.suggestions.next_best_action.win_chance import WinChance, learn_win_chance

Progress = Callable[[str, int, int], None]  # what is being done, steps done, steps in all

RARE = 0.002  # an action without a purpose is suggested only when its kind hardly ever has one
_SAMPLE_SEED = 20


@dataclass(frozen=True)
class _Material:
    """A history made ready: its decisions, and of these the sample that effects are learned from."""

    record: SalesRecord
    every: Decisions  # those whose end is known
    words: Vocabulary
    translated: Translation
    sample: NDArray[np.int64]
    state: State
    scales: Scales


def learn(
    history: SalesHistory,
    *,
    feedback: Feedback | None = None,
    settings: LearningSettings | None = None,
    progress: Progress | None = None,
) -> LearnedActions:
    """All of a history up to its `as_of`. Any history will do: an empty one gives the prior, and says so."""
    settings, feedback = settings or LearningSettings(), feedback or no_feedback()
    told = progress or (lambda what, done, total: None)
    told("history", 0, 1)
    material = _material(history, settings)
    told("history", 1, 1)
    words, scales = material.words, material.scales
    evidence = _evidence(material, feedback, settings)
    effects = learn_effects(
        evidence,
        words,
        scales,
        usual_chance=USUAL_CHANCE,
        tilt=tilt(words, len(material.every.deal)),
        progress=lambda done, total: told("effects", done, total),
    )
    told("counts", 0, 1)
    gap_block = [block.name for block in level_blocks(words)].index("stage, type: gap")
    ideal, doubt = ideal_days(effects, scales.usual_days, gap_block)
    counts = _counts(material)
    until = history.organisation.as_of
    stays = stays_of(material.record, material.translated, words, as_of=until)
    learned = LearnedActions(
        words,
        scales,
        settings,
        _learned_from(history, material, settings),
        effects,
        _win_chance(material),
        counts,
        _candidates(words, counts.taken.sum(axis=(1, 2, 3))),
        habits(counts),
        ideal,
        doubt,
        usual_stays(stays, words, at_least=settings.like_at_least),
        _event_hours(material),
    )
    told("counts", 1, 1)
    return learned


def _material(history: SalesHistory, settings: LearningSettings) -> _Material:
    until = history.organisation.as_of
    record = sales_record(history, as_of=until)
    decisions = decisions_of(record, as_of=until)
    every = decisions.take(np.flatnonzero(decisions.outcome != CENSORED))
    words = vocabulary_of(history, _actions(history, decisions))
    translated = translation(history, words)
    sample = np.arange(len(every.deal))
    if len(sample) > settings.most_decisions:
        chosen = np.random.default_rng(_SAMPLE_SEED).choice(len(sample), settings.most_decisions, replace=False)
        sample = np.sort(chosen)
    state = state_at(record, translated, every.deal[sample], every.at[sample])
    return _Material(record, every, words, translated, sample, state, _scales(record, state, words, until))


def _actions(history: SalesHistory, decisions: Decisions) -> list[str]:
    """Those that were taken; while there is little to go by, those that everybody knows as well."""
    names = action_names(history.names.purposes)
    taken = np.bincount(decisions.action, minlength=len(names))
    actions = [name for name, times in zip(names, taken, strict=True) if times]
    known = PRIOR_ACTIONS if len(decisions.deal) < FADES_AFTER else ()
    return actions + [name for name in known if name not in actions]


def _scales(record: SalesRecord, state: State, words: Vocabulary, until: int) -> Scales:
    deals = record.history.deals
    end = np.where(deals.closed_at == NEVER, until, np.minimum(deals.closed_at, until))
    days = float(np.maximum(end - deals.created_at, 0).sum()) / DAY
    logs = np.log(np.maximum(deals.amount[~np.isnan(deals.amount)], 1.0))
    amount = (float(logs.mean()), max(float(logs.std()), 0.1)) if len(logs) else (0.0, 1.0)
    followed = state.contacts_in_deal > 0
    usual = usual_days(state.stage[followed], state.type[followed], state.since_days[followed], words)
    return Scales(usual, (len(record.signals.deal) + 1.0) / (days + 10.0), amount, until)


def _evidence(material: _Material, feedback: Feedback, settings: LearningSettings) -> Evidence:
    sampled, record = material.every.take(material.sample), material.record
    width = len(record.history.names.purposes) + 1
    all_times = times_of_all(record, sampled.deal, sampled.stage_since, sampled.at)
    rows, kind = np.arange(len(sampled.deal)), sampled.action // width
    by_kind = all_times.reshape(len(rows), len(CONTACT_KINDS), width).sum(axis=2)
    known = chosen_by_us(record.history, material.every, feedback)[material.sample]
    return Evidence(
        material.state,
        material.translated.action[sampled.action],
        all_times[rows, sampled.action],
        by_kind[rows, kind],
        (sampled.outcome == ADVANCED).astype(np.float64),
        np.where(known, settings.feedback_weight, 1.0),
        known,
    )


def _counts(material: _Material) -> Counts:
    every, words, deals = material.every, material.translated, material.record.history.deals
    return count_decisions(
        words.action[every.action],
        words.stage[every.stage],
        words.type[deals.type[every.deal]],
        words.industry[deals.industry[every.deal]],
        every.outcome == ADVANCED,
        material.words,
    )


def _candidates(words: Vocabulary, taken: Numbers) -> Flags:
    """Every action with a purpose; a bare kind only when hardly any action of that kind has one."""
    kinds = np.array([name.split(":")[0] for name in words.actions], dtype=object)
    bare = np.array([":" not in name for name in words.actions], dtype=bool)
    named = {kind: taken[(kinds == kind) & ~bare].sum() for kind in CONTACT_KINDS}
    whole = {kind: taken[kinds == kind].sum() for kind in CONTACT_KINDS}
    mostly_bare = np.array([named[kind] <= RARE * whole[kind] for kind in kinds], dtype=bool)
    return np.asarray(~bare | mostly_bare, dtype=np.bool_)


def _win_chance(material: _Material) -> WinChance:
    deals, sampled = material.record.history.deals, material.every.take(material.sample)
    outcome = np.array([*material.words.stage_outcomes, "open"])[deals.stage[sampled.deal]]
    closed = np.flatnonzero(outcome != "open")
    times = np.bincount(sampled.deal[closed], minlength=len(deals.ids))
    weight = 1.0 / np.maximum(times[sampled.deal[closed]], 1)
    won = (outcome[closed] == "won").astype(np.float64)
    return learn_win_chance(take_state(material.state, closed), won, weight, material.words, material.scales)


def _event_hours(material: _Material) -> Numbers:
    every, history = material.every, material.record.history
    events = np.flatnonzero(every.action // (len(history.names.purposes) + 1) == CONTACT_KINDS.index("event"))
    return event_hours(history.organisation, every.at[events], every.outcome[events] == ADVANCED)


def _learned_from(history: SalesHistory, material: _Material, settings: LearningSettings) -> LearnedFrom:
    outcome = np.array([*history.names.stage_outcomes, "open"])[history.deals.stage]
    contacts = np.bincount(material.record.contacts.deal, minlength=len(history.deals.ids))
    won: Codes = outcome == "won"
    return LearnedFrom(
        history.organisation.as_of,
        len(history.deals.ids),
        int((outcome != "open").sum()),
        int(won.sum()),
        int((won & (contacts >= settings.need_activities)).sum()),
        len(material.every.deal),
    )
