"""A raw mail becomes a reading, an e-mail and a touchpoint in the CRM, a response and a suggestion, once."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select

from motenashi.insights.voice.tables import voice_intents, voice_keywords, voice_products, voice_responses
from motenashi.suggestions.tables import absences, suggestions
from nlp.reading_json import from_json
from tests.mail_intake.conftest import Walk, mail_text

DEMO_EN = mail_text(
    "Could we have a demo of the AeroBook 14 next Tuesday or Wednesday afternoon?",
    sender="Ben Lee <ben.lee@example.com>",
    subject="A look at the notebook",
    date="Thu, 19 Nov 2026 16:30:00 +0000",
)
DEMO_JA = mail_text("来週火曜の15時以降でエアロブック14のデモをお願いできますか。", subject="御社の製品について")


def everything(walk: Walk) -> dict[str, int]:
    """How many of each there are, to see that nothing came twice."""
    tables = (voice_responses, voice_intents, voice_keywords, voice_products, suggestions, absences)
    with walk.database.read() as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
        }
    for contact in ("c-haruka", "c-ben"):
        counts[f"mails of {contact}"] = len(walk.crm.emails_of(contact_id=contact))
        counts[f"touchpoints of {contact}"] = len(walk.crm.touchpoints_of(contact_id=contact))
    return counts


def test_a_japanese_mail_that_asks_for_a_demo_becomes_an_event_at_the_time_it_proposes(each_walk: Walk) -> None:
    walk = each_walk
    mail = walk.take_in(DEMO_JA)

    assert (mail.state, mail.error) == ("read", "")
    (suggestion,) = walk.suggested(mail)
    assert (suggestion.action, suggestion.purposes, suggestion.urgency) == ("event", ("demo",), "soon")
    assert (suggestion.about.contact_id, suggestion.about.deal_id) == ("c-haruka", "d-haruka")
    assert suggestion.about.deal_certainty == 1.0
    assert suggestion.about.owner_id == "o-aya"
    assert suggestion.product_ids == ("nb-14",)
    (window,) = suggestion.windows
    assert (window.start.isoformat(), window.end.isoformat()) == (
        "2026-11-24T15:00:00+09:00",
        "2026-11-24T18:00:00+09:00",
    )
    assert (window.source, window.text) == ("proposed", "来週火曜の15時以降")
    assert suggestion.title["ja"] == "デモの日程を調整する"
    assert suggestion.reasons[0].text["ja"] == "お客様が製品のデモやお試しをご希望です。"
    assert suggestion.reasons[0].sentence == "来週火曜の15時以降でエアロブック14のデモをお願いできますか。"
    # Read on Friday at 10 in Tokyo: eight business hours later the office closes.
    assert suggestion.respond_by == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_an_english_mail_proposes_two_windows_in_the_senders_own_zone(walk: Walk) -> None:
    mail = walk.take_in(DEMO_EN)

    (suggestion,) = walk.suggested(mail)
    asked = [one for one in from_json(mail.reading or {}).dates if one.role == "proposed"]
    assert [(one.begins and one.begins.isoformat(), one.text) for one in asked] == [
        ("2026-11-24T12:00:00+00:00", "next Tuesday"),
        ("2026-11-25T12:00:00+00:00", "Wednesday afternoon"),
    ]
    # The afternoon in London is night in Tokyo: told, and marked.
    assert [(one.start.isoformat(), one.off_hours) for one in suggestion.windows] == [
        ("2026-11-24T12:00:00+00:00", True),
        ("2026-11-25T12:00:00+00:00", True),
    ]
    assert suggestion.about.deal_id == "d-ben-new"  # the one of two with the product


def test_the_crm_keeps_the_mail_and_the_touch(each_walk: Walk) -> None:
    walk = each_walk
    walk.take_in(DEMO_JA)

    (email,) = walk.crm.emails_of(contact_id="c-haruka")
    assert (email.direction, email.subject, email.deal_id, email.purpose) == (
        "in",
        "御社の製品について",
        "d-haruka",
        "demo",
    )
    assert (email.message_id, email.sent_at) == ("1@example.com", datetime(2026, 11, 20, 0, 30, tzinfo=UTC))
    assert email.text.startswith("来週火曜")
    (touch,) = walk.crm.touchpoints_of(contact_id="c-haruka")
    assert (touch.channel, touch.signal, touch.at, touch.deal_id) == ("e-mail", True, email.sent_at, "d-haruka")


def test_the_voice_of_the_customer_hears_it(each_walk: Walk) -> None:
    walk = each_walk
    mail = walk.take_in(
        mail_text("I am disappointed: the KestrelBook would never fail. Please call me about the AeroBook 14.")
    )

    (response,) = walk.responses.of(contact_id="c-haruka")
    assert (response.source, response.channel, response.account_id) == (f"mail:{mail.id}", "email", "a-kita")
    assert (response.tone, response.negative) == ("negative", 0.9)
    assert [one.product_id for one in response.products] == ["nb-14"]
    assert [(one.record_id, one.kind) for one in response.keywords] == [("kestrel", "competitor")]
    assert response.intents
    assert response.text.startswith("I am disappointed")


def test_the_page_is_told_whom_it_was_linked_to_and_why(walk: Walk) -> None:
    mail = walk.take_in(DEMO_JA)

    assert mail.summary is not None
    assert mail.links is not None
    assert mail.summary["labels"] == ["demo_request"]
    person, deal = mail.links["linked"]
    assert (person["kind"], person["id"], person["name"], person["certainty"]) == ("contact", "c-haruka", "森 遥", 0.98)
    assert (deal["kind"], deal["id"], deal["certainty"]) == ("deal", "d-haruka", 1.0)
    assert set(person["reasons"][0]) == {"en", "ja"}


def test_a_second_delivery_and_a_second_reading_change_nothing(each_walk: Walk) -> None:
    walk = each_walk
    mail = walk.take_in(DEMO_JA)
    before = everything(walk)

    assert walk.keep(DEMO_JA) == mail.id
    assert walk.intake().take_in(mail.id) == ""
    walk.mails.put_back(mail.id, walk.now)
    assert walk.intake().take_in(mail.id) == "read"

    assert everything(walk) == before
    assert before["suggestions"] == before["voice_responses"] == before["mails of c-haruka"] == 1


def test_a_mail_that_is_only_tried_out_is_read_and_tells_the_crm_nothing(walk: Walk) -> None:
    before = everything(walk)
    mail = walk.take_in(DEMO_JA, source="page")

    assert mail.state == "read"
    assert mail.links is not None
    assert [one["id"] for one in mail.links["linked"]] == ["c-haruka", "d-haruka"]
    assert everything(walk) == before
