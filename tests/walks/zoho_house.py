"""The same small company in a fake Zoho, and the house whose CRM that Zoho is.

The mirror is filled once per session and copied for each test, as the embedded company is. Every test has a fake of
its own with the same records under the same ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from app import build_house
from crm_client.zoho.mirror import filling
from crm_client.zoho.settings import ZohoSettings, ZohoSync
from crm_client.zoho.tables import zoho_tokens
from motenashi.house import House
from motenashi.storage.open_database import open_database
from motenashi.zoho_room import ZohoRoom
from tests.crm_client.zoho.both_sides import compare
from tests.fake_zoho.fake import FakeZoho
from tests.fake_zoho.from_demo import DEMO_FIELDS, fill_from
from tests.migrated import migrate
from tests.walks.real_house import close, settings_for


@contextmanager
def company_in_zoho(template: Path) -> Iterator[FakeZoho]:
    """`template`: the file of the embedded company."""
    database = open_database(f"sqlite:///{template}")
    try:
        with FakeZoho() as zoho:
            _only_the_companys_people(zoho)
            fill_from(zoho, database)
            yield zoho
    finally:
        database.engine.dispose()


def _only_the_companys_people(zoho: FakeZoho) -> None:
    """An integration's user and an administrator are nobody to book a visitor with."""
    for one in zoho.store.users:
        one["status"] = "inactive"


def environment_for(zoho: FakeZoho) -> dict[str, str]:
    return {
        "ZOHO_CLIENT_ID": zoho.client_id,
        "ZOHO_CLIENT_SECRET": zoho.client_secret,
        "ZOHO_REFRESH_TOKEN": zoho.refresh_token,
    }


def crm_section(zoho: FakeZoho, **sync: Any) -> dict[str, Any]:
    """For settings_for(…, crm=crm_section(zoho))."""
    chosen = ZohoSettings(data_centre="jp", fields=DEMO_FIELDS, sync=ZohoSync(**sync), fake_url=zoho.url)
    return {"backend": "zoho", "zoho": chosen}


def filled_from_zoho(url: str, folder: Path, zoho: FakeZoho) -> None:
    """A new database of that URL becomes a mirror of the fake. The client's secrets are in the environment."""
    database = open_database(url)
    migrate(database)
    database.engine.dispose()
    house = build_house(settings_for(url, folder, crm=crm_section(zoho)))
    try:
        everything_comes(room_of(house))
        with house.database.write() as connection:  # another fake has other tokens
            connection.execute(delete(zoho_tokens))
    finally:
        close(house)


def room_of(house: House) -> ZohoRoom:
    assert house.zoho is not None
    return house.zoho


def everything_comes(room: ZohoRoom) -> None:
    """As `zoho fill` does; nobody need wait for a dozen records."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "PAUSES", (0.01,))
        room.mirror.fill()
    room.mirror.poll(deletions=True)
    while room.mirror.take_details():
        pass
    fresh = room.mirror.freshness()
    assert fresh.filled and not fresh.details and not fresh.troubles, fresh


def both_alike(house: House, zoho: FakeZoho, room: ZohoRoom | None = None) -> None:
    """All that was written here goes to Zoho, nothing is left, what Zoho made of it comes back, and every record stands
    on both sides once. `room`: who does it, where that is not the house's own."""
    room = room or room_of(house)
    room.pusher.push()
    left = [(one.module, one.action, one.trouble, one.why) for one in (*room.waiting.stuck(), *room.waiting.waiting())]
    assert not left, left
    room.mirror.poll()
    found = compare(house.database, room.field_map, zoho.store.all, zoho.store.products_of)
    assert not found.different, found.different
