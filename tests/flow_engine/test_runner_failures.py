"""When something outside fails: plugs, the platform, the reader. The visitor hears a calm sentence."""

from __future__ import annotations

import pytest

from motenashi.conversation.reply import Action
from motenashi.flow_engine.services import ServiceFailed
from motenashi.flow_engine.turn import known_zone
from motenashi.plug_contract import PlugFailed
from tests.flow_engine.small_talk import SALESIQ, Talk, World, steps

DOWN = PlugFailed("shop", "crm_unreachable", "the CRM does not answer")


@pytest.mark.parametrize(
    ("keys", "said", "kept"),
    [
        ("on_error: b", ["Later, perhaps."], {}),
        ("on_error: b, defaults: {count: 0}", ["Later, perhaps."], {"count": 0}),
        ("defaults: {count: 0}", ["None of 0.", "Later, perhaps."], {"count": 0}),
        (
            "timeout: 1",
            [
                "Sorry, I can't look that up just now. Please try again in a little while.",
                "None of .",
                "Later, perhaps.",
            ],
            {},
        ),
    ],
)
def test_a_plug_that_fails_goes_the_designers_way(keys: str, said: list[str], kept: dict[str, int]) -> None:
    text = f"  a: {{plug: shop, save: found, {keys}}}\n  n: {{say: 'None of {{{{ found.count }}}}.'}}\n"
    talk = Talk(steps(text + "  b: {say: 'Later, perhaps.'}\n"), world=World(plugs={"shop": DOWN}))
    assert talk.opens() == said
    assert talk.variables["found"] == kept
    assert "crm_unreachable" in str(DOWN.reason) and "the CRM does not answer" in talk.last.trace[0].note


def test_the_flows_own_sorry_is_said_before_the_general_one() -> None:
    talk = Talk(steps("  a: {plug: shop}\n", head="trigger: {}\nsorry: {en: Alas., ja: あいにく。}"), world=World())
    assert talk.opens() == ["Alas."]


def test_a_hand_over_that_failed_on_the_platform_leads_on_and_is_not_tried_again() -> None:
    world = World()
    flow = steps(
        "  a: {forward_to_operator: {}, when_unavailable: b}\n  b: {go: again}\n"
        "  again: {forward_to_operator: {}, when_unavailable: c}\n  c: {say: Write to us., ask: text}\n"
    )
    talk = Talk(flow, world=world, channel=SALESIQ)
    talk.opens()
    assert talk.last.reply.action is Action.FORWARD
    handed_over = len(world.asked)
    assert talk.fails() == ["Write to us."]
    assert talk.last.reply.action is Action.REPLY
    assert len(world.asked) == handed_over


def test_a_reply_the_platform_could_not_show_is_repeated_with_a_sorry() -> None:
    talk = Talk(steps("  a: {say: Which, choices: [{label: Red}, {label: Blue}]}\n"))
    talk.opens()
    assert talk.fails("execution_failure") == [
        "Sorry, I can't look that up just now. Please try again in a little while.",
        "Which",
    ]
    assert talk.chips == ("Red", "Blue")


def test_a_failure_without_a_talk_asks_for_a_message() -> None:
    talk = Talk(steps("  a: {say: Hello.}\n"))
    talk.fails()
    assert talk.last.reply.action is Action.OPERATOR_BUSY


def test_a_reader_that_is_away_leaves_words_not_understood() -> None:
    class Away(World):
        def read(self, text: str, language: str):  # type: ignore[no-untyped-def]
            raise ServiceFailed("reader_away")

    head = "trigger: {}\nintents: [{intent: complaint, go: b}]"
    talk = Talk(steps("  a: {say: Which, choices: [{label: Red}]}\n  b: {say: B.}\n", head=head), world=Away())
    talk.opens()
    assert talk.says("broken") == ["Sorry, I did not understand that. Please choose one of these."]
    assert "reader_away" in talk.last.trace[-1].note


def test_the_same_delivery_makes_the_same_keys_for_what_it_changes() -> None:
    def keys() -> list[str]:
        world = World()
        Talk(
            steps("  a: {create_lead: {last_name: Mori}}\n  b: {create_lead: {last_name: Sato}}\n"), world=world
        ).opens()
        return [asked[2] for asked in world.asked]

    assert keys() == keys() == ["talk-1/delivery-1/lead/1", "talk-1/delivery-1/lead/2"]


def test_names_of_time_zones_that_visitors_make_up_fill_no_memory() -> None:
    for number in range(3000):
        assert known_zone(f"Nowhere/{number}") == ""
    assert known_zone.cache_info().currsize <= 1024
