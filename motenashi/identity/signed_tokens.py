"""Tokens that a website signs for its own logged-in visitors: JSON Web Tokens (RFC 7519).

Each key is bound to one algorithm, so a public key can never be taken for a shared secret, and an unsigned token
(`alg: none`) fits no key at all. A token must end (`exp`), soon (settings), and name an e-mail address that the
site vouches for (`email`; `email_verified: false` is an honest no). Whatever is wrong gives None: the visitor is
then simply unverified. The reason goes to the log, without the token.
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from motenashi.conversation.assurance import Assurance, Identity
from motenashi.identity.settings import TokenKey, TokenSettings
from motenashi.outgoing_mail.mail import is_address

log = logging.getLogger(__name__)

LONGEST_TOKEN = 8_192  # letters; an honest one has some hundreds
SHORTEST_SECRET = 32  # bytes, RFC 7518 §3.2
SMALLEST_RSA = 2_048  # bits


class TokenKeyWrong(Exception):
    """A key in the settings can't be used; the sentence says which and what to do. For the operator, at the start."""


@dataclass(frozen=True)
class Person:
    """Who a good token speaks of. Only `identity.email` is vouched for; the rest is what the site adds."""

    identity: Identity
    name: str = ""
    phone: str = ""
    subject: str = ""


@dataclass(frozen=True)
class _Key:
    id: str
    algorithm: str
    material: Any


class SignedTokens:
    """`environment` is where secrets are looked up by name. TokenKeyWrong when a key in the settings is unusable."""

    def __init__(
        self,
        settings: TokenSettings,
        *,
        environment: Mapping[str, str] = os.environ,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._keys = tuple(_load(key, environment) for key in settings.keys)
        if len({key.id for key in self._keys}) < len(self._keys):
            raise TokenKeyWrong("identity.tokens.keys: two keys have the same id. Give each its own.")

    def check_token(self, token: str) -> Identity | None:
        """The verified identity that a good token gives; None for every other token."""
        person = self.read_token(token)
        return person.identity if person else None

    def read_token(self, token: str) -> Person | None:
        """Like check_token, with the name, phone and subject that the site put in."""
        try:
            return _person(self._claims(token))
        except (jwt.PyJWTError, _TokenWrong, ValueError, TypeError, RecursionError, OverflowError) as error:
            log.info("a visitor's token was not trusted: %s", type(error).__name__ + ": " + str(error)[:200])
            return None

    def _claims(self, token: str) -> dict[str, Any]:
        if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
            raise _TokenWrong("it is too long")
        key = self._key_for(jwt.get_unverified_header(token))
        claims = jwt.decode(
            token,
            key.material,
            algorithms=[key.algorithm],
            issuer=self._settings.issuer or None,
            audience=self._settings.audience or None,
            options={
                "require": ["exp", *(["iss"] if self._settings.issuer else [])],
                # The times are checked below, with the clock that we were handed.
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        self._check_times(claims)
        return claims

    def _key_for(self, header: Mapping[str, Any]) -> _Key:
        """The key that the token names, or the only one; and only when the token is signed in that key's way."""
        name = header.get("kid")
        named = [key for key in self._keys if key.id == name] if name else list(self._keys)
        if len(named) != 1:
            raise _TokenWrong("it names no key that we know")
        if header.get("alg") != named[0].algorithm:
            raise _TokenWrong("it is signed in another way than its key's")
        if header.get("crit"):
            raise _TokenWrong("it asks for an extension that we don't know")
        return named[0]

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now, leeway = self._clock().timestamp(), self._settings.leeway
        ends, longest = _moment(claims, "exp"), self._settings.most_minutes_valid * 60
        if now >= ends + leeway:
            raise _TokenWrong("it has expired")
        if ends > now + longest + leeway:
            raise _TokenWrong(f"it is good for more than {self._settings.most_minutes_valid} minutes")
        for claim in ("nbf", "iat"):
            if claim in claims and _moment(claims, claim) > now + leeway:
                raise _TokenWrong("it is not good yet")


class _TokenWrong(Exception):
    """Why a token is not trusted; for the log."""


def sign_token(
    key: TokenKey, private_key: str | bytes, *, email: str, minutes: int = 15, now: datetime, **claims: str
) -> str:
    """A token as a website would make it; for the demo, the command line and tests.

    `private_key` is the shared secret (HS256) or a PEM private key. More claims may be: name, phone, sub, iss, aud.
    """
    times = {"iat": int(now.timestamp()), "exp": int((now + timedelta(minutes=minutes)).timestamp())}
    headers = {"kid": key.id} if key.id else None
    return jwt.encode({"email": email, **claims, **times}, private_key, algorithm=key.algorithm, headers=headers)


def token_for(
    settings: TokenSettings, email: str, *, environment: Mapping[str, str] = os.environ, now: datetime, **claims: str
) -> str:
    """A token that this server will trust, signed with the first shared secret of the settings; for trying things out.

    TokenKeyWrong when the settings name no HS256 key: a website's private key is the website's alone.
    """
    key = next((key for key in settings.keys if key.algorithm == "HS256"), None)
    if key is None:
        raise TokenKeyWrong("identity.tokens.keys: there is no HS256 key to sign with.")
    named = {"iss": settings.issuer, "aud": settings.audience}
    claims = {name: value for name, value in named.items() if value} | claims
    minutes = min(15, settings.most_minutes_valid)
    return sign_token(key, _load(key, environment).material, email=email, minutes=minutes, now=now, **claims)


def _person(claims: Mapping[str, Any]) -> Person:
    written = _text(claims, "email").strip()
    email = written.lower()
    if not is_address(email):
        raise _TokenWrong("it names no e-mail address")
    if email.isascii() and not written.isascii():
        raise _TokenWrong("its address turns into somebody else's in lower case")
    if claims.get("email_verified", True) is not True:
        raise _TokenWrong("the site itself says that the address is not verified")
    return Person(
        identity=Identity(Assurance.VERIFIED, email, "token"),
        name=_text(claims, "name"),
        phone=_text(claims, "phone"),
        subject=_text(claims, "sub"),
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    return value[:320] if isinstance(value, str) else ""


def _moment(claims: Mapping[str, Any], name: str) -> float:
    value = claims[name]
    # NaN would be neither past nor future, and so never end.
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _TokenWrong(f"its {name} is no number")
    return float(value)


def _load(key: TokenKey, environment: Mapping[str, str]) -> _Key:
    where = f"identity.tokens.keys, key '{key.id}'"
    if key.algorithm == "HS256":
        secret = environment.get(key.secret_env, "").encode() if key.secret_env else b""
        if len(secret) < SHORTEST_SECRET:
            name = key.secret_env or "(secret_env is empty)"
            raise TokenKeyWrong(f"{where}: {name} must hold a secret of at least {SHORTEST_SECRET} bytes.")
        return _Key(key.id, key.algorithm, secret)
    if key.algorithm not in ("RS256", "EdDSA"):
        raise TokenKeyWrong(f"{where}: algorithm '{key.algorithm}' is not one of HS256, RS256, EdDSA.")
    try:
        public = load_pem_public_key(key.public_key.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise TokenKeyWrong(f"{where}: public_key is no PEM public key.") from error
    return _Key(key.id, key.algorithm, _fitting(public, key.algorithm, where))


def _fitting(public: object, algorithm: str, where: str) -> Any:
    if algorithm == "EdDSA" and isinstance(public, Ed25519PublicKey | Ed448PublicKey):
        return public
    if algorithm == "RS256" and isinstance(public, RSAPublicKey):
        if public.key_size < SMALLEST_RSA:
            raise TokenKeyWrong(f"{where}: an RSA key needs at least {SMALLEST_RSA} bits.")
        return public
    raise TokenKeyWrong(f"{where}: public_key is of another kind than {algorithm} needs.")
