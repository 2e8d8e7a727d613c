"""The page /mail over the real store and the real second walk; texts are read by the walk's small reader."""

from __future__ import annotations

import io
from email.message import EmailMessage
from typing import Any

import pytest
from flask.testing import FlaskClient

from motenashi.database import Database
from motenashi.identity.roles import Role
from motenashi.inbound_mail import calm_words
from motenashi.inbound_mail.mailbox_progress import MailboxState
from motenashi.pages.mail.names import INTENTS as NAMED_INTENTS
from motenashi.pages.rooms import MAIL
from nlp.labels import INTENTS
from tests.pages.conftest import House, form_token
from tests.pages.mail.mail_room import NOW, TEXT, MailPage, build_mail_room


@pytest.fixture
def mail_page(house: House, sqlite_database: Database) -> MailPage:
    return build_mail_room(house, sqlite_database)


def post(client: FlaskClient, path: str, page: str = "/mail", **form: Any) -> str:
    """What the page says after a form was sent and its redirect followed."""
    token = form_token(client, page)
    return client.post(path, data={"csrf_token": token, **form}, follow_redirects=True).text


def test_an_empty_room_says_how_mail_gets_here(mail_page: MailPage) -> None:
    assert "No mail yet" in mail_page.staff().get("/mail").text


def test_a_mail_that_came_in_stands_in_the_list_with_its_labels(mail_page: MailPage) -> None:
    mail_page.came_in()
    text = mail_page.staff().get("/mail").text
    assert "anna@fabrikam.example" in text
    assert "Wants a demo" in text


def test_one_mail_shows_what_was_understood_and_the_rest_folded(mail_page: MailPage) -> None:
    text = mail_page.staff().get(f"/mail/{mail_page.came_in()}").text
    assert '<mark class="m-product"' in text
    assert "May 2026" in text
    assert "Signature" in text
    assert "Arrange a demonstration" in text


def test_what_strangers_wrote_is_never_a_page_of_ours(mail_page: MailPage) -> None:
    wild = "<script>alert(1)</script> we would like a demo\n\n--\n<img src=x onerror=alert(1)>"
    mail_id = mail_page.came_in(wild, subject="<b>Hello</b>")
    client = mail_page.staff()
    for path in ("/mail", f"/mail/{mail_id}"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "<b>Hello" not in text
        assert "&lt;b&gt;Hello" in text


def test_a_pasted_text_is_read_and_nothing_is_written_to_the_crm(mail_page: MailPage) -> None:
    text = post(mail_page.staff(), "/mail/try", text=TEXT, subject="A demo")
    assert "Wants a demo" in text
    assert "Tried out" in text
    assert "Next step" not in text
    assert "Not everything could be read" not in text


def test_a_large_file_can_be_tried_out(mail_page: MailPage) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "anna@fabrikam.example", "A demo"
    mail.set_content("we would like a demo")
    mail.add_attachment(b"x" * 2_000_000, maintype="application", subtype="pdf", filename="plan.pdf")
    text = post(mail_page.staff(), "/mail/try", file=(io.BytesIO(mail.as_bytes()), "a.eml"))
    assert "Wants a demo" in text
    assert "plan.pdf" in text


def test_nothing_pasted_is_said_calmly(mail_page: MailPage) -> None:
    assert "Paste a mail or choose a file first." in post(mail_page.staff(), "/mail/try", text="  ")


def test_a_correction_is_kept_as_a_training_row(mail_page: MailPage) -> None:
    mail_id = mail_page.came_in()
    here = f"/mail/{mail_id}"
    form = {"intents": ["quote_request", "demo_request"], "tone": "positive"}
    text = post(mail_page.staff(), f"{here}/correct", here, **form)
    assert "Corrected to:" in text
    (row,) = mail_page.corrections.training_rows()
    assert (row["intents"], row["sentiment"]) == (["demo_request", "quote_request"], "positive")
    assert "AeroBook" in row["text"]


def test_the_voice_of_the_customer_follows_a_correction(mail_page: MailPage) -> None:
    mail_id = mail_page.came_in()
    here = f"/mail/{mail_id}"
    post(mail_page.staff(), f"{here}/correct", here, intents=["complaint"], tone="negative")

    corrected = mail_page.responses.find(1)
    assert corrected is not None
    assert (corrected.tone, corrected.intent, [one.label for one in corrected.intents]) == (
        "negative",
        "complaint",
        ["complaint"],
    )


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"tone": "neutral"}, "Choose at least one label"),
        ({"intents": ["purchase"], "tone": "furious"}, "Choose at least one label"),
        ({"intents": ["spam", "purchase"], "tone": "neutral"}, "“Spam” stands alone."),
        ({"intents": ["no_such_label"], "tone": "neutral"}, "Choose at least one label"),
    ],
)
def test_a_correction_that_makes_no_sense_is_not_kept(mail_page: MailPage, form: dict[str, Any], said: str) -> None:
    here = f"/mail/{mail_page.came_in()}"
    assert said in post(mail_page.staff(), f"{here}/correct", here, **form)
    assert mail_page.corrections.training_rows() == []


def test_a_skipped_mail_says_why_and_can_be_read_again(mail_page: MailPage) -> None:
    mail_id = mail_page.came_in()
    mail_page.mails.put_back(mail_id, NOW)
    mail_page.mails.skip(mail_id, "bounce")
    here = f"/mail/{mail_id}"
    client = mail_page.staff()
    assert "could not deliver one of our mails" in client.get(here).text
    post(client, f"{here}/again", here)
    assert mail_page.hints == [mail_id]
    assert mail_page.mails.mail(mail_id).state == "waiting"  # type: ignore[union-attr]


def test_a_mail_set_aside_shows_the_cause_to_the_operator(mail_page: MailPage) -> None:
    kept = mail_page.mails.keep(b"Subject: broken\n\nx", source="http", received_at=NOW)
    mail_page.mails.set_aside(kept.id, "This mail could not be read. It is kept as it came.", "ValueError in keywords")
    client = mail_page.staff()
    assert "It is kept as it came." in client.get("/mail?state=set_aside").text
    assert "ValueError in keywords" in client.get(f"/mail/{kept.id}").text
    assert "このメールを読み取れませんでした" in client.get(f"/mail/{kept.id}?lang=ja").text


def test_what_a_door_or_the_store_says_is_told_in_japanese(mail_page: MailPage) -> None:
    client = mail_page.staff()
    for number, words in enumerate(calm_words.ALL):
        kept = mail_page.mails.keep(f"Subject: {number}\n\nx".encode(), source="http", received_at=NOW)
        mail_page.mails.set_aside(kept.id, words["en"], "")
        assert words["ja"] in client.get(f"/mail/{kept.id}?lang=ja").text


def test_what_could_not_be_read_of_a_mail_is_told_in_the_pages_language(mail_page: MailPage) -> None:
    kept = mail_page.mails.keep(b"From: a@example.com\n\na demo, please", source="http", received_at=NOW)
    client = mail_page.staff()
    assert "There is no Message-ID." in client.get(f"/mail/{kept.id}?lang=en").text
    assert "Message-IDがありません。" in client.get(f"/mail/{kept.id}?lang=ja").text


def test_a_text_file_is_read_as_text(mail_page: MailPage) -> None:
    file = (io.BytesIO("デモをお願いします。".encode("shift_jis")), "letter.txt")
    text = post(mail_page.staff(), "/mail/try", file=file)
    assert "デモをお願いします。" in text
    assert "Wants a demo" in text


def test_a_mail_that_waits_shows_its_text(mail_page: MailPage) -> None:
    raw = b"From: a@example.com\nSubject: x\n\nour <b>demo</b>\n\n-- \nAnna\n"
    text = mail_page.staff().get(f"/mail/{mail_page.mails.keep(raw, source='http', received_at=NOW).id}").text
    assert "our &lt;b&gt;demo&lt;/b&gt;" in text
    assert "It waits to be read." in text


def test_the_raw_mail_is_only_ever_saved(mail_page: MailPage) -> None:
    answer = mail_page.staff().get(f"/mail/{mail_page.came_in()}/raw")
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"Subject: A demo" in answer.data


def test_troubles_of_reader_and_mailboxes_are_told(mail_page: MailPage) -> None:
    mail_page.reader_answers = False
    mail_page.boxes.append(MailboxState("sales", state="refused", trouble="LOGIN failed"))
    text = mail_page.staff().get("/mail").text
    assert "Nobody reads mail just now." in text
    assert "does not let us in" in text
    assert "LOGIN failed" in text


def test_the_list_can_be_searched_and_goes_on(mail_page: MailPage) -> None:
    for number in range(52):
        mail_page.mails.keep(f"Subject: mail {number}\n\nx".encode(), source="http", received_at=NOW)
    client = mail_page.staff()
    first = client.get("/mail").text
    assert "mail 51<" in first
    assert "mail 0<" not in first
    assert "Older mails" in first
    assert "mail 0<" in client.get("/mail?before=3").text
    assert "mail 51<" in client.get(f"/mail?before={10**30}").text
    assert "mail 17<" in client.get("/mail?q=mail 17").text
    assert "No mail fits" in client.get("/mail?q=nothing like it").text


@pytest.mark.parametrize("path", ["/mail/999", "/mail/999/raw", "/mail/99999999999999999999"])
def test_a_mail_that_is_not_there_is_a_page_not_found(mail_page: MailPage, path: str) -> None:
    assert mail_page.staff().get(path).status_code == 404


def test_mail_is_for_those_who_talk_with_customers(mail_page: MailPage) -> None:
    mail_id = mail_page.came_in()
    for path in ("/mail", f"/mail/{mail_id}", f"/mail/{mail_id}/raw"):
        assert mail_page.house.client().get(path).status_code == 302
        assert mail_page.staff(Role.DESIGNER).get(path).status_code == 403


def test_forms_need_their_token(mail_page: MailPage) -> None:
    assert mail_page.staff().post("/mail/try", data={"text": TEXT}).status_code == 400


def test_every_label_has_a_name_and_the_room_has_words() -> None:
    assert set(NAMED_INTENTS) == set(INTENTS)
    assert MAIL.path == "/mail"
