"""Was this body really posted by somebody who knows our secret, and just now?

Our own scheme, shaped like those of well-known webhooks: `X-Motenashi-Signature: t=<Unix seconds>,v1=<hex>`, where v1
is the HMAC-SHA256 of the same seconds, a full stop and the body's bytes. Several v1 may stand there, and several
secrets may be good at once, so that a secret can be replaced without losing a call.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

log = logging.getLogger(__name__)

SIGNATURE = "X-Motenashi-Signature"
# More signatures than this are not looked at: each costs a pass over the body.
MOST_SIGNATURES = 5


class NotSigned(Exception):
    """The text is for our log, never for the caller."""


@dataclass(frozen=True)
class SignedDoor:
    """A door whose bodies are signed, as its log tells of it. `setting` is where its secrets are named."""

    path: str
    setting: str


def sign(body: bytes, secret: str, now: datetime) -> str:
    """The header's value for a body sent now."""
    stamp = str(int(now.timestamp()))
    return f"t={stamp},v1={_digest(body, secret, stamp)}"


class SignatureCheck:
    """The secrets are read from the environment when this is made. Without any, calls without a signature are let in
    where `allow_unsigned`, and nothing is anywhere else."""

    def __init__(
        self,
        door: SignedDoor,
        secret_envs: Sequence[str],
        clock_seconds: int,
        *,
        allow_unsigned: bool,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """`clock_seconds`: how far a signature's time may be away from ours."""
        self._clock_seconds = clock_seconds
        self._secrets = [environment[name] for name in secret_envs if environment.get(name)]
        self._names = " or ".join(secret_envs) or f"a variable named in {door.setting}"
        self._allow_unsigned = allow_unsigned and not self._secrets
        if self._allow_unsigned:
            log.warning(
                "%s takes calls unsigned, since no secret is configured: anybody who reaches this server may post. "
                "Set %s before going live; production refuses what is unsigned.",
                door.path,
                self._names,
            )
        elif not self._secrets:
            log.warning("All that is posted to %s is refused: set the environment variable %s.", door.path, self._names)

    def check_header(self, header: str, now: datetime) -> None:
        """What can be said without the body, so that no 25 MB are read for nothing. NotSigned says what is wrong."""
        self._time_and_signatures(header, now)

    def check(self, body: bytes, header: str, now: datetime) -> None:
        """NotSigned says what is wrong."""
        stamp, given = self._time_and_signatures(header, now)
        if not self._secrets:
            return  # and that is allowed, or we would not be here
        expected = [_digest(body, secret, str(stamp)) for secret in self._secrets]
        # All are compared, each in constant time: how long it takes tells nothing.
        fits = [hmac.compare_digest(one, other) for one in expected for other in given]
        if True not in fits:
            raise NotSigned(f"it does not fit the body and any of {len(expected)} secret(s)")

    def _time_and_signatures(self, header: str, now: datetime) -> tuple[int, list[str]]:
        if not self._secrets:
            if self._allow_unsigned and not header:
                return 0, []
            raise NotSigned(f"there is no secret to check it with: set the environment variable {self._names}")
        stamp, given = _parts(header)
        if abs(now.timestamp() - stamp) > self._clock_seconds:
            raise NotSigned("its time is too old or lies ahead; are both clocks right?")
        return stamp, given


def _digest(body: bytes, secret: str, stamp: str) -> str:
    made = hmac.new(secret.encode(), f"{stamp}.".encode(), hashlib.sha256)
    made.update(body)
    return made.hexdigest()


def _parts(header: str) -> tuple[int, list[str]]:
    """The time and the v1 signatures of a header."""
    if not header:
        raise NotSigned(f"the header {SIGNATURE} is missing")
    pairs = [part.strip().partition("=")[::2] for part in header[:2000].split(",")]
    stamps = [value for name, value in pairs if name == "t"]
    given = [value.lower() for name, value in pairs if name == "v1" and value.isascii()]
    if len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdigit() and len(stamps[0]) <= 12) or not given:
        raise NotSigned(f"the header {SIGNATURE} must look like t=1767225600,v1=0123abc…")
    if str(int(stamps[0])) != stamps[0]:
        raise NotSigned("its time is written with zeros before it")
    return int(stamps[0]), given[:MOST_SIGNATURES]
