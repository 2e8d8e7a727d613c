"""Tones over time, by channel, feelings, wishes and keywords: each equal to a brute force over small random stores."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

import pytest

from motenashi.database import Database
from motenashi.voice_reports.keywords import keyword_report
from motenashi.voice_reports.tones import Counted, tone_report
from tests.voice_reports.questions_at_random import meant, midnight, random_question
from tests.voice_reports.voices import Said, Voices, Word, random_voices, store

SEEDS = range(6)


def counted(voices: Voices, said: Iterable[Said]) -> Counted:
    said = list(said)
    return Counted(len(said), len({voices.who(one) for one in said} - {""}))


def by(voices: Voices, said: Iterable[Said], name: Callable[[Said], Any]) -> dict[Any, Counted]:
    groups = defaultdict(list)
    for one in said:
        groups[name(one)].append(one)
    return {value: counted(voices, ones) for value, ones in groups.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_tones_equal_a_brute_force(database: Database, seed: int) -> None:
    voices, question = random_voices(seed), random_question(seed)
    store(database, voices)
    said, before = meant(voices, question), meant(voices, question.before)

    with database.read() as connection:
        report = tone_report(connection, question)

    assert report.totals.all == counted(voices, said)
    assert report.totals.before == counted(voices, before)
    assert dict(report.totals.tones) == by(voices, said, lambda one: one.tone)
    assert dict(report.totals.tones_before) == by(voices, before, lambda one: one.tone)
    for one in report.spans:
        inside = [it for it in said if midnight(one.span.first) <= it.at < midnight(one.span.end)]
        assert dict(one.tones) == by(voices, inside, lambda it: it.tone)
    assert report.spans[0].span.first == question.first
    flat = {(name, tone): count for name, tones in report.channels for tone, count in tones.items()}
    assert flat == by(voices, said, lambda one: (one.channel, one.tone))
    flat = {(name, tone): count for name, tones in report.intents for tone, count in tones.items()}
    assert flat == by(voices, said, lambda one: (one.intent, one.tone))
    assert dict(report.emotions) == by(voices, said, lambda one: one.emotion)


def people_who_say(
    voices: Voices, said: Iterable[Said], test: Callable[[Word], bool]
) -> dict[tuple[str, str], set[str]]:
    found = defaultdict(set)
    for one in said:
        for word in one.words:
            if test(word) and voices.who(one):
                found[(word.kind, word.normal)].add(voices.who(one))
    return found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("said_by", ["customer", "us", ""])
def test_keywords_equal_a_brute_force(database: Database, seed: int, said_by: str) -> None:
    voices, question = random_voices(seed), random_question(seed)
    store(database, voices)
    said, before = meant(voices, question), meant(voices, question.before)

    def ours(word: Word) -> bool:
        return not said_by or word.said_by == said_by

    with database.read() as connection:
        report = keyword_report(connection, question, said_by=said_by)

    people = people_who_say(voices, said, ours)
    assert {(word.kind, word.normal): word.customers for word in report.keywords} == {
        name: len(who) for name, who in people.items()
    }
    earlier = people_who_say(voices, before, ours)
    for word in report.keywords:
        name = (word.kind, word.normal)
        assert word.before == len(earlier.get(name, ()))
        assert word.text == word.normal.title()
        assert word.responses == sum(ours(it) and (it.kind, it.normal) == name for one in said for it in one.words)
        for tone in ("positive", "neutral", "negative"):
            of_tone = people_who_say(voices, said, lambda it, tone=tone: ours(it) and it.tone == tone)
            assert word.tones.get(tone, 0) == len(of_tone.get(name, ()))
        for intent in ("complaint", "purchase", "inquiry", "other"):
            of_intent = people_who_say(voices, said, lambda it, intent=intent: ours(it) and it.intent == intent)
            assert word.intents.get(intent, 0) == len(of_intent.get(name, ()))
        for who, number in (("customer", word.by_customer), ("us", word.by_us)):
            assert number == len(people_who_say(voices, said, lambda it, who=who: it.said_by == who).get(name, ()))
    assert [word.customers for word in report.keywords] == sorted(
        (word.customers for word in report.keywords), reverse=True
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_said_together_equals_a_brute_force(database: Database, seed: int) -> None:
    voices, question = random_voices(seed), random_question(seed)
    store(database, voices)
    together: dict[frozenset[tuple[str, str]], set[str]] = defaultdict(set)
    for one in meant(voices, question):
        names = {(word.kind, word.normal) for word in one.words if word.said_by == "customer"}
        for pair in combinations(sorted(names), 2):
            if voices.who(one):
                together[frozenset(pair)].add(voices.who(one))

    with database.read() as connection:
        report = keyword_report(connection, question)

    found = Counter({frozenset((link.one, link.other)): link.customers for link in report.links})
    assert found == Counter({pair: len(who) for pair, who in together.items() if len(who) >= 3})


def test_only_competitors_when_only_they_are_asked_for(database: Database) -> None:
    store(database, random_voices(1))

    with database.read() as connection:
        report = keyword_report(connection, random_question(4), kind="competitor")

    assert {word.kind for word in report.keywords} == {"competitor"}
