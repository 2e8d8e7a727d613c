"""Mails of the CRM are heard in the background: the newest first, a few at a time, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from crm_client.embedded import tables as crm
from motenashi.database import Database
from motenashi.insights.voice import hear_old_mails
from motenashi.insights.voice.hear_old_mails import AGAIN_AFTER, HearOldMails
from motenashi.insights.voice.old_mails import CrmMails
from nlp.reading import Reading, TextToRead
from tests.insights.told_by_words import told_by_words
from tests.insights.voice_world import NOW, VoiceWorld, ago

LATER = NOW + AGAIN_AFTER + timedelta(minutes=1)


class Reader:
    """Fails on texts that say so."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: TextToRead) -> Reading:
        self.texts.append(text.body)
        if "unreadable" in text.body:
            raise ValueError(text.body)
        return told_by_words(text.body, "")


@pytest.fixture
def world(database: Database, monkeypatch: pytest.MonkeyPatch) -> VoiceWorld:
    monkeypatch.setattr(hear_old_mails, "AT_ONCE", 2)
    monkeypatch.setattr(hear_old_mails, "LOOKED_UP", 3)
    world = VoiceWorld(database)
    world.contact("c1", "a1")
    return world


def email(world: VoiceWorld, number: int, text: str = "", **more: Any) -> None:
    values = {"direction": "in", "subject": "Re: price", "sent_at": ago(100 - number), "contact_id": "c1", **more}
    world.add(crm.crm_emails, id=f"e{number:03}", text=text or f"text {number}", **values)


def ear(world: VoiceWorld, reader: Reader, *, leads: bool = True) -> HearOldMails:
    return HearOldMails(CrmMails(world.database), world.responses, reader, lambda now: leads)


def keys(world: VoiceWorld) -> list[str]:
    return sorted(one.key for one in world.responses.of(contact_id="c1"))


def test_the_newest_are_heard_first_a_few_at_a_time(world: VoiceWorld) -> None:
    for number in range(7):
        email(world, number)
    reader = Reader()
    hearing = ear(world, reader)

    assert [hearing.hear_some(NOW) for _ in range(6)] == [2, 1, 2, 1, 1, 0]
    assert reader.texts == [f"text {number}" for number in (6, 5, 4, 3, 2, 1, 0)]
    assert keys(world) == [f"email:e{number:03}" for number in range(7)]


def test_mails_of_the_same_moment_are_all_heard(world: VoiceWorld) -> None:
    for number in range(5):
        email(world, number, sent_at=ago(1))
    hearing = ear(world, Reader())

    assert sum(hearing.hear_some(NOW) for _ in range(6)) == 5


def test_what_was_heard_is_not_read_again_and_what_came_meanwhile_is_heard_later(world: VoiceWorld) -> None:
    email(world, 1, "I love it")
    first = Reader()
    hearing = ear(world, first)
    assert [hearing.hear_some(NOW), hearing.hear_some(NOW)] == [1, 0]
    (one,) = world.responses.of(contact_id="c1")
    assert (one.key, one.type, one.channel, one.tone, one.account_id) == (
        "email:e001",
        "mail",
        "email",
        "positive",
        "a1",
    )

    email(world, 2)
    assert hearing.hear_some(NOW) == 0  # all were heard a moment ago
    assert hearing.hear_some(LATER) == 1
    assert first.texts == ["I love it", "text 2"]


def test_a_mail_that_cannot_be_read_keeps_no_other_waiting_and_is_tried_again(world: VoiceWorld) -> None:
    email(world, 1)
    for number in range(2, 6):
        email(world, number, "unreadable")
    reader = Reader()
    hearing = ear(world, reader)

    assert sum(hearing.hear_some(NOW) for _ in range(6)) == 1
    assert keys(world) == ["email:e001"]
    assert reader.texts.count("unreadable") == 4
    for _ in range(6):
        hearing.hear_some(LATER)
    assert reader.texts.count("unreadable") == 8


def test_only_words_of_customers_that_nobody_else_hears(world: VoiceWorld) -> None:
    email(world, 1, direction="out")
    email(world, 2, status="automatic")
    email(world, 3, "   ")
    email(world, 4, key="mail:12")  # of our own mailbox: read with all that is known of it
    email(world, 5, key="of-elsewhere")
    reader = Reader()

    ear(world, reader).hear_some(NOW)
    assert reader.texts == ["text 5"]
    assert keys(world) == ["email:e005"]


def test_whoever_does_not_lead_hears_nothing(world: VoiceWorld) -> None:
    email(world, 1)
    reader = Reader()

    assert ear(world, reader, leads=False).hear_some(NOW) == 0
    assert reader.texts == []


def test_two_who_hear_the_same_store_it_once(world: VoiceWorld) -> None:
    for number in range(6):
        email(world, number)
    readers = Reader(), Reader()
    one, other = (ear(world, reader) for reader in readers)

    heard = [hearing.hear_some(NOW) for _ in range(6) for hearing in (one, other)]

    assert sum(heard) == 6
    assert len(keys(world)) == 6
    assert len(readers[0].texts) + len(readers[1].texts) == 6  # what the one has stored the other does not read


def test_when_the_database_was_away_they_are_heard_the_next_time_round(
    world: VoiceWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        email(world, number)
    hearing = ear(world, Reader())
    with monkeypatch.context() as away:

        def fails(responses: object) -> int:
            raise OperationalError("", {}, Exception())

        away.setattr(world.responses, "add_all", fails)
        with pytest.raises(OperationalError):
            hearing.hear_some(NOW)

    assert [hearing.hear_some(moment) for moment in (NOW, LATER)] == [0, 2]
