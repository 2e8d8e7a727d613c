"""Answers to every input card: the card's own value, typed text in both languages, and what is refused how."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motenashi.conversation.answer_words import SENTENCES
from motenashi.conversation.answers import Answer, Wrong, read_answer
from motenashi.conversation.input_cards import (
    Calendar,
    DateTimeSlots,
    DropDown,
    HappinessRating,
    InputCard,
    Like,
    LocationInput,
    MultipleSelect,
    Option,
    RangeCalendar,
    RangeSlider,
    Select,
    Slider,
    StarRating,
    TextInput,
    TimeSlots,
    Upload,
)
from motenashi.conversation.message import Attachment

NOW = datetime(2026, 11, 1, 23, 0, tzinfo=ZoneInfo("UTC"))  # Monday the 2nd, 08:00, in Tokyo


def answered(card: InputCard, text: str = "", data: dict[str, Any] | None = None, language: str = "en") -> Any:
    found = read_answer(card, text, data or {}, language=language, now=NOW, time_zone="Asia/Tokyo")
    return found.value if isinstance(found, Answer) else found.reason


TEXTS: list[tuple[TextInput, str, Any]] = [
    (TextInput(), "  The screen flickers\n", "The screen flickers"),
    (TextInput(), "a\x00b\x07", "ab"),
    (TextInput(shortest=3), "ab", "too_short"),
    (TextInput(longest=3), "abcd", "too_long"),
    (TextInput(), "a" * 10_001, "too_long"),
    (TextInput(letters_only=True), "Ōsaka-shi サーバー", "Ōsaka-shi サーバー"),
    (TextInput(letters_only=True), "agent 47", "letters_only"),
    (TextInput("name"), "My name is Mina Okafor.", "Mina Okafor"),
    (TextInput("name"), "森 はるかと申します。", "森 はるか"),
    (TextInput("name"), "O’Neill", "O’Neill"),
    (TextInput("name"), "12345", "not_name"),
    (TextInput("name"), "mina@example.org", "not_name"),
    (TextInput("name"), "What do you need it for?", "not_name"),
    (TextInput("email"), "mina@Example.ORG", "mina@example.org"),
    (TextInput("email"), "it's mina.o+shop@mail.example.org, thanks", "mina.o+shop@mail.example.org"),
    (TextInput("email"), "ｍｉｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "mina@example.org"),
    (TextInput("email"), "メールはmina＠example.orgです", "mina@example.org"),
    (TextInput("email"), "mina@example", "not_email"),
    (TextInput("email"), "mina..o@@example.org", "not_email"),
    (TextInput("email"), "a@example.org or b@example.org", "not_email"),
    (TextInput("email"), "!" * 9_000, "not_email"),
    (TextInput("tel"), "+81 (0)90-1234-5678", "+819012345678"),
    (TextInput("tel"), "０９０－１２３４－５６７８", "09012345678"),
    (TextInput("tel"), "my number is 03-1234-5678", "0312345678"),
    (TextInput("tel"), "+44 20 7946 0018", "+442079460018"),
    (TextInput("tel"), "+81 12", "not_phone"),
    (TextInput("tel"), "0000000", "not_phone"),
    (TextInput("tel"), "call me", "not_phone"),
    (TextInput("tel"), "1234567890123456", "not_phone"),
    (TextInput("url"), "www.example.org/path?a=1", "https://www.example.org/path?a=1"),
    (TextInput("url"), "http://example.org:8080", "http://example.org:8080"),
    (TextInput("url"), "https://例え.テスト", "https://例え.テスト"),
    (TextInput("url"), "javascript:alert(1)", "not_url"),
    (TextInput("url"), "ftp://example.org", "not_url"),
    (TextInput("url"), "https://user@example.org", "not_url"),
    (TextInput("url"), "http://[", "not_url"),
    (TextInput("url"), "not a page", "not_url"),
    (TextInput("number"), "１，２００", 1200),
    (TextInput("number"), "about 20 people", 20),
    (TextInput("number"), "約30名です", 30),
    (TextInput("number"), "2万円", 20_000),
    (TextInput("number"), "-3.5", -3.5),
    (TextInput("number"), "between 5 and 10", "not_number"),
    (TextInput("number"), "I asked 2 weeks ago and nobody answered", "not_number"),
    (TextInput("number"), "many", "not_number"),
    (TextInput("number", low=1, high=10), "11", "between"),
    (TextInput("number", low=1), "0", "at_least"),
    (TextInput("number", high=10), "10.5", "at_most"),
    (TextInput("number", decimals=0), "1.5", "whole_number"),
    (TextInput("number", decimals=0), "3.0", 3),
    (TextInput("number", decimals=2), "1.234", "decimals"),
]


@pytest.mark.parametrize(("card", "text", "value"), TEXTS)
def test_typed_text_is_read_in_the_cards_format(card: TextInput, text: str, value: Any) -> None:
    found = answered(card, text)

    assert (found, type(found)) == (value, type(value))


FLAT = ("RAM", "Disk", "Dock")
PLANS = DropDown((Option("s", "Starter"), Option("p", "Plus, yearly"), Option("e", "エンタープライズ")))
SEVERAL_PLANS = DropDown(PLANS.options, multiple=True, at_most=2)

CHOICES: list[tuple[InputCard, str, dict[str, Any], Any]] = [
    (Select(FLAT), "RAM", {"type": "select", "value": "RAM"}, "RAM"),
    (Select(FLAT), " ｄｉｓｋ！", {}, "Disk"),
    (Select(FLAT), "2", {}, "Disk"),
    (Select(FLAT), "4", {}, "one_of"),
    (Select(FLAT), "something else", {"value": "Toaster"}, "one_of"),
    (Select(FLAT), "disk", {"value": {"a": 1}}, "Disk"),
    (Select(("2 users", "5 users")), "2", {}, "one_of"),
    (Select(("サポート", "販売")), "さぽーと", {}, "サポート"),
    (Select(("C", "C++")), "c++", {}, "C++"),
    (Slider(("10", "1,000")), "１０００", {}, "1,000"),
    (Slider(("10", "20")), "15", {}, "one_of"),
    (MultipleSelect(FLAT), "Dock, RAM", {}, ["RAM", "Dock"]),
    (MultipleSelect(FLAT), "RAMとディスク", {}, "some_of"),
    (MultipleSelect(FLAT), "ram and dock", {}, ["RAM", "Dock"]),
    (MultipleSelect(FLAT), "ＲＡＭ、ＤＩＳＫ", {"values": ["RAM", "Disk"]}, ["RAM", "Disk"]),
    (MultipleSelect(FLAT), "", {"values": ["RAM", "Toaster"]}, "some_of"),
    (MultipleSelect(FLAT, at_most=1), "RAM, Disk", {}, "pick_at_most"),
    (MultipleSelect(FLAT, at_least=2), "RAM, RAM", {}, "pick_at_least"),
    (MultipleSelect(("A, B", "C")), "A, B, C", {}, ["A, B", "C"]),
    (PLANS, "Plus, yearly", {"type": "drop-down", "value": "p", "label": "Plus, yearly"}, "p"),
    (PLANS, "starter", {}, "s"),
    (PLANS, "ｴﾝﾀｰﾌﾟﾗｲｽﾞ", {}, "e"),
    (PLANS, "gold", {"value": "gold"}, "one_of"),
    (SEVERAL_PLANS, "Starter, Plus, yearly", {}, ["s", "p"]),
    (SEVERAL_PLANS, "", {"values": ["e", "s"]}, ["s", "e"]),
    (SEVERAL_PLANS, "", {"values": ["e", "s", "p"]}, "pick_at_most"),
    (RangeSlider(("10", "20", "30")), "10 - 30", {"from": "10", "to": "30"}, {"from": "10", "to": "30"}),
    (RangeSlider(("10", "20", "30")), "30から20まで", {}, {"from": "20", "to": "30"}),
    (RangeSlider(("a-b", "c-d")), "a-b - c-d", {}, {"from": "a-b", "to": "c-d"}),
    (RangeSlider(("10", "20", "30")), "", {"from": "10", "to": "99"}, "two_of"),
    (StarRating(), "4", {"value": 4, "level": 5}, 4),
    (StarRating(), "★★★☆☆", {}, 3),
    (StarRating(), "４点", {}, 4),
    (StarRating(10), "9/10", {}, 9),
    (StarRating(5), "9/10", {}, "not_rating"),
    (StarRating(), "", {"value": 99}, "not_rating"),
    (StarRating(), "", {"value": True}, "not_rating"),
    (HappinessRating(), ":rating-happy:", {}, 4),
    (HappinessRating(), ":rating-angry:", {"value": 1, "level": 5}, 1),
    (HappinessRating(3), ":rating-excited:", {}, 3),
    (HappinessRating(), "満足", {}, 4),
    (HappinessRating(), "☹️", {}, 2),
    (HappinessRating(3), "5", {}, "not_rating"),
    (Like(), ":thumbsup:", {"value": "like"}, "like"),
    (Like(), ":thumbsdown:", {}, "dislike"),
    (Like(), "👍🏽", {}, "like"),
    (Like(), "良くない", {}, "dislike"),
    (Like(), "perhaps", {}, "not_like"),
    (LocationInput(), "35.68, 139.76", {}, {"latitude": 35.68, "longitude": 139.76}),
    (
        LocationInput(),
        "1-1 Chiyoda, Tokyo",
        {"latitude": "35.68", "longitude": "139.76"},
        {"latitude": 35.68, "longitude": 139.76, "address": "1-1 Chiyoda, Tokyo"},
    ),
    (LocationInput(), "東京都千代田区1-1", {}, {"address": "東京都千代田区1-1"}),
    (LocationInput(), "", {"latitude": "NaN", "longitude": "1"}, "not_place"),
    (LocationInput(), "99.0, 10.0", {}, "not_place"),
    (LocationInput("", "35.68", "139.76", 10.0), "34.69, 135.50", {}, "too_far"),
]


@pytest.mark.parametrize(("card", "text", "data", "value"), CHOICES)
def test_a_choice_is_one_of_those_offered(card: InputCard, text: str, data: dict[str, Any], value: Any) -> None:
    assert answered(card, text, data) == value


SPRING = Calendar(first="2026-11-02", last="2026-12-24")
MEETING = Calendar(time=True, first="2026-11-02", choose_zone=True)
RANGE = RangeCalendar(first="2026-11-02")
SLOTS = TimeSlots(("09:30", "10:00"), "2026-11-03", "Asia/Tokyo", choose_zone=True)
DAYS = DateTimeSlots({"2026-11-03": ("09:30",), "2026-11-04": ("13:00", "13:30")}, "Asia/Tokyo")

IN_PARIS = {"time_zone_id": "Europe/Paris"}

DATES: list[tuple[InputCard, str, dict[str, Any], str, Any]] = [
    (SPRING, "03/11/2026", {"value": "2026-11-03T00:00:00+09:00"}, "en", "2026-11-03"),
    (SPRING, "03/11/2026", {}, "ja", "2026-11-03"),
    (SPRING, "2026-11-03", {}, "en", "2026-11-03"),
    (SPRING, "２０２６年１１月３日", {}, "ja", "2026-11-03"),
    (SPRING, "令和8年11月3日でお願いします", {}, "ja", "2026-11-03"),
    (SPRING, "11/3", {}, "ja", "2026-11-03"),
    (SPRING, "3/12", {}, "en", "2026-12-03"),  # the other meaning, 12 March, is out of bounds
    (Calendar(), "11/3", {}, "en", "which_date"),
    (Calendar(), "25/3", {}, "en", "2027-03-25"),
    (SPRING, "Nov 3rd, please", {}, "en", "2026-11-03"),
    (SPRING, "the 3rd of November 2026", {}, "en", "2026-11-03"),
    (Calendar(), "maybe 3", {}, "en", "not_date"),
    (SPRING, "tomorrow", {}, "en", "2026-11-03"),
    (SPRING, "明後日で", {}, "ja", "2026-11-04"),
    (SPRING, "day after tomorrow", {}, "en", "2026-11-04"),
    (SPRING, "yesterday", {}, "en", "date_between"),
    (RANGE, "2026-11-03", {}, "en", "two_dates"),
    (Calendar(last="2026-11-30"), "2026-12-01", {}, "en", "date_until"),
    (Calendar(first="2026-11-30"), "2026-11-01", {}, "en", "date_from"),
    (SPRING, "3 or 4 November", {}, "en", "2026-11-04"),
    (SPRING, "3 November or 4 November", {}, "en", "not_date"),
    (SPRING, "", {"value": "2030-01-01"}, "en", "date_between"),
    (SPRING, "", {"value": "2026-99-99"}, "en", "not_date"),
    (SPRING, "", {"epoch_ms": 1793664000000}, "en", "2026-11-03"),
    (SPRING, "", {"epoch_ms": 1e300}, "en", "not_date"),
    (MEETING, "03/11/2026 09:30", {}, "en", "2026-11-03T09:30:00+09:00"),
    (MEETING, "11月3日の午後3時半", {}, "ja", "2026-11-03T15:30:00+09:00"),
    (MEETING, "tomorrow at 3 pm", {}, "en", "2026-11-03T15:00:00+09:00"),
    (MEETING, "tomorrow", {}, "en", "no_time"),
    (MEETING, "tomorrow at 25:00", {}, "en", "no_time"),
    (
        MEETING,
        "",
        {"value": "2026-11-03T09:30:00", "time_zone_id": "Europe/Paris"},
        "en",
        "2026-11-03T09:30:00+01:00",
    ),
    (MEETING, "", {"value": "2026-11-03T09:30:00", "time_zone_id": "Mars/Base"}, "en", "2026-11-03T09:30:00+09:00"),
    (RANGE, "03/11/2026 - 05/11/2026", {}, "en", {"from": "2026-11-03", "to": "2026-11-05"}),
    (RANGE, "11月3日から11月5日まで", {}, "ja", {"from": "2026-11-03", "to": "2026-11-05"}),
    (RANGE, "5 Nov to 3 Nov", {}, "en", "reversed"),
    (
        RANGE,
        "",
        {"from": {"value": "2026-11-03"}, "to": {"value": "2026-11-05"}},
        "en",
        {"from": "2026-11-03", "to": "2026-11-05"},
    ),
    (RANGE, "", {"from": "2026-11-03", "to": "2026-11-05"}, "en", {"from": "2026-11-03", "to": "2026-11-05"}),
    (RANGE, "", {"from": "2026-11-01", "to": "2026-11-05"}, "en", "date_from"),
    (SLOTS, "09:30", {"date": "03/11/2026", "time": "09:30"}, "en", "2026-11-03T09:30:00+09:00"),
    (SLOTS, "10時でお願いします", {}, "ja", "2026-11-03T10:00:00+09:00"),
    (SLOTS, "11:00", {}, "en", "not_offered"),
    (SLOTS, "", {"date": "04/11/2026", "time": "09:30"}, "en", "not_offered"),
    (SLOTS, "", {"date": "03/11/2026", "time": "01:30", **IN_PARIS}, "en", "2026-11-03T09:30:00+09:00"),
    (TimeSlots(("09:30",)), "9:30", {}, "en", "09:30"),
    (TimeSlots(("09:30",)), "soon", {}, "en", "not_offered"),
    (DAYS, "04/11/2026 13:30", {}, "en", "2026-11-04T13:30:00+09:00"),
    (DAYS, "", {"date": "2026-11-03", "time": "09:30"}, "en", "2026-11-03T09:30:00+09:00"),
    (DAYS, "11月4日の13時", {}, "ja", "2026-11-04T13:00:00+09:00"),
    (DAYS, "4/11 1:30 pm", {}, "en", "2026-11-04T13:30:00+09:00"),
    (DAYS, "tomorrow", {}, "en", "2026-11-03T09:30:00+09:00"),
    (DAYS, "4 November", {}, "en", "not_offered"),
    (DAYS, "13:00", {}, "en", "2026-11-04T13:00:00+09:00"),
    (DAYS, "", {"date": "01/01/0001", "time": "00:00"}, "en", "not_offered"),
    (DAYS, "whenever", {}, "en", "not_offered"),
]  # fmt: skip


@pytest.mark.parametrize(("card", "text", "data", "language", "value"), DATES)
def test_a_day_or_time_is_read_and_kept_within_bounds(
    card: InputCard, text: str, data: dict[str, Any], language: str, value: Any
) -> None:
    assert answered(card, text, data, language) == value


EVERY_CARD: list[Any] = [
    *{card for card, *_ in TEXTS},
    *[card for card, *_ in CHOICES if not isinstance(card, str)],
    *[card for card, *_ in DATES],
    Upload(),
]


def test_a_card_that_may_be_skipped_takes_a_skip_in_both_languages() -> None:
    for data, text in (({"skipped": True}, ""), ({}, "Skip"), ({}, "スキップ")):
        found = read_answer(Select(FLAT, skippable=True), text, data, language="en", now=NOW, time_zone="Asia/Tokyo")
        assert found == Answer(None, "", skipped=True)
    assert answered(Select(FLAT), "", {"skipped": True}) == "needed"
    assert answered(TextInput(), "") == "needed"


def test_what_people_read_is_in_their_language() -> None:
    def text(language: str) -> str:
        found = read_answer(MEETING, "11/3 9:30", {}, language=language, now=NOW, time_zone="Asia/Tokyo")
        return found.text if isinstance(found, Answer) else found.sentence(language)

    assert text("ja-JP") == "2026年11月3日 09:30"
    assert text("en") == (
        "I am not sure which date you mean: 11 March 2027 or 3 November 2026? Please write the month as a word."
    )


def test_files_are_counted_and_their_kind_is_checked() -> None:
    card = Upload(most_files=1, accept=("image/*", "application/pdf"))
    image = Attachment("a.png", "/u/1", "image/PNG", 10, "1")

    def sent(*files: Attachment) -> Any:
        found = read_answer(card, "", {}, language="en", now=NOW, time_zone="", attachments=files)
        return found.value if isinstance(found, Answer) else found.reason

    assert sent(image) == [{"name": "a.png", "url": "/u/1", "type": "image/PNG", "size": 10, "id": "1"}]
    assert sent(image, image) == "too_many_files"
    assert sent(Attachment("a.exe", type="application/x-msdownload")) == "wrong_file"
    assert sent() == "no_file"


def test_every_sentence_is_there_in_both_languages_and_every_reason_is_reached() -> None:
    cases = [(card, text, {}) for card, text, _ in TEXTS]
    cases += [(card, text, data) for card, text, data, _ in CHOICES]
    cases += [(card, text, data) for card, text, data, *_ in DATES]
    found = [read_answer(*case, language="en", now=NOW, time_zone="Asia/Tokyo") for case in cases]
    reached = {answer.reason for answer in found if isinstance(answer, Wrong)}

    assert set(SENTENCES) - reached == {"needed", "no_file", "too_many_files", "wrong_file"}
    for answer in found:
        if isinstance(answer, Wrong):
            assert set(answer.message) == {"en", "ja"}
            assert all("{" not in sentence and len(sentence) < 300 for sentence in answer.message.values())


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
KEYS = ("value", "values", "from", "to", "date", "time", "time_zone_id", "epoch_ms", "latitude", "longitude", "label")


@pytest.mark.parametrize("piece", ["a", "1 - ", "-", "1/1 ", "a.@", "1,1,", "と", "!", "0 ", "ｶﾞ"])
def test_a_very_long_text_is_read_like_any_other(piece: str) -> None:
    one_of_each = {(type(card), getattr(card, "format", "")): card for card in EVERY_CARD}
    for card in one_of_each.values():
        text = piece * (10_000 // len(piece))
        assert answered(card, text, {"value": text}) != ""


@given(
    st.sampled_from(EVERY_CARD),
    st.text(max_size=60) | st.from_regex(r"[0-9/:月日年時半〜 -]{1,20}", fullmatch=True),
    st.dictionaries(st.sampled_from([*KEYS, "skipped"]), values, max_size=4),
    st.sampled_from(["en", "ja", ""]),
)
def test_whatever_is_sent_gives_an_answer_or_a_sentence(
    card: InputCard, text: str, data: dict[str, Any], language: str
) -> None:
    found = read_answer(card, text, data, language=language, now=NOW, time_zone="Asia/Tokyo")

    assert isinstance(found, Answer) or found.sentence(language)
