"""A person goes, with everything that any room keeps about them; everybody else stays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    Table,
    TypeDecorator,
    func,
    insert,
    select,
    update,
)

from crm_client.embedded.tables import crm_accounts, crm_contacts, crm_deals, crm_leads
from motenashi.database import Database, UtcTime
from motenashi.erasing.erase import Eraser
from motenashi.erasing.rules import KEPT, NOBODY, RULES, TABLES, has_person, theirs, without_rule
from motenashi.erasing.search import search
from motenashi.erasing.whose import whose
from tests.migrated import migrate

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = b"k" * 32
# Tables that others hang on; of these a row must be there, whoever it is about.
PARENTS = {key.column.table.name for table in TABLES.values() for key in table.foreign_keys}


def test_every_table_of_the_house_says_whose_its_rows_are() -> None:
    assert without_rule() == []
    assert (NOBODY | KEPT | RULES.keys()) <= TABLES.keys(), "a rule for a table that is not there"


def test_everything_about_a_person_goes_and_nothing_of_another(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        fill(connection, 1, "aki@example.com")
        fill(connection, 2, "ben@example.com")

    erased = Eraser(database, KEY).erase("contact", "person-1", by="admin@example.com", now=NOW)

    assert erased is not None
    assert erased.found == ()
    assert erased.searched > 100
    with database.read() as connection:
        left = {name: rows_in(connection, TABLES[name]) for name in theirs_tables()}
    assert {name: count for name, count in left.items() if count != 1} == {}
    assert set(erased.extent.rows) == theirs_tables()


def test_a_deal_stays_without_the_person_and_somebody_is_told(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        fill(connection, 1, "aki@example.com")
    told: list[str] = []

    erased = Eraser(database, KEY, on_erased=told.append).erase("contact", "person-1", by="me", now=NOW)

    assert erased is not None
    assert erased.extent.deals_kept == 1
    with database.read() as connection:
        deals = [tuple(row) for row in connection.execute(select(crm_deals.c.id, crm_deals.c.contact_id))]
    assert deals == [("1.crm_deals.id", "")]
    assert told == ["1.crm_deals.id"]


def test_the_lead_that_became_a_contact_goes_along(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        fill(connection, 1, "aki@example.com")
        became = update(crm_leads).where(crm_leads.c.id == "person-1")
        connection.execute(became.values(id="once", converted_contact_id="person-1", email="Aki.Old@example.com"))

    with database.read() as connection:
        by_contact, by_lead = whose(connection, "contact", "person-1"), whose(connection, "lead", "once")

    assert by_contact == by_lead
    assert by_contact is not None
    assert by_contact.addresses == {"aki@example.com", "aki.old@example.com"}
    assert by_contact.lead_ids == {"once"}


def test_the_lead_of_whom_only_its_deal_is_known_goes_along(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        for number, address in ((1, "aki@example.com"), (2, "ben@example.com")):
            fill(connection, number, address)
            became = update(crm_leads).where(crm_leads.c.id == f"person-{number}")
            deal = f"{number}.crm_deals.id"
            connection.execute(became.values(id=f"once-{number}", converted_contact_id="", converted_deal_id=deal))

    with database.read() as connection:
        by_contact, by_lead = whose(connection, "contact", "person-1"), whose(connection, "lead", "once-1")

    assert by_contact == by_lead
    assert by_contact is not None
    assert by_contact.lead_ids == {"once-1"}


def test_what_still_names_them_is_told_and_not_hidden(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        fill(connection, 1, "aki@example.com")
        fill(connection, 2, "ben@example.com")
        note = update(crm_accounts).where(crm_accounts.c.id == "2.crm_accounts.id")
        connection.execute(note.values(website="https://x.example/?who=AKI@example.com"))

    erased = Eraser(database, KEY).erase("contact", "person-1", by="me", now=NOW)

    assert erased is not None
    assert [(one.table, one.column, one.rows) for one in erased.found] == [("crm_accounts", "website", 1)]


def test_counting_first_changes_nothing_and_nobody_is_nobody(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        fill(connection, 1, "aki@example.com")
    eraser = Eraser(database, KEY)

    assert eraser.extent("contact", "nobody") is None
    assert eraser.erase("lead", "nobody", by="me", now=NOW) is None
    extent = eraser.extent("contact", "person-1")

    assert extent is not None
    with database.read() as connection:
        assert rows_in(connection, crm_contacts) == 1
        who = whose(connection, "contact", "person-1")
        assert who is not None
        assert search(connection, who).found != ()


def test_that_it_was_done_can_be_shown_without_keeping_who(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        fill(connection, 1, "aki@example.com")
    eraser = Eraser(database, KEY)
    assert eraser.was_erased("contact", "person-1") is None

    eraser.erase("contact", "person-1", by="admin@example.com", now=NOW)

    assert eraser.was_erased("contact", "person-1") == NOW
    assert eraser.was_erased("contact", "person-2") is None
    assert Eraser(database, b"another key").was_erased("contact", "person-1") is None


@pytest.mark.parametrize("address", ["a_b@example.com", "100%@example.com"])
def test_signs_with_a_meaning_in_patterns_are_taken_as_they_are(database: Database, address: str) -> None:
    migrate(database)
    with database.write() as connection:
        fill(connection, 1, address)
        fill(connection, 2, address.replace("_", "x").replace("%", "x"))

    Eraser(database, KEY).erase("contact", "person-1", by="me", now=NOW)

    with database.read() as connection:
        assert {rows_in(connection, TABLES[name]) for name in theirs_tables()} == {1}


def test_an_address_that_only_holds_theirs_is_somebody_elses(database: Database) -> None:
    others = ("maki@example.com", "m.aki@example.com", "aki@example.com.au", "aki@example.community")
    migrate(database)
    with database.write() as connection:
        for number, address in enumerate(("aki@example.com", *others), start=1):
            fill(connection, number, address)

    erased = Eraser(database, KEY).erase("contact", "person-1", by="me", now=NOW)

    assert erased is not None and erased.found == ()
    with database.read() as connection:
        assert {rows_in(connection, TABLES[name]) for name in theirs_tables()} == {len(others)}


@pytest.mark.parametrize("address", ["aki@example.com", "aki+1_%.x@ex-ample.com"])
def test_whatever_stands_around_an_address_it_is_found(database: Database, address: str) -> None:
    around = (
        "{}",
        "Write to {}.",
        "<{}>",
        "?who={}&more",
        "連絡先{}まで",
        '"Thanks\\n{}\\n"',
        '"\\u3042{}\\u3042"',
        "m{0}, {0}",
    )
    migrate(database)
    with database.write() as connection:
        fill(connection, 1, address)
        who = whose(connection, "contact", "person-1")
    Eraser(database, KEY).erase("contact", "person-1", by="me", now=NOW)

    found = {}
    for text in around:
        with database.write() as connection:
            connection.execute(update(crm_accounts).values(website=text.format(address.upper())))
            found[text] = [one.column for one in search(connection, who).found] if who else []

    assert found == {text: ["website"] for text in around}


def theirs_tables() -> set[str]:
    return {name for name, table in TABLES.items() if name in RULES or (has_person(table) and name not in KEPT)}


def test_the_rules_name_each_table_once(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        fill(connection, 1, "aki@example.com")
        who = whose(connection, "contact", "person-1")
    assert who is not None
    names = [one.table.name for one in theirs(who)]
    assert len(names) == len(set(names))
    assert set(names) == theirs_tables()


def rows_in(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def fill(connection: Connection, number: int, address: str) -> None:
    """One row in every table, which is this person's wherever a row can be somebody's."""
    for table in TABLES.values():  # parents before what hangs on them
        if table.name in NOBODY - {"crm_accounts", *PARENTS}:
            continue
        row = {column.name: value_of(table, column, number, address) for column in table.c}
        connection.execute(insert(table).values(row))


def value_of(table: Table, column: Column[Any], number: int, address: str) -> Any:
    ours = table.name in ("identity_users", "identity_login_failures", "crm_owners")
    named = {
        "deal_id": f"{number}.crm_deals.id",
        "contact_id": f"person-{number}",
        "lead_id": "",
        "record_id": f"person-{number}",
        "person_id": f"person-{number}",
        "kind": "contact",
        "module": "contacts",
        "conversation_id": f"{number}.conversations.id",
        "email": f"{number}@us.example" if ours else address,
        "to": address,
        "sender": f"<{address}>",
        "email_key": address,
        "converted_contact_id": f"person-{number}",
        "secondary_email_key": None,
        "phone_key": f"8190000000{number}",
        "mobile_key": None,
        "address_key": address,
    }
    if table.name == "zoho_links":  # the person's own stands until Zoho has deleted them
        named |= {"module": "calls", "local_id": f"{number}.crm_activities.id"}
    elif table.name.startswith("zoho_"):
        named |= {"local_id": f"person-{number}", "zoho_id": f"person-{number}"}
    if table.name.startswith("visit") and column.name == "mark":
        return f"browser {number}"
    if table.name == "touchpoint_refusals" and column.name == "payload":
        return f'{{"who":{{"email":"{address}"}}}}'
    if table.name in ("crm_contacts", "crm_leads") and column.name == "id":
        return f"person-{number}"
    if column.name in named and not isinstance(plain(column.type), Integer):
        return named[column.name]
    return plain_value(table, column, number)


def plain_value(table: Table, column: Column[Any], number: int) -> Any:
    kind = plain(column.type)
    values: tuple[tuple[type, Any], ...] = (
        (Boolean, False),
        (Integer, number),
        (Float, 0.5),
        (JSON, {}),
        (LargeBinary, b""),
        (Date, date(2026, 1, number)),
    )
    if isinstance(column.type, UtcTime):
        return NOW
    for type_, value in values:
        if isinstance(kind, type_):
            return value
    return f"{number}.{table.name}.{column.name}"[: getattr(kind, "length", None) or 60]


def plain(kind: Any) -> Any:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def test_somebody_whose_record_is_gone_already_can_still_be_erased(database: Database) -> None:
    """Another CRM may have deleted the record; what was seen here is still about them."""
    migrate(database)
    with database.write() as connection:
        fill(connection, 1, "aki@example.com")
        connection.execute(crm_contacts.delete().where(crm_contacts.c.id == "person-1"))
    eraser = Eraser(database, KEY)

    erased = eraser.erase("contact", "person-1", by="me", now=NOW)

    assert erased is not None
    assert {"crm_emails", "crm_touchpoints", "crm_activities", "conversations"} <= set(erased.extent.rows)
    assert eraser.extent("contact", "person-1") is None
    assert eraser.erase("contact", "person-1", by="me", now=NOW) is None
    assert eraser.extent("contact", "nobody") is None
