"""The page /crm in a real browser: fresh without a reload, giving up with a second thought, and how it looks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from werkzeug.serving import make_server

from crm_client.zoho import tables
from crm_client.zoho.mapping.findings import Finding
from motenashi.database import Database
from motenashi.identity.roles import Role
from motenashi.settings import CrmSettings
from tests.browser.conftest import accessibility_problems
from tests.pages.conftest import PASSWORD, House, build_house, house
from tests.pages.crm.crm_pages import CrmPages, fill_everything

__all__ = ["build_house", "house"]  # fixtures
pytestmark = pytest.mark.browser

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 3


@contextmanager
def served(house: House) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def pages(house: House, sqlite_database: Database) -> CrmPages:
    return CrmPages(house, sqlite_database)


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complains about; a violated policy is an error there."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def log_in(page: Page, address: str, language: str = "en") -> None:
    page.goto(f"{address}/login?lang={language}")
    page.fill("#email", f"{Role.ADMINISTRATOR}@example.com")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")


def on_a_bad_day(pages: CrmPages) -> None:
    """Everything that the page can show, at its longest."""
    fill_everything(pages)
    pages.waits("contacts", "c1", state="stuck", trouble="value_rejected", why=LONG, fields={"phone": LONG}, by=LONG)
    pages.conflict(ours=LONG, theirs="", field=LONG)
    pages.put(tables.zoho_sync, module="owners", trouble="outage", why=LONG, trouble_at=pages.ago(minutes=1))
    with pages.database.write() as connection:
        filling = {"filled_at": None, "job": "61", "rows_done": 4_000, "rows_expected": 12_000}
        connection.execute(update(tables.zoho_sync).where(tables.zoho_sync.c.module == "notes").values(**filling))
    pages.found(Finding("error", "field_missing", "contacts", LONG, LONG, "Run `python app.py zoho doctor`."))


def test_a_fill_is_seen_going_on_and_its_end_shows_by_itself(
    page: Page, pages: CrmPages, complaints: list[str]
) -> None:
    pages.connected()
    pages.put(tables.zoho_sync, module="contacts", job="61", rows_done=4_000, rows_expected=12_000)
    with served(pages.house) as address:
        log_in(page, address)
        page.goto(f"{address}/crm")
        page.evaluate("window.here = 'still'")
        contacts = page.get_by_role("row", name="Contacts")
        bar = contacts.get_by_role("progressbar")
        expect(bar).to_have_js_property("value", 4_000)

        _set(pages, rows_done=9_500)
        expect(bar).to_have_js_property("value", 9_500, timeout=15_000)
        expect(contacts).to_contain_text("9,500 / 12,000")
        assert page.evaluate("window.here") == "still"

        _set(pages, rows_done=12_000, job="", filled_at=pages.now, asked_at=pages.now)
        expect(bar).to_have_count(0, timeout=20_000)
        expect(contacts).to_contain_text("just now")
    assert complaints == []


def test_giving_up_asks_once_more_and_nobody_is_interrupted(page: Page, pages: CrmPages) -> None:
    fill_everything(pages)
    with served(pages.house) as address:
        log_in(page, address)
        page.goto(f"{address}/crm")
        row = page.get_by_role("listitem").filter(has_text="Lead_Source is required")
        row.get_by_text("Give up", exact=True).focus()
        page.keyboard.press("Enter")
        expect(row.get_by_text("The record stays here and does not get into Zoho")).to_be_visible()
        assert len(pages.outbox()) == 6

        pages.waits("contacts", "c1", state="stuck", trouble="record_locked")
        expect(page.get_by_text("Something has changed.")).to_be_visible(timeout=15_000)  # and no reload

        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Given up. What waits behind it goes on.")).to_be_visible()
    assert len(pages.outbox()) == 5  # the lead's two are gone, and one came


def test_the_server_away_is_said(page: Page, pages: CrmPages) -> None:
    with served(pages.house) as address:
        log_in(page, address)
        page.goto(f"{address}/crm")
        page.route("**/state.json", lambda route: route.abort())
        expect(page.get_by_text("This server does not answer at the moment")).to_be_visible(timeout=15_000)
        page.unroute("**/state.json")
        expect(page.get_by_text("This server does not answer at the moment")).to_be_hidden(timeout=15_000)


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 320), ("ja", "dark", 1280)])
@pytest.mark.parametrize("backend", ["zoho", "embedded"])
def test_axe_finds_nothing_wrong_and_nothing_is_wider_than_the_screen(
    page: Page,
    house: House,
    sqlite_database: Database,
    complaints: list[str],
    backend: str,
    language: str,
    scheme: Any,
    width: int,
) -> None:
    pages = CrmPages(house, sqlite_database, CrmSettings() if backend == "embedded" else None)
    on_a_bad_day(pages)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 720})
    with served(house) as address:
        log_in(page, address, language)
        page.goto(f"{address}/crm")
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(one => { one.open = true; })")

        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        problems = accessibility_problems(page)
    assert problems == [], "\n".join(problems)
    assert complaints == []


def _set(pages: CrmPages, **values: Any) -> None:
    with pages.database.write() as connection:
        connection.execute(update(tables.zoho_sync).values(**values))
