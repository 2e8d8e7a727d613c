"""From step to step: below, then, go, call and return, the end, and the guard against circles."""

from __future__ import annotations

import pytest

from motenashi.conversation.message import MessageKind
from motenashi.conversation.reply import Action
from motenashi.conversation.session import Frame
from motenashi.flow_engine.runner import DEEPEST_STACK, MOST_STEPS
from tests.flow_engine.small_talk import Talk, part, steps


def test_steps_run_one_below_the_other_until_one_waits() -> None:
    talk = Talk(steps("  a: {say: One.}\n  b: {say: Two.}\n  c: {say: Name, ask: name}\n  d: {say: Three.}\n"))
    assert talk.opens() == ["One.", "Two.", "Name"]
    assert talk.path == ["a: then", "b: then", "c"]
    assert talk.session.stack == (Frame("start", "c"),)


def test_then_and_go_lead_elsewhere() -> None:
    talk = Talk(
        steps("  a: {say: One., then: c}\n  b: {say: Two.}\n  c: {go: d}\n  e: {say: No.}\n  d: {say: Four.}\n")
    )
    assert talk.opens() == ["One.", "Four."]
    assert talk.path == ["a: then", "c: go", "d: then"]


def test_a_flow_and_a_step_of_another_flow_can_be_gone_to() -> None:
    other = part("  first: {say: First.}\n  second: {say: Second.}\n", "other")
    assert Talk(steps("  a: {go: other}\n"), other).opens() == ["First.", "Second."]
    assert Talk(steps("  a: {go: other.second}\n"), other).opens() == ["Second."]


def test_a_called_flow_comes_back_behind_the_call() -> None:
    talk = Talk(steps("  a: {call: part}\n  b: {say: Back.}\n"), part("  x: {say: There.}\n", "part"))
    assert talk.opens() == ["There.", "Back."]
    assert [line for line in talk.path if line.startswith("a")] == ["a: call", "a: then"]


def test_a_call_with_then_comes_back_there() -> None:
    talk = Talk(
        steps("  a: {call: part, then: c}\n  b: {say: No.}\n  c: {say: Yes.}\n"), part("  x: {say: There.}\n", "part")
    )
    assert talk.opens() == ["There.", "Yes."]


def test_calls_within_calls_come_back_one_after_the_other_over_several_turns() -> None:
    talk = Talk(
        steps("  a: {call: outer}\n  b: {say: Home.}\n"),
        part("  x: {call: inner}\n  y: {say: Outer again.}\n", "outer"),
        part("  ask: {say: Name, ask: name, save: who}\n", "inner"),
    )
    talk.opens()
    assert [frame.flow for frame in talk.session.stack] == ["start", "outer", "inner"]
    assert talk.says("Haruka") == ["Outer again.", "Home."]
    assert talk.variables == {"who": "Haruka"}


def test_going_back_into_the_calling_flow_leaves_no_call_waiting() -> None:
    talk = Talk(
        steps("  menu:\n    say: Menu\n    choices: [{label: Help, go: help}]\n  help: {call: helper}\n"),
        part("  ask:\n    say: More\n    choices: [{label: Back, go: start.menu}]\n", "helper"),
    )
    talk.opens()
    for _ in range(DEEPEST_STACK + 2):
        assert talk.says("Help") == ["More"]
        assert talk.says("Back") == ["Menu"]
    assert talk.session.stack == (Frame("start", "menu"),)


def test_a_call_that_never_returns_ends_before_the_session_grows_without_end() -> None:
    talk = Talk(steps("  a: {call: again}\n"), part("  x: {call: again}\n", "again"))
    talk.opens()
    assert talk.session.stack == ()


def test_a_flow_that_goes_in_a_circle_ends_with_a_sorry_and_not_with_a_hanging_server() -> None:
    talk = Talk(steps("  a: {set: {x: 1}}\n  b: {go: a}\n"))
    assert talk.opens() == ["Sorry, I can't look that up just now. Please try again in a little while."]
    assert len(talk.path) == MOST_STEPS + 1
    assert talk.session.stack == ()


def test_when_the_last_step_is_done_the_next_message_begins_anew() -> None:
    talk = Talk(steps("  a: {set: {x: 1}}\n  b: {say: 'Hello {{ name }}.'}\n  c: {say: Name, ask: name, save: name}\n"))
    talk.opens()
    talk.says("Haruka")
    assert talk.session.stack == ()
    assert talk.says("And now?")[0] == "Hello ."
    assert "name" not in talk.variables


def test_a_flow_that_says_nothing_at_all_still_answers() -> None:
    assert Talk(steps("  a: {set: {x: 1}}\n")).opens() == ["I'm here when you need me."]


@pytest.mark.parametrize(
    ("ending", "action"),
    [("end_chat", Action.END), ("busy_response", Action.OPERATOR_BUSY), ("block_visitor", Action.BLOCK)],
)
def test_endings_say_their_last_words_and_end(ending: str, action: Action) -> None:
    talk = Talk(steps(f"  a: {{{ending}: {{say: Good-bye.}}}}\n"))
    assert talk.opens() == ["Good-bye."]
    assert (talk.last.reply.action, talk.session.ended, talk.session.stack) == (action, action.value, ())


def test_after_an_ending_the_next_message_begins_anew() -> None:
    talk = Talk(steps("  a: {say: Welcome.}\n  b: {end_chat: {say: Bye.}}\n"))
    talk.opens()
    assert talk.says("Hello again") == ["Welcome.", "Bye."]


def test_opening_the_box_again_repeats_the_question_that_waits() -> None:
    talk = Talk(steps("  a: {say: Welcome.}\n  b: {say: Name, ask: name, save: who}\n"))
    talk.opens()
    assert talk.opens() == ["Name"]
    assert talk.says("Haruka") == ["I'm here when you need me."]


def test_a_restarted_talk_says_so_and_begins_again() -> None:
    talk = Talk(steps("  a: {say: Welcome.}\n"))
    said = talk.turn(MessageKind.TEXT, restarted=True, text="hello")
    assert said == ["Our chat has just been updated, so let us begin again.", "Welcome."]


def test_each_language_is_answered_in_its_own() -> None:
    flow = steps("  a: {say: {en: Hello., ja: こんにちは。}}\n")
    assert Talk(flow, language="en-GB").opens() == ["Hello."]
    assert Talk(flow, language="ja-JP").opens() == ["こんにちは。"]
    assert Talk(flow, language="fr").opens() == ["Hello."]


def test_what_a_visitor_types_is_never_a_template() -> None:
    talk = Talk(steps("  a: {say: Name, ask: text, save: who}\n  b: {say: 'Hello {{ who }}.'}\n"))
    talk.opens()
    assert talk.says("{{ 7 * 7 }} {% for x in range(9) %}x{% endfor %}") == [
        "Hello {{ 7 * 7 }} {% for x in range(9) %}x{% endfor %}."
    ]


def test_going_to_a_flow_that_begins_conversations_leaves_every_caller_behind() -> None:
    talk = Talk(
        steps("  menu: {say: Menu, choices: [{label: Help, go: go_on}]}\n  go_on: {go: inner}\n"),
        part("  a: {call: helper}\n  b: {say: Never said.}\n", "inner"),
        part("  ask: {say: More, choices: [{label: Restart, go: start}]}\n", "helper"),
    )
    talk.opens()
    talk.says("Help")
    assert len(talk.session.stack) == 2
    assert talk.says("Restart") == ["Menu"]
    assert talk.session.stack == (Frame("start", "menu"),)
