"""`python app.py zoho …`: troubles go by their names, and what a command cost is counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from app import build_house, create_app
from crm_client.records import Lead
from crm_client.zoho.api.scopes import SCOPES
from crm_client.zoho.troubles import WHAT_TO_DO
from motenashi import cli
from motenashi.house import House
from motenashi.settings import load_settings
from motenashi.storage.open_database import open_database
from tests.fake_zoho.fixtures import FakeZoho, fake_zoho
from tests.migrated import migrate
from tests.walks.real_house import close

__all__ = ["fake_zoho"]


class Desk:
    """A machine where `crm.backend` is zoho; `environment` is the shell's."""

    def __init__(self, zoho: FakeZoho, folder: Path) -> None:
        self.zoho = zoho
        self.folder = folder
        self.houses: list[House] = []
        self._config = folder / "config.yaml"
        self.limits()
        self.environment: dict[str, str | None] = {
            "MOTENASHI_CONFIG": str(self._config),
            "MOTENASHI_DATA": str(folder / "data"),
            "DATABASE_URL": None,
            "ZOHO_CLIENT_ID": zoho.client_id,
            "ZOHO_CLIENT_SECRET": zoho.client_secret,
            "ZOHO_REFRESH_TOKEN": None,
        }

    def limits(self, **limits: int) -> None:
        settings = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))
        zoho = {"data_centre": "jp", "fake_url": self.zoho.url, "limits": limits}
        settings["crm"] = {"backend": "zoho", "zoho": zoho}
        self._config.write_text(yaml.safe_dump(settings), encoding="utf-8")

    def types(self, *words: str, code: int = 0) -> str:
        """What is printed, errors with it."""
        builders = cli.Builders(self._house, create_app)
        done: Result = CliRunner().invoke(cli.commands, ["zoho", *words], obj=builders, env=self.environment)
        assert done.exit_code == code, done.output
        return done.output

    def connects(self) -> str:
        return self.types("connect", "--code", self.zoho.tokens.grant())

    def credits_left(self) -> int:
        return int(self.types("status").partition("credits left today: ")[2].partition(" of")[0])

    def _house(self, *given: Any, **named: Any) -> House:
        self.houses.append(build_house(*given, **named))
        return self.houses[-1]


@pytest.fixture
def desk(fake_zoho: FakeZoho, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(fake_zoho, tmp_path)
    yield desk
    for house in desk.houses:
        close(house)


def named(trouble: str) -> str:
    return f"{trouble}: {WHAT_TO_DO[trouble]}"


def test_before_connecting(desk: Desk) -> None:
    for command, code in (("status", 0), ("doctor", 1)):
        assert named("not_connected") in desk.types(command, code=code)


def test_a_scope_that_was_not_granted(desk: Desk) -> None:
    lacking = ",".join(one for one in SCOPES if ".deals." not in one)

    assert "ZohoCRM.modules.deals.ALL" in desk.types("connect", "--code", desk.zoho.tokens.grant(lacking), code=1)
    assert "missing_scope: " in desk.types("doctor", code=1)


def test_a_code_that_is_refused(desk: Desk) -> None:
    assert named("wrong_grant_code") in desk.types("connect", "--code", "1000.of.yesterday", code=1)


def test_whoever_connects_while_the_environment_has_a_token_is_told_that_it_goes_first(desk: Desk) -> None:
    """A revoked token in the environment is not mended by connecting."""
    desk.environment["ZOHO_REFRESH_TOKEN"] = "1000.revoked.refresh"

    told = desk.types("connect", "--code", desk.zoho.tokens.grant(), code=1)

    assert "ZOHO_REFRESH_TOKEN" in told and "take it out" in told


def test_what_a_command_cost_is_counted(desk: Desk) -> None:
    desk.connects()
    desk.types("fill")
    used, before = desk.zoho.limits.used, desk.credits_left()
    desk.types("sync")

    assert desk.zoho.limits.used > used
    assert before - desk.credits_left() == desk.zoho.limits.used - used


def test_sync_says_in_plain_words_what_went_and_what_could_not_be_read(desk: Desk) -> None:
    desk.connects()
    desk.types("fill")
    desk.houses[-1].crm.save_lead(Lead("", "Mori", "Kita", email="mori@kita.example"), key="mori")

    told = desk.types("sync")
    assert "sent: 1\n" in told and "(" not in told

    desk.zoho.faults.next("/Deals$", status=403, code="NO_PERMISSION", times=9)
    assert f"deals could not be read: {named('no_permission')}" in desk.types("sync", code=1)


def test_sync_while_zoho_is_away(desk: Desk) -> None:
    desk.connects()
    desk.types("fill")
    desk.zoho.faults.outage = True

    assert named("outage") in desk.types("sync", code=1)


def test_few_credits(desk: Desk) -> None:
    desk.connects()
    desk.types("fill")
    desk.limits(credits_a_day=20)

    assert named("credits_low") in desk.types("status")


def test_whoever_starts_the_server_is_told_of_the_page(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    settings = load_settings(str(desk.environment["MOTENASHI_CONFIG"]), {"MOTENASHI_DATA": str(desk.folder / "data")})
    migrate(open_database(settings.database))

    cli.announce(settings, 1.0)
    told = capsys.readouterr().out
    cli.announce(replace(settings, crm=replace(settings.crm, backend="embedded")), 1.0)

    assert "/crm " in told
    assert "/crm " not in capsys.readouterr().out
