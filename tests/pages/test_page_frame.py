"""What every page has: security headers, a language, and a calm page when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Response, abort
from sqlalchemy.exc import OperationalError

from motenashi.pages.security_headers import CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("path", ["/login", "/flows", "/nowhere", "/static/staff.css", "/api/x"])
def test_every_answer_carries_the_headers(house: Any, path: str) -> None:
    headers = house.client().get(path, buffered=True).headers

    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_the_policy_allows_nothing_inline_and_no_frame() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


def test_production_asks_for_tls_for_two_years(house: Any, build_house: Callable[..., Any]) -> None:
    headers = build_house(production=True).client().get("/login").headers

    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_a_door_may_set_its_own_policy(house: Any) -> None:
    house.app.add_url_rule("/w", view_func=lambda: Response("x", headers={"Content-Security-Policy": "sandbox"}))

    assert house.client().get("/w").headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize(
    ("asked", "browser", "language"),
    [
        ("", "ja,en;q=0.5", "ja"),
        ("", "en-GB,en;q=0.9,ja;q=0.3", "en"),
        ("", "de", "en"),
        ("?lang=ja", "en", "ja"),
        ("?lang=<script>", "en", "en"),
    ],
)
def test_a_page_speaks_the_language_that_is_asked_for(house: Any, asked: str, browser: str, language: str) -> None:
    text = house.client().get(f"/login{asked}", headers={"Accept-Language": browser}).text

    assert f'<html lang="{language}">' in text
    assert ("パスワード" in text) is (language == "ja")


def test_a_chosen_language_stays(house: Any) -> None:
    client = house.client()
    client.get("/login?lang=ja", headers={"Accept-Language": "en"})

    assert '<html lang="ja">' in client.get("/login", headers={"Accept-Language": "en"}).text


@pytest.fixture
def faulty(house: Any) -> Any:
    def fails() -> str:
        raise RuntimeError("the secret plan is in /home/ann")

    def locked() -> str:
        raise OperationalError("SELECT secret", {}, Exception("database is locked"))

    house.app.add_url_rule("/fails", view_func=fails)
    house.app.add_url_rule("/api/fails", view_func=fails)
    house.app.add_url_rule("/locked", view_func=locked)
    for status in (403, 404, 413, 418, 429):
        house.app.add_url_rule(f"/status/{status}", str(status), view_func=lambda status=status: abort(status))
    return house


@pytest.mark.parametrize(
    ("path", "status", "english", "japanese"),
    [
        ("/status/403", 403, "This room is not yours", "権限がありません"),
        ("/status/404", 404, "There is no such page", "ページが見つかりません"),
        ("/status/413", 413, "That is too large", "サイズが大きすぎます"),
        ("/status/418", 418, "This can&#39;t be done", "この操作は行えません"),
        ("/status/429", 429, "A little slower, please", "少し時間をおいて"),
        ("/fails", 500, "Something went wrong on our side", "システムで問題が発生しました"),
        ("/locked", 503, "One moment, please", "少々お待ちください"),
    ],
)
def test_an_error_page_is_calm_in_both_languages(
    faulty: Any, path: str, status: int, english: str, japanese: str
) -> None:
    answer = faulty.client().get(path)

    assert answer.status_code == status
    assert english in answer.text
    assert japanese in faulty.client().get(f"{path}?lang=ja").text
    assert "secret" not in answer.text


def test_the_cause_goes_to_the_log(faulty: Any, caplog: pytest.LogCaptureFixture) -> None:
    faulty.client().get("/fails")

    assert "GET /fails failed" in caplog.text
    assert "the secret plan" in caplog.text


def test_an_address_begins_no_line_of_its_own_in_the_log(faulty: Any, caplog: pytest.LogCaptureFixture) -> None:
    faulty.app.add_url_rule("/fails/<words>", "words", view_func=lambda words: 1 / 0)
    faulty.client().get("/fails/x%0ACRITICAL%20all%20is%20lost")

    assert "GET /fails/x CRITICAL all is lost failed" in caplog.text


def test_machines_get_json(faulty: Any) -> None:
    client = faulty.client()
    answer = client.get("/api/fails", headers={"X-API-Key": faulty.api_keys.create_api_key("x", ["*"])})

    assert (answer.status_code, answer.json["error"]["code"]) == (500, "internal_server_error")
    assert client.get("/channels/none").json["error"]["code"] == "not_found"
    assert client.get("/nowhere", headers={"Accept": "application/json"}).json["error"]["code"] == "not_found"


def test_an_error_keeps_the_headers_that_belong_to_it(faulty: Any) -> None:
    assert "POST" in faulty.client().get("/logout").headers["Allow"]
    assert faulty.client().get("/locked").headers["Retry-After"] == "5"


def test_a_form_of_ours_is_never_large(house: Any) -> None:
    answer = house.client().post("/login", data={"email": "a" * 400_000, "password": "b" * 400_000})

    assert answer.status_code == 413
