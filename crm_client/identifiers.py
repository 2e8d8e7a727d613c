"""When do two e-mail addresses or phone numbers mean the same? Each becomes a key; equal keys, same address.

An address or number that identifies nobody (empty, too long, too few digits) has the key ''.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_KEY = 320  # the longest e-mail address there can be
FEWEST_DIGITS = 6

_EXTENSION = re.compile(r"(?:内線|ext(?:ension)?\.?|x|#|;ext=).*$", re.IGNORECASE)
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")  # +81 (0)3 ...: written for people at home, not dialled from abroad
_NO_DIGIT = re.compile(r"\D+")


def email_key(address: str) -> str:
    """Trimmed, half-width, lower case. '' for what is no address at all."""
    key = unicodedata.normalize("NFKC", address).strip().lower()
    return key if "@" in key and len(key) <= LONGEST_KEY else ""


def phone_key(number: str, country_code: str = "81") -> str:
    """Digits with the country code first; a number that begins with 0 is one of `country_code`'s."""
    if not number:
        return ""
    text = _TRUNK_ZERO.sub("", _EXTENSION.sub("", unicodedata.normalize("NFKC", number).strip()))
    digits = "".join(str(unicodedata.digit(mark)) for mark in _NO_DIGIT.sub("", text))
    if not FEWEST_DIGITS <= len(digits) <= 20:
        return ""
    if text.startswith(("+", "(+")):
        return _without_trunk_zero(digits, country_code)
    return _dialled(digits, country_code)


def _dialled(digits: str, country_code: str) -> str:
    """As somebody in the country would dial it: 00… and (in Japan) 010… go abroad, 0… stays at home."""
    if digits.startswith("00"):
        return _without_trunk_zero(digits[2:], country_code)
    if country_code == "81" and digits.startswith("010") and len(digits) > 11:
        return _without_trunk_zero(digits[3:], country_code)
    if digits.startswith("0"):
        return country_code + digits[1:]
    return digits


def _without_trunk_zero(digits: str, country_code: str) -> str:
    """+81 090…: the country code and yet the 0 that belongs to dialling at home."""
    if digits.startswith(country_code + "0"):
        return country_code + digits[len(country_code) + 1 :]
    return digits
