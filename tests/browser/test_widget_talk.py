"""The chat box in a real browser: a whole talk by keyboard, both languages, nothing lost, nothing run."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import RestartableServer
from tests.channels.widget.card_gallery import EVIL, Gallery

pytestmark = pytest.mark.browser


def open_box(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Chat with us").click()
    expect(page.get_by_text("Which card would you like to see?")).to_be_visible()


def say(page: Page, text: str) -> None:
    page.get_by_role("dialog").locator("textarea").fill(text)
    page.keyboard.press("Enter")


def answers(page: Page) -> list[str]:
    return page.locator(".theirs .bubble", has_text="You answered").all_inner_texts()


def test_a_whole_conversation_by_keyboard_alone(page: Page, gallery_url: str) -> None:
    page.goto(gallery_url)
    expect(page.get_by_role("button", name="Chat with us")).to_be_visible()
    page.keyboard.press("Tab")  # the page's own link
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Chat")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your message")).to_be_focused()

    page.keyboard.type("star rating")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="1 of 5 stars")).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text('"value": 4')).to_be_visible()

    expect(page.get_by_role("button", name="text", exact=True)).to_be_focused()  # the first suggestion
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # "name"
    expect(page.get_by_role("textbox", name="Your answer")).to_be_focused()
    page.keyboard.type("Haruka Mori")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You answered: Haruka Mori")).to_be_visible()

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Chat with us")).to_be_focused()


def test_the_focus_is_not_taken_from_somebody_who_writes(page: Page, gallery_url: str) -> None:
    def take_time(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/widget/conversations", take_time)
    page.goto(gallery_url)
    page.get_by_role("button", name="Chat with us").click()
    field = page.get_by_role("textbox", name="Your message")
    expect(field).to_be_focused()
    expect(page.get_by_role("button", name="text", exact=True)).to_be_visible()
    expect(field).to_be_focused()

    say(page, "links")
    expect(page.get_by_role("link", name="Our services")).to_be_visible()
    expect(field).to_be_focused()


def test_new_messages_are_read_aloud_with_who_said_them(page: Page, gallery_url: str) -> None:
    open_box(page, gallery_url)
    say(page, "hello")

    log = page.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log.locator("article").first).to_contain_text("Assistant:")
    expect(log.locator("article").nth(1)).to_contain_text("You:")


def test_the_page_speaks_japanese_where_the_page_is_japanese(page: Page, gallery_url: str) -> None:
    page.goto(f"{gallery_url}/ja")
    page.get_by_role("button", name="チャットで相談").click()

    expect(page.get_by_text("どのカードをご覧になりますか")).to_be_visible()
    page.get_by_role("textbox", name="メッセージ").fill("email")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Please answer: email")).to_be_visible()
    say(page, "違います")
    expect(page.get_by_role("alert")).to_have_text("No address yet.")
    say(page, "")
    expect(page.get_by_role("button", name="送信")).to_be_visible()
    assert page.locator(".panel").get_attribute("lang") == "ja"


def test_enter_that_confirms_a_japanese_conversion_does_not_send(page: Page, gallery_url: str) -> None:
    open_box(page, gallery_url)
    field = page.get_by_role("textbox", name="Your message")
    field.fill("にほんご")

    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})

    expect(field).to_have_value("にほんご")
    expect(page.locator(".ours")).to_have_count(0)


def test_what_is_wrong_is_announced_and_who_insists_is_heard(page: Page, gallery_url: str) -> None:
    open_box(page, gallery_url)
    say(page, "email")
    field = page.get_by_role("textbox", name="Your answer")
    expect(field).to_be_visible()

    say(page, "haruka at example")
    expect(page.get_by_role("alert")).to_have_text("No address yet.")
    expect(field).to_have_attribute("aria-invalid", "true")
    say(page, "haruka@example")
    expect(page.get_by_role("alert")).to_have_text("Still no address.")
    page.keyboard.press("Enter")

    expect(page.get_by_text("You answered: haruka@example")).to_be_visible()


def test_a_reload_brings_everything_back(page: Page, gallery_url: str) -> None:
    open_box(page, gallery_url)
    say(page, "star rating")
    expect(page.get_by_role("radio")).to_have_count(5)

    page.reload()

    expect(page.get_by_role("dialog", name="Chat")).to_be_visible()
    expect(page.locator(".ours")).to_have_text("You: star rating")
    expect(page.get_by_role("radio")).to_have_count(5)


def test_the_next_page_of_the_site_goes_on_with_the_talk(page: Page, gallery_url: str) -> None:
    open_box(page, gallery_url)
    say(page, "links")
    page.get_by_role("link", name="Our services").click()

    expect(page).to_have_url(f"{gallery_url}/services")
    expect(page.locator(".ours")).to_have_text("You: links")


def test_a_closed_box_stays_closed_after_a_reload_and_loads_nothing_more(page: Page, gallery_url: str) -> None:
    open_box(page, gallery_url)
    page.get_by_role("button", name="Close the chat").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.reload(wait_until="networkidle")

    assert [url.removeprefix(gallery_url) for url in asked if "widget" in url] == ["/widget.js"]
    expect(page.get_by_role("button", name="Chat with us")).to_be_visible()


def test_a_server_killed_in_mid_conversation_gets_the_words_once_when_it_is_back(
    page: Page, restartable: RestartableServer
) -> None:
    open_box(page, restartable.url)
    say(page, "hello before")
    expect(page.get_by_text("You answered: hello before")).to_be_visible()

    restartable.kill()
    say(page, "hello during")
    say(page, "hello still")
    expect(page.get_by_text("Will be sent when the connection is back")).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="Nothing is lost")).to_be_visible()
    restartable.start()

    expect(page.get_by_text("You answered: hello still")).to_be_visible(timeout=20_000)
    assert answers(page) == [f"You answered: hello {when}" for when in ("before", "during", "still")]
    expect(page.get_by_text("Will be sent")).to_have_count(0)


def test_words_not_sent_when_the_page_went_away_are_sent_by_the_next_page(
    page: Page, restartable: RestartableServer
) -> None:
    open_box(page, restartable.url)
    page.route("**/messages", lambda route: route.abort())
    say(page, "do not lose me")
    expect(page.get_by_text("Will be sent when")).to_be_visible()
    page.get_by_role("button", name="Close the chat").click()

    page.unroute("**/messages")
    page.goto(f"{restartable.url}/other")
    page.get_by_role("button", name="Chat with us").click()

    expect(page.get_by_text("You answered: do not lose me")).to_be_visible(timeout=15_000)


def test_an_answer_lost_on_the_way_is_fetched_and_nothing_is_said_twice(page: Page, gallery_url: str) -> None:
    open_box(page, gallery_url)
    lost = {"count": 0}

    def lose_first_answer(route: Route) -> None:
        if route.request.method == "POST" and not lost["count"]:
            lost["count"] += 1
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/messages*", lose_first_answer)
    say(page, "hello once")

    expect(page.get_by_text("You answered: hello once")).to_be_visible(timeout=15_000)
    assert lost["count"] == 1
    assert len(answers(page)) == 1
    expect(page.locator(".ours")).to_have_count(1)


def test_a_conversation_the_server_no_longer_knows_begins_anew_with_the_unsent_words(
    page: Page, gallery_url: str
) -> None:
    open_box(page, gallery_url)
    page.evaluate("""() => {
        const key = "motenashi:gallery:held";
        const held = JSON.parse(localStorage.getItem(key));
        localStorage.setItem(key, JSON.stringify({...held, secret: "from-a-lost-key"}));
    }""")

    say(page, "still here")

    expect(page.get_by_text("You answered: still here")).to_be_visible()
    expect(page.get_by_text("Which card would you like to see?")).to_have_count(1)


def test_two_tabs_are_one_conversation(browser: Browser, gallery_url: str) -> None:
    context = browser.new_context()
    first, second = context.new_page(), context.new_page()
    open_box(first, gallery_url)
    open_box(second, f"{gallery_url}/other")

    say(first, "from the first")
    expect(second.get_by_text("You answered: from the first")).to_be_visible()
    say(second, "from the second")

    expect(first.get_by_text("You answered: from the second")).to_be_visible()
    assert answers(first) == answers(second)
    context.close()


def test_what_the_server_says_while_the_visitor_is_silent_arrives(
    page: Page, gallery_url: str, gallery: Gallery
) -> None:
    open_box(page, gallery_url)
    held = page.evaluate("JSON.parse(localStorage.getItem('motenashi:gallery:held'))")

    gallery.push(held["conversation"], "Are you still there?")

    expect(page.get_by_text("Are you still there?")).to_be_visible(timeout=15_000)


def test_nothing_that_anybody_writes_is_ever_run(page: Page, gallery_url: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    open_box(page, gallery_url)
    say(page, EVIL)
    expect(page.locator(".ours")).to_contain_text("<img src=x")
    say(page, "evil")
    expect(page.get_by_text("And now?")).to_have_count(2)

    assert page.title() == "Gallery"
    box = page.locator(".panel")
    assert box.locator("script, iframe, [onerror]").count() == 0
    addresses = box.locator("[href], [src]").evaluate_all("all => all.map(it => it.href || it.src)")
    assert [address for address in addresses if not address.startswith("http")] == []
    assert all(url.startswith(gallery_url) for url in requests)


def test_the_page_can_steer_the_box(page: Page, gallery_url: str, gallery: Gallery) -> None:
    page.add_init_script("""
        window.heard = [];
        window.motenashi = {ready: [chat => {
            chat.visitor({email: "tom.becker@example.com", name: "Tom"});
            chat.identify("good-token");
            chat.clientActions.compare = data => window.heard.push(["compare", data.title]);
            for (const event of ["open", "message", "identified"]) chat.on(event, () => window.heard.push([event]));
            chat.open();
        }]};
    """)
    page.goto(gallery_url)
    expect(page.get_by_text("Which card would you like to see?")).to_be_visible()
    say(page, "single product")
    page.get_by_role("button", name="Compare: AeroBook 14").click()

    heard = page.evaluate("window.heard")
    assert ["open"] in heard
    assert ["message"] in heard
    assert ["identified"] in heard
    assert ["compare", "AeroBook 14"] in heard
    assert gallery.messages[-1].visitor.name == "Tom"
    assert gallery.messages[-1].identity.email == "haruka.mori@example.com"


def test_another_person_at_the_same_browser_sees_nothing_of_the_one_before(page: Page, gallery_url: str) -> None:
    open_box(page, gallery_url)
    say(page, "my secret")
    expect(page.get_by_text("You answered: my secret")).to_be_visible()

    page.evaluate("motenashi.reset().then(() => motenashi.open())")

    expect(page.get_by_text("Which card would you like to see?")).to_be_visible()
    expect(page.get_by_text("my secret")).to_have_count(0)
    assert "my secret" not in page.evaluate("JSON.stringify({...localStorage})")


def test_a_new_conversation_can_be_begun(page: Page, gallery_url: str) -> None:
    open_box(page, gallery_url)
    say(page, "hello")
    expect(page.get_by_text("You answered: hello")).to_be_visible()

    page.get_by_role("button", name="Start a new conversation").click()

    expect(page.get_by_text("You answered: hello")).to_have_count(0)
    expect(page.get_by_text("Which card would you like to see?")).to_be_visible()


def test_an_ended_conversation_says_so(page: Page, gallery_url: str) -> None:
    open_box(page, gallery_url)
    say(page, "end")

    expect(page.get_by_role("status").filter(has_text="This conversation has ended.")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
