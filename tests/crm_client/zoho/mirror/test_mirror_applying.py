"""Records of Zoho become ours: each version once, in any order, with all that the CRM keeps beside them."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from crm_client.embedded.changes import RecordChange
from crm_client.records import Outcome, StageChange
from tests.crm_client.zoho.mirror.mirror_world import COLLEAGUE_IN_ZOHO, MirrorWorld


def test_people_are_found_by_address_and_number_once_they_are_here(world: MirrorWorld) -> None:
    ann = world.person(Last_Name="Mori", Email="Mori@Kita.example", Mobile="090-1234-5678")
    lead = world.zoho.store.put("Leads", {"Last_Name": "Aoki", "Company": "Minami", "Email": "aoki@minami.example"})

    for module, api in (("contacts", "Contacts"), ("leads", "Leads")):
        for page in world.calls.pages(api, world.field_map.fields_to_read(module)):
            world.mirror.apply(module, page.records)

    by_number = world.crm.find_contact(phone="+81 90 1234 5678")
    assert by_number is not None and by_number.id == ann
    found = world.crm.find_lead(email="AOKI@minami.example")
    assert found is not None and (found.id, found.company) == (lead, "Minami")
    assert {(one.contact_id, one.lead_id) for one in world.changes} == {(ann, ""), ("", lead)}
    assert world.link("contacts", ann).base["email"] == "Mori@Kita.example"


def test_the_same_version_again_changes_nothing_and_tells_nobody(world: MirrorWorld) -> None:
    raw = world.raw("contacts", world.person())

    first, again = world.mirror.apply("contacts", [raw]), world.mirror.apply("contacts", [raw, raw])

    assert (first.changed, again.changed, again.skipped) == (1, 0, 1)
    assert world.changes == [RecordChange("contacts", contact_id=raw["id"])]


def test_an_older_version_that_comes_late_is_dropped(world: MirrorWorld) -> None:
    ann = world.person(Title="Buyer")
    old = world.raw("contacts", ann)
    world.changed_later("Contacts", ann, {"Title": "Head of buying"})
    new = world.raw("contacts", ann)

    world.mirror.apply("contacts", [new])
    assert world.mirror.apply("contacts", [old]).changed == 0
    assert world.mirror.apply("contacts", [new, old]).changed == 0

    contact = world.crm.contact(ann)
    assert contact is not None and contact.title == "Head of buying"


def test_a_change_within_the_same_second_is_not_lost(world: MirrorWorld) -> None:
    raw = world.raw("contacts", world.person(Title="Buyer"))
    world.mirror.apply("contacts", [raw])

    assert world.mirror.apply("contacts", [raw | {"Title": "Owner"}]).changed == 1


def test_what_waits_in_the_outbox_is_not_overwritten_and_its_base_stays(world: MirrorWorld) -> None:
    ann = world.person(Title="Buyer", Phone="03-1111-2222")
    world.mirror.apply("contacts", [world.raw("contacts", ann)])
    ours = world.crm.contact(ann)
    assert ours is not None
    world.crm.save_contact(dataclasses.replace(ours, title="Ours"))
    world.wait_in_outbox("contacts", ann, "update", fields={"title": "Ours"}, before={"title": "Buyer"})
    world.changed_later("Contacts", ann, {"Title": "Theirs", "Phone": "03-3333-4444"})

    world.mirror.apply("contacts", [world.raw("contacts", ann)])

    contact = world.crm.contact(ann)
    assert contact is not None and (contact.title, contact.phone) == ("Ours", "03-3333-4444")
    base = world.link("contacts", ann).base
    assert (base["title"], base["phone"]) == ("Buyer", "03-3333-4444")


def test_a_record_that_was_deleted_here_does_not_come_back(world: MirrorWorld) -> None:
    deal = world.deal()
    world.mirror.apply("deals", [world.raw("deals", deal)])
    world.crm.delete_deal(deal)
    world.wait_in_outbox("deals", deal, "delete")
    world.changed_later("Deals", deal, {"Amount": 1})

    world.mirror.apply("deals", [world.raw("deals", deal)])
    assert world.crm.deal(deal) is None

    world.empty_outbox()  # given up
    world.mirror.apply("deals", [world.raw("deals", deal)])
    assert world.crm.deal(deal) is not None


def test_look_ups_lead_to_records_that_were_made_here(world: MirrorWorld) -> None:
    ann = world.person()
    world.made_here("contacts", ann, "made-here")
    deal = world.deal(Contact_Name={"id": ann})

    world.mirror.apply("deals", [world.raw("deals", deal)])
    world.mirror.apply("contacts", [world.raw("contacts", ann)])

    assert [one.id for one in world.crm.deals_of_contact("made-here")] == [deal]
    contact = world.crm.contact("made-here")
    assert contact is not None and contact.last_name == "Mori"
    assert world.crm.contact(ann) is None


def test_a_record_that_may_be_the_one_we_are_just_making_waits_for_the_answer(world: MirrorWorld) -> None:
    world.wait_in_outbox("contacts", "made-here", "create", sent_at=world.now())
    ann = world.person()

    assert world.mirror.apply("contacts", [world.raw("contacts", ann)]).waiting == 1
    assert world.crm.contact(ann) is None
    assert world.mirror.take_hints() == 0  # not at once

    world.empty_outbox()
    world.made_here("contacts", ann, "made-here")
    world.zoho.advance(10)
    assert world.mirror.take_hints() == 1
    contact = world.crm.contact("made-here")
    assert contact is not None and contact.last_name == "Mori"
    assert world.crm.contact(ann) is None


def test_one_bad_record_stops_none_of_the_others_and_is_noted(world: MirrorWorld) -> None:
    raws = [world.raw("contacts", world.person(Last_Name=f"Person {n}")) for n in range(5)]
    raws[2] = raws[2] | {"Created_Time": "no time at all"}
    raws[4] = {name: value for name, value in raws[4].items() if name != "Modified_Time"}

    applied = world.mirror.apply("contacts", raws)

    assert (applied.changed, applied.bad) == (3, 2)
    said = world.mirror.freshness().of("contacts")
    assert (said.trouble, said.unreadable) == ("record_unreadable", 2)
    assert raws[2]["id"] in said.why and "Created_Time" in said.why


def test_a_value_that_does_not_fit_stops_none_of_the_others(world: MirrorWorld) -> None:
    raws = [world.raw("accounts", world.zoho.store.put("Accounts", {"Account_Name": f"Co {n}"})) for n in range(8)]
    raws[5] = raws[5] | {"Employees": 10**30}

    applied = world.mirror.apply("accounts", raws)

    assert (applied.changed, applied.bad) == (7, 1)
    assert world.crm.account(raws[5]["id"]) is None
    assert world.crm.account(raws[7]["id"]) is not None


def test_a_stage_that_changes_is_noted_when_and_by_whom_zoho_says(world: MirrorWorld) -> None:
    deal = world.deal()
    world.mirror.poll()
    world.mirror.apply("deals", [world.raw("deals", deal)])
    world.changed_later("Deals", deal, {"Stage": "Closed Won"})
    raw = world.raw("deals", deal)
    world.mirror.apply("deals", [raw])

    at = world.field_map.modified_at(raw)
    history = world.crm.stage_history(deal)
    assert [one.to_stage for one in history] == ["Qualification", "Closed Won"]
    assert history[-1] == StageChange(deal, "Qualification", "Closed Won", at, COLLEAGUE_IN_ZOHO)
    stored = world.crm.deal(deal)
    assert stored is not None and stored.closed_at is not None


def test_a_tracked_field_that_changes_is_noted(world: MirrorWorld) -> None:
    lead = world.zoho.store.put("Leads", {"Last_Name": "Aoki", "Company": "M", "Lead_Status": "Not Contacted"})
    world.mirror.apply("leads", [world.raw("leads", lead)])
    world.changed_later("Leads", lead, {"Lead_Status": "Contacted"})
    raw = world.raw("leads", lead)
    world.mirror.apply("leads", [raw])

    first, second = world.crm.field_changes_of("leads", [lead])
    assert (first.from_value, first.to_value) == ("", "Not Contacted")
    assert (second.to_value, second.changed_by) == ("Contacted", COLLEAGUE_IN_ZOHO)
    assert second.at == world.field_map.modified_at(raw)


def test_a_deal_of_a_stage_nobody_knows_is_kept_as_open_until_zoho_lists_it(world: MirrorWorld) -> None:
    deal = world.deal(Stage="Waiting for the bank")

    world.mirror.apply("deals", [world.raw("deals", deal)])

    meant = {stage.name: stage.outcome for stage in world.crm.stages()}
    assert meant["Waiting for the bank"] is Outcome.OPEN
    assert meant["Closed Won"] is Outcome.WON  # the list was asked for
    said = world.mirror.freshness().of("deals")
    assert said.trouble == "unknown_value" and "Waiting for the bank" in said.why
    assert world.crm.deal(deal) is not None


def test_an_event_takes_its_owners_time(world: MirrorWorld) -> None:
    begin = world.now().replace(microsecond=0) + timedelta(days=1)
    event = world.zoho.store.put(
        "Events",
        {
            "Event_Title": "Demo",
            "Start_DateTime": begin.isoformat(),
            "End_DateTime": (begin + timedelta(hours=1)).isoformat(),
            "Owner": {"id": COLLEAGUE_IN_ZOHO},
        },
    )

    world.mirror.apply("events", [world.raw("events", event)])

    middle = begin + timedelta(minutes=30)
    taken = world.crm.events_between(middle, middle + timedelta(minutes=1), COLLEAGUE_IN_ZOHO)
    assert [one.id for one in taken] == [event]


def test_a_converted_lead_is_no_open_lead_any_more_and_names_what_it_became(world: MirrorWorld) -> None:
    lead = world.zoho.store.put("Leads", {"Last_Name": "Aoki", "Company": "M", "Email": "aoki@minami.example"})
    world.mirror.apply("leads", [world.raw("leads", lead)])
    contact, deal = world.person(Email="aoki@minami.example"), world.deal()
    became = {"Converted__s": True, "Converted_Contact": {"id": contact}, "Converted_Deal": {"id": deal}}
    world.changed_later("Leads", lead, became)
    world.mirror.hint("leads", [lead])
    world.mirror.take_hints()

    stored = world.crm.lead(lead)
    assert stored is not None
    assert (stored.converted_contact_id, stored.converted_deal_id) == (contact, deal)
    assert world.crm.find_lead(email="aoki@minami.example") is None


def test_a_renamed_product_keeps_its_place_and_two_of_one_code_live_side_by_side(world: MirrorWorld) -> None:
    put = world.zoho.store.put
    oven = put("Products", {"Product_Name": "Oven", "Product_Code": "OV", "Unit_Price": 45000})
    twin = put("Products", {"Product_Name": "Oven, used", "Product_Code": "OV", "Unit_Price": 20000})
    world.mirror.apply("products", [world.raw("products", oven)])
    world.mirror.apply("products", [world.raw("products", twin)])
    world.changed_later("Products", oven, {"Product_Name": "Oven S"})

    world.mirror.apply("products", [world.raw("products", oven), world.raw("products", twin)])

    first, second = world.crm.product(oven), world.crm.product(twin)
    assert first is not None and (first.name_en, first.name_ja, first.code) == ("Oven S", "Oven S", "OV")
    assert second is not None and second.code == f"OV ({twin})"
    assert world.mirror.apply("products", [world.raw("products", twin)]).changed == 0


def test_modules_that_are_not_mirrored_are_left_alone(world: MirrorWorld) -> None:
    assert world.mirror.apply("quotes", [{"id": "1"}]).changed == 0


def test_a_record_that_the_database_refuses_is_found_among_the_others_and_left_out(sqlite_world: MirrorWorld) -> None:
    world = sqlite_world
    raws = [world.raw("contacts", world.person(Last_Name=f"Person {n}")) for n in range(7)]
    with world.database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no BEFORE INSERT ON crm_contacts WHEN NEW.last_name = 'Person 4' "
            "BEGIN SELECT RAISE(ABORT, 'NOT NULL constraint failed: crm_contacts.title'); END"
        )

    applied = world.mirror.apply("contacts", raws)

    assert (applied.changed, applied.bad) == (6, 1)
    assert world.crm.contact(raws[4]["id"]) is None
    assert len(world.changes) == 6
    assert raws[4]["id"] in world.mirror.freshness().of("contacts").why


def test_two_who_bring_the_same_new_deal_note_its_beginning_once(world: MirrorWorld) -> None:
    raws = [world.raw("deals", world.deal(Deal_Name=f"D{n}")) for n in range(20)]
    world.mirror.apply("deals", [world.raw("deals", world.deal())])  # the stages are known
    mirrors = [world.another() for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda mirror: mirror.apply("deals", raws), mirrors))

    assert [len(world.crm.stage_history(raw["id"])) for raw in raws] == [1] * 20
