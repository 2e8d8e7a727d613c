"""What is proved about rules: examples a designer meets, and, for random rules, never a wrong YES or NO."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motenashi.conversation.assurance import Assurance
from motenashi.flow_engine.criteria import Criteria, holds, parse_criteria
from motenashi.flow_engine.criteria_domains import Numbers, Texts
from motenashi.flow_engine.criteria_proof import (
    Answer,
    can_hold,
    covers,
    find,
    possible,
    reachable_after,
    satisfiable_together,
)
from motenashi.yaml_source import read_documents

NOW = datetime(2026, 11, 3, tzinfo=UTC)
KIND = {"kind": ("contact", "lead", "new")}


def rule(text: str, pattern: str | None = None) -> Criteria:
    criteria, problems = parse_criteria(read_documents(text, "a")[0][0], pattern, "a", 1)
    assert problems == []
    return criteria


@pytest.mark.parametrize(
    ("one", "other", "domains", "answer"),
    [
        ("kind: contact", "kind: lead", KIND, "no"),
        ("kind: [contact, lead]", "kind: {is_not: contact}", KIND, "yes"),
        ("kind: contact", "kind: lead", {}, "no"),
        ("kind: contact", "country: JP", {}, "yes"),
        ("score: {gt: 5}", "score: {lt: 3}", {}, "no"),
        ("score: {gt: 5}", "score: {le: 6}", {}, "yes"),
        ("score: {gt: 2}", "score: {lt: 3}", {}, "unknown"),  # 2.5 visits?
        ("score: {gt: 2}", "score: {lt: 3}", {"score": Numbers()}, "yes"),
        ("score: {gt: 2}", "score: {lt: 3}", {"score": Numbers(whole=True)}, "no"),
        ("score: {between: [1, 5]}", "score: {between: [5, 9]}", {"score": Numbers(whole=True)}, "yes"),
        ("score: {ge: 5}", "score: is_empty", {}, "no"),
        ("score: {is: '4'}", "score: {gt: 4}", {}, "no"),
        ("score: {is_not: '4'}", "score: {eq: 4}", {}, "unknown"),  # '04' is not '4' as a text
        ("url: {contains: shop}", "url: {contains: laptop}", {}, "unknown"),
        ("url: {contains: shop}", "url: {is: shop}", {}, "yes"),
        ("url: {contains: shop}", "url: {not_contains: shop}", {}, "no"),
        ("url: {contains: shop}", "url: is_empty", {}, "no"),
        ("url: {is: a}", "url: {contains: b}", {}, "no"),
        ("mail: {matches: '@'}", "mail: {is: a@b.c}", {}, "yes"),
        ("level: {at_least: verified}", "level: {is: claimed}", {}, "no"),
        ("level: {at_least: claimed}", "level: {at_least: verified}", {"level": tuple(Assurance)}, "yes"),
        ("vip: true", "vip: false", {}, "no"),
        ("vip: true", "vip: is_empty", {}, "no"),
        ("tags: {has: a}", "tags: {has_not: a}", {}, "no"),
        ("tags: {has: a}", "tags: {has: b}", {}, "yes"),
        ("tags: {has_all: [a, b]}", "tags: {size_lt: 2}", {}, "no"),
        ("tags: {size_gt: 2}", "tags: {has_not: a}", {}, "yes"),
        ("t: {before: today}", "kind: lead", KIND, "unknown"),
        ("t: {before: today}", "kind: nobody", KIND, "no"),
        ("kind: $other", "kind: lead", KIND, "unknown"),
    ],
)
def test_whether_two_rules_can_meet(one: str, other: str, domains: Mapping[str, Any], answer: str) -> None:
    verdict = satisfiable_together(rule(one), rule(other), domains)

    assert verdict.answer == answer
    if verdict.answer is Answer.YES:
        assert holds(rule(one), verdict.witness.get, NOW) and holds(rule(other), verdict.witness.get, NOW)


@pytest.mark.parametrize(
    ("rules", "domains", "answer", "witness"),
    [
        (["kind: contact", "kind: lead", "kind: new"], KIND, "yes", {}),
        (["kind: contact", "kind: lead"], KIND, "no", {"kind": "new"}),
        (["kind: contact", "kind: lead", "kind: new"], {"kind": (*KIND["kind"], None)}, "no", {"kind": None}),
        (["kind: contact", "kind: {is_not: contact}"], {"kind": Texts()}, "yes", {}),
        (["kind: contact", "kind: {is_not: contact}"], {}, "unknown", {}),  # it might be a list
        (["n: {lt: 5}", "n: {ge: 5}"], {"n": Numbers(may_be_empty=False)}, "yes", {}),
        (["n: {lt: 5}", "n: {ge: 5}"], {"n": Numbers()}, "no", {"n": None}),
        (["n: {lt: 5}", "n: {gt: 5}"], {"n": Numbers(may_be_empty=False)}, "no", {"n": 5}),
        (["n: {le: 5}", "n: {ge: 6}"], {"n": Numbers(whole=True, may_be_empty=False)}, "yes", {}),
        (["n: {between: [1, 3]}", "n: {between: [4, 5]}"], {"n": Numbers(True, 1, 5, False)}, "yes", {}),
        (["n: {between: [1, 3]}", "n: {between: [4, 5]}"], {"n": Numbers(False, 1, 5, False)}, "no", {"n": 3.5}),
        (["vip: true", "vip: false"], {"vip": (True, False)}, "yes", {}),
        (["{kind: lead, vip: true}", "{kind: [contact, new]}"], KIND | {"vip": (True, False)}, "no", None),
        ([], {}, "no", {}),
    ],
)
def test_whether_somebody_is_left_out(rules: list[str], domains: Any, answer: str, witness: Any) -> None:
    verdict = covers([rule(text) for text in rules], domains)

    assert verdict.answer == answer
    assert witness is None or verdict.witness == witness
    if verdict.answer is Answer.NO:
        assert not any(holds(rule(text), verdict.witness.get, NOW) for text in rules)


def test_a_rule_behind_a_wider_one_is_never_reached() -> None:
    wide, narrow = rule("kind: [contact, lead]"), rule("{kind: lead, score: {gt: 5}}")

    assert reachable_after([wide], narrow, KIND).answer is Answer.NO
    assert reachable_after([narrow], wide, KIND).answer is Answer.YES


def test_a_rule_that_contradicts_itself_can_not_hold() -> None:
    assert can_hold(rule("- {n: {gt: 5}}\n- {n: {lt: 3}}", "1 and 2"), {}).answer is Answer.NO
    assert can_hold(rule("- {n: {gt: 5}}\n- {n: {lt: 3}}", "1 or 2"), {}).answer is Answer.YES
    assert can_hold(rule("- {n: {gt: 5}}", "1 and not 1"), {}).answer is Answer.NO


def test_the_possible_combinations_of_listed_values() -> None:
    criteria = rule("{kind: [contact, lead], vip: true}")

    assert list(possible(criteria, KIND | {"vip": (True, False)})) == [
        {"kind": "contact", "vip": True},
        {"kind": "lead", "vip": True},
    ]
    assert list(possible(criteria, KIND)) == []
    assert list(possible(rule("{kind: $x}"), KIND)) == []


def test_too_much_to_try_is_unknown_and_not_slow() -> None:
    many = "{" + ", ".join(f"f{n}: {{in: [a, b, c]}}" for n in range(25)) + "}"
    pieces = "{" + ", ".join(f"f{n}: {{contains: x{n}}}" for n in range(3)) + ", g: {gt: 9999999999999999}}"

    assert find([rule(many)], [rule(many)], {}).answer is Answer.UNKNOWN
    assert can_hold(rule(pieces), {}).answer is Answer.UNKNOWN


CONDITIONS = st.sampled_from(
    [
        "{is: a}", "{is_not: a}", "{is: '4'}", "{in: [a, b, '5']}", "{not_in: [a, '4']}", "{is_empty: }",
        "{is_not_empty: }", "{eq: 4}", "{ne: 4}", "{gt: 3}", "{ge: 4.5}", "{lt: 5}", "{le: 4}", "{between: [3, 5]}",
        "{is_true: }", "{is_false: }", "{contains: a}", "{not_contains: a}", "{starts_with: '4'}", "{ends_with: b}",
        "{matches: '^[0-9]+$'}", "{has: a}", "{has_not: b}", "{has_any: [a, b]}", "{size_eq: 1}", "{size_gt: 1}",
        "{size_lt: 1}", "{at_least: claimed}", "$y", "{before: today}",
    ]
)  # fmt: skip
RULES = st.builds(
    lambda parts, pattern: rule("\n".join(f"- {{{field}: {text}}}" for field, text in parts), pattern),
    st.lists(st.tuples(st.sampled_from(["x", "y"]), CONDITIONS), min_size=3, max_size=3),
    st.sampled_from([None, "1 or 2 or 3", "(1 and 2) or 3", "1 and not 2 or 3", "not (1 or 2) and 3"]),
)
ANYTHING: list[Any] = [
    None, "", "a", "A", "b", "ab", "ba", "4", "04", "4.0", "5", "4.7", "45", "c", "true", "claimed", "verified", 3, 4,
    4.0, 4.5, 4.7, 5, 99, -1, True, False, [], ["a"], ["b"], ["a", "b"], ["c"], ["c", "d", "e"], {"k": 1}, NOW,
    "2020-01-01", Assurance.CLAIMED, float("nan"), float("inf"),
]  # fmt: skip
DOMAINS: list[tuple[Any, list[Any]]] = [
    (None, ANYTHING),
    (("a", "b", None), ["a", "b", None]),
    ((3, "4", True, ["a"]), [3, "4", True, ["a"]]),
    (Numbers(), [None, -1, 0, 3, 3.5, 4, 4.0, 4.2, 4.5, 4.7, 5, 6, 1e6]),
    (Numbers(whole=True, low=0, may_be_empty=False), [0, 1, 2, 3, 4, 5, 6, 100]),
    (Texts(), [value for value in ANYTHING if value is None or (isinstance(value, str) and value)]),
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RULES, max_size=2), st.lists(RULES, max_size=2), st.sampled_from(DOMAINS), st.sampled_from(DOMAINS))
def test_no_answer_is_ever_wrong(
    wanted: list[Criteria], unwanted: list[Criteria], of_x: tuple[Any, list[Any]], of_y: tuple[Any, list[Any]]
) -> None:
    def fits(values: Mapping[str, Any]) -> bool:
        return all(holds(c, values.get, NOW) for c in wanted) and not any(holds(c, values.get, NOW) for c in unwanted)

    domains = {name: domain for name, domain in (("x", of_x[0]), ("y", of_y[0])) if domain is not None}
    verdict = find(wanted, unwanted, domains)
    examples = ({"x": x, "y": y} for x, y in product(of_x[1], of_y[1]))

    if verdict.answer is Answer.YES:
        assert fits(verdict.witness)
    elif verdict.answer is Answer.NO:
        assert next((values for values in examples if fits(values)), None) is None


@settings(max_examples=100, deadline=None)
@given(RULES, RULES)
def test_over_finite_domains_without_clock_or_reference_the_answer_is_never_unknown(
    one: Criteria, other: Criteria
) -> None:
    conditions = (*one.conditions, *other.conditions)
    domains = {"x": ("a", "b", 4, None), "y": (True, "4", ["a"])}
    exact = not any(c.references or c.operator.name == "before" for c in conditions)
    expected = any(
        holds(one, {"x": x, "y": y}.get, NOW) and holds(other, {"x": x, "y": y}.get, NOW)
        for x, y in product(domains["x"], domains["y"])
    )

    if exact:
        assert satisfiable_together(one, other, domains).answer == ("yes" if expected else "no")
