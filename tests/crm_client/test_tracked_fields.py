"""A tracked field that got another value is in the history, once, in the words of the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_client.embedded import tables
from crm_client.embedded.bulk import DealHistory, WithHistory, insert_many
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.embedded.stages import DEFAULT_STAGES, write_stages
from crm_client.errors import CrmRejected
from crm_client.records import Account, Contact, Deal, FieldChange, Lead
from motenashi.database import Database

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
BEFORE = NOW - timedelta(days=30)
TRACKED = ("leads.status", "contacts.Loyalty", "accounts.industry", "deals.Type", "deals.stage")


@pytest.fixture
def crm(database: Database) -> EmbeddedCrm:
    tables.metadata.create_all(database.engine)
    settings = EmbeddedCrmSettings(custom_fields=("contacts.Loyalty",), tracked_fields=TRACKED)
    crm = EmbeddedCrm(database, settings, clock=lambda: NOW)
    with database.write() as connection:
        write_stages(connection, DEFAULT_STAGES)
    return crm


def told(crm: EmbeddedCrm, module: str, record_id: str) -> list[tuple[str, str, str, datetime, str]]:
    changes = crm.field_changes_of(module, [record_id])
    assert all((one.module, one.record_id) == (module, record_id) for one in changes)
    return [(one.field, one.from_value, one.to_value, one.at, one.changed_by) for one in changes]


def test_a_leads_status_is_told_from_its_creation_on(crm: EmbeddedCrm) -> None:
    lead = crm.save_lead(Lead("", "Becker", "Becker GmbH", created_at=BEFORE))
    crm.update_record("Leads", lead.id, {"Lead_Status": "Contacted"}, by="owner-1")
    crm.update_record("leads", lead.id, {"note": "nothing tracked"}, by="owner-1")

    assert told(crm, "leads", lead.id) == [
        ("status", "", "Not Contacted", BEFORE, ""),
        ("status", "Not Contacted", "Contacted", NOW, "owner-1"),
    ]


def test_saving_the_same_again_tells_nothing(crm: EmbeddedCrm) -> None:
    lead = crm.save_lead(Lead("", "Becker", "Becker GmbH"), key="form-1")
    crm.save_lead(lead)
    crm.save_lead(Lead("", "Becker", "Becker GmbH", status="Junk Lead"), key="form-1")

    assert [row[2] for row in told(crm, "leads", lead.id)] == ["Not Contacted"]


def test_a_field_of_the_companys_own_an_accounts_and_a_deals(crm: EmbeddedCrm) -> None:
    contact = crm.save_contact(Contact("", "Mori", extra={"Loyalty": "silver"}))
    crm.save_contact(Contact(contact.id, "Mori", extra={"Loyalty": "gold"}))
    account = crm.save_account(Account("", "Minato", industry="Retail"))
    crm.save_account(Account(account.id, "Minato"))
    deal = crm.save_deal(Deal("", "Till", "Qualification", type="New Business"), at=BEFORE, by="owner-2")
    crm.save_deal(Deal(deal.id, "Till", "Needs Analysis", type="Renewal"), at=NOW, by="owner-3")

    assert [row[:3] for row in told(crm, "contacts", contact.id)] == [
        ("Loyalty", "", "silver"),
        ("Loyalty", "silver", "gold"),
    ]
    assert [row[1:3] for row in told(crm, "accounts", account.id)] == [("", "Retail"), ("Retail", "")]
    assert told(crm, "deals", deal.id) == [  # the stage has its own history
        ("type", "", "New Business", BEFORE, "owner-2"),
        ("type", "New Business", "Renewal", NOW, "owner-3"),
    ]


def test_a_change_that_is_refused_leaves_no_history(crm: EmbeddedCrm) -> None:
    lead = crm.save_lead(Lead("", "Becker", "Becker GmbH"))
    with pytest.raises(CrmRejected):
        crm.update_record("leads", lead.id, {"status": "Contacted", "last_name": ""})

    assert [row[2] for row in told(crm, "leads", lead.id)] == ["Not Contacted"]


def test_many_at_once_are_told_too(crm: EmbeddedCrm) -> None:
    lead = Lead("l2", "Winter", "Winter AG", status="Contacted", created_at=BEFORE)
    history = (
        FieldChange("leads", "l2", "status", "", "Not Contacted", BEFORE),
        FieldChange("leads", "l2", "status", "Not Contacted", "Contacted", NOW, "owner-1"),
    )
    deal = Deal("d1", "Till", "Qualification", type="Renewal", created_at=BEFORE)
    insert_many(crm, [Lead("l1", "Becker", "B", created_at=BEFORE), WithHistory(lead, history), DealHistory(deal)])

    assert told(crm, "leads", "l1") == [("status", "", "Not Contacted", BEFORE, "")]
    assert [row[2] for row in told(crm, "leads", "l2")] == ["Not Contacted", "Contacted"]
    assert [row[2] for row in told(crm, "deals", "d1")] == ["Renewal"]


def test_without_the_setting_only_lead_statuses_are_tracked(sqlite_database: Database) -> None:
    tables.metadata.create_all(sqlite_database.engine)
    crm = EmbeddedCrm(sqlite_database, clock=lambda: NOW)
    contact = crm.save_contact(Contact("", "Mori"))
    lead = crm.save_lead(Lead("", "Becker", "Becker GmbH"))

    assert crm.field_changes_of("contacts", [contact.id]) == ()
    assert len(crm.field_changes_of("leads", [lead.id])) == 1
