"""A raw row is told everything that is wrong with it at once, in words that help."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from jsonschema import Draft202012Validator

from crm_client.touch_channels import CHANNELS, STATUSES
from motenashi.insights.voice.text_touch import Segment
from motenashi.touchpoint_intake.channel_words import CHANNEL_WORDS, DIRECTIONS, SPEAKERS, STATUS_WORDS, plain_word
from motenashi.touchpoint_intake.field_readers import MOST_PROBLEMS
from motenashi.touchpoint_intake.read_row import RowReader
from motenashi.touchpoint_intake.row import Row, RowWrong, Who, as_json, from_json
from motenashi.touchpoint_intake.row_problem_words import _WORDS, told
from motenashi.touchpoint_intake.row_schema import touchpoints_schema
from tests.touchpoint_intake.intake_room import NOW, row

READER = RowReader()
SCHEMA = Draft202012Validator(touchpoints_schema())


def read(**more: Any) -> Row:
    return READER.read(row() | more, NOW).row


def wrong(**more: Any) -> list[tuple[str, str]]:
    with pytest.raises(RowWrong) as caught:
        READER.read(row() | more, NOW)
    return [(one.field, one.code) for one in caught.value.problems]


def words(**more: Any) -> str:
    with pytest.raises(RowWrong) as caught:
        READER.read(row() | more, NOW)
    return told(caught.value.problems[0])


@pytest.mark.parametrize(
    ("word", "channel"),
    [
        ("E-Mail", "email"),
        ("e_mail", "email"),
        ("Twitter", "x"),
        ("X (Twitter)", "x"),
        ("ＣＡＬＬ", "call"),
        ("Phone call", "call"),
        ("ウェビナー", "webinar"),
        ("Web会議", "meeting"),
        ("Website-Visit", "visit"),
        ("Online Meeting", "meeting"),
    ],
)
def test_everyday_words_for_channels(word: str, channel: str) -> None:
    assert read(channel=word, status="").channel == channel


@pytest.mark.parametrize(
    ("channel", "word", "status"),
    [
        ("ticket", "Resolved", "closed"),
        ("ticket", "On hold", "on_hold"),
        ("call", "not answered", "no_answer"),
        ("survey", "not-answered", "not_answered"),
        ("email", "opened", "opened"),
        ("ticket", "保留", "on_hold"),
        ("portal", "", ""),
    ],
)
def test_everyday_words_for_statuses(channel: str, word: str, status: str) -> None:
    assert read(channel=channel, status=word).status == status


def test_other_words_lead_to_words_of_ours_and_are_found_as_they_stand() -> None:
    assert set(CHANNEL_WORDS.values()) == set(CHANNELS)
    assert set(STATUS_WORDS.values()) <= {status for known in STATUSES.values() for status in known}
    for known in (CHANNEL_WORDS, STATUS_WORDS, SPEAKERS, DIRECTIONS):
        assert [word for word in known if plain_word(word) != word] == []


@pytest.mark.parametrize(
    ("more", "problems"),
    [
        ({"id": ""}, [("id", "missing")]),
        ({"id": "  "}, [("id", "missing")]),
        ({"id": "x" * 181}, [("id", "too_long")]),
        ({"id": "a\u202eb"}, [("id", "unseen_signs")]),
        ({"id": {"a": 1}}, [("id", "not_text")]),
        ({"source": "a:b"}, [("source", "colon")]),
        ({"source": None}, [("source", "missing")]),
        ({"channel": "webinr"}, [("channel", "unknown_channel")]),
        ({"status": "atended"}, [("status", "unknown_status")]),
        ({"channel": "portal", "status": "open"}, [("status", "no_status")]),
        ({"at": "2026-05-11T09:00:00"}, [("at", "not_time")]),
        ({"at": "yesterday"}, [("at", "not_time")]),
        ({"at": 1778490000}, [("at", "not_time")]),
        ({"at": "0001-01-01T00:00:00+14:00"}, [("at", "not_time")]),
        ({"at": "1969-12-31T00:00:00Z"}, [("at", "long_ago")]),
        ({"at": "2026-05-11T09:05:01Z"}, [("at", "future")]),
        ({"changed_at": "2027-05-11T09:05:01Z"}, [("changed_at", "future")]),
        ({"direction": "sideways"}, [("direction", "unknown_direction")]),
        ({"direction": ""}, [("direction", "no_direction")]),
        ({"signal": "yes"}, [("signal", "not_true_or_false")]),
        ({"signal": False}, [("direction", "two_directions")]),
        ({"who": {}}, [("who", "nobody")]),
        ({"who": {"email": ""}}, [("who", "nobody")]),
        ({"who": "ann"}, [("who", "not_who")]),
        ({"who": {"emial": "a@example.com"}}, [("who.emial", "unknown_field")]),
        ({"who": {"email": "ann"}}, [("who.email", "not_email")]),
        ({"who": {"phone": "call me"}}, [("who.phone", "not_phone")]),
        ({"who": {"external_id": {"system": "Desk"}}}, [("who.external_id", "not_external")]),
        ({"who": {"external_id": {"system": "a:b", "id": "1"}}}, [("who.external_id.system", "colon")]),
        ({"who": {"external_id": {"system": "=email", "id": "a@b.jp"}}}, [("who.external_id", "not_external")]),
        ({"sequence": -1}, [("sequence", "not_number")]),
        ({"pages": True}, [("pages", "not_number")]),
        ({"pages": 2**60}, [("pages", "not_number")]),
        ({"minutes": "soon"}, [("minutes", "not_number")]),
        ({"minutes": float("inf")}, [("minutes", "not_number")]),
        ({"minutes": 10**400}, [("minutes", "not_number")]),
        ({"minutes": 1, "duration_s": 61}, [("duration_s", "two_durations")]),
        ({"count": 1, "questions_answered": 2}, [("count", "two_counts")]),
        ({"score": 5}, [("score", "score_elsewhere")]),
        ({"channel": "survey", "status": "", "score": 11}, [("score", "not_number")]),
        ({"language": "Japanese!"}, [("language", "not_language")]),
        ({"text": 5}, [("text", "not_segments")]),
        ({"text": "x" * 100_001}, [("text", "too_long")]),
        ({"text": [{"speaker": "customer", "text": "x" * 60_000}] * 2}, [("text", "too_long")]),
        ({"text": [{"speaker": "nobody", "text": "x"}]}, [("text[0].speaker", "unknown_speaker")]),
        ({"text": ["x"]}, [("text[0]", "not_segments")]),
        ({"text": [{}] * 5_001}, [("text", "too_many")]),
        ({"chanel": "x", "titel": "y"}, [("chanel", "unknown_field"), ("titel", "unknown_field")]),
        ({"at": None, "channel": None}, [("channel", "missing"), ("at", "missing")]),
    ],
)
def test_what_is_wrong_is_told_by_field(more: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert wrong(**more) == problems


@pytest.mark.parametrize("raw", [None, 7, "x", [], True])
def test_what_is_no_object_is_told(raw: object) -> None:
    with pytest.raises(RowWrong) as caught:
        READER.read(raw, NOW)
    assert [one.code for one in caught.value.problems] == ["not_object"]


def test_a_wrong_row_keeps_its_name() -> None:
    with pytest.raises(RowWrong) as caught:
        READER.read(row(channel="x y z"), NOW)
    assert (caught.value.source, caught.value.row_id) == ("Webinars", "e1")


def test_words_that_help() -> None:
    assert words(channel="webinr") == "“webinr” is no channel. Did you mean “webinar”?"
    assert words(status="atended").endswith("Did you mean “attended”?")
    assert words(status="zzzz").endswith("There is: registered, attended, no_show.")
    assert "1 h 30 min ahead" in words(at=(NOW + timedelta(minutes=90)).isoformat())


def test_every_problem_has_words_in_both_languages_that_fit_its_values() -> None:
    for english, japanese in _WORDS.values():
        slots = {"kind", "value", "least", "most", "length", "channel", "ahead", "old"}
        given_values = dict.fromkeys(slots, "x")
        assert english.format(**given_values) != japanese.format(**given_values)
        assert any(ord(letter) > 0x3000 for letter in japanese)


def test_numbers_as_spreadsheets_send_them_and_other_names() -> None:
    told_so = read(pages="3", count=2.0, minutes="1.5", sequence="7")
    assert (told_so.pages, told_so.count, told_so.duration_s, told_so.sequence) == (3, 2, 90, 7)
    assert read(questions_answered=4).count == 4
    assert read(id=4711).id == "4711"


def test_a_clock_a_little_ahead_is_fine() -> None:
    assert read(at=(NOW + timedelta(minutes=5)).isoformat()).at == NOW + timedelta(minutes=5)


def test_a_talk_keeps_its_speakers_and_drops_what_says_nothing() -> None:
    talk = [
        {"speaker": "Customer", "text": " Too dear. "},
        {"speaker": "agent", "text": "I see."},
        {"speaker": "us", "text": ""},
    ]
    assert read(text=talk).segments == (Segment("customer", "Too dear."), Segment("us", "I see."))


def test_names_are_compared_as_keys() -> None:
    who = {"email": " Ann@Example.COM", "phone": "（03）1234-5678", "external_id": {"system": "Desk", "id": 7}}
    assert read(who=who).who == Who(email="ann@example.com", phone="81312345678", external_key="Desk:7")


def test_the_status_and_the_person_are_no_content() -> None:
    first = read(title="A").content_hash()
    assert read(title="A", status="attended", sequence=3, who={"email": "b@example.com"}).content_hash() == first
    assert read(title="B").content_hash() != first


PLAIN = some.text(max_size=12)
MOMENTS = some.datetimes(min_value=datetime(1975, 1, 1), max_value=datetime(2026, 5, 1)).map(
    lambda at: at.replace(tzinfo=UTC).isoformat()
)
ANY = some.one_of(
    some.none(), some.booleans(), some.integers(-5, 2**55), some.floats(), PLAIN, some.lists(PLAIN, max_size=2)
)
VALUES: dict[str, Any] = {
    "id": PLAIN,
    "source": PLAIN,
    "channel": some.sampled_from([*CHANNELS, "webinr"]),
    "status": some.sampled_from(["", *{status for known in STATUSES.values() for status in known}]),
    "at": MOMENTS,
    "changed_at": MOMENTS,
    "direction": some.sampled_from(["customer", "us", "both"]),
    "signal": some.booleans(),
    "who": some.dictionaries(
        some.sampled_from(["email", "contact_id", "lead_id", "emial"]), PLAIN | some.just("a@b.c")
    ),
    "score": some.integers(-1, 11),
    "minutes": some.floats(0, 1000),
    "pages": some.integers(-1, 10),
    "title": PLAIN,
    "text": PLAIN
    | some.lists(some.fixed_dictionaries({"speaker": some.sampled_from(["us", "customer", "me"]), "text": PLAIN})),
    "language": some.sampled_from(["ja", "en-GB", "!"]),
}
ROWS = some.builds(
    lambda kept, known, odd: {**row(), **{k: v for k, v in known.items() if k in kept}, **odd},
    some.sets(some.sampled_from(sorted(VALUES))),
    some.fixed_dictionaries(VALUES),
    some.dictionaries(some.sampled_from([*VALUES, "more"]), ANY, max_size=1),
)
# What no JSON Schema can say, or says of bytes that no JSON carries.
BEYOND = {"not_time", "unseen_signs", "two_directions", "missing", "nobody", "not_email", "not_external", "not_number"}


@settings(max_examples=250, deadline=None)
@given(raw=ROWS)
def test_what_the_schema_takes_the_reader_takes(raw: dict[str, Any]) -> None:
    try:
        found = READER.read(raw, NOW).row
    except RowWrong as caught:
        codes = {one.code for one in caught.problems}
        assert all(code in _WORDS for code in codes)
        assert codes <= BEYOND or not SCHEMA.is_valid(raw), (raw, codes)
        for problem in caught.problems:
            assert told(problem) and told(problem, "ja")
        return
    assert from_json(as_json(found)) == found


@settings(max_examples=150, deadline=None)
@given(raw=some.dictionaries(some.sampled_from([*VALUES, "more"]), ANY))
def test_no_values_break_the_reader(raw: dict[str, Any]) -> None:
    try:
        READER.read(raw, NOW)
    except RowWrong as caught:
        assert caught.problems


@pytest.mark.parametrize(
    "more",
    [
        {f"field{number}": 1 for number in range(300)},
        {"who": {f"field{number}": 1 for number in range(300)}},
        {"text": [1] * 5_000},
    ],
    ids=["fields", "who", "text"],
)
def test_of_one_row_no_more_is_told_than_anybody_reads(more: dict[str, Any]) -> None:
    assert len(wrong(**more)) == MOST_PROBLEMS
