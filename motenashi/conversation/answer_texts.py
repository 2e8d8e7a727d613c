"""Reads answers to a text input: free text, names, e-mail addresses, phone numbers, web addresses, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from motenashi.conversation.answer_words import Answer, Given, Wrong, wrong
from motenashi.conversation.folding import fold, number_in, numbers_within
from motenashi.conversation.input_cards import TextInput

LONGEST_TEXT = 10_000  # where the card sets no limit
LONGEST_NAME = 120
LONGEST_SENTENCE = 1_000  # characters in which an address is looked for
LONGEST_URL = 2_048

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:xn--[\w-]{2,59}|[^\W\d_]{2,63})(?![\w@-])",
    re.ASCII,  # Japanese is written on both sides of an address without a blank
)
_PHONE = re.compile(r"(?<![\w+])\+?\(?\d(?:[\d ()./-]{4,26})\d(?!\w)", re.ASCII)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_INTRODUCTION = re.compile(r"^(?:my name is|i am|i'm|i’m|this is|it's|it’s|私は|わたしは|名前は)\s*", re.IGNORECASE)
_POLITE_END = re.compile(r"(?:と申します|と言います|といいます|です)[。.!！]*$")
_AROUND_NUMBER = re.compile(
    r"(?:about|around|roughly|approximately|approx\.?|約|およそ|だいたい|[¥$€£])?\s*"
    r"(?P<number>[-+−]?[\d][\d,]*(?:\.\d+)?)\s*(?P<times>[千万億])?\s*(?P<unit>\D{0,14})"
)
_TIMES = {"千": 1_000, "万": 10_000, "億": 100_000_000}


def read_text(card: TextInput, given: Given) -> Answer | Wrong:
    """The answer in the card's format and within its lengths."""
    text = given.plain_value()
    found = _READERS[card.format](card, text)
    return found if isinstance(found, Wrong) else _lengths(card, found)


def _lengths(card: TextInput, answer: Answer) -> Answer | Wrong:
    length = len(answer.text)
    longest = LONGEST_TEXT if card.longest is None else card.longest
    if card.shortest is not None and length < card.shortest:
        return wrong("too_short", shortest=card.shortest)
    if length > longest:
        return wrong("too_long", longest=longest)
    if card.letters_only and not all(_is_letter(character) for character in answer.text):
        return wrong("letters_only")
    return answer


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or character in " 　-'’・･."


def _text(card: TextInput, text: str) -> Answer | Wrong:
    return Answer(text, text) if text else wrong("needed")


def _name(card: TextInput, text: str) -> Answer | Wrong:
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    name = _POLITE_END.sub("", _INTRODUCTION.sub("", plain)).strip(" ,.。、!！")
    has_letter = any(unicodedata.category(character)[0] == "L" for character in name)
    if not has_letter or len(name) > LONGEST_NAME or any(sign in name for sign in "@<>{}[]\\|?？") or "://" in name:
        return wrong("not_name")
    return Answer(name, name)


def _email(card: TextInput, text: str) -> Answer | Wrong:
    """One address, also within a sentence; the domain in lower case."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_SENTENCE])
    found = set(_EMAIL.findall(plain))
    if len(found) != 1:
        return wrong("not_email")
    local, _, domain = found.pop().rpartition("@")
    address = f"{local}@{domain.lower()}"
    return Answer(address, address) if len(local) <= 64 and len(address) <= 254 else wrong("not_email")


def _phone(card: TextInput, text: str) -> Answer | Wrong:
    """Digits only, with a leading + when the country was given: '+81 (0)90-1234-5678' -> '+819012345678'."""
    plain = re.sub(r"[‐‑–—―−ー]", "-", unicodedata.normalize("NFKC", text[:200]))
    found = _PHONE.findall(plain)
    if len(found) != 1:
        return wrong("not_phone")
    written = found[0].strip()
    digits = re.sub(r"\D", "", written.replace("(0)", "") if written.startswith("+") else written)
    if written.startswith("+81") and digits.startswith("810"):
        digits = "81" + digits[3:]
    value = f"+{digits}" if written.startswith("+") else digits
    return Answer(value, written) if _is_phone(value) else wrong("not_phone")


def _is_phone(value: str) -> bool:
    """E.164 allows 15 digits; Japanese numbers have 9 or 10 behind the country code or the leading 0."""
    if value.startswith("+81"):
        return len(value) in (12, 13)
    if value.startswith("+"):
        return 8 <= len(value) - 1 <= 15 and value[1] != "0"
    return 7 <= len(value) <= 15 and len(set(value)) > 1


def _url(card: TextInput, text: str) -> Answer | Wrong:
    """An http(s) address without a user name in it; https is added where no scheme was written."""
    plain = unicodedata.normalize("NFKC", text).strip()
    with_scheme = plain if "://" in plain or _SCHEME.match(plain.split(".")[0]) else f"https://{plain}"
    try:
        parts = urlsplit(with_scheme)
        port = parts.port
    except ValueError:
        return wrong("not_url")
    usable = parts.scheme.lower() in ("http", "https") and not parts.username and not re.search(r"\s", plain)
    if not usable or not _HOST.fullmatch(parts.hostname or "") or port == 0 or len(with_scheme) > LONGEST_URL:
        return wrong("not_url")
    return Answer(with_scheme, with_scheme)


def _number(card: TextInput, text: str) -> Answer | Wrong:
    number = _one_number(text[:200])
    if number is None:
        return wrong("not_number")
    if card.decimals is not None and round(number, card.decimals) != number:
        return wrong("decimals", decimals=card.decimals) if card.decimals else wrong("whole_number")
    if card.decimals == 0:
        number = int(number)
    out = (card.low is not None and number < card.low) or (card.high is not None and number > card.high)
    if out:
        return _out_of_range(card)
    return Answer(number, f"{number:,}")


def _one_number(text: str) -> int | float | None:
    """'1,200', 'about 20', '20 people', '約30名', '2万円'; not a sentence that happens to hold a number."""
    whole = number_in(text)
    found = _AROUND_NUMBER.fullmatch(fold(text))
    if whole is not None or not found or len(numbers_within(text)) != 1:
        return whole
    number = number_in(found["number"])
    return number if number is None else number * _TIMES.get(found["times"] or "", 1)


def _out_of_range(card: TextInput) -> Wrong:
    low, high = (None if end is None else f"{end:,.10g}" for end in (card.low, card.high))
    if low is not None and high is not None:
        return wrong("between", low=low, high=high)
    return wrong("at_least", low=low) if low is not None else wrong("at_most", high=high)


_READERS: Mapping[str, Callable[[TextInput, str], Answer | Wrong]] = {
    "text": _text,
    "name": _name,
    "email": _email,
    "tel": _phone,
    "url": _url,
    "number": _number,
}
