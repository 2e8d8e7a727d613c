"""Questions at random, and what of a company's voices they mean, by brute force."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from motenashi.voice_reports.question import Question
from tests.voice_reports.voices import TODAY, TOKYO, Said, Voices


def random_question(seed: int) -> Question:
    draw = random.Random(seed + 1_000)
    last = TODAY.astimezone(TOKYO).date() - timedelta(days=draw.choice((0, 0, 20)))
    channels = frozenset(draw.sample(("email", "call", "survey", "chat"), draw.choice((0, 0, 1, 3))))
    days = draw.choice((1, 7, 30, 60, 90, 130, 220))
    return Question(last - timedelta(days=days - 1), last, TOKYO, channels, draw.choice(("", "", "ja")))


def edges(question: Question) -> tuple[datetime, datetime]:
    return midnight(question.first), midnight(question.last + timedelta(days=1))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)


def meant(voices: Voices, question: Question, *, ever: bool = False) -> list[Said]:
    """The responses that a question is about; `ever`: whenever they were said."""
    first, end = edges(question)
    return [
        one
        for one in voices.said
        if (ever or first <= one.at < end)
        and (not question.channels or one.channel in question.channels)
        and (not question.language or one.language == question.language)
    ]
