"""The first fill: everything once, through kills, and without what an edition does not offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest

from crm_client.embedded.changes import RecordChange
from crm_client.errors import CrmUnreachable
from crm_client.zoho.mirror import applying, filling
from crm_client.zoho.mirror.filling import Progress
from crm_client.zoho.mirror.mirror import Mirror
from tests.crm_client.zoho.mirror.mirror_world import MirrorWorld


class Killed(BaseException):
    """The process ends here."""


def company(world: MirrorWorld, people: int = 25) -> None:
    put = world.zoho.store.put
    account = put("Accounts", {"Account_Name": "Kita Foods"})
    world.zoho.store.put_many(
        "Contacts",
        ({"Last_Name": f"Person {n}", "Email": f"p{n}@kita.example", "Account_Name": {"id": account}}
         for n in range(people)),
    )  # fmt: skip
    put("Leads", {"Last_Name": "Aoki", "Company": "Minami"})
    put("Products", {"Product_Name": "Oven", "Product_Code": "OV", "Unit_Price": 45000})
    contact = world.person(Email="buyer@kita.example", Account_Name={"id": account})
    deal = world.deal(Contact_Name={"id": contact}, Stage="Closed Won")
    put("Tasks", {"Subject": "Send quote", "Due_Date": "2027-02-06", "What_Id": {"id": deal}, "$se_module": "Deals"})
    put("Notes", {"Note_Title": "Chat", "Note_Content": "Asked for a price", "Parent_Id": {"id": contact}})


def test_everything_is_here_after_a_fill_and_progress_was_told(world: MirrorWorld) -> None:
    company(world)
    told: list[Progress] = []

    filled = world.mirror.fill(told.append)

    assert filled.failed == {}
    buyer = world.crm.find_contact(email="buyer@kita.example")
    assert buyer is not None
    assert [deal.name for deal in world.crm.deals_of_contact(buyer.id)] == ["Kita ovens"]
    account = world.crm.account(buyer.account_id)
    assert account is not None and account.name == "Kita Foods"
    assert {one.name for one in world.crm.owners()} == {"API User", "Sales User"}
    contacts = [one for one in told if one.module == "contacts"]
    assert (contacts[-1].done, contacts[-1].finished) == (26, True)
    fresh = world.mirror.freshness()
    assert fresh.filled and fresh.of("contacts").rows_done == 26
    assert fresh.as_of is None  # nothing was asked for since
    world.mirror.poll()
    assert world.mirror.freshness().as_of is not None


def test_a_bulk_file_does_not_say_whom_an_activity_is_about_and_it_is_known_all_the_same(world: MirrorWorld) -> None:
    put = world.zoho.store.put
    lead = put("Leads", {"Last_Name": "Aoki", "Company": "Minami"})
    account = put("Accounts", {"Account_Name": "Kita Foods"})
    deal = world.deal(Stage="Qualification")
    due = {"Due_Date": "2027-02-06"}
    put("Tasks", {"Subject": "Of a lead", "What_Id": {"id": lead}, "$se_module": "Leads", **due})
    put("Tasks", {"Subject": "Of a deal", "What_Id": {"id": deal}, "$se_module": "Deals", **due})
    put("Tasks", {"Subject": "Of an account", "What_Id": {"id": account}, "$se_module": "Accounts", **due})
    other = put("Tasks", {"Subject": "Of something else", "What_Id": {"id": account[:-1] + "9"}, **due})

    world.mirror.fill()

    (of_lead,) = world.crm.activities_of(lead_id=lead)
    (of_deal,) = world.crm.activities_of(deal_id=deal)
    assert (of_lead.subject, of_lead.deal_id) == ("Of a lead", "")
    assert (of_deal.subject, of_deal.lead_id) == ("Of a deal", "")
    assert world.crm.activities_of(deal_id=account) == ()
    assert world.mirror.freshness().hints == 1, other  # it is asked for by its id
    world.mirror.take_hints()
    assert world.mirror.freshness().hints == 0


def test_a_fill_that_is_done_is_not_done_again(world: MirrorWorld) -> None:
    company(world)
    world.filled()
    before = len(world.zoho.calls_log)

    assert world.another().fill().records == 0
    assert not [one for one in world.zoho.calls_log[before:] if "bulk" in one.path]


def test_after_a_kill_the_fill_goes_on_with_the_job_that_is_there(
    world: MirrorWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    company(world, people=50)
    monkeypatch.setattr(filling, "CHUNK", 10)

    def die(progress: Progress) -> None:
        if progress.module == "contacts" and progress.done >= 20:
            raise Killed

    with pytest.raises(Killed):
        world.mirror.fill(die)
    sync = world.mirror.freshness().of("contacts")
    assert (sync.rows_done, sync.filled_at) == (20, None) and sync.job
    world.changes.clear()

    world.another().fill()

    assert len(world.zoho.calls("POST", "/bulk/.*/read")) == 8  # one for each module that can be read so, once
    fresh = world.mirror.freshness()
    assert fresh.filled and fresh.of("contacts").rows_done == 51
    told_again = [one.contact_id for one in world.changes if one.module == "contacts"]
    assert len(told_again) == 51 - 20  # what was there already is no news


def test_a_job_that_zoho_has_forgotten_is_begun_again(world: MirrorWorld) -> None:
    company(world)
    world.mirror.fill()
    world.mirror.fill_again()
    world.set_sync("contacts", job="9999999999999999", job_page=1)

    assert world.another().fill().failed == {}
    assert world.mirror.freshness().of("contacts").rows_done == 26


def test_where_bulk_read_is_not_granted_pages_do(world: MirrorWorld) -> None:
    company(world)
    world.zoho.faults.next("/bulk/", status=401, code="OAUTH_SCOPE_MISMATCH", times=20)

    assert world.mirror.fill().failed == {}

    assert world.crm.find_contact(email="p7@kita.example") is not None
    assert world.mirror.freshness().of("contacts").filled_at is not None


def test_a_fill_by_pages_goes_on_where_it_was_killed(world: MirrorWorld) -> None:
    for n in range(450):
        world.zoho.store.put("Notes", {"Note_Title": f"N{n}", "Note_Content": "text", "Parent_Id": None})

    def die(progress: Progress) -> None:
        if progress.module == "notes" and progress.done >= 200:
            raise Killed

    with pytest.raises(Killed):
        world.mirror.fill(die)
    before = len(world.zoho.calls("GET", "/Notes"))
    world.another().fill()

    assert world.mirror.freshness().of("notes").filled_at is not None
    assert world.links() == 450
    assert len(world.zoho.calls("GET", "/Notes")) > before


def test_a_module_that_is_hidden_does_not_stop_the_others(world: MirrorWorld) -> None:
    company(world)
    world.zoho.faults.next("/bulk/.*read$", method="POST", status=403, code="NO_PERMISSION", times=1)

    failed = world.mirror.fill().failed

    assert list(failed) == ["accounts"]
    assert world.mirror.freshness().of("accounts").trouble
    assert world.crm.find_contact(email="p7@kita.example") is not None
    assert world.another().fill().failed == {}
    account = world.crm.find_contact(email="p7@kita.example")
    assert account is not None and world.crm.account(account.account_id) is not None


def test_an_outage_stops_the_fill_where_it_stands(world: MirrorWorld) -> None:
    company(world)
    world.mirror.fill()
    world.mirror.fill_again()
    world.zoho.faults.outage = True

    with pytest.raises(CrmUnreachable):
        world.another().fill()
    world.zoho.faults.outage = False
    assert world.crm.find_contact(email="p7@kita.example") is not None


def test_what_changes_during_the_fill_is_found_by_the_first_poll(
    world: MirrorWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    company(world)
    ann = world.person(Last_Name="Before")

    def changed_meanwhile(progress: Progress) -> None:
        if progress.module == "contacts" and progress.finished:
            world.zoho.store.change("Contacts", ann, {"Last_Name": "After"})

    world.mirror.fill(changed_meanwhile)
    world.mirror.poll()

    contact = world.crm.contact(ann)
    assert contact is not None and contact.last_name == "After"


def test_many_changes_are_told_in_one_go_to_whoever_listens_to_that(world: MirrorWorld) -> None:
    company(world)
    told: list[Sequence[RecordChange]] = []

    world.another(on_changes=told.append).fill()

    assert sorted(len(some) for some in told) == [26]
    assert len(world.changes) < 26


def test_rows_are_applied_in_chunks_as_they_come(world: MirrorWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory does not grow with the number of records: no more than a chunk is read ahead."""
    company(world, people=30)
    monkeypatch.setattr(filling, "CHUNK", 10)
    read, most_ahead = 0, 0
    real = type(world.calls).bulk_rows

    def counted(calls: object, job_id: str) -> Iterator[Mapping[str, str]]:
        nonlocal read
        read = 0
        for row in real(world.calls, job_id):
            read += 1
            yield row

    def look(progress: Progress) -> None:
        nonlocal most_ahead
        if not progress.finished:
            most_ahead = max(most_ahead, read - progress.done)

    monkeypatch.setattr(type(world.calls), "bulk_rows", counted)
    world.mirror.fill(look)

    assert most_ahead == 0
    assert applying.CHUNK == 1_000 and isinstance(world.mirror, Mirror)


def test_who_was_deleted_in_zoho_before_all_is_read_anew_is_gone_here_too(world: MirrorWorld) -> None:
    ann = world.person()
    world.filled()
    world.mirror.poll()
    world.zoho.store.delete("Contacts", ann)
    world.zoho.advance(3 * 86_400)  # nobody asked meanwhile

    world.mirror.fill_again()
    world.mirror.fill()
    world.mirror.poll(deletions=True)

    assert world.crm.contact(ann) is None
