"""What changed and what is gone is found by asking, however pushes fare."""

from __future__ import annotations

import pytest

from crm_client.errors import CrmUnreachable
from tests.crm_client.zoho.mirror.mirror_world import MirrorWorld


def test_a_poll_brings_what_changed_and_the_next_one_nothing(world: MirrorWorld) -> None:
    ann = world.person(Title="Buyer")
    world.filled()
    world.mirror.poll()
    world.changed_later("Contacts", ann, {"Title": "Owner"})
    bob = world.person(Last_Name="Bob", Email="bob@kita.example")

    assert world.mirror.poll() == 2
    assert world.mirror.poll() == 0
    contact = world.crm.contact(ann)
    assert contact is not None and contact.title == "Owner"
    assert world.crm.contact(bob) is not None


def test_a_module_in_which_nothing_changed_costs_one_call(world: MirrorWorld) -> None:
    people = ({"Last_Name": f"P{n}", "Email": f"p{n}@kita.example"} for n in range(450))
    world.zoho.store.put_many("Contacts", people)
    world.filled()
    world.mirror.poll()
    world.zoho.advance(1000)
    world.mirror.poll()
    world.zoho.advance(60)
    before = len(world.zoho.calls("GET", "/Contacts$"))

    world.mirror.poll()
    assert len(world.zoho.calls("GET", "/Contacts$")) == before + 1


def test_nothing_is_asked_of_modules_that_were_never_filled(world: MirrorWorld) -> None:
    world.person()

    assert world.mirror.poll() == 0
    assert world.zoho.calls("GET", "/Contacts$") == []


def test_after_a_page_it_is_known_how_far_we_are(world: MirrorWorld) -> None:
    world.filled()
    world.zoho.advance(3600)
    for n in range(250):
        world.zoho.advance(1)
        world.person(Last_Name=f"P{n}", Email=f"p{n}@kita.example")
    world.zoho.faults.next("page_token", status=503, times=0)
    real = world.calls.page
    pages = 0

    def breaks_off(*given: object, **more: object) -> object:
        nonlocal pages
        pages += given[0] == "Contacts"
        if pages == 2:
            raise CrmUnreachable("list Contacts", "no answer", trouble="outage")
        return real(*given, **more)  # type: ignore[arg-type]

    world.calls.page = breaks_off  # type: ignore[method-assign,assignment]
    before = world.mirror.freshness().of("contacts")
    with pytest.raises(CrmUnreachable):
        world.mirror.poll()
    after = world.mirror.freshness().of("contacts")

    assert before.watermark and after.watermark and after.watermark > before.watermark
    assert (after.trouble, after.asked_at) == ("outage", None)
    world.calls.page = real  # type: ignore[method-assign]
    assert world.mirror.poll() == 50
    mended = world.mirror.freshness().of("contacts")
    assert (mended.trouble, mended.asked_at is not None) == ("", True)


def test_records_deleted_in_zoho_go_here_with_what_is_nothing_without_them(world: MirrorWorld) -> None:
    ann = world.person()
    deal = world.deal(Contact_Name={"id": ann})
    call = world.zoho.store.put("Calls", {"Subject": "Hello", "Call_Start_Time": "2026-11-01T10:00:00+09:00",
                                          "Call_Type": "Outbound", "Who_Id": {"id": ann}})  # fmt: skip
    world.filled()
    assert [one.id for one in world.crm.activities_of(contact_id=ann)] == [call]
    world.zoho.advance(5)
    world.zoho.store.delete("Calls", call)
    world.zoho.store.delete("Contacts", ann)
    world.zoho.store.delete("Deals", deal)

    assert world.mirror.poll(deletions=True) >= 2
    world.mirror.take_hints()

    assert world.crm.contact(ann) is None and world.crm.deal(deal) is None
    assert list(world.crm.activities_of(contact_id=ann)) == []
    assert list(world.crm.stage_history(deal)) == []
    assert world.link("contacts", ann) is None and world.link("calls", call) is None
    assert {(one.contact_id, one.deal_id) for one in world.changes} >= {(ann, ""), (ann, deal)}


def test_when_two_people_are_merged_the_calls_of_both_are_the_one_who_stays(world: MirrorWorld) -> None:
    stays, goes = world.person(Last_Name="Stays"), world.person(Last_Name="Goes", Email="other@kita.example")
    call = world.zoho.store.put("Calls", {"Subject": "Hello", "Call_Start_Time": "2026-11-01T10:00:00+09:00",
                                          "Call_Type": "Outbound", "Who_Id": {"id": goes}})  # fmt: skip
    world.filled()
    raw = world.zoho.store.get("Calls", call)
    assert raw is not None
    for _ in range(2):  # polls have left the call far behind
        world.mirror.poll()
        world.zoho.advance(3600)
    world.zoho.store.change("Calls", call, {"Who_Id": {"id": stays}, "Modified_Time": raw["Modified_Time"]})
    world.zoho.store.delete("Contacts", goes)

    world.mirror.poll(deletions=True)
    assert world.crm.contact(goes) is None
    assert list(world.crm.activities_of(contact_id=goes)) == []

    world.mirror.take_hints()
    assert [one.id for one in world.crm.activities_of(contact_id=stays)] == [call]


def test_people_and_stages_are_asked_for_each_hour(world: MirrorWorld) -> None:
    world.filled()
    before = len(world.zoho.calls("GET", "/users"))
    world.zoho.advance(600)
    world.mirror.poll()
    assert len(world.zoho.calls("GET", "/users")) == before
    world.zoho.store.users[1]["full_name"] = "Somebody Else"
    world.zoho.advance(3600)
    world.mirror.poll()

    assert "Somebody Else" in {one.name for one in world.crm.owners()}


def test_a_module_that_is_refused_is_noted_and_the_others_are_asked(world: MirrorWorld) -> None:
    ann = world.person()
    world.filled()
    world.changed_later("Contacts", ann, {"Title": "Owner"})
    world.zoho.faults.next("/Accounts$", status=403, code="NO_PERMISSION", times=1)

    assert world.mirror.poll() == 1
    assert world.mirror.freshness().of("accounts").trouble == "no_permission"
    world.mirror.poll()
    assert world.mirror.freshness().of("accounts").trouble == ""


def test_a_zoho_that_is_away_is_noted_by_a_process_that_has_just_begun(world: MirrorWorld) -> None:
    """Such a process asks for fields before it asks for records."""
    world.filled()
    world.zoho.faults.outage = True

    with pytest.raises(CrmUnreachable):
        world.another().poll()

    assert [row.trouble for row in world.mirror.freshness().troubles] == ["outage"]
    world.zoho.faults.outage = False
    world.zoho.advance(60)  # no calls for half a minute
    world.mirror.poll()
    assert world.mirror.freshness().troubles == ()


def test_while_credits_are_kept_for_visitors_nothing_is_asked(
    world: MirrorWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.filled()
    monkeypatch.setattr(type(world.calls), "can_work", lambda calls: False)
    before = len(world.zoho.calls_log)
    world.mirror.hint("contacts", ["4876876000000999999"])

    assert (world.mirror.poll(), world.mirror.take_hints(), world.mirror.take_details()) == (0, 0, 0)
    assert len(world.zoho.calls_log) == before
