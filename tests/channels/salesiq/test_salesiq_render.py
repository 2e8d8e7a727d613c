"""Every card in the JSON that SalesIQ's documentation shows, on every channel; whatever a flow makes is valid."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motenashi.channels.salesiq.render import to_salesiq
from motenashi.channels.salesiq.reply_items import packed, split_text
from motenashi.channels.salesiq.settings import SalesIQSettings
from motenashi.channels.salesiq.target import Target, target_of
from motenashi.conversation import display_cards as show
from motenashi.conversation import input_cards as ask
from motenashi.conversation.reply import Action, Reply
from tests.plain_inside import says
from tests.reply_strategies import replies
from tests.salesiq_door import RESPONSES
from tests.salesiq_rules import ProtocolViolation, check_response

SHOP = "https://shop.example.com"
CHANNELS = ("Website", "Facebook", "Instagram", "WhatsApp", "Telegram", "LINE")


def target(channel: str = "Website", language: str = "en", **options: Any) -> Target:
    return target_of(
        SalesIQSettings(public_url=SHOP, departments={"sales": "301550000000002017"}, **options), channel, language
    )


def rendered(reply: Reply, channel: str = "Website", **options: Any) -> dict[str, Any]:
    data = to_salesiq(reply, target(channel, reply.language, **options))
    check_response(data, channel)
    RESPONSES.validate(data)
    return data


def card(input: ask.InputCard, channel: str = "Website", language: str = "en") -> dict[str, Any]:
    return rendered(says("Well?", input=input, language=language), channel)


def shown(display: show.Display, channel: str = "Website", **options: Any) -> list[Any]:
    found: list[Any] = rendered(Reply(displays=(display,)), channel, **options)["replies"]
    return found


DISPLAYS: list[tuple[show.Display, Any]] = [
    (show.Text("Hello"), "Hello"),
    (show.Text("Hello", "/a.png"), {"text": "Hello", "image": f"{SHOP}/a.png"}),
    (show.Image("/a.png", "A cat"), {"text": "A cat", "image": f"{SHOP}/a.png"}),
    (show.Image("/a.png"), {"text": "Picture", "image": f"{SHOP}/a.png"}),
    (
        show.Video("https://v.example.com/1", "Tour"),
        {"type": "video", "text": "Tour", "url": "https://v.example.com/1"},
    ),
    (
        show.File("/docs/data%20sheet.pdf"),
        {"type": "file", "text": "data sheet.pdf", "url": f"{SHOP}/docs/data%20sheet.pdf"},
    ),
    (
        show.Links((show.Link("/guide", "Guide", "/i.png"), show.Link("tel:+8131234", "Call")), "Read on", "/b.png"),
        {
            "type": "links",
            "text": "Read on",
            "links": [
                {"url": f"{SHOP}/guide", "text": "Guide", "icon": f"{SHOP}/i.png"},
                {"url": "tel:+8131234", "text": "Call"},
            ],
            "image": f"{SHOP}/b.png",
        },
    ),
    (
        show.Articles((show.Article("301", "A"), show.Article("302", "B")), "Help"),
        {"type": "articles", "text": "Help", "articles": ["301", "302"]},
    ),
    (
        show.Articles((show.Article("warranty", "Warranty", "/help/warranty"),), "Help"),
        {"type": "links", "text": "Help", "links": [{"url": f"{SHOP}/help/warranty", "text": "Warranty"}]},
    ),
    (
        show.Products(
            (
                show.ProductTile("nb", "Hayate 14", "16 GB", "/nb.svg", "/p/nb"),
                show.ProductTile(
                    "m",
                    "Mouse",
                    image="/m.svg",
                    buttons=(show.Button("Compare", "cmp", "client_action", client_action="compare"),),
                ),
            ),
            "Look",
        ),
        {
            "type": "multiple-product",
            "text": "Look",
            "elements": [
                {
                    "id": "nb",
                    "title": "Hayate 14",
                    "image": f"{SHOP}/nb.svg",
                    "subtitle": "16 GB",
                    "actions": [{"label": "Open", "name": "open_nb", "type": "url", "link": f"{SHOP}/p/nb"}],
                },
                {
                    "id": "m",
                    "title": "Mouse",
                    "image": f"{SHOP}/m.svg",
                    "actions": [
                        {"label": "Compare", "name": "cmp", "type": "client_action", "clientaction_name": "compare"}
                    ],
                },
            ],
        },
    ),
    (
        show.SingleProduct(
            "Hayate", (("1", "/1.svg"), ("2", "/2.svg")), "New", "Light", (show.Button("Open", "o", url="/p"),)
        ),
        {
            "type": "single-product",
            "text": "New",
            "title": "Hayate",
            "subtitle": "Light",
            "elements": [{"id": "1", "image": f"{SHOP}/1.svg"}, {"id": "2", "image": f"{SHOP}/2.svg"}],
            "actions": [{"label": "Open", "name": "o", "type": "url", "link": f"{SHOP}/p"}],
        },
    ),
    (
        show.Place(35.68, 139.76, "Our shop"),
        {"type": "location", "label": "Our shop", "latitude": "35.68", "longitude": "139.76"},
    ),
]


@pytest.mark.parametrize(("display", "expected"), DISPLAYS, ids=lambda value: type(value).__name__)
def test_a_display_card_has_its_documented_shape(display: show.Display, expected: Any) -> None:
    assert shown(display) == [expected]


INPUTS: list[tuple[ask.InputCard, dict[str, Any]]] = [
    (ask.TextInput("name"), {"type": "name", "placeholder": "Your name"}),
    (
        ask.TextInput("email", "you@example.org", "mina@example.org", ("Not an address",)),
        {"type": "email", "placeholder": "you@example.org", "value": "mina@example.org", "error": ["Not an address"]},
    ),
    (ask.TextInput("tel", skippable=True), {"type": "tel", "placeholder": "Phone number", "skippable": True}),
    (ask.TextInput("url", "Your site"), {"type": "url", "placeholder": "Your site"}),
    (ask.Select(("A", "B")), {"type": "select", "options": ["A", "B"]}),
    (ask.Select(("A", "B"), skippable=True), {"type": "select", "options": ["A", "B"], "skippable": True}),
    (
        ask.MultipleSelect(("RAM", "Disk", "Dock"), at_most=2),
        {"type": "multiple-select", "options": ["RAM", "Disk", "Dock"], "max_selection": 2},
    ),
    (ask.MultipleSelect(("RAM", "Disk"), at_most=1), {"type": "select", "options": ["RAM", "Disk"]}),
    (
        ask.DropDown((ask.Option("s", "Starter"), ask.Option("p", "Plus", True)), "Search", "Plans", True, 1, 2),
        {
            "type": "drop-down",
            "options": [{"value": "s", "label": "Starter"}, {"value": "p", "label": "Plus", "selected": True}],
            "placeholder": "Search",
            "select_label": "Plans",
            "multiple": True,
            "min_selection": 1,
            "max_selection": 2,
        },
    ),
    (ask.Slider(("1", "2", "3")), {"type": "slider", "values": ["1", "2", "3"]}),
    (ask.RangeSlider(("1", "2", "3")), {"type": "range-slider", "values": ["1", "2", "3"]}),
    (
        ask.Calendar(True, True, "2026-11-03", "2026-11-04", "Book", "Choose", "Asia/Tokyo"),
        {
            "type": "calendar",
            "time": True,
            "tz": True,
            "from": "1793631600000",
            "to": "1793804399000",
            "label": "Book",
            "select_label": "Choose",
        },
    ),
    (ask.RangeCalendar(), {"type": "range-calendar", "time": False}),
    (
        ask.TimeSlots(("10:00", "09:30"), "2026-11-03", "Asia/Tokyo", True, "Reserve"),
        {
            "type": "timeslots",
            "slots": ["09:30", "10:00"],
            "date": "03/11/2026",
            "time_zone_id": "Asia/Tokyo",
            "tz": True,
            "label": "Reserve",
        },
    ),
    (ask.TimeSlots(("10:00",)), {"type": "timeslots", "slots": ["10:00"]}),
    (
        ask.DateTimeSlots(
            {"2026-11-04": ("13:30", "13:00"), "2026-11-03": ("09:30",)}, "Asia/Tokyo", title="Pick a slot"
        ),
        {
            "type": "date-timeslots",
            "label": "Pick a slot",
            "time_zone_id": "Asia/Tokyo",
            "slots": {"03/11/2026": ["09:30"], "04/11/2026": ["13:00", "13:30"]},
        },
    ),
    (ask.StarRating(7), {"type": "star-rating", "level": 7}),
    (ask.HappinessRating(3, True), {"type": "happiness-rating", "level": 3, "set_conversation_rating": True}),
    (ask.Like(), {"type": "like"}),
    (ask.LocationInput("Here"), {"type": "location", "label": "Here"}),
]


@pytest.mark.parametrize(("input", "expected"), INPUTS, ids=lambda value: type(value).__name__)
def test_an_input_card_has_its_documented_shape(input: ask.InputCard, expected: dict[str, Any]) -> None:
    assert card(input) == {"action": "reply", "replies": ["Well?"], "input": expected}


@pytest.mark.parametrize(
    ("input", "expected"),
    [
        (
            ask.TextInput("number", low=1, high=5, errors=("1 to 5",)),
            {"validate": {"format": "number(1-5)", "error": ["1 to 5"]}},
        ),
        (ask.TextInput("number", decimals=0), {"validate": {"format": "number"}}),
        (ask.TextInput("text", letters_only=True, shortest=2, longest=9), {"validate": {"format": "string(2-9)"}}),
        (ask.TextInput("text", profile_field="phone"), {"field_name": "siq_phone"}),
        (ask.TextInput("text", profile_field="company"), {"field_name": "company"}),
    ],
)
def test_a_typed_answer_is_checked_and_kept_by_the_text_that_asks_for_it(
    input: ask.TextInput, expected: dict[str, Any]
) -> None:
    assert card(input) == {"action": "reply", "replies": [{"text": "Well?"} | expected]}


@pytest.mark.parametrize("format", ["text", "number"])
def test_what_only_the_flow_can_check_goes_out_as_a_plain_question(format: Any) -> None:
    assert card(ask.TextInput(format, shortest=2, decimals=2)) == {"action": "reply", "replies": ["Well?"]}


def test_chips_become_suggestions() -> None:
    assert rendered(says("Hi", chips=("A", "B"))) == {"action": "reply", "replies": ["Hi"], "suggestions": ["A", "B"]}


def test_buttons_that_say_something_join_the_chips() -> None:
    tiles = (show.ProductTile("1", "A", image="/a.svg", buttons=(show.Button("Ask about A", "a", "say"),)),)

    assert rendered(Reply(displays=(show.Products(tiles),), chips=("Menu",)))["suggestions"] == ["Menu", "Ask about A"]


def test_buttons_that_say_something_are_told_in_words_beside_an_input_card() -> None:
    tiles = (show.ProductTile("1", "A", image="/a.svg", buttons=(show.Button("Ask about A", "a", "say"),)),)
    reply = Reply(displays=(show.Products(tiles),), input=ask.StarRating())

    assert rendered(reply)["replies"][1] == "You can also write: Ask about A"


def test_more_chips_than_buttons_become_a_drop_down() -> None:
    labels = tuple(f"Choice {n}" for n in range(25))

    data = rendered(says("Hi", chips=labels))

    assert [option["label"] for option in data["input"]["options"]] == list(labels)


def test_more_options_than_a_drop_down_takes_are_all_listed() -> None:
    labels = tuple(f"Choice {n}" for n in range(300))

    data = rendered(says("Hi", input=ask.Select(labels)))

    assert "input" not in data
    assert all(label in "\n".join(data["replies"]) for label in labels)


def test_a_label_that_is_too_long_is_cut_on_the_button_and_whole_in_the_text() -> None:
    label = "A very long label " * 8

    data = rendered(says("Hi", chips=(label, "B")))

    assert data["suggestions"] == [label[:79].rstrip() + "…", "B"]
    assert f"1. {label}" in data["replies"][1]


def test_products_without_a_picture_are_told_in_words() -> None:
    tiles = (show.ProductTile("1", "A", "blue", url="/a"), show.ProductTile("2", "B", image="/b.svg"))

    data = rendered(Reply(displays=(show.Products(tiles, "Look"),)))

    assert data["replies"][0]["elements"] == [{"id": "2", "title": "B", "image": f"{SHOP}/b.svg"}]
    assert data["replies"][1] == f"A\nblue\n{SHOP}/a"


def test_an_address_that_could_run_a_script_is_never_sent() -> None:
    data = rendered(Reply(displays=(show.Links((show.Link("javascript:alert(1)", "Click"),)),)))

    assert data["replies"] == ["Click"]


def test_cards_of_unpublished_shape_are_avoided_when_the_operator_is_cautious() -> None:
    video = shown(show.Video("/v", "Tour"), cautious_cards=True)
    place = shown(show.Place(1, 2, "Here"), cautious_cards=True)
    product = shown(show.SingleProduct("A", (("1", "/1.svg"),)), cautious_cards=True)

    assert video == [{"type": "links", "text": "Tour", "links": [{"url": f"{SHOP}/v", "text": "Tour"}]}]
    assert place[0]["type"] == "links"
    assert product == [{"text": "A", "image": f"{SHOP}/1.svg"}]


def test_a_hand_over_names_the_department_by_salesiqs_id() -> None:
    reply = says("One moment", action=Action.FORWARD, department="sales", operators=("ken@example.org",))

    assert rendered(reply) == {
        "action": "forward",
        "replies": ["One moment"],
        "department": "301550000000002017",
        "operators": ["ken@example.org"],
    }


def test_a_department_that_salesiq_does_not_know_is_left_to_its_own_choice() -> None:
    assert "department" not in rendered(says("Hi", action=Action.FORWARD, department="garden"))


@pytest.mark.parametrize("action", [Action.END, Action.BLOCK, Action.OPERATOR_BUSY, Action.FORWARD, Action.PENDING])
def test_actions_other_than_reply_send_texts_only(action: Action) -> None:
    tiles = (show.ProductTile("1", "A", image="/a.svg", url="/a"),)

    data = rendered(Reply(displays=(show.Text("Bye"), show.Products(tiles)), action=action, chips=("A",)))

    assert data == {"action": action.value, "replies": ["Bye", f"A\n{SHOP}/a\n{SHOP}/a.svg"]}


def test_a_form_becomes_a_context_that_salesiq_asks_by_itself() -> None:
    form = ask.Form(
        "callback",
        (
            ask.Question("name", ("Your name?",)),
            ask.Question("mail", ("Your mail?",), ask.TextInput("email")),
            ask.Question("when", ("When?",), ask.TimeSlots(("10:00",))),
        ),
    )

    assert rendered(says("Let us call you.", form=form)) == {
        "action": "context",
        "replies": [],
        "context_id": "callback",
        "questions": [
            {"name": "name", "replies": ["Let us call you.", "Your name?"]},
            {"name": "mail", "replies": ["Your mail?"], "input": {"type": "email", "placeholder": "you@example.com"}},
            {"name": "when", "replies": ["When?"], "input": {"type": "timeslots", "slots": ["10:00"]}},
        ],
    }


def test_a_card_without_words_gets_some_in_the_visitors_language() -> None:
    assert rendered(Reply(input=ask.Select(("A",)), language="ja"))["replies"] == ["お選びください。"]


# Channels that show texts and a few buttons only


def test_a_messenger_gets_ratings_as_buttons() -> None:
    assert card(ask.StarRating(3), "WhatsApp")["suggestions"] == ["1", "2", "3"]
    assert card(ask.HappinessRating(3), "LINE")["suggestions"] == ["🙁", "😐", "🙂"]
    assert card(ask.Like(), "Facebook")["suggestions"] == ["👍", "👎"]


def test_a_messenger_gets_dates_as_a_question() -> None:
    assert card(ask.Calendar(), "WhatsApp")["replies"][1] == "Please type the date, for example 2026-11-03."
    assert "2026-11-03 14:30" in card(ask.Calendar(time=True), "LINE", "ja")["replies"][1]


def test_a_messenger_gets_more_options_than_buttons_as_a_numbered_list() -> None:
    labels = tuple(f"Choice {n}" for n in range(1, 16))

    data = card(ask.Select(labels), "WhatsApp")

    assert data["suggestions"] == list(labels[:10])
    assert "15. Choice 15" in data["replies"][1]


def test_a_messenger_gets_several_choices_as_a_list_to_type_from() -> None:
    data = card(ask.MultipleSelect(("RAM", "Disk")), "Telegram", "ja")

    assert data["replies"][1:] == ["1. RAM\n2. Disk", "ご希望のものを、「、」で区切って入力してください（複数可）。"]


def test_a_messenger_gets_products_as_pictures_with_words() -> None:
    tiles = (show.ProductTile("1", "A", "blue", "/a.svg", "/a"),)

    assert shown(show.Products(tiles, "Look"), "WhatsApp") == [
        "Look",
        {"text": f"A\nblue\n{SHOP}/a", "image": f"{SHOP}/a.svg"},
    ]


def test_where_there_is_no_button_to_skip_words_say_how() -> None:
    typed = card(ask.TextInput("text", skippable=True))
    select = card(ask.Select(("A",), skippable=True), "LINE", "ja")

    assert typed["replies"][-1] == "To skip this question, write: skip"
    assert "スキップ" in select["replies"][-1]


def test_an_address_that_a_button_names_is_told_once() -> None:
    tile = show.ProductTile("1", "A", url="/a", buttons=(show.Button("View", "v", url="/a"),))

    assert shown(show.Products((tile,)), "LINE") == [f"A\nView: {SHOP}/a"]


@pytest.mark.parametrize("channel", CHANNELS[1:])
@pytest.mark.parametrize("input", [pair[0] for pair in INPUTS], ids=lambda value: type(value).__name__)
def test_a_messenger_is_asked_everything_in_words(input: ask.InputCard, channel: str) -> None:
    assert "input" not in card(input, channel)


# Limits


def test_a_long_text_is_split_at_the_end_of_a_sentence() -> None:
    text = "これは長い文です。" * 1000

    pieces = split_text(text, 5000)

    assert "".join(pieces) == text
    assert all(piece.endswith("。") and len(piece) <= 5000 for piece in pieces)


def test_too_many_texts_are_joined_and_none_is_lost() -> None:
    texts = [f"Line {n}" for n in range(40)]

    replies = rendered(says(*texts))["replies"]

    assert len(replies) == 10
    assert [text for text in texts if text not in "\n\n".join(replies).split("\n\n")] == []


def test_too_many_cards_become_text_before_any_is_lost() -> None:
    displays = tuple(show.Links((show.Link(f"/{n}", f"Page {n}"),), f"Card {n}") for n in range(15))

    said = json.dumps(rendered(Reply(displays=displays)))

    assert all(f"Page {n}" in said and f"{SHOP}/{n}" in said for n in range(15))


def test_the_question_that_is_checked_stays_the_last_reply() -> None:
    reply = says(*(f"Line {n}" for n in range(20)), input=ask.TextInput("number", decimals=0))

    assert rendered(reply)["replies"][-1] == {"text": "Line 19", "validate": {"format": "number"}}


def test_nothing_is_joined_that_fits() -> None:
    assert packed(["a", {"text": "b"}, "c"], 5000) == ["a", {"text": "b"}, "c"]


# Whatever a flow makes


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(reply=replies(), channel=st.sampled_from(CHANNELS), cautious=st.booleans())
def test_every_reply_of_a_flow_becomes_a_valid_answer(reply: Reply, channel: str, cautious: bool) -> None:
    if channel == "Instagram" and reply.action is Action.PENDING:  # the door never lets that happen
        reply = replace(reply, action=Action.REPLY)

    data = rendered(reply, channel, cautious_cards=cautious)

    json.dumps(data, ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"replies": []},
        {"action": "reply"},
        {"action": "dance", "replies": []},
        {"action": "reply", "replies": [], "input": {"type": "like"}, "suggestions": ["A"]},
        {"action": "reply", "replies": [""]},
        {"action": "reply", "replies": ["a"], "extra": 1},
        {"action": "reply", "replies": ["a"], "suggestions": ["x" * 81]},
        {"action": "reply", "replies": [], "input": {"type": "timeslots", "slots": ["9:30"]}},
        {"action": "reply", "replies": [], "input": {"type": "star-rating", "level": 11}},
        {"action": "end", "replies": [{"type": "file", "text": "a", "url": "https://a.example"}]},
        {"action": "context", "replies": [], "context_id": "", "questions": []},
    ],
    ids=str,
)
def test_schema_and_rules_both_notice_a_wrong_answer(wrong: dict[str, Any]) -> None:
    assert not RESPONSES.is_valid(wrong)
    with pytest.raises(ProtocolViolation):
        check_response(wrong)
