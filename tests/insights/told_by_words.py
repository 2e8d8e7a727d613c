"""A reader without a model, for tests of what becomes of a reading: a few words it knows, and nothing else."""

from __future__ import annotations

from nlp.mentions.mention import Mention
from nlp.reading import Intent, Keyword, Reading, Sentiment

_GLAD, _SORE = ("great", "love", "素晴らしい"), ("terrible", "angry", "ひどい")


def told_by_words(text: str, language: str) -> Reading:
    """Prices are keywords, the AeroBook is a product, KestrelBook a competitor."""
    language = language or ("ja" if any("\u3040" <= letter <= "\u30ff" for letter in text) else "en")
    tone = "positive" if any(word in text for word in _GLAD) else "neutral"
    tone = "negative" if any(word in text for word in _SORE) else tone
    sure = {"positive": 0.9 * (tone == "positive"), "negative": 0.9 * (tone == "negative")}
    return Reading(
        language,
        intents=(Intent("complaint" if tone == "negative" else "general_inquiry", 0.9, text[:20]),),
        text=text,
        sentiment=Sentiment(tone, **sure),  # type: ignore[arg-type]
        keywords=tuple(
            Keyword(word, word, start, start + len(word), 0.5)
            for word in ("price", "価格")
            if (start := text.find(word)) >= 0
        ),
        mentions=tuple(
            Mention(kind, record_id, start, start + len(word), word, 1.0, "exact")
            for kind, record_id, word in (
                ("product", "nb-14", "AeroBook"),
                ("product", "nb-14", "エアロブック"),
                ("competitor", "kestrel", "KestrelBook"),
            )
            if (start := text.find(word)) >= 0
        ),
    )
