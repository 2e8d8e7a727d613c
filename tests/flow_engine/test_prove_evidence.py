"""A way through the flows, told as a conversation."""

from __future__ import annotations

from motenashi.flow_engine.evidence import LONGEST_LINE, LONGEST_TALK, conversation_to
from motenashi.flow_engine.ways import explore
from tests.flow_engine.names_for_tests import flows_of


def told(steps: str, to: str, head: str = "trigger: {}") -> tuple[str, ...]:
    ways = explore(flows_of(f"flow: start\ntitle: T\n{head}\nsteps:\n{steps}"))
    return conversation_to(ways, ways.places_of["start", to][0])


def test_every_kind_of_move_is_told_in_words() -> None:
    steps = """  who: {plug: identify_visitor, save: person, on_error: ask}
  ask:
    ask: {questions: [{name: name, say: Your name}, {name: size, say: How many}]}
    save: form
  sure: {verify: email, on_refused: show}
  show: {say: "Hello{% if person.first_name %}, {{ person.first_name }}{% endif %}.", image: /a.png}
  wait: {wait: {time: 1 minute}}
  talk: {forward_to_operator: {}, say: Somebody comes., when_unavailable: route}
  route: {criteria_router: [{name: From Japan, if: {visitor.country: JP}, go: bye}], not_matched: ask}
  bye: {end_chat: {say: Bye.}}
"""
    assert told(
        steps.replace("  who: {plug: identify_visitor", "  who: {plug: identify_visitor, then: ask"), "bye"
    ) == (
        "visitor: (opens the chat)",
        "bot: Your name",
        "visitor: (an answer)",
        "bot: (asks for the code it has sent)",
        "visitor: (the code)",
        "bot: Hello, {{ person.first_name }}.",
        "bot: (image)",
        "(time passes)",
        "(when nobody is there)",
        "(when From Japan)",
    )


def test_the_shortest_way_is_told_and_failures_are_named() -> None:
    steps = """  first: {plug: identify_visitor, save: person, on_error: last}
  menu: {say: Menu, choices: [{label: On, go: more}]}
  more: {say: More, then: last}
  last: {end_chat: {}}
"""
    assert told(steps, "last") == ("visitor: (opens the chat)", "(when first fails)")


def test_what_visitors_say_from_anywhere_is_told_in_their_words() -> None:
    steps = "  menu: {say: Menu, choices: [{label: On}]}\n  a: {end_chat: {}}\n"
    steps += "".join(f"  {name}: {{end_chat: {{}}}}\n" for name in "bcd")
    head = "trigger: {}\ninterrupts: {bill: {go: b, words: [my bill, invoice]}}\n"
    head += "intents: [{intent: complaint, go: c}]\nlost: d"
    assert [told(steps, name, head)[-1] for name in "bcd"] == [
        "visitor: my bill",
        "visitor: (something read as complaint)",
        "visitor: (three times something we do not understand)",
    ]


def test_long_lines_and_long_talks_are_cut() -> None:
    long_line = "x" * 200
    steps = "".join(f"  s{n}: {{say: {long_line}, ask: text}}\n" for n in range(30)) + "  last: {end_chat: {}}\n"
    lines = told(steps, "last")
    assert len(lines) == LONGEST_TALK + 1
    assert lines[LONGEST_TALK // 2] == "…"
    assert lines[1] == "bot: " + "x" * (LONGEST_LINE - 1) + "…"
