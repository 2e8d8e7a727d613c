"""Where tokens may go: to the hosts of Zoho's data centres, and for trying out to this machine."""

from __future__ import annotations

import pytest

from crm_client.errors import CrmRefused
from crm_client.zoho.api.data_centres import DATA_CENTRES, accepted_api_url, accounts_url, api_url
from crm_client.zoho.settings import ZohoSettings


@pytest.mark.parametrize(
    ("key", "accounts", "api"),
    [
        ("us", "https://accounts.zoho.com", "https://www.zohoapis.com"),
        ("eu", "https://accounts.zoho.eu", "https://www.zohoapis.eu"),
        ("in", "https://accounts.zoho.in", "https://www.zohoapis.in"),
        ("au", "https://accounts.zoho.com.au", "https://www.zohoapis.com.au"),
        ("jp", "https://accounts.zoho.jp", "https://www.zohoapis.jp"),
        ("cn", "https://accounts.zoho.com.cn", "https://www.zohoapis.com.cn"),
        ("ca", "https://accounts.zohocloud.ca", "https://www.zohoapis.ca"),
        ("sa", "https://accounts.zoho.sa", "https://www.zohoapis.sa"),
    ],
)
def test_each_data_centre_has_its_hosts(key: str, accounts: str, api: str) -> None:
    settings = ZohoSettings(data_centre=key)  # type: ignore[arg-type]

    assert (accounts_url(settings), api_url(settings)) == (accounts, api)
    assert len(DATA_CENTRES) == 8


@pytest.mark.parametrize(
    ("environment", "api"),
    [("sandbox", "https://sandbox.zohoapis.eu"), ("developer", "https://developer.zohoapis.eu")],
)
def test_another_organisation_has_another_api_host_and_the_same_accounts_host(environment: str, api: str) -> None:
    settings = ZohoSettings(data_centre="eu", environment=environment)  # type: ignore[arg-type]

    assert (accounts_url(settings), api_url(settings)) == ("https://accounts.zoho.eu", api)


@pytest.mark.parametrize(
    ("environment", "told", "used"),
    [
        ("production", "https://www.zohoapis.jp", "https://www.zohoapis.jp"),
        ("production", "https://www.zohoapis.jp/", "https://www.zohoapis.jp"),
        ("production", "https://www.zohoapis.eu", "https://www.zohoapis.eu"),  # another centre is still Zoho
        ("production", "", "https://www.zohoapis.jp"),
        ("sandbox", "https://www.zohoapis.jp", "https://sandbox.zohoapis.jp"),
        ("sandbox", "https://sandbox.zohoapis.jp", "https://sandbox.zohoapis.jp"),
    ],
)
def test_the_api_address_that_came_with_a_token_is_taken_from_the_table(environment: str, told: str, used: str) -> None:
    settings = ZohoSettings(data_centre="jp", environment=environment)  # type: ignore[arg-type]

    assert accepted_api_url(told, settings) == used


@pytest.mark.parametrize(
    "told",
    [
        "https://www.zohoapis.jp.evil.example",
        "https://evil.example",
        "http://www.zohoapis.jp",
        "https://www.zohoapis.jp@evil.example",
        "https://www.zohoapis.jp/elsewhere",
        "https://sandbox.zohoapis.jp",  # a token of the sandbox, and we were told production
        "nonsense",
    ],
)
def test_any_other_api_address_is_refused(told: str) -> None:
    with pytest.raises(CrmRefused) as refused:
        accepted_api_url(told, ZohoSettings(data_centre="jp"))

    assert refused.value.trouble == "wrong_data_centre"


@pytest.mark.parametrize("told", ["https://www.zohoapis.jp", "http://127.0.0.1:9/"])
def test_a_fake_can_not_send_us_elsewhere(told: str) -> None:
    with pytest.raises(CrmRefused):
        accepted_api_url(told, ZohoSettings(fake_url="http://127.0.0.1:8099"))


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1:1", "http://zoho.example", "http://127.0.0.1.evil.example", "http://me@localhost:1", "x"],
)
def test_a_fake_is_a_plain_http_server_on_this_machine(url: str) -> None:
    with pytest.raises(CrmRefused, match="fake"):
        accounts_url(ZohoSettings(fake_url=url))


def test_the_fakes_two_hosts_are_one() -> None:
    settings = ZohoSettings(fake_url="http://localhost:8099/")

    assert accounts_url(settings) == api_url(settings) == "http://localhost:8099"
    assert accepted_api_url("http://localhost:8099", settings) == "http://localhost:8099"
