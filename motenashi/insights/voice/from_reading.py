"""From a Reading to a response: what a text tells us about its writer, whichever channel it came by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from motenashi.insights.voice.response import (
    CoarseIntent,
    Response,
    SaidBy,
    SaidIntent,
    SaidKeyword,
    SaidProduct,
    Tone,
)
from nlp.emotions.finding import emotion_of
from nlp.labels import coarse_class
from nlp.mentions.mention import Mention
from nlp.reading import Keyword, Reading, Voice

Speakers = Mapping[Voice, SaidBy]
_THEIRS: Speakers = {"sender": "customer", "us": "us", "other": "other"}
# In our own words: whom we quote as "you" is the customer.
_OURS: Speakers = {"sender": "us", "us": "customer", "other": "other"}


def with_reading(response: Response, reading: Reading) -> Response:
    """The response, told by the reading: language, words, tone, intents, keywords and products.

    Who it was, when, and about which deal are the caller's to say.
    """
    intent = coarse_class(reading.labels)
    text = reading.text[reading.body_start :].strip() or reading.text.strip()
    return replace(
        response,
        language=reading.language,
        text=text,
        tone=reading.sentiment.tone,
        positive=reading.sentiment.positive,
        negative=reading.sentiment.negative,
        emotion=emotion_of(text, reading.language, reading.sentiment).name,
        intent=intent,
        intents=tuple(SaidIntent(one.label, one.score, one.sentence) for one in reading.intents),
        keywords=_words(reading, intent, _THEIRS),
        products=products_named(reading),
    )


def with_our_words(response: Response, reading: Reading) -> Response:
    """The response with the keywords of what we said in the same talk: they count as ours, and change nothing else."""
    return replace(response, keywords=(*response.keywords, *_words(reading, response.intent, _OURS)))


def _words(reading: Reading, intent: CoarseIntent, speakers: Speakers) -> tuple[SaidKeyword, ...]:
    return (*_keywords(reading, intent, speakers), *_competitors(reading, intent, speakers))


def _keywords(reading: Reading, intent: CoarseIntent, speakers: Speakers) -> tuple[SaidKeyword, ...]:
    return tuple(
        SaidKeyword(
            word.text, word.normal, said_by=speakers[word.said_by], tone=word.tone, intent=intent, score=word.score
        )
        for word in reading.keywords
        if not any(one.kind == "competitor" and _lies_in(word, one) for one in reading.mentions)
    )


def _lies_in(word: Keyword, mention: Mention) -> bool:
    """A keyword that is nothing but a rival's name is told once, as the rival."""
    return mention.start <= word.start and word.end <= mention.end


def _competitors(reading: Reading, intent: CoarseIntent, speakers: Speakers) -> tuple[SaidKeyword, ...]:
    """Each rival once, in the order named, with the tone of the keyword that its name stands in."""
    found: dict[str, SaidKeyword] = {}
    for mention in reading.mentions:
        if mention.kind == "competitor" and mention.id not in found:
            around = _keyword_around(reading, mention.start, mention.end)
            tone: Tone = around.tone if around else "neutral"
            said_by = speakers[around.said_by if around else "sender"]
            found[mention.id] = SaidKeyword(
                mention.text, mention.id, "competitor", said_by, tone, intent, mention.score, record_id=mention.id
            )
    return tuple(found.values())


def _keyword_around(reading: Reading, start: int, end: int) -> Keyword | None:
    return next((word for word in reading.keywords if word.start < end and start < word.end), None)


def products_named(reading: Reading) -> tuple[SaidProduct, ...]:
    """Each product of ours once, in the order named."""
    named: dict[str, str] = {}
    for mention in reading.mentions:
        if mention.kind == "product":
            named.setdefault(mention.id, mention.text)
    return tuple(SaidProduct(product_id, text) for product_id, text in named.items())
