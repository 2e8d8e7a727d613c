"""Rules are read and checked like flows: every problem at once, by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from motenashi.alerts.check import read_rules
from motenashi.alerts.live_alerts import LiveAlerts
from motenashi.problems import Problem

GOOD = """alert: worry
title: {en: Worry, ja: 心配}
if:
  - {keywords: {has: price}}
  - {tone: negative}
pattern: 1 and 2
at_most_every: 3 days
do:
  - task:
      title: {en: "Call {{ person.name }}", ja: "{{ person.name }}様へ電話"}
"""
OURS = Path(__file__).parents[2] / "alerts"


def read(folder: Path, text: str) -> list[Problem]:
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    return read_rules(folder, allows=lambda url: "evil" not in url, secrets=("crm",))[1]


def test_a_rule_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == []
    (rule,) = read_rules(tmp_path)[0]

    assert rule.name == "worry"
    assert rule.head.when == "response"
    assert rule.head.at_most_every is not None
    assert rule.head.at_most_every.seconds == 3 * 86_400
    assert [action.name for action in rule.head.do] == ["task"]


def test_our_own_rules_are_right() -> None:
    rules, problems = read_rules(OURS)

    assert problems == []
    assert {rule.name for rule in rules} == {"price_worry", "rival_named"}


@pytest.mark.parametrize(
    ("before", "after", "line", "what"),
    [
        ("tone: negative", "tune: negative", 5, "there is no 'tune' when: response."),
        ("tone: negative", "tone: negativ", 5, "'tone' is never 'negativ'."),
        ("{has: price}", "{is: price}", 4, "'is' does not fit 'keywords', which is a list."),
        ("1 and 2", "1 and 2 and 3", 3, "names condition 3, which is not there."),
        ("person.name }}様", "person.nam }}様", 10, "'task' shows 'person.nam', which there is not."),
        ("task:", "tusk:", 9, "there is no action 'tusk'."),
        ("3 days", "sometimes", 7, "must be a length of time"),
        ("alert: worry", "alert: Worry!", 1, "'Worry!' can't name a rule."),
        ("title: {en: Worry, ja: 心配}", "title: {en: Worry}", 2, "has no text for ja."),
        ("{{ person.name }}様", "{{ person.name 様", 10, "has a template that can't be read"),
        ("when", "when", 0, ""),
    ],
)
def test_what_is_wrong_is_told_by_line(tmp_path: Path, before: str, after: str, line: int, what: str) -> None:
    problems = read(tmp_path, GOOD.replace(before, after))

    assert [(one.line, what in one.what) for one in problems] == ([(line, True)] if what else [])


@pytest.mark.parametrize(
    ("action", "what"),
    [
        ("mail: {to: nobody, subject: s, text: t}", "'nobody' is no address."),
        ("mail: {subject: s, text: t, language: fr}", "there is no language 'fr'."),
        ("webhook: {url: 'https://evil.example/x'}", "the host of https://evil.example/x may not be called."),
        ("webhook: {url: 'ftp://a.example'}", "'ftp://a.example' is no URL."),
        ("webhook: {url: 'https://a.example', secret: crn}", "there is no secret 'crn'."),
        ("webhook: {url: 'https://a.example', secret: crm}", ""),
        ("mail: {to: me@example.com, subject: s, text: t}", ""),
    ],
)
def test_actions_are_checked_before_they_are_needed(tmp_path: Path, action: str, what: str) -> None:
    text = GOOD[: GOOD.index("  - task:")] + f"  - {action}\n"

    problems = read(tmp_path, text)

    assert [one.what for one in problems] == ([what] if what else [])


def test_all_problems_are_told_at_once_and_two_rules_can_not_share_a_name(tmp_path: Path) -> None:
    problems = read(tmp_path, GOOD.replace("tone:", "tune:").replace("has:", "hass:") + "---\n" + GOOD + "---\n" + GOOD)

    assert len(problems) == 2 + 2
    assert any("two rules named 'worry'" in one.what for one in problems)


def test_events_have_variables_of_their_own(tmp_path: Path) -> None:
    churn = GOOD.replace("if:", "when: event\nif:").replace("{keywords: {has: price}}", "{event: churn}")

    assert [one.what for one in read(tmp_path, churn)] == ["there is no 'tone' when: event."]
    assert read(tmp_path, churn.replace("tone: negative", "person.kind: contact")) == []


def test_a_broken_edit_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motenashi.alerts.live_alerts.LOOK_EVERY", 0.0)
    read(tmp_path, GOOD)
    live = LiveAlerts(tmp_path, read_rules)
    assert [rule.name for rule in live.rules()] == ["worry"]

    read(tmp_path, GOOD.replace("tone", "tune"))
    assert [rule.name for rule in live.rules()] == ["worry"]
    assert len(live.problems()) == 1

    read(tmp_path, GOOD.replace("alert: worry", "alert: calm"))
    assert [rule.name for rule in live.rules()] == ["calm"]
    assert live.problems() == ()


def test_without_a_folder_there_are_no_rules(tmp_path: Path) -> None:
    assert read_rules(tmp_path / "none") == ((), [])
