"""Choosing, numbers and words of one suggestion; and what holds for every suggestion there can be."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_client.records import Account, Contact
from motenashi.suggestions.advice.facts import HeldHour, RecordFacts, Term, Touch
from motenashi.suggestions.advice.make_advice import next_due
from motenashi.suggestions.intent_actions import intent_actions
from motenashi.suggestions.suggestion import Suggestion, TimeWindow
from tests.suggestions.advice.world import (
    DEAL,
    LEAD,
    MORI,
    NOW,
    STAGES,
    activity,
    advise,
    facts,
    learned,
    mail,
    moment,
    ranked,
    times,
)

ROOT = Path(__file__).parents[3]
QUOTE = "call:quote p 0.40 base 0.25 lift 1.6 (1.1 to 2.3) 12 of 19"
MEETING = "event:meeting p 0.35 base 0.25 lift 1.4 (0.9 to 2.1) 9 of 30"
MORE = "email:product_info p 0.30 base 0.25 lift 1.2 (0.8 to 1.7) 9 of 30"
FOURTH = "call:follow_up p 0.26 base 0.25 lift 1.0 (0.8 to 1.3) 90 of 300"
FIFTH = "email:follow_up p 0.25 base 0.25 lift 1.0 (0.8 to 1.3) 90 of 300"


def said(one: Suggestion, language: str = "en") -> str:
    return "\n".join(reason.text[language] for reason in one.reasons)


def test_the_best_ranked_action_is_suggested_with_three_others_and_their_effects() -> None:
    made = advise(facts(), learned(QUOTE, MEETING, MORE, FOURTH, FIFTH))

    assert (made.action, made.purposes) == ("call", ("quote",))
    assert made.effect is not None
    assert (made.effect.taken, made.effect.advanced, made.effect.low, made.effect.high) == (19, 12, 1.1, 2.3)
    assert [(one.action, one.purpose, one.effect.lift if one.effect else 0) for one in made.alternatives] == [
        ("event", "meeting", 1.4),
        ("e-mail", "product_info", 1.2),
        ("call", "follow_up", 1.0),
    ]


def test_what_exploration_picked_is_suggested_with_its_probability() -> None:
    told = learned(QUOTE, MEETING, MORE)
    made = advise(facts(), told, choice=told.ranked[1], probability=0.2)

    assert (made.action, made.probability) == ("event", 0.2)
    assert [one.purpose for one in made.alternatives] == ["quote", "product_info"]


def test_a_wish_leaves_no_choice_so_its_probability_is_one() -> None:
    told = learned(QUOTE, MEETING)
    made = advise(facts(), told, *mail("en", {"spec_question": "How heavy?"}), choice=told.ranked[1], probability=0.2)

    assert (made.action, made.probability) == ("e-mail", 1.0)


def test_what_the_diary_asks_for_was_no_choice_of_chance_even_if_it_is_the_same() -> None:
    told = learned(QUOTE, MEETING)
    missed = activity("call", "2027-06-01 10:00", "quote")
    made = advise(facts(planned=(missed,)), told, choice=told.ranked[0], probability=0.9)

    assert (made.action, made.purposes, made.probability) == ("call", ("quote",), 1.0)


def test_a_choice_that_is_not_among_the_ranked_is_not_followed() -> None:
    made = advise(facts(), learned(QUOTE), choice=ranked(MORE), probability=0.2)

    assert (made.action, made.probability) == ("call", 1.0)


def test_gain_is_amount_times_chance_added_times_chance_to_win() -> None:
    made = advise(facts(), learned(QUOTE))  # 2,000,000 x (0.40 - 0.25) x 0.5

    assert made.gain == pytest.approx(150_000)


def test_without_a_learned_chance_to_win_the_stage_tells_it() -> None:
    made = advise(facts(), learned(QUOTE, win_chance=None))  # Value Proposition: 40 %

    assert made.gain == pytest.approx(120_000)


@pytest.mark.parametrize(
    "about",
    [
        replace(facts(), deal=replace(DEAL, amount=None)),
        replace(facts(), deal=replace(DEAL, amount=0)),
        replace(facts(), deal=replace(DEAL, stage="No such stage")),
    ],
)
def test_where_an_amount_or_a_chance_is_unknown_no_gain_is_made_up(about: RecordFacts) -> None:
    assert advise(about, learned(QUOTE, win_chance=None)).gain == 0


def test_an_action_worse_than_usual_adds_no_negative_gain() -> None:
    made = advise(facts(), learned("call:quote p 0.20 base 0.25 lift 0.8 (0.5 to 1.2) 2 of 19"))

    assert made.gain == 0


@pytest.mark.parametrize(
    ("action", "english", "japanese"),
    [
        (
            QUOTE,
            "All else equal, that is 1.6 times as often as usual (95 %: 1.1 to 2.3).",
            "他の条件をそろえると通常の1.6倍です（95％区間：1.1〜2.3倍）。",
        ),
        (
            "call:quote p 0.30 base 0.25 lift 1.2 (0.8 to 1.7) 1 of 3",
            "moved on after a call about the quote once of 3; no clear difference from what is usual is seen",
            "通常との明らかな差は見られません",
        ),
        (
            "call:quote p 0.30 base 0.25 lift 1.02 (1.01 to 1.04) 300 of 1000",
            "that is 1.02 times as often as usual (95 %: 1.01 to 1.04)",
            "通常の1.02倍です",
        ),
        (
            "call:quote p 0.30 base 0.25 lift 1.2 (0.8 to 1.7) 0 of 0",
            "A call about the quote has not been tried with deals like this one yet",
            "お見積もりに関する電話を行った例はまだありません",
        ),
    ],
)
def test_the_effect_is_told_plainly(action: str, english: str, japanese: str) -> None:
    made = advise(facts(), learned(action))

    assert english in said(made) and japanese in said(made, "ja")


@pytest.mark.parametrize(
    ("evidence", "english"),
    [
        (0, "Nothing is known yet of deals like this one"),
        (1, "Only 1 earlier contact at this stage is known"),
        (20, ""),
    ],
)
def test_how_little_is_known_is_told(evidence: int, english: str) -> None:
    made = advise(facts(), learned(QUOTE, evidence=evidence))

    assert english in said(made)
    assert ("general experience" in said(made)) == bool(english)


def test_what_was_done_over_and_over_is_told() -> None:
    made = advise(facts(), learned(FOURTH, repeated=(("call:follow_up", 4),)))

    assert "A follow-up call was made 4 times at this stage already." in said(made)
    assert "この段階ではフォローアップの電話をすでに4回行っています。" in said(made, "ja")


def test_a_contact_since_the_learning_means_no_other_one_yet() -> None:
    touches = (Touch("call", NOW - timedelta(hours=1), True, "quote", True),)
    made = advise(replace(facts(), touches=touches), learned(QUOTE, as_of=NOW - timedelta(hours=8)))

    assert (made.action, made.title["en"]) == ("none", "No action needed; the next contact is due on Mon 7 Jun")


def test_rest_that_was_learned_ends_when_its_day_has_come() -> None:
    made = advise(facts(), learned(QUOTE, suggest=False, as_of=NOW - timedelta(days=3), due_at=NOW))

    assert made.action == "call"


def test_who_wants_no_calls_gets_the_best_mail() -> None:
    made = advise(replace(facts(), opted_out=frozenset({"call"})), learned(QUOTE, MORE))

    assert (made.action, made.purposes) == ("e-mail", ("product_info",))
    assert all(one.action != "call" for one in made.alternatives)


def test_who_wants_neither_is_left_alone_unless_they_ask() -> None:
    about = replace(facts(), opted_out=frozenset({"call", "e-mail"}))
    alone, asked = advise(about, learned(QUOTE)), advise(about, None, *mail("en", {"quote_request": "Cost?"}))

    assert alone.action == "none" and "does not want to be contacted by call or e-mail." in said(alone)
    assert asked.action == "e-mail" and "but asked for this" in said(asked)


def test_without_history_calls_and_mails_take_turns() -> None:
    written = facts()
    rung = replace(facts(), touches=(replace(facts().touches[0], kind="call"),))

    assert (advise(written).action, advise(rung).action) == ("call", "e-mail")


def test_who_has_no_number_is_written_to_and_who_has_no_address_is_rung() -> None:
    never = replace(facts(), touches=())
    no_number = replace(never, contact=replace(MORI, phone="", mobile=""))
    no_mail = replace(no_number, opted_out=frozenset({"e-mail"}))

    assert [advise(about).action for about in (never, no_number, no_mail)] == ["call", "e-mail", "call"]


def test_a_deal_that_closes_soon_or_was_left_alone_too_long_is_due_soon() -> None:
    near = replace(facts(), deal=replace(DEAL, expected_close=date(2027, 6, 7)))
    left = replace(facts(), touches=(Touch("call", NOW - timedelta(days=20), True),))

    assert [advise(about, learned(QUOTE)).urgency for about in (near, left)] == ["soon", "soon"]
    assert "expected to close on Mon 7 Jun" in said(advise(near, learned(QUOTE)))
    assert advise(
        replace(facts(), touches=(Touch("call", NOW - timedelta(days=6), True),)), learned(QUOTE)
    ).urgency == ("normal")


def test_two_ways_of_nearly_the_same_worth_leave_the_customers_own() -> None:
    told = learned(
        "call:quote p 0.31 base 0.25 lift 1.2 (0.9 to 1.6) 12 of 40",
        "email:quote p 0.30 base 0.25 lift 1.2 (0.9 to 1.5) 30 of 100",
    )
    made = advise(facts(), told, *mail("en", {"quote_request": "Cost?"}))

    assert made.action == "e-mail"
    assert made.effect is not None and made.effect.taken == 100


def test_a_complaint_is_never_answered_by_mail_whatever_was_learned() -> None:
    told = learned(
        "email:complaint p 0.50 base 0.25 lift 2.0 (1.5 to 2.6) 50 of 100",
        "call:complaint p 0.25 base 0.25 lift 1.0 (0.8 to 1.3) 25 of 100",
    )

    assert advise(facts(), told, *mail("en", {"complaint": "Late again."})).action == "call"


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ({"Trial_End": "2027-06-07"}, "The trial ends on Mon 7 Jun."),
        ({"Trial_End": date(2027, 6, 7)}, "The trial ends on Mon 7 Jun."),
        ({"Subscription_End": "2027-06-20T00:00:00Z", "Usage": "95 %"}, "They use 95 % of what they bought"),
        ({"Trial_End": "next\nweek"}, "The CRM's field Trial_End holds “next week”, which can't be read"),
        ({"Usage": "nan", "Subscription_End": "2027-06-20"}, "The CRM's field Usage holds “nan”"),
        ({"Trial_End": ""}, "a rule of thumb"),
        ({"Trial_End": None}, "a rule of thumb"),
    ],
)
def test_ends_stand_in_the_companys_own_fields_and_what_is_unreadable_is_told(extra: Any, told: str) -> None:
    assert told in said(advise(replace(facts(), deal=replace(DEAL, extra=extra))))


def test_a_renewal_deal_tells_its_expected_close_and_does_not_call_it_the_end_of_the_term() -> None:
    about = replace(facts(), deal=replace(DEAL, type="Renewal", expected_close=date(2027, 6, 20)))
    made = advise(about)

    assert (made.situation, made.purposes) == ("subscription", ("renewal",))
    assert "It is a renewal, expected to close on Sun 20 Jun." in said(made)
    assert made.draft is not None and "20 Jun" not in made.draft.text


def test_with_time_left_a_surely_better_action_goes_before_the_renewal() -> None:
    about = replace(facts(), term=Term(date(2027, 7, 20)))
    soon = replace(facts(), term=Term(date(2027, 6, 10)))

    assert [advise(one, learned(QUOTE)).purposes for one in (about, soon)] == [("quote",), ("renewal",)]
    assert advise(about, learned(FOURTH)).purposes == ("renewal",)


def test_few_past_appointments_tell_no_hour_from_another() -> None:
    few = {"demo": (HeldHour(1, 10, 5, 5),)}
    asked = mail("en", {"demo_request": "Show us."})
    made = advise(replace(facts(), held=few), None, *asked)

    assert made.windows[0].source == "hours"
    assert "led to a win" not in said(made)


def test_a_lead_that_is_closed_or_became_a_deal_needs_nothing() -> None:
    junk = replace(facts(kind="lead"), lead=replace(LEAD, status="Junk"))
    deal = replace(facts(kind="lead"), lead=replace(LEAD, converted_deal_id="d1"))

    assert [advise(one).action for one in (junk, deal)] == ["none", "none"]


def test_a_lead_with_a_number_is_rung_first() -> None:
    made = advise(replace(facts(kind="lead"), lead=replace(LEAD, phone="+81 3 1111 1111")))

    assert (made.action, made.purposes, made.about.lead_id) == ("call", ("first_contact",), "l1")
    assert made.draft is not None and made.draft.to == "+81 3 1111 1111"


def test_a_lead_who_answered_is_no_longer_counted_as_silent() -> None:
    touches = (
        Touch("e-mail", NOW - timedelta(days=6), True),
        Touch("reply", NOW - timedelta(days=7), False),
        *(Touch("e-mail", NOW - timedelta(days=8 + gap), True) for gap in range(8)),
    )
    made = advise(replace(facts(kind="lead"), touches=touches))

    assert made.action == "call" or made.action == "e-mail"
    assert "in touch once without an answer" in said(made)


def test_an_opened_mail_is_no_answer_and_no_sign_that_a_trial_is_used() -> None:
    opened = Touch("open", NOW - timedelta(days=5), False)
    sent = tuple(Touch("e-mail", NOW - timedelta(days=6 + gap), True) for gap in range(6))
    lead = advise(replace(facts(kind="lead"), touches=(opened, *sent)))
    trial = advise(replace(facts(), touches=(opened, *sent), trial_ends=NOW.date()))

    assert "After 6 contacts without an answer" in said(lead)
    assert (trial.action, trial.situation) == ("call", "trial")


def test_a_wish_does_not_say_how_little_was_learned() -> None:
    told = said(advise(facts(), None, *mail("en", {"payment_invoice": "Where is the invoice?"})))
    little = said(
        advise(facts(), learned(QUOTE, evidence=3), *mail("en", {"payment_invoice": "Where is the invoice?"}))
    )

    assert "rule of thumb" not in told
    assert "general experience" not in little


def test_what_is_asked_besides_the_main_thing_gives_no_name_to_the_whole() -> None:
    made = advise(facts(), None, *mail("en", {"support_issue": "It is broken.", "discount_request": "Cheaper?"}))

    assert (made.purposes, made.situation) == (("support", "discount"), "")


def test_a_term_with_time_left_waits_for_the_next_contact_but_one_that_ends_does_not() -> None:
    rests = learned(QUOTE, suggest=False, due_at=NOW + timedelta(days=3))
    later, soon = (replace(facts(), term=Term(NOW.date() + timedelta(days=days))) for days in (40, 5))

    assert [advise(about, rests).action for about in (later, soon)] == ["none", "e-mail"]


def test_what_is_planned_with_somebody_out_of_reach_changes_nothing() -> None:
    planned = (activity("call", "2027-06-10 11:00", "quote"),)
    won = advise(replace(facts(), planned=planned, deal=replace(DEAL, stage="Closed Won")))
    away = advise(replace(facts(), planned=planned, away_until=moment("2027-06-07 00:00")))

    assert won.title["en"] == "No action needed; the deal is won"
    assert away.title["en"] == "No action needed; the customer is back on Mon 7 Jun"


def test_a_demonstration_that_stands_in_the_diary_settles_a_wish_without_a_time() -> None:
    asked = mail("en", {"demo_request": "We would like to see it."})
    demo = advise(replace(facts(), planned=(activity("event", "2027-06-10 11:00", "demo"),)), None, *asked)
    talk = advise(replace(facts(), planned=(activity("event", "2027-06-10 11:00", "meeting"),)), None, *asked)

    assert (demo.action, talk.action) == ("none", "event")


def test_a_discount_gives_way_to_what_is_surely_better() -> None:
    about = replace(facts(), deal=replace(DEAL, stage="Negotiation/Review"))
    weak = "call:discount p 0.26 base 0.25 lift 1.0 (0.9 to 1.1) 50 of 200"

    assert advise(about, learned(MEETING, weak, slow=True)).purposes == ("discount",)
    assert advise(about, learned(QUOTE.replace("1.1 to", "1.2 to"), weak, slow=True)).purposes == ("quote",)


def test_the_time_that_does_not_suit_is_not_proposed_anew() -> None:
    old, new = moment("2027-06-03 15:00"), moment("2027-06-08 10:00")
    (wish,) = mail("en", {"reschedule": "Thursday at three does not work."})
    windows = tuple(TimeWindow(start, start + timedelta(hours=1), "proposed") for start in (old, new))
    planned = (activity("event", "2027-06-03 15:00", "demo", end="2027-06-03 16:00"),)
    made = advise(replace(facts(), planned=planned), None, replace(wish, windows=windows))

    assert [window.start for window in made.windows] == [new]


def test_the_suggestion_says_what_it_is_about_and_who_made_it() -> None:
    made = advise(facts("ja"), learned(QUOTE), key="advice:d1")

    assert (made.id, made.key, made.made_by, made.state) == (0, "advice:d1", "advice", "open")
    assert (made.about.deal_id, made.about.contact_id, made.about.owner_id) == ("d1", "c1", "o1")
    assert (made.about.language, made.about.deal_certainty, made.created_at) == ("ja", 1.0, NOW)


def test_thinking_about_advice_needs_no_numbers_library_and_no_database() -> None:
    heavy = ("numpy", "scipy", "duckdb", "sklearn", "spacy", "sqlalchemy", "flask")
    code = f"import sys, motenashi.suggestions.advice.make_advice; print(set({heavy}) & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert told.stdout.strip() == "set()"


# What holds for every suggestion, over many made-up cases.

LABELS = [label for label, advice in intent_actions().intents.items() if not advice.nothing]
ACTIONS = [
    QUOTE,
    MEETING,
    MORE,
    FOURTH,
    FIFTH,
    "call:discount p 0.30 base 0.25 lift 1.2 (0.7 to 1.9) 1 of 3",
    "email: p 0.3 base 0.2 lift 1.5 (0.9 to 2.4) 5 of 9",
]
ZONES = ["", "Asia/Tokyo", "America/New_York", "Europe/London", "Asia/Kathmandu", "No/Zone"]


def anything(chance: random.Random) -> Suggestion:
    language = chance.choice(["en", "ja"])
    kind = chance.choice(["deal", "deal", "contact", "lead"])
    now = NOW + timedelta(minutes=chance.randrange(60 * 24 * 60))
    about = facts(language, kind, time_zone=chance.choice(ZONES), standing=chance.choice(["", "discount"]))
    if about.deal is not None:
        stage, amount = chance.choice(STAGES).name, chance.choice([None, 0, 5_000_000])
        close = chance.choice([None, now.date() + timedelta(days=chance.randrange(-40, 80))])
        deal_type = chance.choice(["", "Renewal"])
        about = replace(about, deal=replace(DEAL, stage=stage, amount=amount, expected_close=close, type=deal_type))
    touches = [
        Touch(
            chance.choice(["call", "e-mail", "reply", "form", "visit"]),
            now - timedelta(days=days),
            chance.random() < 0.5,
        )
        for days in sorted(chance.sample(range(60), chance.randrange(6)))
    ]
    about = replace(
        about,
        touches=tuple(touches),
        planned=(activity(chance.choice(["call", "event"]), f"2027-06-{chance.randrange(1, 30):02} 11:00", "demo"),)
        if chance.random() < 0.3
        else (),
        away_until=now + timedelta(days=chance.randrange(1, 20)) if chance.random() < 0.2 else None,
        opted_out=frozenset(chance.sample(["call", "e-mail"], chance.choice([0, 0, 0, 1, 2]))),
        trial_ends=now.date() + timedelta(days=chance.randrange(-20, 20)) if chance.random() < 0.2 else None,
        term=Term(now.date() + timedelta(days=chance.randrange(-60, 90)), chance.choice([None, 0.1, 0.6, 0.99]))
        if chance.random() < 0.2
        else None,
    )
    if chance.random() < 0.2:
        about = replace(about, contact=Contact("c1", "") if kind != "lead" else None, account=Account("a1", ""))
    told = None
    if kind == "deal" and chance.random() < 0.8:
        told = learned(
            *chance.sample(ACTIONS, chance.randrange(len(ACTIONS))),
            now=now,
            suggest=chance.random() < 0.6,
            due_at=now + timedelta(days=chance.randrange(-1, 9)),
            slow=chance.random() < 0.3,
            smooth=chance.random() < 0.3,
            evidence=chance.choice([0, 3, 500]),
            usual_gap_days=chance.choice([None, 0.2, 6.0]),
        )
    wishes = [
        one
        for number in range(chance.choice([0, 0, 1, 2]))
        for one in mail(
            language,
            dict.fromkeys(chance.sample(LABELS, chance.randrange(1, 4)), "A sentence of theirs."),
            "Shall we say next Thursday at 15:00?" if language == "en" else "来週木曜日の15時はいかがでしょうか。",
            received=now - timedelta(days=chance.randrange(12)),
            number=number,
        )
    ]
    best = {"call": times("call", (chance.randrange(7), chance.randrange(24), 4.0))} if chance.random() < 0.5 else {}
    return advise(about, told, *wishes, times=best, now=now)


@pytest.mark.parametrize("seed", range(200))
def test_every_suggestion_is_whole(seed: int) -> None:
    made = anything(random.Random(seed))

    assert made.windows and all(window.start < window.end for window in made.windows)
    assert any(window.end > made.created_at for window in made.windows)
    assert next_due(made) > made.created_at
    assert made.gain >= 0 and 0 < made.probability <= 1
    assert (made.action == "none") == (made.purposes == ())
    assert (made.draft is None) == (made.action in ("none", "update"))
    assert len(made.alternatives) <= 3
    assert len({(one.action, one.purpose) for one in made.alternatives}) == len(made.alternatives)
    if made.not_before is not None:
        assert made.windows[0].start >= made.not_before
    texts = [made.title, *(reason.text for reason in made.reasons), *(one.title for one in made.alternatives)]
    for text in texts:
        for language in ("en", "ja"):
            assert text[language].strip() == text[language] != ""
            assert not re.search(r"None|[{}]| {2,}|\n| ,| \.$", text[language]), text[language]
    assert all(0 < reason.weight <= 1 for reason in made.reasons)
    assert made.reasons or made.action == "none"
