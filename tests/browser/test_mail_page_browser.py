"""The page /mail in a real browser: a mail is pasted, dropped, understood, corrected; readable for everybody.

The store, the second walk and the page are the real ones; texts are read by the walk's small reader.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from motenashi.identity.roles import Role
from tests.browser.conftest import accessibility_problems
from tests.pages.conftest import NOW, PASSWORD, House, build_house, house
from tests.pages.mail.mail_room import MailPage, build_mail_room

__all__ = ["build_house", "house"]  # fixtures
pytestmark = pytest.mark.browser

ENGLISH = (
    "Hello,\n\nwe would like a demo of the AeroBook next Tuesday or Wednesday afternoon, and a quote by 4 December. "
    "KestrelBook has been here already.\n\n--\nAnna Weber\n+49 30 901820\n"
)
JAPANESE = (
    "お世話になっております。\n来週火曜の15時以降でエアロブック14のデモをお願いできますか。\n"
    "お見積もりは11月27日までにお願いします。\n"
)
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 5
MANY_DATES = "a demo on " + ", ".join(
    f"{day} {month} 2027" for month in ("May", "June", "July") for day in range(1, 11)
)


@dataclass
class Room:
    """The page at an address, and mails of every kind in its store: `mails` holds their ids by what they are."""

    address: str
    page: MailPage
    mails: dict[str, int]


@pytest.fixture
def room(house: House, sqlite_database: Any) -> Iterator[Room]:
    page = build_mail_room(house, sqlite_database)
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Room(f"http://127.0.0.1:{server.server_port}", page, {})
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def full_room(room: Room) -> Room:
    page = room.page
    room.mails["english"] = page.came_in(ENGLISH, "AeroBook 14")
    room.mails["japanese"] = page.came_in(JAPANESE, "エアロブック14のデモとお見積もりの件")
    room.mails["long word"] = page.came_in(f"{LONG_WORD} demo https://example.com/{'a' * 400}", LONG_WORD)
    room.mails["many dates"] = page.came_in(MANY_DATES, "Dates")
    room.mails["empty"] = page.came_in("", "")
    for name, raw in (("set aside", b"Subject: broken\n\nHello"), ("waiting", b"Subject: new\n\nHello"),
                      ("skipped", b"Subject: returned\n\nHello")):  # fmt: skip
        room.mails[name] = page.mails.keep(raw, source="http", received_at=NOW).id
    page.mails.set_aside(room.mails["set aside"], "This mail could not be read. It is kept as it came.", "ValueError")
    page.mails.skip(room.mails["skipped"], "bounce")
    return room


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complains about; a violated policy is an error there."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def log_in(page: Page, address: str, language: str = "en") -> None:
    page.goto(f"{address}/login?lang={language}")
    page.fill("#email", f"{Role.REPRESENTATIVE}@example.com")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")


def test_a_pasted_mail_is_understood_and_corrected(page: Page, room: Room, complaints: list[str]) -> None:
    log_in(page, room.address)
    page.goto(f"{room.address}/mail")
    expect(page.get_by_role("heading", name="No mail yet")).to_be_visible()

    page.get_by_label("The mail: its text").fill(ENGLISH)
    page.get_by_role("button", name="Read it").click()

    paper = page.get_by_role("article", name="Newest part")
    expect(paper.locator("mark.m-product")).to_have_text("AeroBook")
    expect(paper.locator("mark.m-date.r-proposed").first).to_contain_text("Tuesday")
    expect(paper.locator("mark.m-date.r-deadline")).to_contain_text("4 December")
    expect(paper).not_to_contain_text("Anna Weber")
    page.get_by_text("Signature").click()
    expect(page.get_by_text("Anna Weber")).to_be_visible()

    page.get_by_text("Correct this").click()
    page.get_by_role("checkbox", name="Asks for a discount").check()
    page.get_by_role("radio", name="Unhappy").check()
    page.get_by_role("button", name="Keep this correction").click()

    expect(page.get_by_text("The next training learns from it.")).to_be_visible()
    expect(page.get_by_text("Corrected to:")).to_contain_text("Asks for a discount, Asks for a quote · Unhappy")
    (row,) = room.page.corrections.training_rows()
    assert "discount_request" in row["intents"]
    assert complaints == []


def test_a_mail_dropped_anywhere_on_the_page_is_read(page: Page, room: Room, complaints: list[str]) -> None:
    source = "From: 森 <mori@example.com>\nMessage-ID: <1@example.com>\nSubject: demo\n"
    source += f"Content-Type: text/plain; charset=iso-2022-jp\n\n{JAPANESE}"
    log_in(page, room.address, "ja")
    page.goto(f"{room.address}/mail")
    data = page.evaluate_handle(
        """bytes => { const drop = new DataTransfer();
        drop.items.add(new File([Uint8Array.from(atob(bytes), c => c.charCodeAt(0))], "mail.eml"));
        return drop; }""",
        base64.b64encode(source.encode("iso-2022-jp")).decode("ascii"),
    )

    page.dispatch_event("h1", "dragover", {"dataTransfer": data})
    expect(page.locator("form.dropping")).to_be_visible()
    page.dispatch_event("h1", "drop", {"dataTransfer": data})

    page.wait_for_url("**/mail/1")
    paper = page.get_by_role("article", name="今回の本文")
    expect(paper.locator("mark.m-product")).to_have_text("エアロブック14")
    expect(paper.locator("mark.m-date").first).to_contain_text("来週火曜の15時以降")
    assert complaints == []


def test_the_list_is_filtered_searched_and_left(page: Page, full_room: Room, complaints: list[str]) -> None:
    log_in(page, full_room.address)
    page.goto(f"{full_room.address}/mail")
    expect(page.locator(".mail")).to_have_count(len(full_room.mails))

    page.get_by_role("link", name="Set aside 1").click()
    expect(page.locator(".mail")).to_have_count(1)
    expect(page.locator(".mail")).to_contain_text("This mail could not be read.")

    page.get_by_role("link", name="All").click()
    page.get_by_role("searchbox").fill("エアロブック")
    page.keyboard.press("Enter")
    expect(page.locator(".mail")).to_have_count(1)
    page.locator(".mail").click()
    expect(page.get_by_role("heading", name="Next step")).to_be_visible()
    assert complaints == []


def test_a_mail_that_was_not_read_shows_its_text_and_why(page: Page, full_room: Room) -> None:
    log_in(page, full_room.address, "ja")
    for name, why in (
        ("set aside", "このメールを読み取れませんでした"),
        ("skipped", "配信できなかった"),
        ("waiting", "待っています"),
    ):
        page.goto(f"{full_room.address}/mail/{full_room.mails[name]}")
        expect(page.get_by_text(why)).to_be_visible()
        expect(page.get_by_role("article", name="今回の本文")).to_have_text("Hello")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_is_wider_than_the_smallest_phone(
    page: Page, full_room: Room, complaints: list[str], language: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    log_in(page, full_room.address, language)
    too_wide = []
    for path in ("/mail", *(f"/mail/{mail_id}" for mail_id in full_room.mails.values())):
        page.goto(full_room.address + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = !one.matches('.menu'))")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)

    assert too_wide == []
    assert complaints == []


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ja", "dark")])
def test_axe_finds_nothing_wrong(page: Page, full_room: Room, language: str, scheme: Any) -> None:
    full_room.page.reader_answers = False  # the notice, too
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    log_in(page, full_room.address, language)
    found = []
    for path in ("/mail", "/mail?q=nothing", *(f"/mail/{mail_id}" for mail_id in full_room.mails.values())):
        page.goto(full_room.address + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = !one.matches('.menu'))")
        page.evaluate("scrollTo(0, 0)")
        found += [f"{path} {problem}" for problem in accessibility_problems(page)]

    assert found == [], "\n".join(found)
