"""Personal data on every kind of way: what counts as verified for sure, and what does not."""

from __future__ import annotations

import pytest

from motenashi.flow_engine.check import check_flows
from tests.flow_engine.names_for_tests import KNOWN, flows_of

ORDERS = "  orders: {plug: past_orders, with: {contact_id: '1'}, save: orders}\n  show: {say: '{{ orders.text }}'}\n"
END = "  bye: {end_chat: {}}\n"
MENU = "  menu: {say: Menu, choices: [{label: On, go: sure}]}\n"
SURE = "  sure: {verify: email, on_refused: bye}\n"


def refused(steps: str, *others: str, head: str = "trigger: {}") -> list[str]:
    """The steps that the checker finds on an open way, as flow.step."""
    flows = flows_of(f"flow: start\ntitle: T\n{head}\nsteps:\n{steps}", *others)
    lines = {step.line: f"{flow.id}.{step.id}" for flow in flows.flows.values() for step in flow.steps}
    return [lines[problem.line] for problem in check_flows(flows, KNOWN) if "personal" in problem.what]


def other(steps: str, name: str = "other", head: str = "on_change: finish") -> str:
    return f"flow: {name}\ntitle: T\n{head}\nsteps:\n{steps}"


def router(condition: str, go: str = "orders", rest: str = "bye") -> str:
    return f"  route: {{criteria_router: [{{name: R, if: {condition}, go: {go}}}], not_matched: {rest}}}\n"


@pytest.mark.parametrize(
    "steps",
    [
        SURE + ORDERS + END,
        SURE + "  ask: {say: More, ask: text}\n" + ORDERS + END,  # a turn later still
        router("{identity.level: {at_least: verified}}") + ORDERS + END,
        router("{identity.level: verified}") + ORDERS + END,
        router("{identity.level: {not_in: [anonymous, claimed]}}") + ORDERS + END,
        router("{identity.level: {in: [anonymous, claimed]}}", "bye", "orders") + ORDERS + END,
        router("{identity.level: verified, visitor.country: JP}") + ORDERS + END,
        "  menu: {say: M, choices: [{label: Mine, go: orders, if: {identity.level: verified}}, {label: No, go: bye}]}\n"
        + ORDERS
        + END,
        SURE + "  part: {call: other}\n" + ORDERS + END,
    ],
)
def test_verified_for_sure(steps: str) -> None:
    assert refused(steps, other("  hello: {say: Hello.}\n")) == []


BOTH = ["start.orders", "start.show"]


@pytest.mark.parametrize(
    "steps",
    [
        ORDERS + END,
        SURE.replace("bye", "orders") + ORDERS + END,
        router("{identity.level: {at_least: claimed}}") + ORDERS + END,
        router("{identity.level: {is_not: anonymous}}") + ORDERS + END,
        router("{visitor.email: is_not_empty}") + ORDERS + END,
        router("{identity.level: verified}", "bye", "orders") + ORDERS + END,
        "  menu: {say: M, choices: [{label: Mine, go: orders, if: {identity.level: claimed}}, {label: No, go: bye}]}\n"
        + ORDERS
        + END,
        "  menu: {say: M, choices: [{label: Mine, if: {identity.level: verified}}], then: orders}\n" + ORDERS + END,
        SURE + "  ask: {say: Mail, ask: email, profile: email}\n" + ORDERS + END,
        SURE + "  ask: {ask: {questions: [{name: a, say: A, card: email, profile: email}]}}\n" + ORDERS + END,
    ],
)
def test_not_verified_for_sure(steps: str) -> None:
    assert refused(steps) == BOTH


def test_a_numbered_pattern_is_reasoned_about_and_not_only_read() -> None:
    def with_pattern(pattern: str) -> list[str]:
        rule = "      - name: R\n        if: [{identity.level: verified}, {visitor.country: JP}]\n"
        rule += f"        pattern: {pattern}\n"
        return refused(f"  route:\n    criteria_router:\n{rule}        go: orders\n    not_matched: bye\n{ORDERS}{END}")

    assert with_pattern("1 and 2") == []
    assert with_pattern("not (not 1 or 2)") == []
    assert with_pattern("1 or 2") == BOTH
    assert with_pattern("not 1 and 2") == BOTH


@pytest.mark.parametrize(
    "head",
    [
        "trigger: {}\ninterrupts: {human: orders}",
        "trigger: {}\nintents: [{intent: complaint, go: orders}]",
        "trigger: {}\nlost: orders",
    ],
)
def test_words_said_from_anywhere_lead_around_the_code(head: str) -> None:
    steps = MENU + SURE + ORDERS + END
    assert refused(steps) == []
    assert refused(steps, head=head) == BOTH


def test_another_flow_leads_around_the_code_by_the_steps_name() -> None:
    steps = "  menu: {say: Menu, choices: [{label: Short cut, go: other.orders}, {label: On, go: other}]}\n"
    assert refused(steps, other(SURE + ORDERS + END)) == ["other.orders", "other.show"]
    assert refused(steps.replace("other.orders", "other"), other(SURE + ORDERS + END)) == []


def test_of_two_beginnings_each_must_verify() -> None:
    second = other("  go_on: {go: start.orders}\n", "second", "trigger: {}")
    assert refused(SURE + ORDERS + END) == []
    assert refused(SURE + ORDERS + END, second) == BOTH


def test_a_called_flow_is_as_verified_as_its_caller() -> None:
    report = other("  tell: {say: '{{ orders.text }}'}\n", "report")
    assert refused(SURE + ORDERS + "  part: {call: report}\n" + END, report) == []
    early = "  part: {call: report}\n" + SURE + ORDERS + END
    assert refused(early, report) == ["report.tell"]


def test_verifying_in_a_called_flow_counts_only_where_its_return_is_sure() -> None:
    check = other(SURE + "  good: {say: Good.}\n", "check")
    open_end = check.replace("on_refused: bye", "on_refused: good")
    closed = check.replace("on_refused: bye", "on_refused: start.bye")
    assert refused("  part: {call: check}\n" + ORDERS + END, open_end) == BOTH
    assert refused("  part: {call: check}\n" + ORDERS + END, closed) == []


@pytest.mark.parametrize(
    "making",
    [
        "  keep: {set: {kept: $orders.text}}\n",
        "  keep: {set: {kept: 'You have {{ orders.count }}'}}\n",
        "  first: {set: {one: $orders}}\n  keep: {set: {kept: $one.text}}\n",
        "  keep: {say: Which, choices: {list: $orders.products, label: '{{ item.title }}'}, save: kept}\n",
        "  keep: {say: Which, ask: {card: select, options: $orders.products}, save: kept}\n",
        "  keep: {http: {url: 'https://api.example.com/{{ orders.text }}'}, save: kept}\n",
        "  keep: {plug: popular_products, with: {category: $orders.text}, save: kept}\n",
    ],
)
@pytest.mark.parametrize(
    "shown",
    [
        "{say: 'Here: {{ kept }}'}",
        "{say: Hm, choices: [{label: '{{ kept }}'}]}",
        "{say: Hm, ask: {card: text, placeholder: '{{ kept }}'}}",
        "{http: {url: 'https://api.example.com/x', query: {q: $kept}}}",
        "{create_lead: {note: $kept}}",
        "{forward_to_operator: {summary: '{{ kept }}'}, when_unavailable: bye}",
        "{end_chat: {say: '{{ kept }}'}}",
    ],
)
def test_what_is_made_of_personal_data_is_personal_wherever_it_is_shown(making: str, shown: str) -> None:
    steps = f"{SURE.replace('bye', 'leak')}  orders: {{plug: past_orders, with: {{contact_id: '1'}}, save: orders}}\n"
    found = refused(f"{steps}{making}  end: {{end_chat: {{}}}}\n  leak: {shown}\n{END}")
    assert found == ["start.leak"]


def test_deciding_by_personal_data_and_remembering_it_shows_nothing() -> None:
    steps = SURE.replace("bye", "route") + ORDERS
    steps += "  end: {end_chat: {}}\n  keep: {set: {kept: $orders.count}, then: end}\n"
    assert refused(steps + router("{orders.count: {gt: 3}}", "keep", "end")) == []


def test_the_flows_sorry_is_said_in_every_step_that_may_fail() -> None:
    head = "trigger: {}\nsorry: 'Sorry about {{ orders.text }}.'"
    steps = SURE + ORDERS + END
    before = "  who: {plug: identify_visitor, save: person}\n"
    flows = flows_of(f"flow: start\ntitle: T\n{head}\nsteps:\n{before}{steps}")
    assert [problem.line for problem in check_flows(flows, KNOWN) if "personal" in problem.what] == [4]


def test_what_a_plugs_defaults_make_of_personal_data_is_personal() -> None:
    kept = "  kept: {plug: popular_products, save: kept, defaults: {text: $orders.text}}\n"
    other_way = "  other: {say: Address, ask: email, profile: email}\n  tell: {say: '{{ kept.text }}'}\n"
    assert refused(SURE + ORDERS + kept + other_way + END) == ["start.tell"]
