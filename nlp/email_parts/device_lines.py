"""What phones and mail programs add below a mail: "Sent from my iPhone", 「iPhoneから送信」, "Get Outlook for iOS"."""

from __future__ import annotations

import re

from nlp.email_parts.phrase_lists import phrases

_LINE = re.compile(phrases("device_lines", "lines").replace("{things}", phrases("device_lines", "things")))
_HINTS = re.compile(  # quickly told: without one of these a line can't be one of those
    r"sent|sendt|compos|writ|typed|dictat|from my|get |outlook|typo|brevity|excuse|pardon|gesendet|geschickt|verfasst|"
    r"envoy|expédi|provenance|envia|inviat|verzonden|verstuurd|skickat|lähetetty|wysłan|odesl|отправ|надісл|trimis|"
    r"küldve|[從从发發來来傳]|보냄|送信|送付|作成|返信"
)
_AROUND = " \t\xa0\u3000<>()[]{}*_-–—~|\"'「」【】『』〈〉《》.…。!！:"
_LINK = re.compile(r"\[([^\]\n]{0,80})\](?:\([^)\n]{0,300}\))?")
_SENTENCE = re.compile(
    r"[,;:] .{30,}|\b(?:yesterday|today|tomorrow|"
    r"(?:last|next|this) (?:week|month|year|(?:mon|tues|wednes|thurs|fri)day))\b"
)
_LONGEST = 240
_MOST_WORDS = 14


def is_device_line(text: str) -> bool:
    """Does a whole line say no more than with what the mail was sent?"""
    if not 5 < len(text) <= _LONGEST:
        return False
    said = text.strip(_AROUND).lower()
    if not _HINTS.search(said):
        return False
    said = _LINK.sub(r"\1", said)
    return bool(_LINE.fullmatch(said)) and not _is_sentence(said)


def _is_sentence(said: str) -> bool:
    """ "Sent from my office last Tuesday, the parcel ..." tells of something; a device line only names a thing."""
    return "excuse" not in said and (len(said.split()) > _MOST_WORDS or bool(_SENTENCE.search(said)))
