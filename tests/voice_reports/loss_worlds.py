"""Companies that lose customers for reasons that we planted, or for none: to see what the report of causes finds.

Who talks little is lost more often, and so are customers of some industries, who have favourite words of their own:
plain frequencies mislead. After the moment the lost talk of refunds, and long before it of old times: who looks
into the future, or too far back, finds those.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, log

from tests.voice_reports.voices import TODAY, Said, Sold, Voices, Word

WORDS = tuple(f"word {number:02}" for number in range(40))
INDUSTRIES: Mapping[str, float] = {"Retail": -0.8, "IT": 0.0, "Food": 0.9}
AFTERWARDS = "refund"
LONG_AGO = "old times"
PERIOD = 120  # days before today in which deals ended


@dataclass(frozen=True)
class Truth:
    """By what the odds of a loss are multiplied when a customer said it in the 90 days before; nothing else matters."""

    words: Mapping[str, float] = field(default_factory=dict)
    rivals: Mapping[str, float] = field(default_factory=dict)
    silence: float = 1.0  # nobody said anything in the last 30 days


def loss_world(seed: int, truth: Truth, customers: int = 400) -> Voices:
    draw = random.Random(seed)
    voices = Voices()
    for number in range(customers):
        contact = f"c{number:05}"
        industry = draw.choice(list(INDUSTRIES))
        voices.contacts[contact] = industry
        _history(draw, voices, contact, industry, truth)
    return voices


def _history(draw: random.Random, voices: Voices, contact: str, industry: str, truth: Truth) -> None:
    moment = TODAY - timedelta(days=draw.uniform(1, PERIOD))
    times = min(1 + int(draw.expovariate(0.5)), 12)
    ages = [draw.uniform(1.1, 89) for _ in range(times)]
    said: set[str] = set()
    for age in ages:
        words = {draw.choice(WORDS) for _ in range(2)} | (
            {draw.choice(_favourites(industry))} if draw.random() < 0.5 else set()
        )
        rival = [name for name in ("r1", "r2") if draw.random() < 0.06]
        said |= words | set(rival)
        told = [Word(word) for word in sorted(words)] + [Word(name, "competitor") for name in rival]
        voices.said.append(_said(voices, contact, moment - timedelta(days=age), told))
    odds = log(0.5) + INDUSTRIES[industry] + (0.9 if times == 1 else 0.0)
    odds += sum(log(times_as) for name, times_as in {**truth.words, **truth.rivals}.items() if name in said)
    if min(ages) > 31:
        odds += log(truth.silence)
    lost = draw.random() < 1 / (1 + exp(-odds))
    if lost:
        voices.said.append(_said(voices, contact, moment + timedelta(days=2), [Word(AFTERWARDS)]))
    if lost or draw.random() < 0.3:
        voices.said.append(_said(voices, contact, moment - timedelta(days=120), [Word(LONG_AGO)]))
    ended = "lost" if lost else "won"
    voices.deals.append(Sold(f"d {contact}", contact, ended, moment - timedelta(days=100), moment))


def _favourites(industry: str) -> tuple[str, ...]:
    place = list(INDUSTRIES).index(industry)
    return WORDS[place * 3 : place * 3 + 3]


def _said(voices: Voices, contact: str, at: datetime, words: list[Word]) -> Said:
    return Said(len(voices.said) + 1, at, contact=contact, words=tuple(words))
