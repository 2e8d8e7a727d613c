"""Posted mail is signed as `motenashi/channels/signed_body.py` says; here stands only what is the mail door's own."""

from __future__ import annotations

import os
from collections.abc import Mapping

from motenashi.channels import signed_body
from motenashi.channels.email.settings import EmailSettings
from motenashi.channels.signed_body import SIGNATURE, NotSigned, SignedDoor, sign

__all__ = ["SIGNATURE", "NotSigned", "SignatureCheck", "sign"]

_DOOR = SignedDoor("/channels/email", "channels.email.secret_envs")


class SignatureCheck(signed_body.SignatureCheck):
    """The secrets are read from the environment when this is made. Without any, mail without a signature is let in
    where `allow_unsigned`, and nothing is anywhere else."""

    def __init__(
        self, settings: EmailSettings, *, allow_unsigned: bool, environment: Mapping[str, str] = os.environ
    ) -> None:
        super().__init__(
            _DOOR, settings.secret_envs, settings.clock_seconds, allow_unsigned=allow_unsigned, environment=environment
        )
