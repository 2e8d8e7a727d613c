"""Zoho's parts, put together: only where they are used, asked no more than is due, counted to the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_client.zoho.settings import ZohoSettings
from crm_client.zoho.tables import zoho_credits
from motenashi.house import House
from motenashi.zoho_room import ZohoRoom
from tests.fake_zoho.fixtures import FakeZoho, fake_zoho
from tests.walks.real_house import open_house, server_config, settings_for

__all__ = ["fake_zoho"]
ROOT = Path(__file__).parents[1]
LOADED = """
import sys
from app import create_app
create_app()
print(*(name for name in sys.modules if name.startswith("crm_client.zoho.")))
"""


@pytest.fixture
def house(fake_zoho: FakeZoho, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("ZOHO_CLIENT_ID", fake_zoho.client_id)
    monkeypatch.setenv("ZOHO_CLIENT_SECRET", fake_zoho.client_secret)
    monkeypatch.setenv("ZOHO_REFRESH_TOKEN", fake_zoho.refresh_token)
    monkeypatch.setattr("crm_client.zoho.mirror.filling.PAUSES", (0.01,))
    crm = {"backend": "zoho", "zoho": ZohoSettings(fake_url=fake_zoho.url)}
    with open_house(settings_for(sqlite_url, tmp_path, crm=crm)) as house:
        yield house


@pytest.fixture
def room(house: House) -> ZohoRoom:
    assert house.zoho is not None
    return house.zoho


def test_a_house_with_its_own_crm_loads_nothing_of_zohos(tmp_path: Path) -> None:
    """It is two megabytes in every web process. What an operator may choose, its tables and its words are always
    there."""
    file = tmp_path / "config.yaml"
    file.write_text(json.dumps(server_config(), ensure_ascii=False), encoding="utf-8")
    ours = {"MOTENASHI_CONFIG": str(file), "MOTENASHI_DATA": str(tmp_path), "PYTHONPATH": str(ROOT)}

    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, env={**os.environ, **ours}, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == {f"crm_client.zoho.{name}" for name in ("settings", "tables", "troubles")}


def test_nothing_is_asked_before_it_is_due(room: ZohoRoom, fake_zoho: FakeZoho) -> None:
    now = datetime.now(UTC)
    room.poll_when_due(now)
    assert fake_zoho.calls_log == []  # nothing was filled yet
    room.fill_when_new()
    room.poll_when_due(now)
    calls = len(fake_zoho.calls_log)

    room.fill_when_new()
    room.poll_when_due(now + timedelta(seconds=59))
    assert len(fake_zoho.calls_log) == calls

    room.poll_when_due(now + timedelta(seconds=60))
    assert len(fake_zoho.calls_log) > calls


def test_what_was_spent_is_counted_when_the_process_ends(house: House, room: ZohoRoom, fake_zoho: FakeZoho) -> None:
    room.fill_when_new()
    room.mirror.poll()
    room.close()

    spent = sum(call.credits for call in fake_zoho.calls_log)
    with house.database.read() as connection:
        counted = connection.execute(select(func.sum(zoho_credits.c.used))).scalar()
    assert counted == spent > 0
