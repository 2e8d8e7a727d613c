"""The command line as a person types it, in a process of its own, on a database of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.walks.real_house import HARUKA, ROOT, company_file, write_flows

BROKEN_FLOW = """flow: storefront
title: {en: A, ja: あ}
trigger: {channel: [website]}
steps:
  a:
    sya: {en: A, ja: あ}
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A fresh machine: nothing but a folder for data."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MOTENASHI", "DATABASE", "REDIS"))
    }
    return {**kept, "MOTENASHI_DATA": str(tmp_path / "data"), "COLUMNS": "200", "NO_COLOR": "1"}


def app(
    environment: dict[str, str], *words: str, says: str = "", fails: bool = False, **more: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "app.py", *words],
        cwd=ROOT,
        env=environment | more,
        input=says,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert (done.returncode != 0) is fails, f"{words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_it_says_what_there_is(environment: dict[str, str]) -> None:
    told = app(environment, "--help").stdout

    for command in ("run", "check", "talk", "coverage", "outbox", "user", "key", "demo", "migrate"):
        assert f"  {command} " in told, told


def test_tables_are_made_once(environment: dict[str, str]) -> None:
    assert "brought up to date" in app(environment, "migrate").stdout
    assert "were up to date" in app(environment, "migrate").stdout


def test_the_shops_flows_are_right(environment: dict[str, str]) -> None:
    assert "nothing wrong" in app(environment, "check").stdout


def test_every_mistake_in_the_flows_is_told_by_line(environment: dict[str, str], tmp_path: Path) -> None:
    folder = write_flows(tmp_path / "flows", storefront=BROKEN_FLOW, other="flow: other\nsteps: []\n")
    config = tmp_path / "config.yaml"
    config.write_text(f"flows: {{folder: {folder}}}\n", encoding="utf-8")

    told = app(environment, "check", fails=True, MOTENASHI_CONFIG=str(config))

    assert "flows/storefront.yaml:6" in told.stdout and "flows/other.yaml:" in told.stdout, told.stdout
    assert "The flows now answering were not changed." in told.stdout


def test_mistakes_in_the_settings_are_told_without_a_trace(environment: dict[str, str], tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("turns:\n  time_zon: x\nchanels: {}\n", encoding="utf-8")

    told = app(environment, "migrate", fails=True, MOTENASHI_CONFIG=str(config)).stderr

    assert "config.yaml:2:" in told and "config.yaml:3:" in told and "Did you mean 'time_zone'?" in told


def test_production_does_not_start_without_its_key(environment: dict[str, str]) -> None:
    told = app(environment, "outbox", fails=True, MOTENASHI_ENVIRONMENT="production").stderr

    assert "MOTENASHI_SECRET_KEY" in told


def test_a_port_that_is_taken_or_none_at_all_is_told_before_anything_is_announced(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = app(environment, "run", fails=True, PORT=port, BIND="127.0.0.1")

    assert f"Port {port} of 127.0.0.1 can't be used" in told.stderr and "is at" not in told.stdout
    assert "from 1 to 65535" in app(environment, "run", fails=True, PORT="99999").stderr


def test_a_talk_in_the_terminal_shows_the_code_in_the_outbox(environment: dict[str, str], tmp_path: Path) -> None:
    url = f"sqlite:///{company_file(tmp_path)}"

    told = app(environment, "talk", "--as", HARUKA, says="Show past orders\n", DATABASE_URL=url).stdout
    outbox = app(environment, "outbox", DATABASE_URL=url).stdout
    japanese = app(environment, "talk", "--as", HARUKA, "--lang", "ja", says="", DATABASE_URL=url).stdout

    assert "six-digit code" in told and HARUKA in outbox
    assert "過去の注文を表示" in japanese


def test_staff_and_keys_are_added_listed_and_taken_away(environment: dict[str, str]) -> None:
    added = app(environment, "user", "add", "ann@example.com", "--role", "administrator").stdout
    assert "Password: " in added
    assert "ann@example.com  administrator" in app(environment, "user", "list").stdout
    app(environment, "user", "off", "ann@example.com")
    assert "(switched off)" in app(environment, "user", "list").stdout

    key = app(environment, "key", "add", "tool", "--scope", "plugs").stdout.strip()
    listed = app(environment, "key", "list").stdout
    prefix = listed.split()[0]
    assert key not in listed and key.startswith(f"mtn_{prefix}_")
    assert "Revoked." in app(environment, "key", "revoke", prefix).stdout
    assert "no such key" in app(environment, "key", "revoke", "nothing", fails=True).stdout


def test_a_weak_password_is_refused_with_the_reason(environment: dict[str, str]) -> None:
    words = ("user", "add", "ann@example.com", "--role", "administrator", "--password", "short")

    assert "12" in app(environment, *words, fails=True).stderr
