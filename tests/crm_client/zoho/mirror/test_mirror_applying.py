"""Records of Zoho become ours: each version once, in any order, with all that the CRM keeps beside them."""

from __future__ import annotations

from tests.crm_client.zoho.mirror.mirror_world import MirrorWorld


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
