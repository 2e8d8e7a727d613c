"""Reading a filter: what may be written, and every mistake told at once, by its condition's number."""

from __future__ import annotations

import json
from typing import Any

import pytest

from motenashi.database import Database
from motenashi.filters.desk import FilterDesk
from motenashi.filters.entities.catalogue import ENTITIES
from motenashi.filters.filter import FilterWrong
from motenashi.filters.finding import find
from motenashi.filters.reading import LONGEST, MOST_CONDITIONS
from tests.filters.brute_force import TOKYO
from tests.filters.small_world import NOW, make_tables


@pytest.fixture
def desk(sqlite_database: Database) -> FilterDesk:
    make_tables(sqlite_database)
    return FilterDesk(sqlite_database, zone=TOKYO, clock=lambda: NOW)


def told(desk: FilterDesk, raw: Any, module: str = "contacts") -> list[str]:
    with pytest.raises(FilterWrong) as wrong:
        desk.read(module, raw)
    assert str(wrong.value) == "\n".join(str(problem) for problem in wrong.value.problems)
    return [str(problem) for problem in wrong.value.problems]


@pytest.mark.parametrize("raw", [None, "", {}, "{}", {"if": {}}, {"if": []}, "[]"])
def test_no_condition_holds_for_all(desk: FilterDesk, raw: Any) -> None:
    assert desk.read("contacts", raw).group.tests == ()


@pytest.mark.parametrize(
    "raw",
    [
        '{"if":{"title":"Buyer"}}',
        {"title": "Buyer"},
        [{"title": {"is": "Buyer"}}],
        {"if": [{"Title": "buyer"}], "pattern": "1"},
    ],
)
def test_short_forms_and_names_of_the_crm_mean_the_same(desk: FilterDesk, raw: Any) -> None:
    (test,) = desk.read("contacts", raw).group.tests

    assert (test.path.field.name, test.operator.name, test.ready) == ("title", "is", "buyer")


@pytest.mark.parametrize(
    ("module", "condition", "operator"),
    [
        ("deals", {"amount": 3}, "eq"),
        ("deals", {"amount": "1,200"}, "eq"),
        ("contacts", {"phone": 3}, "is"),
        ("deals", {"closed_at": "2026-11-03"}, "on"),
        ("deals", {"repeat": True}, "is_true"),
        ("deals", {"closed_at": None}, "is_empty"),
        ("contacts", {"title": ["a", "b"]}, "in"),
        ("contacts", {"title": "is_empty"}, "is_empty"),
    ],
)
def test_a_bare_value_means_what_fits_the_field(desk: FilterDesk, module: str, condition: Any, operator: str) -> None:
    assert desk.read(module, condition).group.tests[0].operator.name == operator


def test_a_text_that_looks_like_a_variable_is_a_text(desk: FilterDesk) -> None:
    (test,) = desk.read("contacts", {"title": "$person"}).group.tests

    assert (test.value, test.ready) == ("$person", "$person")


def test_all_problems_are_told_at_once(desk: FilterDesk) -> None:
    raw = {
        "if": [
            {"titel": "Buyer"},
            {"responses": {"some": [{"ton": "negative"}, {"tone": "negativ"}, {"score": {"contains": "9"}}]}},
            {"created_at": {"after": "soon"}},
            {"account.industri": "Retail"},
        ],
        "pattern": "(1 and 2) or 5",
    }

    assert told(desk, raw) == [
        "condition 1: there is no field 'titel' (contact has no 'titel'). It may have been renamed or removed. "
        "Did you mean 'title'?",
        "condition 2, responses, condition 1: there is no field 'ton' (response has no 'ton'). "
        "It may have been renamed or removed. Did you mean 'tone'?",
        "condition 2, responses, condition 2: 'tone', is: there is no 'negativ' in 'tone'. Did you mean 'negative'?",
        "condition 2, responses, condition 3: 'score' is a number; 'contains' is not for it. "
        "There is: eq, ne, gt, ge, lt, le, between, is_empty, is_not_empty.",
        "condition 3: 'created_at', after: a date is expected here. "
        "Write 2026-11-03, 2026-11-03T09:30, today, tomorrow, yesterday or now.",
        "condition 4: there is no field 'account.industri' (account has no 'industri'). "
        "It may have been renamed or removed. Did you mean 'account.industry'?",
        "pattern '(1 and 2) or 5' names condition 5, which is not there. There are conditions 1 to 4.",
        "condition 3: this condition is not used in pattern '(1 and 2) or 5'. Name it in the pattern, or take it out.",
        "condition 4: this condition is not used in pattern '(1 and 2) or 5'. Name it in the pattern, or take it out.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("{", "the filter can't be read as JSON (character 2)"),
        ('{"if": {"amount": NaN}}', "the filter can't be read as JSON"),
        ("[" * 3_000, "the filter can't be read as JSON"),
        (json.dumps({"title": "x" * LONGEST}), f"longer than {LONGEST} characters"),
        ({"if": {"title": "x" * LONGEST}}, f"longer than {LONGEST} characters"),
        ("3", "a filter is a JSON object"),
        ({"if": {}, "patern": "1"}, "'patern' does not belong beside 'if' and 'pattern'. Did you mean 'pattern'?"),
        ({"if": 3}, "conditions are expected"),
        ([3], "condition 1: this is no condition."),
        ([{"title": "a"}] * (MOST_CONDITIONS + 1), f"more than {MOST_CONDITIONS} conditions"),
        ({"title": "a\0"}, "a letter that no record can hold"),
        ('{"title": "\\ud800"}', "a letter that no record can hold"),
        ({"a b": "c"}, "'a b' is no field's name"),
        ({"title": {}}, "'title' has no operator"),
        ({"title": {"equals": "a"}}, "there is no operator 'equals'. Did you mean 'is'?"),
        ({"title": ""}, "the text to compare with is empty"),
        ({"title.en": "a"}, "'title' is a field and has none of its own"),
        ({"responses.tone": "negative"}, "'responses' is a list"),
        ({"responses": "negative"}, "'responses' is a list of records"),
        ({"responses": {"sume": {}}}, "'sume' can't be asked of a list. Did you mean 'some'?"),
        ({"responses": {"some": {}, "at_least": 0}}, "'at_least' must be a whole number from 1"),
        ({"responses": {"none": {}, "at_least": 2}}, "'at_least' belongs to 'some'"),
        ({"responses": {"some": [], "none": [], "pattern": "1"}}, "beside both 'some' and 'none' is not clear"),
        ({"responses": {"size_eq": -1}}, "a whole number from 0 is expected here"),
        ({"if": {"title": "a"}, "pattern": "1"}, "'pattern' needs numbered conditions"),
        ({"if": [{"title": "a"}], "pattern": "1 and"}, "pattern '1 and': it ends where a number is expected"),
        ({"created_at": {"between": [1, 2]}}, "two dates are expected here"),
        ({"number_of_deals": {"between": ["2026-01-01", "2026-01-02"]}}, "two numbers are expected here"),
        ({"title": {"matches": "(?i)a"}}, "'(?' with anything but ':' can't be used in a filter"),
        ({"title": {"matches": "[a"}}, "this regular expression can't be used"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(desk: FilterDesk, raw: Any, words: str) -> None:
    assert words in "\n".join(told(desk, raw))


def test_lists_inside_lists_have_an_end(desk: FilterDesk) -> None:
    raw: Any = {"title": "a"}
    for _ in range(3):
        raw = {"contact.deals": {"some": raw}}

    assert "lists stand inside one another more than 3 times" in "\n".join(told(desk, {"deals": {"some": raw}}))


def test_every_entity_has_its_main_field_and_every_way_leads_somewhere() -> None:
    for entity in ENTITIES.values():
        find(entity, entity.main, lambda module: {})
        for field in entity.fields:
            assert set(field.label) == {"en", "ja"}
            assert all(field.label.values())
        for way in (*entity.ones, *entity.parts, *entity.lists):
            assert way.entity in ENTITIES
        for many in entity.lists:
            there = many.through.table if many.through else ENTITIES[many.entity].table
            assert (many.through.column if many.through else many.column) in there.c
            assert many.column in ENTITIES[many.entity].table.c


def test_what_was_written_can_be_read_again(desk: FilterDesk) -> None:
    written = {"if": [{"title": {"contains": "部"}}, {"responses": {"none": {}}}], "pattern": "1 or 2"}
    chosen = desk.read("contacts", written)

    assert desk.read("contacts", chosen.json) == chosen
    assert json.loads(chosen.json) == written
