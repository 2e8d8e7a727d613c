"""Conditions: what each operator says of each kind of value, and every mistake a designer can make in one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from motenashi.conversation.assurance import Assurance
from motenashi.flow_engine.criteria import explain, fields_of, holds, parse_criteria
from motenashi.yaml_source import read_documents

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 3, 10, 30, tzinfo=TOKYO)  # a Tuesday


def parsed(text: str, pattern: str | None = None) -> Any:
    documents, problems = read_documents(text, "flows/a.yaml")
    assert problems == []
    return parse_criteria(documents[0], pattern, "flows/a.yaml", 1)


def asked(condition: str, value: Any, **others: Any) -> tuple[bool, list[str]]:
    criteria, problems = parsed(f"x: {condition}")
    assert problems == []
    told: list[str] = []
    return holds(criteria, {"x": value, **others}.get, NOW, told.append), told


@pytest.mark.parametrize(
    ("condition", "fits", "fits_not"),
    [
        ("{is: Contact}", ["contact", " CONTACT ", "ｃｏｎｔａｃｔ"], ["lead", "", None, "contacts"]),
        ("{is: ｻﾎﾟｰﾄ}", ["サポート"], ["サポートセンター"]),
        ("{is: 4}", [4, 4.0, "4", "４"], [5, "4.0"]),
        ("{is_not: contact}", ["lead", "", None], ["Contact"]),
        ("{contains: tokyo}", ["Big in Ｔｏｋｙｏ"], ["Osaka", None]),
        ("{not_contains: tokyo}", ["Osaka", None], ["East Tokyo"]),
        ("{starts_with: SO-}", ["so-12"], ["12 so-", None]),
        ("{ends_with: .jp}", ["shop.JP "], ["jp.com", None]),
        ("{is_empty: true}", [None, "", "  ", "　", [], {}], [0, False, "x", ["a"]]),
        ("{is_not_empty: true}", [0, False, "x"], [None, "", []]),
        ("{is_empty: }", [None], ["x"]),
        ("{in: [contact, lead]}", ["Lead", "contact"], ["new", None]),
        ("{in: contact}", ["contact"], ["lead"]),
        ("{not_in: [contact, lead]}", ["new", None], ["LEAD"]),
        ("{matches: '^SO-[0-9]{4}$'}", ["so-1042", "ＳＯ－１０４２"], ["so-10420", None]),
        ("{matches: 'ノート|laptop'}", ["ノートパソコン", "my LAPTOP"], ["desktop"]),
        ("{eq: 1200}", [1200, 1200.0, "1,200", "１，２００"], [1201, None, ""]),
        ("{ne: 3}", [4, None, "5"], [3, "3.0"]),
        ("{gt: 2}", [3, "2.5"], [2, None]),
        ("{ge: 2}", [2, "2"], [1.9, None]),
        ("{lt: -1}", [-2, "−3"], [-1, 0, None]),
        ("{le: '1,000'}", [1000], [1000.5, None]),
        ("{between: [1, 5]}", [1, 5, "3"], [0.9, 5.1, None]),
        ("{between: {from: 1, to: 5}}", [2], [6]),
        ("{is_true: true}", [True, "TRUE"], [False, None, "false"]),
        ("{is_false: }", [False, "false"], [True, None]),
        ("{before: 2026-11-03}", ["2026-11-02", date(2026, 11, 1), "2026-11-02T23:59:00"], ["2026-11-03", None]),
        ("{after: '2026-11-03T10:00:00+09:00'}", [datetime(2026, 11, 3, 1, 1, tzinfo=UTC)], ["2026-11-03T10:00:00"]),
        ("{after: yesterday}", ["2026-11-03", NOW], ["2026-11-02", "2026-11-02T12:00:00+09:00"]),
        ("{before: now}", ["2026-11-03T10:29:59", "2026-11-03T01:00:00Z"], ["2026-11-03T10:31:00", "2026-11-03"]),
        # Still the 3rd in Tokyo, although it is the 2nd in Greenwich.
        ("{on: 2026-11-03}", [datetime(2026, 11, 2, 20, 0, tzinfo=UTC), "2026-11-03"], ["2026-11-02", None]),
        ("{on: today}", [NOW], ["2026-11-04"]),
        ("{between: ['2026-11-01', '2026-11-03']}", ["2026-11-01", "2026-11-03T23:00:00"], ["2026-11-04", None]),
        ("{in_last_days: 7}", ["2026-10-27", "2026-11-03T10:00:00"], ["2026-10-26", "2026-11-04", None]),
        ("{in_next_days: 7}", ["2026-11-10", "2026-11-03T11:00:00"], ["2026-11-11", "2026-11-03T10:00:00", None]),
        ("{weekday_in: [mon, Tuesday]}", ["2026-11-03", NOW, "火曜日", "monday"], ["2026-11-04", "日", None]),
        (
            "{weekday_in: {days: [mon], zone: America/New_York}}",
            [datetime(2026, 11, 3, 9, 0, tzinfo=TOKYO)],
            [datetime(2026, 11, 3, 23, 0, tzinfo=TOKYO)],
        ),
        ("{time_between: ['09:00', '18:00']}", ["09:00", "17:59", NOW], ["18:00", "8:59", None]),
        ("{between: ['22:00', '6:00']}", ["23:10", "05:59"], ["06:00", "12:00"]),
        (
            "{time_between: {from: '09:00', to: '18:00', zone: Europe/London}}",
            [datetime(2026, 11, 3, 18, 0, tzinfo=TOKYO)],
            [NOW],
        ),
        ("{has: RAM}", [["ram", "Disk"], ("ＲＡＭ",)], [["Dock"], [], None]),
        ("{has_not: RAM}", [["Dock"], None], [["ram"]]),
        ("{has_any: [RAM, Disk]}", [["disk", "x"]], [["x"], None]),
        ("{has_all: [RAM, Disk]}", [["disk", "x", "ram"]], [["disk"], None]),
        ("{size_eq: 0}", [[], None], [["x"]]),
        ("{size_gt: 1}", [["a", "b"], [{"id": 1}, {"id": 2}]], [["a"], None]),
        ("{size_lt: 2}", [["a"], None], [["a", "b"]]),
        ("{at_least: verified}", [Assurance.VERIFIED, "Verified"], [Assurance.CLAIMED, "claimed", None]),
        ("{at_least: anonymous}", [None, "anonymous"], []),
        ("{is: verified}", [Assurance.VERIFIED], [Assurance.CLAIMED]),
    ],
)
def test_an_operator_holds_where_it_should_and_nowhere_else(
    condition: str, fits: list[Any], fits_not: list[Any]
) -> None:
    assert [value for value in fits if not asked(condition, value)[0]] == []
    assert [value for value in fits_not if asked(condition, value)[0]] == []
    assert [told for value in fits + fits_not if (told := asked(condition, value)[1])] == []


@pytest.mark.parametrize(
    ("condition", "value", "words"),
    [
        ("{is: contact}", ["contact"], "a list, not a text"),
        ("{is_not: contact}", {"kind": "lead"}, "a record, not a text"),
        ("{gt: 2}", "many", "a text, not a number"),
        ("{ne: 2}", True, "true or false, not a number"),
        ("{is_true: true}", 1, "a number, not true or false"),
        ("{before: today}", "soon", "a text, not a date"),
        ("{on: today}", 20261103, "a number, not a date"),
        ("{time_between: ['09:00', '10:00']}", "2026-11-03", "a text, not a time of day"),
        ("{has: a}", "a, b", "a text, not a list"),
        ("{size_gt: 1}", "abc", "a text, not a list"),
        ("{at_least: claimed}", "sure", "a text, not an assurance level"),
    ],
)
def test_a_value_of_the_wrong_kind_matches_nothing_and_is_told(condition: str, value: Any, words: str) -> None:
    held, told = asked(condition, value)

    assert not held
    assert len(told) == 1
    assert words in told[0]
    assert told[0].startswith("line 1: 'x ")


@pytest.mark.parametrize(
    ("short", "value"),
    [("contact", "Contact"), ("3", 3), ("true", True), ("false", False), ("[a, b]", "B"), ("", None),
     ("is_not_empty", "x"), ("is_true", True)],
)  # fmt: skip
def test_a_short_form_means_the_operator_that_fits_its_value(short: str, value: Any) -> None:
    assert asked(short, value)[0]


@pytest.mark.parametrize(
    ("condition", "value", "other", "held"),
    [
        ("$y", "Contact", "contact", True),
        ("{is_not: $y}", "lead", "contact", True),
        ("{is: $y}", None, None, False),  # two unknown values are not the same person
        ("{is_not: $y}", "lead", None, True),
        ("{in: $y}", "b", ["a", "B"], True),
        ("{in: [$y, c]}", "c", None, True),
        ("{has_any: [$y, c]}", ["b"], ["a", "b"], True),
        ("{gt: $y}", 5, "4", True),
        ("{gt: $y}", 5, None, False),
        ("{between: [$y, 9]}", 5, 4, True),
        ("{between: [$y, 9]}", 5, None, False),
        ("{on: $y}", "2026-11-03", date(2026, 11, 3), True),
        ("{contains: $y}", "anything", "", False),
    ],
)
def test_a_dollar_value_is_another_variable(condition: str, value: Any, other: Any, held: bool) -> None:
    assert asked(condition, value, y=other) == (held, [])


def test_a_dollar_value_of_the_wrong_kind_matches_nothing_and_is_told() -> None:
    held, told = asked("{gt: $y}", 5, y="many")

    assert not held
    assert "a number is expected" in told[0]


def test_an_unknown_variable_is_empty_also_when_looking_it_up_raises() -> None:
    criteria, _ = parsed("gone.away: is_empty")

    assert holds(criteria, {}.__getitem__, NOW)


def test_a_lone_surrogate_a_nul_or_a_huge_text_is_only_a_text() -> None:
    assert asked("{matches: b}", "a\ud800\x00b") == (True, [])
    assert asked("{matches: '(a+)+$'}", "a" * 15_000 + "!") == (False, [])
    assert asked("{eq: 1}", "1" * 100_000)[0] is False


def test_all_conditions_of_a_mapping_must_hold() -> None:
    criteria, problems = parsed("{person.kind: {is: lead}, score: {ge: 10, lt: 20}}")

    assert problems == []
    assert [condition.number for condition in criteria.conditions] == [1, 2, 3]
    assert holds(criteria, {"person.kind": "lead", "score": 15}.get, NOW)
    assert not holds(criteria, {"person.kind": "lead", "score": 20}.get, NOW)
    assert not holds(criteria, {"person.kind": "contact", "score": 15}.get, NOW)


@pytest.mark.parametrize(
    ("pattern", "true_of"),
    [
        (None, {"123"}),
        ("(1 and 2) or 3", {"12", "123", "3", "13", "23"}),
        ("1 and (2 or 3)", {"12", "13", "123"}),
        ("1 AND NOT （２ or ３）", {"1"}),
        ("not 1 or 2 and 3", {"", "2", "3", "23", "123"}),
    ],
)
def test_a_pattern_joins_the_numbered_conditions(pattern: str | None, true_of: set[str]) -> None:
    criteria, problems = parsed("- {a: is_true}\n- {b: is_true}\n- {c: is_true}", pattern)
    cases = ["", "1", "2", "3", "12", "13", "23", "123"]

    def held(case: str) -> bool:
        return holds(criteria, {"a": "1" in case, "b": "2" in case, "c": "3" in case}.get, NOW)

    assert problems == []
    assert {case for case in cases if held(case)} == true_of


def test_all_of_one_list_item_share_its_number() -> None:
    criteria, _ = parsed("- {a: is_true, b: is_true}\n- {c: is_true}", "1 or 2")

    assert not holds(criteria, {"a": True}.get, NOW)
    assert holds(criteria, {"a": True, "b": True}.get, NOW)
    assert holds(criteria, {"c": True}.get, NOW)


def test_the_trace_says_what_each_condition_said_and_whether_it_held() -> None:
    criteria, _ = parsed("- {person.kind: lead}\n- {score: {between: [$low, 9]}}\n- {mail: is_empty}")

    assert explain(criteria, {"person.kind": "Lead", "score": 12, "low": 3}.get, NOW) == (
        (1, "person.kind is lead", True),
        (2, "score between [$low, 9]", False),
        (3, "mail is_empty", True),
    )


def test_the_variables_it_reads_are_known_beforehand() -> None:
    criteria, _ = parsed("{a.b: $c.d, $e: {in: [$f, x]}}")

    assert fields_of(criteria) == {"a.b", "c.d", "e", "f"}


def test_every_problem_is_told_at_once_each_with_its_line() -> None:
    text = "\n".join(
        [
            "- person.kind: {iss: contact}",
            "- visitor.lead_score:",
            "    gt: many",
            "    between: [9, 1]",
            "- {mail: {matches: '(?=a)b'}, spaced out: x}",
            "- {level: {at_least: verifed}, day: {weekday_in: [mon, tuseday]}}",
            "- just words",
            "- {t: {time_between: ['9', '25:00']}, z: {weekday_in: {days: mon, zone: Asia/Kyoto}}}",
            "- {vip: {is_true: false}, x: {matches: $y}, d: {before: soon}, e: {is: ''}, f: {size_gt: -1}}",
        ]
    )

    _, problems = parsed(text, "1 and 2 and 3 and 4 and 5 and 6 or 9")

    assert [str(problem) for problem in problems] == [
        "flows/a.yaml:1: 'person.kind': there is no operator 'iss'. Did you mean 'is'?",
        "flows/a.yaml:3: 'visitor.lead_score', gt: a number is expected here. Write it in digits.",
        "flows/a.yaml:4: 'visitor.lead_score', between: the first number is larger than the second. Turn them round.",
        "flows/a.yaml:5: 'mail', matches: this regular expression can't be used: invalid perl operator: (?=. "
        "RE2's syntax is used: no look-ahead, look-behind or back-references.",
        "flows/a.yaml:5: 'spaced out' is no variable's name. Write it as person.kind.",
        "flows/a.yaml:6: 'level', at_least: 'verifed' is no assurance level. Did you mean 'verified'?",
        "flows/a.yaml:6: 'day', weekday_in: 'tuseday' is no weekday. Did you mean 'tuesday'?",
        "flows/a.yaml:7: condition 5 is no condition. Write - {field: {operator: value}}.",
        "flows/a.yaml:8: 't', time_between: two times of day are expected here. Write ['09:00', '18:00'], 24 hours.",
        "flows/a.yaml:8: 'z', weekday_in: 'Asia/Kyoto' is no time zone. "
        "Write a name such as Asia/Tokyo or Europe/London.",
        "flows/a.yaml:9: 'vip', is_true: this operator stands alone or with 'true'. "
        "For the opposite, use the opposite operator.",
        "flows/a.yaml:9: 'x', matches: no variable may stand here. Write an RE2 expression.",
        "flows/a.yaml:9: 'd', before: a date is expected here. "
        "Write 2026-11-03, 2026-11-03T09:30, today, tomorrow, yesterday or now.",
        "flows/a.yaml:9: 'e', is: the text to compare with is empty. Use is_empty or is_not_empty.",
        "flows/a.yaml:9: 'f', size_gt: a whole number from 0 is expected here.",
        "flows/a.yaml:1: pattern '1 and 2 and 3 and 4 and 5 and 6 or 9' names condition 9, which is not there. "
        "There are conditions 1 to 7.",
        "flows/a.yaml:1: condition 7 is not used in pattern '1 and 2 and 3 and 4 and 5 and 6 or 9'. "
        "Name it in the pattern, or take it out.",
    ]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("1 and", "it ends where a number is expected (character 6)"),
        ("(1 and 2", "the bracket that opened here is not closed (character 1)"),
        ("1 2", "'2' is not expected here (character 3)"),
        ("1 xor 2", "'xor' does not belong in a pattern (character 3)"),
        ("1 & 2", "'&' does not belong in a pattern (character 3)"),
        ("", "it ends where a number is expected (character 1)"),
        ("(" * 60 + "1" + ")" * 60, "too many brackets"),
        ("1 and " * 200 + "2", "longer than 500 characters"),
    ],
)
def test_a_wrong_pattern_is_told_with_its_place(pattern: str, words: str) -> None:
    _, problems = parsed("- {a: is_true}\n- {b: is_true}", pattern)

    assert len(problems) == 1
    assert words in problems[0].what


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("word", "'if' needs conditions"),
        ("{}", "'if' holds no condition"),
        ("[]", "'if' holds no condition"),
        ("{a: {}}", "'a' has no operator"),
        ("{a: {'>=': 3}}", "Did you mean 'ge'?"),
        ("{a: {in: []}}", "the list is empty"),
        ("{a: {between: [1, '2026-01-01']}}", "both ends must be"),
        ("{a: {between: [1]}}", "two ends are expected"),
        ("{a: {in_last_days: 99999}}", "at most 36500 days"),
        ("{a: {is: [b, c]}}", "For several, use 'in'."),
        ("{a: {matches: '" + "a" * 301 + "'}}", "longer than 300"),
        ("{a: {matches: '((((a{100}){100}){100}){100})'}}", "can't be used"),
    ],
)
def test_a_wrong_condition_is_told(text: str, words: str) -> None:
    _, problems = parsed(text)

    assert len(problems) == 1
    assert words in str(problems[0])


def test_a_pattern_beside_a_mapping_is_a_problem() -> None:
    _, problems = parsed("{a: is_true}", "1")

    assert [problem.what for problem in problems] == ["'pattern' needs numbered conditions."]
