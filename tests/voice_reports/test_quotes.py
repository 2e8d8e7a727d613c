"""The responses behind a number: the same ones that were counted, a page at a time, with who said them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motenashi.database import Database
from motenashi.filters.desk import FilterDesk
from motenashi.voice_reports.keep_up import Heard
from motenashi.voice_reports.promoters import GROUPS
from motenashi.voice_reports.question import People, Question
from motenashi.voice_reports.quotes import Wanted, quotes_of
from motenashi.voice_reports.voice_reports import VoiceReports
from tests.voice_reports.loss_worlds import PERIOD, Truth, loss_world
from tests.voice_reports.questions_at_random import meant, random_question
from tests.voice_reports.voices import TODAY, TOKYO, Said, Voices, Word, more_said, random_voices, store

LAST = TODAY.astimezone(TOKYO).date()
WANTED = {
    "all": (Wanted(), lambda one: True),
    "tone": (Wanted(tone="negative"), lambda one: one.tone == "negative"),
    "feeling": (Wanted(emotion="happy", intent="other"), lambda one: (one.emotion, one.intent) == ("happy", "other")),
    "score": (Wanted(scores=(0, 6)), lambda one: one.score is not None and one.score <= 6),
    "word": (Wanted(keyword="価格"), lambda one: any(word.normal == "価格" for word in one.words)),
    "ours": (
        Wanted(keyword="price", said_by="us"),
        lambda one: any((word.normal, word.said_by) == ("price", "us") for word in one.words),
    ),
    "rival": (
        Wanted(keyword="r1", keyword_kind="competitor"),
        lambda one: any((word.normal, word.kind) == ("r1", "competitor") for word in one.words),
    ),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", WANTED)
def test_quotes_equal_a_brute_force_over_all_pages(database: Database, seed: int, name: str) -> None:
    voices, question = random_voices(seed), random_question(seed)
    store(database, voices)
    wanted, test = WANTED[name]
    expected = sorted((one for one in meant(voices, question) if test(one)), key=lambda one: (one.at, one.id))[::-1]

    found, after = [], None
    with database.read() as connection:
        while True:
            page = quotes_of(connection, question, wanted, after=after, most=7)
            found += page.quotes
            after = page.next
            if after is None:
                break

    assert [one.id for one in found] == [one.id for one in expected]
    assert page.responses == len(expected)
    assert page.customers == len({voices.who(one) for one in expected} - {""})
    for quote, said in zip(found, expected, strict=True):
        who = voices.who(said)
        assert quote.person_id == who.removeprefix("lead ")
        assert quote.person_kind == ("" if not who else "lead" if who.startswith("lead ") else "contact")
        assert [word.text for word in quote.words] == [word.normal.title() for word in said.words]
        assert quote.at == said.at


@pytest.mark.parametrize("group", GROUPS)
def test_quotes_of_a_group_are_those_of_its_members(database: Database, group: str) -> None:
    voices, question = random_voices(2, responses=300), random_question(3)
    store(database, voices)
    desk = VoiceReports(database)
    people = {one.id for one in desk.members(question, "tone", group, most=1_000)}

    found = desk.quotes(question, Wanted(group=group))

    assert {one.person_id for one in found.quotes} <= people
    assert found.customers == len(people)


def test_numbers_are_narrowed_to_the_people_of_a_filter(database: Database) -> None:
    voices = random_voices(4, responses=300)
    store(database, voices)
    filters = FilterDesk(database, zone=TOKYO, clock=lambda: TODAY)
    chosen = filters.read("contacts", {"if": {"account.industry": "Retail"}})
    plain = Question(LAST - timedelta(days=120), LAST, TOKYO)
    people = People("contacts", lambda connection: filters.query(chosen, connection))
    question = Question(plain.first, plain.last, TOKYO, people=people)
    retail = {number for number, industry in voices.contacts.items() if industry == "Retail"}
    said = [one for one in meant(voices, plain) if voices.who(one) in retail]
    desk = VoiceReports(database, zone=TOKYO)

    assert desk.tones(question).totals.all.responses == len(said)
    assert desk.tones(question).totals.all.customers == len({voices.who(one) for one in said})
    assert desk.quotes(question, Wanted()).responses == len(said)
    for report in (desk.overview, desk.keywords, desk.rivals, desk.promoters, desk.nps, desk.causes):
        report(question)


def test_the_state_says_what_there_is(database: Database) -> None:
    store(database, Voices())
    desk = VoiceReports(database, zone=TOKYO)
    assert (desk.state().responses, desk.state().first, desk.state().channels) == (0, None, ())

    more_said(database, [Said(1, TODAY, channel="chat", language="ja"), Said(2, TODAY, language="")])

    assert (desk.state().responses, desk.state().behind) == (2, 2)
    Heard(database).keep_up()
    state = desk.state()
    assert (state.behind, state.channels, state.languages) == (0, ("chat", "email"), ("ja",))
    assert state.first == state.last == LAST


def test_causes_come_with_words_and_with_what_the_lost_had_said(database: Database) -> None:
    store(database, loss_world(11, Truth(words={"word 20": 5.0}, rivals={"r1": 5.0}), customers=1_000))
    desk = VoiceReports(database, zone=TOKYO)

    told = desk.causes(Question(LAST - timedelta(days=PERIOD), LAST, TOKYO))

    assert {("keyword", "word 20"), ("competitor", "r1")} <= set(told.quotes)
    for (kind, name), quotes in told.quotes.items():
        assert told.texts[(kind, name)]["ja"] == name.title()
        assert 1 <= len(quotes) <= 2
        assert all(name.title() in [word.text for word in one.words] for one in quotes)


def test_a_person_is_called_as_people_of_their_language_write(database: Database) -> None:
    store(database, Voices(contacts={"c1": ""}, said=[Said(1, TODAY, contact="c1", words=(Word("price"),))]))

    (quote,) = VoiceReports(database).quotes(Question(LAST, LAST, TOKYO), Wanted()).quotes

    assert quote.person == "Kim C1"
