"""What visitors say from anywhere: interrupts, intents, start over, stop; and what nobody understands."""

from __future__ import annotations

import pytest

from motenashi.conversation.reply import Action
from tests.flow_engine.small_talk import Talk, World, part, steps

MENU = """  menu:
    say: Menu
    choices:
      - {label: Show past orders, go: orders, also: {en: [my orders], ja: [注文履歴]}}
      - {label: {en: Ask a question, ja: 質問する}, go: question}
  orders: {say: Orders., then: menu}
  question: {say: Your question, ask: text, save: asked}
  thanks: {say: Thanks., then: menu}
  person: {say: A person., then: menu}
  complaint: {say: So sorry., then: menu}
  gone: {say: Let me help., then: menu}
"""
HEAD = (
    "trigger: {}\ninterrupts: {human: person}\nintents: [{intent: complaint, go: complaint, at_least: 0.6}]\nlost: gone"
)


def menu() -> Talk:
    world = World(intents={"it arrived broken, all of it": "complaint"})
    talk = Talk(steps(MENU, head=HEAD), world=world)
    talk.opens()
    return talk


@pytest.mark.parametrize("words", ["Show past orders", "past orders", "1", "my orders", "注文履歴", "show past ordres"])
def test_typed_words_choose_a_button(words: str) -> None:
    talk = menu()
    assert talk.says(words) == ["Orders.", "Menu"]
    assert talk.path[0] == "menu: choice 1: Show past orders"


def test_the_label_of_the_other_language_is_understood() -> None:
    assert menu().says("質問する") == ["Your question"]


@pytest.mark.parametrize("words", ["human", "I want to talk to a human", "担当者"])
def test_an_interrupt_leads_away_from_a_menu(words: str) -> None:
    talk = menu()
    assert talk.says(words) == ["A person.", "Menu"]
    assert "menu: interrupt human" in talk.path


def test_where_any_text_is_an_answer_only_the_bare_word_interrupts() -> None:
    talk = menu()
    talk.says("Ask a question")
    assert talk.says("Can a human repair it?") == ["Thanks.", "Menu"]
    talk.says("Ask a question")
    assert talk.says("human") == ["A person.", "Menu"]


def test_own_words_of_an_interrupt_are_heard_beside_the_built_in_ones() -> None:
    head = "trigger: {}\ninterrupts: {human: {go: person, words: [somebody real]}}"
    talk = Talk(steps(MENU, head=head))
    talk.opens()
    assert talk.says("somebody real") == ["A person.", "Menu"]
    assert talk.says("operator") == ["A person.", "Menu"]


def test_an_interrupt_of_the_caller_leaves_the_called_flow() -> None:
    talk = Talk(
        steps(
            "  a: {call: part}\n  b: {say: B.}\n  person: {say: A person.}\n",
            head="trigger: {}\ninterrupts: {human: person}",
        ),
        part("  ask: {say: Name, ask: name}\n", "part"),
    )
    talk.opens()
    assert talk.says("human") == ["A person."]
    assert talk.session.stack == ()


def test_the_nearest_flow_with_an_interrupt_wins() -> None:
    talk = Talk(
        steps("  a: {call: part}\n  person: {say: Outer.}\n", head="trigger: {}\ninterrupts: {human: person}"),
        steps("  ask: {say: Name, ask: name}\n  p: {say: Inner.}\n", name="part", head="interrupts: {human: p}"),
    )
    talk.opens()
    assert talk.says("human") == ["Inner.", "Outer."]  # inner flow done: back behind the call


def test_start_over_begins_again_from_anywhere_without_being_declared() -> None:
    talk = Talk(steps("  a: {say: Welcome.}\n  b: {go: other}\n"), part("  ask: {say: Name, ask: name}\n", "other"))
    talk.opens()
    assert talk.says("最初から") == ["Welcome.", "Name"]
    assert talk.path[0] == "a: interrupt start_over"


def test_stop_says_good_bye_and_ends() -> None:
    talk = menu()
    assert talk.says("stop") == ["Thank you for stopping by. Good-bye!"]
    assert talk.last.reply.action is Action.END


def test_a_sure_intent_leads_where_the_flow_says() -> None:
    talk = menu()
    assert talk.says("it arrived broken, all of it") == ["So sorry.", "Menu"]
    assert "menu: intent complaint" in talk.path


def test_words_that_mean_nothing_here_are_asked_again_with_the_same_buttons() -> None:
    talk = menu()
    assert talk.says("purple") == ["Sorry, I did not understand that. Please choose one of these."]
    assert talk.chips == ("Show past orders", "Ask a question")
    assert talk.path == ["menu: not understood"]


def test_three_misses_in_a_row_lead_to_lost_and_an_answer_in_between_counts_anew() -> None:
    talk = menu()
    talk.says("purple")
    talk.says("violet")
    assert talk.says("1") == ["Orders.", "Menu"]
    talk.says("purple")
    talk.says("violet")
    assert talk.says("mauve") == ["Let me help.", "Menu"]
    assert "menu: lost" in talk.path


def test_own_words_for_not_understood_are_said() -> None:
    talk = Talk(steps("  a: {say: Which, not_understood: Just these two., choices: [{label: Red}, {label: Blue}]}\n"))
    talk.opens()
    assert talk.says("purple") == ["Just these two."]


@pytest.mark.parametrize("words", ["", "   ", "🙂", "\u202eabc", "x" * 10_000, "\ud800", "a\0b"])
def test_strange_words_are_not_understood_and_break_nothing(words: str) -> None:
    talk = menu()
    assert talk.says(words) == ["Sorry, I did not understand that. Please choose one of these."]


def test_whoever_speaks_first_need_not_say_it_again() -> None:
    talk = Talk(steps("  hello: {say: Hello.}\n" + MENU, head=HEAD))
    assert talk.says("show past orders") == ["Hello.", "Menu", "Orders.", "Menu"]


def test_a_greeting_is_no_wrong_answer() -> None:
    talk = Talk(steps("  hello: {say: Hello.}\n" + MENU, head=HEAD))
    assert talk.says("good morning") == ["Hello.", "Menu"]
    assert talk.chips == ("Show past orders", "Ask a question")


def test_a_wish_said_first_leads_to_its_interrupt() -> None:
    assert Talk(steps(MENU, head=HEAD)).says("human")[:2] == ["Menu", "A person."]
