"""What an operator can write wrongly in `crm.zoho`, and the words they get for it."""

from __future__ import annotations

from typing import Any

import pytest

from crm_client.zoho.mapping.settings_check import check
from motenashi.problems import Problem
from motenashi.yaml_source import read_documents


def problems_of(text: str, custom_fields: tuple[str, ...] = ()) -> list[Problem]:
    documents, wrong = read_documents(text, "config.yaml")
    assert not wrong
    return check(documents[0], "config.yaml", custom_fields)


GOOD = """
data_centre: jp
version: v8
key_field: Motenashi_Key
modules: {leads: Inquiries}
fields:
  contacts: {language: Preferred_Language, mobile: "", title: }
  events: {status: Meeting_Status}
stages: {休眠: lost}
limits: {parallel: 3, heavy: 2}
sync: {notify_url: "https://chat.shop.example/channels/crm/zoho", poll_seconds: 600}
"""


def test_a_good_section_has_no_problems() -> None:
    assert problems_of(GOOD) == []
    assert check({}, "config.yaml") == []


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("modules:\n  persons: People", 2, "'persons' is no module of ours"),
        ("modules:\n  leads: My Leads", 2, "'My Leads' is no API name"),
        ("modules:\n  leads: Contacts", 2, "contacts and leads are both called Contacts"),
        ("modules:\n  3: Contacts", 2, "'3' is no module of ours"),
        ("fields:\n  persons: {email: Email}", 2, "'persons' is no module of ours"),
        ("fields:\n  contacts: Email", 2, "crm.zoho.fields.contacts must be a mapping"),
        ("fields:\n  contacts:\n    mail: Email", 3, "'mail' is no field of ours. Did you mean 'email'?"),
        ("fields:\n  contacts:\n    id: Id", 3, "'id' is no field of ours"),
        ("fields:\n  contacts:\n    email: E-Mail", 3, "'E-Mail' is no API name"),
        ("fields:\n  contacts:\n    email: [Email]", 3, "is no API name"),
        ("fields:\n  contacts:\n    title: Phone", 3, "phone and title are both mapped to Phone"),
        ("fields:\n  contacts:\n    last_name: ''", 3, "last_name must be mapped"),
        ("fields:\n  deals:\n    stage:", 3, "stage must be mapped"),
        ("key_field: Our Key", 1, "'Our Key' is no API name"),
        ("key_field: Email", 1, "Email holds another field of contacts already"),
        ("version: '8'", 1, "'8' is no version"),
        ("version: v2", 1, "v2 is too old"),
        ("version: v9", 1, "warning: crm.zoho.version is v9"),
        ("client_id_env: 1000.ABC", 1, "must be the name of an environment variable"),
        ("fake_url: https://www.zohoapis.example", 1, "must be an address on this machine"),
        ("sync:\n  notify_url: http://chat.shop.example/x", 2, "must be a public https address"),
        ("sync:\n  notify_url: https://localhost/x", 2, "must be a public https address"),
        ("sync:\n  notify_url: https://a:b@shop.example/x", 2, "must be a public https address"),
        ("sync:\n  notify_url: 'https://['", 2, "must be a public https address"),
        (f"sync:\n  notify_url: https://shop.example/{'x' * 200}", 2, "is longer than 200 characters"),
        ("sync:\n  poll_seconds: 1", 2, "crm.zoho.sync.poll_seconds must be from 10 to 86400, not 1"),
        ("limits:\n  parallel: 0", 2, "crm.zoho.limits.parallel must be from 1 to 30, not 0"),
        ("limits:\n  parallel: 2\n  heavy: 4", 3, "heavy (4) is more than parallel (2)"),
    ],
)  # fmt: skip
def test_every_mistake_is_told_with_its_line(text: str, line: int, what: str) -> None:
    found = problems_of(text)

    assert [one.line for one in found] == [line], found
    assert what in str(found[0])


def test_a_secret_in_the_wrong_place_is_not_repeated() -> None:
    (problem,) = problems_of("refresh_token_env: 1000.f00.ba4")

    assert "f00" not in str(problem)


def test_a_fields_name_may_be_taken_by_a_custom_field() -> None:
    (problem,) = problems_of("fields:\n  contacts: {language: Loyalty_Level}", ("contacts.Loyalty_Level",))

    assert "language and custom field Loyalty_Level are both mapped to Loyalty_Level" in problem.what


def test_more_fields_than_zoho_gives_at_once_are_told() -> None:
    many = tuple(f"leads.Own_{number}" for number in range(40))

    (problem,) = problems_of("fields: {leads: {language: Sprache}}", many)

    assert "fields are read, and Zoho gives 50 at most" in problem.what


def test_all_problems_are_told_at_once() -> None:
    text = "version: v1\nmodules: {leads: Contacts}\nfields: {contacts: {mail: Email}}"

    assert [one.line for one in problems_of(text)] == [1, 2, 3]


@pytest.mark.parametrize("value", [3, "text", ["a"], None])
@pytest.mark.parametrize("key", ["modules", "fields", "sync", "limits", "version", "key_field", "fake_url"])
def test_values_of_another_kind_are_somebody_elses_to_tell_and_break_nothing(key: str, value: Any) -> None:
    check({key: value}, "config.yaml")
