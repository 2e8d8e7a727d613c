"""Nothing stops the mails behind: a reader that fails, a CRM that is away, a process that is killed half-way."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.errors import CrmBusy, CrmRefused, CrmRejected, CrmUnreachable
from crm_client.records import Email, Lead, Touchpoint
from motenashi.inbound_mail.mail_store import TRIED_OUT, MailStore
from motenashi.inbound_mail.settings import InboundMailSettings
from motenashi.mail_intake import calm_words
from nlp.reading import Reading, TextToRead
from tests.mail_intake.conftest import NOW, Walk, mail_text
from tests.mail_intake.plain_reader import PlainReader
from tests.mail_intake.test_whole_walk import DEMO_JA, everything

MINUTE = timedelta(minutes=1)


class FailingReader(PlainReader):
    """Fails on a word, as a reader with a bug does."""

    def read(self, text: TextToRead) -> Reading:
        if "breaks it" in text.body:
            raise ValueError(f"a customer's words: {text.body}")
        return super().read(text)


class CrmWithTrouble(EmbeddedCrm):
    """The embedded CRM, away or slow whenever a test says so."""

    trouble: Exception | None = None

    def owners(self) -> Any:
        if self.trouble:
            raise self.trouble
        return super().owners()


def with_trouble(walk: Walk, trouble: Exception) -> CrmWithTrouble:
    crm = CrmWithTrouble(walk.database, clock=lambda: NOW)
    crm.trouble = trouble
    return crm


def test_a_mail_that_breaks_the_reader_is_tried_three_times_and_set_aside_with_its_cause(each_walk: Walk) -> None:
    walk = each_walk
    walk.reader = FailingReader()
    bad = walk.keep(mail_text("This breaks it.", message_id="bad@example.com"))
    good = walk.keep(DEMO_JA)
    intake, pauses = walk.intake(), []

    intake.take_in_waiting()
    assert walk.mail(good).state == "read"  # the one behind it did not wait
    while walk.mail(bad).state == "waiting":
        pauses.append((walk.mail(bad).due_at - walk.now).total_seconds())
        walk.now = walk.mail(bad).due_at
        intake.take_in_waiting()

    aside = walk.mail(bad)
    assert (aside.state, aside.tries, pauses) == ("set_aside", 3, [30, 60])
    assert aside.error == calm_words.NOT_READ["en"]
    assert aside.cause.startswith("ValueError in tests.mail_intake.test_intake_trouble:")
    assert "customer" not in aside.cause
    assert walk.suggested(aside) == ()


def test_what_was_set_aside_is_read_once_the_reader_is_mended(walk: Walk) -> None:
    walk.reader = FailingReader()
    bad = walk.keep(mail_text("This breaks it. Please send a quote."))
    for _ in range(3):
        walk.intake().take_in(bad)
        walk.now += timedelta(hours=1)
    assert walk.mail(bad).state == "set_aside"

    walk.reader = PlainReader()
    assert walk.mails.put_back(bad, walk.now)
    assert walk.intake().take_in(bad) == "read"
    assert [one.purposes for one in walk.suggested(walk.mail(bad))] == [("quote",)]


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (CrmUnreachable("list owners", "no answer"), calm_words.CRM_AWAY),
        (CrmBusy("list owners", "too many calls", retry_after=90), calm_words.CRM_AWAY),
        (CrmRefused("list owners", "no permission"), calm_words.CRM_REFUSED),
    ],
)
def test_a_crm_that_is_away_uses_up_no_try_and_makes_nobody_a_stranger(
    walk: Walk, trouble: Exception, words: dict[str, str]
) -> None:
    crm = with_trouble(walk, trouble)
    before = everything(walk)
    mail_id = walk.keep(DEMO_JA)
    for _ in range(8):  # far more often than a mail is tried
        assert walk.intake(crm=crm).take_in(mail_id) == "waiting"
        waiting = walk.mail(mail_id)
        assert (waiting.tries, waiting.error) == (0, words["en"])
        assert waiting.due_at >= walk.now + MINUTE
        walk.now = waiting.due_at
    assert everything(walk) == before
    assert crm.find_lead(email="haruka.mori@example.com") is None

    crm.trouble = None
    assert walk.intake(crm=crm).take_in(mail_id) == "read"
    assert [one.about.contact_id for one in walk.suggested(walk.mail(mail_id))] == ["c-haruka"]


def test_a_reader_in_another_process_that_is_away_uses_up_no_try(walk: Walk) -> None:
    class ReaderAway(Exception):
        pass

    class Away:
        def read(self, text: TextToRead) -> Reading:
            raise ReaderAway

    mail_id = walk.keep(DEMO_JA)
    assert walk.intake(reader=Away(), reader_away=(ReaderAway,)).take_in(mail_id) == "waiting"
    assert (walk.mail(mail_id).tries, walk.mail(mail_id).error) == (0, calm_words.READER_AWAY["en"])


def test_a_database_that_is_locked_before_the_end_uses_up_no_try(walk: Walk) -> None:
    """Another process holds the writers' lock when the reading is to be kept."""

    class LockedAtTheEnd(MailStore):
        locked = True

        def keep_reading(self, *arguments: Any, **more: Any) -> bool:
            if self.locked:
                raise OperationalError("UPDATE", None, sqlite3.OperationalError("database is locked"))
            return super().keep_reading(*arguments, **more)

    mails = LockedAtTheEnd(walk.database, InboundMailSettings(most_tries=3))
    mail_id = walk.keep(DEMO_JA)
    for _ in range(8):
        assert walk.intake(mails=mails).take_in(mail_id) == "waiting"
        assert (walk.mail(mail_id).tries, walk.mail(mail_id).error) == (0, calm_words.DATABASE_AWAY["en"])
        walk.now = walk.mail(mail_id).due_at

    mails.locked = False
    assert walk.intake(mails=mails).take_in(mail_id) == "read"
    assert len(walk.suggested(walk.mail(mail_id))) == 1


def test_a_mail_that_comes_in_earnest_while_it_is_being_tried_out_is_read_in_earnest(walk: Walk) -> None:
    class MeanwhileItComes(PlainReader):
        def read(self, text: TextToRead) -> Reading:
            walk.keep(DEMO_JA)
            return super().read(text)

    mail_id = walk.keep(DEMO_JA, source=TRIED_OUT)
    assert walk.intake(reader=MeanwhileItComes()).take_in(mail_id) == "waiting"
    assert (walk.mail(mail_id).state, walk.mail(mail_id).source) == ("waiting", "http")

    assert walk.intake().take_in(mail_id) == "read"
    assert len(walk.suggested(walk.mail(mail_id))) == 1


def test_a_crm_that_rejects_the_record_is_the_mails_own_trouble(walk: Walk) -> None:
    crm = with_trouble(walk, CrmRejected("save e-mail", "subject is longer", "subject"))
    mail_id = walk.keep(DEMO_JA)
    for _ in range(3):
        walk.intake(crm=crm).take_in(mail_id)
        walk.now += timedelta(hours=1)

    assert (walk.mail(mail_id).state, walk.mail(mail_id).error) == ("set_aside", calm_words.CRM_REJECTED["en"])


class Killed(BaseException):
    """As a kill signal: nothing of ours catches it."""


class CrmKilledAt(EmbeddedCrm):
    """The process dies right after (or before) one of its writes."""

    step = ""

    def save_lead(self, lead: Lead, *, key: str = "") -> Lead:
        return self._then(super().save_lead(lead, key=key), "lead")

    def save_email(self, email: Email, *, key: str = "") -> Email:
        return self._then(super().save_email(email, key=key), "email")

    def save_touchpoint(self, touchpoint: Touchpoint, *, key: str = "") -> Touchpoint:
        return self._then(super().save_touchpoint(touchpoint, key=key), "touchpoint")

    def _then(self, saved: Any, step: str) -> Any:
        if self.step == step:
            raise Killed
        return saved


@pytest.mark.parametrize("step", ["lead", "email", "touchpoint", "response", "suggestions", "reading"])
def test_a_process_killed_between_two_steps_leaves_nothing_twice_and_nothing_out(each_walk: Walk, step: str) -> None:
    walk = each_walk
    raw = mail_text("Please send me a quote for the AeroBook 14.", sender="Eva Roth <eva.roth@example.org>")
    crm = CrmKilledAt(walk.database, clock=lambda: NOW)
    crm.step = step
    mail_id = walk.keep(raw)

    with pytest.raises(Killed):
        dying(walk, step, crm).take_in(mail_id)
    assert walk.mail(mail_id).state == "waiting"
    assert walk.intake().take_in(mail_id) == ""  # the dead one's claim still holds
    walk.now += timedelta(minutes=11)
    assert walk.intake().take_in(mail_id) == "read"

    lead = walk.crm.find_lead(email="eva.roth@example.org")
    assert lead is not None
    assert len(walk.crm.emails_of(lead_id=lead.id)) == 1
    assert len(walk.crm.touchpoints_of(lead_id=lead.id)) == 1
    assert [one.source for one in walk.responses.of(lead_id=lead.id)] == [f"mail:{mail_id}"]
    assert [one.about.lead_id for one in walk.suggested(walk.mail(mail_id))] == [lead.id]
    with walk.database.read() as connection:
        assert connection.execute(text("select count(*) from crm_leads where company = 'example.org'")).scalar() == 1


def dying(walk: Walk, step: str, crm: EmbeddedCrm) -> Any:
    """An intake whose process dies right after `step`."""

    def then_die(method: Any) -> Any:
        def do(*values: Any, **named: Any) -> Any:
            method(*values, **named)
            raise Killed

        return do

    intake = walk.intake(crm=crm)
    writing = intake._writing
    if step == "response":
        writing._responses.add = then_die(writing._responses.add)
    elif step == "suggestions":
        writing._suggestions.add_all = then_die(writing._suggestions.add_all)
    elif step == "reading":
        writing.write = then_die(writing.write)
    walk.__post_init__()  # the next process has whole parts again
    return intake


def test_a_second_try_keeps_to_the_deal_that_the_crm_was_told(walk: Walk) -> None:
    """Between the tries somebody wins the deal: what the CRM kept first decides for response and suggestion, too."""
    crm = CrmKilledAt(walk.database, clock=lambda: NOW)
    crm.step = "email"
    mail_id = walk.keep(DEMO_JA)
    with pytest.raises(Killed):
        walk.intake(crm=crm).take_in(mail_id)

    deal = walk.crm.deal("d-haruka")
    assert deal is not None
    walk.crm.update_record("deals", deal.id, {"stage": "Closed Won"})
    walk.now += timedelta(minutes=11)
    walk.intake().take_in(mail_id)

    (email,) = walk.crm.emails_of(contact_id="c-haruka")
    (response,) = walk.responses.of(contact_id="c-haruka")
    (suggestion,) = walk.suggested(walk.mail(mail_id))
    assert email.deal_id == response.deal_id == suggestion.about.deal_id == "d-haruka"


def test_two_workers_take_one_mail_in_once(walk: Walk) -> None:
    mail_id = walk.keep(DEMO_JA)
    first, second = walk.intake(), walk.intake()

    assert walk.mails.claim(mail_id, walk.now)
    assert (first.take_in(mail_id), second.take_in(mail_id)) == ("", "")


def test_two_mails_of_a_stranger_at_the_same_moment_make_one_lead(walk: Walk) -> None:
    """Neither worker finds the lead that the other is just making."""

    class Blind(EmbeddedCrm):
        def find_lead(self, *, email: str = "", phone: str = "") -> Lead | None:
            return None

    intake = walk.intake(crm=Blind(walk.database, clock=lambda: NOW))
    for number, address in enumerate(("eva.roth@example.org", "Eva.Roth@EXAMPLE.org")):
        mail_id = walk.keep(mail_text("Please send a quote.", sender=address, message_id=f"{number}@example.org"))
        assert intake.take_in(mail_id) == "read"

    with walk.database.read() as connection:
        assert connection.execute(text("select count(*) from crm_leads where company = 'example.org'")).scalar() == 1


def test_a_database_that_is_away_raises_nothing(each_walk: Walk) -> None:
    walk = each_walk
    mail_id = walk.keep(DEMO_JA)
    with walk.database.write() as connection:
        connection.execute(text("alter table inbound_mails rename to gone_for_now"))
    assert walk.intake().take_in(mail_id) == ""

    with walk.database.write() as connection:
        connection.execute(text("alter table gone_for_now rename to inbound_mails"))
    assert walk.intake().take_in(mail_id) == "read"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: \r\nSubject: =?utf-8?B?////?=\r\n\r\n\xff\xfe\x00",
        b"Content-Type: multipart/x",
        b"\r\n" * 50,
    ],
)
def test_a_mail_of_any_bytes_comes_to_an_end(walk: Walk, raw: bytes) -> None:
    mail_id = walk.keep(raw)

    assert walk.intake().take_in(mail_id) in ("read", "skipped")
