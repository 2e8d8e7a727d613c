"""The worker's threads of Zoho: what changes on one side is soon on the other, by one worker at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from app import create_app
from crm_client.records import Contact
from crm_client.zoho.settings import ZohoSettings, ZohoSync
from motenashi.house import House
from motenashi.jobs.leader import Leader
from motenashi.storage.open_database import open_database
from motenashi.zoho_room import ZohoRoom
from motenashi.zoho_worker import Mirroring, Sending
from tests.fake_zoho.fixtures import FakeZoho, fake_zoho
from tests.migrated import migrate
from tests.walks.real_house import close, open_house, settings_for

__all__ = ["fake_zoho"]
PATIENCE = 60.0  # seconds; a busy machine may be slow, and nothing waits longer than it must
MORI = {"Last_Name": "Mori", "Email": "mori@kita.example"}


@pytest.fixture(autouse=True)
def company(fake_zoho: FakeZoho, monkeypatch: pytest.MonkeyPatch) -> None:
    """One contact in Zoho, and what its client needs in the environment."""
    monkeypatch.setenv("ZOHO_CLIENT_ID", fake_zoho.client_id)
    monkeypatch.setenv("ZOHO_CLIENT_SECRET", fake_zoho.client_secret)
    monkeypatch.setenv("ZOHO_REFRESH_TOKEN", fake_zoho.refresh_token)
    monkeypatch.setattr("crm_client.zoho.mirror.filling.PAUSES", (0.01,))
    fake_zoho.store.put("Contacts", MORI)


@pytest.fixture
def house(fake_zoho: FakeZoho, sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    with open_house(settings_for(sqlite_url, tmp_path, crm=crm_of(fake_zoho, poll_seconds_alone=1))) as house:
        yield house


def crm_of(zoho: FakeZoho, **sync: Any) -> dict[str, Any]:
    return {"backend": "zoho", "zoho": ZohoSettings(fake_url=zoho.url, sync=ZohoSync(**sync))}


def room_of(house: House) -> ZohoRoom:
    assert house.zoho is not None
    return house.zoho


@contextmanager
def working(*threads: Any) -> Iterator[threading.Event]:
    """They run until the end, and must then end themselves."""
    stop = threading.Event()
    running = [threading.Thread(target=one.run, args=(stop,)) for one in threads]
    for one in running:
        one.start()
    try:
        yield stop
    finally:
        stop.set()
        for one in running:
            one.join(PATIENCE)
        assert not any(one.is_alive() for one in running)


def until(happens: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.02)


def everybody(now: datetime) -> bool:
    return True


def nobody(now: datetime) -> bool:
    return False


def here(house: House) -> list[str]:
    found = house.crm.find_contact(email="mori@kita.example")
    return [found.title] if found else []


def test_each_side_soon_has_what_the_other_changed(house: House, fake_zoho: FakeZoho) -> None:
    room = room_of(house)
    with working(Sending(room, everybody), Mirroring(room, everybody)):
        until(lambda: room.mirror.freshness().filled)
        (theirs,) = fake_zoho.store.all("Contacts")

        fake_zoho.advance(2)
        fake_zoho.store.change("Contacts", theirs["id"], {"Title": "Head of IT"})
        until(lambda: here(house) == ["Head of IT"])

        house.crm.update_record("contacts", theirs["id"], {"title": "Owner"})
        until(lambda: fake_zoho.store.all("Contacts")[0].get("Title") == "Owner")

    assert fake_zoho.store.count("Contacts") == 1


class LateApp:
    """A server's address is known before the application that needs it can be built."""

    app: Any = None

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.app(environ, start_response)


def test_a_change_in_zoho_is_here_after_its_push(fake_zoho: FakeZoho, sqlite_url: str, tmp_path: Path) -> None:
    """Without a single poll: Zoho calls the door of the running application."""
    late = LateApp()
    server = make_server("127.0.0.1", 0, late, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}/channels/crm/zoho"
    crm = crm_of(fake_zoho, notify_url=address, poll_seconds=3600, poll_seconds_alone=3600)
    database = open_database(sqlite_url)
    migrate(database)
    database.engine.dispose()
    app = create_app(settings_for(sqlite_url, tmp_path, crm=crm))
    house: House = app.extensions["motenashi"]
    late.app, room = app, room_of(house)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    try:
        with working(Mirroring(room, everybody)):
            until(lambda: room.mirror.freshness().filled and room.channels.open_until(datetime.now(UTC)))
            # The first poll is over, since channels come after it; the next one is an hour away.
            fake_zoho.advance(2)
            fake_zoho.store.change("Contacts", fake_zoho.store.all("Contacts")[0]["id"], {"Title": "Head of IT"})
            until(lambda: here(house) == ["Head of IT"])
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
        close(house)


def test_only_who_leads_works(house: House, fake_zoho: FakeZoho) -> None:
    room = room_of(house)
    asked: list[datetime] = []

    def never(now: datetime) -> bool:
        asked.append(now)
        return False

    with working(Sending(room, never), Mirroring(room, never)):
        until(lambda: len(asked) >= 4)

    assert fake_zoho.calls_log == []


def test_of_two_workers_one_leads_and_the_other_takes_over(house: House, fake_zoho: FakeZoho) -> None:
    """Each has a lease of its own in the same database, as two machines would."""
    first, second = (Leader(house.database, "zoho mirror") for _ in range(2))
    room = room_of(house)
    with working(Mirroring(room, first.leads)):
        until(lambda: room.mirror.freshness().filled)
        assert not second.leads(datetime.now(UTC))
    first.step_down(datetime.now(UTC))

    fake_zoho.advance(2)
    fake_zoho.store.change("Contacts", fake_zoho.store.all("Contacts")[0]["id"], {"Title": "Head of IT"})
    room._polled_at = None
    with working(Mirroring(room, second.leads)):
        until(lambda: here(house) == ["Head of IT"])


def test_an_outage_ends_no_thread(
    house: House, fake_zoho: FakeZoho, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("motenashi.zoho_worker.AFTER_TROUBLE", 0.1)
    room = room_of(house)
    fake_zoho.faults.outage = True
    with working(Sending(room, everybody), Mirroring(room, everybody)), caplog.at_level(logging.WARNING):
        until(lambda: "zoho: first fill: waits" in caplog.text)
        contact = house.crm.save_contact(Contact("", "Abe", email="abe@kita.example"))
        until(lambda: room.waiting.counts().waiting == 1)
        assert house.crm.contact(contact.id) == contact

    assert fake_zoho.client_secret not in caplog.text and "mori@" not in caplog.text
