"""The pages of the voice in a real browser, over a real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from motenashi.database import Database
from tests.browser.conftest import accessibility_problems
from tests.browser.test_advice_pages import complaints, log_in, served
from tests.pages.conftest import House, build_house, house
from tests.pages.voice.voice_house import add_voice_pages
from tests.voice_reports.voices import Voices

__all__ = ["build_house", "complaints", "house"]  # fixtures
pytestmark = pytest.mark.browser

SECTIONS = (
    "/voice",
    "/voice/tones",
    "/voice/keywords",
    "/voice/competitors",
    "/voice/promoters",
    "/voice/promoters/tone/lost",
    "/voice/nps",
    "/voice/before-a-loss",
    "/voice/responses?tone=negative",
    "/voice?from=2020-01-01&to=2020-01-31",
)
INK = """canvas => {
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = new Set();
  for (let at = 0; at < pixels.length; at += 4) {
    if (pixels[at + 3] === 255) colours.add((pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2]);
  }
  return [...colours];
}"""


@pytest.fixture
def voice(house: House, sqlite_database: Database) -> Iterator[str]:
    add_voice_pages(house, sqlite_database)
    with served(house.app) as address:
        yield address


def open_tables(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(one => { one.open = true; })")


def test_a_click_on_a_bar_leads_to_the_people_behind_it(page: Page, voice: str, complaints: list[str]) -> None:
    log_in(page, voice)
    page.goto(f"{voice}/voice/tones")
    canvas = page.locator("#chart-intents canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box

    # The first bar, a little to the right of the names.
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + 20)

    page.wait_for_url("**/lists/contacts?**")
    written = json.loads(parse_qs(urlsplit(page.url).query)["filter"][0])
    (condition,) = written["if"]
    assert {"tone", "intent", "at"} == set(condition["responses"]["some"])
    assert complaints == []


def test_every_picture_is_drawn_and_folds_its_table(page: Page, voice: str, complaints: list[str]) -> None:
    log_in(page, voice)
    for path in SECTIONS:
        page.goto(voice + path)
        for canvas in page.locator("[data-chart] canvas").all():
            assert len(canvas.evaluate(INK)) > 3, path
        for table in page.locator("[data-as-table]").all():
            expect(table.locator("table")).to_be_hidden()
    page.goto(f"{voice}/voice")
    page.get_by_text("As a table").first.click()
    expect(page.get_by_role("table").first).to_be_visible()
    assert complaints == []


def test_colours_follow_light_and_dark(page: Page, voice: str) -> None:
    log_in(page, voice)
    page.emulate_media(color_scheme="light")
    page.goto(f"{voice}/voice/tones")
    canvas = page.locator("#chart-tones canvas")
    assert 0x0072B2 in canvas.evaluate(INK)

    page.emulate_media(color_scheme="dark")

    for _ in range(100):
        colours = canvas.evaluate(INK)
        if 0x56B4E9 in colours:
            break
        page.wait_for_timeout(50)
    assert 0x56B4E9 in colours
    assert 0x0072B2 not in colours


def test_choosing_acts_at_once_and_own_days_wait_for_their_button(page: Page, voice: str) -> None:
    log_in(page, voice)
    page.goto(f"{voice}/voice/tones")
    expect(page.get_by_role("button", name="Show")).to_be_hidden()

    page.get_by_role("combobox", name="Channel").select_option("email")
    page.wait_for_url("**channel=email**")
    assert "language" not in page.url

    page.get_by_role("combobox", name="Period").select_option("0")
    page.get_by_label("first day").fill("2026-03-01")
    page.get_by_label("last day").fill("2026-03-31")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**from=2026-03-01**")
    assert "period" not in page.url
    expect(page.get_by_label("last day")).to_have_value("2026-03-31")
    expect(page.get_by_role("combobox", name="Channel")).to_have_value("email")


def test_from_a_keyword_to_what_was_said(page: Page, voice: str) -> None:
    log_in(page, voice)
    page.goto(f"{voice}/voice/keywords")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="価格", exact=True))
    said = row.get_by_role("link").last
    count = said.inner_text()

    said.click()

    expect(page.get_by_role("heading", name="What they said")).to_be_visible()
    expect(page.get_by_text(f"{count} responses")).to_be_visible()
    expect(page.locator("mark", has_text="価格").first).to_be_visible()


def test_the_page_says_that_it_is_counting(page: Page, voice: str) -> None:
    log_in(page, voice)
    page.goto(f"{voice}/voice")
    page.evaluate("document.addEventListener('click', event => event.preventDefault())")  # an answer that never comes

    page.get_by_role("link", name="NPS", exact=True).first.click()

    expect(page.locator(".voice-counting")).to_have_count(1)
    expect(page.locator("[data-voice-body]")).to_have_attribute("aria-busy", "true")


def test_it_works_without_scripts(voice: str, page: Page) -> None:
    browser = page.context.browser
    assert browser
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{voice}/login?lang=en")
    plain.fill("#email", "administrator@example.com")
    plain.fill("#password", "a calm long password")
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/staff")
    plain.goto(f"{voice}/voice")

    expect(plain.locator("[data-chart]").first).to_be_hidden()
    plain.get_by_role("combobox", name="Channel").select_option("chat")
    plain.get_by_role("button", name="Show").click()
    expect(plain.get_by_role("combobox", name="Channel")).to_have_value("chat")
    plain.get_by_text("As a table").first.click()
    expect(plain.get_by_role("table").first).to_be_visible()
    context.close()


def test_paper_is_light_also_from_a_dark_screen(page: Page, voice: str) -> None:
    page.emulate_media(color_scheme="dark")
    log_in(page, voice)
    page.goto(f"{voice}/voice/tones")

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert 0x0072B2 in page.locator("#chart-tones canvas").evaluate(INK)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert 0x56B4E9 in page.locator("#chart-tones canvas").evaluate(INK)

    page.emulate_media(media="print")
    expect(page.locator(".voice-tabs")).to_be_hidden()


@pytest.mark.parametrize(("language", "width"), [("en", 320), ("ja", 768)])
def test_no_section_is_wider_than_the_screen(
    page: Page, voice: str, complaints: list[str], language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    log_in(page, voice, language)
    too_wide = []
    for path in SECTIONS:
        page.goto(voice + path)
        open_tables(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)

    assert too_wide == []
    assert complaints == []


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ja", "dark")])
def test_axe_finds_nothing_wrong_in_any_section(page: Page, voice: str, language: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    log_in(page, voice, language)
    found = []
    for path in SECTIONS:
        page.goto(voice + path)
        open_tables(page)
        page.evaluate("scrollTo(0, 0)")
        found += [f"{path} {problem}" for problem in accessibility_problems(page)]

    assert found == [], "\n".join(found)


def test_nothing_heard_yet_is_a_page_of_its_own(page: Page, house: House, sqlite_database: Database) -> None:
    add_voice_pages(house, sqlite_database, Voices())
    with served(house.app) as address:
        log_in(page, address)
        page.goto(f"{address}/voice")

        expect(page.get_by_role("heading", name="Nothing heard yet")).to_be_visible()
        assert accessibility_problems(page) == []
