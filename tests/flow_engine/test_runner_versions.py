"""On which version does a talk go on when its flow has changed meanwhile?"""

from __future__ import annotations

import pytest

from motenashi.conversation.session import Frame, Session
from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.versions import choose_version
from tests.flow_engine.names_for_tests import flows_of
from tests.flow_engine.small_talk import Talk, steps

OLD = "  a: {say: Name, ask: name, save: who}\n  b: {say: 'Old, {{ who }}.'}\n"
NEW = "  hello: {say: Hello.}\n  a: {say: Your name, ask: name, save: who}\n  b: {say: 'New, {{ who }}.'}\n"
GONE = "  hello: {say: Hello.}\n  other: {say: 'Other, {{ who }}.'}\n"


def flows(text: str, on_change: str) -> FlowSet:
    return flows_of(steps(text, head=f"trigger: {{}}\non_change: {on_change}"))


def begun(on_change: str) -> Talk:
    talk = Talk(steps(OLD, head=f"trigger: {{}}\non_change: {on_change}"))
    talk.opens()
    return talk


@pytest.mark.parametrize(
    ("on_change", "new", "goes_on_with", "restarted"),
    [
        ("finish", NEW, "old", False),
        ("migrate", NEW, "new", False),
        ("migrate", GONE, "new", True),
        ("restart", NEW, "new", True),
    ],
)
def test_the_flow_says_what_becomes_of_talks_under_way(
    on_change: str, new: str, goes_on_with: str, restarted: bool
) -> None:
    talk = begun(on_change)
    live = flows(new, on_change)
    chosen = choose_version(talk.session, live, talk.flows)
    assert chosen.flows is {"old": talk.flows, "new": live}[goes_on_with]
    assert (chosen.restarted, chosen.session.stack == ()) == (restarted, restarted)


def test_a_migrated_talk_answers_the_question_it_was_asked_with_the_new_words() -> None:
    talk = begun("migrate")
    talk.flows = flows(NEW, "migrate")
    assert talk.says("Haruka") == ["New, Haruka."]


def test_a_version_that_is_gone_migrates_even_where_it_should_finish() -> None:
    talk = begun("finish")
    live = flows(NEW, "finish")
    assert choose_version(talk.session, live, None).flows is live
    assert choose_version(talk.session, flows(GONE, "finish"), None).restarted


def test_a_talk_that_has_not_begun_or_has_ended_takes_what_is_live() -> None:
    live = flows(NEW, "finish")
    fresh = Session("t", "start")
    ended = Session("t", "start", flow_set="old", stack=(Frame("start", "a"),), ended="forward")
    assert choose_version(fresh, live, None).flows is live
    assert choose_version(ended, live, flows(OLD, "finish")).flows is live


def test_the_same_version_is_no_change() -> None:
    talk = begun("restart")
    again = flows(OLD, "restart")
    assert not choose_version(talk.session, again, talk.flows).restarted


def test_a_talk_moved_onto_a_step_that_asks_nothing_does_its_work() -> None:
    talk = begun("migrate")
    talk.flows = flows("  a: {say: Now I only talk.}\n", "migrate")
    assert talk.says("Haruka") == ["Now I only talk."]
