"""Whoever keeps a ledger hears of every write, inside its transaction; without one, writing costs what it did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata
from crm_client.errors import CrmConflict, CrmUnreachable
from crm_client.records import (
    Account,
    Activity,
    Contact,
    Deal,
    DealProduct,
    Email,
    Lead,
    Note,
    Outcome,
    Owner,
    Product,
    Stage,
    Touchpoint,
)
from motenashi.database import Database

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
CALL = Activity("", "call", "Ring", NOW, contact_id="c1")
MEETING = Activity("", "event", "Meet", NOW, NOW + HOUR, owner_id="o1")


@dataclass
class Book:
    """A ledger that only remembers."""

    notes: list[tuple[str, Any, Any, str]] = field(default_factory=list)
    lines: list[tuple[str, list[str], list[str]]] = field(default_factory=list)
    transactions: int = 0
    full: bool = False

    def noted(self, connection: Connection, module: str, old: Any, new: Any, *, by: str = "") -> None:
        if self.full:
            raise CrmUnreachable("note", "the book is full")
        assert connection.in_transaction()
        self.notes.append((module, old, new, by))

    def lines_changed(
        self, connection: Connection, deal_id: str, old: Sequence[str], new: Sequence[str], *, by: str = ""
    ) -> None:
        self.lines.append((deal_id, list(old), list(new)))

    def written(self) -> None:
        self.transactions += 1

    def taken(self) -> list[tuple[str, Any, Any, str]]:
        notes, self.notes = self.notes, []
        return notes


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def crm(database: Database, book: Book) -> EmbeddedCrm:
    metadata.create_all(database.engine)
    return EmbeddedCrm(database, clock=lambda: NOW, ledger=book)


@pytest.mark.parametrize(
    "module, save",
    [
        ("accounts", lambda crm: crm.save_account(Account("", "Shop"))),
        ("contacts", lambda crm: crm.save_contact(Contact("", "Lee"))),
        ("leads", lambda crm: crm.save_lead(Lead("", "Lee", "Shop"))),
        ("leads", lambda crm: crm.save_lead(Lead("", "Lee", "Shop"), key="k")),
        ("products", lambda crm: crm.save_product(Product("", "nb", "Name", "名前", "notebook", 1_000))),
        ("deals", lambda crm: crm.save_deal(Deal("", "A deal", "Qualification"), at=NOW)),
        ("calls", lambda crm: crm.save_activity(CALL)),
        ("tasks", lambda crm: crm.save_activity(replace(CALL, kind="task"), key="k")),
        ("events", lambda crm: crm.book_event(MEETING, key="k")),
        ("emails", lambda crm: crm.save_email(Email("", "in", "Hello", NOW))),
        ("notes", lambda crm: crm.save_note(Note("", "Chat", "", NOW, contact_id="c1"))),
    ],
)
def test_a_new_record_is_told_of_once(
    crm: EmbeddedCrm, book: Book, module: str, save: Callable[[EmbeddedCrm], Any]
) -> None:
    saved = save(crm)

    assert book.notes == [(module, None, saved, "")]
    assert book.transactions == 1


def test_a_change_is_told_of_with_the_record_as_it_stood(crm: EmbeddedCrm, book: Book) -> None:
    contact = crm.save_contact(Contact("", "Lee"))
    deal = crm.save_deal(Deal("", "A deal", "Qualification"), at=NOW)
    book.taken()

    renamed = crm.save_contact(replace(contact, last_name="Mori"))
    crm.update_record("contacts", contact.id, {"Title": "Cook"}, by="Aya")
    crm.update_record("deals", deal.id, {"stage": "Closed Won"}, by="Aya")

    assert book.taken() == [
        ("contacts", contact, renamed, ""),
        ("contacts", renamed, crm.contact(contact.id), "Aya"),
        ("deals", deal, crm.deal(deal.id), "Aya"),
    ]


def test_products_of_a_deal_are_told_of_when_they_become_others(crm: EmbeddedCrm, book: Book) -> None:
    one, two = (crm.save_product(Product("", code, "Name", "名前", "notebook", 1_000)) for code in ("nb-1", "nb-2"))
    deal = crm.save_deal(Deal("", "A deal", "Qualification"), [DealProduct("", one.id)], at=NOW)
    crm.set_products_of_deal(deal.id, [DealProduct("", one.id, quantity=5)])
    crm.set_products_of_deal(deal.id, [DealProduct("", two.id), DealProduct("", one.id)])
    crm.set_products_of_deal(deal.id, [])

    assert [(deal_id, old, set(new)) for deal_id, old, new in book.lines] == [
        (deal.id, [], {one.id}),
        (deal.id, [one.id], {one.id, two.id}),
        (deal.id, [two.id, one.id], set()),
    ]


def test_a_deal_that_is_deleted_is_told_of_once(crm: EmbeddedCrm, book: Book) -> None:
    deal = crm.save_deal(Deal("", "A deal", "Qualification"), at=NOW)
    book.taken()
    crm.delete_deal(deal.id)
    crm.delete_deal(deal.id)

    assert book.taken() == [("deals", deal, None, "")]


def test_a_repetition_and_a_refused_booking_are_not_told_of(crm: EmbeddedCrm, book: Book) -> None:
    crm.save_activity(CALL, key="k")
    crm.book_event(MEETING, key="m")
    book.taken()
    crm.save_activity(CALL, key="k")
    crm.book_event(MEETING, key="m")
    with pytest.raises(CrmConflict):
        crm.book_event(MEETING, key="another")

    assert book.taken() == []


def test_an_activity_of_another_kind_is_another_record(crm: EmbeddedCrm, book: Book) -> None:
    call = crm.save_activity(CALL)
    book.taken()
    task = crm.save_activity(replace(call, kind="task"))

    assert book.taken() == [("calls", call, None, ""), ("tasks", None, task, "")]


def test_what_stays_in_this_house_is_not_told_of(crm: EmbeddedCrm, book: Book) -> None:
    crm.save_owner(Owner("o1", "Aya", "aya@shop.example"))
    crm.set_stages([Stage("New", Outcome.OPEN, 1)])
    crm.save_touchpoint(Touchpoint("", "chat", "message", NOW, True, contact_id="c1"), key="t")
    crm.save_touchpoints([Touchpoint("", "chat", "message", NOW, True, contact_id="c1", key="u")])

    assert book.notes == []


def test_a_ledger_that_fails_undoes_the_write(crm: EmbeddedCrm, book: Book) -> None:
    book.full = True
    with pytest.raises(CrmUnreachable):
        crm.save_contact(Contact("c1", "Lee"))

    assert crm.contact("c1") is None
    assert book.transactions == 0


def test_without_a_ledger_a_contact_is_written_by_one_statement(sqlite_database: Database) -> None:
    metadata.create_all(sqlite_database.engine)
    crm = EmbeddedCrm(sqlite_database, clock=lambda: NOW)
    contact = crm.save_contact(Contact("", "Lee"))
    statements: list[str] = []

    @event.listens_for(sqlite_database.engine, "before_cursor_execute")
    def count(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    crm.save_contact(replace(contact, last_name="Mori"))

    assert len(statements) == 1
