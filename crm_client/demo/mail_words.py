"""What made-up customers write in mails, surveys and tickets: sentences of mail_phrases.yaml, by how their story ends.

Chance comes from the mail itself and not from the story's own, so that a story is the same with words and without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Any

import yaml

from crm_client.demo.catalogue import FOLDER
from crm_client.records import Email

# How often a mail tells how its story will end: at its beginning, and at its end.
_TELLING_AT_FIRST, _TELLING_AT_LAST = 0.45, 0.9
_FITTING = 0.55  # how often the answer is about what we wrote
_PROMOTER_FROM, _DETRACTOR_TO = 9, 6


@dataclass(frozen=True)
class Told:
    """`mood`: one of mail_phrases.yaml. `product`: as the customer calls it; `category`: of the catalogue, or ''."""

    language: str
    mood: str
    product: str
    category: str = ""


@cache
def mail_phrases() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((FOLDER / "mail_phrases.yaml").read_text(encoding="utf-8"))
    return data


def with_texts(mails: Sequence[Email], told: Told) -> list[Email]:
    """The same mails, in order; those of the customer say something. An answer stands behind what it answers."""
    asked = ("", *(mail.purpose for mail in mails))
    return [
        replace(mail, text=mail_text(_chance(mail), told, asked[place], (place + 1) / len(mails)))
        if mail.direction == "in"
        else mail
        for place, mail in enumerate(mails)
    ]


def mail_text(random: Random, told: Told, asked: str, place: float) -> str:
    """Two to five sentences. `asked`: what our mail was for; `place`: where in the story, 0 (beginning) to 1 (end)."""
    words = mail_phrases()
    telling = _TELLING_AT_FIRST + (_TELLING_AT_LAST - _TELLING_AT_FIRST) * place
    mood = words["moods"][told.mood if random.random() < telling else "open"]
    topics = [_topic(random, mood, told.category)]
    if asked in words["fits"] and random.random() < _FITTING:
        topics.append(random.choice(words["fits"][asked]))
    elif random.random() < 0.4:
        topics.append(_topic(random, mood, told.category))
    topics = list(dict.fromkeys(topics))
    opening = [_one(random, words["openings"], told.language)] if random.random() < 0.6 else []
    closing = [_one(random, words["closings"], told.language)] if random.random() < 0.6 else []
    many = 2 if len(topics) == 1 else 1
    body = [one for topic in topics for one in random.sample(words["topics"][topic][told.language], many)]
    between = "" if told.language == "ja" else " "
    lines = [part for part in (opening, body, closing) if part]
    return _filled(random, "\n".join(between.join(line) for line in lines), told)


def survey_comment(random: Random, score: int, told: Told) -> str:
    """What somebody adds who gave this score, 0 to 10."""
    kind = "promoter" if score >= _PROMOTER_FROM else "detractor" if score <= _DETRACTOR_TO else "passive"
    return _filled(random, _one(random, mail_phrases()["comments"][kind], told.language), told)


def ticket_text(random: Random, told: Told) -> str:
    return _filled(random, _one(random, mail_phrases()["tickets"], told.language), told)


def _topic(random: Random, mood: Mapping[str, float], category: str) -> str:
    topic = random.choices(list(mood), list(mood.values()))[0]
    if topic != "quality":
        return topic
    faults = mail_phrases()["quality"]
    return str(random.choice(faults.get(category, faults["other"])))


def _one(random: Random, known: Mapping[str, Sequence[str]], language: str) -> str:
    return random.choice(known[language])


def _filled(random: Random, text: str, told: Told) -> str:
    return text.format(product=told.product, rival=_one(random, mail_phrases()["rivals"], told.language))


def _chance(mail: Email) -> Random:
    return Random(f"{mail.id} {mail.sent_at.isoformat()}")  # noqa: S311 - nothing secret is made from it
