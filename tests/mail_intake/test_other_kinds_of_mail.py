"""Machines' mail, invitations, absences and wishes that need care: what comes of each, and what must not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from crm_client.records import Email
from nlp.reading_json import from_json
from tests.mail_intake.conftest import NOW, Walk, mail_text

HARUKA = "haruka.mori@example.com"


def invitation(method: str, start: str, *, status: str = "", answer: str = "", text: str = "") -> bytes:
    """A mail with a calendar part, as calendars send it."""
    attendee = f"ATTENDEE;PARTSTAT={answer}:mailto:{HARUKA}\r\n" if answer else ""
    state = f"STATUS:{status}" if status else "SEQUENCE:0"
    event = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nMETHOD:{method}\r\n"
        "BEGIN:VEVENT\r\nUID:e1\r\n"
        f"DTSTAMP:20261119T000000Z\r\nDTSTART:{start}\r\nSUMMARY:打ち合わせ\r\n{attendee}"
        f"{state}\r\nORGANIZER:mailto:{HARUKA}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"], mail["Message-ID"] = f"森 遥 <{HARUKA}>", "打ち合わせ", "<i@example.com>"
    mail["Date"] = "Fri, 20 Nov 2026 09:30:00 +0900"
    mail.set_content(text or "よろしくお願いいたします。")
    mail.add_alternative(event, subtype="calendar", params={"method": method})
    return mail.as_bytes()


def test_an_invitations_dates_are_certain_and_proposed(walk: Walk) -> None:
    mail = walk.take_in(invitation("REQUEST", "20261125T050000Z"))

    (suggestion,) = walk.suggested(mail)
    assert (suggestion.action, suggestion.purposes) == ("event", ("meeting",))
    (window,) = suggestion.windows
    assert (window.source, window.certainty, window.text) == ("invitation", 1.0, "打ち合わせ")
    assert window.start == datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
    assert window.end - window.start == timedelta(hours=1)
    date = from_json(mail.reading or {}).dates[-1]
    assert (date.role, date.certainty, date.begins, date.start) == ("proposed", 1.0, window.start, -1)


@pytest.mark.parametrize(
    "raw",
    [
        invitation("CANCEL", "20261125T050000Z"),
        invitation("REQUEST", "20261125T050000Z", status="CANCELLED"),
        invitation("REPLY", "20261125T050000Z", answer="DECLINED"),
    ],
    ids=["withdrawn", "marked as cancelled", "declined"],
)
def test_what_is_called_off_asks_for_a_new_date(walk: Walk, raw: bytes) -> None:
    mail = walk.take_in(raw)

    (suggestion,) = walk.suggested(mail)
    assert (suggestion.action, suggestion.purposes) == ("event", ("reschedule",))
    assert [window.source for window in suggestion.windows] == ["hours"]  # the old date is no proposal
    assert from_json(mail.reading or {}).dates[-1].role == "old"


def test_an_invitation_that_is_accepted_asks_for_nothing(walk: Walk) -> None:
    mail = walk.take_in(invitation("REPLY", "20261125T050000Z", answer="ACCEPTED", text="Accepted"))

    assert walk.suggested(mail) == ()
    assert len(walk.crm.touchpoints_of(contact_id="c-haruka")) == 1


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (mail_text("x", headers="X-Motenashi-Id: 12"), "loop"),
        (mail_text("x", sender="Sales <sales@minamo.example.com>"), "loop"),
        (mail_text("x", sender="Mail Delivery <mailer-daemon@example.com>", subject="Undelivered"), "bounce"),
        (mail_text("x", headers="X-Failed-Recipients: x@example.com"), "bounce"),
    ],
    ids=["ours by its mark", "ours by its sender", "from a mail server", "failed recipients"],
)
def test_loops_and_bounces_are_skipped_before_anybody_reads_them(walk: Walk, raw: str, why: str) -> None:
    mail = walk.take_in(raw)

    assert (mail.state, mail.why) == ("skipped", why)
    assert walk.reader.texts == []
    assert walk.crm.emails_of(contact_id="c-haruka") == ()


@pytest.mark.parametrize(
    ("body", "back"),
    [
        ("I am out of the office until 2 December and will not see this mail.", "2026-12-02T15:00"),
        ("I am out of the office. I will be back on Wednesday, 2 December.", "2026-12-01T15:00"),
        ("休暇のため12月2日まで不在にしております。", "2026-12-02T15:00"),
        ("ただいま不在にしております。12月2日より出社いたします。", "2026-12-01T15:00"),
    ],
)
def test_an_absence_is_a_note_and_no_suggestion(walk: Walk, body: str, back: str) -> None:
    raw = mail_text(body, subject="Automatic reply: Quote", headers="Auto-Submitted: auto-replied")
    mail = walk.take_in(raw)

    assert walk.suggested(mail) == ()
    away = walk.absences.away_until(NOW, contact_id="c-haruka")
    assert away is not None
    assert away.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == back  # midnight in Tokyo
    assert mail.links is not None
    (note,) = mail.links["notes"]
    assert note["en"] in ("Away until Wed 2 Dec 2026.", "Away until Thu 3 Dec 2026.")
    assert note["ja"] in ("2026年12月2日(水)までご不在です。", "2026年12月3日(木)までご不在です。")
    (email,) = walk.crm.emails_of(contact_id="c-haruka")
    assert email.status == "automatic"
    assert walk.crm.touchpoints_of(contact_id="c-haruka") == ()  # a machine answered, not she
    assert walk.responses.of(contact_id="c-haruka") == ()


def test_nobody_is_sent_to_an_empty_desk(walk: Walk) -> None:
    """Her wish was sent before the absence note, and is read after it."""
    note = "I am out of the office until 2 December."
    walk.take_in(mail_text(note, subject="Automatic reply", headers="Auto-Submitted: auto-replied", message_id="2@x"))
    mail = walk.take_in(mail_text("Please send a quote."))

    (suggestion,) = walk.suggested(mail)
    assert suggestion.not_before == datetime(2026, 12, 2, 15, 0, tzinfo=UTC)
    assert suggestion.windows[0].start == datetime(2026, 12, 3, 0, 0, tzinfo=UTC)  # the office opens at nine in Tokyo
    reasons = [reason.text for reason in suggestion.reasons]
    assert any("away until" in one["en"] and "Dec 2026" in one["en"] and "2026年12月" in one["ja"] for one in reasons)


def test_who_writes_again_is_back(walk: Walk) -> None:
    note = "I am out of the office until 2 December."
    walk.take_in(mail_text(note, subject="Automatic reply", headers="Auto-Submitted: auto-replied", message_id="2@x"))
    walk.now = NOW + timedelta(days=4)
    mail = walk.take_in(mail_text("Please send a quote.", date="Tue, 24 Nov 2026 09:30:00 +0900"))

    (suggestion,) = walk.suggested(mail)
    assert suggestion.not_before is None


def test_an_unhappy_customer_is_rung_within_two_business_hours(walk: Walk) -> None:
    mail = walk.take_in(mail_text("I am very disappointed. This is unacceptable. I want to file a complaint."))

    first = walk.suggested(mail)[0]
    assert (first.action, first.urgency, first.purposes[0]) == ("call", "urgent", "complaint")
    assert first.respond_by == datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # it is ten in Tokyo: by noon


def test_who_wants_no_mailings_is_taken_off_by_a_person_only(walk: Walk) -> None:
    before = walk.crm.contact("c-haruka")
    mail = walk.take_in(mail_text("Please unsubscribe me from your newsletter."))

    (suggestion,) = walk.suggested(mail)
    assert (suggestion.action, suggestion.purposes) == ("update", ("unsubscribe",))
    assert walk.crm.contact("c-haruka") == before


def test_a_programs_notice_is_read_and_nothing_else(walk: Walk) -> None:
    mail = walk.take_in(mail_text("Please send a quote.", headers="Auto-Submitted: auto-generated"))

    assert mail.links is not None
    assert (mail.state, mail.links["why"]) == ("read", "automatic")
    assert walk.suggested(mail) == ()
    assert walk.crm.emails_of(contact_id="c-haruka") == ()


def test_the_mail_of_ours_that_is_answered_counts_as_answered(walk: Walk) -> None:
    ours = Email("", "out", "Quote", NOW - timedelta(days=1), "d-haruka", "c-haruka", message_id="q@minamo.example.com")
    ours = walk.crm.save_email(ours)
    walk.take_in(mail_text("Thank you.", headers="In-Reply-To: <q@minamo.example.com>"))

    answered = next(one for one in walk.crm.emails_of(contact_id="c-haruka") if one.id == ours.id)
    assert answered.replied_at == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)


def test_thanks_leave_a_touch_and_no_suggestion(walk: Walk) -> None:
    mail = walk.take_in(mail_text("Thank you very much."))

    assert walk.suggested(mail) == ()
    assert len(walk.crm.touchpoints_of(contact_id="c-haruka")) == 1
    assert len(walk.responses.of(contact_id="c-haruka")) == 1


def test_a_subject_in_bare_shift_jis_is_shown_as_it_was_meant(walk: Walk) -> None:
    raw = mail_text("見積をお願いします。", subject="見積のお願い").encode("shift_jis")
    mail = walk.take_in(raw.replace(b"utf-8", b"shift_jis"))

    assert (mail.subject, mail.sender) == ("見積のお願い", "森 遥 <haruka.mori@example.com>")
    assert [one.purposes for one in walk.suggested(mail)] == [("quote",)]


def test_a_mail_in_html_alone_is_read(walk: Walk) -> None:
    raw = mail_text("<p>Please send me <b>a quote</b>.</p>").replace("text/plain", "text/html")
    mail = walk.take_in(raw)

    assert [one.purposes for one in walk.suggested(mail)] == [("quote",)]
    assert walk.reader.texts[-1].body.strip() == "Please send me a quote."


def test_a_clock_that_goes_wrong_does_not_move_a_mail_into_the_future(walk: Walk) -> None:
    walk.take_in(mail_text("Please send a quote.", date="Fri, 20 Nov 2099 09:30:00 +0900"))

    (email,) = walk.crm.emails_of(contact_id="c-haruka")
    assert email.sent_at == NOW
