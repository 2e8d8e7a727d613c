"""Visits in a real browser: asked first, told after a yes, silent after a no, never where tracking is not wanted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, Response, request
from limits.storage import MemoryStorage
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from motenashi.channels.widget.settings import WidgetSettings
from motenashi.channels.widget.visits_door import build_visits
from motenashi.storage.open_database import open_database
from motenashi.visits.visits import Visit, Visits
from tests.browser.conftest import accessibility_problems
from tests.channels.widget.card_gallery import build_gallery_app
from tests.migrated import migrate

pytestmark = pytest.mark.browser


@dataclass
class Site:
    """A shop with the chat box and the visits' door; `told` are the calls that it got."""

    url: str
    visits: Visits
    told: list[str] = field(default_factory=list)

    def over(self) -> list[Visit]:
        return list(self.visits.to_note(datetime.now(UTC) + timedelta(hours=1)))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    database = open_database(f"sqlite:///{tmp_path}/visits.db")
    migrate(database)
    visits = Visits(database, b"k" * 32)
    settings = WidgetSettings(visits=True, visit_calls="1000/minute")
    app: Flask = build_gallery_app(tmp_path / "gallery.db")[0]
    site = Site("", visits)
    app.register_blueprint(
        build_visits(
            settings,
            visits,
            holds=lambda conversation_id, secret: bool(conversation_id and secret),
            rate_storage=MemoryStorage(),
            now=lambda: datetime.now(UTC),
        )
    )

    @app.before_request
    def note() -> None:
        if request.path == "/widget/visits":
            site.told.append(request.method)

    @app.get("/shop/<lang>/<asks>/<page>")
    def shop(lang: str, asks: str, page: str) -> Response:
        script = f'<script src="/widget.js" data-bot="gallery" data-visits="{asks}"></script>'
        html = f'<!doctype html><html lang="{lang}"><title>{page}</title><main><h1>{page}</h1></main>{script}</html>'
        policy = "default-src 'self'; script-src 'self'"
        return Response(html, mimetype="text/html", headers={"Content-Security-Policy": policy})

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.url = f"http://localhost:{server.server_port}"
    yield site
    server.shutdown()
    thread.join()
    server.server_close()
    database.engine.dispose()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


def until(page: Page, holds: str) -> None:
    """Wait for an expression; the page's own policy forbids the browser's way of polling one."""
    for _ in range(200):
        if page.evaluate(f"!!({holds})"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {holds}")


def test_nothing_is_told_before_a_yes_and_everything_after_it(site: Site, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site.url}/shop/en/ask/servers")
    expect(page.get_by_role("region", name="Your choice about visits")).to_be_visible()
    assert accessibility_problems(page) == []
    assert site.told == []
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('visits'))") == []

    with page.expect_response("**/widget/visits"):
        page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_role("region", name="Your choice about visits")).to_have_count(0)
    with page.expect_response("**/widget/visits"):
        page.goto(f"{site.url}/shop/en/ask/laptops")
    expect(page.get_by_role("region", name="Your choice about visits")).to_have_count(0)

    # The conversation of this browser ties its visit to whoever the flow recognises.
    page.get_by_role("button", name="Chat with us").click()
    until(page, "localStorage.getItem('motenashi:gallery:held')")
    with page.expect_response("**/widget/visits"):
        page.goto(f"{site.url}/shop/en/ask/prices")

    (visit,) = site.over()
    assert visit.pages == 3
    assert visit.conversation_id


def test_a_no_is_kept_and_told_to_nobody(site: Site, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site.url}/shop/ja/ask/servers")
    page.get_by_role("region", name="閲覧記録についての確認").get_by_role("button", name="いいえ").click()
    page.goto(f"{site.url}/shop/ja/ask/laptops")
    until(page, "window.motenashi")

    expect(page.get_by_role("region", name="閲覧記録についての確認")).to_have_count(0)
    assert site.told == []


def test_a_yes_can_be_taken_back_and_what_was_kept_goes(site: Site, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site.url}/shop/en/site/servers")
    until(page, "!!window.motenashi")
    with page.expect_response("**/widget/visits"):
        page.evaluate("window.motenashi.visits(true)")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.evaluate("window.motenashi.visits(false)")
    page.goto(f"{site.url}/shop/en/site/laptops")
    until(page, "window.motenashi")

    assert site.told == ["POST", "DELETE"]
    assert site.over() == []


@pytest.mark.parametrize("wish", ["doNotTrack", "globalPrivacyControl"])
def test_a_browser_that_does_not_want_it_is_not_even_asked(site: Site, context: BrowserContext, wish: str) -> None:
    value = "'1'" if wish == "doNotTrack" else "true"
    context.add_init_script(f"Object.defineProperty(Navigator.prototype, '{wish}', {{get: () => {value}}})")
    page = context.new_page()
    loaded: list[str] = []
    page.on("request", lambda one: loaded.append(one.url))
    page.goto(f"{site.url}/shop/en/ask/servers")
    until(page, "window.motenashi")
    page.evaluate("window.motenashi.visits(true)")

    expect(page.get_by_role("region", name="Your choice about visits")).to_have_count(0)
    assert [url for url in loaded if "visits" in url] == []
    assert site.told == []
