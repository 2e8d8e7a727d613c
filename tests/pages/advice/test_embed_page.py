"""The small page inside the CRM's own: only for the link's holder, about its record, for a while, in allowed frames."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from motenashi.database import Database
from motenashi.identity.embed_links import EmbedLinks
from motenashi.pages.embed.settings import EmbedSettings
from motenashi.suggestions.suggestion import Draft
from tests.advice_desk.desk_world import AYA, HOUR, NOW, TO_CALL
from tests.pages.advice.real_desk import CRM_PAGE, RealDesk, build_real_desk
from tests.pages.conftest import House

A_MAIL = replace(TO_CALL, action="e-mail", draft=Draft("e-mail", "en", "Prices", "Here.", to="haruka@example.com"))


@pytest.fixture
def desk(house: House, sqlite_database: Database) -> RealDesk:
    return build_real_desk(house, sqlite_database)


@pytest.fixture
def stranger(desk: RealDesk) -> FlaskClient:
    return desk.house.client()


def path(desk: RealDesk, kind: str = "deal", record_id: str = "d1") -> str:
    return desk.links.path(kind, record_id, AYA, now=desk.world.now)  # type: ignore[arg-type]


def token(desk: RealDesk, record_id: str = "d1") -> str:
    return desk.links.token("deal", record_id, AYA, now=desk.world.now)


def test_a_signed_link_shows_the_advice_without_a_login_or_a_cookie(desk: RealDesk, stranger: FlaskClient) -> None:
    desk.world.kept()
    answer = stranger.get(path(desk) + "&x=1")

    assert answer.status_code == 200
    assert "Do it: plan the call" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_only_named_pages_may_frame_it(desk: RealDesk, stranger: FlaskClient) -> None:
    policy = stranger.get(path(desk)).headers["Content-Security-Policy"]

    assert f"frame-ancestors {CRM_PAGE}" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in stranger.get("/login").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "origin",
    [
        "crm.example.com",
        "https://a.example; script-src *",
        "https://a.example\nX: y",
        "*",
        "https://",
        "https://*",
        "https://*:443",
    ],
)
def test_an_allow_list_holds_origins_only(origin: str) -> None:
    with pytest.raises(ValueError, match="is no origin"):
        EmbedSettings((origin,))


@pytest.mark.parametrize(("language", "words"), [("en", "Not now"), ("ja", "今はしない")])
def test_it_speaks_the_language_that_is_asked_for(
    desk: RealDesk, stranger: FlaskClient, language: str, words: str
) -> None:
    desk.world.kept()

    answer = stranger.get(f"{path(desk)}&lang={language}")

    assert words in answer.text
    assert "Set-Cookie" not in answer.headers
    assert words in stranger.get(path(desk), headers={"Accept-Language": language}).text


@pytest.mark.parametrize("origin", [CRM_PAGE, "http://192.168.1.5:8080", "https://*.example.com"])
def test_a_host_or_its_number_is_an_origin(origin: str) -> None:
    assert EmbedSettings((origin,)).frame_ancestors == (origin,)


def test_a_link_ends(desk: RealDesk, stranger: FlaskClient) -> None:
    link, secret = path(desk), token(desk)
    one = desk.world.kept()
    desk.world.now += 3 * HOUR

    assert stranger.get(link).status_code == 403
    assert "This view has ended" in stranger.get(link + "&lang=en").text
    assert stranger.post(f"/embed/suggestions/{one.id}/accept", data={"token": secret}).status_code == 403
    assert desk.world.crm.activities_of(deal_id="d1") == ()


def test_a_link_that_we_did_not_sign_opens_nothing(desk: RealDesk, stranger: FlaskClient) -> None:
    link = path(desk)
    other = EmbedLinks(["x" * 40], timedelta(hours=1)).path("deal", "d1", AYA, now=NOW)

    for wrong in (link[:-3], "/embed/deals/d1", other, link.replace("deals/d1", "deals/d2"),
                  link.replace("deals/d1", "leads/d1"), f"/embed/deals/d1?token={'x' * 5000}"):  # fmt: skip
        assert stranger.get(wrong).status_code == 403, wrong


def test_a_key_that_was_replaced_still_opens_and_the_new_one_signs() -> None:
    old, both = EmbedLinks(["a" * 40], timedelta(hours=1)), EmbedLinks(["a" * 40, "b" * 40], timedelta(hours=1))

    assert both.holder_of(old.token("deal", "d1", AYA, now=NOW), now=NOW) is not None
    assert old.holder_of(both.token("deal", "d1", AYA, now=NOW), now=NOW) is None


def test_doing_it_from_the_crms_page(desk: RealDesk, stranger: FlaskClient) -> None:
    one = desk.world.kept()
    form = {"token": token(desk), "subject": "Price"}
    answer = stranger.post(f"/embed/suggestions/{one.id}/accept?lang=ja", data=form)

    assert "電話の予定をCRMに登録しました。" in answer.text
    (call,) = desk.world.crm.activities_of(deal_id="d1")
    assert (call.subject, call.owner_id) == ("Price", "o-aya")
    again = stranger.post(f"/embed/suggestions/{one.id}/accept", data=form)
    assert again.status_code == 200
    assert len(desk.world.crm.activities_of(deal_id="d1")) == 1


def test_turning_down_and_putting_off(desk: RealDesk, stranger: FlaskClient) -> None:
    one = desk.world.kept()
    form = {"token": token(desk)}
    base = f"/embed/suggestions/{one.id}"

    assert "Please say what is wrong" in stranger.post(f"{base}/dismiss?lang=en", data=form).text
    assert "It comes back:" in stranger.post(f"{base}/snooze", data={**form, "until": "tomorrow"}).text
    assert "lies ahead" in stranger.post(f"{base}/snooze", data={**form, "until": "date", "date": "x"}).text
    assert "Thank you." in stranger.post(f"{base}/dismiss", data={**form, "reason": "other"}).text
    assert desk.world.store.find(one.id).state == "dismissed"  # type: ignore[union-attr]


def test_a_link_takes_decisions_about_its_own_record_only(desk: RealDesk, stranger: FlaskClient) -> None:
    one = desk.world.kept()
    contact = desk.links.token("contact", "c1", AYA, now=NOW)

    for secret in (token(desk, "d2"), contact):
        assert stranger.post(f"/embed/suggestions/{one.id}/accept", data={"token": secret}).status_code == 404
    assert desk.world.store.find(one.id) == one


def test_the_forms_carry_the_links_token_and_no_other(desk: RealDesk, stranger: FlaskClient) -> None:
    desk.world.kept()
    shown = stranger.get(path(desk)).text

    assert set(re.findall(r'name="token" value="([^"]+)"', shown)) == {token(desk)}
    assert "csrf_token" not in shown


def test_a_record_that_is_gone_is_said_to_be(desk: RealDesk, stranger: FlaskClient) -> None:
    assert stranger.get(path(desk, "lead", "gone")).status_code == 404


def test_the_page_after_a_decision_leads_back_to_itself(desk: RealDesk, stranger: FlaskClient) -> None:
    one = desk.world.kept()
    shown = stranger.post(f"/embed/suggestions/{one.id}/accept?lang=en", data={"token": token(desk)}).text
    again = re.search(r'href="([^"]+)">Reload<', shown)

    assert again is not None
    answer = stranger.get(html.unescape(again[1]))
    assert answer.status_code == 200
    assert "The advice is being worked out" in answer.text


def test_what_is_not_found_is_told_in_the_small_page_without_whoever_is_logged_in(desk: RealDesk) -> None:
    answer = desk.aya().post("/embed/suggestions/999/accept", data={"token": token(desk)})

    assert answer.status_code == 404
    assert "There is no such record" in answer.text
    assert "/login" not in answer.text and "Aya Endo" not in answer.text


@pytest.mark.parametrize("to", ["haruka@example.com", "HARUKA@example.com", ""])
def test_mail_goes_from_the_crms_page_to_the_customer(desk: RealDesk, stranger: FlaskClient, to: str) -> None:
    one = desk.world.kept(A_MAIL)
    form = {"token": token(desk), "send": "1", "to": to}

    assert (
        "The e-mail is in the CRM now." in stranger.post(f"/embed/suggestions/{one.id}/accept?lang=en", data=form).text
    )
    assert [mail.to.lower() for mail in desk.world.sent] == ["haruka@example.com"]


def test_mail_goes_from_the_crms_page_to_nobody_else(desk: RealDesk, stranger: FlaskClient) -> None:
    one = desk.world.kept(A_MAIL)
    form = {"token": token(desk), "send": "1", "to": "somebody@elsewhere.example"}
    answer = stranger.post(f"/embed/suggestions/{one.id}/accept?lang=en", data=form)

    assert "own address only" in answer.text
    assert desk.world.sent == []
    assert desk.world.store.find(one.id) == one


@pytest.mark.parametrize("minutes", [0, 24 * 60 + 1])
def test_a_link_that_would_last_for_no_time_or_for_days_is_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match="minutes_valid"):
        EmbedSettings(minutes_valid=minutes)
