"""The staff's pages in a real browser: nothing is stopped by the policy, nothing is cut off, and keys are enough."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server

from motenashi.database import Database
from motenashi.outgoing_mail.mail import Mail
from motenashi.outgoing_mail.outgoing_mail import OutgoingMail
from motenashi.outgoing_mail.settings import OutgoingMailSettings
from tests.pages.conftest import PASSWORD
from tests.pages.test_flows_page import BROKEN, CONTACT

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = (
    "/login",
    "/staff",
    "/staff/password",
    "/flows",
    "/flows/contact",
    "/flows/lead",
    "/dev/outbox",
    "/dev/outbox/1",
)


@pytest.fixture
def address(house: Any, sqlite_database: Database) -> Iterator[str]:
    """The house at an address of its own, with two flows and a mail."""
    house.flows[:] = [CONTACT, BROKEN]
    outgoing = OutgoingMail(OutgoingMailSettings(), sqlite_database)
    outgoing.send(Mail("ann@example.com", "確認コード", "123456", "<p style='color:red'>123456</p>", "ja", "k"))
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complains about; a violated policy is an error there."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def log_in(page: Page, address: str, language: str = "en") -> None:
    page.goto(f"{address}/login?lang={language}")
    page.fill("#email", "administrator@example.com")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_fits_a_phone_and_breaks_no_rule_of_ours(
    page: Page, address: str, complaints: list[str], language: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, address, language)
    too_wide = []
    for path in PAGES:
        page.goto(address + path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)

    assert too_wide == []
    assert complaints == []


@pytest.mark.browser
def test_a_step_of_the_picture_opens_its_lines_by_click_and_by_key(page: Page, address: str) -> None:
    log_in(page, address)
    page.goto(f"{address}/flows/contact")
    assert page.locator("#step-menu").is_hidden()

    page.get_by_role("link", name="menu: Offers choices").click()
    assert page.locator("#step-menu pre").inner_text().startswith("menu:")
    page.get_by_role("link", name="orders: Looks up").focus()
    page.keyboard.press("Enter")
    page.locator("#step-orders").wait_for(state="visible")
    assert page.locator("#step-menu").is_hidden()


@pytest.mark.browser
def test_the_account_menu_opens_and_closes_by_key_and_logs_out(page: Page, address: str) -> None:
    log_in(page, address)
    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name="Log out").is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Log out").is_hidden()

    page.locator(".menu summary").click()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login")
    page.goto(f"{address}/staff")
    assert "/login?next=/staff" in page.url


@pytest.mark.browser
def test_a_mails_own_styles_show_and_its_scripts_do_not_run(page: Page, address: str) -> None:
    log_in(page, address)
    page.goto(f"{address}/dev/outbox/1")
    paragraph = page.frame_locator("iframe").locator("p")

    assert paragraph.evaluate("element => getComputedStyle(element).color") == "rgb(255, 0, 0)"
