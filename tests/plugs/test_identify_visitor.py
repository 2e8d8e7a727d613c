"""Who is this? Customers, leads and strangers; and nothing told to somebody who has not proved who they are."""

from __future__ import annotations

import pytest

from crm_client.embedded import tables
from crm_client.records import Contact, Lead
from motenashi.conversation.assurance import NOBODY, Identity
from motenashi.plug_contract import PlugFailed
from tests.plugs.conftest import Shop, claimed, verified


@pytest.mark.parametrize("email", ["haruka.mori@example.com", "  HARUKA.Mori@Example.com ", "hm@home.example"])
def test_a_contact_is_known_by_any_of_their_addresses(shop: Shop, haruka: Contact, email: str) -> None:
    person = shop.ask("identify_visitor", email=email)

    assert (person["kind"], person["record_id"], person["matched_by"]) == ("contact", haruka.id, "email")


def test_a_contact_is_known_by_phone(shop: Shop, haruka: Contact) -> None:
    person = shop.ask("identify_visitor", email="other@example.com", phone="+81 3 1234 5678")

    assert (person["kind"], person["record_id"], person["matched_by"]) == ("contact", haruka.id, "phone")


def test_a_lead_is_known_by_address_and_by_phone(shop: Shop, tom: Lead) -> None:
    by_email = shop.ask("identify_visitor", email="Tom.Becker@example.com")
    by_phone = shop.ask("identify_visitor", phone="0049 30 1234567")

    assert (by_email["kind"], by_email["record_id"], by_email["matched_by"]) == ("lead", tom.id, "email")
    assert (by_phone["kind"], by_phone["record_id"], by_phone["matched_by"]) == ("lead", tom.id, "phone")


def test_who_is_both_is_a_contact(shop: Shop, haruka: Contact) -> None:
    shop.crm.save_lead(Lead("", "Mori", "Mori KK", email="haruka.mori@example.com", phone="03-1234-5678"))

    assert shop.ask("identify_visitor", email="haruka.mori@example.com")["kind"] == "contact"
    assert shop.ask("identify_visitor", phone="03-1234-5678")["kind"] == "contact"


def test_an_address_says_more_than_a_number_that_colleagues_share(shop: Shop, haruka: Contact, tom: Lead) -> None:
    person = shop.ask("identify_visitor", email="tom.becker@example.com", phone="03-1234-5678")

    assert (person["kind"], person["record_id"]) == ("lead", tom.id)


def test_a_proved_address_says_more_than_a_typed_one(shop: Shop, haruka: Contact, tom: Lead) -> None:
    proved = verified("haruka.mori@example.com")

    assert shop.ask("identify_visitor", proved, email="tom.becker@example.com")["record_id"] == haruka.id
    assert shop.ask("identify_visitor", proved)["record_id"] == haruka.id


def test_a_claimed_address_is_not_looked_up_by_itself(shop: Shop, haruka: Contact) -> None:
    assert shop.ask("identify_visitor", claimed("haruka.mori@example.com"))["kind"] == "new"


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"email": "", "phone": ""},
        {"email": " ", "phone": " "},
        {"email": None, "phone": None, "name": None},
        {"email": "nobody@example.com"},
        {"email": "not an address"},
        {"phone": "12"},
        {"email": "\0\ud800@\U0001f600", "phone": "٣٤٥"},
    ],
)
def test_who_is_not_known_is_new(shop: Shop, haruka: Contact, inputs: dict[str, str]) -> None:
    person = shop.ask("identify_visitor", **inputs)

    assert person == {"kind": "new", "record_id": "", "first_name": "", "addressed_as": "", "matched_by": ""}


@pytest.mark.parametrize(
    ("identity", "language", "first_name", "addressed_as"),
    [
        (verified("haruka.mori@example.com"), "ja", "はるか", "森様"),
        (verified("hm@home.example"), "en", "はるか", "はるか"),
        (verified("tom.becker@example.com"), "en", "H.", "H."),
        (claimed("haruka.mori@example.com"), "en", "H.", "H."),
        (claimed("haruka.mori@example.com"), "ja", "H.", "H. M.様"),
        (NOBODY, "en", "H.", "H."),
    ],
)
def test_the_crms_name_is_told_only_to_the_person_themselves(
    shop: Shop, haruka: Contact, identity: Identity, language: str, first_name: str, addressed_as: str
) -> None:
    person = shop.ask("identify_visitor", identity, language, phone="03-1234-5678", name="H. M.")

    if identity.email != "tom.becker@example.com":
        assert person["record_id"] == haruka.id
    assert (person["first_name"], person["addressed_as"]) == (first_name, addressed_as)


@pytest.mark.parametrize("identity", [NOBODY, claimed("haruka.mori@example.com"), verified("tom@example.com")])
def test_nothing_of_the_record_is_told_to_anybody_else(shop: Shop, haruka: Contact, identity: Identity) -> None:
    for language in ("en", "ja"):
        person = shop.ask("identify_visitor", identity, language, email="haruka.mori@example.com")

        told = {**person, "record_id": ""}
        assert not any(word in str(told) for word in ("森", "はるか", "haruka", "1234", "home"))


def test_a_verified_lead_is_greeted_by_the_leads_name(shop: Shop, tom: Lead) -> None:
    person = shop.ask("identify_visitor", verified("tom.becker@example.com"), "ja", email="tom.becker@example.com")

    assert (person["first_name"], person["addressed_as"]) == ("Tom", "Tom Becker様")


def test_a_record_without_a_given_name_is_greeted_by_what_there_is(shop: Shop) -> None:
    shop.crm.save_contact(Contact("", "Sato", email="sato@example.com"))

    person = shop.ask("identify_visitor", verified("sato@example.com"), name="Visitor 51234")

    assert (person["first_name"], person["addressed_as"]) == ("Sato", "Sato")


def test_a_crm_that_is_away_is_never_a_new_visitor(shop: Shop) -> None:
    tables.metadata.drop_all(shop.crm._database.engine)

    with pytest.raises(PlugFailed) as caught:
        shop.ask("identify_visitor", email="haruka.mori@example.com")
    assert caught.value.reason == "crm_unreachable"
