"""A small reader that needs no model: the real parts for dates, products and the newest part, and a word a label."""

from __future__ import annotations

import re
from functools import cache

from nlp.dates import find_dates
from nlp.email_text import newest_part
from nlp.mentions import Catalogue, MentionFinder
from nlp.reading import Intent, Reading, Sentiment, TextToRead

CATALOGUE = Catalogue.from_json(
    {
        "products": [
            {"id": "nb-14", "name_en": "AeroBook 14", "name_ja": "エアロブック14", "aliases_en": ["AeroBook"]},
            {"id": "sv-t150", "name_en": "TowerServe T150", "name_ja": "タワーサーブT150"},
        ],
        "competitors": [{"id": "kestrel", "name_en": "KestrelBook", "name_ja": "ケストレルブック"}],
    }
)
_WORDS = {
    "demo_request": ("demo", "デモ"),
    "meeting_request": ("call me", "打ち合わせ"),
    "quote_request": ("a quote", "見積"),
    "complaint": ("disappointed", "complaint", "失望"),
    "unsubscribe": ("unsubscribe",),
    "spam": ("claim your prize",),
    "out_of_office": ("out of the office", "不在", "休暇"),
    "thanks_ack": ("thank you",),
}
_UNHAPPY = ("disappointed", "unacceptable", "失望")
_SENTENCE = re.compile(r"[^.!?。\n]+[.!?。]?")


@cache
def _finder() -> MentionFinder:
    return MentionFinder(CATALOGUE)


class PlainReader:
    """`texts` are those it was asked to read, in order."""

    def __init__(self) -> None:
        self.texts: list[TextToRead] = []

    def read(self, text: TextToRead) -> Reading:
        self.texts.append(text)
        own = newest_part(text.body)
        whole = f"{text.subject}\n\n{own}" if text.subject else own
        language = "ja" if any("\u3040" <= letter <= "\u30ff" for letter in whole) else "en"
        assert text.sent_at is not None
        unhappy = any(word in whole for word in _UNHAPPY)
        return Reading(
            language=language,
            intents=_intents(whole),
            text=whole,
            body_start=len(whole) - len(own),
            sentiment=Sentiment("negative", 0.0, 0.9, own) if unhappy else Sentiment(),
            dates=find_dates(whole, language, reference=text.sent_at, time_zone=text.time_zone),
            mentions=_finder().find(whole, language),
        )


def _intents(text: str) -> tuple[Intent, ...]:
    """Each label once, with the last sentence that has one of its words: subjects come first and tell less."""
    found: dict[str, Intent] = {}
    for match in _SENTENCE.finditer(text):
        sentence = match.group().strip()
        for label, words in _WORDS.items():
            if any(word in sentence.lower() for word in words):
                found[label] = Intent(label, 0.9, sentence, match.start(), match.end())
    return tuple(found.values())
