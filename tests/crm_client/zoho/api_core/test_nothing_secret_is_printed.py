"""Whoever prints what goes to Zoho and comes back, in an error or a log, prints no secret and no address."""

from __future__ import annotations

import pytest

from crm_client.zoho.api.exchange import Request, Response
from crm_client.zoho.api.sealing import Seal
from crm_client.zoho.api.token_endpoint import Client, TokenReply

HIDDEN = "1000.secret"


@pytest.mark.parametrize(
    "holder",
    [
        Client(HIDDEN, HIDDEN),
        TokenReply(HIDDEN, 3600.0, refresh_token=HIDDEN),
        Request("POST", "https://accounts.zoho.com/oauth/v2/token", form={"client_secret": HIDDEN}, token=HIDDEN),
        Request("GET", "https://www.zohoapis.com/crm/v8/Leads/search", params={"email": HIDDEN}, json={"data": HIDDEN}),
        Response(200, {}, HIDDEN.encode()),
        Seal(HIDDEN.encode()),
    ],
    ids=lambda holder: type(holder).__name__,
)
def test_it_is_not_printed(holder: object) -> None:
    assert HIDDEN not in repr(holder)
