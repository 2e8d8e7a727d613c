"""Who wrote a mail: Reply-To, From, the one whose mail a colleague forwards; nobody for our own people and machines."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from tests.mail_intake.conftest import SETTINGS, Walk, mail_text

WISH = "Please send me a quote."
COLLEAGUE = "Aya Sato <aya@minamo.example.com>"


def linked(walk: Walk, raw: str | bytes) -> dict[str, Any]:
    """Kind -> link of the mail's page."""
    mail = walk.take_in(raw)
    assert mail.links is not None
    return {link["kind"]: link for link in mail.links["linked"]}


def test_a_contact_is_known_by_from(walk: Walk) -> None:
    link = linked(walk, mail_text(WISH, sender="Ben <BEN.LEE@example.com>"))["contact"]

    assert (link["id"], link["certainty"]) == ("c-ben", 0.98)


def test_a_lead_is_known_by_from_and_has_no_deal(walk: Walk) -> None:
    found = linked(walk, mail_text(WISH, sender="tom.becker@example.com"))

    assert (set(found), found["lead"]["id"], found["lead"]["name"]) == ({"lead"}, "l-tom", "Tom Becker")
    (suggestion,) = walk.suggestions.open_for(lead_id="l-tom")
    assert (suggestion.about.owner_id, suggestion.purposes) == ("o-ken", ("quote",))


def test_reply_to_goes_before_from(walk: Walk) -> None:
    raw = mail_text(WISH, sender="The office <office@example.org>", headers="Reply-To: ben.lee@example.com")
    link = linked(walk, raw)["contact"]

    assert (link["id"], link["certainty"]) == ("c-ben", 0.85)  # the office is nobody we know
    assert "We" not in link["name"]


def test_two_people_we_know_in_one_mail_are_told_as_such(walk: Walk) -> None:
    raw = mail_text(WISH, sender="nora.winter@example.com", headers="Reply-To: ben.lee@example.com")
    mail = walk.take_in(raw)

    assert mail.links is not None
    person = mail.links["linked"][0]
    assert (person["id"], person["certainty"]) == ("c-ben", 0.6)
    assert [other["id"] for other in mail.links["others"] if other["kind"] == "contact"] == ["c-nora"]


def test_the_same_address_in_reply_to_and_from_is_one_person(walk: Walk) -> None:
    raw = mail_text(WISH, sender="Ben Lee <ben.lee@example.com>", headers="Reply-To: <Ben.Lee@example.com>")

    assert linked(walk, raw)["contact"]["certainty"] == 0.98


def test_a_web_form_speaks_for_whom_answers_go_to(walk: Walk) -> None:
    raw = mail_text(
        WISH,
        sender="Our website <no-reply@minamo.example.com>",
        headers="Reply-To: ben.lee@example.com\nAuto-Submitted: auto-generated",
    )

    assert linked(walk, raw)["contact"]["id"] == "c-ben"
    assert len(walk.suggestions.open_for(contact_id="c-ben")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "Please look after this.\n\nAya\n\n---------- Forwarded message ---------\n"
        "From: Ben Lee <ben.lee@example.com>\nDate: Thu, Nov 19, 2026 at 10:12 AM\nSubject: Numbers\n"
        f"To: <aya@minamo.example.com>\n\n{WISH}\n\nBen\n",
        "お願いします。\n\n-----Original Message-----\n差出人: Ben Lee <ben.lee@example.com>\n"
        f"送信日時: 2026年11月19日 10:12\n宛先: 佐藤\n件名: Numbers\n\n{WISH}\n",
        "Begin forwarded message:\n\n> From: Ben Lee <ben.lee@example.com>\n> Subject: Numbers\n"
        f"> Date: 19 November 2026 at 10:12:00 GMT\n> To: Aya\n>\n> {WISH}\n> Ben\n",
        "Von: Ben Lee [mailto:ben.lee@example.com]\nGesendet: Donnerstag, 19. November 2026 10:12\nAn: Aya\n"
        f"Betreff: Numbers\n\n{WISH}\n",
    ],
    ids=["Gmail", "Outlook, Japanese", "Apple Mail", "Outlook, German"],
)
def test_what_a_colleague_forwards_is_its_first_senders(walk: Walk, body: str) -> None:
    mail = walk.take_in(mail_text(body, sender=COLLEAGUE, subject="Fwd: Numbers"))

    assert mail.links is not None
    person = mail.links["linked"][0]
    assert (person["id"], person["certainty"], mail.links["forwarded"]) == ("c-ben", 0.8, True)
    (suggestion,) = walk.suggested(mail)
    assert suggestion.purposes == ("quote",)
    assert WISH in walk.reader.texts[-1].body
    assert walk.reader.texts[-1].subject == "Numbers"
    assert "Please look after" not in walk.reader.texts[-1].body
    (email,) = walk.crm.emails_of(contact_id="c-ben")
    assert email.sent_at.date().isoformat() == "2026-11-19"  # when Ben wrote, not when Aya forwarded


def test_tomorrow_in_a_forward_is_the_day_after_it_was_written(walk: Walk) -> None:
    """The header tells no clock, and Ben lives nine hours behind the colleague."""
    body = (
        "---------- Forwarded message ---------\nFrom: Ben Lee <ben.lee@example.com>\nDate: Thu, Nov 19, 2026\n"
        "Subject: Numbers\nTo: Aya\n\nCould we have a demo tomorrow at 11:00?"
    )
    mail = walk.take_in(mail_text(body, sender=COLLEAGUE, subject="Fwd: Numbers"))

    (suggestion,) = walk.suggested(mail)
    assert [window.start.isoformat() for window in suggestion.windows] == ["2026-11-20T11:00:00+00:00"]


def test_a_forwarded_attachment_is_its_senders(walk: Walk) -> None:
    inner = EmailMessage(policy=SMTP)
    inner["From"], inner["Subject"] = "Nora Winter <nora.winter@example.com>", "Numbers"
    inner["Date"] = "Thu, 19 Nov 2026 08:00:00 +0000"
    inner.set_content(WISH)
    outer = EmailMessage(policy=SMTP)
    outer["From"], outer["To"], outer["Subject"] = COLLEAGUE, "sales@minamo.example.com", "Fwd: Numbers"
    inner["Message-ID"], inner["In-Reply-To"] = "<inner@example.com>", "<q@minamo.example.com>"
    outer["Date"], outer["Message-ID"] = "Fri, 20 Nov 2026 09:00:00 +0900", "<f@example.com>"
    outer.set_content("For you.")
    outer.add_attachment(inner)
    link = linked(walk, outer.as_bytes())["contact"]

    assert (link["id"], link["certainty"]) == ("c-nora", 0.9)
    assert walk.reader.texts[-1].time_zone == "+00:00"
    (email,) = walk.crm.emails_of(contact_id="c-nora")
    assert (email.message_id, email.in_reply_to) == ("inner@example.com", "q@minamo.example.com")


def test_the_zone_is_the_crms_name_for_it_where_the_mail_agrees(walk: Walk) -> None:
    """Europe/London knows of summer time; an offset does not. A traveller's mail says where they are."""
    ben, winter, summer = "ben.lee@example.com", "Fri, 20 Nov 2026 00:30:00 +0000", "Thu, 2 Jul 2026 09:30:00 +0100"
    for number, date in enumerate(
        (winter, summer, "Fri, 20 Nov 2026 09:30:00 +0900", "Fri, 20 Nov 2026 00:30:00 -0000")
    ):
        walk.take_in(mail_text(WISH, sender=ben, date=date, message_id=f"{number}@x"))
    walk.take_in(mail_text(WISH, sender="nora.winter@example.com", message_id="5@x"))  # no zone in the CRM

    zones = [text.time_zone for text in walk.reader.texts]
    assert zones == ["Europe/London", "Europe/London", "+09:00", "Europe/London", "+09:00"]


def test_a_customer_who_forwards_something_stays_the_sender(walk: Walk) -> None:
    body = (
        "Our boss wants to know, see below. Please send me a quote.\n\n---------- Forwarded message ---------\n"
        "From: Nora Winter <nora.winter@example.com>\nSubject: Numbers\nDate: Thu, Nov 19, 2026\nTo: Ben\n\nAsk them.\n"
    )

    assert linked(walk, mail_text(body, sender="ben.lee@example.com", subject="Fwd: x"))["contact"]["id"] == "c-ben"


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        (COLLEAGUE, ""),
        ("Ken Ito <ken@elsewhere.example.net>", ""),  # an owner in the CRM, whatever his domain
        ("Somebody <x@tokyo.minamo.example.com>", ""),
    ],
)
def test_our_own_people_are_nobody(walk: Walk, sender: str, headers: str) -> None:
    mail = walk.take_in(mail_text(WISH, sender=sender, headers=headers))

    assert mail.links is not None
    assert (mail.links["linked"], mail.links["why"]) == ([], "internal")
    assert walk.suggested(mail) == ()
    assert mail.summary is not None
    assert mail.summary["labels"] == ["quote_request"]  # it is read all the same


@pytest.mark.parametrize("address", ["no-reply@shop.example.org", "donotreply@example.org", "noreply+12@example.org"])
def test_nobody_sits_behind_a_machines_address(walk: Walk, address: str) -> None:
    mail = walk.take_in(mail_text(WISH, sender=f"Shop <{address}>"))

    assert mail.links is not None
    assert mail.links["linked"] == []
    assert walk.crm.find_lead(email=address) is None


def test_an_address_of_a_mailing_list_is_nobodys(walk: Walk) -> None:
    headers = (
        "List-Id: Buyers <buyers.example.org>\nList-Post: <mailto:buyers@example.org>\nReply-To: buyers@example.org"
    )
    raw = mail_text(WISH, sender="Ben Lee <ben.lee@example.com>", headers=headers)

    assert linked(walk, raw)["contact"]["certainty"] == 0.98  # the list's own address does not even make it less sure


# Strangers


def test_a_stranger_becomes_a_lead_with_what_the_mail_tells(walk: Walk) -> None:
    body = "お見積もりをお願いします。\n\n--\n株式会社オリオン物流\n総務部 高橋 健\nTEL 03-0999-0001\n"
    mail = walk.take_in(mail_text(body, sender="高橋 健 <takahashi@orion.example.jp>", subject="お見積もり"))

    lead = walk.crm.find_lead(email="takahashi@orion.example.jp")
    assert lead is not None
    assert (lead.last_name, lead.first_name, lead.company) == ("高橋", "健", "株式会社オリオン物流")
    assert (lead.language, lead.source, lead.owner_id, lead.note) == ("ja", "E-mail", "o-aya", "お見積もり")
    (suggestion,) = walk.suggested(mail)
    assert suggestion.about.lead_id == lead.id
    assert len(walk.crm.touchpoints_of(lead_id=lead.id)) == 1


def test_a_stranger_who_writes_twice_is_one_lead(walk: Walk) -> None:
    for number in range(2):
        walk.take_in(mail_text(WISH, sender="Eva Roth <EVA.roth@example.org>", message_id=f"{number}@example.org"))

    lead = walk.crm.find_lead(email="eva.roth@example.org")
    assert lead is not None
    assert len(walk.crm.emails_of(lead_id=lead.id)) == 2


def test_strangers_stay_strangers_where_that_is_wanted(walk: Walk) -> None:
    walk.settings = replace(SETTINGS, lead_for_strangers=False)
    mail = walk.take_in(mail_text(WISH, sender="Eva Roth <eva.roth@example.org>"))

    assert walk.crm.find_lead(email="eva.roth@example.org") is None
    (suggestion,) = walk.suggested(mail)  # somebody may still want to answer
    assert (suggestion.about.contact_id, suggestion.about.lead_id) == ("", "")
    assert walk.responses.find(1) is not None


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("Grow your followers overnight! Click here to claim your prize, winner.", ""),
        (WISH, "Auto-Submitted: auto-replied"),
        (WISH, "Precedence: bulk"),
        (WISH, "List-Unsubscribe: <mailto:out@example.org>"),
        ("Please unsubscribe me from your newsletter.", ""),
    ],
    ids=["spam", "automatic reply", "bulk", "newsletter", "unsubscribes"],
)
def test_no_lead_is_made_of_such_mail(walk: Walk, body: str, headers: str) -> None:
    mail = walk.take_in(mail_text(body, sender="Eva Roth <eva.roth@example.org>", headers=headers))

    assert mail.state == "read"
    assert walk.crm.find_lead(email="eva.roth@example.org") is None
