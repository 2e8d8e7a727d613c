"""Which tokens make a visitor verified, and which never do."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from motenashi.conversation.assurance import Assurance, Identity
from motenashi.identity.settings import TokenKey, TokenSettings
from motenashi.identity.signed_tokens import SignedTokens, TokenKeyWrong, sign_token, token_for

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
SECRET = "a shared secret of the website, 42 letters"
ANN = Identity(Assurance.VERIFIED, "ann@example.com", "token")


def pem_of(private: Any) -> tuple[str, str]:
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return secret.decode(), public.decode()


RSA_PRIVATE, RSA_PUBLIC = pem_of(rsa.generate_private_key(65537, 2048))
ED_PRIVATE, ED_PUBLIC = pem_of(ed25519.Ed25519PrivateKey.generate())
SHARED = TokenKey(id="site", algorithm="HS256", secret_env="SITE_SECRET")
RSA = TokenKey(id="rsa", algorithm="RS256", public_key=RSA_PUBLIC)
ED = TokenKey(id="ed", algorithm="EdDSA", public_key=ED_PUBLIC)
PRIVATE = {"site": SECRET, "rsa": RSA_PRIVATE, "ed": ED_PRIVATE}


def tokens(*keys: TokenKey, **settings: Any) -> SignedTokens:
    return SignedTokens(
        TokenSettings(keys=keys or (SHARED,), **settings), environment={"SITE_SECRET": SECRET}, clock=lambda: NOW
    )


def signed(claims: dict[str, Any], *, key: Any = SECRET, algorithm: str = "HS256", kid: str = "site") -> str:
    usual = {"email": "ann@example.com", "exp": NOW + timedelta(minutes=5)}
    return jwt.encode({**usual, **claims}, key, algorithm=algorithm, headers={"kid": kid})


@pytest.mark.parametrize("key", [SHARED, RSA, ED], ids=["HS256", "RS256", "EdDSA"])
def test_a_token_of_each_kind_makes_its_visitor_verified(key: TokenKey) -> None:
    token = sign_token(key, PRIVATE[key.id], email="Ann@Example.com", name="Ann", phone="+81 3", sub="u1", now=NOW)
    person = tokens(SHARED, RSA, ED).read_token(token)

    assert person is not None
    assert person.identity == ANN
    assert (person.name, person.phone, person.subject) == ("Ann", "+81 3", "u1")


def test_one_key_needs_no_name() -> None:
    key = replace(SHARED, id="")

    assert tokens(key).check_token(sign_token(key, SECRET, email="ann@example.com", now=NOW)) == ANN


def test_without_keys_no_token_is_trusted() -> None:
    assert SignedTokens(TokenSettings(), clock=lambda: NOW).check_token(signed({})) is None


def test_an_unsigned_token_is_not_trusted() -> None:
    assert tokens().check_token(jwt.encode({"email": "a@x.com", "exp": NOW + timedelta(minutes=5)}, "", "none")) is None


def hand_made(header: dict[str, Any], key: bytes) -> str:
    """HS256 over anything, also where PyJWT's own writer would refuse."""
    import hashlib
    import hmac

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    body = {"email": "ann@example.com", "exp": int(NOW.timestamp()) + 60}
    text = f"{part(json.dumps(header).encode())}.{part(json.dumps(body).encode())}"
    return f"{text}.{part(hmac.new(key, text.encode(), hashlib.sha256).digest())}"


def test_a_public_key_can_not_be_used_as_a_shared_secret() -> None:
    confused = hand_made({"alg": "HS256", "kid": "rsa"}, RSA_PUBLIC.encode())

    assert tokens(RSA, SHARED).check_token(confused) is None
    assert tokens(RSA).check_token(hand_made({"alg": "HS256"}, RSA_PUBLIC.encode())) is None


def test_the_hand_made_token_is_good_with_the_right_key() -> None:
    """Otherwise the test above would prove nothing."""
    assert tokens(RSA, SHARED).check_token(hand_made({"alg": "HS256", "kid": "site"}, SECRET.encode())) == ANN


def test_a_token_of_another_sites_key_is_not_trusted() -> None:
    assert tokens().check_token(signed({}, key="another secret of forty-two letters, really")) is None


def test_several_keys_need_a_name_in_the_token() -> None:
    assert tokens(SHARED, ED).check_token(signed({}, kid="")) is None
    assert tokens(SHARED, ED).check_token(signed({}, kid="gone")) is None


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": NOW - timedelta(seconds=31)},
        {"exp": NOW + timedelta(minutes=62)},
        {"exp": "soon"},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"exp": True},
        {"nbf": NOW + timedelta(minutes=2)},
        {"iat": NOW + timedelta(minutes=2)},
        {"email": ""},
        {"email": "ann"},
        {"email": "ann.\u212aing@example.com"},  # the Kelvin sign, whose lower case is somebody else's k
        {"email": ["ann@example.com"]},
        {"email": "ann@example.com\nBcc: b@x.com"},
        {"email_verified": False},
        {"email_verified": "false"},
        {"aud": "somebody else"},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_is_not_trusted(claims: dict[str, Any]) -> None:
    assert tokens().check_token(signed({})) == ANN
    assert tokens().check_token(signed(claims)) is None


def test_a_token_without_an_end_is_not_trusted() -> None:
    token = jwt.encode({"email": "ann@example.com"}, SECRET, "HS256", headers={"kid": "site"})

    assert tokens().check_token(token) is None


def test_clocks_may_differ_by_half_a_minute() -> None:
    assert tokens().check_token(signed({"exp": NOW - timedelta(seconds=29)})) == ANN
    assert tokens().check_token(signed({"iat": NOW + timedelta(seconds=29)})) == ANN


def test_issuer_and_audience_must_fit_when_the_settings_name_them() -> None:
    strict = tokens(issuer="https://shop.example", audience="motenashi")

    assert strict.check_token(signed({})) is None
    assert strict.check_token(signed({"iss": "https://shop.example"})) is None
    assert strict.check_token(signed({"iss": "https://evil.example", "aud": "motenashi"})) is None
    assert strict.check_token(signed({"iss": "https://shop.example", "aud": "motenashi"})) == ANN


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é", "\udcff", "." * 9_000, "e30.e30.", "bnVsbA.e30.e30"])
def test_what_is_no_token_is_not_trusted(token: str) -> None:
    assert tokens().check_token(token) is None


def test_every_letter_of_a_token_matters() -> None:
    token = signed({})
    for place in range(0, len(token) - 1, 7):  # the last letter carries unused bits
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert tokens().check_token(changed) is None, place


@pytest.mark.parametrize(
    ("key", "what"),
    [
        (replace(SHARED, secret_env="NOT_SET"), "NOT_SET must hold a secret of at least 32 bytes"),
        (replace(SHARED, algorithm="none"), "algorithm 'none' is not one of"),
        (replace(ED, public_key=RSA_PUBLIC), "of another kind than EdDSA needs"),
        (replace(RSA, public_key="nonsense"), "no PEM public key"),
        (replace(RSA, public_key=pem_of(rsa.generate_private_key(65537, 1024))[1]), "at least 2048 bits"),
    ],
)
def test_a_key_that_can_not_be_used_is_said_at_the_start(key: TokenKey, what: str) -> None:
    with pytest.raises(TokenKeyWrong, match=what):
        tokens(key)


def test_two_keys_of_one_name_are_refused_at_the_start() -> None:
    with pytest.raises(TokenKeyWrong, match="same id"):
        tokens(SHARED, replace(ED, id="site"))


def test_a_token_made_for_trying_out_is_trusted_by_the_same_settings() -> None:
    settings = TokenSettings(keys=(ED, SHARED), issuer="https://shop.example", audience="motenashi")
    environment = {"SITE_SECRET": SECRET}
    token = token_for(settings, "ann@example.com", environment=environment, now=NOW, name="Ann")

    assert SignedTokens(settings, environment=environment, clock=lambda: NOW).check_token(token) == ANN
    with pytest.raises(TokenKeyWrong, match="no HS256 key"):
        token_for(TokenSettings(keys=(ED,)), "ann@example.com", now=NOW)
