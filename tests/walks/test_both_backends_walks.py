"""What the worker and the staff do, with the embedded CRM and with Zoho's: mail read, advice taken up, many records
changed, a chat noted, somebody erased. With Zoho, each of it stands there once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import build_house
from crm_client.records import Activity, Contact, Note
from motenashi.bulk_actions.content import UpdateContent
from motenashi.bulk_actions.words import Actor
from motenashi.erasing.rules import TABLES
from motenashi.house import House
from motenashi.insights.voice.chats import ChatHearing
from motenashi.reading_worker import notes_of_chats
from motenashi.suggestions.suggestion import Suggestion
from motenashi.zoho_room import ZohoRoom
from nlp.reading import Reading, TextToRead
from tests.fake_zoho.fake import FakeZoho
from tests.mail_intake.plain_reader import PlainReader
from tests.walks.real_house import HARUKA, NEW_CONTACT, TOM, YUKI, close, on_both_backends, settings_for
from tests.walks.widget_chat import WidgetChat
from tests.walks.zoho_house import both_alike, crm_section, everything_comes, room_of

pytestmark = on_both_backends
STAFF = "sato@minamo.example"


class Reader(PlainReader):
    """In this process, as the worker's."""

    def read_chat(self, text: str, language: str) -> Reading:
        return self.read(TextToRead("", text, sent_at=datetime.now(UTC)))

    def answers(self) -> bool:
        return True


@pytest.fixture
def zoho(request: pytest.FixtureRequest, backend: str) -> FakeZoho | None:
    """The fake, where Zoho is the CRM."""
    return request.getfixturevalue("company_zoho") if backend == "zoho" else None


@pytest.fixture
def worker(company_url: str, tmp_path: Path, zoho: FakeZoho | None) -> Iterator[House]:
    """The parts as the worker has them: it reads here."""
    house = build_house(settings_for(company_url, tmp_path, crm=crm_section(zoho) if zoho else {}), Reader())
    try:
        yield house
        if zoho:
            both_alike(house, zoho)
    finally:
        house.inbound.tasks.close()
        close(house)


def contact(house: House, email: str) -> Contact:
    found = house.crm.find_contact(email=email)
    assert found is not None
    return found


def mail_comes(house: House, body: str, *, sender: str = HARUKA, number: int = 1) -> tuple[Suggestion, ...]:
    """A mail, from its bytes to what is suggested because of it."""
    now = datetime.now(UTC)
    raw = (
        f"From: {sender}\r\nTo: sales@minamo.example\r\nSubject: Server R2\r\nDate: {format_datetime(now)}\r\n"
        f"Message-ID: <{number}@shop.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"{body}\r\n"
    )
    mail = house.inbound.mails.keep(raw.encode(), source="http", received_at=now)
    house.inbound.intake.take_in(mail.id)
    house.inbound.intake.take_in(mail.id)
    return house.inbound.suggestions.read_from(f"mail:{mail.id}")


def mails_there(zoho: FakeZoho, person: Contact) -> list[tuple[str, bool]]:
    return [(one["subject"], one["sent"]) for one in zoho.store.emails_of("Contacts", person.id)]


def test_a_customers_mail_is_read_and_stands_with_them(worker: House, zoho: FakeZoho | None) -> None:
    haruka = contact(worker, HARUKA)

    mail_comes(worker, "Could we have a demo of the Server R2 next Tuesday?")

    (email,) = worker.crm.emails_of(contact_id=haruka.id)
    assert (email.direction, email.message_id) == ("in", "1@shop.example")
    assert len(worker.crm.touchpoints_of(contact_id=haruka.id)) == 1
    if zoho:
        both_alike(worker, zoho)
        assert mails_there(zoho, haruka) == [("Server R2", False)]


def test_a_mail_of_somebody_new_makes_one_lead(worker: House, zoho: FakeZoho | None) -> None:
    sender = "Nora Nakano <nora.nakano@kita.example>"
    for number in (1, 2):
        mail_comes(worker, "Could you send us a quote for ten notebooks?", sender=sender, number=number)

    lead = worker.crm.find_lead(email="nora.nakano@kita.example")
    assert lead is not None
    assert len(worker.crm.emails_of(lead_id=lead.id)) == 2
    if zoho:
        both_alike(worker, zoho)
        (theirs,) = [one for one in zoho.store.all("Leads") if one.get("Email") == "nora.nakano@kita.example"]
        assert len(zoho.store.emails_of("Leads", theirs["id"])) == 2


def test_advice_that_is_taken_up_makes_one_event(worker: House, zoho: FakeZoho | None) -> None:
    haruka = contact(worker, HARUKA)
    (advised,) = mail_comes(worker, "Could we have a demo of the Server R2 next Tuesday?")
    assert advised.action == "event"
    start = (datetime.now(UTC) + timedelta(days=3)).replace(hour=4, minute=0, second=0, microsecond=0)
    chosen = {"start": start, "end": start + timedelta(hours=1), "subject": "Server R2, shown"}

    done = [
        worker.advice.desk.accept(
            advised.id, by=STAFF, owner_id=worker.crm.owners()[-1].id, now=datetime.now(UTC), changes=chosen
        )
        for _ in range(2)
    ]

    assert {one.made for one in done} == {"event"} and len({one.record_id for one in done}) == 1
    if zoho:
        both_alike(worker, zoho)
        (event,) = zoho.store.all("Events")
        assert (event["Event_Title"], event["Who_Id"]["id"]) == ("Server R2, shown", haruka.id)
        assert datetime.fromisoformat(event["Start_DateTime"]) == start


def test_a_draft_of_ours_is_no_mail_and_what_was_sent_is(worker: House, zoho: FakeZoho | None) -> None:
    haruka = contact(worker, HARUKA)
    (advised,) = mail_comes(worker, "Could you send us a quote for the Server R2?")
    assert advised.action == "e-mail"
    written = {"subject": "Our quote", "text": "Here it is."}

    done = worker.advice.desk.accept(advised.id, by=STAFF, now=datetime.now(UTC), changes=written)

    (draft,) = [one for one in worker.crm.emails_of(contact_id=haruka.id) if one.direction == "out"]
    assert (done.record_id, draft.status) == (draft.id, "draft")
    if zoho:
        both_alike(worker, zoho)
        assert mails_there(zoho, haruka) == [("Server R2", False)]
    worker.crm.save_email(replace(draft, status="sent"))
    if zoho:
        both_alike(worker, zoho)
        assert sorted(mails_there(zoho, haruka)) == [("Our quote", True), ("Server R2", False)]


def test_values_set_for_many_are_set_once(worker: House, zoho: FakeZoho | None) -> None:
    desk, runner, now = worker.insights.bulk.desk, worker.insights.bulk.runner, datetime.now(UTC)
    boss = Actor(STAFF)
    chosen = {"email": {"is": HARUKA}}

    job = desk.find(desk.plan(boss, "contacts", chosen, UpdateContent({"title": "Head of IT"}), now), boss)
    while job is not None and job.state in ("freezing", "planning"):
        runner.step(now)
        job = desk.find(job.id, boss)
    assert job is not None
    desk.confirm(job, version=job.version, said=1, typed="", by=STAFF, now=now)
    while job is not None and job.state != "done":
        runner.step(datetime.now(UTC))
        job = desk.find(job.id, boss)

    haruka = contact(worker, HARUKA)
    assert haruka.title == "Head of IT"
    if zoho:
        both_alike(worker, zoho)
        titles = {one["Email"]: one.get("Title") for one in zoho.store.all("Contacts")}
        assert titles == {HARUKA: "Head of IT", YUKI: None, NEW_CONTACT: None}
        assert len(zoho.calls("PUT", "/Contacts")) == 1


def test_what_was_said_in_a_chat_stands_as_one_note(client: FlaskClient, worker: House, zoho: FakeZoho | None) -> None:
    """Where Zoho is the CRM; the embedded one shows the chat itself."""
    heard = ChatHearing(
        worker.database, worker.inbound.responses, worker.reader.read_chat, on_heard=notes_of_chats(worker)
    )
    visitor = WidgetChat(client, email=TOM, language="en").say("Is the Server R2 quiet, I wonder?")
    heard.hear_finished(datetime.now(UTC) + timedelta(hours=1))
    visitor.say("And how large would it be, then?")
    heard.hear_finished(datetime.now(UTC) + timedelta(hours=1))

    tom = worker.crm.find_lead(email=TOM)
    assert tom is not None
    notes = worker.crm.notes_of(lead_id=tom.id)
    assert len(notes) == (1 if zoho else 0)
    if zoho:
        both_alike(worker, zoho)
        (note,) = zoho.store.all("Notes")
        assert "Is the Server R2 quiet, I wonder?" in note["Note_Content"]
        assert "And how large would it be, then?" in note["Note_Content"]
        assert "not verified" in note["Note_Content"]
        assert (note["Parent_Id"]["id"], len(zoho.calls("POST", "/Notes"))) == (tom.id, 1)


def test_whoever_is_erased_is_erased_in_zoho_and_stays_away(worker: House, zoho: FakeZoho | None) -> None:
    haruka = contact(worker, HARUKA)
    mail_comes(worker, "Could we have a demo of the Server R2 next Tuesday?")
    worker.crm.save_note(Note("", "Talk", "Likes servers.", datetime.now(UTC), contact_id=haruka.id))
    worker.crm.save_activity(
        Activity("", "task", "Call Haruka back", datetime.now(UTC) + timedelta(days=1), contact_id=haruka.id)
    )
    if zoho:
        both_alike(worker, zoho)
        worker.crm.save_contact(replace(haruka, title="Head of IT"))  # not sent yet

    erased = worker.insights.erasing.erase("contact", haruka.id, by=STAFF)

    assert erased is not None and not erased.still_named
    assert worker.crm.find_contact(email=HARUKA) is None
    if zoho is None:
        return
    room = room_of(worker)
    before_zoho_knows(room, zoho, haruka)
    room.pusher.push()
    for deal in zoho.store.all("Deals"):  # Zoho empties look-ups to what is deleted, the fake does not
        if (deal.get("Contact_Name") or {}).get("id") == haruka.id:
            zoho.store.change("Deals", deal["id"], {"Contact_Name": None})
    both_alike(worker, zoho)
    for module in ("Contacts", "Notes", "Tasks"):
        assert not [one for one in zoho.store.all(module) if "aruka" in str(one)], module
    room.mirror.hint("contacts", [haruka.id])
    room.mirror.take_hints()
    read_anew(room, zoho)
    assert worker.crm.find_contact(email=HARUKA) is None and worker.crm.contact(haruka.id) is None
    assert naming(worker, haruka) == []


def before_zoho_knows(room: ZohoRoom, zoho: FakeZoho, person: Contact) -> None:
    """Zoho still has them, somebody there even changes them: they don't come back."""
    zoho.advance(2)
    zoho.store.change("Contacts", person.id, {"Phone": "03-1111-2222"})
    room.mirror.hint("contacts", [person.id])
    room.mirror.take_hints()
    room.mirror.poll()
    read_anew(room, zoho)
    assert room.crm.find_contact(email=HARUKA) is None and room.crm.contact(person.id) is None


def read_anew(room: ZohoRoom, zoho: FakeZoho) -> None:
    zoho.advance(61)  # only so many bulk results may be fetched in a minute
    room.mirror.fill_again()
    everything_comes(room)


def naming(house: House, person: Contact) -> list[tuple[str, str]]:
    """Table and row of what still names them, in the whole database."""
    with house.database.read() as connection:
        rows = [(name, str(row)) for name, table in TABLES.items() for row in connection.execute(table.select())]
    return [(name, row) for name, row in rows if HARUKA in row or person.id in row]
