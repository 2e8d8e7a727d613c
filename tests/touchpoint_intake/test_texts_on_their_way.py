"""What was said waits until the voice has taken it, whatever happens on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crm_client.records import Contact
from motenashi.insights.voice.text_touch import Segment, TextTouch
from motenashi.touchpoint_intake.texts import Texts
from tests.touchpoint_intake.intake_room import NOW, Room, row


def test_words_are_handed_on_with_all_that_is_known_and_then_forgotten(room: Room) -> None:
    room.send(
        row(
            channel="survey", status="answered", text=" It was fine. ", score=9, language="en", owner="o1", title="NPS"
        ),
        row(2, channel="call", status="answered", text=[{"speaker": "customer", "text": "Too dear."}]),
        row(3),
    )
    taken: list[TextTouch] = []
    texts = Texts(room.database)
    assert texts.waiting() == (2, 0)

    assert texts.hand_on(taken.append, NOW) == 2

    at = datetime(2026, 5, 11, 8, tzinfo=UTC)
    survey = TextTouch(
        "from:Webinars:e1",
        at,
        "survey",
        "survey",
        contact_id="ann",
        owner_id="o1",
        title="NPS",
        text="It was fine.",
        score=9,
        language="en",
    )
    talk = TextTouch(
        "from:Webinars:e2", at, "call", "call", contact_id="ann", segments=(Segment("customer", "Too dear."),)
    )
    assert taken == [survey, talk]
    assert texts.hand_on(taken.append, NOW) == 0 and texts.waiting() == (0, 0)


def test_ours_are_told_as_ours(simple_room: Room) -> None:
    taken: list[TextTouch] = []
    simple_room.send(row(channel="x", status="", direction="us", text="Have a look."))
    Texts(simple_room.database).hand_on(taken.append, NOW)

    assert [one.signal for one in taken] == [False]


def test_words_of_somebody_unknown_wait_with_the_row(room: Room) -> None:
    taken: list[TextTouch] = []
    texts = Texts(room.database)
    room.send(row(text="Hello", who={"email": "new@example.com"}))
    assert texts.hand_on(taken.append, NOW) == 0

    room.crm.save_contact(Contact("new", "Mori", email="new@example.com"))
    room.intake.waiting.match_waiting(NOW)

    assert texts.hand_on(taken.append, NOW) == 1
    assert [(one.contact_id, one.text) for one in taken] == [("new", "Hello")]


def test_what_the_voice_fails_on_is_tried_again_and_keeps_nobody_waiting(room: Room) -> None:
    room.send(row(1, text="bad"), row(2, text="good"))
    texts, taken = Texts(room.database), []

    def picky(text: TextTouch) -> None:
        if text.text == "bad":
            raise ValueError("not this")
        taken.append(text.text)

    assert texts.hand_on(picky, NOW) == 1 and taken == ["good"]
    assert texts.hand_on(picky, NOW) == 0, "not at once"
    now = NOW
    for _ in range(5):
        now += timedelta(hours=7)
        texts.hand_on(picky, now)
    assert texts.waiting() == (1, 1)
    assert texts.hand_on(lambda text: taken.append(text.text), now + timedelta(hours=7)) == 1
    assert taken == ["good", "bad"]


def test_a_status_alone_hands_nothing_on_twice(room: Room) -> None:
    texts, taken = Texts(room.database), []
    room.send(row(text="Hello", channel="ticket", status="open"))
    texts.hand_on(taken.append, NOW)

    room.send(row(text="Hello", channel="ticket", status="closed", changed_at="2026-05-11T08:30:00Z"))

    assert texts.hand_on(taken.append, NOW) == 0
