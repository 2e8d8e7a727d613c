"""What a stranger's mail tells of them: names in two scripts, companies, and whose addresses are nobody's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from crm_client.records import Owner
from motenashi.inbound_mail.mime_reading import parse_mail
from motenashi.mail_intake.forward_header import forwarded_text, is_forward_subject
from motenashi.mail_intake.letter import letter_of
from motenashi.mail_intake.our_people import OurPeople, is_machine
from motenashi.mail_intake.stranger import company_of, lead_key, split_name
from tests.mail_intake.conftest import Walk, mail_text

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
OURS = OurPeople([Owner("o", "Aya", "Aya@Minamo.example.com")], ["@minamo.example.com", " "])


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Haruka Mori", "Haruka", "Mori"),
        ("Mori, Haruka", "Haruka", "Mori"),
        ("森 遥", "遥", "森"),
        ("森　遥", "遥", "森"),
        ("森遥", "", "森遥"),
        ("高橋 健（オリオン物流）", "健", "高橋"),
        ("Ludwig van der Berg (Sales)", "Ludwig van der", "Berg"),
        ("Cher", "", "Cher"),
        ("eva@example.org", "", ""),
        ("  ", "", ""),
    ],
)
def test_names_are_split_as_their_language_writes_them(name: str, first: str, last: str) -> None:
    assert split_name(name) == (first, last)


@pytest.mark.parametrize(
    ("address", "body", "company"),
    [
        ("tom@becker-logistik.example", "Hi.", "becker-logistik.example"),
        ("tom@mail.becker.co.uk", "Hi.", "becker.co.uk"),
        ("ken@tokyo.orion.co.jp", "", "orion.co.jp"),
        ("tom@gmail.com", "Hi.", ""),
        ("ken@yahoo.co.jp", "", ""),
        ("ken@ezweb.ne.jp", "", ""),
        (
            "tom@gmail.com",
            "Please send a quote.\n\n-- \nTom Becker\nBecker Logistik GmbH\nTel. +49 30 23125 042",
            "Becker Logistik GmbH",
        ),
        ("k@x.example", "よろしくお願いします。\n\n--\n株式会社オリオン物流\n高橋 健", "株式会社オリオン物流"),
        ("tom@x.example", "We buy from Acme Inc. a lot.", "x.example"),  # in the text, not in the signature
    ],
)
def test_a_company_stands_in_the_signature_or_the_domain(address: str, body: str, company: str) -> None:
    assert company_of(address, body) == company


def test_one_address_has_one_key_however_it_is_written() -> None:
    assert lead_key("Eva.Roth@Example.org") == lead_key(" eva.roth@example.org")
    assert lead_key("eva@example.org") != lead_key("eve@example.org")
    assert len(lead_key("x" * 300 + "@example.org")) < 255


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("aya@minamo.example.com", True),
        ("x@osaka.minamo.example.com", True),
        ("x@notminamo.example.com", False),
        ("x@example.com", False),
        ("", False),
        ("minamo.example.com", False),
    ],
)
def test_our_people_are_known_by_owner_and_domain(address: str, ours: bool) -> None:
    assert OURS.holds(address) is ours


@pytest.mark.parametrize(
    ("address", "machine"),
    [
        *[
            (local + "@example.org", True)
            for local in ("no-reply", "noreply", "NoReply", "do_not_reply", "donotreply+1")
        ],
        *[
            (local + "@example.org", True)
            for local in ("mailer-daemon", "postmaster", "bounce+xyz", "notifications", "not-reply")
        ],
        *[
            (local + "@example.org", False)
            for local in ("nora", "noriko", "rootes", "autohaus", "alerting.ann", "reply", "info")
        ],
    ],
)
def test_a_machines_address_is_told_from_a_persons(address: str, machine: bool) -> None:
    assert is_machine(address) is machine


@pytest.mark.parametrize("subject", ["Fwd: x", "FW: x", "WG: x", "TR: x", "転送: x", "Fwd：見積"])
def test_forwarding_shows_in_the_subject(subject: str) -> None:
    assert is_forward_subject(subject)
    assert not is_forward_subject("Re: " + subject)
    assert not is_forward_subject("Forwarding agents")


def test_an_answer_above_our_own_words_is_no_forward() -> None:
    header = "-----Original Message-----\nFrom: Ann <ann@example.org>\nSent: 1 May 2026\nTo: us\nSubject: x"
    quoted = f"Thanks.\n\n{header}\n\nOld."

    assert forwarded_text(quoted, subject="Re: x", reference=NOW) is None
    found = forwarded_text(quoted, subject="Fw: x", reference=NOW)
    assert found is not None
    assert (found.sender and found.sender.address, found.body) == ("ann@example.org", "Old.")


def test_a_forwards_date_is_never_after_the_forward() -> None:
    text = "-----Forwarded message-----\nFrom: Ann <ann@example.org>\nDate: 1 May 2031\nSubject: x\n\nHi."
    found = forwarded_text(text, reference=NOW)

    assert found is not None
    assert found.sent_at is None


_LINES = some.lists(
    some.one_of(
        some.sampled_from(
            [
                "From: Ann <ann@example.org>",
                "Von: x",
                "差出人: 森 <m@example.jp>",
                "---------- Forwarded message ---------",
                "-----Original Message-----",
                "> > From:",
                "Subject:",
                "件名：",
                "Date: Tue, 32 Foo 2026",
                "-- ",
                "",
            ]
        ),
        some.text(max_size=60),
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(_LINES, some.text(max_size=30), some.sampled_from(["Aya <aya@minamo.example.com>", "x@example.org", "", "<>"]))
def test_no_text_breaks_the_search_for_who_wrote_it(lines: list[str], subject: str, sender: str) -> None:
    text = "\n".join(lines)
    forwarded_text(text, subject=subject, reference=NOW)
    head = f"From: {sender}\nSubject: {' '.join(subject.split())}\nContent-Type: text/plain; charset=utf-8\n\n"
    letter = letter_of(parse_mail((head + text).encode("utf-8", "surrogatepass")), OURS, received_at=NOW)

    assert letter.sent_at <= NOW
    assert all(not OURS.holds(one.address) and "@" in one.address for one in letter.candidates)
    company_of("ann@example.org", text)
    split_name(subject)


def test_signs_that_hide_or_turn_round_what_follows_reach_neither_the_crm_nor_a_list(walk: Walk) -> None:
    sender = '"Eve\u061c\u2060 \u202eAdams" <eve@mori-craft.example>'
    body = "Please send a quote.\n\n-- \nEve Adams\n\u202eCraft\u202c Ltd.\u2066\n"
    mail = walk.take_in(mail_text(body, sender=sender, subject="\u202e gpj.exe \x1b[31m"))

    lead = walk.crm.find_lead(email="eve@mori-craft.example")
    assert lead is not None
    kept = (lead.first_name, lead.last_name, lead.company, lead.note)
    assert kept == ("Eve", "Adams", "Craft Ltd.", "gpj.exe [31m")
    assert (mail.sender, mail.subject) == ("Eve Adams <eve@mori-craft.example>", "gpj.exe [31m")
