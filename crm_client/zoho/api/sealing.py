"""Tokens are stored sealed: encrypted and signed with a key that is derived from the house's secret."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Seal:
    def __init__(self, secret: bytes) -> None:
        """`secret`: the house's secret key. Tokens get a key of their own, so that neither gives the other away."""
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tokens of Zoho CRM").derive(secret)
        self._fernet = Fernet(urlsafe_b64encode(key))

    def close(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str | None) -> str:
        """'' for nothing, and for what was sealed with another secret or changed since: it is as good as lost."""
        if not sealed:
            return ""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return ""
