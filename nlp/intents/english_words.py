"""English text as a row of word stems: contractions opened, numbers, dates, addresses and names by their class.

A stem is the word without its endings ("extended", "extends" and "extending" are all "extend"), with the irregular
forms put back. Signs that matter (`?`, `!`, `,` and so on) stand among the words.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "…": "..."})
_MONTHS = (
    "jan|january|feb|february|mar|apr|april|jun|june|jul|july|aug|august|sep|sept|september|oct|october|nov|november"
    "|dec|december"
)
_DAYS = "mon|monday|tue|tues|tuesday|wed|weds|wednesday|thu|thur|thurs|thursday|fri|friday|sat|saturday|sun|sunday"
_TOKEN = re.compile(
    r"(?P<address>[^\s@]{1,100}@[^\s@]{1,250}\.\w+|https?://\S+|www\.\S+)"
    r"|(?P<money>[$€£¥₹]\s?\d[\d.,]*k?|\d[\d.,]*\s?(?:k\s?)?(?:[€£¥]|eur\b|usd\b|gbp\b|euros?\b|dollars?\b|pounds?\b|quid\b|rupees\b|yen\b))"
    r"|(?P<percent>\d[\d.,]*\s?(?:%|per\s?cent\b|percent\b))"
    r"|(?P<clock>\d{1,2}[:.h]\d{2}\b(?:\s?[ap]\.?m\.?)?|\d{1,2}\s?[ap]\.?m\b\.?)"
    rf"|(?P<date>\d{{1,2}}(?:st|nd|rd|th)\b|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d{{4}}-\d\d-\d\d|\b(?:{_MONTHS})\b\.?(?:\s\d{{1,2}}\b)?|\d{{1,2}}\s(?:{_MONTHS})\b"
    r"|\b(?:19|20)\d\d\b)"
    rf"|(?P<day>\b(?:{_DAYS})\b(?:'s)?)"
    r"|(?P<code>\b(?=[a-z-]{0,50}\d)(?=[\d-]{0,50}[a-z])[a-z\d][a-z\d-]*\b)"
    r"|(?P<number>\d[\d.,]*\d|\d)"
    r"|(?P<word>[a-zà-ÿ]+(?:'[a-z]+)?(?:-[a-zà-ÿ]+)*|'(?:d|ll|ve|re|m|s)\b)"
    r"|(?P<sign>\?+!*|!+|\.\.\.|[,;:.()\"-])",
    re.IGNORECASE,
)
_CLASS = {
    "address": "#addr",
    "money": "#money",
    "percent": "#pct",
    "clock": "#time",
    "date": "#date",
    "day": "#day",
    "code": "#code",
    "number": "#num",
}
_OPENED = {
    "can't": "can not",
    "cannot": "can not",
    "cant": "can not",
    "won't": "will not",
    "wont": "will not",
    "shan't": "shall not",
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "isnt": "is not",
    "wasnt": "was not",
    "havent": "have not",
    "hasnt": "has not",
    "couldnt": "could not",
    "wouldnt": "would not",
    "ain't": "is not",
    "let's": "let us",
    "im": "i am",
    "ive": "i have",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "got to",
    "u": "you",
    "ur": "your",
    "r": "are",
    "pls": "please",
    "plz": "please",
    "thx": "thanks",
    "tks": "thanks",
    "tnx": "thanks",
    "info": "information",
    "mtg": "meeting",
    "appt": "appointment",
    "qty": "quantity",
    "asap": "as soon as possible",
}
_ENDING = {"'d": "would", "'ll": "will", "'ve": "have", "'re": "are", "'m": "am", "n't": "not"}
_IRREGULAR = {
    form: stem
    for stem, forms in {
        "be": "am is are was were been being",
        "have": "has had having",
        "do": "does did done doing",
        "go": "goes went gone going",
        "buy": "bought",
        "send": "sent",
        "pay": "paid",
        "get": "got gotten getting",
        "take": "took taken",
        "see": "saw seen",
        "give": "gave given",
        "come": "came coming",
        "tell": "told",
        "say": "said says",
        "think": "thought",
        "find": "found",
        "keep": "kept",
        "leave": "left leaving",
        "lose": "lost losing",
        "make": "made making",
        "meet": "met",
        "hold": "held",
        "break": "broke broken",
        "freeze": "froze frozen",
        "speak": "spoke spoken",
        "write": "wrote written writing",
        "choose": "chose chosen choosing",
        "run": "ran running",
        "begin": "began begun beginning",
        "spend": "spent",
        "sell": "sold",
        "ring": "rang rung",
        "hear": "heard",
        "feel": "felt",
        "bring": "brought",
        "know": "knew known",
        "grow": "grew grown",
        "put": "putting",
        "cut": "cutting",
        "let": "letting",
        "stop": "stopped stopping",
        "show": "showed shown",
        "draw": "drew drawn",
        "fall": "fell fallen",
        "forget": "forgot forgotten",
        "hang": "hung",
        "lend": "lent",
        "mean": "meant",
        "sign": "signed",
        "stick": "stuck",
        "swear": "swore sworn",
        "teach": "taught",
        "throw": "threw thrown",
        "understand": "understood",
        "wear": "wore worn",
        "win": "won",
        "die": "died dies dying",
        "lie": "lied lies lying",
        "person": "people persons",
        "child": "children",
        "man": "men",
        "woman": "women",
        "mouse": "mice",
        "use": "used uses using",
        "their": "theirs",
        "your": "yours",
        "our": "ours",
        "cheap": "cheaper cheapest",
        "big": "bigger biggest",
        "expect": "expected expecting",
        "free": "freed",
        "agree": "agreed agrees agreeing",
        "news": "news",
        "always": "always",
        "perhaps": "perhaps",
        "business": "business",
        "address": "address addresses addressed",
        "evening": "evening evenings",
        "morning": "morning mornings",
        "meeting": "meeting meetings",
        "building": "building buildings",
        "during": "during",
        "pricing": "pricing",
        "billing": "billing",
        "mailing": "mailing mailings",
        "invoice": "invoices invoiced invoicing",
        "nothing": "nothing",
        "something": "something",
        "anything": "anything",
        "everything": "everything",
    }.items()
    for form in (stem, *forms.split())
}
_VOWEL = re.compile(r"[aeiouyà-ÿ]")


@lru_cache(maxsize=20000)
def stem(word: str) -> str:
    """The word in small letters without its endings. Words that share a stem are counted as one."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or word.startswith("#"):
        return word
    for ending, kept in (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", ""), ("ly", "")):
        if not word.endswith(ending):
            continue
        rest = word[: -len(ending)]
        if ending == "s" and word.endswith(("ss", "us", "is")):
            continue
        if len(rest) < 3 or not _VOWEL.search(rest) or (ending == "ed" and rest.endswith("e")):
            continue
        word = rest + kept
        break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    if len(word) > 3 and word.endswith("e") and not word.endswith("ee"):
        word = word[:-1]
    return word


def stems(text: str) -> list[str]:
    """The stems, signs and classes of a piece of text, in order."""
    found: list[str] = []
    for match in _TOKEN.finditer(text.translate(_PLAIN)):
        kind, piece = match.lastgroup or "word", match.group()
        if kind == "word":
            found.extend(_word(piece))
        elif kind == "sign":
            found.append(piece if len(piece) == 1 else {"?": "?", "!": "!", ".": "..."}[piece[0]])
        else:
            found.append(_CLASS[kind])
    return found


@lru_cache(maxsize=20000)
def _word(piece: str) -> tuple[str, ...]:
    word = piece.lower()
    if word in _OPENED:
        return tuple(stem(part) for part in _OPENED[word].split())
    if "'" in word:
        for ending, meaning in _ENDING.items():
            if word.endswith(ending):
                rest = word[: -len(ending)]
                return (stem(rest), meaning) if rest else (meaning,)
        rest, _, ending = word.partition("'")
        # "it's" and "what's" are verbs, "Anna's" is not.
        is_verb = ending == "s" and rest in {
            "it",
            "that",
            "what",
            "where",
            "who",
            "how",
            "there",
            "here",
            "he",
            "she",
            "when",
        }
        return (stem(rest), "be") if is_verb else ((stem(rest),) if rest else ())
    if "-" in word:
        return (stem(word.replace("-", "")), *(stem(part) for part in word.split("-") if part))
    return (stem(word),)
