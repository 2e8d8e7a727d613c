"""config.yaml, section `channels.salesiq`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal


@dataclass(frozen=True)
class CallbackSettings:
    """config.yaml, section `channels.salesiq.callbacks`: where answers go that were not ready in time.

    Used when `screen_name` is given and either the access token or the refresh token (with id and secret) is in the
    environment. Without it slow answers wait for the visitor to ask for them.
    """

    server: Annotated[str, "SalesIQ's host for your data centre: salesiq.zoho.com, salesiq.zoho.jp, …"] = (
        "salesiq.zoho.com"
    )
    screen_name: Annotated[str, "Your portal's name as it stands in SalesIQ's address. Empty: no callbacks."] = ""
    accounts_server: Annotated[str, "Zoho's accounts host of the same data centre; it gives access tokens."] = (
        "accounts.zoho.com"
    )
    access_token_env: Annotated[str, "Environment variable with an access token (scope SalesIQ.callbacks.UPDATE)."] = (
        "SALESIQ_ACCESS_TOKEN"  # noqa: S105  (a name, no secret)
    )
    client_id_env: Annotated[str, "Environment variable with the OAuth client's id."] = "SALESIQ_CLIENT_ID"
    client_secret_env: Annotated[str, "Environment variable with the OAuth client's secret."] = "SALESIQ_CLIENT_SECRET"  # noqa: S105
    refresh_token_env: Annotated[str, "Environment variable with the refresh token."] = "SALESIQ_REFRESH_TOKEN"  # noqa: S105
    seconds: Annotated[float, "How long one call to SalesIQ may take."] = 10.0


@dataclass(frozen=True)
class SalesIQSettings:
    """config.yaml, section `channels.salesiq`."""

    public_keys: Annotated[
        tuple[str, ...],
        "SalesIQ's public keys: PEM, its bare Base64, file:PATH or env:NAME. A call must be signed by one of them; "
        "two stand here while a key is being changed.",
    ] = ()
    allow_unsigned: Annotated[
        bool,
        "Answer unsigned calls where no public key is given. The server sets it: on in development, off in production.",
    ] = False
    require_timestamp: Annotated[
        bool,
        "Also demand the headers x-plug-timestamp and x-plug-signature-v2, which stop replays. Real SalesIQ does not "
        "send them; other platforms that speak its protocol can.",
    ] = False
    timestamp_seconds: Annotated[int, "How old or early such a time stamp may be, in seconds."] = 300
    assurance: Annotated[
        Literal["claimed", "verified"],
        "What a visitor's e-mail address from SalesIQ counts for. Anybody can type any address there, so `verified` "
        "means accepting that risk; it only holds for signed calls.",
    ] = "claimed"
    budget_seconds: Annotated[float, "An answer that takes longer is announced and delivered later."] = 4.0
    public_url: Annotated[str, "This server's own address from outside; put before links that begin with /."] = ""
    departments: Annotated[Mapping[str, str], "Our departments' names and SalesIQ's ids for them."] = field(
        default_factory=dict
    )
    time_zone: Annotated[str, "The zone (IANA name) of appointment times whose card names none."] = "UTC"
    cautious_cards: Annotated[
        bool, "Send cards whose exact JSON Zoho has not published (video, single product, location) as text and links."
    ] = False
    longest_reply_text: Annotated[int, "A longer text is split into several replies (characters)."] = 5000
    largest_body: Annotated[int, "A request with a larger body is refused (bytes)."] = 256 * 1024
    callbacks: CallbackSettings = field(default_factory=CallbackSettings)
