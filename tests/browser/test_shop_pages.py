"""The demo shop in a real browser: readable by everybody, and its buttons open the chat as the person they say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from limits.storage import MemoryStorage
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from motenashi.channels.widget.door import build_widget
from motenashi.channels.widget.settings import WidgetSettings
from tests.browser.conftest import accessibility_problems
from tests.channels.widget.card_gallery import Gallery
from tests.pages.shop.shop_app import build_shop_app

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Gallery]]:
    """The shop with the card gallery behind its chat box: its address, and what the gallery heard."""
    app, gallery = build_shop_app(bot="gallery"), Gallery(tmp_path_factory.mktemp("shop") / "gallery.db")
    widget = build_widget(WidgetSettings(), gallery.inside(), signing_keys=("test",), rate_storage=MemoryStorage())
    app.register_blueprint(widget)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}", gallery
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "language"), [("/", "en"), ("/", "ja"), ("/products/nb-14", "ja"), ("/services/leasing", "en")]
)
def test_the_shop_has_no_accessibility_problem_that_axe_knows(
    page: Page, shop: tuple[str, Gallery], path: str, language: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{shop[0]}{path}?lang={language}")
    expect(page.locator(".launcher")).to_be_visible()

    found = accessibility_problems(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_page_is_wider_than_the_smallest_phone(page: Page, shop: tuple[str, Gallery], language: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ("/", "/products", "/products/nb-14", "/services", "/services/care", "/support", "/about"):
        page.goto(f"{shop[0]}{path}?lang={language}")

        assert page.evaluate("document.documentElement.scrollWidth") == 320, path


def test_the_chat_opens_as_the_person_that_was_chosen(page: Page, shop: tuple[str, Gallery]) -> None:
    url, gallery = shop
    page.goto(f"{url}/?lang=en")
    for person, email in (
        ("Haruka", "haruka.mori@example.com"),
        ("Tom", "tom.becker@example.com"),
        ("a new visitor", ""),
    ):
        page.get_by_role("button", name=f"Open as {person}").click()
        expect(page.get_by_text("Which card would you like to see?")).to_be_visible()

        assert gallery.messages[-1].visitor.email == email
        page.keyboard.press("Escape")  # the open box covers the last of the buttons


def test_a_theme_chosen_by_hand_holds_for_shop_and_chat_and_the_next_page(
    page: Page, shop: tuple[str, Gallery]
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{shop[0]}/?lang=en")
    page.get_by_role("button", name="Light or dark").click()
    page.goto(f"{shop[0]}/about")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("[data-motenashi]")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark == "rgb(14, 21, 23)"


def test_the_language_chosen_once_is_kept_on_every_page(page: Page, shop: tuple[str, Gallery]) -> None:
    page.goto(shop[0])
    page.get_by_role("link", name="日本語").click()
    page.get_by_role("navigation", name="メニュー").get_by_role("link", name="サポート").click()

    expect(page.get_by_role("heading", name="よくあるご質問")).to_be_visible()
    expect(page.get_by_role("button", name="チャットで相談")).to_be_visible()
