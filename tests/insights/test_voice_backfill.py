"""All that was ever said becomes responses: once, whole, and going on where somebody was interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from crm_client.embedded import tables as crm
from motenashi.database import Database
from motenashi.inbound_mail.corrections import Corrections
from motenashi.inbound_mail.corrections import metadata as corrections_tables
from motenashi.inbound_mail.mail_store import MailStore
from motenashi.inbound_mail.tables import metadata as mail_tables
from motenashi.insights.voice import old_mails
from motenashi.insights.voice.backfill import Backfill
from motenashi.insights.voice.old_mails import CrmMails, ReadMails
from motenashi.insights.voice.our_mails import OurMails
from motenashi.insights.voice.tables import voice_responses
from nlp.reading import Reading, TextToRead
from nlp.reading_json import as_json
from tests.insights.told_by_words import told_by_words
from tests.insights.voice_world import NOW, VoiceWorld, ago


class Reader:
    """Fails on texts that say so; `most`: interrupted after so many."""

    def __init__(self, most: int = 10_000) -> None:
        self.texts: list[str] = []
        self.most = most

    def __call__(self, texts: Sequence[TextToRead]) -> list[Reading | None]:
        self.texts += [text.body for text in texts]
        if len(self.texts) > self.most:
            raise KeyboardInterrupt
        return [None if "unreadable" in text.body else told_by_words(text.body, "") for text in texts]


@pytest.fixture
def world(database: Database) -> VoiceWorld:
    world = VoiceWorld(database)
    mail_tables.create_all(database.engine)
    corrections_tables.create_all(database.engine)
    world.contact("c1", "a1")
    return world


def email(world: VoiceWorld, number: int, text: str = "I love it", **more: Any) -> None:
    values = {"direction": "in", "subject": "Re: price", "sent_at": ago(100 - number), "contact_id": "c1", **more}
    world.add(crm.crm_emails, id=f"e{number:03}", text=text, **values)


def stored_mail(world: VoiceWorld, text: str, treatment: str = "customer", source: str = "http") -> int:
    mails = MailStore(world.database)
    raw = f"Message-ID: <{text}@example.com>\n\n{text}".encode()
    mail_id = mails.keep(raw, source=source, received_at=ago(50)).id
    linked = [{"kind": "deal", "id": "d1", "certainty": 0.7}]
    links = {"treatment": treatment, "forwarded": True, "linked": linked}
    mails.keep_reading(mail_id, as_json(told_by_words(text, "")), now=ago(50), links=links)
    return mail_id


def run(world: VoiceWorld, reader: Reader, *, again: bool = False) -> Backfill:
    backfill = Backfill(world.database, world.responses, reader, again=again)
    backfill.mails(ReadMails(world.database, again=again))
    backfill.mails(CrmMails(world.database, again=again))
    return backfill


def test_mails_of_the_crm_are_read_and_kept(world: VoiceWorld) -> None:
    email(world, 1, deal_id="d1", owner_id="o1")
    email(world, 2, "ひどい価格です。", contact_id="", lead_id="l1")
    email(world, 3, direction="out")
    email(world, 4, status="automatic")
    email(world, 5, " ")
    email(world, 6, "unreadable")
    reader = Reader()

    report = run(world, reader).report

    assert reader.texts == ["I love it", "ひどい価格です。", "unreadable"]
    assert (report.told["mails of the CRM"], report.unread) == (2, 1)
    (one,) = world.responses.of(contact_id="c1")
    told = (one.key, one.at, one.channel, one.type, one.account_id, one.deal_id, one.owner_id, one.tone, one.emotion)
    assert told == ("email:e001", ago(99), "email", "mail", "a1", "d1", "o1", "positive", "happy")
    (lead,) = world.responses.of(lead_id="l1")
    assert (lead.language, lead.tone, lead.intent, lead.emotion) == ("ja", "negative", "complaint", "dissatisfied")


def test_a_second_run_reads_nothing_and_one_that_was_interrupted_goes_on(
    world: VoiceWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_mails, "AT_ONCE", 3)
    for number in range(10):
        email(world, number, f"text {number}")
    with pytest.raises(KeyboardInterrupt):
        run(world, Reader(most=6))

    second, third = Reader(), Reader()
    run(world, second)
    run(world, third)
    assert second.texts == [f"text {number}" for number in range(6, 10)]
    assert third.texts == []
    assert len(world.responses.of(contact_id="c1")) == 10


def test_told_anew_a_response_keeps_its_id(world: VoiceWorld) -> None:
    email(world, 1)
    run(world, Reader())
    (before,) = world.responses.of(contact_id="c1")
    world.change(crm.crm_emails, "e001", text="terrible")

    run(world, Reader())
    assert world.responses.of(contact_id="c1") == (before,)
    run(world, Reader(), again=True)
    (after,) = world.responses.of(contact_id="c1")
    assert (after.id, after.tone) == (before.id, "negative")


def test_mails_that_were_read_when_they_came_are_not_read_again(world: VoiceWorld) -> None:
    customer = stored_mail(world, "I love the price")
    stored_mail(world, "a newsletter", treatment="reading")
    stored_mail(world, "only tried", source="page")
    email(world, 1, "I love", key=f"mail:{customer}", deal_id="d1")
    reader = Reader()

    report = run(world, reader).report

    assert reader.texts == []
    assert report.told == {"mails that were read": 1, "mails of the CRM": 0}
    (one,) = world.responses.of(contact_id="c1")
    told = (one.key, one.type, one.deal_id, one.deal_certainty, one.text)
    assert told == (f"mail:{customer}", "forwarded mail", "d1", 0.7, "I love the price")


def test_older_responses_get_what_they_lack(world: VoiceWorld) -> None:
    old = world.said("mail:1", ago(9), text="I can't wait to begin!", language="en", channel="e-mail")
    silent = world.said("touch:1", ago(8), score=9)
    told = world.said("mail:2", ago(7), text="I can't wait!", language="en", emotion="happy")

    backfill = Backfill(world.database, world.responses, Reader())
    backfill.older_responses()

    found = {one.key: one for one in world.responses.of(contact_id="c1")}
    assert found["mail:1"] == replace(old, emotion="enthusiastic", channel="email")
    assert (found["touch:1"], found["mail:2"]) == (silent, told)
    assert backfill.report.told == {"emotions": 1}


def test_what_people_corrected_before_is_followed(world: VoiceWorld) -> None:
    mail_id = stored_mail(world, "I love the price")
    email(world, 1, "I love", key=f"mail:{mail_id}")
    backfill = run(world, Reader())
    corrections, reading = Corrections(world.database), told_by_words("I love the price", "")
    for tone, intents in (("neutral", ["spam"]), ("negative", ["complaint"])):
        corrections.add(mail_id, reading, intents=intents, tone=tone, by="me", at=NOW)  # type: ignore[arg-type]

    backfill.corrections(corrections)
    (one,) = world.responses.of(contact_id="c1")
    assert (one.tone, one.intent, [intent.label for intent in one.intents]) == ("negative", "complaint", ["complaint"])


def test_texts_that_wait_are_handed_on_until_none_is_left(world: VoiceWorld) -> None:
    portions = [200, 13, 0]
    backfill = Backfill(world.database, world.responses, Reader())

    backfill.texts(lambda: portions.pop(0))
    assert (portions, backfill.report.told) == ([], {"texts": 213})


def test_the_share_outside_of_the_reader_is_told(world: VoiceWorld) -> None:
    email(world, 1)
    report = run(world, Reader()).report

    assert 0 < report.outside <= 1
    assert report.seconds > report.reading > 0


def test_mails_of_ours_are_looked_through_once_for_products(world: VoiceWorld) -> None:
    email(world, 1, "The AeroBook would suit you.", direction="out")
    email(world, 2, "Have a nice day.", direction="out")
    email(world, 3, "The AeroBook is late!")
    email(world, 4, "The AeroBook, too.", direction="out", contact_id="")
    looked: list[str] = []

    def products_in(text: str) -> list[str]:
        looked.append(text)
        return ["nb-14"] if "AeroBook" in text else []

    ours = OurMails(world.database, products_in)
    assert ours.look(most=1) == (1, "e001")
    assert ours.look() == (1, "e002")
    assert ours.look(since=ago(1)) == (0, "")
    assert looked == ["Re: price\n\nThe AeroBook would suit you.", "Re: price\n\nHave a nice day."]
    world.deal("d1", ("Qualification", ago(50)), ("Closed Won", ago(9)), products=["nb-14"])
    world.find()
    assert list(world.events("recommendation_bought")) == ["recommendation_bought:d1:nb-14"]


def test_responses_of_before_are_not_touched_twice(world: VoiceWorld) -> None:
    world.said("mail:1", ago(9), text="?", language="en")
    with world.database.write() as connection:
        connection.execute(update(voice_responses).values(emotion=""))
    first = Backfill(world.database, world.responses, Reader())
    first.older_responses()
    second = Backfill(world.database, world.responses, Reader())
    second.older_responses()

    assert (first.report.told, second.report.told) == ({"emotions": 1}, {})
