"""`python app.py zoho …` before a fake Zoho: what is said, how it ends, and that no secret is in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app import build_house, create_app
from motenashi.cli import Builders, commands
from motenashi.house import House
from motenashi.jobs.leader import Leader
from motenashi.settings import Settings, load_settings
from motenashi.storage.open_database import open_database
from motenashi.zoho_room import MIRROR_LEASE
from tests.fake_zoho.fixtures import FakeZoho, fake_zoho
from tests.fake_zoho.tokens import EVERYTHING
from tests.walks.real_house import close, server_config

__all__ = ["fake_zoho"]

ROOT = Path(__file__).parents[1]
Run = Callable[..., Result]


@pytest.fixture
def zoho(fake_zoho: FakeZoho, monkeypatch: pytest.MonkeyPatch) -> FakeZoho:
    fake_zoho.store.put("Contacts", {"Last_Name": "Mori", "Email": "mori@kita.example"})
    fake_zoho.store.put("Leads", {"Last_Name": "Aoki", "Company": "Minami", "Email": "aoki@minami.example"})
    fake_zoho.switches.bulk_polls = 1  # nobody need wait for two records
    monkeypatch.setattr("crm_client.zoho.mirror.filling.PAUSES", (0.01,))
    return fake_zoho


@pytest.fixture
def configured(zoho: FakeZoho, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """configured(backend=…): config.yaml as the operator wrote it, with the client's id and secret in the
    environment, and (token=True) a refresh token."""

    def configure(backend: str = "zoho", *, token: bool = True, client: bool = True) -> Path:
        file = tmp_path / "config.yaml"
        config = server_config(crm={"backend": backend, "zoho": {"fake_url": zoho.url}})
        file.write_text(json.dumps(config, ensure_ascii=False), encoding="utf-8")
        monkeypatch.setenv("MOTENASHI_CONFIG", str(file))
        monkeypatch.setenv("MOTENASHI_DATA", str(tmp_path / "data"))
        monkeypatch.delenv("DATABASE_URL", raising=False)
        for name, value, wanted in (
            ("ZOHO_CLIENT_ID", zoho.client_id, client),
            ("ZOHO_CLIENT_SECRET", zoho.client_secret, client),
            ("ZOHO_REFRESH_TOKEN", zoho.refresh_token, token),
        ):
            monkeypatch.setenv(name, value) if wanted else monkeypatch.delenv(name, raising=False)
        return file

    return configure


@pytest.fixture
def run(zoho: FakeZoho, caplog: pytest.LogCaptureFixture) -> Iterator[Run]:
    """run("zoho", "status", says="…", code=1); afterwards neither output nor log may hold a secret."""
    houses: list[House] = []
    heard: list[str] = []
    secrets: list[str] = []

    def house(settings: Settings, *more: Any) -> House:
        houses.append(build_house(settings, *more))
        return houses[-1]

    def run_one(*words: str, says: str = "", code: int = 0) -> Result:
        secrets.extend(word for word in (*words, *says.splitlines()) if word.endswith(".grant"))
        done = CliRunner().invoke(commands, words, input=says, obj=Builders(house, create_app))
        heard.append(done.output)
        assert done.exit_code == code, done.output
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    yield run_one
    for one in houses:
        close(one)
    said = "\n".join(heard) + caplog.text
    for secret in (zoho.client_secret, *zoho.tokens.refreshes, *secrets, ".access"):
        assert secret not in said
    assert "mori@kita" not in said


def test_connecting_with_a_code_in_the_command(run: Run, configured: Callable[..., Path], zoho: FakeZoho) -> None:
    configured(token=False)
    assert "not connected" in run("zoho", "status").output

    told = run("zoho", "connect", "--code", zoho.tokens.grant()).output

    assert f"Connected with {zoho.url}" in told and "stored, encrypted" in told
    assert run("zoho", "status").output.startswith("connected\n")


def test_whether_a_worker_is_there_is_told(run: Run, configured: Callable[..., Path]) -> None:
    settings = load_settings(str(configured()), os.environ)
    nobody = "no worker keeps both sides alike"
    assert nobody in run("zoho", "status").output

    assert Leader(open_database(settings.database), MIRROR_LEASE).leads(datetime.now(UTC))

    assert nobody not in run("zoho", "status").output


def test_connecting_asks_for_what_it_is_not_told(run: Run, configured: Callable[..., Path], zoho: FakeZoho) -> None:
    configured(token=False, client=False)

    told = run("zoho", "connect", says=f"{zoho.client_id}\n{zoho.client_secret}\n{zoho.tokens.grant()}\n").output

    assert "ZohoCRM.modules.contacts" in told and "Generate Code" in told
    assert "Connected with" in told and "The server needs ZOHO_CLIENT_ID and ZOHO_CLIENT_SECRET" in told


def test_connecting_comes_before_choosing_zoho(run: Run, configured: Callable[..., Path], zoho: FakeZoho) -> None:
    configured("embedded", token=False)

    assert "Next: crm.backend: zoho" in run("zoho", "connect", "--code", zoho.tokens.grant()).output


def test_a_code_that_does_not_work_says_so(run: Run, configured: Callable[..., Path], zoho: FakeZoho) -> None:
    configured(token=False)
    used = zoho.tokens.grant()
    run("zoho", "connect", "--code", used)

    told = run("zoho", "connect", "--code", used, code=1).output

    assert "was used already, has expired" in told and "Traceback" not in told


def test_a_wrong_client_says_so(
    run: Run, configured: Callable[..., Path], zoho: FakeZoho, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(token=False)
    monkeypatch.setenv("ZOHO_CLIENT_ID", "1000.SOMEBODYELSE")

    assert "not known at this data centre" in run("zoho", "connect", "--code", zoho.tokens.grant(), code=1).output


def test_a_scope_that_was_not_granted_is_named(run: Run, configured: Callable[..., Path], zoho: FakeZoho) -> None:
    configured(token=False)
    fewer = EVERYTHING.replace("ZohoCRM.coql.READ,", "")

    told = run("zoho", "connect", "--code", zoho.tokens.grant(fewer), code=1).output

    assert "Not granted: ZohoCRM.coql.READ" in told and "all scopes" in told


def test_the_doctor_is_content_or_says_what_is_wrong(run: Run, configured: Callable[..., Path], zoho: FakeZoho) -> None:
    configured()
    well = run("zoho", "doctor").output
    assert well.splitlines()[-1].startswith("0 errors, ")
    assert run("zoho", "doctor", "--all").output.count("fine     ") > 5

    zoho.admin.rename_field("Contacts", "Email", "Mail_Address")
    worse = run("zoho", "doctor").output
    assert "contacts: the field Email" in worse and "`email: Mail_Address` in crm.zoho.fields.contacts" in worse

    zoho.admin.rename_field("Contacts", "Last_Name", "Family_Name")
    ill = run("zoho", "doctor", code=1).output
    assert "error    field_missing: contacts: the field Last_Name" in ill
    assert ill.splitlines()[-1].startswith("1 errors, ")


@pytest.mark.parametrize(
    ("trouble", "told"),
    [("revoked", "Run `python app.py zoho connect`"), ("outage", "Zoho does not answer"), ("none", "no refresh token")],
)
def test_the_doctor_when_nobody_can_be_asked(
    run: Run, configured: Callable[..., Path], zoho: FakeZoho, trouble: str, told: str
) -> None:
    configured(token=trouble != "none")
    zoho.faults.outage = trouble == "outage"
    if trouble == "revoked":
        zoho.tokens.revoke()

    assert told in run("zoho", "doctor", code=1).output
    assert "Traceback" not in run("zoho", "status").output


def test_the_mirror_is_filled_and_filled_again(run: Run, configured: Callable[..., Path], zoho: FakeZoho) -> None:
    configured()
    assert "never read" in run("zoho", "status").output

    assert "2 records were read." in run("zoho", "fill").output
    assert "0 records were read." in run("zoho", "fill").output
    zoho.advance(61)  # only so many bulk results may be fetched in a minute
    assert "2 records were read." in run("zoho", "fill", "--again").output

    assert "never read" not in run("zoho", "status").output


def test_a_fill_without_zoho_ends_with_what_to_do(run: Run, configured: Callable[..., Path], zoho: FakeZoho) -> None:
    configured()
    zoho.faults.outage = True

    assert "Zoho does not answer" in run("zoho", "fill", code=1).output


def test_a_module_that_may_not_be_read_is_named_and_the_others_are_filled(
    run: Run, configured: Callable[..., Path], zoho: FakeZoho
) -> None:
    configured()
    zoho.tokens.set_scopes(EVERYTHING.replace("ZohoCRM.modules.ALL", "ZohoCRM.modules.contacts.ALL"))

    told = run("zoho", "fill", code=1).output

    assert "1 records were read." in told and "leads could not be read: missing_scope: The token lacks a scope" in told


def test_both_sides_are_made_alike_once(
    run: Run, configured: Callable[..., Path], zoho: FakeZoho, tmp_path: Path
) -> None:
    configured()
    run("zoho", "fill")
    zoho.advance(2)
    zoho.store.put("Contacts", {"Last_Name": "Abe"})
    house = build_house(settings_here())
    try:
        found = house.crm.find_contact(email="mori@kita.example")
        assert found is not None
        house.crm.update_record("contacts", found.id, {"title": "Head of IT"})

        told = run("zoho", "sync").output

        assert "sent: 1" in told and "records that became different: 1" in told
        assert "outbox: 0 waiting, 0 being sent, 0 stuck" in told
        assert [one.get("Title") for one in zoho.store.all("Contacts")] == ["Head of IT", None]
        assert house.zoho is not None and house.zoho.mirror.freshness().filled
    finally:
        close(house)


def settings_here() -> Settings:
    from motenashi.cli import settings_now

    return settings_now()


@pytest.mark.parametrize("command", ["doctor", "fill", "sync", "status"])
def test_with_the_embedded_crm_there_is_nothing_to_do(
    run: Run, configured: Callable[..., Path], zoho: FakeZoho, command: str
) -> None:
    configured("embedded")

    told = run("zoho", command, code=1).output

    assert "crm.backend is not zoho" in told and "docs/zoho.md" in told
    assert zoho.calls_log == []


def test_as_a_person_types_it(configured: Callable[..., Path]) -> None:
    configured()
    command = [sys.executable, "app.py", "zoho", "status"]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("connected\n") and "Traceback" not in done.stderr
