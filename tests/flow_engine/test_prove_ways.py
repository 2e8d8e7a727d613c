"""What follows from all ways through the flows; one small flow for each thing that must, or must not, be told."""

from __future__ import annotations

import pytest

from motenashi.flow_engine.evidence import conversation_to
from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.prove import prove
from motenashi.flow_engine.ways import explore
from motenashi.problems import Problem
from tests.flow_engine.names_for_tests import KNOWN, flows_of


def proved(*documents: str) -> list[Problem]:
    return prove(flows_of(*documents), KNOWN)


def flow(steps: str, name: str = "start", head: str = "trigger: {}") -> str:
    return f"flow: {name}\ntitle: T\n{head}\nsteps:\n{steps}"


def reached(flows: FlowSet) -> set[str]:
    return {".".join(step) for step in explore(flows).places_of}


def test_a_called_flow_returns_behind_each_of_its_callers() -> None:
    flows = flows_of(
        flow("  one: {call: part}\n  two: {call: part, then: four}\n  three: {say: A.}\n  four: {say: B.}\n"),
        flow("  say: {say: Part.}\n", "part", "note: x").replace("note: x\n", ""),
    )
    assert reached(flows) == {"start.one", "start.two", "start.four", "part.say"}


def test_a_called_flow_that_never_ends_leaves_the_steps_behind_the_call_unreached() -> None:
    found = proved(
        flow("  one: {call: part}\n  two: {say: Never.}\n"),
        flow("  bye: {end_chat: {}}\n", "part", "on_change: finish"),
    )
    assert [problem.what for problem in found] == ["no conversation reaches step 'two'."]


def test_going_back_to_the_flow_that_called_is_a_return_and_no_pile_of_calls() -> None:
    menu = "  menu:\n    say: Where to\n    choices: [{label: On, go: more}]\n  more: {call: part}\n"
    assert proved(flow(menu), flow("  back: {go: start.menu}\n", "part", "on_change: finish")) == []


def test_interrupts_intents_and_lost_lead_to_steps_that_nothing_else_reaches() -> None:
    head = "trigger: {}\ninterrupts: {human: a}\nintents: [{intent: complaint, go: b}]\nlost: c"
    steps = "  menu: {say: Yes, choices: [{label: More, go: menu}]}\n"
    flows = flows_of(flow(steps + "".join(f"  {name}: {{end_chat: {{}}}}\n" for name in "abc"), head=head))
    assert {"start.a", "start.b", "start.c"} <= reached(flows)


def test_interrupts_of_the_caller_are_heard_in_the_called_flow() -> None:
    flows = flows_of(
        flow(
            "  one: {call: part}\n  two: {end_chat: {}}\n  talk: {say: T.}\n",
            head="trigger: {}\ninterrupts: {human: talk}",
        ),
        flow("  ask: {say: Name, ask: name}\n", "part", "on_change: finish"),
    )
    place = explore(flows).places_of["start", "talk"][0]
    assert conversation_to(explore(flows), place) == (
        "visitor: (opens the chat)",
        "bot: Name",
        "visitor: human",
    )


def test_a_step_that_only_unreachable_steps_lead_to_is_unreachable_too() -> None:
    found = proved(flow("  a: {end_chat: {}}\n  b: {go: c}\n  c: {go: b}\n"))
    assert [problem.what for problem in found] == [f"no conversation reaches step '{name}'." for name in "bc"]


def test_a_flow_that_nobody_leads_to_is_worth_a_warning_and_not_an_error() -> None:
    found = proved(flow("  a: {end_chat: {}}\n"), flow("  a: {say: A.}\n", "spare", "on_change: finish"))
    assert [(problem.severity, problem.what) for problem in found] == [
        ("warning", "no conversation reaches flow 'spare'.")
    ]


@pytest.mark.parametrize(
    "steps",
    [
        "  a: {say: A., then: b}\n  b: {set: {x: 1}}\n",  # something was said
        "  a: {set: {x: 1}}\n  b: {end_chat: {}}\n",  # an ending
        "  a: {say: A, ask: text, save: x}\n  b: {say: 'Thank you {{ x }}.'}\n",
        "  a: {forward_to_operator: {}, when_unavailable: b}\n  b: {busy_response: {}}\n",
        "  a: {answer_bot: {}, on_unsure: b}\n  c: {set: {x: 1}, then: d}\n  b: {say: Hm.}\n  d: {say: Well.}\n",
    ],
)
def test_a_conversation_that_ends_with_a_word_is_no_dead_end(steps: str) -> None:
    assert proved(flow(steps)) == []


@pytest.mark.parametrize(
    ("steps", "last_lines"),
    [
        ("  a: {set: {x: 1}}\n", ["visitor: (opens the chat)", "(silence)"]),
        ("  a: {say: A, ask: text}\n", ["bot: A", "visitor: (an answer)", "(silence)"]),
        (
            "  a: {say: A.}\n  b: {forward_to_operator: {}, when_unavailable: c}\n  c: {set: {x: 1}}\n",
            ["bot: A.", "(when nobody is there)", "(silence)"],
        ),
        ("  a: {say: A, choices: [{label: No}]}\n", ["bot: A", "visitor: No", "(silence)"]),
        ("  a: {say: A, ask: text}\n  b: {set: {x: 1}}\n", ["bot: A", "visitor: (an answer)", "(silence)"]),
        (
            "  a: {say: A., then: b}\n  b: {wait: {time: 1 minute}}\n  c: {set: {x: 1}}\n",
            ["(time passes)", "(silence)"],
        ),
        (
            "  a: {verify: email, on_refused: b}\n  c: {say: Good.}\n  d: {end_chat: {}}\n  b: {set: {x: 1}}\n",
            ["bot: (asks for the code it has sent)", "visitor: cancel", "(silence)"],
        ),
    ],
)
def test_a_turn_that_ends_in_silence_is_told_with_the_conversation(steps: str, last_lines: list[str]) -> None:
    found = [problem for problem in proved(flow(steps)) if "without a word" in problem.what]
    assert len(found) == 1
    assert list(found[0].evidence[-len(last_lines) :]) == last_lines


def test_a_verification_that_leads_back_to_itself_is_told_and_not_followed_for_ever() -> None:
    found = proved(flow("  a: {verify: email, on_refused: a}\n  b: {set: {x: 1}}\n"))
    assert [problem.what.split(":")[0] for problem in found] == [
        "these steps go in a circle and never wait for the visitor",
        "the conversation stops at step 'b' without a word",
    ]


def test_a_list_that_may_be_empty_does_not_wait_for_the_visitor() -> None:
    steps = "  a: {say: Which, choices: {list: $message.attachments, label: '{{ item.name }}'}, then: a}\n"
    assert "go in a circle" in proved(flow(steps))[0].what
    assert proved(flow(steps.replace("}, then: a", ", go: a, when_empty: b}") + "  b: {say: None.}\n")) == []


def test_asking_in_between_makes_no_circle() -> None:
    assert proved(flow("  a: {say: More, ask: text}\n  b: {say: I see., then: a}\n")) == []


def test_handing_over_to_others_one_after_the_other_is_no_circle() -> None:
    steps = "  a: {forward_to_operator: {}, when_unavailable: b}\n  b: {forward_to_operator: {}, when_unavailable: c}\n"
    assert proved(flow(steps + "  c: {end_chat: {}}\n")) == []


def test_failures_in_a_circle_are_told() -> None:
    found = proved(flow("  a: {plug: popular_products, on_error: a}\n  b: {say: B.}\n"))
    assert [problem.what for problem in found] == [
        "these steps go in a circle and never wait for the visitor: start.a → start.a."
    ]
    assert found[0].evidence == ("visitor: (opens the chat)", "(when a fails)", "(and so on)")


WHO = "  who: {plug: identify_visitor, save: person, on_error: end}\n"
END = "  end: {say: End.}\n"


def rules(text: str, before: str = WHO) -> list[tuple[str, str]]:
    steps = f"{before}  route:\n    criteria_router: [{text}]\n    not_matched: end\n{END}"
    return [(problem.severity, problem.what) for problem in proved(flow(steps))]


def test_a_plug_that_may_have_failed_leaves_its_outputs_unknown() -> None:
    every = "{name: A, if: {person.kind: [contact, lead, new]}, go: end}"
    assert "nobody takes not_matched" in rules(every)[0][1]
    assert rules(every, WHO.replace(", on_error: end", "")) == []


def test_a_narrow_rule_above_a_wide_one_is_fine_and_below_it_never_wins() -> None:
    narrow = "{name: Narrow, if: {person.kind: contact, visitor.country: JP}, go: end}"
    wide = "{name: Wide, if: {person.kind: contact}, go: end}"
    assert rules(f"{narrow}, {wide}") == []
    assert rules(f"{wide}, {narrow}") == [
        ("error", "step 'route': rule 'Narrow' never wins: 'Wide' above it takes everybody it fits.")
    ]


def test_rules_hidden_by_several_above_them_are_told() -> None:
    three = ", ".join(f"{{name: {kind}, if: {{person.kind: {kind}}}, go: end}}" for kind in ("contact", "lead", "new"))
    found = rules(three + ", {name: Any, if: {person.kind: is_not_empty}, go: end}")
    assert ("error", "step 'route': rule 'Any' never wins: the rules above it take everybody it fits.") in found


def test_behind_a_verification_nobody_is_anonymous() -> None:
    guarded = "  who: {verify: email, on_refused: end}\n"
    found = rules("{name: Unknown, if: {identity.level: anonymous}, go: end}", guarded)
    assert found == [("error", "step 'route': rule 'Unknown' can never hold.")]
    assert rules("{name: Unknown, if: {identity.level: anonymous}, go: end}", "") == []


def test_overlapping_rules_are_told_with_a_visitor_whom_both_claim() -> None:
    steps = "  route:\n    criteria_router:\n"
    steps += "      - {name: Here, if: {visitor.country: JP}, go: end}\n"
    steps += "      - {name: Often, if: {visitor.number_of_past_chats: {gt: 3}}, go: end}\n    not_matched: end\n"
    found = proved(flow(steps + END))
    assert [problem.severity for problem in found] == ["warning"]
    assert found[0].evidence[-1] == "(when visitor.country is JP, visitor.number_of_past_chats is 4)"


def test_too_many_places_are_said_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motenashi.flow_engine.ways.MOST_PLACES", 2)
    monkeypatch.setattr("motenashi.flow_engine.prove.MOST_PLACES", 2)
    found = proved(flow("  a: {say: A.}\n  b: {say: B.}\n  c: {say: C.}\n  d: {say: D.}\n"))
    assert [problem.severity for problem in found] == ["warning"]
    assert "more than 2 places" in found[0].what


def test_calls_within_calls_within_calls_are_followed_in_no_time() -> None:
    parts = [
        flow(
            f"  a: {{call: part{n + 1}}}\n  b: {{say: B, ask: text}}\n  c: {{call: part{n + 1}}}\n",
            f"part{n}",
            "on_change: finish",
        )
        for n in range(8)
    ]
    found = proved(flow("  a: {call: part0}\n"), *parts, flow("  a: {say: A.}\n", "part8", "on_change: finish"))
    assert found == []
