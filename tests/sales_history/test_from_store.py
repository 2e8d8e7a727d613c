"""The store as columns: whole or in part, each thing that happened once, what can't be true left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert, update

from crm_client.demo.company import make_demo
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import crm_contacts, crm_deals, crm_stage_changes, metadata
from crm_client.errors import CrmUnreachable
from crm_client.records import Activity, Contact, Deal, Email, Lead, Touchpoint
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.database import Database
from motenashi.sales_history.from_files import read_files
from motenashi.sales_history.from_store import read_store
from motenashi.sales_history.history import NEVER, NONE, Organisation, SalesHistory
from motenashi.sales_history.import_files import import_records
from motenashi.sales_history.organisation import organisation_of
from tests.sales_history.small_records import deal, differences, small_company, write

NOW = datetime(2026, 4, 1, tzinfo=UTC)
THEN = NOW - timedelta(days=20)


@pytest.fixture
def crm(database: Database) -> EmbeddedCrm:
    metadata.create_all(database.engine)
    return EmbeddedCrm(database, clock=lambda: NOW)


@pytest.fixture
def organisation() -> Organisation:
    return organisation_of(BusinessHoursSettings(), NOW)


def test_an_empty_store_is_an_empty_history(crm: EmbeddedCrm, database: Database, organisation: Organisation) -> None:
    for part in ({}, {"deal_ids": ["d1"]}, {"contact_ids": [], "lead_ids": ["nobody"]}):
        history = read_store(database, organisation, **part)

        assert len(history.deals.ids) == len(history.activities.at) == 0
        assert history.names.stage_outcomes[-2:] == ("won", "lost")
        assert history.left_out == history.incomplete == {}


def test_a_store_without_its_tables_is_not_an_empty_history(database: Database, organisation: Organisation) -> None:
    with pytest.raises(CrmUnreachable):
        read_store(database, organisation)


def test_a_part_holds_what_concerns_its_deals_and_nothing_else(
    tmp_path: Path, database: Database, crm: EmbeddedCrm
) -> None:
    tables = small_company()
    folder = write(tmp_path / "records", tables)
    import_records(folder, database, rejects=tmp_path / "rejects.jsonl")
    files = read_files(folder)

    whole = read_store(database, files.organisation, deal_ids=["d1", "d2", "d3"], lead_ids=["l1"])
    one = read_store(database, files.organisation, deal_ids=["d1"])
    person = read_store(database, files.organisation, contact_ids=["c1"])

    assert differences(files, whole) == []
    assert one.deals.ids.tolist() == ["d1"]
    assert one.contacts.ids.tolist() == ["c1"]
    assert one.users.ids.tolist() == ["u1"]
    assert len(one.stage_changes.at) == 2
    assert len(one.activities.at) == len(person.activities.at) == 4
    assert person.deals.ids.tolist() == []
    assert person.activities.deal.tolist() == [NONE] * 4
    assert person.incomplete == {}  # a deal that was not asked for is no unknown deal


def test_many_deals_are_read_in_several_questions(tmp_path: Path, database: Database, crm: EmbeddedCrm) -> None:
    tables = small_company()
    tables["deals"] = [deal(number) for number in range(1, 1202)]
    import_records(write(tmp_path / "records", tables), database, rejects=tmp_path / "rejects.jsonl")
    ids = [one["id"] for one in tables["deals"]]

    history = read_store(database, organisation_of(BusinessHoursSettings(), NOW), deal_ids=ids)

    assert history.deals.ids.tolist() == sorted(ids)


def test_a_mail_that_is_a_touchpoint_too_counts_once(
    database: Database, crm: EmbeddedCrm, organisation: Organisation
) -> None:
    crm.save_contact(Contact("c1", "Lee", created_at=THEN))
    crm.save_lead(Lead("l1", "Kim", "Co", created_at=THEN))
    for number, whom in enumerate(({"contact_id": "c1"}, {"lead_id": "l1"})):
        at = THEN + timedelta(hours=number)
        crm.save_email(Email("", "in", "Quote?", at, **whom))
        crm.save_touchpoint(Touchpoint("", "e-mail", "mail", at, True, **whom))
        crm.save_activity(Activity("", "call", "Call", at, direction="inbound", status="completed", **whom))
        crm.save_touchpoint(Touchpoint("", "call", "call", at, True, **whom))
    crm.save_touchpoint(Touchpoint("", "e-mail", "mail", THEN - timedelta(days=1), True, contact_id="c1"))
    crm.save_touchpoint(Touchpoint("", "chat", "chat", THEN, True, contact_id="c1"))

    history = read_store(database, organisation)

    assert len(history.emails.at) == len(history.activities.at) == 2
    kinds = [history.names.touchpoint_types[code] for code in history.touchpoints.type]
    assert kinds == ["mail", "chat"]  # a mail that is nowhere else, and what is no mail
    person = read_store(database, organisation, contact_ids=["c1"])
    assert (len(person.emails.at), len(person.touchpoints.at)) == (1, 2)


def test_how_long_an_activity_took_is_from_its_start_to_its_end(
    database: Database, crm: EmbeddedCrm, organisation: Organisation
) -> None:
    crm.save_contact(Contact("c1", "Lee", created_at=THEN))
    for minutes in (None, 7):
        end = None if minutes is None else THEN + timedelta(minutes=minutes)
        crm.save_activity(Activity("", "call", "Call", THEN, end, contact_id="c1", status="completed"))

    assert sorted(read_store(database, organisation).activities.seconds.tolist()) == [0, 420]


def test_what_cannot_be_true_in_the_store_is_left_out_and_counted(
    database: Database, crm: EmbeddedCrm, organisation: Organisation
) -> None:
    crm.save_contact(Contact("c1", "Lee", time_zone="Mars/Phobos", created_at=THEN))
    for number in range(5):
        crm.save_deal(Deal(f"d{number}", "Deal", "Qualification", contact_id="c1", created_at=THEN), at=THEN)
    wrong = ({"stage": "Gone"}, {"closed_at": THEN - timedelta(days=9)}, {"stage": "Closed Won"}, {"closed_at": NOW})
    with database.write() as connection:
        for number, values in enumerate(wrong):
            connection.execute(update(crm_deals).where(crm_deals.c.id == f"d{number}").values(**values))
        early = {"deal_id": "d4", "from_stage": "", "to_stage": "Qualification", "at": THEN - timedelta(days=2)}
        connection.execute(insert(crm_stage_changes), {**early, "changed_by": ""})
    crm.save_activity(Activity("", "call", "Call", NOW + timedelta(days=1), contact_id="c1", status="completed"))
    crm.save_activity(Activity("", "call", "Call", NOW + timedelta(days=1), contact_id="c1", status="open"))

    history = read_store(database, organisation)

    assert history.left_out == {
        "deals.unknown_stage": 1,
        "deals.closed_before_opened": 1,
        "deals.closed_without_time": 1,
        "deals.closed_in_open_stage": 1,
        "stage_history.unknown_deal": 4,
        "stage_history.before_its_deal": 1,
        "activities.after_the_end": 1,
    }
    assert history.deals.ids.tolist() == ["d4"]
    assert len(history.activities.at) == 1
    assert history.incomplete["contacts.unknown_time_zone"] == 1
    assert history.contacts.time_zone.tolist() == [NONE]


def test_an_id_that_nobody_has_is_unknown_and_counted(
    database: Database, crm: EmbeddedCrm, organisation: Organisation
) -> None:
    crm.save_deal(Deal("d1", "Deal", "Qualification", account_id="a9", contact_id="c9", created_at=THEN), at=THEN)

    history = read_store(database, organisation)

    assert (history.deals.account[0], history.deals.contact[0], history.deals.owner[0]) == (NONE, NONE, NONE)
    assert history.incomplete["deals.unknown_account"] == history.incomplete["deals.unknown_contact"] == 1


def test_a_deal_closed_after_the_moment_asked_for_is_open_in_the_stage_it_had(
    database: Database, crm: EmbeddedCrm
) -> None:
    opened = crm.save_deal(Deal("d1", "Deal", "Qualification", created_at=THEN), at=THEN)
    crm.save_deal(Deal("d1", "Deal", "Closed Won", created_at=opened.created_at), at=NOW)

    history = read_store(database, organisation_of(BusinessHoursSettings(), NOW - timedelta(days=1)))

    assert history.names.stages[history.deals.stage[0]] == "Qualification"
    assert history.deals.closed_at.tolist() == [NEVER]


def test_a_zone_corrected_in_the_store_is_read_again(
    database: Database, crm: EmbeddedCrm, organisation: Organisation
) -> None:
    crm.save_contact(Contact("c1", "Lee", created_at=THEN))
    with database.write() as connection:
        connection.execute(update(crm_contacts).values(time_zone="Asia/Kolkata"))

    history = read_store(database, organisation)

    assert [history.names.time_zones[code] for code in history.contacts.time_zone] == ["Asia/Kolkata"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, SalesHistory]:
    from motenashi.storage.open_database import open_database

    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.db")
    metadata.create_all(database.engine)
    make_demo(database, now=NOW)
    return database, read_store(database, organisation_of(BusinessHoursSettings(), NOW))


def test_nothing_of_the_demo_company_is_impossible(demo: tuple[Database, SalesHistory]) -> None:
    _, history = demo

    assert history.left_out == {}
    assert len(history.deals.ids) == 2000
    assert np.all(np.diff(history.activities.at) >= 0)
    assert np.all(np.diff(history.stage_changes.deal) >= 0)


def test_a_deal_of_the_demo_company_reads_the_same_alone_as_among_all(demo: tuple[Database, SalesHistory]) -> None:
    database, whole = demo
    for code in range(0, 2000, 400):
        part = read_store(database, whole.organisation, deal_ids=[whole.deals.ids[code]])

        mine = whole.activities.deal == code
        assert part.activities.at.tolist() == whole.activities.at[mine].tolist()
        assert part.activities.purpose.tolist() == whole.activities.purpose[mine].tolist()
        assert part.emails.at.tolist() == whole.emails.at[whole.emails.deal == code].tolist()
        industry = whole.names.industries[whole.deals.industry[code]]
        assert part.names.industries[part.deals.industry[0]] == industry
        assert part.stage_changes.to_stage.tolist() == (
            whole.stage_changes.to_stage[whole.stage_changes.deal == code].tolist()
        )
