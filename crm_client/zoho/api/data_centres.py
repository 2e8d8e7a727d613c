"""The data centres of Zoho: where tokens are given and where the API answers. Addresses live here and nowhere else.

An operator chooses a key (`jp`), never an address. Source: Zoho CRM REST API v8, "Multi DC", and the official SDK.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from crm_client.errors import CrmRefused
from crm_client.zoho.settings import ZohoSettings

_PREFIX: Final[Mapping[str, str]] = {"production": "www", "sandbox": "sandbox", "developer": "developer"}
_THIS_MACHINE: Final = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class DataCentre:
    accounts: str  # host that gives tokens
    api: str  # host of the API, without what is put before it for a sandbox


DATA_CENTRES: Final[Mapping[str, DataCentre]] = {
    "us": DataCentre("accounts.zoho.com", "zohoapis.com"),
    "eu": DataCentre("accounts.zoho.eu", "zohoapis.eu"),
    "in": DataCentre("accounts.zoho.in", "zohoapis.in"),
    "au": DataCentre("accounts.zoho.com.au", "zohoapis.com.au"),
    "jp": DataCentre("accounts.zoho.jp", "zohoapis.jp"),
    "cn": DataCentre("accounts.zoho.com.cn", "zohoapis.com.cn"),
    "ca": DataCentre("accounts.zohocloud.ca", "zohoapis.ca"),
    "sa": DataCentre("accounts.zoho.sa", "zohoapis.sa"),
}


def accounts_url(settings: ZohoSettings) -> str:
    """Where tokens are asked for. CrmRefused for a `fake_url` that is not on this machine."""
    if settings.fake_url:
        return fake_url(settings)
    return f"https://{DATA_CENTRES[settings.data_centre].accounts}"


def api_url(settings: ZohoSettings) -> str:
    """Where the API of the configured organisation answers."""
    if settings.fake_url:
        return fake_url(settings)
    return f"https://{_PREFIX[settings.environment]}.{DATA_CENTRES[settings.data_centre].api}"


def accepted_api_url(told: str, settings: ZohoSettings) -> str:
    """The API's address for an `api_domain` that came with a token. An address that is not in the table is refused:
    a forged answer must not be able to send the token elsewhere. The organisation (production, sandbox) stays the
    configured one, since Zoho names the data centre only. CrmRefused, wrong_data_centre."""
    if settings.fake_url:
        if told.rstrip("/") in ("", fake_url(settings)):
            return fake_url(settings)
        raise _refused("the fake named another API address than its own")
    if not told:
        return api_url(settings)
    address = urlsplit(told)
    for centre in DATA_CENTRES.values():
        if told.rstrip("/") in {f"https://{prefix}.{centre.api}" for prefix in _PREFIX.values()}:
            return _same_organisation(address.netloc, centre, settings)
    raise _refused("the token came with an API address that is none of Zoho's")


def fake_url(settings: ZohoSettings) -> str:
    """`crm.zoho.fake_url`, checked: plain http, and this machine only."""
    address = urlsplit(settings.fake_url)
    if address.scheme != "http" or address.hostname not in _THIS_MACHINE or address.username is not None:
        raise CrmRefused("read crm.zoho.fake_url", "a fake Zoho is an http address on 127.0.0.1 or localhost")
    return f"{address.scheme}://{address.netloc}"


def _same_organisation(told_host: str, centre: DataCentre, settings: ZohoSettings) -> str:
    wanted = _PREFIX[settings.environment]
    told = told_host.partition(".")[0]
    if told not in (wanted, "www"):
        raise _refused(f"the token is for the {told} organisation; set crm.zoho.environment to it, or connect again")
    return f"https://{wanted}.{centre.api}"


def _refused(what: str) -> CrmRefused:
    return CrmRefused("get an access token", what, trouble="wrong_data_centre")
