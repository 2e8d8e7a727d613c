"""Records with their advice, today's list, results, settings and the embedded page in a real browser.

Walks go through the real desk, store and CRM; how every state looks is seen over the stand-in, which has them all.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from motenashi.database import Database
from motenashi.identity.embed_links import EmbedLinks
from motenashi.pages.advice.advice_view import AdviceView, ChannelTimes, Learning
from motenashi.pages.embed.embed_page import build_embed_page
from motenashi.pages.embed.settings import EmbedSettings
from motenashi.pages.records.record_view import RecordView
from motenashi.pages.today.today_view import Notice, Somebody, TodayView
from tests.advice_desk.desk_world import AYA
from tests.browser.conftest import accessibility_problems
from tests.pages.advice.advice_pages import add_advice_pages
from tests.pages.advice.plain_desk import (
    NOW,
    OWN_TIMES,
    PERSON,
    PRIOR,
    PlainDesk,
    best_times,
    deal_facts,
    mail_suggestion,
    next_slots,
    nothing_needed,
    person_facts,
    some_results,
    suggestion,
    times,
    today_rows,
)
from tests.pages.advice.real_desk import RealDesk, build_real_desk
from tests.pages.conftest import PASSWORD, House, build_house, house

__all__ = ["build_house", "house"]  # fixtures
pytestmark = pytest.mark.browser

LONG_NAME = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 4
ADVICE = AdviceView(suggestion(), PERSON, learned_from=1204, learned_at=NOW, times=times())
STATES = {
    "call": ADVICE,
    "mail": replace(ADVICE, suggestion=mail_suggestion(), times=times(own=OWN_TIMES, reminder_at=NOW)),
    "none": replace(ADVICE, suggestion=nothing_needed(), times=None),
    "prior": AdviceView(suggestion(effect=PRIOR, alternatives=()), PERSON),
    "computing": AdviceView(computing=True),
    "off": AdviceView(switched_off=True),
    "empty": AdviceView(times=times(channels=(ChannelTimes("call"), ChannelTimes("email")))),
    "no-preference": AdviceView(
        times=times(channels=(ChannelTimes("call", best_times(preference=False), next_slots()[1:]),))
    ),
}
PAGES = (
    *(f"/records/deals/{state}" for state in STATES),
    "/records/contacts/call",
    "/records/leads/mail?channel=email",
    "/records/deals/nobody",
    "/today",
    "/today?show=update",
    "/settings/advice",
    "/advice/results",
)


class Gallery(PlainDesk):
    """Every state under a name of its own."""

    def view(self, kind: Any, record_id: str, *, language: str, seen_by: str = "") -> RecordView | None:
        if record_id not in STATES:
            return None
        facts = deal_facts() if kind == "deal" else person_facts(kind)
        return RecordView(
            replace(facts, id=record_id, name=LONG_NAME if record_id == "mail" else facts.name), STATES[record_id]
        )


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
def gallery(house: House) -> Iterator[str]:
    desk = Gallery(
        someone=[
            Somebody("o1", "Haruto Sato", "administrator@example.com"),
            Somebody("o2", "佐藤 陽菜", "h@x.example"),
        ],
        today_view=TodayView(today_rows(8), 31, NOW + timedelta(days=2)),
        outcome=some_results(),
        how_learning=Learning(
            "failed", NOW, trouble="MemoryError", deals=2000, left_out=(("deals.closed_before_opened", 3),)
        ),
    )
    add_advice_pages(house, desk)
    links = EmbedLinks(["k" * 40], timedelta(hours=1))
    embed = build_embed_page(EmbedSettings(), desk, links, clock=lambda: NOW)
    house.csrf.exempt(embed)
    house.app.register_blueprint(embed)
    house.bell = lambda email: (Notice(1, "contact", "c1", "Anna Weber", NOW),)
    with served(house.app) as address:
        yield address


def embedded(state: str) -> str:
    return EmbedLinks(["k" * 40], timedelta(hours=1)).path("deal", state, AYA, now=NOW)


@pytest.fixture
def room(house: House, sqlite_database: Database) -> Iterator[tuple[str, RealDesk]]:
    desk = build_real_desk(house, sqlite_database)
    with served(house.app) as address:
        yield address, desk


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complains about; a violated policy is an error there."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def log_in(page: Page, address: str, language: str = "en", email: str = "administrator@example.com") -> None:
    page.goto(f"{address}/login?lang={language}")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")


def test_from_todays_list_to_a_call_in_the_crm(page: Page, room: tuple[str, RealDesk], complaints: list[str]) -> None:
    address, desk = room
    desk.world.kept()
    log_in(page, address, email=AYA)
    page.get_by_role("navigation", name="Rooms")
    page.goto(f"{address}/today")

    page.get_by_role("link", name="Call about the price").click()
    expect(page.get_by_text("Moves on 1.7 times as often")).to_be_visible()
    expect(page.get_by_label("Subject")).to_be_hidden()
    page.get_by_text("Notes for the call").click()
    page.get_by_label("Subject").fill("Price, and the delivery")
    page.get_by_role("button", name="Do it: plan the call").click()

    expect(page.get_by_text("The call is in the CRM now.")).to_be_visible()
    expect(page.locator(".history")).to_contain_text("Price, and the delivery")
    (call,) = desk.world.crm.activities_of(deal_id="d1")
    assert call.subject == "Price, and the delivery"
    assert complaints == []


def test_advice_that_is_being_worked_out_comes_by_itself(page: Page, room: tuple[str, RealDesk]) -> None:
    address, desk = room
    log_in(page, address, email=AYA)
    page.goto(f"{address}/records/deals/d1")
    expect(page.get_by_role("heading", name="The advice is being worked out")).to_be_visible()

    desk.world.think()

    expect(page.get_by_role("button", name="Do it")).to_be_visible(timeout=30_000)


def test_a_suggestion_is_turned_down_by_key_alone(page: Page, room: tuple[str, RealDesk]) -> None:
    address, desk = room
    one = desk.world.kept()
    log_in(page, address, "ja", AYA)
    page.goto(f"{address}/records/deals/d1")

    page.locator("summary", has_text="採用しない").focus()
    page.keyboard.press("Enter")
    page.get_by_label("時間帯が合っていない").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="採用しない", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("今後の提案に反映します。").first).to_be_visible()
    closed = desk.world.store.find(one.id)
    assert closed is not None
    assert (closed.state, closed.closed_why) == ("dismissed", "wrong_time")


def test_not_now_and_no_are_never_open_together(page: Page, room: tuple[str, RealDesk]) -> None:
    address, desk = room
    desk.world.kept()
    log_in(page, address, email=AYA)
    page.goto(f"{address}/records/deals/d1")

    page.locator("summary", has_text="Not now").click()
    expect(page.get_by_role("button", name="Next week")).to_be_visible()
    page.locator("summary", has_text="No, because").click()
    expect(page.get_by_role("button", name="Next week")).to_be_hidden()


def test_an_override_is_set_and_taken_back(page: Page, room: tuple[str, RealDesk], complaints: list[str]) -> None:
    address, desk = room
    desk.know_best_times()
    log_in(page, address, email=AYA)
    page.goto(f"{address}/records/contacts/c1")
    expect(page.get_by_role("table", name="How good each hour is for a call")).to_be_visible()

    page.get_by_text("You know better?").click()
    for day in ("Mon", "Tue", "Thu", "Fri"):
        page.get_by_label(day, exact=True).uncheck()
    page.get_by_label("From").select_option("15")
    page.get_by_label("Until").select_option("17")
    page.get_by_role("button", name="Keep these times").click()
    expect(page.get_by_text("Set by hand: Wed, 15:00–17:00.")).to_be_visible()

    page.get_by_text("Change the times set by hand").click()
    page.get_by_role("button", name="Back to what was learned").click()
    expect(page.get_by_text("Set by hand")).to_be_hidden()
    assert complaints == []


def test_the_embedded_page_works_in_another_sites_frame(
    page: Page, house: House, room: tuple[str, RealDesk], complaints: list[str]
) -> None:
    """Two sites: 127.0.0.1 is ours, localhost is the CRM's."""
    address, desk = room
    one = desk.world.kept()
    crm = Flask("crm")
    link = desk.links.path("deal", "d1", AYA, now=desk.world.now)
    crm.add_url_rule(
        "/", view_func=lambda: f'<!doctype html><iframe src="{address}{link}" width=420 height=900></iframe>'
    )
    with served(crm) as other:
        other = other.replace("127.0.0.1", "localhost")
        allow = build_embed_page(EmbedSettings((other,)), desk.views, desk.links, clock=lambda: desk.world.now)
        house.app.after_request_funcs["embed"] = allow.after_request_funcs[None]
        page.goto(other)
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name="Do it: plan the call").click()
        expect(frame.get_by_text("The call is in the CRM now.")).to_be_visible()

    closed = desk.world.store.find(one.id)
    assert closed is not None
    assert closed.state == "done"
    assert [text for text in complaints if "favicon" not in text and "404" not in text] == []


def test_a_site_that_nobody_named_gets_no_frame(page: Page, room: tuple[str, RealDesk]) -> None:
    address, desk = room
    desk.world.kept()
    crm = Flask("crm")
    link = desk.links.path("deal", "d1", AYA, now=desk.world.now)
    crm.add_url_rule("/", view_func=lambda: f'<!doctype html><iframe src="{address}{link}"></iframe>')
    with served(crm) as other:
        page.goto(other.replace("127.0.0.1", "localhost"))
        expect(page.frame_locator("iframe").get_by_role("button", name="Do it")).to_have_count(0)


@pytest.mark.parametrize(("language", "width"), [("en", 320), ("ja", 768)])
def test_nothing_is_wider_than_the_screen(
    page: Page, gallery: str, complaints: list[str], language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    log_in(page, gallery, language)
    too_wide = []
    for path in (*PAGES, *(embedded(state) for state in STATES)):
        page.goto(gallery + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = !one.matches('.menu'))")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)

    assert too_wide == []
    assert [text for text in complaints if "404" not in text] == []


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ja", "dark")])
def test_axe_finds_nothing_wrong(page: Page, gallery: str, language: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    log_in(page, gallery, language)
    found = []
    for path in (*PAGES, embedded("call"), embedded("off"), "/embed/deals/call"):
        page.goto(gallery + path)
        page.evaluate(
            "document.querySelectorAll('details:not(.menu):not([name])').forEach(one => { one.open = true; })"
        )
        page.evaluate("scrollTo(0, 0)")
        found += [f"{path} {problem}" for problem in accessibility_problems(page)]

    assert found == [], "\n".join(found)
