"""How much a line looks like one of a signature (titles, companies, telephones, addresses), or like running text."""

from __future__ import annotations

import re

from nlp.email_parts.phrase_lists import phrases

_NUMBER = re.compile(r"(?<![\w.,])\(?\+?\d[\d\s()./-]{5,20}\d(?!\w)")
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:19|20)?\d\d)(?!\d)"
)
_FEWEST_DIGITS = 7  # of a telephone number
_STRONG = re.compile(
    rf"(?:^|\W){phrases('contact_details', 'labels')}\W{{0,3}}(?:$|[:：.|)\s]\s?\S)|"
    rf"(?:^|[\s|])[tmfepwd](?:[:：]|\.\s)\s?[+\d(a-z]|[\w.+-]{{1,64}}@[\w-]+\.[\w.-]+|(?:^|\s)@[a-z]\w+$|"
    rf"{phrases('contact_details', 'signs')}",
    re.IGNORECASE,
)
_FIELD = re.compile(r"[^\s:：][^:：]{0,15}[:：](?!//)\s*\S")
_WEB = re.compile(r"https?://|www\.", re.IGNORECASE)
_MEDIUM = re.compile(
    rf"{phrases('contact_details', 'japanese_posts')}|\b{phrases('contact_details', 'latin_posts')}(?!\w)",
    re.IGNORECASE,
)
_JAPANESE_SENTENCE = re.compile(
    r"(?:です|ます|ました|ません|でした|ください|下さい|ませ|でしょうか|ましょう|存じます|幸いです|たい|ですか|ますか|した|ない|する|"
    r"お願い(?:いたし|致し)?(?:ます)?|いただけますか)[。．!！?？、\s♪^m()(_)）]*$|[。？！]$"
)
_LATIN_SENTENCE = re.compile(r"[a-zß-ÿ\d)’'\"][.!?…]$")
_BULLET = re.compile(r"(?:[-*]\s+|[•・■□●○◆◇▼→※①-⑳]\s*|\(?\d{1,2}[.)）]\s*)\S")
# Small words that sentences have and lines of a signature have not; two of them tell.
_SMALL_WORDS = {
    "en": {"me", "my", "is", "are", "was", "am", "on", "please", "call", "can", "will", "would", "here", "see", "it"}
    | {"this", "that", "these", "have", "has", "we", "you", "your", "i", "if"},
    "de": {"ich", "wir", "sie", "ist", "sind", "bitte", "hier", "das", "nicht"},
    "fr, es": {"je", "nous", "vous", "est", "sont", "ce", "yo", "es", "está", "son", "lo", "mi"},
}
_EVERY_SMALL_WORD = frozenset().union(*_SMALL_WORDS.values())
_JAPANESE_PARTICLE = re.compile(r"[一-龥ァ-ヶーa-zA-Z0-9](?:は|を|が|まで|から)(?![ぁ-ん])")
_SLOGAN = re.compile(r"[\"“„«「][^\"”»」]{3,70}[\"”“»」]$")
_FRAME = "┃│┏┗┌└║╔╚|#*=-_~+:＊＃｜ 　\t・"
_LONGEST = 120


def weight_of(text: str) -> int:
    """2: a telephone, an address of the net or post; 1: a title, a company, columns; 0: tells nothing (a name, say)."""
    if len(text) > _LONGEST * 2:
        return 0
    bare = text.strip(_FRAME)
    if _WEB.search(bare) or _STRONG.search(bare) or has_telephone(bare) or bare.count("|") + bare.count("｜") > 1:
        return 2
    columns = " | " in bare or " @ " in bare or " • " in bare or "｜" in bare
    return columns + bool(_MEDIUM.search(bare))


def is_field(text: str) -> bool:
    """ "Company: Reyes", 「会社名：」: a form filled in. (Names of contact details are no such names.)"""
    return bool(_FIELD.match(text)) and not _STRONG.match(text)


def has_web_address(text: str) -> bool:
    return bool(_WEB.search(text[: _LONGEST * 2]))


def is_web_address(text: str) -> bool:
    """Nothing but an address of the web: it may just as well be what the mail is about."""
    return bool(_WEB.search(text[:30])) and len(text.split()) == 1


def has_telephone(text: str) -> bool:
    """Digits enough for a telephone number that are no date."""
    return any(
        sum(sign.isdigit() for sign in match.group()) >= _FEWEST_DIGITS and not _DATE.search(match.group())
        for match in _NUMBER.finditer(text[:_LONGEST])
    )


def is_running_text(text: str) -> bool:
    """Is this a sentence, or an item of a list, rather than a line of a signature?"""
    bare = text.strip(_FRAME)
    if not bare or _SLOGAN.match(bare):
        return False
    if len(bare) > _LONGEST:
        return True
    if bare[-1] == "?":
        return True
    if not bare.isascii() and (_JAPANESE_SENTENCE.search(bare) or _JAPANESE_PARTICLE.search(bare)):
        return True
    words = bare.split()
    if sum(word in _EVERY_SMALL_WORD for word in bare.lower().split()) > 1:
        return True
    if len(words) > 4 and _LATIN_SENTENCE.search(bare[-2:]) and not _ends_in_short_form(bare, words):
        return True
    if len(words) > 7 and _mostly_lower(words) and not _tells_address(bare):
        return True
    return bool(_BULLET.match(text)) and not _tells_address(bare)


def _tells_address(bare: str) -> bool:
    return bool(_STRONG.search(bare) or _WEB.search(bare)) or has_telephone(bare)


def _ends_in_short_form(bare: str, words: list[str]) -> bool:
    return (
        bare.endswith((" Inc.", " Ltd.", " Co.", " Corp.", " St.", " S.A.", " Jr.")) or "|" in bare or "," in words[0]
    )


def _mostly_lower(words: list[str]) -> bool:
    return sum(word[:1].islower() for word in words) * 2 > len(words)
