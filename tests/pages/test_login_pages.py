"""Signing in and out as a browser does it: forms, cookies, and where one lands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from motenashi.identity.roles import Role
from tests.pages.conftest import PASSWORD, form_token, log_in

ADMIN = "administrator@example.com"


def cookie(answer: Any, name: str) -> str:
    found = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(f"{name}=")]
    assert found, answer.headers
    return str(found[0])


def test_whoever_logs_in_lands_on_the_start_page(house: Any) -> None:
    client = house.client()

    assert log_in(client, ADMIN).headers["Location"] == "/staff"
    assert "Good morning, Administrator" in client.get("/staff").text


def test_a_login_leads_back_to_the_page_that_was_asked_for(house: Any) -> None:
    client = house.client()
    asked = client.get("/flows?problems=yes").headers["Location"]
    assert 'name="next" value="/flows?problems=yes"' in client.get(asked).text

    assert log_in(client, ADMIN, next="/flows?problems=yes").headers["Location"] == "/flows?problems=yes"


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_login_never_leads_to_another_site(house: Any, away: str) -> None:
    assert log_in(house.client(), ADMIN, next=away).headers["Location"] == "/staff"
    assert 'name="next" value=""' in house.client().get("/login", query_string={"next": away}).text
    assert house.staff().get("/login", query_string={"next": away}).headers["Location"] == "/staff"


def test_a_stranger_and_a_wrong_password_read_the_same_sentence(house: Any) -> None:
    wrong = log_in(house.client(), ADMIN, "wrong password")
    stranger = log_in(house.client(), "stranger@example.com", "wrong password")

    assert (wrong.status_code, stranger.status_code) == (401, 401)
    assert wrong.text.count("is not right") == stranger.text.count("is not right") == 1
    assert "wrong password" not in wrong.text


def test_too_many_failures_are_told_to_wait(house: Any) -> None:
    client = house.client()
    answers = [log_in(client, ADMIN, "wrong password").status_code for _ in range(11)]

    assert answers == [401] * 10 + [429]
    assert "15 minutes" in log_in(client, ADMIN).text


def test_what_was_typed_is_escaped(house: Any) -> None:
    assert "<script>" not in log_in(house.client(), '"><script>alert(1)</script>', "x").text


@pytest.mark.parametrize("path", ["/login", "/logout", "/staff/password"])
def test_a_form_without_its_token_is_refused(house: Any, path: str) -> None:
    answer = house.staff().post(path, data={"email": ADMIN, "password": PASSWORD})

    assert answer.status_code == 400
    assert "This form is too old" in answer.text


def test_a_token_of_another_browser_is_refused(house: Any) -> None:
    stolen = form_token(house.client())

    assert house.staff().post("/logout", data={"csrf_token": stolen}).status_code == 400


def test_logging_out_ends_the_login_for_good(house: Any) -> None:
    client = house.staff()
    kept = client.get_cookie("motenashi_login")
    client.post("/logout", data={"csrf_token": form_token(client, "/staff")})
    client.set_cookie("motenashi_login", kept.value)

    assert client.get("/staff").status_code == 302


def test_logging_out_takes_a_form_and_not_a_link(house: Any) -> None:
    client = house.staff()

    assert client.get("/logout").status_code == 405
    assert client.get("/staff").status_code == 200


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(house: Any) -> None:
    set_cookie = cookie(log_in(house.client(), ADMIN), "motenashi_login")

    assert "HttpOnly" in set_cookie
    assert "SameSite=Lax" in set_cookie
    assert "Secure" not in set_cookie


def test_in_production_cookies_travel_over_tls_only(house: Any, build_house: Callable[..., Any]) -> None:
    client = build_house(production=True).client()
    page = client.get("/login", base_url="https://motenashi.example")
    assert "Secure" in cookie(page, "__Host-motenashi_form")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(
        "/login",
        data={"csrf_token": token, "email": ADMIN, "password": PASSWORD},
        base_url="https://motenashi.example",
        headers={"Referer": "https://motenashi.example/login"},
    )
    set_cookie = cookie(answer, "__Host-motenashi_login")

    assert "Secure" in set_cookie
    assert "Path=/" in set_cookie
    assert "Domain" not in set_cookie


def test_a_session_from_before_the_login_is_not_carried_over(house: Any) -> None:
    client = house.client()
    before = form_token(client)
    log_in(client, ADMIN)

    assert client.post("/logout", data={"csrf_token": before}).status_code == 400


def change(client: Any, old: str, new: str, again: str) -> Any:
    token = form_token(client, "/staff/password")
    return client.post("/staff/password", data={"csrf_token": token, "old": old, "new": new, "again": again})


def test_staff_change_their_own_password(house: Any) -> None:
    client, elsewhere = house.staff(Role.OPERATOR), house.staff(Role.OPERATOR)
    answer = change(client, PASSWORD, "quite another password", "quite another password")

    assert "Your new password is set." in answer.text
    assert client.get("/staff").status_code == 200
    assert elsewhere.get("/staff").status_code == 302
    assert log_in(house.client(), "operator@example.com", "quite another password").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "quite another password", "quite another password", "present password is not right"),
        (PASSWORD, "quite another password", "quite a different one", "not the same"),
        (PASSWORD, "short", "short", "at least 12"),
    ],
)
def test_a_new_password_that_can_not_be_set_says_why(house: Any, old: str, new: str, again: str, said: str) -> None:
    answer = change(house.staff(), old, new, again)

    assert answer.status_code == 422
    assert said in answer.text
    assert log_in(house.client(), ADMIN).status_code == 302
