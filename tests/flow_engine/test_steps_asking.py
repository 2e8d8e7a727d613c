"""`ask`, `choices` and `verify`: what they ask, what they take for an answer, and what they keep."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from motenashi.conversation.assurance import Assurance, Identity
from motenashi.conversation.input_cards import Calendar, Select, TextInput
from motenashi.conversation.verification import CodeRequest
from motenashi.flow_engine.services import ServiceFailed
from tests.flow_engine.small_talk import CODE, HARUKA, SALESIQ, Talk, World, steps

EMAIL = "  a: {say: Your address, ask: {card: email, errors: [Hm., Really not.]}, save: address, profile: email}\n"


def test_an_answer_is_checked_kept_and_known_as_the_visitors() -> None:
    talk = Talk(steps(EMAIL + "  b: {say: 'We write to {{ visitor.email }}.'}\n"))
    talk.opens()
    assert isinstance(talk.last.reply.input, TextInput)
    assert talk.says("ＨＡＲＵＫＡ.mori＠example.com") == ["We write to HARUKA.mori@example.com."]
    assert talk.variables == {"address": "HARUKA.mori@example.com"}
    assert talk.session.identity == Identity(Assurance.CLAIMED, HARUKA)


def test_wrong_answers_earn_the_designers_sentences_in_turn_and_the_field_stays() -> None:
    talk = Talk(steps(EMAIL))
    talk.opens()
    assert [talk.says(wrong) for wrong in ("no", "@", "x@")] == [["Hm."], ["Really not."], ["Hm."]]
    assert isinstance(talk.last.reply.input, TextInput)


def test_a_skipped_card_takes_its_own_way_and_learns_nothing() -> None:
    flow = steps(
        "  a: {say: Phone, ask: {card: tel, skippable: true}, save: phone, profile: phone, on_skip: c}\n"
        "  b: {say: Thanks.}\n  d: {end_chat: {}}\n  c: {say: Never mind.}\n"
    )
    talk = Talk(flow)
    talk.opens()
    assert talk.says("skip") == ["Never mind."]
    assert talk.path[0] == "a: skipped"
    assert talk.variables == {"phone": None}


def test_options_come_from_a_variable_in_the_visitors_language() -> None:
    flow = steps(
        "  a: {set: {sizes: [{en: Small, ja: 小}, {value: l, label: Large}, Huge]}}\n"
        "  b: {say: Size, ask: {card: select, options: $sizes}, save: size}\n"
    )
    talk = Talk(flow, language="ja")
    talk.opens()
    assert talk.last.reply.input == Select(("小", "Large", "Huge"))


@pytest.mark.parametrize(("written", "first"), [("+1", 1), ("'+1'", 1), ("-3", -3), ("0", 0), ("$away", 5)])
def test_a_calendars_first_day_may_be_told_in_days_from_today(written: str, first: int) -> None:
    talk = Talk(
        steps(f"  a: {{set: {{away: 5}}}}\n  b: {{say: When, ask: {{card: calendar, from: {written}}}, save: day}}\n")
    )
    talk.opens()
    card = talk.last.reply.input
    assert isinstance(card, Calendar)
    assert date.fromisoformat(card.first) == talk.now.date() + timedelta(days=first)


FORM = """  a:
    ask:
      questions:
        - {name: who, say: Name, card: name, profile: name}
        - {name: address, say: Address, card: email, profile: email}
        - {name: many, say: How many, card: {CARD}}
    save: form
  b: {say: "Thanks {{ form.who }}, {{ form.many }}."}
""".replace("{CARD}", "number")


def test_a_form_is_asked_question_by_question_where_the_platform_does_not() -> None:
    talk = Talk(steps(FORM))
    assert talk.opens() == ["Name"]
    assert talk.says("Haruka") == ["Address"]
    assert len(talk.says("nonsense")) == 1
    assert talk.says(HARUKA) == ["How many"]
    assert talk.says("3") == ["Thanks Haruka, 3."]
    assert talk.variables["form"] == {"who": "Haruka", "address": HARUKA, "many": 3}
    assert talk.session.visitor["name"] == "Haruka"


def test_a_platform_that_collects_forms_gets_the_whole_form() -> None:
    talk = Talk(steps(FORM), channel=SALESIQ)
    assert talk.opens() == []
    form = talk.last.reply.form
    assert form is not None
    assert [question.name for question in form.questions] == ["who", "address", "many"]
    assert talk.answers_form(who="Haruka", address=HARUKA, many="3") == ["Thanks Haruka, 3."]


def test_a_collected_form_with_a_wrong_answer_is_asked_on_from_there() -> None:
    talk = Talk(steps(FORM), channel=SALESIQ)
    talk.opens()
    assert talk.answers_form(who="Haruka", address="nowhere", many="3")[-1] == "Address"
    assert talk.says(HARUKA) == ["How many"]
    assert talk.says("4") == ["Thanks Haruka, 4."]


def test_words_instead_of_a_collected_form_make_us_ask_ourselves() -> None:
    talk = Talk(steps(FORM), channel=SALESIQ)
    talk.opens()
    assert talk.says("What form?") == ["Name"]
    assert talk.says("Haruka") == ["Address"]


CHOICES = """  a:
    say: Which
    choices:
      - {label: Red, value: r}
      - {label: Blue, go: c}
      - {label: Secret, if: {identity.level: {at_least: verified}}}
    save: colour
  b: {say: "Then {{ colour }}."}
  d: {end_chat: {}}
  c: {say: "Blue it is: {{ colour }}."}
"""


def test_a_choice_keeps_its_value_or_its_label_and_leads_its_way() -> None:
    talk = Talk(steps(CHOICES))
    talk.opens()
    assert talk.chips == ("Red", "Blue")
    assert talk.says("Red") == ["Then r."]
    talk = Talk(steps(CHOICES))
    talk.opens()
    assert talk.says("Blue") == ["Blue it is: Blue."]


def test_a_choice_with_a_condition_is_offered_only_when_it_holds() -> None:
    talk = Talk(steps(CHOICES), identity=Identity(Assurance.VERIFIED, HARUKA))
    talk.opens()
    assert talk.chips == ("Red", "Blue", "Secret")
    unsure = Talk(steps(CHOICES))
    unsure.opens()
    assert unsure.says("Secret")[0].startswith("Sorry, I did not understand")


LISTED = """  a: {set: {sizes: [{id: s, title: Small}, {id: l, title: Large}]}}
  b:
    say: Which size
    choices: {list: $sizes, label: "{{ item.title }}", value: "{{ item.id }}", when_empty: none}
    save: size
  c: {say: "Size {{ size }}."}
  d: {end_chat: {}}
  none: {say: Nothing to choose from.}
"""


def test_buttons_for_each_item_of_a_list() -> None:
    talk = Talk(steps(LISTED))
    talk.opens()
    assert talk.chips == ("Small", "Large")
    assert talk.says("large") == ["Size l."]


def test_an_empty_list_of_choices_goes_on_without_asking() -> None:
    assert Talk(steps(LISTED.replace("[{id: s, title: Small}, {id: l, title: Large}]", "[]"))).opens() == [
        "Nothing to choose from."
    ]


VERIFY = """  a: {verify: email, on_refused: c}
  b: {say: 'Hello {{ identity.level }}.'}
  d: {end_chat: {}}
  c: {say: As you like.}
"""


def test_a_right_code_verifies_the_claimed_address() -> None:
    talk = Talk(steps(VERIFY), email=HARUKA.upper())
    assert "h•••@example.com" in talk.opens()[0]
    assert talk.world.asked[0][:2] == ("code", HARUKA)
    assert talk.says(f" {CODE} ") == ["Hello verified."]
    assert talk.session.identity == Identity(Assurance.VERIFIED, HARUKA, "code")


@pytest.mark.parametrize(
    "claimed", ["ＨＡＲＵＫＡ.mori＠example.com", "haruka.mori@example.com.", "<Haruka.Mori@example.com>"]
)
def test_the_code_goes_to_the_address_as_it_is_read_and_that_one_is_verified(claimed: str) -> None:
    talk = Talk(steps(VERIFY), email=claimed)
    talk.opens()
    assert talk.world.asked[0][:2] == ("code", HARUKA)
    talk.says(CODE)
    assert talk.session.identity == Identity(Assurance.VERIFIED, HARUKA, "code")
    talk.opens()
    assert talk.session.identity == Identity(Assurance.VERIFIED, HARUKA, "code")


def test_who_is_verified_already_is_not_asked_again() -> None:
    talk = Talk(steps(VERIFY), identity=Identity(Assurance.VERIFIED, HARUKA, "token"))
    assert talk.opens() == ["Hello verified."]
    assert talk.world.asked == []


def test_an_unknown_address_is_asked_for_first_and_a_wrong_one_asked_again() -> None:
    talk = Talk(steps(VERIFY))
    assert "Which e-mail address" in talk.opens()[0]
    talk.says("not an address")
    assert talk.world.asked == []
    assert "h•••@example.com" in talk.says(HARUKA)[0]
    assert talk.says(CODE) == ["Hello verified."]


def test_wrong_codes_are_counted_and_end_the_trying() -> None:
    talk = Talk(steps(VERIFY), email=HARUKA, world=World(tries_left=2))
    talk.opens()
    assert talk.says("000000") == ["That is not the code we sent. 1 try left."]
    assert talk.says("111111")[-1] == "As you like."
    assert talk.session.identity.level is Assurance.CLAIMED


def test_what_is_no_code_costs_no_try() -> None:
    talk = Talk(steps(VERIFY), email=HARUKA)
    talk.opens()
    assert talk.says("what code?")[0].startswith("The code has six digits")
    assert talk.world.tries_left == 4


@pytest.mark.parametrize("word", ["cancel", "やめる", "No"])
def test_giving_up_leads_to_the_refused_way(word: str) -> None:
    talk = Talk(steps(VERIFY), email=HARUKA)
    talk.opens()
    assert talk.says(word) == ["As you like."]


def test_a_new_code_and_another_address_can_be_asked_for() -> None:
    talk = Talk(steps(VERIFY), email="old@example.com")
    talk.opens()
    talk.says("new code")
    assert "Which e-mail address" in talk.says("other address")[0]
    talk.says(HARUKA)
    assert [asked[1] for asked in talk.world.asked] == ["old@example.com", "old@example.com", HARUKA]
    assert len({asked[2] for asked in talk.world.asked}) == 3
    assert talk.says(CODE) == ["Hello verified."]
    assert talk.session.identity.email == HARUKA


@pytest.mark.parametrize("answer", [CodeRequest.TOO_MANY, CodeRequest.NOT_SENT, ServiceFailed("mail_away")])
def test_a_code_that_can_not_be_sent_is_a_refusal_and_not_a_verification(answer: CodeRequest | ServiceFailed) -> None:
    talk = Talk(steps(VERIFY), email=HARUKA, world=World(codes=answer))
    assert talk.opens()[-1] == "As you like."
    assert talk.path[0] == "a: refused"


def test_opening_the_box_again_sends_no_second_code() -> None:
    talk = Talk(steps(VERIFY), email=HARUKA)
    talk.opens()
    assert talk.opens()[0].startswith("The code has six digits")
    assert len(talk.world.asked) == 1
    assert talk.says(CODE) == ["Hello verified."]
