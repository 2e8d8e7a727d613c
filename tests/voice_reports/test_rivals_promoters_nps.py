"""Competitors, changed sides, and NPS: each equal to a brute force over small random stores."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from motenashi.database import Database
from motenashi.voice_reports.keywords import keyword_report
from motenashi.voice_reports.nps import Answers, nps_report
from motenashi.voice_reports.promoters import GROUPS, Measure, members, promoter_report
from motenashi.voice_reports.question import Question
from motenashi.voice_reports.rivals import rival_report
from tests.voice_reports.questions_at_random import edges, meant, midnight, random_question
from tests.voice_reports.voices import RIVALS, TODAY, TOKYO, Said, Sold, Voices, Word, random_voices, store

SEEDS = range(6)
THIS_DAY = TODAY.astimezone(TOKYO).date()
LATELY = Question(THIS_DAY - timedelta(days=30), THIS_DAY, TOKYO)


def named(voices: Voices, said: list[Said], rival: str) -> set[str]:
    who = {voices.who(one) for one in said for word in one.words if (word.kind, word.normal) == ("competitor", rival)}
    return who - {""}


def rivals_met(voices: Voices, deal: Sold, question: Question) -> set[str]:
    assert deal.ended is not None
    during = [
        one
        for one in meant(voices, question, ever=True)
        if voices.who(one) == deal.contact and int(deal.began.timestamp()) <= one.at.timestamp()
        if int(one.at.timestamp()) <= int(deal.ended.timestamp())
    ]
    return {word.normal for one in during for word in one.words if word.kind == "competitor"}


@pytest.mark.parametrize("seed", SEEDS)
def test_competitors_equal_a_brute_force(database: Database, seed: int) -> None:
    voices, question = random_voices(seed), random_question(seed)
    store(database, voices)
    said, before = meant(voices, question), meant(voices, question.before)
    first, end = edges(question)
    spoke = {voices.who(one) for one in voices.said} - {""}
    ended = [
        deal
        for deal in voices.deals
        if deal.ended and first <= deal.ended < end and deal.contact in spoke and deal.outcome != "open"
    ]

    with database.read() as connection:
        report = rival_report(connection, question)

    people = {rival: named(voices, said, rival) for rival in RIVALS}
    assert {one.normal: one.customers for one in report.rivals} == {
        rival: len(who)
        for rival, who in people.items()
        if any(word.normal == rival for one in said for word in one.words)
    }
    assert report.customers == len(set().union(*people.values()))
    none = [deal.outcome == "won" for deal in ended if not rivals_met(voices, deal, question)]
    assert (report.won_without.count, report.won_without.whole) == (sum(none), len(none))
    for rival in report.rivals:
        assert rival.before == len(named(voices, before, rival.normal))
        met = [deal.outcome == "won" for deal in ended if rival.normal in rivals_met(voices, deal, question)]
        assert (rival.won.count, rival.won.whole) == (sum(met), len(met))
        beside = defaultdict(set)
        for one in said:
            if any(word.normal == rival.normal and word.kind == "competitor" for word in one.words):
                for word in one.words:
                    if word.kind == "general" and voices.who(one):
                        beside[word.normal].add(voices.who(one))
        ranked = sorted(beside, key=lambda word: (-len(beside[word]), word))
        assert [(word, len(beside[word])) for word in ranked[:6] if beside[word]] == [
            pair for pair in rival.beside if pair[1]
        ]
        for channel, count in rival.channels.items():
            assert count == len(named(voices, [one for one in said if one.channel == channel], rival.normal))
    for span, counts in report.spans:
        inside = [one for one in said if midnight(span.first) <= one.at < midnight(span.end)]
        assert {name: count for name, count in counts.items() if count} == {
            rival: len(named(voices, inside, rival)) for rival in RIVALS if named(voices, inside, rival)
        }


def side(said: list[Said], measure: Measure) -> tuple[int, str] | None:
    """The last clear word: when, and which; the worse of two at the same second."""

    def clear(one: Said) -> str:
        if measure == "tone":
            return one.tone if one.tone != "neutral" else ""
        if one.score is None:
            return ""
        return "positive" if one.score >= 9 else "negative" if one.score <= 6 else ""

    words = [(int(one.at.timestamp()), clear(one) == "negative") for one in said if clear(one)]
    if not words:
        return None
    at, bad = max(words)
    return at, "negative" if bad else "positive"


def groups_of(voices: Voices, question: Question, measure: Measure) -> dict[str, set[str]]:
    first, _end = edges(question)
    found: dict[str, set[str]] = defaultdict(set)
    people = defaultdict(list)
    for one in meant(voices, question, ever=True):
        if voices.who(one) and one.at < edges(question)[1]:
            people[voices.who(one)].append(one)
    for who, said in people.items():
        now = side([one for one in said if one.at >= first], measure)
        before = side([one for one in said if one.at < first], measure)
        if now is None:
            continue
        names = {
            (None, "positive"): "new_promoter",
            (None, "negative"): "new_detractor",
            ("positive", "positive"): "stays_promoter",
            ("positive", "negative"): "lost",
            ("negative", "positive"): "won_back",
            ("negative", "negative"): "stays_detractor",
        }
        found[names[(before[1] if before else None, now[1])]].add(who)
    return found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("measure", ["tone", "score"])
def test_promoters_and_detractors_equal_a_brute_force(database: Database, seed: int, measure: Measure) -> None:
    voices, question = random_voices(seed, responses=300), random_question(seed)
    store(database, voices)
    groups = groups_of(voices, question, measure)

    with database.read() as connection:
        report = promoter_report(connection, question)
        people = {group: members(connection, question, measure, group, most=1_000) for group in GROUPS}

    counts = report.by_tone if measure == "tone" else report.by_score
    assert dict(counts) == {group: len(who) for group, who in groups.items()}
    for group, found in people.items():
        assert {one.contact_id or f"lead {one.lead_id}" for one in found} == groups.get(group, set())
        assert [one.at_s for one in found] == sorted((one.at_s for one in found), reverse=True)


def test_a_score_of_seven_is_no_clear_word(database: Database) -> None:
    voices = Voices(contacts={"c1": ""}, said=[Said(1, TODAY, contact="c1", score=7, tone="neutral")])
    store(database, voices)

    with database.read() as connection:
        report = promoter_report(connection, LATELY)
        assert nps_report(connection, LATELY).now == Answers(passives=1)

    assert dict(report.by_tone) == dict(report.by_score) == {}


def last_scores(voices: Voices, said: list[Said]) -> dict[str, int]:
    last: dict[str, tuple[int, int, int]] = {}
    for one in said:
        if one.score is not None:
            who = voices.who(one) or f"unknown {one.id}"
            last[who] = max(last.get(who, (0, 0, 0)), (int(one.at.timestamp()), one.id, one.score))
    return {who: score for who, (_at, _id, score) in last.items()}


def answers(scores: dict[str, int]) -> Answers:
    kinds = Counter("p" if score >= 9 else "d" if score <= 6 else "n" for score in scores.values())
    return Answers(kinds["p"], kinds["n"], kinds["d"])


@pytest.mark.parametrize("seed", SEEDS)
def test_nps_equals_a_brute_force(database: Database, seed: int) -> None:
    voices, question = random_voices(seed, responses=300), random_question(seed)
    store(database, voices)
    said = meant(voices, question)

    with database.read() as connection:
        report = nps_report(connection, question)

    scores = last_scores(voices, said)
    assert report.now == answers(scores)
    assert report.before == answers(last_scores(voices, meant(voices, question.before)))
    assert list(report.distribution) == [list(scores.values()).count(score) for score in range(11)]
    for span, found in report.spans:
        inside = [one for one in said if midnight(span.first) <= one.at < midnight(span.end)]
        assert found == answers(last_scores(voices, inside))
    industries = {
        name: answers({who: score for who, score in scores.items() if voices.contacts.get(who) == name})
        for name in ("Retail", "IT")
    }
    assert dict(report.industries) == {name: found for name, found in industries.items() if found.all >= 5}


def test_nobody_answered() -> None:
    assert Answers().score is None


def test_an_empty_store_has_empty_reports(database: Database) -> None:
    store(database, Voices())
    question = Question(TODAY.date(), TODAY.date(), TOKYO)

    with database.read() as connection:
        assert rival_report(connection, question).rivals == ()
        assert nps_report(connection, question).now.all == 0
        assert dict(promoter_report(connection, question).by_tone) == {}


def test_a_word_that_is_a_rivals_in_another_sense_is_not_counted_as_the_rival(database: Database) -> None:
    voices = Voices(contacts={"c1": ""}, said=[Said(1, TODAY, contact="c1", words=(Word("r1"),))])
    store(database, voices)

    with database.read() as connection:
        assert rival_report(connection, LATELY).rivals == ()
        assert [word.normal for word in keyword_report(connection, LATELY).keywords] == ["r1"]
