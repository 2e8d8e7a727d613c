"""The whole walk with the trained reader: the two mails that this work is about, and a few that must not mislead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nlp.mentions import Catalogue
from nlp.pipeline import MailReader
from nlp.reading_json import from_json
from tests.mail_intake.conftest import Walk, mail_text
from tests.mail_intake.plain_reader import CATALOGUE


@pytest.fixture
def real_walk(walk: Walk, mail_reader: MailReader) -> Iterator[Walk]:
    mail_reader.use_catalogue(CATALOGUE)
    walk.reader = mail_reader
    yield walk
    mail_reader.use_catalogue(Catalogue(()))


def test_could_you_show_us_the_aerobook_next_tuesday_or_wednesday_afternoon(real_walk: Walk) -> None:
    body = (
        "Hi there,\n\nCould you show us the AeroBook next Tuesday or Wednesday afternoon?\n\nBest regards,\nBen\n\n"
        "On Wed, 18 Nov 2026 at 09:12, Aya <aya@minamo.example.com> wrote:\n> Please tell us if you need a quote.\n"
    )
    mail = real_walk.take_in(
        mail_text(
            body, sender="Ben Lee <ben.lee@example.com>", subject="Re: Hello", date="Thu, 19 Nov 2026 16:30:00 +0000"
        )
    )

    reading = from_json(mail.reading or {})
    assert reading.language == "en"
    assert "demo_request" in reading.labels
    assert "quote_request" not in reading.labels  # that was ours
    proposed = [(one.begins, one.ends) for one in reading.dates if one.role == "proposed"]
    assert [(begins and begins.isoformat(), ends and ends.isoformat()) for begins, ends in proposed] == [
        ("2026-11-24T12:00:00+00:00", "2026-11-24T18:00:00+00:00"),
        ("2026-11-25T12:00:00+00:00", "2026-11-25T18:00:00+00:00"),
    ]
    event = next(one for one in real_walk.suggested(mail) if one.action == "event")
    assert event.purposes[0] == "demo"
    assert (event.about.contact_id, event.about.deal_id, event.product_ids) == ("c-ben", "d-ben-new", ("nb-14",))
    assert "Could you show us the AeroBook" in event.reasons[0].sentence


def test_来週火曜の15時以降でデモをお願いできますか(real_walk: Walk) -> None:
    body = (
        "ミナモITサプライ 佐藤様\n\nお世話になっております。森です。\n"
        "来週火曜の15時以降でデモをお願いできますか。\n\nよろしくお願いいたします。\n森\n"
    )
    mail = real_walk.take_in(mail_text(body, subject="お打ち合わせについて"))

    reading = from_json(mail.reading or {})
    assert reading.language == "ja"
    assert "demo_request" in reading.labels
    event = next(one for one in real_walk.suggested(mail) if one.action == "event")
    assert (event.about.contact_id, event.about.deal_id) == ("c-haruka", "d-haruka")
    assert [(one.start.isoformat(), one.end.isoformat()) for one in event.windows] == [
        ("2026-11-24T15:00:00+09:00", "2026-11-24T18:00:00+09:00")
    ]
    assert "来週火曜の15時以降でデモ" in event.reasons[0].sentence


def test_a_reading_survives_its_way_through_the_database(real_walk: Walk) -> None:
    mail = real_walk.take_in(mail_text("エアロブック14の見積を12月3日までにお願いします。担当は090-0999-5678です。"))
    (response,) = real_walk.responses.of(contact_id="c-haruka")

    reading = from_json(mail.reading or {})
    assert [one.product_id for one in response.products] == ["nb-14"]
    assert [one.label for one in response.intents] == list(reading.labels)
    assert len(response.keywords) == len(reading.keywords)
    assert reading.dates


def test_an_absence_note_asks_for_nothing(real_walk: Walk) -> None:
    mail = real_walk.take_in(
        mail_text("ただいま休暇をいただいております。12月2日に戻ります。", subject="自動返信: 見積の件")
    )

    assert real_walk.suggested(mail) == ()
    assert real_walk.absences.newest(contact_id="c-haruka") is not None
