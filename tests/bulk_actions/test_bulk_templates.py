"""Templates are checked before anything is made, can reach nothing but fields, and fail for one record only."""

from __future__ import annotations

import pytest

from motenashi.bulk_actions.content import MailContent
from motenashi.bulk_actions.templates import LONGEST_TEXT, RenderingFailed, fields_in, problems_in, render
from motenashi.bulk_actions.words import BulkWrong, Language
from tests.bulk_actions.bulk_world import BOSS, BulkWorld

KNOWN = {"contact": ("first_name", "last_name", "title"), "account": ("name",)}
ANN = {"contact": {"first_name": "Ann", "last_name": "Mori", "title": ""}, "account": {}}


def problems(source: str) -> list[str]:
    return [f"{problem.line}: {problem.words['en']}" for problem in problems_in("body.en", source, KNOWN)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Dear {{ contact.first_name }}", "Dear Ann"),
        ("{{ contact.first_name | upper }}", "ANN"),
        ("{{ contact.title | default('Sir or Madam', true) }}", "Sir or Madam"),
        ("{{ account.name | default('your company') }}", "your company"),
        ("{% if contact.title %}{{ contact.title }}{% else %}Hi{% endif %} {{ contact.first_name }}", "Hi Ann"),
        ("{% if contact.first_name == 'Ann' and not contact.title %}yes{% endif %}", "yes"),
        ("{{ 'a' if contact.first_name in ['Ann', 'Bea'] else 'b' }}", "a"),
        ("{{ '{{ contact.title }}' }} {# nobody sees this #}", "{{ contact.title }} "),
    ],
)
def test_what_a_template_may_say(source: str, text: str) -> None:
    assert problems(source) == []
    assert render(source, ANN) == text


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ contact.__class__ }}",
        "{{ contact['first_name'] }}",
        "{{ contact.first_name.__class__ }}",
        "{{ contact.first_name.upper() }}",
        "{{ contact.first_name | attr('__class__') }}",
        "{{ [contact.first_name] | map('upper') | join }}",
        "{{ 'a' * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ contact.first_name | replace('A', 'AAAAAAAA') }}",
        "{{ contact.first_name | center(99999999) }}",
        "{{ '%s' | format(contact) }}",
        "{% for a in contact.first_name %}{{ a }}{% endfor %}",
        "{% set a = contact %}",
        "{% macro a() %}{% endmacro %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'staff/base.html' %}",
        "{{ self }}",
        "{{ contact }}",
        "{{ range(10) }}",
        "{{ lipsum() }}",
        "{{ cycler }}",
        "{{ config }}",
        "{{ contact.first_name is defined }}",
        "{{ contact.first_name ~ contact.last_name }}",
        "{{ contact.first_name[0] }}",
        "{% if contact %}x{% endif %}",
        "{{ contact.first_name | default(contact.__init__) }}",
        "{{ contact.first_name | default(config) }}",
    ],
)
def test_what_reaches_for_more_is_refused(source: str) -> None:
    assert problems(source)


@pytest.mark.parametrize(
    "source",
    [
        "{{ " + "not " * 3_000 + "contact.title }}",
        "{{ " + "(" * 3_000 + "contact.title" + ")" * 3_000 + " }}",
        "{% if contact.title %}" * 120 + "{% endif %}" * 120,
        "{% if contact.title %}" * 500 + "{% endif %}" * 500,
        "{{ contact.title" + " | trim" * 250 + " }}",
        "{{ " + "9" * 5_000 + " }}",
    ],
    ids=["not", "brackets", "blocks", "more blocks", "filters", "number"],
)
def test_what_python_itself_can_not_hold_is_told_before_there_is_a_plan(source: str) -> None:
    (problem,) = problems(source)
    assert "too complicated" in problem


@pytest.mark.parametrize(
    "source", ["{{ ''.__class__ }}", "{{ contact.__class__ }}", "{{ contact.first_name.__class__ }}", "{{ range(9) }}"]
)
def test_the_sandbox_behind_the_check_lets_nothing_through(source: str) -> None:
    with pytest.raises(RenderingFailed):
        render(source, ANN)


def test_every_problem_is_told_with_its_line() -> None:
    source = "Dear {{ contact.frist_name }},\n\n{{ account.name }}\n{{ order.id | uper }}\n{% for a in b %}{% endfor %}"

    assert problems(source) == [
        "1: There is no 'contact.frist_name' here. Did you mean 'contact.first_name'?",
        "4: There is no filter 'uper'. Did you mean 'upper'?",
        "5: 'For' can't be used here; only fields, if, and the filters "
        "capitalize, d, default, lower, title, trim, truncate, upper.",
    ]
    assert problems("one\ntwo {{ contact.first_name") == [
        "2: This can't be read: unexpected end of template, expected 'end of print statement'."
    ]


def test_a_field_that_a_record_does_not_have_is_that_records_error() -> None:
    with pytest.raises(RenderingFailed) as told:
        render("{{ account.name }}", ANN)

    assert told.value.what == "name"
    assert "default" in told.value.words["en"]


def test_a_text_that_grows_is_cut_short_by_an_error() -> None:
    huge = {"contact": {"first_name": "x" * 30_000}}
    with pytest.raises(RenderingFailed, match="too long"):
        render("{{ contact.first_name }}" * (LONGEST_TEXT // 30_000 + 1), huge)


def test_the_fields_that_are_shown_are_known() -> None:
    source = "{{ contact.first_name }} {{ contact.title | upper }}{% if account.name %}x{% endif %}"
    assert fields_in(source + source) == (("contact", "first_name"),)


def test_a_wrong_template_makes_nothing(quiet_world: BulkWorld) -> None:
    quiet_world.contact(1)
    subjects: dict[Language, str] = {"en": "Hi {{ contact.nmae }}", "ja": "件名"}
    bodies: dict[Language, str] = {"en": "x", "ja": "本文 {{ ''.__class__ }}"}

    with pytest.raises(BulkWrong) as told:
        quiet_world.plan(MailContent(subjects, bodies, "en"))

    assert [problem.where for problem in told.value.problems] == ["subject.en", "body.ja"]
    assert quiet_world.room.desk.newest(BOSS) == ()


def test_what_stands_in_a_record_never_becomes_a_template_or_markup(quiet_world: BulkWorld) -> None:
    quiet_world.contact(1, first_name="{{ contact.email }}<script>alert(1)</script>")
    job = quiet_world.plan()
    sample = quiet_world.room.desk.sample(job, 0, quiet_world.now)
    assert sample is not None
    letter = sample.decision.letter
    assert letter is not None

    assert "{{ contact.email }}<script>" in letter.text
    assert "{{ contact.email }}&lt;script&gt;" in letter.html
    assert "<script" not in letter.html


def test_links_in_the_text_are_links_in_the_markup(quiet_world: BulkWorld) -> None:
    quiet_world.contact(1)
    text = 'See https://example.com/a?b=1&c="2 and javascript:alert(1).\nNext line'
    job = quiet_world.plan(MailContent({"en": "x"}, {"en": text}, "en"))
    sample = quiet_world.room.desk.sample(job, 0, quiet_world.now)
    assert sample is not None
    letter = sample.decision.letter
    assert letter is not None

    assert '<a href="https://example.com/a?b=1&amp;c=">https://example.com/a?b=1&amp;c=</a>&quot;2 and' in letter.html
    assert "javascript:alert(1).<br>\nNext line" in letter.html
    assert letter.html.count("<a ") == 2  # and the one that stops such mail
