"""Bulk actions and the way out of their mail in a real browser: the whole way by mouse and key, and how it looks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from motenashi.bulk_actions.content import TaskContent, UpdateContent
from motenashi.bulk_actions.settings import BulkSettings
from motenashi.bulk_actions.stop_links import StopLinks
from motenashi.bulk_actions.words import Job
from motenashi.database import Database
from motenashi.identity.roles import Role
from tests.browser.conftest import accessibility_problems
from tests.bulk_actions.bulk_world import ADDRESS, BOSS, HELLO, KEY, BulkWorld
from tests.pages.bulk.bulk_pages import BulkPages, add_bulk_pages
from tests.pages.conftest import PASSWORD, House, build_house, house

__all__ = ["build_house", "house"]  # fixtures
pytestmark = pytest.mark.browser

STOP = f"/unsubscribe/{StopLinks([KEY], ADDRESS).token('ann@example.com')}"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 3


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def pages(house: House, sqlite_database: Database) -> BulkPages:
    pages = add_bulk_pages(house, sqlite_database, BulkSettings(mails_per_minute=6_000, type_number_over=5))
    for number in range(1, 8):
        pages.world.contact(number)
    pages.world.contact(8, email="")
    pages.world.contact(9, language="ja", last_name="森", first_name=LONG, email="mori@example.com")
    return pages


@pytest.fixture
def address(pages: BulkPages) -> Iterator[str]:
    with served(pages.house.app) as address:
        yield address


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complains about; a violated policy is an error there."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def log_in(page: Page, address: str, language: str = "en") -> None:
    page.goto(f"{address}/login?lang={language}")
    page.fill("#email", f"{Role.SUPERVISOR}@example.com")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")


def gallery(world: BulkWorld) -> list[str]:
    """A page in every state."""
    desk, now = world.room.desk, world.now

    def path(job: Job) -> str:
        return f"/bulk/{job.id}"

    preview = world.plan()
    update = world.plan(UpdateContent({"title": "VIP " + LONG}))
    due = now.date().replace(month=12)
    task = world.plan(TaskContent("Call {{ contact.first_name }}", "Ask about {{ account.name | default('it') }}", due))
    paused = world.confirm(world.plan(), "8")
    desk.pause(paused, by=BOSS.email, now=now)
    undone = world.run(world.confirm(world.plan(UpdateContent({"title": "VIP"})), "9"))
    desk.undo(undone, by=BOSS.email, now=now)
    world.round()
    done = world.run(world.confirm(world.plan(), "8"))
    cancelled = world.plan()
    desk.cancel(cancelled, by=BOSS.email, now=now)
    # From here on no worker comes by: these stay as they are.
    running = world.confirm(world.plan(replace(HELLO, best_time_days=5)), "8")
    planning = desk.plan(BOSS, "contacts", "{}", HELLO, now)
    with world.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE bulk_jobs SET state = 'planning' WHERE id = {planning}")
        connection.exec_driver_sql(f"UPDATE bulk_rows SET state = 'new' WHERE job_id = {planning} AND number > 4")
    new = "/bulk/new?module=contacts&filter=%7B%7D"
    return [
        "/bulk",
        new,
        *(f"{new}&action={action}" for action in ("mail", "update", "task")),
        "/bulk/new?module=accounts&action=mail",
        *(path(job) for job in (preview, update, task, running, paused, undone, done, cancelled)),
        f"{path(preview)}?person=9",
        f"{path(preview)}?show=left_out&why=no_address",
        f"/bulk/{planning}",
        f"{path(preview)}/edit",
        STOP,
        f"{STOP}?again=1",
        "/unsubscribe/nothing",
    ]


def test_from_writing_to_everybody_has_it(page: Page, pages: BulkPages, address: str, complaints: list[str]) -> None:
    log_in(page, address)
    page.goto(f"{address}/bulk/new?module=contacts&filter={quote('{}')}")
    page.get_by_role("link", name="Mass mail").click()
    english = page.get_by_role("group", name="English")
    english.get_by_label("Subject").fill("News")
    english.get_by_label("Text").fill("Dear ")
    english.get_by_text("Fields to put in").click()
    english.get_by_role("button", name="contact.first_name").click()
    expect(english.get_by_label("Text")).to_have_value("Dear {{ contact.first_name }}")
    page.get_by_role("button", name="See who and what").click()

    expect(page.get_by_role("heading", name="As it will be for Ann1 Mori1")).to_be_visible()
    expect(page.get_by_role("region", name="Text")).to_contain_text("Dear Ann1")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("region", name="Text")).to_contain_text("Dear Ann2")
    expect(page.locator(".numbers")).to_contain_text("no e-mail address")
    page.get_by_label("type the number 8").fill("8")
    page.get_by_role("button", name="Send to 8 people now").click()

    expect(page.get_by_role("heading", name="It is under way")).to_be_visible()
    pages.work()
    expect(page.get_by_role("heading", name="It is done")).to_be_visible(timeout=15_000)  # by itself
    expect(page.locator(".tile-done")).to_contain_text("8")
    expect(page.get_by_role("row", name="Ann3 Mori3")).to_contain_text("sent")
    page.get_by_text("Who did what").click()
    expect(page.locator(".audit")).to_contain_text("confirmed (8)")
    assert complaints == []


def test_a_mistake_is_shown_where_it_is(page: Page, pages: BulkPages, address: str) -> None:
    log_in(page, address, "ja")
    page.goto(f"{address}/bulk/new?module=contacts&action=mail")
    japanese = page.get_by_role("group", name="日本語")
    japanese.get_by_label("件名").fill("ご案内")
    japanese.get_by_label("本文").fill("一行目\n{{ contact.lst_name }}様")
    page.locator("form.write button[type=submit]").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("「contact.lst_name」という項目はありません。")
    page.get_by_role("alert").get_by_role("link").click()
    expect(japanese.get_by_label("本文")).to_have_attribute("aria-invalid", "true")
    expect(japanese.get_by_label("本文")).to_have_value("一行目\n{{ contact.lst_name }}様")


def test_new_values_by_key_alone(page: Page, pages: BulkPages, address: str) -> None:
    log_in(page, address)
    page.goto(f"{address}/bulk/new?module=contacts&action=update")
    page.get_by_label("New value: Job title").focus()
    page.keyboard.type("VIP")
    expect(page.get_by_label("Job title", exact=True)).to_be_checked()
    page.keyboard.press("Enter")

    expect(page.locator("ins").first).to_have_text("VIP")
    expect(page.locator("del").first).to_have_text("Buyer")
    page.get_by_label("type the number 9").fill("9")
    with page.expect_navigation():  # otherwise looking again cuts off what was just sent
        page.keyboard.press("Enter")
    pages.work()
    page.reload()
    with page.expect_navigation():
        page.get_by_role("button", name="Undo").click()
    pages.work()
    expect(page.get_by_text("undone 9")).to_be_visible(timeout=15_000)


def test_mail_is_stopped_by_a_click_without_a_login(page: Page, pages: BulkPages, address: str) -> None:
    page.goto(f"{address}{STOP}?lang=en")
    page.get_by_role("button", name="Stop these mails").click()
    expect(page.get_by_role("heading", name="You will get no more of these mails")).to_be_visible()
    assert pages.world.room.refusals.refused("ann@example.com")
    page.get_by_role("button", name="That was a mistake").click()
    expect(page.get_by_role("heading", name="You will get our mails again")).to_be_visible()
    assert not pages.world.room.refusals.refused("ann@example.com")


@pytest.mark.parametrize(("language", "width"), [("en", 320), ("ja", 768)])
def test_nothing_is_wider_than_the_screen(
    page: Page, pages: BulkPages, address: str, complaints: list[str], language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    log_in(page, address, language)
    too_wide = []
    for path in gallery(pages.world):
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = !one.matches('.menu'))")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)

    assert too_wide == []
    assert [text for text in complaints if "404" not in text] == []


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ja", "dark")])
def test_axe_finds_nothing_wrong(page: Page, pages: BulkPages, address: str, language: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    log_in(page, address, language)
    found = []
    for path in gallery(pages.world):
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(one => { one.open = true; })")
        page.evaluate("scrollTo(0, 0)")
        found += [f"{path} {problem}" for problem in accessibility_problems(page)]

    assert found == [], "\n".join(found)
