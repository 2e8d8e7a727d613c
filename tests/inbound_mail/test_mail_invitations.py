"""Calendar parts: their dates are certain."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from motenashi.inbound_mail.invitations import read_invitations
from motenashi.inbound_mail.mime_reading import parse_mail
from motenashi.inbound_mail.parsed_mail import Address, Attendee, Invitation

TOKYO = ZoneInfo("Asia/Tokyo")
SENDERS = timezone(timedelta(hours=1))


def calendar(*lines: str, method: str = "REQUEST", above: str = "") -> str:
    event = "\r\n".join(lines)
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\n{above}BEGIN:VEVENT\r\nUID:e-1@hoshi.example\r\n"
        f"{event}\r\nBEGIN:VALARM\r\nTRIGGER:-PT15M\r\nDESCRIPTION:not of the event\r\nEND:VALARM\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )


def only(text: str, method: str = "", zone: timezone | None = SENDERS) -> Invitation:
    [found], problems = read_invitations(text, method, zone)
    assert problems == []
    return found


def test_everything_that_an_invitation_says() -> None:
    found = only(
        calendar(
            "SEQUENCE:2",
            "SUMMARY:デモ\\, 第二回",
            "LOCATION:会議室A",
            "DESCRIPTION:一行目\\n二",
            " 行目",
            "ORGANIZER;CN=佐藤 花子:MAILTO:sato@hoshi.example",
            'ATTENDEE;CN="Reyes, Dana";PARTSTAT=ACCEPTED:mailto:Dana@Reyes.example',
            "ATTENDEE;ROLE=REQ-PARTICIPANT:mailto:sales@us.example",
            "DTSTART;TZID=Asia/Tokyo:20261124T150000",
            "DTEND;TZID=Asia/Tokyo:20261124T160000",
            "STATUS:CONFIRMED",
        )
    )

    assert (found.method, found.uid, found.sequence, found.status) == ("REQUEST", "e-1@hoshi.example", 2, "CONFIRMED")
    assert (found.summary, found.location, found.description) == ("デモ, 第二回", "会議室A", "一行目\n二行目")
    assert found.organizer == Address("佐藤 花子", "sato@hoshi.example")
    assert found.attendees == (
        Attendee("Reyes, Dana", "Dana@reyes.example", "ACCEPTED"),
        Attendee("", "sales@us.example", ""),
    )
    assert found.start == datetime(2026, 11, 24, 15, tzinfo=TOKYO)
    assert found.end == datetime(2026, 11, 24, 16, tzinfo=TOKYO)
    assert found.time_zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("start", "moment", "zone"),
    [
        ("DTSTART:20261124T060000Z", datetime(2026, 11, 24, 6, tzinfo=UTC), "UTC"),
        ("DTSTART;TZID=Tokyo Standard Time:20261124T150000", datetime(2026, 11, 24, 6, tzinfo=UTC), "Asia/Tokyo"),
        (
            'DTSTART;TZID="W. Europe Standard Time":20260701T150000',
            datetime(2026, 7, 1, 13, tzinfo=UTC),
            "Europe/Berlin",
        ),
        (
            "DTSTART;TZID=/example.org/20260101_1/Europe/Berlin:20260701T150000",
            datetime(2026, 7, 1, 13, tzinfo=UTC),
            "Europe/Berlin",
        ),
        (
            'DTSTART;TZID="(UTC+09:00) Osaka, Sapporo, Tokyo":20261124T150000',
            datetime(2026, 11, 24, 6, tzinfo=UTC),
            "+09:00",
        ),
        ("DTSTART:20261124T150000", datetime(2026, 11, 24, 14, tzinfo=UTC), "+01:00"),
    ],
)
def test_times_in_any_zone(start: str, moment: datetime, zone: str) -> None:
    found = only(calendar(start))

    assert (found.start, found.time_zone) == (moment, zone)


def test_a_floating_time_without_a_known_sender_is_not_guessed() -> None:
    assert only(calendar("DTSTART:20261124T150000"), zone=None).start is None


def test_the_calendars_own_zone_comes_before_the_senders() -> None:
    found = only(calendar("DTSTART:20261124T150000", above="X-WR-TIMEZONE:Asia/Tokyo\r\n"))

    assert found.start == datetime(2026, 11, 24, 15, tzinfo=TOKYO)


OWN_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Our Own Zone\r\n"
    "BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:{standard}\r\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:{daylight}\r\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
)


@pytest.mark.parametrize(
    ("local", "utc_hour"),
    [
        ("20260115T120000", 11),
        ("20260328T120000", 11),
        ("20260330T120000", 10),
        ("20261024T120000", 10),
        ("20261026T120000", 11),
    ],
)
def test_a_zone_that_the_mail_describes_itself(local: str, utc_hour: int) -> None:
    above = OWN_ZONE.format(standard="+0100", daylight="+0200")

    start = only(calendar(f"DTSTART;TZID=Our Own Zone:{local}", above=above)).start

    assert isinstance(start, datetime)
    assert start.astimezone(UTC).hour == utc_hour


def test_one_mails_zone_is_not_the_next_ones() -> None:
    here, there = (OWN_ZONE.format(standard=offset, daylight=offset) for offset in ("+0900", "-0500"))
    line = "DTSTART;TZID=Our Own Zone:20260115T120000"

    assert only(calendar(line, above=here)).start == datetime(2026, 1, 15, 3, tzinfo=UTC)
    assert only(calendar(line, above=there)).start == datetime(2026, 1, 15, 17, tzinfo=UTC)
    assert read_invitations(calendar(line), "", None)[0][0].start is None


def test_an_unknown_zone_is_told() -> None:
    found, problems = read_invitations(calendar("DTSTART;TZID=Middle Earth:20261124T150000"), "", SENDERS)

    assert found[0].start == datetime(2026, 11, 24, 15, tzinfo=SENDERS)
    assert problems == ["The time zone 'Middle Earth' of the invitation is not known."]


def test_whole_days_are_dates() -> None:
    found = only(calendar("DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261126"))

    assert (found.start, found.end, found.time_zone) == (date(2026, 11, 24), date(2026, 11, 26), "")


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (["DTSTART:20261124T060000Z", "DURATION:PT1H30M"], datetime(2026, 11, 24, 7, 30, tzinfo=UTC)),
        (["DTSTART;VALUE=DATE:20261124", "DURATION:P2D"], date(2026, 11, 26)),
        (["DTSTART:20261124T060000Z"], None),
        (["DTSTART:20261124T060000Z", "DURATION:P99999999D"], None),
    ],
)
def test_how_long_it_lasts(lines: list[str], end: date | None) -> None:
    assert only(calendar(*lines)).end == end


def test_recurrences_and_the_one_that_is_moved() -> None:
    found = only(
        calendar(
            "DTSTART;TZID=Asia/Tokyo:20261124T150000",
            "RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TU",
            "RDATE;TZID=Asia/Tokyo:20261225T150000,20261226T150000",
            "RECURRENCE-ID;TZID=Asia/Tokyo:20261201T150000",
        )
    )

    assert sorted(found.recurrence.split(";")) == ["BYDAY=TU", "COUNT=4", "FREQ=WEEKLY"]
    assert found.recurrence_dates == (
        datetime(2026, 12, 25, 15, tzinfo=TOKYO),
        datetime(2026, 12, 26, 15, tzinfo=TOKYO),
    )
    assert found.changes == datetime(2026, 12, 1, 15, tzinfo=TOKYO)


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "REPLY", "COUNTER", "PUBLISH"])
def test_methods(method: str) -> None:
    found = only(calendar("DTSTART:20261124T060000Z", method=method))

    assert found.method == method
    assert found.status == ("CANCELLED" if method == "CANCEL" else "")


def test_the_content_type_may_tell_the_method() -> None:
    text = calendar("DTSTART:20261124T060000Z").replace("METHOD:REQUEST\r\n", "")

    assert only(text, method="counter").method == "COUNTER"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT\r\nDTSTART:nonsense\r\nEND:VEVENT",
        "\0\0",
        "BEGIN:VEVENT\r\n" * 5000,
        "a" * 10**6,
    ],
)
def test_what_is_no_calendar_is_told_or_read_in_part(text: str) -> None:
    found, problems = read_invitations(text, "", None)

    assert problems or found
    assert all(event.start is None for event in found)


def test_events_are_counted() -> None:
    event = "BEGIN:VEVENT\r\nDTSTART:20261124T060000Z\r\nEND:VEVENT\r\n"

    found, problems = read_invitations("BEGIN:VCALENDAR\r\n" + event * 3000 + "END:VCALENDAR", "", None)

    assert len(found) == 100
    assert any("more than 100 events" in problem for problem in problems)


def test_an_invitation_in_a_mail_once_as_part_and_once_as_file() -> None:
    ics = calendar("DTSTART:20261124T150000", "SUMMARY:デモ").encode()
    raw = (
        b"From: sato@hoshi.example\r\nDate: Fri, 20 Nov 2026 10:00:00 +0900\r\nSubject: x\r\n"
        b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n"
        b"Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + "ご招待".encode()
        + b"\r\n--a\r\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\r\n\r\n"
        + ics
        + b"--a--\r\n--m\r\nContent-Type: application/ics; name=invite.ics\r\n\r\n"
        + ics
        + b"--m--\r\n"
    )

    found = parse_mail(raw)

    assert found.text == "ご招待"
    [invitation] = found.invitations
    assert invitation.start == datetime(2026, 11, 24, 6, tzinfo=UTC)  # floating: in the sender's zone
    assert invitation.summary == "デモ"
    assert [file.name for file in found.attachments] == ["invite.ics"]
