"""The chat box on another site than the server's own, as shops embed it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask, Response
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from motenashi.channels.widget.settings import WidgetSettings
from tests.channels.widget.card_gallery import build_gallery_app

pytestmark = pytest.mark.browser


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def shop_site(names: dict[str, str]) -> Flask:
    """A page with a policy that names the chat server where it must, and nothing more."""
    app = Flask("elsewhere")

    @app.get("/")
    def page() -> Response:
        server = names["server"]
        script = f'<script src="{server}/widget.js" data-bot="gallery"></script>'
        html = f'<!doctype html><html lang="en"><title>A shop</title><h1>A shop</h1>{script}'
        policy = f"default-src 'none'; script-src {server}; connect-src {server}; img-src {server}"
        return Response(html, mimetype="text/html", headers={"Content-Security-Policy": policy})

    return app


def test_a_listed_site_shows_the_chat_under_a_strict_policy(page: Page, tmp_path: Path) -> None:
    names: dict[str, str] = {}
    with serving(shop_site(names)) as site:
        app, gallery = build_gallery_app(tmp_path / "gallery.db", WidgetSettings(origins=(site,)))
        with serving(app) as server:
            names["server"] = server
            page.goto(site)
            page.get_by_role("button", name="Chat with us").click()
            expect(page.get_by_text("Which card would you like to see?")).to_be_visible()
            page.locator("textarea").fill("products")
            page.keyboard.press("Enter")

            picture = page.get_by_role("list", name="Products").locator("img").first
            expect(picture).to_have_attribute("src", f"{server}/picture/13.svg")
            page.wait_for_timeout(100)
            assert picture.evaluate("it => it.naturalWidth") > 0
            assert gallery.messages[0].visitor.current_page_url == f"{site}/"


def test_a_site_that_is_not_listed_is_told_calmly(page: Page, tmp_path: Path) -> None:
    names: dict[str, str] = {}
    with serving(shop_site(names)) as site:
        app, gallery = build_gallery_app(tmp_path / "gallery.db", WidgetSettings())
        with serving(app) as server:
            names["server"] = server
            page.goto(site)
            page.get_by_role("button", name="Chat with us").click()

            expect(page.get_by_role("status")).to_contain_text("No connection just now")
            assert gallery.messages == []


def test_who_is_faster_than_allowed_is_asked_to_wait_and_heard_in_the_end(page: Page, tmp_path: Path) -> None:
    app, _ = build_gallery_app(tmp_path / "gallery.db", WidgetSettings(messages="2/3second"))
    with serving(app) as server:
        page.goto(server)
        page.get_by_role("button", name="Chat with us").click()
        expect(page.get_by_text("Which card would you like to see?")).to_be_visible()
        for number in range(4):
            page.locator("textarea").fill(f"hello {number}")
            page.keyboard.press("Enter")

        expect(page.get_by_role("status")).to_contain_text("Please wait a moment")
        expect(page.get_by_text("You answered: hello 3")).to_be_visible(timeout=20_000)
        said = page.locator(".theirs .bubble", has_text="You answered").all_inner_texts()
        assert said == [f"You answered: hello {number}" for number in range(4)]
        expect(page.get_by_role("status")).to_be_hidden()
