"""The scores of advice: who knows the truth has all of it, who guesses has nothing, and silence is no success."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bench.worlds import decisions as naive_decisions
from bench.worlds.answers import Answers, from_advice, from_file, from_scores, nothing
from bench.worlds.clock import DAY
from bench.worlds.followed import follow
from bench.worlds.hours import (
    THREE,
    HourAnswers,
    from_chances,
    from_hour_file,
    score_hours,
    slot_chances,
    slots_of,
    with_evidence,
)
from bench.worlds.naive import NAIVE, AdvanceRate, Random, Usual
from bench.worlds.naive_hours import NAIVE_HOURS
from bench.worlds.omniscient import Omniscient
from bench.worlds.record import deal_ids, history
from bench.worlds.scores import Truths, capture, claims, score, truths
from bench.worlds.words import ACTIONS
from bench.worlds.world import World, held_out, make_world
from motenashi.sales_history.history import SalesHistory
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice, RankedAction


@pytest.fixture(scope="module")
def world() -> World:
    return make_world("like", 800, seed=6)


@pytest.fixture(scope="module")
def others(world: World) -> World:
    return held_out(world, 1500)


@pytest.fixture(scope="module")
def truth(others: World) -> Truths:
    return truths(others)


def test_who_knows_the_truth_captures_all_of_it(others: World, truth: Truths) -> None:
    told = score(others, from_scores(truth.advance, ~truth.quiet, truth.advance), truth)

    assert told["capture"] == pytest.approx(1.0)
    assert told["win_capture"] > 0.98
    assert told["top3"] == told["quiet_precision"] == told["quiet_recall"] == 1.0
    assert told["error"] == pytest.approx(0.0)


def test_who_chooses_the_worst_action_captures_less_than_nothing(others: World, truth: Truths) -> None:
    assert score(others, from_scores(-truth.advance, ~truth.quiet), truth)["capture"] < -0.5


def test_random_actions_capture_nothing(others: World, truth: Truths) -> None:
    rng = np.random.default_rng(1)
    many = [capture(truth.advance, rng.integers(0, len(ACTIONS), len(truth.rows))) for _ in range(30)]

    assert abs(np.mean(many)) < 0.03


def test_a_due_deal_without_a_suggestion_counts_as_a_random_action(others: World, truth: Truths) -> None:
    perfect, silent = truth.advance.argmax(axis=1), np.full(len(truth.rows), -1)

    assert capture(truth.advance, silent) == pytest.approx(0.0)
    assert 0 < capture(truth.advance, np.where(np.arange(len(perfect)) % 2, perfect, silent)) < 1


def test_an_overconfident_p_shows_as_error(others: World, truth: Truths) -> None:
    said = np.minimum(truth.advance + 0.1, 1.0)

    assert score(others, from_scores(truth.advance, ~truth.quiet, said), truth)["error"] == pytest.approx(0.1, abs=0.01)


def test_calling_everything_quiet_is_found_out(others: World, truth: Truths) -> None:
    told = score(others, from_scores(truth.advance, np.zeros(len(truth.rows), bool)), truth)

    assert told["quiet_recall"] == 1.0
    assert told["quiet_precision"] == pytest.approx(truth.quiet.mean())


def test_three_quarters_of_the_ideal_gap_is_right_when_it_says_nothing_to_do(others: World, truth: Truths) -> None:
    play, rows = others.play, truth.rows
    days = (others.as_of - play.state.last_contact[rows]) / DAY
    early = days < 0.75 * play.truth.ideal[play.state.stage[rows], play.deals.type[rows]]
    told = score(others, from_scores(truth.advance, ~early), truth)

    assert told["quiet_precision"] == 1.0
    assert 0.6 < told["quiet_recall"] < 0.95


def test_intervals_that_exclude_no_effect_are_counted(truth: Truths) -> None:
    count = len(truth.rows)
    answers = from_scores(truth.advance, ~truth.quiet)
    answers.low[:, :3], answers.high[:, :3] = 0.5, 1.5
    answers.low[:, 0], answers.high[:, 0] = 1.1, 1.5

    assert claims(truth, answers)["claims"] == pytest.approx(1 / 3)
    assert math.isnan(claims(truth, nothing(count))["claims"])


def test_in_the_null_world_there_is_nothing_to_capture() -> None:
    null = make_world("null", 400, seed=1)
    truth = truths(null)
    told = score(null, from_scores(truth.advance, np.ones(len(truth.rows), bool)), truth)

    assert math.isnan(told["capture"])
    assert math.isnan(told["top3"])
    assert math.isnan(told["quiet_precision"])


@pytest.mark.parametrize("kind", NAIVE)
def test_every_naive_suggester_learns_and_answers_every_open_deal(
    kind: type[Random], world: World, others: World
) -> None:
    asked = history(others.play)
    one = kind()
    one.learn(history(world.play))

    answers = one.advise(asked, world.as_of)

    assert len(answers.best) == len(others.open_deals())
    assert (np.sort(answers.ranked, axis=1) == np.arange(len(ACTIONS))).all()
    assert 0.1 < answers.suggest.mean() < 0.9


def test_what_is_usual_is_what_reps_do_most(world: World) -> None:
    one, table = Usual(), world.play.log.table("contacts")
    one.learn(history(world.play))

    assert one.table.sum() == len(table["at"])
    assert ACTIONS[int(one.table.sum(axis=0).argmax())] in ("call:follow_up", "email:follow_up")


def test_the_plain_decisions_are_those_that_were_played(world: World) -> None:
    made, table = naive_decisions.decisions(history(world.play)), world.play.log.table("contacts")
    order = np.lexsort((table["at"], table["deal"]))
    changes = world.play.log.table("changes")

    assert np.array_equal(made.at, table["at"][order])
    assert np.array_equal(made.action, table["action"][order])
    assert made.advanced.sum() == ((changes["before"] >= 0) & (changes["after"] != len(world.kind.stages) + 1)).sum()


def test_advance_rates_are_plain_rates(world: World) -> None:
    record = history(world.play)
    made, one = naive_decisions.decisions(record), AdvanceRate()
    one.learn(record)
    which = (made.stage == 1) & (made.action == 6)

    assert one.table[1, 6] == pytest.approx(made.advanced[which].mean())


def test_who_is_followed_and_knows_the_truth_wins_more_than_the_reps_and_a_random_one_does_not(world: World) -> None:
    knowing = follow(world, Omniscient, deals=250)
    usual = Usual()
    usual.learn(history(world.play))
    repeating = follow(world, usual, deals=250)

    assert knowing.points > 5
    assert knowing.reps == repeating.reps
    assert repeating.points < knowing.points - 5


class _Watcher:
    """Says "nothing to do" always, and keeps what it was shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[SalesHistory, int]] = []

    def advise(self, history: SalesHistory, as_of: int) -> Answers:
        self.shown.append((history, as_of))
        return nothing(len(history.deals.ids))


def test_a_followed_suggester_sees_open_deals_as_they_stand_that_morning_and_nothing_is_done_against_its_word(
    world: World,
) -> None:
    watcher = _Watcher()
    told = follow(world, watcher, deals=20)

    assert told.contacts == 0
    assert told.followed == 0
    assert all(len(naive_decisions.open_rows(one)) == len(one.deals.ids) for one, _ in watcher.shown)
    assert all(one.touchpoints.at.max(initial=0) <= as_of for one, as_of in watcher.shown)


def test_answers_of_a_file_are_read_in_any_order_and_bare_kinds_too(tmp_path: Path) -> None:
    file = tmp_path / "suggestions.jsonl"
    file.write_text(
        '{"deal_id": "d2", "suggest": true, "action": "call:discovery", "p": 0.3, '
        '"ranked": ["call:discovery", "email:quote"]}\n'
        '{"deal_id": "d1", "suggest": false}\n{"deal_id": "d4", "suggest": true, "action": "event"}\n',
        encoding="utf-8",
    )

    answers = from_file(["d1", "d2", "d3", "d4"], file)

    assert answers.suggest.tolist() == [False, True, False, True]
    assert answers.ranked[1, :3].tolist() == [ACTIONS.index("call:discovery"), ACTIONS.index("email:quote"), -1]
    assert answers.p[1, ACTIONS.index("call:discovery")] == 0.3
    assert ACTIONS[answers.best[3]].startswith("event")
    assert answers.best[[0, 2]].tolist() == [-1, -1]


def test_advice_becomes_answers_by_deal_and_action(others: World) -> None:
    now = datetime(2025, 12, 30, 15, tzinfo=UTC)
    ids = deal_ids(others.play, others.open_deals()[:2])
    action = RankedAction("email", "quote", 0.4, 0.2, 2.0, 1.1, 3.0, 5, 2, "type")
    advice = DealAdvice(ids[1], now, "Proposal", True, now, (action,), 12)

    answers = from_advice(ids, [advice])

    code = ACTIONS.index("email:quote")
    assert answers.suggest.tolist() == [False, True]
    assert answers.best.tolist() == [-1, code]
    assert (answers.p[1, code], answers.low[1, code], answers.high[1, code]) == (0.4, 1.1, 3.0)


def test_best_hours_told_by_the_truth_reach_all_and_random_ones_less(world: World) -> None:
    record = history(world.play)
    people, slots = with_evidence(record), slots_of(world)

    perfect = score_hours(world, people, from_chances(slot_chances(world, people)))
    told = {name: score_hours(world, people, way(record, people, slots))["share"] for name, way in NAIVE_HOURS.items()}

    assert perfect["share"] == pytest.approx(1.0)
    assert perfect["error"] == pytest.approx(0.0)
    assert all(0.4 < share < 0.85 for share in told.values())


def test_hours_of_people_of_whom_nothing_was_said_count_like_hours_by_chance(world: World) -> None:
    people = np.arange(50)
    silent = HourAnswers(np.full((50, THREE), -1), np.full((50, THREE), np.nan), np.zeros(50, bool))
    chances = slot_chances(world, people)

    told = score_hours(world, people, silent)

    assert told["share"] == pytest.approx((chances.mean(axis=1) / np.sort(chances)[:, -3:].mean(axis=1)).mean())
    assert told["preference"] == 0.0


def test_an_hour_of_somebody_far_away_is_judged_by_their_own_clock(world: World) -> None:
    away = np.flatnonzero(world.people.contact_zone == [zone for zone, _ in world.kind.zones].index("America/Phoenix"))
    near = np.flatnonzero(world.people.contact_zone == 0)

    chances = slot_chances(world, away).mean(axis=0) / world.people.level[away].mean()
    at_home = slot_chances(world, near).mean(axis=0) / world.people.level[near].mean()
    nine = slots_of(world).index((0, 9))  # 17 o'clock of Sunday in Phoenix
    seventeen = slots_of(world).index((0, 17))  # 1 o'clock at night there

    assert chances[nine] > 2 * chances[seventeen]
    assert at_home[seventeen] > 2 * chances[seventeen]


def test_hours_of_a_file_are_read(world: World, tmp_path: Path) -> None:
    file = tmp_path / "besttime.jsonl"
    file.write_text(
        '{"contact_id": "c0000001", "slots": [{"weekday": 0, "hour": 10, "p": 0.41, "stars": 4.5}, '
        '{"weekday": 6, "hour": 3}]}\n'
    )

    answers = from_hour_file(world, ["c0000000", "c0000001"], file)

    assert answers.slots[1].tolist() == [slots_of(world).index((0, 10)), -1, -1]
    assert answers.p[1, 0] == 0.41
    assert answers.preference.tolist() == [False, True]
