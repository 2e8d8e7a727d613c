"""Nobody's rows wait, and find their person by whatever way it comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.records import Contact, Lead
from motenashi.touchpoint_intake.people import Person, find_people
from motenashi.touchpoint_intake.row import Who
from motenashi.touchpoint_intake.tables import touchpoint_intake
from motenashi.touchpoint_intake.waiting_rows import NoSuchPerson
from tests.touchpoint_intake.intake_room import NOW, Room, later, row


def watching(room: Room) -> EmbeddedCrm:
    """The CRM with the intake as its listener."""
    return EmbeddedCrm(room.database, on_change=lambda change: room.intake.waiting.changed(change, NOW))


def numbers(room: Room) -> list[int]:
    with room.database.read() as connection:
        return list(connection.execute(select(touchpoint_intake.c.number).order_by("number")).scalars())


def states(room: Room) -> list[str]:
    with room.database.read() as connection:
        return list(connection.execute(select(touchpoint_intake.c.state).order_by("number")).scalars())


@pytest.mark.parametrize(
    ("who", "contact"),
    [
        ({"email": "New@Example.com "}, Contact("new", "Mori", email="new@example.com")),
        ({"email": "new@example.com"}, Contact("new", "Mori", secondary_email="new@example.com")),
        ({"phone": "090-1111-2222"}, Contact("new", "Mori", mobile="+81 90 1111 2222")),
        ({"contact_id": "new"}, Contact("new", "Mori")),
        ({"email": "other@example.com", "phone": "0311112222"}, Contact("new", "Mori", phone="03-1111-2222")),
    ],
)
def test_a_row_waits_until_its_person_is_saved(room: Room, who: dict[str, Any], contact: Contact) -> None:
    (result,) = room.send(row(who=who))
    assert (result.outcome, [one.code for one in result.notes]) == ("waiting", ["unknown_person"])
    assert room.count() == 0

    watching(room).save_contact(contact)

    assert [one.contact_id for one in room.touchpoints("new")] == ["new"]
    assert room.outcomes(row(who=who)) == ["repeated"]


def test_a_lead_is_found_too_and_a_converted_one_is_the_contact(room: Room) -> None:
    room.send(row(1, who={"email": "kim@example.com"}), row(2, who={"lead_id": "kim"}))

    watching(room).save_lead(Lead("kim", "Kim", "Kim Ltd", email="kim@example.com"))
    assert len(room.crm.touchpoints_of(lead_id="kim")) == 2

    room.crm.save_contact(Contact("kim2", "Kim", email="kim2@example.com"))
    room.crm.save_lead(Lead("kim", "Kim", "Kim Ltd", email="kim@example.com", converted_contact_id="kim2"))
    assert room.outcomes(row(3, who={"lead_id": "kim"})) == ["stored"]
    assert len(room.touchpoints("kim2")) == 1


def test_an_external_id_is_learned_from_a_row_that_carries_both(room: Room) -> None:
    there = {"system": "Desk", "id": "77"}
    assert room.outcomes(row(1, who={"external_id": there})) == ["waiting"]

    assert room.outcomes(row(2, who={"external_id": there, "email": "ann@example.com"})) == ["stored"]

    assert len(room.touchpoints()) == 2, "the one that waited has found its person, too"
    assert room.outcomes(row(3, who={"external_id": there})) == ["stored"]
    assert room.outcomes(row(4, who={"external_id": there | {"system": "Other"}})) == ["waiting"]


def test_an_external_id_is_learned_when_its_row_is_matched_later(room: Room) -> None:
    there = {"system": "Desk", "id": "77"}
    room.send(row(1, who={"external_id": there, "email": "new@example.com"}))
    watching(room).save_contact(Contact("new", "Mori", email="new@example.com"))

    assert room.outcomes(row(2, who={"external_id": there})) == ["stored"]


def test_a_phone_number_never_takes_an_external_id_from_a_mail_address(room: Room) -> None:
    there = {"system": "Desk", "id": "77"}
    room.crm.save_contact(Contact("bo", "Bo", phone="03-9999-9999"))
    room.send(row(1, who={"external_id": there, "email": "ann@example.com"}))
    room.send(row(2, who={"external_id": there, "phone": "03-9999-9999"}))

    room.send(row(3, who={"external_id": there}))

    assert len(room.touchpoints("ann")) == 3, "the external id is Ann's, and goes before a phone number"


def test_a_job_finds_those_whose_person_nobody_told_of(room: Room) -> None:
    room.send(*(row(number, who={"email": f"new{number}@example.com"}) for number in range(30)))
    for number in range(30):
        room.crm.save_contact(Contact(f"new{number}", "Mori", email=f"new{number}@example.com"))

    found = [room.intake.waiting.match_waiting(NOW + timedelta(minutes=minute), most=10) for minute in range(4)]

    assert found == [10, 10, 10, 0]


def test_the_job_comes_round_to_all_of_them(room: Room) -> None:
    room.send(*(row(number, who={"email": f"new{number}@example.com"}) for number in range(30)))
    room.crm.save_contact(Contact("new29", "Mori", email="new29@example.com"))

    found = [room.intake.waiting.match_waiting(NOW + timedelta(minutes=minute), most=10) for minute in range(3)]

    assert sum(found) == 1


def test_a_status_that_changes_while_it_waits_is_the_touchpoints(room: Room) -> None:
    who = {"email": "new@example.com"}
    room.send(row(who=who, status="registered"))
    assert room.outcomes(row(who=who, status="attended", changed_at=later(30))) == ["waiting"]
    assert room.outcomes(row(who=who, status="no_show", changed_at=later(20))) == ["waiting"]

    watching(room).save_contact(Contact("new", "Mori", email="new@example.com"))

    assert [one.status for one in room.touchpoints("new")] == ["attended"]


def test_a_row_again_with_more_about_its_person_is_matched_by_it(room: Room) -> None:
    room.send(row(who={"external_id": {"system": "Desk", "id": "77"}}))

    assert room.outcomes(row(who={"email": "ann@example.com"})) == ["stored"]


def test_assigned_by_hand_with_all_that_name_the_same_person_now_and_later(room: Room) -> None:
    room.send(*(row(number, who={"email": "ann.private@example.net"}) for number in range(3)))
    room.send(row(9, who={"email": "else@example.net"}))

    assert room.intake.waiting.assign(numbers(room)[0], Person("ann"), NOW) == 3

    assert len(room.touchpoints()) == 3
    assert room.outcomes(row(4, who={"email": "ann.private@example.net"})) == ["stored"]
    assert states(room)[3] == "waiting"


def test_a_shared_telephone_assigns_nobody_else(room: Room) -> None:
    desk = "03-7777-7777"
    room.send(
        row(1, who={"email": "a@example.net", "phone": desk}), row(2, who={"email": "b@example.net", "phone": desk})
    )
    room.send(row(3, who={"phone": desk}), row(4, who={"phone": desk}))

    assert room.intake.waiting.assign(numbers(room)[0], Person("ann"), NOW) == 1
    assert room.intake.waiting.assign(numbers(room)[2], Person("", "leo"), NOW) == 2

    assert states(room) == ["stored", "waiting", "stored", "stored"]


def test_nobody_is_assigned_who_is_not_there(room: Room) -> None:
    room.send(row(who={"email": "x@example.net"}))

    for nobody in (Person("no one"), Person("", "no one")):
        with pytest.raises(NoSuchPerson):
            room.intake.waiting.assign(numbers(room)[0], nobody, NOW)
    assert states(room) == ["waiting"]
    assert room.intake.waiting.assign(99, Person("ann"), NOW) == 0


def test_set_aside_is_left_alone_until_it_is_taken_back(room: Room) -> None:
    room.send(row(who={"email": "new@example.com"}))
    (number,) = numbers(room)
    assert room.intake.waiting.set_aside(number)
    assert not room.intake.waiting.set_aside(number)

    watching(room).save_contact(Contact("new", "Mori", email="new@example.com"))
    (again,) = room.send(row(who={"email": "new@example.com"}))
    assert (again.outcome, [one.code for one in again.notes]) == ("repeated", ["was_set_aside"])
    assert room.count() == 0

    assert room.intake.waiting.take_back(number)
    assert room.intake.waiting.match_waiting(NOW) == 1


def test_people_are_found_as_the_crm_finds_them(room: Room) -> None:
    """The same answer for many at once as for one after the other."""
    emails = [f"p{number}@example.com" for number in range(4)]
    phones = [f"03000000{number:02}" for number in range(4)]
    for number in range(24):
        first, second = emails[number % 4], emails[number // 4 % 4]
        at = NOW - timedelta(days=number * 7 % 11)
        if number % 3 == 0:
            room.crm.save_lead(
                Lead(f"l{number}", "L", "C", email=first, phone=phones[number % 4], mobile=phones[3], created_at=at)
            )
        elif number % 3 == 1 and number % 4:
            room.crm.save_contact(
                Contact(f"c{number}", "C", email=first, secondary_email=second, phone=phones[2], created_at=at)
            )
        elif number % 4 > 1:
            room.crm.save_contact(Contact(f"c{number}", "C", mobile=phones[number % 4], created_at=at))
    asked = [Who(email=one) for one in (*emails, "nobody@example.com")]
    asked += [Who(phone=f"81{one[1:]}") for one in (*phones, "0399999999")]

    with room.database.read() as connection:
        known = find_people(connection, asked)

    for who in asked:
        contact = room.crm.find_contact(email=who.email, phone=f"+{who.phone}" if who.phone else "")
        lead = room.crm.find_lead(email=who.email, phone=f"+{who.phone}" if who.phone else "")
        found = known.who(who)
        expected = Person(contact.id) if contact else Person("", lead.id) if lead else None
        assert (found and replace(found, sure=True)) == expected, who
