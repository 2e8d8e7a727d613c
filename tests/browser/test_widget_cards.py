"""Every input card answered in a real browser, and what the visitor hears when an answer is not complete."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from motenashi.conversation.answers import Answer, read_answer
from tests.browser.conftest import accessibility_problems
from tests.browser.test_widget_talk import open_box, say
from tests.channels.widget.card_gallery import INPUTS, Gallery

pytestmark = pytest.mark.browser


def pick_from_list(search: str, label: str) -> Callable[[Locator], None]:
    def pick(card: Locator) -> None:
        card.get_by_role("combobox").fill(search)
        card.get_by_role("option", name=label).click()

    return pick


def move(name: str, keys: str) -> Callable[[Locator], None]:
    def press(card: Locator) -> None:
        for key in keys.split():
            card.get_by_role("slider", name=name).press(key)

    return press


def in_turn(*acts: Callable[[Locator], None]) -> Callable[[Locator], None]:
    def all_of_them(card: Locator) -> None:
        for act in acts:
            act(card)

    return all_of_them


def choose_day(*days: str) -> Callable[[Locator], None]:
    def choose(card: Locator) -> None:
        for day in days:
            card.locator(f"[data-day='{day}']").click()

    return choose


def with_time(card: Locator) -> None:
    choose_day("2027-03-05")(card)
    card.get_by_label("Time", exact=True).fill("09:30")
    card.get_by_label("Time zone").select_option("Europe/Berlin")


def check(*names: str) -> Callable[[Locator], None]:
    def tick(card: Locator) -> None:
        for name in names:
            box = card.get_by_role("checkbox", name=name, exact=True)
            box.or_(card.get_by_role("radio", name=name, exact=True)).check()

    return tick


ANSWERS: dict[str, tuple[Callable[[Locator], None], str, dict[str, Any]]] = {
    "multiple select": (check("RAM", "Cable"), "RAM, Cable", {"values": ["RAM", "Cable"]}),
    "drop-down": (pick_from_list("pl", "Plus"), "Plus", {"value": "p1", "label": "Plus"}),
    "drop-down several": (
        in_turn(pick_from_list("さぽ", "サポート"), pick_from_list("ＴＥＡＭ", "Team")),
        "Team, サポート",
        {"values": ["p2", "p4"]},
    ),
    "slider": (move("Your answer", "ArrowRight"), "201–500", {"value": "201–500"}),
    "range slider": (
        in_turn(move("From", "ArrowRight"), move("To", "ArrowLeft ArrowLeft")),
        "¥100k - ¥150k",
        {"from": "¥100k", "to": "¥150k"},
    ),
    "calendar": (choose_day("2027-03-05"), "2027-03-05", {"value": "2027-03-05"}),
    "calendar with time": (
        with_time,
        "2027-03-05 09:30",
        {"value": "2027-03-05T09:30:00+01:00", "epoch_ms": 1804235400000, "time_zone_id": "Europe/Berlin"},
    ),
    "range calendar": (
        choose_day("2027-03-05", "2027-03-12"),
        "2027-03-05 - 2027-03-12",
        {"from": {"value": "2027-03-05"}, "to": {"value": "2027-03-12"}},
    ),
    "time slots": (check("14:30"), "14:30", {"date": "2027-03-03", "time": "14:30", "time_zone_id": "Asia/Tokyo"}),
    "date-time slots": (check("10:00"), "2027-03-04 10:00", {"date": "2027-03-04", "time": "10:00"}),
    "star rating": (check("4 of 5 stars"), "4/5", {"value": 4, "level": 5}),
    "happiness rating": (check("Happy"), "Happy", {"value": 4, "level": 5, "mood": "happy"}),
    "three faces": (check("Happy"), "Happy", {"value": 3, "level": 3}),
}

SENT_AT_ONCE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "select": ("Disk", "Disk", {"value": "Disk"}),
    "like": ("Good", "👍", {"value": "like"}),
    "upload": ("Skip", "Skip", {"skipped": True}),
}

TYPED = {
    "text": "日本語です",
    "name": "森 遥",
    "email": "haruka.mori@example.com",
    "tel": "０３-1234-5678",
    "url": "https://example.com/a",
    "number": "42",
}


def test_every_card_is_answered(page: Page, gallery_url: str, gallery: Gallery) -> None:
    """One talk through all cards: a page for each would take minutes."""
    open_box(page, gallery_url)
    for name in INPUTS:
        say(page, name)
        if name in TYPED:
            expect(page.get_by_text(f"Please answer: {name}")).to_be_visible()
            say(page, TYPED[name])
            wait_for(page, gallery, name, TYPED[name])
        elif name in SENT_AT_ONCE:
            button, text, card = SENT_AT_ONCE[name]
            page.locator("form.card").get_by_role("button", name=button, exact=True).click()
            wait_for(page, gallery, name, text, card)
        elif name == "location":
            page.get_by_label("Or type an address").fill("1-1 Marunouchi, Tokyo")
            page.locator("form.card .primary[type=submit]").click()
            wait_for(page, gallery, name, "1-1 Marunouchi, Tokyo", {"address": "1-1 Marunouchi, Tokyo"})
        else:
            answer, text, card = ANSWERS[name]
            form = page.locator("form.card")
            expect(form).to_be_visible()
            answer(form)
            form.locator(".primary[type=submit]").click()
            wait_for(page, gallery, name, text, card)


def wait_for(page: Page, gallery: Gallery, asked: str, text: str, card: dict[str, Any] | None = None) -> None:
    """Until the answer has come back; then what arrived must hold this text and these parts of the card, and be an
    answer to the card that was asked with."""
    so_far = list(INPUTS).index(asked) + 1
    expect(page.locator(".theirs .bubble", has_text="You answered")).to_have_count(so_far)
    expect(page.locator("form.card")).to_have_count(0)
    message = gallery.messages[-1]
    assert message.text == text
    for key, value in (card or {}).items():
        found = message.card[key]
        part = {inner: found[inner] for inner in value} if isinstance(value, dict) else found
        assert part == value, json.dumps(dict(message.card), ensure_ascii=False)
    read = read_answer(
        INPUTS[asked], text, message.card, language="en", now=message.received_at, time_zone="Asia/Tokyo"
    )
    assert isinstance(read, Answer), read


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("multiple select", "Please choose at least 2."),
        ("drop-down", "Please choose one first."),
        ("calendar", "Please choose a day first."),
        ("range calendar", "Please choose a first and a last day."),
        ("date-time slots", "Please choose a time."),
        ("star rating", "Please choose one first."),
        ("location", "Please write something first."),
    ],
)
def test_an_incomplete_answer_is_told_and_not_sent(page: Page, gallery_url: str, name: str, sentence: str) -> None:
    open_box(page, gallery_url)
    say(page, name)
    page.locator("form.card .primary[type=submit]").click()

    expect(page.locator("form.card").get_by_role("alert")).to_have_text(sentence)
    expect(page.locator(".ours")).to_have_count(1)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("text", "a", "Please write at least 2 characters."),
        ("text", "a" * 21, "Please write at most 20 characters."),
        ("number", "0", "Please enter 1 or more."),
        ("number", "1.5", "Please enter a whole number."),
        ("number", "many", "Please enter a number."),
        ("tel", "call me", "Please enter a phone number, for example +81 3 1234 5678."),
        ("url", "not a url", "Please enter a web address such as https://example.com."),
        ("name", "12345", "Please enter a name."),
    ],
)
def test_typed_text_that_does_not_fit_is_told(
    page: Page, gallery_url: str, name: str, typed: str, sentence: str
) -> None:
    open_box(page, gallery_url)
    say(page, name)
    expect(page.get_by_text(f"Please answer: {name}")).to_be_visible()
    say(page, typed)

    expect(page.get_by_role("alert")).to_have_text(sentence)


def test_a_calendar_is_moved_through_with_arrow_keys(page: Page, gallery_url: str, gallery: Gallery) -> None:
    open_box(page, gallery_url)
    say(page, "calendar")
    expect(page.get_by_role("button", name="Wednesday, March 3, 2027")).to_be_focused()

    for key in ("ArrowUp", "ArrowRight", "ArrowDown", "PageDown", "Home", "Enter"):
        page.keyboard.press(key)

    expect(page.get_by_role("status").filter(has_text="Sunday, April 11, 2027")).to_be_visible()
    expect(page.get_by_role("button", name="Sunday, April 11, 2027")).to_be_focused()


def test_a_drop_down_is_used_with_arrow_keys_and_escape_closes_only_the_list(page: Page, gallery_url: str) -> None:
    open_box(page, gallery_url)
    say(page, "drop-down")
    field = page.get_by_role("combobox", name="Plan")
    expect(field).to_be_focused()

    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(field).to_have_value("Plus")
    page.keyboard.press("Enter")

    expect(page.locator(".ours").last).to_contain_text("Plus")


def test_slots_are_shown_on_the_clock_of_the_zone_the_visitor_chose(page: Page, gallery_url: str) -> None:
    open_box(page, gallery_url)
    say(page, "date-time slots")
    expect(page.get_by_role("group", name="Wed, Mar 3").get_by_text("13:00")).to_be_visible()

    page.get_by_label("Time zone").select_option("America/Los_Angeles")

    expect(page.get_by_role("group", name="Tue, Mar 2").get_by_text("20:00")).to_be_visible()


def test_products_can_be_leafed_through_and_asked_about(page: Page, gallery_url: str) -> None:
    page.emulate_media(reduced_motion="reduce")  # a glide is cut short where a picture arrives in the midst of it
    open_box(page, gallery_url)
    say(page, "products")
    slides = page.get_by_role("list", name="Products")
    expect(slides.get_by_role("listitem")).to_have_count(4)

    page.get_by_role("button", name="Next").click()
    expect(slides.get_by_role("listitem").nth(2)).to_be_in_viewport(ratio=0.3)
    page.get_by_role("button", name="Ask about it: AeroBook 14").click()

    expect(page.locator(".ours").last).to_contain_text("Ask about it")
    expect(slides.get_by_role("link", name="AeroBook 13", exact=True)).to_have_attribute(
        "href", f"{gallery_url}/products/nb-13"
    )


# Those whose make-up differs; the e-mail field comes last, since only an address gets past it.
LOOKED_AT = (
    *("products", "single product", "video", "evil", "multiple select", "drop-down several", "range slider"),
    *("calendar with time", "date-time slots", "happiness rating", "location", "email"),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_box_has_no_accessibility_problem_that_axe_knows(page: Page, gallery_url: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    open_box(page, gallery_url)
    found = accessibility_problems(page)
    for name in LOOKED_AT:
        say(page, name)
        expect(page.locator(".ours").last).to_contain_text(name)
        expect(page.locator(".typing")).to_have_count(0)
        found += [f"{name}: {problem}" for problem in accessibility_problems(page)]

    assert not found, "\n".join(found)


def test_on_a_phone_the_box_fills_the_screen(page: Page, gallery_url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    open_box(page, gallery_url)

    assert page.locator(".panel").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(page.get_by_role("dialog")).to_have_attribute("aria-modal", "true")
    say(page, "calendar")
    expect(page.get_by_role("button", name="Book")).to_be_in_viewport()
