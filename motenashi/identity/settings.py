"""config.yaml, section `identity`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated


@dataclass(frozen=True)
class OneTimeCodeSettings:
    """config.yaml, section `identity.one_time_codes`."""

    minutes_valid: Annotated[int, "How long a code may be used, in minutes."] = 10
    tries: Annotated[int, "How often a visitor may mistype before a new code is needed."] = 5
    hours_verified: Annotated[float, "How long a visitor stays verified after the right code."] = 12.0
    per_address_per_hour: Annotated[int, "At most this many codes go to one address in an hour."] = 5
    per_conversation_per_hour: Annotated[int, "At most this many codes are sent from one conversation in an hour."] = 5
    per_machine_per_hour: Annotated[
        int, "At most this many codes are sent in an hour for one network address, where the channel tells it."
    ] = 20
    overall_per_hour: Annotated[int, "At most this many codes go out in an hour altogether."] = 500
    company: Annotated[str, "The name that the mail with the code is signed with, in English."] = "Motenashi"
    company_ja: Annotated[str, "The same in Japanese. Empty: as in English."] = ""


@dataclass(frozen=True)
class TokenKey:
    """One key that a website signs visitors' tokens with."""

    id: Annotated[str, "The key's name; a token names it in its `kid` header. May be empty when there is one key."] = ""
    algorithm: Annotated[str, "HS256, RS256 or EdDSA. A token signed in any other way with this key is refused."] = (
        "HS256"
    )
    secret_env: Annotated[str, "HS256: the environment variable that holds the shared secret (32 bytes or more)."] = ""
    public_key: Annotated[str, "RS256 and EdDSA: the public key, as PEM text."] = ""


@dataclass(frozen=True)
class TokenSettings:
    """config.yaml, section `identity.tokens`."""

    keys: Annotated[tuple[TokenKey, ...], "The keys that websites sign with. None: no token is trusted."] = ()
    issuer: Annotated[str, "What `iss` must be. Empty: not looked at."] = ""
    audience: Annotated[str, "What `aud` must be. Empty: a token that names an audience is refused."] = ""
    most_minutes_valid: Annotated[int, "The longest time a token may be good for, in minutes."] = 60
    leeway: Annotated[int, "Seconds by which the two machines' clocks may differ."] = 30


@dataclass(frozen=True)
class LoginSettings:
    """config.yaml, section `identity.login`."""

    hours_valid: Annotated[int, "Hours without a click after which staff must log in again."] = 12
    days_valid: Annotated[int, "Days after which staff must log in again in any case."] = 14
    tries_per_address: Annotated[int, "Failed logins for one address in 15 minutes before further ones must wait."] = 10
    tries_per_machine: Annotated[int, "Failed logins from one network address in 15 minutes before it must wait."] = 30
    shortest_password: Annotated[int, "Passwords need at least this many letters."] = 12


@dataclass(frozen=True)
class IdentitySettings:
    """config.yaml, section `identity`."""

    one_time_codes: OneTimeCodeSettings = field(default_factory=OneTimeCodeSettings)
    tokens: TokenSettings = field(default_factory=TokenSettings)
    login: LoginSettings = field(default_factory=LoginSettings)
