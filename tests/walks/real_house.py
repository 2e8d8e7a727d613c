"""The real house for tests: app.py's own parts on a database of the test, with a small company in its CRM.

A company that is made once per process and copied for each test (SQLite), or made anew (PostgreSQL). `Server` is the
same house behind real gunicorn workers.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from app import build_house
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.records import Contact, Deal, DealProduct, Lead, Owner, Product
from motenashi.database import Database
from motenashi.house import House
from motenashi.settings import Settings, load_settings
from motenashi.storage.open_database import open_database
from tests.migrated import migrate
from tests.salesiq_simulator import public_key_pem

ROOT = Path(__file__).parents[2]
HARUKA, YUKI, TOM = "haruka.mori@example.com", "yuki.abe@example.com", "tom.becker@example.com"
NEW_CONTACT, NOBODY = "new.contact@example.com", "nobody@example.com"

# What only Haruka, and only Yuki, may see.
HARUKAS_ORDERS, HARUKAS_WISH, YUKIS_ORDER = ("Notebook 14", "Mouse S"), "Server R2", "Desk Dock"

# For tests where the kind of database can matter; the others run on SQLite alone.
on_both_databases = pytest.mark.parametrize(
    "company_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)

# For walks that mean the CRM: the same house with its own CRM, and with Zoho's (tests/walks/zoho_house.py).
on_both_backends = pytest.mark.parametrize("backend", ["embedded", "zoho"], indirect=True)


def settings_for(url: str, folder: Path, *, flows: Path | None = None, **sections: Any) -> Settings:
    """The repository's config.yaml for a test: its own database and data folder, the simulator's key, no waiting.

    `sections` replace fields: salesiq={"budget_seconds": 0.2}, turns={...}, web_calls={...}, widget={...}.
    """
    settings = load_settings(str(ROOT / "config.yaml"), {})
    salesiq = {"public_keys": (public_key_pem(),), "public_url": "https://shop.example.com"}
    channels = dataclasses.replace(
        settings.channels,
        salesiq=dataclasses.replace(settings.channels.salesiq, **(salesiq | sections.pop("salesiq", {}))),
        widget=dataclasses.replace(settings.channels.widget, **sections.pop("widget", {})),
    )
    # Nobody types faster than a test; so here the same words again are a new message unless a test says otherwise.
    turns = dataclasses.replace(settings.turns, **({"retry_window": 0.0} | sections.pop("turns", {})))
    changed = {name: dataclasses.replace(getattr(settings, name), **fields) for name, fields in sections.items()}
    return dataclasses.replace(
        settings,
        database_url=url,
        data_folder=str(folder / "data"),
        channels=channels,
        turns=turns,
        flows=dataclasses.replace(settings.flows, folder=str(flows or ROOT / "flows")),
        faq=dataclasses.replace(settings.faq, folder=str(ROOT / settings.faq.folder)),
        **changed,
    )


def make_company(database: Database) -> None:
    """A customer with orders and one with others, a prospect, a customer without deals, five products."""
    crm = EmbeddedCrm(database)
    for name in ("Sato", "Suzuki"):
        crm.save_owner(Owner("", name, f"{name.lower()}@minamo.example"))
    names = ("Notebook 14", "Mouse S", "Server R2", "Desk Dock", "Router X")
    products = {name: crm.save_product(_product(number, name)) for number, name in enumerate(names, start=1)}
    people = {
        email: crm.save_contact(Contact("", last, first, email, language="en"))
        for first, last, email in (("Haruka", "Mori", HARUKA), ("Yuki", "Abe", YUKI), ("Nia", "New", NEW_CONTACT))
    }
    crm.save_lead(Lead("", "Becker", "Becker AG", "Tom", TOM))
    for email, stage, wanted in (
        (HARUKA, "won", HARUKAS_ORDERS[0]),
        (HARUKA, "won", HARUKAS_ORDERS[1]),
        (HARUKA, "open", HARUKAS_WISH),
        (YUKI, "won", YUKIS_ORDER),
    ):
        _deal(crm, people[email], stage, products[wanted])


def _product(number: int, name: str) -> Product:
    names = {"name_en": name, "name_ja": f"{name}（日本語）"}
    image = f"/static/products/p-{number}.svg"
    return Product("", f"P-{number}", category="computers", unit_price=10_000 * number, image=image, **names)


def _deal(crm: EmbeddedCrm, contact: Contact, outcome: str, product: Product) -> None:
    at = datetime.now(UTC) - timedelta(days=30)
    stages = {stage.outcome.value: stage.name for stage in reversed(crm.stages())}
    deal = Deal("", f"{product.name_en} deal", stages["open"], contact_id=contact.id, created_at=at)
    stored = crm.save_deal(deal, [DealProduct("", product.id, 1, product.unit_price)], at=at)
    if outcome != "open":
        crm.save_deal(dataclasses.replace(stored, stage=stages[outcome]), at=at + timedelta(days=5))


def company_file(folder: Path) -> Path:
    """A SQLite file with the company in it, closed and ready to be copied."""
    file = folder / "company.db"
    database = open_database(f"sqlite:///{file}")
    migrate(database)
    make_company(database)
    database.engine.dispose()  # the last one to leave empties the write-ahead log into the file
    return file


def filled(url: str, template: Path) -> None:
    """The company in the database of that URL."""
    if url.startswith("sqlite:///"):
        shutil.copyfile(template, url.removeprefix("sqlite:///"))
        return
    database = open_database(url)
    migrate(database)
    make_company(database)
    database.engine.dispose()


def write_flows(folder: Path, **files: str) -> Path:
    """A folder with these flow files (name without .yaml -> text)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@contextmanager
def open_house(settings: Settings) -> Iterator[House]:
    """The parts, on a database brought up to date; closed afterwards."""
    database = open_database(settings.database)
    migrate(database)
    database.engine.dispose()
    house = build_house(settings)
    try:
        yield house
    finally:
        close(house)


def close(house: House) -> None:
    house.late.close()
    house.plugs.close()
    if house.zoho is not None:
        house.zoho.close()
    house.database.engine.dispose()


class Server:
    """gunicorn with this house, in processes of their own. `url` is where it listens; `stop` ends all of it."""

    def __init__(self, folder: Path, config: Mapping[str, Any], *, url: str, workers: int = 2, **env: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / "server.log"
        file = folder / "config.yaml"
        # JSON is YAML, too, and has no tuples.
        file.write_text(json.dumps(config, ensure_ascii=False), encoding="utf-8")
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **os.environ,
            "MOTENASHI_CONFIG": str(file),
            "MOTENASHI_DATA": str(folder / "data"),
            "DATABASE_URL": url,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(workers),
            "WEB_THREADS": "16",
            "PYTHONPATH": str(ROOT),
            **env,
        }
        self.master: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py"), "--log-level", "info"]
        with self._log.open("ab") as log:
            self.master = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until_up()

    def wait_until_up(self, seconds: float = 60) -> None:
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            with suppress(requests.RequestException):
                if requests.get(f"{self.url}/healthz", timeout=5).status_code == 200:
                    return
            assert self.master is None or self.master.poll() is None, self.log
            time.sleep(0.05)
        raise AssertionError(f"the server did not come up:\n{self.log}")

    def workers(self) -> list[int]:
        """Process ids of the workers now alive."""
        assert self.master is not None
        listed = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def kill_master_and_workers(self) -> None:
        """As a power cut: nobody gets to say good-bye."""
        assert self.master is not None
        os.killpg(self.master.pid, signal.SIGKILL)
        self.master.wait(timeout=20)
        self.master = None

    def stop(self) -> None:
        if self.master is None or self.master.poll() is not None:
            return
        self.master.terminate()
        try:
            self.master.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill_master_and_workers()

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def server_config(**more: Any) -> dict[str, Any]:
    """config.yaml for a `Server`: the repository's, with the simulator's key. `more` is merged section by section."""
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    salesiq = config["channels"]["salesiq"]
    salesiq |= {"public_keys": [public_key_pem()], "public_url": "https://shop.example.com"}
    config["turns"] = {**config["turns"], "retry_window": 0.0}
    return _merged(config, more)


def _merged(low: dict[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    return low | {
        key: _merged(low[key], value) if isinstance(value, Mapping) and isinstance(low.get(key), dict) else value
        for key, value in high.items()
    }
