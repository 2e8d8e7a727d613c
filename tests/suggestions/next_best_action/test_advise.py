"""Advice on open deals: one or all of them, with any history, however thin."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from motenashi.sales_history.history import NONE, SalesHistory
from motenashi.suggestions.next_best_action.advise import advise
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice
from motenashi.suggestions.next_best_action.learn import learn
from motenashi.suggestions.next_best_action.learned import LearnedActions
from motenashi.suggestions.next_best_action.prior import PRIOR_ACTIONS
from motenashi.suggestions.next_best_action.settings import LearningSettings
from tests.suggestions.next_best_action.by_hand import Deal, Did, Mail, Touch, at_day, history, moment
from tests.suggestions.next_best_action.conftest import Taught


def advice_on(written: SalesHistory, day: float, learned: LearnedActions | None = None) -> DealAdvice:
    return advise(learned or learn(written), written, as_of=at_day(day))[0]


def test_one_deal_is_told_the_same_as_all_of_them(chased: Taught) -> None:
    past = chased.world.history
    until = datetime.fromtimestamp(past.organisation.as_of, UTC)
    everyone = advise(chased.learned, past, as_of=until)
    one = chased.world.open_deals[7:8].astype(np.int32)

    (alone,) = advise(chased.learned, past, as_of=until, deals=one)

    assert alone.deal_id == everyone[7].deal_id == past.deals.ids[one[0]]
    assert alone.suggest == everyone[7].suggest
    assert [a.name for a in alone.ranked] == [a.name for a in everyone[7].ranked]
    assert [a.p for a in alone.ranked] == pytest.approx([a.p for a in everyone[7].ranked])


def test_closed_deals_are_not_advised_on() -> None:
    written = history([Deal((("First", 0.0), ("Won", 5.0))), Deal()], [Did(0, 4.0), Did(1, 4.0)], until=9.0)

    assert [one.deal_id for one in advise(learn(written), written, as_of=at_day(9))] == ["d1"]
    assert advise(learn(written), written, as_of=at_day(9), deals=np.array([0], np.int32)) == []


def test_an_empty_history_can_be_learned_from_and_gives_no_advice() -> None:
    learned = learn(history())

    assert learned.learned_from.decisions == 0
    assert advise(learned, history(), as_of=at_day(5)) == []


def test_the_first_deal_of_all_gets_common_sense_and_hears_that_it_is_no_more() -> None:
    advice = advice_on(history([Deal()], until=9.0), 9.0)

    assert advice.evidence == 0
    assert {action.name for action in advice.ranked} == set(PRIOR_ACTIONS)
    assert all(action.low < 1 < action.high and action.taken == 0 for action in advice.ranked)
    assert (advice.usual_gap_days, advice.usual_days_in_stage, advice.win_chance) == (None, None, None)


def test_a_company_with_one_stage_and_no_purposes_is_advised_by_kind() -> None:
    did = [Did(deal, day, kind, "") for deal in range(300) for day, kind in ((1.0, "call"), (4.0, "event"))]
    written = history([Deal() for _ in range(300)], did, stages=("First", "Won", "Lost"), until=20.0)

    assert {action.name for action in advice_on(written, 20.0).ranked} == {"call", "event"}


_SOME = ((1.0, ""), (4.0, "demo"), (7.0, "demo"))


def test_a_kind_without_purpose_is_not_suggested_where_purposes_are_known() -> None:
    did = [Did(deal, day, "call", purpose) for deal in range(300) for day, purpose in _SOME]
    written = history([Deal() for _ in range(300)], did, until=20.0)

    assert [action.name for action in advice_on(written, 20.0).ranked] == ["call:demo"]


def test_an_industry_and_a_stage_that_nobody_learned_of_are_no_trouble(chased: Taught) -> None:
    strange = history([Deal((("Somewhere", 0.0),), industry=NONE)], stages=("Somewhere", "Won"), until=9.0)

    advice = advice_on(strange, 9.0, chased.learned)

    assert (advice.stage, advice.evidence) == ("Somewhere", 0)
    assert 0 < advice.ranked[0].p < 1
    assert advice.ranked[0].like == "all"


def test_no_contact_is_due_right_after_the_last_one() -> None:
    written = history([Deal()], [Did(0, 5.0)], until=6.0)

    advice = advice_on(written, 6.0)

    assert not advice.suggest
    assert advice.due_at > at_day(6)
    assert advice.ranked


def test_a_contact_is_due_after_long_silence(chased: Taught) -> None:
    advice = advice_on(history([Deal()], [Did(0, 5.0)], until=40.0), 40.0)

    assert advice.suggest
    assert advice.due_at < at_day(40)
    assert advice.last_contact_at == at_day(5)


def test_a_mail_that_nobody_answered_makes_a_contact_due_sooner() -> None:
    mail = Mail(0, 5.2, out=False)
    settings = LearningSettings(answer_within_days=0.5)

    waiting = advice_on(history([Deal()], [Did(0, 5.0)], [mail], until=6.0), 6.0, learn(history(), settings=settings))

    assert waiting.suggest
    assert waiting.due_at == at_day(5.7)
    assert waiting.last_signal == "email_in"


def test_a_mail_that_we_answered_makes_nothing_due() -> None:
    did, mail = [Did(0, 4.0), Did(0, 5.5)], Mail(0, 5.2, out=False)
    settings = LearningSettings(answer_within_days=0.2)

    advice = advice_on(history([Deal()], did, [mail], until=6.0), 6.0, learn(history(), settings=settings))

    assert not advice.suggest


def test_the_classic_threshold_keeps_silent_until_it_is_reached(chased: Taught) -> None:
    past, won = chased.world.history, chased.learned.learned_from.qualified

    strict = replace(chased.learned, settings=LearningSettings(need_won_deals=won + 1))

    assert won > 0
    assert not strict.speaks
    assert advise(strict, past, as_of=datetime.fromtimestamp(past.organisation.as_of, UTC)) == []
    assert replace(strict, settings=LearningSettings(need_won_deals=won)).speaks


def test_what_was_done_over_and_over_is_told() -> None:
    did = [Did(0, day) for day in (1.0, 2.0, 3.0)] + [Did(0, 4.0, "event", "demo")]

    assert advice_on(history([Deal()], did, until=9.0), 9.0).repeated == (("call:follow_up", 3),)


def test_counts_are_of_the_finest_level_that_has_enough() -> None:
    deals = [Deal((("First", 0.0), ("Second", 3.0)), industry=number % 2) for number in range(16)]
    written = history([*deals, Deal(industry=1)], [Did(number, 2.0) for number in range(16)], until=9.0)

    by_industry = learn(written, settings=LearningSettings(like_at_least=8))
    by_type = learn(written, settings=LearningSettings(like_at_least=9))

    action = next(a for a in advise(by_industry, written, as_of=at_day(9))[-1].ranked if a.name == "call:follow_up")
    assert (action.taken, action.advanced, action.like) == (8, 8, "industry")
    action = next(a for a in advise(by_type, written, as_of=at_day(9))[-1].ranked if a.name == "call:follow_up")
    assert (action.taken, action.advanced, action.like) == (16, 16, "type")


def test_a_deal_that_stays_longer_than_three_quarters_of_them_is_slow() -> None:
    deals = [Deal((("First", 0.0), ("Second", 2.0 + number / 10))) for number in range(20)]
    written = history([*deals, Deal(), Deal((("First", 28.0),))], [], touches=[Touch(21, 29.0)], until=30.0)

    late, early = advise(learn(written), written, as_of=at_day(30))[-2:]

    assert late.usual_days_in_stage == pytest.approx((2.5, 3.0, 3.6), abs=0.15)
    assert (late.slow, late.smooth) == (True, False)
    assert (early.slow, early.smooth) == (False, True)


def test_the_chance_to_win_grows_from_stage_to_stage(chased: Taught) -> None:
    until = datetime.fromtimestamp(chased.world.history.organisation.as_of, UTC)
    advices = advise(chased.learned, chased.world.history, as_of=until)

    by_stage = [
        np.mean([a.win_chance for a in advices if a.stage == stage]) for stage in chased.learned.words.stages[:4]
    ]

    assert by_stage == sorted(by_stage)


def test_nothing_of_later_days_is_used(chased: Taught) -> None:
    deal, did = Deal((("First", 0.0),)), [Did(0, 1.0), Did(0, 20.0)]
    learned = chased.learned

    assert advice_on(history([deal], did, until=30.0), 10.0, learned).last_contact_at == at_day(1)
    assert moment(10.0) < moment(20.0)
