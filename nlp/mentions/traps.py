"""Names that are meant otherwise: persons (Mr Tatsumi, 折笠様), places, and words in their everyday sense.

The words that tell lie in traps.yaml. Only names that can be taken otherwise are judged: a name of several words, or
with a number, is nobody's surname. Where neither sense is sure, capitals and the talk of buying around it decide.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nlp.mentions.candidate import Candidate
from nlp.mentions.folding import fold

TRAPS = Path(__file__).with_name("traps.yaml")
_CAPITAL_WORD_BEFORE = re.compile(r"(\b[A-Z][a-zà-ÿ]+|\b[A-Z]\.)[ \t]+$")
_WORD_AFTER = re.compile(r"[ \t]+([A-Za-z]+)")
_ARTICLE = re.compile(
    r"\b(?:a|an|the|this|that|some|two|three|four|five|several|many|young|baby|female|male|injured|wild|of)\s+$", re.I
)
_OWNER = re.compile(r"(?:\b(?:the|our|their|a|his|her|this|that|whose)|'s|s')\s+(?:own\s+)?$", re.I)
_ROMAN_HONORIFIC = re.compile(r"[ -]?(?:san|sama|sensei|kun|shi|bucho|kacho)\b", re.I)
_SIGNED = re.compile(
    r"(?:regards|wishes|thanks|cheers|sincerely|yours|thank you|敬具|以上|いたします。|致します。)[,.\s]*\n\s*$", re.I
)
_KANJI = re.compile("[一-鿿々]")
_KANA_OR_KANJI = re.compile("[ぁ-ヿ一-鿿]")


class Sense(Enum):
    NAMED = "named"
    LIKELY = "likely"  # named, unless the same text has a person of that name
    PERSON = "person"
    OTHER = "other"


@cache
def words(path: Path = TRAPS) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return _compiled(words()[key])


def _compiled(pattern: str) -> re.Pattern[str]:
    """Long lists of words are wrapped behind a bar in the file; the wrap is no part of them."""
    return re.compile(re.sub(r"\|\s+", "|", pattern), re.IGNORECASE)


@cache
def _any_of(key: str, after: str = "") -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words()[key]))}){after}", re.IGNORECASE)


@cache
def _set(key: str) -> frozenset[str]:
    return frozenset(words()[key])


@cache
def _ordinary(word: str) -> dict[str, Any]:
    found = words()["ordinary"].get(word, {})
    return {key: _compiled(value) if isinstance(value, str) else value for key, value in found.items()}


def sense_of(candidate: Candidate) -> Sense:
    """In what sense the name is meant."""
    if any(letter.isdigit() for letter in candidate.text):
        return Sense.NAMED
    if _falls_into_words(candidate):
        return Sense.OTHER if _is_everyday(candidate) else Sense.NAMED
    if candidate.entry.kind == "competitor" and _torn_apart(candidate):
        return Sense.NAMED if _company_talk(candidate) and not _ARTICLE.search(candidate.before) else Sense.OTHER
    if " " in candidate.text.strip() or len(candidate.text) > 14:
        return Sense.PERSON if _title_before(candidate) and candidate.raw != candidate.raw.title() else Sense.NAMED
    if candidate.entry.kind == "product":
        return Sense.PERSON if _honoured(candidate) else Sense.NAMED
    if _KANJI.match(candidate.raw) and len(candidate.raw) > 3:
        return Sense.NAMED
    if _is_ordinary(candidate) or _is_place(candidate):
        return Sense.OTHER
    if _is_person(candidate):
        return Sense.PERSON
    return Sense.NAMED if _company_talk(candidate) else Sense.LIKELY


def _company_talk(candidate: Candidate) -> bool:
    return bool(
        _pattern("company_words").search(candidate.sentence) or _pattern("company_japanese").search(candidate.sentence)
    )


# ---- persons


def _is_person(candidate: Candidate) -> bool:
    if _stands_below_the_mail(candidate):
        return True
    if _KANA_OR_KANJI.match(candidate.raw):
        return _is_japanese_person(candidate)
    return (
        _honoured(candidate)
        or _given_name_beside(candidate)
        or _any_of("introduces_person", r"\s+(?-i:[A-Z][a-z]+ )?$").search(candidate.before) is not None
        or _person_goes_on(candidate)
        or (_pattern("asked_for").search(candidate.before) is not None and not _company_talk(candidate))
        or _SIGNED.search(candidate.folded.raw[max(0, candidate.start - 40) : candidate.start]) is not None
    )


def _stands_below_the_mail(candidate: Candidate) -> bool:
    """A name alone on one of the last lines, where people sign."""
    raw, end = candidate.folded.raw, candidate.end
    below = raw[end : end + 120]
    if below.startswith(("\n株式会社", "\n(株)", "\n有限会社")):
        return True
    alone = raw[candidate.start - 1 : candidate.start] == "\n" and below[:1] in {"", "\n", "\r"}
    return alone and len(raw) - end < 100 and not _company_talk(candidate)


def _person_goes_on(candidate: Candidate) -> bool:
    return _pattern("person_goes_on").match(candidate.after.lstrip(" ")) is not None


def _title_before(candidate: Candidate) -> bool:
    return _any_of("titles", r"\.?\s+(?-i:[A-Z][a-z]*\.? )?$").search(candidate.before) is not None


def _honoured(candidate: Candidate) -> bool:
    after = candidate.folded.raw[candidate.end : candidate.end + 12]
    if _title_before(candidate) and not re.match(r"\s+(?:team|sales|support|systems)\b", after, re.I):
        return True
    return (
        bool(_ROMAN_HONORIFIC.match(after))
        or re.match(r"\s?(?:様(?![々子式])|さま(?!ざま)|殿|氏(?!名))", after) is not None
    )


def _given_name_beside(candidate: Candidate) -> bool:
    follows = _WORD_AFTER.match(candidate.after)
    if follows and follows.group(1).lower() in _set("given_names") - {"will", "may", "guy", "per"}:
        return True
    before = re.search(r"([A-Za-z]+\.?)[ \t]+$", candidate.before)
    if before is None:
        return False
    word = before.group(1)
    if word.lower() in _set("given_names") - {"will", "per"} or (
        word.lower() in {"will"} and candidate.before.strip() != word
    ):
        return word[0].isupper() or candidate.raw.islower()
    capital = _CAPITAL_WORD_BEFORE.search(candidate.before)
    return (
        capital is not None
        and candidate.before[: capital.start()].strip() != ""
        and candidate.raw[:1].isupper()
        and word.lower() not in _set("no_given_name")
        and not _pattern("company_words").fullmatch(word)
        and candidate.before[: capital.start()].rstrip()[-1:] not in ".!?:\n,"
    )


def _is_japanese_person(candidate: Candidate) -> bool:
    after = candidate.folded.raw[candidate.end : candidate.end + 16]
    if candidate.raw.endswith("社"):
        return False
    if _pattern("person_japanese_after").match(after):
        return True
    if _pattern("san_after").match(after):
        return _is_surname(candidate) and _pattern("san_company").search(candidate.sentence) is None
    before = candidate.folded.raw[max(0, candidate.start - 24) : candidate.start]
    if _pattern("person_japanese_before").search(before) or _SIGNED.search(before):
        return True
    follows = after[:1]
    given = re.match(r"[ \u3000]?([一-鿿]{1,3})(?![一-鿿])", after)
    return bool(_KANJI.match(candidate.raw) and given and follows not in words()["kanji_after_company"])


def _is_surname(candidate: Candidate) -> bool:
    """Firms are called さん too; a name with a short spelling in kanji is a Japanese family's as well."""
    return any(len(name) <= 3 and _KANJI.match(name) for name in (*candidate.entry.names, *candidate.entry.aliases))


# ---- places and everyday words


def _is_place(candidate: Candidate) -> bool:
    follows = re.match(r"[ -]+([A-Za-z]+)(?:[ -]+([A-Za-z]+))?", candidate.after)
    if follows and follows.group(1).lower() in _set("places"):
        return True
    if (
        _any_of("in_place", r"\s+$").search(candidate.before) or _pattern("town_words").search(candidate.after)
    ) and not _company_talk(candidate):
        return True
    return _pattern("place_japanese_after").match(candidate.folded.raw[candidate.end : candidate.end + 4]) is not None


def _is_ordinary(candidate: Candidate) -> bool:
    told = _ordinary(candidate.text.removesuffix("s"))
    if not told:
        return False
    if told["words"].search(candidate.sentence) or told["japanese"].search(candidate.sentence):
        return not _in_company(candidate)
    if candidate.raw[:1].isupper() and not candidate.folded.text.startswith("s", candidate.end):
        return told["words"].search(candidate.wide) is not None and not _company_talk(candidate)
    plural = re.match(r"s(?!\w)(?!')", candidate.after)
    if told.get("plural") and plural:
        return True
    if told.get("article") and _ARTICLE.search(candidate.before):
        return not _pattern("company_words").match(candidate.after.lstrip())
    return bool(told["words"].search(candidate.wide)) and not _company_talk(candidate)


def _in_company(candidate: Candidate) -> bool:
    """Bird talk and price talk in one sentence: a capital and a word of the trade right beside it make a company."""
    return candidate.raw[:1].isupper() and bool(
        re.search(r"\b(?:from|with|to|than|versus|vs|against|by)\s+$", candidate.before)
        and _pattern("company_words").search(candidate.sentence)
        and not re.match(r"s\b", candidate.after)
    )


def _torn_apart(candidate: Candidate) -> bool:
    """A word of a competitor's name in two, in lower case (bright well), as nobody spells it."""
    if (
        candidate.how == "typo"
        or " " not in candidate.text
        or not candidate.raw.islower()
        or not candidate.text.isascii()
    ):
        return False
    spelt = (fold(name).text for name in (*candidate.entry.names, *candidate.entry.aliases))
    return not any(candidate.text in name for name in spelt)


def _falls_into_words(candidate: Candidate) -> bool:
    """Fleet Desk, care plus: words of everyday's, typed apart."""
    return (
        candidate.entry.kind == "product"
        and candidate.text.isascii()
        and len(re.findall(r"[a-z][\s-]+(?=[a-z])", candidate.text)) == 1
    )


def _is_everyday(candidate: Candidate) -> bool:
    humps = re.findall(r"[A-Za-z]+", candidate.raw)
    capitals = (
        all(hump[0].isupper() for hump in humps)
        and not candidate.folded.raw[max(0, candidate.start - 40) : candidate.end + 40].isupper()
    )
    after = candidate.folded.text[candidate.end : candidate.end + 40]
    if _pattern("product_noun_after").match(after):
        return False
    if _pattern("staff_after").match(after):
        return True
    everyday = _pattern("everyday_words").search(candidate.sentence) is not None
    if capitals and not _pattern("asked_for").search(candidate.before):
        return everyday and not _pattern("product_words").search(candidate.sentence)
    if _pattern("everyday_after").match(after):
        return True
    if _set("unusual_halves") & {hump.lower() for hump in humps} and not _pattern("asked_for").search(candidate.before):
        return False
    trouble = _pattern("trouble_words").search(candidate.after) is not None
    if _OWNER.search(candidate.before):
        return not trouble
    if "-" in candidate.text or _KANA_OR_KANJI.search(candidate.sentence):
        return everyday
    return not trouble and (everyday or not _pattern("product_words").search(candidate.sentence))
