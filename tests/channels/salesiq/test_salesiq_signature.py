"""Signatures of SalesIQ: over the raw body, by any of several keys, in the forms that its pages show them in."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from werkzeug.datastructures import Headers

from motenashi.channels.salesiq.settings import SalesIQSettings
from motenashi.channels.salesiq.signature import NoKey, SignatureCheck, SignatureWrong, load_keys, warn_unsigned
from tests.salesiq_simulator import public_key_pem, signature, signing_key

NOW = datetime(2026, 11, 3, tzinfo=UTC)
BODY = '{"handler": "trigger", "text": "日本語"}'.encode()
OLD_KEY = generate_private_key(65537, 2048)


def check(body: bytes, headers: dict[str, str], **options: Any) -> bool:
    settings = SalesIQSettings(**({"public_keys": (public_key_pem(),)} | options))
    return SignatureCheck(settings).check(body, Headers(headers), NOW)


def test_a_signed_body_is_accepted() -> None:
    assert check(BODY, {"X-SIQSignature": signature(BODY)})


def test_white_space_in_the_header_does_not_matter() -> None:
    assert check(BODY, {"x-siqsignature": f" {signature(BODY)} "})


@pytest.mark.parametrize(
    "header", ["", "nonsense", "====", base64.b64encode(b"short").decode(), signature(b"other body")]
)
def test_a_wrong_signature_is_refused(header: str) -> None:
    with pytest.raises(SignatureWrong):
        check(BODY, {"x-siqsignature": header})


def test_one_changed_byte_is_noticed() -> None:
    with pytest.raises(SignatureWrong):
        check(BODY.replace(b"trigger", b"Trigger"), {"x-siqsignature": signature(BODY)})


@pytest.mark.parametrize("key", [None, OLD_KEY])
def test_while_a_key_is_changed_both_are_good(key: Any) -> None:
    keys = (public_key_pem(OLD_KEY), public_key_pem())

    assert check(BODY, {"x-siqsignature": signature(BODY, key)}, public_keys=keys)


def test_keys_are_read_in_every_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pem = public_key_pem()
    bare = "".join(pem.splitlines()[1:-1])
    (tmp_path / "key.pem").write_text(pem)
    monkeypatch.setenv("SALESIQ_TEST_KEY", bare)
    expected = signing_key().public_key().public_numbers()

    keys = load_keys([pem, bare, f"file:{tmp_path / 'key.pem'}", "env:SALESIQ_TEST_KEY", "env:SALESIQ_NOT_SET"])

    assert [key.public_numbers() for key in keys] == [expected] * 4


@pytest.mark.parametrize("source", ["nonsense", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])
def test_what_is_no_key_is_told_at_the_start(source: str) -> None:
    with pytest.raises(ValueError, match="entry 1 is no public key"):
        load_keys([source])


def test_a_key_of_another_kind_is_told_at_the_start() -> None:
    pem = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    with pytest.raises(ValueError, match="not an RSA key"):
        load_keys([pem.decode()])


def test_without_a_key_nothing_is_answered() -> None:
    with pytest.raises(NoKey):
        check(BODY, {}, public_keys=())


def test_without_a_key_unsigned_calls_can_be_allowed_and_never_count_as_signed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    warn_unsigned.cache_clear()  # it is said once a process

    assert check(BODY, {}, public_keys=(), allow_unsigned=True) is False
    assert check(BODY, {}, public_keys=(), allow_unsigned=True) is False
    assert caplog.text.count("channels.salesiq.public_keys") == 1


def test_with_a_key_unsigned_calls_can_not_be_allowed() -> None:
    with pytest.raises(SignatureWrong):
        check(BODY, {}, allow_unsigned=True)


def stamped(moment: datetime, *, unit: int = 1) -> dict[str, str]:
    stamp = str(int(moment.timestamp()) * unit)
    return {
        "x-siqsignature": signature(BODY),
        "x-plug-timestamp": stamp,
        "x-plug-signature-v2": signature(stamp.encode() + b"." + BODY),
    }


@pytest.mark.parametrize("unit", [1, 1000])
def test_a_fresh_time_stamp_is_accepted(unit: int) -> None:
    assert check(BODY, stamped(NOW - timedelta(minutes=1), unit=unit), require_timestamp=True)


@pytest.mark.parametrize("away", [timedelta(minutes=-6), timedelta(minutes=6)])
def test_a_replayed_call_is_refused(away: timedelta) -> None:
    with pytest.raises(SignatureWrong, match="too old"):
        check(BODY, stamped(NOW + away))


def test_a_time_stamp_must_be_signed_too() -> None:
    headers = stamped(NOW - timedelta(days=1)) | {"x-plug-timestamp": str(int(NOW.timestamp()))}

    with pytest.raises(SignatureWrong, match="signature-v2"):
        check(BODY, headers)


@pytest.mark.parametrize("stamp", ["soon", "٣", "-5", "1" * 30])
def test_a_time_stamp_must_be_a_time(stamp: str) -> None:
    headers = {"x-siqsignature": signature(BODY), "x-plug-timestamp": stamp}
    headers["x-plug-signature-v2"] = signature(stamp.encode() + b"." + BODY)

    with pytest.raises(SignatureWrong):
        check(BODY, headers)


def test_a_time_stamp_can_be_demanded() -> None:
    with pytest.raises(SignatureWrong, match="missing"):
        check(BODY, {"x-siqsignature": signature(BODY)}, require_timestamp=True)
