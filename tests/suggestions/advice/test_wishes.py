"""What the customer asked for in several mails, brought together."""

from __future__ import annotations

from dataclasses import replace

from motenashi.suggestions.advice.facts import Touch
from motenashi.suggestions.advice.wishes import merged
from motenashi.suggestions.intent_actions import intent_actions
from motenashi.suggestions.suggestion import Suggestion
from tests.suggestions.advice.world import advise, facts, mail, moment

EARLY, LATE = moment("2027-06-01 09:00"), moment("2027-06-02 09:00")


def together(*wishes: Suggestion) -> list[tuple[str, tuple[str, ...], int]]:
    return [(wish.action, wish.purposes, wish.asked) for wish in merged(wishes, facts(), intent_actions())]


def test_the_order_in_which_mails_are_handed_in_does_not_matter() -> None:
    first = mail("en", {"quote_request": "What does it cost?"}, received=EARLY, number=1)
    second = mail("en", {"product_info": "Tell us more."}, received=LATE, number=2)

    assert together(*first, *second) == together(*second, *first) == [("e-mail", ("quote", "product_info"), 1)]


def test_the_same_mail_twice_gives_each_sentence_once() -> None:
    asked = mail("en", {"quote_request": "What does it cost?"})
    made = advise(facts(), None, *asked, *asked)

    assert [reason.sentence for reason in made.reasons].count("What does it cost?") == 1


def test_the_most_urgent_way_comes_first_and_then_the_rank_of_the_table() -> None:
    asked = mail("en", {"product_info": "More?", "demo_request": "Show us.", "support_issue": "It is broken."})

    # A demonstration stands above a technical problem in the table of actions; both are due soon.
    assert [action for action, _, _ in together(*asked)] == ["event", "call", "e-mail"]


def test_older_mails_add_what_the_customer_said_but_not_their_times_and_terms() -> None:
    first = mail("en", {"demo_request": "Show us."}, "Show us on Thursday at 10:00.", received=EARLY, number=1)
    second = mail("en", {"meeting_request": "Let us talk."}, "Let us talk on Friday.", received=LATE, number=2)
    (wish,) = merged((*first, *second), facts(), intent_actions())

    said = [(reason.sentence, reason.text["en"]) for reason in wish.reasons]
    assert [sentence for sentence, _ in said if sentence] == ["Let us talk.", "Show us."]
    assert not any("Thursday" in text for _, text in said)
    assert [window.text for window in wish.proposals] == ["Friday"]


def test_times_of_an_older_mail_hold_while_the_newer_one_names_none() -> None:
    first = mail("en", {"demo_request": "Show us."}, "Show us on Thursday at 10:00.", received=EARLY, number=1)
    second = mail("en", {"demo_request": "Did you get my mail?"}, received=LATE, number=2)
    (wish,) = merged((*first, *second), facts(), intent_actions())

    assert [window.text for window in wish.proposals] == ["Thursday at 10:00"]
    assert wish.source == "mail:2"


def test_a_wish_is_granted_only_by_a_contact_about_all_of_it_and_after_it() -> None:
    (wish,) = mail("en", {"quote_request": "Cost?", "product_info": "More?"}, received=LATE)
    after, before = moment("2027-06-02 09:30"), moment("2027-06-01 09:30")
    quote, more = (Touch("e-mail", after, True, purpose) for purpose in ("quote", "product_info"))

    def left(*touches: Touch) -> int:
        return len(merged([wish], replace(facts(), touches=touches), intent_actions()))

    assert left(quote, more) == 0
    assert left(quote) == 1
    assert left(replace(quote, at=before), replace(more, at=before)) == 1
    assert left(replace(quote, ours=False), replace(more, ours=False)) == 1
    assert left(replace(quote, purpose=""), more) == 1


def test_who_declines_still_has_a_complaint() -> None:
    first = mail("en", {"complaint": "It was late.", "quote_request": "Cost?"}, received=EARLY, number=1)
    second = mail("en", {"not_interested": "We go elsewhere."}, received=LATE, number=2)

    assert together(*first, *second) == [("call", ("complaint",), 1), ("e-mail", ("farewell",), 1)]


def test_who_writes_again_after_declining_is_heard() -> None:
    first = mail("en", {"not_interested": "We go elsewhere."}, received=EARLY, number=1)
    second = mail("en", {"quote_request": "On second thought, what does it cost?"}, received=LATE, number=2)

    assert together(*first, *second) == [("e-mail", ("quote", "farewell"), 1)]


def test_taking_somebody_off_the_mailings_has_no_draft_and_needs_nobody_there() -> None:
    asked = mail("en", {"unsubscribe": "No more mailings please."})
    made = advise(replace(facts(), away_until=moment("2027-06-30 00:00")), None, *asked)

    assert (made.action, made.draft, made.not_before) == ("update", None, None)
    assert made.title["ja"] == "Haruka Mori様への案内メールの配信を止める"
    assert made.windows[0].start.date() == LATE.date()
