"""Routers, `set`, `wait` and `experiment`: they decide without asking."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from motenashi.conversation.assurance import Assurance, Identity
from motenashi.conversation.visitor import Visitor
from motenashi.flow_engine.flow import Target
from motenashi.flow_engine.services import ServiceFailed
from motenashi.flow_engine.steps.moving import Arm, Arms, draw
from tests.flow_engine.small_talk import HARUKA, Talk, World, steps

WAYS = "  yes_: {say: Yes., then: end}\n  no_: {say: No., then: end}\n  end: {end_chat: {}}\n"


def decided(step: str, **more: object) -> str:
    return Talk(steps(f"  a: {step}\n{WAYS}"), **more).opens()[0]  # type: ignore[arg-type]


def test_the_first_rule_that_holds_wins_and_not_matched_takes_the_rest() -> None:
    rules = "{name: A, if: {visitor.email: is_empty}, go: yes_}, {name: B, if: {visitor.email: is_empty}, go: no_}"
    router = f"{{criteria_router: [{rules}], not_matched: no_}}"
    assert decided(router) == "Yes."
    assert decided(router, email=HARUKA) == "No."


def test_a_numbered_pattern_decides() -> None:
    router = (
        "\n    criteria_router:\n      - name: A\n        if: [{visitor.country: JP}, {visitor.email: is_not_empty},"
        " {identity.level: {at_least: verified}}]\n        pattern: (1 and 2) or 3\n        go: yes_\n"
        "    not_matched: no_"
    )
    talk = Talk(steps(f"  a: {router}\n{WAYS}"), email=HARUKA)
    assert talk.opens() == ["No."]
    talk = Talk(steps(f"  a: {router}\n{WAYS}"), email=HARUKA)
    talk.visitor = Visitor(email=HARUKA, country="JP")
    assert talk.opens() == ["Yes."]
    assert decided(router, identity=Identity(Assurance.VERIFIED, HARUKA)) == "Yes."


def test_business_hours_decide_for_a_department() -> None:
    router = "{hours_router: {department: sales}, open: yes_, closed: no_}"
    world = World(is_open=False)
    assert decided(router, world=world) == "No."
    assert world.asked == [("open?", "sales")]
    assert decided(router) == "Yes."


def test_the_language_of_what_was_written_goes_before_the_browsers() -> None:
    flow = steps(
        "  a: {language_router: {ja: b}}\n  c: {say: {en: English., ja: 日本語。}}\n  d: {end_chat: {}}\n"
        "  b: {say: {en: Wrong., ja: こちらへ。}}\n"
    )
    assert Talk(flow, language="en").says("予約したいです") == ["こちらへ。"]
    assert Talk(flow, language="ja").says("I want to book") == ["English."]
    assert Talk(flow, language="ja").opens() == ["こちらへ。"]


def test_a_language_without_a_way_goes_to_other() -> None:
    assert decided("{language_router: {ja: yes_}, other: no_}") == "No."


INTENTS = "{intent_router: [{intent: [complaint, cancel], go: yes_, at_least: 0.6}], not_matched: no_}"


def test_an_intent_that_is_read_surely_leads_its_way() -> None:
    def read(text: str, world: World) -> str:
        return Talk(steps(f"  a: {INTENTS}\n{WAYS}"), world=world).says(text)[0]

    assert read("it broke", World(intents={"it broke": "complaint"})) == "Yes."
    assert read("it broke", World(intents={"it broke": "praise"})) == "No."
    assert read("it broke", World()) == "No."


def test_an_intent_can_be_read_from_a_variable() -> None:
    flow = (
        f"  s: {{set: {{text: it broke}}}}\n  a: {INTENTS.replace('not_matched', 'text: $text, not_matched')}\n{WAYS}"
    )
    assert Talk(steps(flow), world=World(intents={"it broke": "complaint"})).opens() == ["Yes."]


def test_a_reader_that_is_away_goes_the_way_of_the_rest() -> None:
    class Away(World):
        def read(self, text: str, language: str):  # type: ignore[no-untyped-def]
            raise ServiceFailed("reader_away")

    assert decided(INTENTS, world=Away()) == "No."


def test_set_keeps_values_as_they_are_and_fills_templates() -> None:
    flow = steps(
        "  a:\n    set: {n: 3, list: [1, '{{ n }}'], copy: $visitor.number_of_past_chats, text: 'n is {{ n }}',"
        " none: $nowhere.at.all}\n"
    )
    talk = Talk(flow)
    talk.visitor = Visitor(number_of_past_chats=7)
    talk.opens()
    assert dict(talk.variables) == {"n": 3, "list": [1, "3"], "copy": 7, "text": "n is 3", "none": None}


WAIT = "  a: {wait: {WHAT}}\n  b: {say: Still there}\n  d: {end_chat: {}}\n  c: {say: I listen.}\n"


def waiting(what: str) -> Talk:
    talk = Talk(steps(WAIT.replace("{WHAT}", what)))
    talk.opens()
    assert talk.session.wake_at is not None
    return talk


def test_silence_goes_on_when_nobody_has_spoken() -> None:
    talk = waiting("{silence: 5 minutes}")
    assert talk.session.wake_at == talk.now + timedelta(minutes=5)
    assert talk.wakes(timedelta(minutes=5)) == ["Still there"]
    assert talk.session.wake_at is None


def test_whoever_speaks_is_listened_to_or_starts_the_silence_anew() -> None:
    assert waiting("{silence: 5 minutes, said: c}").says("hello") == ["I listen."]
    talk = waiting("{silence: 5 minutes}")
    talk.says("wait a moment")
    assert talk.session.wake_at == talk.now + timedelta(minutes=5)


def test_who_asks_for_a_person_while_we_wait_is_heard() -> None:
    for what in ("{silence: 5 minutes}", "{silence: 5 minutes, said: b}", "{time: 30 seconds}"):
        talk = Talk(steps(WAIT.replace("{WHAT}", what), head="trigger: {}\ninterrupts: {human: c}"))
        talk.opens()
        assert talk.says("human") == ["I listen."]


def test_waiting_for_time_keeps_to_its_time_whatever_is_said() -> None:
    talk = waiting("{time: 30 seconds}")
    due = talk.session.wake_at
    assert talk.says("hurry")[0] == "One moment, please."
    assert talk.session.wake_at == due
    assert talk.wakes(timedelta(seconds=30)) == ["Still there"]


def test_waking_a_talk_that_does_not_wait_says_nothing() -> None:
    talk = Talk(steps("  a: {say: Hello.}\n"))
    talk.opens()
    assert talk.wakes(timedelta(minutes=1)) == []


def test_an_experiment_sends_a_conversation_always_the_same_way_and_keeps_its_name() -> None:
    flow = steps(
        f"  a:\n    experiment: {{name: x, arms: [{{name: one, go: yes_}}, {{name: two, go: no_}}]}}\n"
        f"    save: arm\n{WAYS}"
    )
    talks = [Talk(flow) for _ in range(3)]
    assert len({tuple(talk.opens()) for talk in talks}) == 1
    assert talks[0].variables["arm"] == talks[0].path[0].removeprefix("a: ")


def test_arms_are_drawn_by_their_weights() -> None:
    arms = Arms("x", (Arm("often", Target("a"), 3), Arm("seldom", Target("b"), 1)))
    drawn = Counter(draw(arms, f"talk {n}").name for n in range(4000))
    assert drawn["often"] == pytest.approx(3000, abs=150)
