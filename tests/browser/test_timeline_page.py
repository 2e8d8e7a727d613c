"""The timeline of a person in a real browser: ten thousand rows, filters, folds, times, both languages, light, dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import accessibility_problems
from tests.browser.test_advice_pages import log_in, served
from tests.pages.conftest import House, build_house, house
from tests.pages.timeline.plain_timelines import PlainTimelines, a_stalled_deal, many_touches, milestone, touch
from tests.pages.timeline.timeline_pages import add_timeline_pages

__all__ = ["build_house", "house"]  # fixtures
pytestmark = pytest.mark.browser

MANY = 10_000
MOST_IN_THE_PAGE = 60  # rows; a screen holds about ten
STALLED = "/records/leads/stalled/timeline"
LONG = "/records/contacts/many/timeline"
LONG_NAME = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 4
PAGES = (
    STALLED,
    f"{STALLED}?view=signals&rhythm=own",
    f"{STALLED}?view=milestones",
    f"{STALLED}?channel=call&channel=email&user=o1&period=range&first=2025-10-01&last=2026-05-01",
    f"{STALLED}?period=today&channel=pigeon",
    f"{STALLED}/print",
    "/records/contacts/wide/timeline",
    "/records/contacts/empty/timeline",
    "/records/contacts/nobody/timeline",
    "/records/contacts/c1",
)


@pytest.fixture
def desk(house: House) -> PlainTimelines:
    wide = [
        touch(1, 3, title=LONG_NAME),
        touch(2, 2, "follow_up", user_id="long", user=LONG_NAME, title=LONG_NAME),
        milestone(1, 1, LONG_NAME, LONG_NAME, deal=LONG_NAME, deal_id="d1"),
    ]
    desk: PlainTimelines = add_timeline_pages(house)
    desk.people["contact", "many"] = "Long-standing Customer", many_touches(MANY)
    desk.people["contact", "wide"] = LONG_NAME, wide
    desk.people["lead", "stalled"] = "Anna Weber", a_stalled_deal()
    return desk


@pytest.fixture
def address(house: House, desk: PlainTimelines) -> Iterator[str]:
    with served(house.app) as address:
        yield address


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complains about; a violated policy is an error there."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def total_of(page: Page) -> int:
    return int(page.locator("[data-lines]").get_attribute("data-total") or 0)


def indexes(page: Page) -> list[int]:
    """The rows that are in the page and have arrived."""
    found: list[int] = page.evaluate(
        "[...document.querySelectorAll('.row:not(.row-waiting)')].map(row => Number(row.dataset.index))"
    )
    return found


def settled(page: Page) -> None:
    """No row on the screen waits for its words, and none lies over another."""
    page.wait_for_function("""() => {
        const rows = [...document.querySelectorAll('.lines .row')];
        const boxes = rows.map(row => row.getBoundingClientRect());
        return rows.length > 0 && !document.querySelector('.row-waiting')
            && boxes.every((box, n) => n === 0 || box.top >= boxes[n - 1].bottom - 1)
            && (boxes.some(box => box.bottom > 0 && box.top < innerHeight)
                || document.querySelector('.lines').getBoundingClientRect().top > innerHeight);
    }""")


def test_ten_thousand_touches_scroll_with_few_rows_in_the_page(page: Page, address: str, complaints: list[str]) -> None:
    log_in(page, address)
    page.goto(address + LONG)
    total = total_of(page)
    assert total > MANY
    settled(page)
    most, height = 0, page.evaluate("document.documentElement.scrollHeight")
    for part in range(1, 11):
        page.evaluate("to => scrollTo(0, to)", height * part / 10)
        settled(page)
        most = max(most, len(indexes(page)))
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_function("last => document.querySelector(`#row-${last}`)", arg=total - 1)
    settled(page)

    expect(page.locator(f"#row-{total - 1}")).to_be_in_viewport()
    assert most < MOST_IN_THE_PAGE
    assert page.locator("[data-lines] *").count() < MOST_IN_THE_PAGE * 30
    assert complaints == []


def test_every_row_is_reached_by_scrolling_a_screen_at_a_time(
    page: Page, address: str, desk: PlainTimelines, complaints: list[str]
) -> None:
    desk.people["contact", "many"] = "Customer", many_touches(900)
    log_in(page, address)
    page.goto(address + LONG)
    total, seen = total_of(page), set[int]()
    for _screen in range(400):
        settled(page)
        seen.update(indexes(page))
        if not page.evaluate("() => { const was = scrollY; scrollBy(0, innerHeight); return scrollY > was; }"):
            break
    expect(page.locator(f"#row-{total - 1}")).to_be_in_viewport()  # the last screen may have grown
    seen.update(indexes(page))

    assert seen == set(range(total))
    assert complaints == []


def test_rows_are_told_in_order_with_their_place_among_all(page: Page, address: str) -> None:
    log_in(page, address)
    page.goto(address + LONG)
    page.evaluate("scrollTo(0, 400_000)")
    settled(page)
    places = page.evaluate("[...document.querySelectorAll('.row')].map(row => Number(row.ariaPosInSet))")

    assert places == sorted(places)
    assert set(page.evaluate("[...document.querySelectorAll('.row')].map(row => Number(row.ariaSetSize))")) == {
        total_of(page)
    }


def test_keys_alone_lead_along_the_line_and_to_its_end(page: Page, address: str) -> None:
    log_in(page, address)
    page.goto(address + LONG)
    page.locator("#row-0 .moment").focus()
    seen: list[int] = []
    for _press in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("Number(document.activeElement.closest('.row')?.dataset.index ?? -1)"))
    assert [index for index in dict.fromkeys(seen) if index >= 0] == sorted({index for index in seen if index >= 0})
    assert max(seen) >= 40  # a milestone has a link of its own

    page.keyboard.press("End")
    page.wait_for_function("last => document.querySelector(`#row-${last}`)", arg=total_of(page) - 1)
    assert page.evaluate("document.activeElement.closest('.row') !== null"), "the focus was lost with its row"


def test_a_row_in_focus_is_not_covered_by_what_stays_on_top(page: Page, address: str) -> None:
    log_in(page, address)
    page.goto(address + LONG)
    page.evaluate("scrollTo(0, 3000)")
    settled(page)
    page.locator(".row .moment").last.focus()
    for _press in range(25):
        page.keyboard.press("Shift+Tab")
    covered = page.evaluate(
        """() => {
            const box = document.activeElement.getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return !document.activeElement.contains(top);
        }"""
    )

    assert not covered


def test_the_strip_leads_to_its_time_and_shows_where_one_is(page: Page, address: str, complaints: list[str]) -> None:
    log_in(page, address)
    page.goto(address + LONG)
    page.evaluate("document.querySelector('#rows').scrollIntoView()")
    settled(page)
    before = float((page.locator("[data-strip-window]").get_attribute("x") or "0").rstrip("%"))

    page.locator(".strip-tick", has_text="2020").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.row').dataset.index > 1000")
    settled(page)

    days = page.evaluate(
        "[...document.querySelectorAll('.row time')].filter(one => one.getBoundingClientRect().top > 240)"
        ".map(one => one.dateTime)"
    )
    assert days[0][:7] in ("2019-12", "2020-01")
    assert float((page.locator("[data-strip-window]").get_attribute("x") or "0").rstrip("%")) < before
    assert page.url == address + LONG  # nothing was loaded anew

    page.locator(".strip-column").nth(80).click(position={"x": 2, "y": 4}, force=True)
    page.wait_for_function("() => Number(document.querySelector('.row').dataset.index) < 3000")
    assert complaints == []


def test_rows_that_could_not_be_loaded_are_told_and_asked_for_again(page: Page, address: str) -> None:
    log_in(page, address)
    page.goto(address + LONG)
    page.route("**/timeline/rows*", lambda route: route.abort())
    page.evaluate("scrollTo(0, 300_000)")
    expect(page.get_by_role("alert")).to_contain_text("These rows could not be loaded.")
    page.unroute("**/timeline/rows*")

    page.get_by_role("button", name="Try again").click()

    settled(page)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_something_new_is_told(page: Page, address: str, desk: PlainTimelines) -> None:
    log_in(page, address)
    page.goto(address + LONG)
    total = total_of(page)
    desk.people["contact", "many"] = "Customer", [*many_touches(MANY), touch(99_999, 0.001, title="Just now")]
    page.evaluate("scrollTo(0, 300_000)")

    page.get_by_role("button", name="Show it").click()

    expect(page.locator("[data-lines]")).to_have_attribute("data-total", str(total + 1))


def test_what_was_unfolded_stays_so_when_one_comes_back(page: Page, address: str) -> None:
    log_in(page, address)
    page.goto(f"{address}{LONG}?view=signals")
    settled(page)
    row = page.locator(".row:has(.folded)").first
    index = row.get_attribute("data-index")
    row.locator("summary").click()
    expect(row.locator(".folded ol")).to_be_visible()

    page.evaluate("document.activeElement.blur()")  # a row in focus would stay
    page.evaluate("scrollTo(0, 100_000)")
    page.wait_for_function("index => !document.querySelector(`#row-${index}`)", arg=index)
    page.evaluate("scrollTo(0, 0)")

    expect(page.locator(f"#row-{index} .folded ol")).to_be_visible()


def test_the_exact_time_shows_on_focus_and_on_hover_and_goes_by_escape(page: Page, address: str) -> None:
    log_in(page, address)
    page.goto(address + STALLED)
    day = page.locator(".row .moment").nth(3)
    tip = day.locator(".tip")
    shown = "one => getComputedStyle(one).clipPath === 'none' && one.getBoundingClientRect().width > 60"
    assert not tip.evaluate(shown)

    day.focus()
    assert tip.evaluate(shown)
    expect(tip).to_have_text(re.compile(r"\w+day \d+ \w+ 20\d\d, \d\d:\d\d \(JST\)"))
    page.keyboard.press("Escape")
    assert not tip.evaluate(shown)

    page.locator("h1").click()
    day.hover()
    assert tip.evaluate(shown)
    tip.hover()  # the pointer may rest on it
    assert tip.evaluate(shown)
    assert "(JST)" in page.locator(".row").nth(3).aria_snapshot()


def test_filters_work_by_a_form_and_stay_in_the_address(page: Page, address: str, complaints: list[str]) -> None:
    log_in(page, address)
    page.goto(f"{address}{STALLED}?view=signals")
    page.locator(".line-filter summary").click()
    expect(page.get_by_label("First day")).to_be_hidden()
    page.get_by_label("Call", exact=True).check()
    page.get_by_label("Chat").check()
    page.get_by_label("Period").select_option("range")
    page.get_by_label("First day").fill("2025-10-15")
    page.get_by_label("Last day").fill("2026-03-10")
    page.get_by_role("link", name="All", exact=True).focus()
    page.get_by_role("button", name="Show", exact=True).click()

    expect(page.locator(".line-active")).to_contain_text("15 Oct 2025 – 10 Mar 2026")
    assert "channel=call&channel=chat" in page.url
    assert "view=signals" in page.url
    page.get_by_role("link", name="All", exact=True).click()
    titles = page.locator(".row .touch-title").all_text_contents()
    assert set(titles) == {
        "We called", "Talked the proposal through", "Does it work with our directory?", "First talk about the fleet"
    }  # fmt: skip

    page.get_by_role("link", name="Take away: Call").click()
    expect(page.locator(".row .touch-title")).to_have_count(1)
    page.locator(".line-filter summary").click()
    page.get_by_role("link", name="Show everything").click()
    expect(page.locator(".row")).to_have_count(len(a_stalled_deal()))
    assert complaints == []


def test_without_a_script_links_and_the_form_do_the_same(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, address)
    page.goto(address + LONG)
    assert page.locator(".row").count() == 200
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".row").first).to_have_attribute("data-index", "200")
    page.get_by_role("link", name="Newer").click()
    expect(page.locator(".row").first).to_have_attribute("data-index", "0")
    page.get_by_role("link", name="Go to 2020").click()
    assert page.locator(".row time").first.get_attribute("datetime", timeout=2000) or ""
    assert (page.locator(".row time").first.get_attribute("datetime") or "")[:7] in ("2019-12", "2020-01")
    page.locator(".line-filter summary").click()
    page.get_by_label("Survey").check()
    page.get_by_role("button", name="Show", exact=True).click()
    assert "channel=survey" in page.url
    context.close()


def test_a_page_that_begins_further_down_goes_on_in_both_directions(page: Page, address: str) -> None:
    log_in(page, address)
    page.goto(f"{address}{LONG}?at=2020-01-01")
    page.wait_for_function("() => Number(document.querySelector('.row')?.dataset.index) > 1000")
    settled(page)

    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("() => document.querySelector('#row-0')")
    settled(page)


def test_tabs_lead_from_overview_to_timeline_by_key(page: Page, address: str) -> None:
    log_in(page, address)
    page.goto(f"{address}/records/contacts/c1")
    tab = page.get_by_role("navigation", name="Parts of this record").get_by_role("link", name="Timeline")
    tab.focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/timeline")
    expect(page.get_by_role("link", name="Timeline")).to_have_attribute("aria-current", "page")


def test_paper_shows_all_rows_and_unfolds_them(page: Page, address: str) -> None:
    log_in(page, address)
    page.goto(f"{address}{STALLED}?view=signals")
    page.add_init_script("window.print = () => { window.printed = (window.printed ?? 0) + 1; }")
    page.get_by_role("link", name="Print").click()
    page.wait_for_function("() => window.printed === 1")
    page.emulate_media(media="print")

    assert page.locator(".folded:not([open])").count() == 0
    expect(page.get_by_text("Spring offers")).to_be_visible()
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator("[data-print]")).to_be_hidden()


def test_the_screen_on_paper_says_that_it_is_a_part(page: Page, address: str) -> None:
    log_in(page, address)
    page.goto(address + LONG)
    settled(page)
    page.emulate_media(media="print")

    expect(page.locator(".print-hint")).to_be_visible()
    boxes = page.evaluate("[...document.querySelectorAll('.row')].map(row => row.getBoundingClientRect().top)")
    assert boxes == sorted(boxes)


@pytest.mark.parametrize(("language", "width"), [("en", 320), ("ja", 768)])
def test_no_timeline_is_wider_than_the_screen(
    page: Page, address: str, complaints: list[str], language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    log_in(page, address, language)
    too_wide = []
    for path in PAGES:
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = !one.matches('.menu'); })")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)

    assert too_wide == []
    assert [text for text in complaints if "404" not in text] == []


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("ja", "dark", 360)],
)
def test_axe_finds_nothing_wrong_with_timelines(
    page: Page, address: str, language: str, scheme: Any, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    log_in(page, address, language)
    found = []
    for path in (*PAGES, LONG):
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(one => { one.open = true; })")
        found += [f"{path} {problem}" for problem in accessibility_problems(page)]

    assert found == [], "\n".join(found)


def test_on_a_phone_each_row_says_whose_it_is(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, address)
    page.goto(address + STALLED)

    expect(page.locator(".row-signal .side-mark").first).to_have_text("Customer")
    expect(page.locator(".row-follow_up .side-mark").first).to_have_text("Us")
    for side in (".row-signal", ".row-follow_up"):
        box = page.locator(f"{side} .side-mark").first.bounding_box()
        assert box
        assert box["width"] > 10
    assert page.locator(".row-signal .touch").first.bounding_box()["x"] < 60  # type: ignore[index]


def test_japanese_is_spoken_throughout(page: Page, address: str) -> None:
    log_in(page, address, "ja")
    page.goto(address + STALLED)

    expect(page.get_by_role("link", name="タイムライン")).to_have_attribute("aria-current", "page")
    expect(page.locator(".silence").first).to_contain_text("やり取りなし")
    words = page.locator("main").inner_text()
    for english in ("without contact", "usual", "Signals", "follow-up", "minutes", "opened", "Filter"):
        assert english not in words, english
