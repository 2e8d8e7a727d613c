"""What was said is taken in, looked at again, and goes with its response."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, event, func, insert, select, update

from crm_client.embedded.tables import crm_leads
from motenashi.database import Database
from motenashi.insights.voice.tables import voice_keywords, voice_responses
from motenashi.voice_reports import keep_up
from motenashi.voice_reports.keep_up import Heard
from motenashi.voice_reports.tables import voice_said, voice_said_people, voice_said_words
from tests.voice_reports.voices import TODAY, Said, Voices, Word, random_voices, store


def count(database: Database, table: object) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def people(database: Database) -> set[tuple[str, str]]:
    with database.read() as connection:
        rows = connection.execute(select(voice_said_people.c.contact_id, voice_said_people.c.lead_id))
        return {(row[0], row[1]) for row in rows}


def test_new_responses_are_counted_once_and_in_pieces(database: Database) -> None:
    voices = random_voices(3)
    store(database, voices, keep_up=False)
    heard = Heard(database)
    assert heard.behind() == len(voices.said)

    assert heard.keep_up(most=100, again=0) == 100
    assert heard.behind() == len(voices.said) - 100
    heard.keep_up()
    heard.keep_up()

    assert heard.behind() == 0
    assert count(database, voice_said) == len(voices.said)
    assert count(database, voice_said_words) == sum(len(one.words) for one in voices.said)
    with database.read() as connection:
        rows = connection.execute(select(voice_said.c.response_id, voice_said.c.at_s)).tuples().all()
    assert dict(rows) == {one.id: int(one.at.timestamp()) for one in voices.said}


def test_a_lead_that_becomes_a_contact_is_one_customer(database: Database) -> None:
    voices = Voices(contacts={"c1": ""}, leads=["l1"])
    voices.said = [Said(1, TODAY, lead="l1"), Said(2, TODAY, contact="c1")]
    store(database, voices)
    assert people(database) == {("c1", ""), ("", "l1")}

    with database.write() as connection:
        connection.execute(update(crm_leads).values(converted_contact_id="c1"))
    Heard(database).keep_up()
    Heard(database).keep_up()

    assert people(database) == {("c1", "")}


def test_a_response_whose_writer_was_found_later_counts_for_them(database: Database) -> None:
    voices = Voices(contacts={"c1": ""}, said=[Said(1, TODAY, tone="positive")])
    store(database, voices)
    with database.write() as connection:
        connection.execute(update(voice_responses).values(contact_id="c1", tone="negative"))

    Heard(database).keep_up()

    with database.read() as connection:
        row = connection.execute(
            select(voice_said.c.tone, voice_said_people.c.contact_id).join_from(voice_said, voice_said_people)
        ).one()
    assert tuple(row) == ("negative", "c1")


def test_all_old_responses_have_their_turn(database: Database) -> None:
    voices = Voices(said=[Said(number, TODAY - timedelta(days=number)) for number in range(1, 8)])
    store(database, voices)
    with database.write() as connection:
        connection.execute(update(voice_responses).values(tone="positive"))

    for _ in range(4):
        Heard(database).keep_up(again=2)

    with database.read() as connection:
        tones = connection.execute(select(voice_said.c.tone)).scalars().all()
    assert set(tones) == {"positive"}


def test_an_id_that_appears_below_the_last_one_is_found_when_its_turn_comes(database: Database) -> None:
    store(database, Voices(said=[Said(5, TODAY)]))
    with database.write() as connection:
        row = connection.execute(select(voice_responses)).mappings().one()
        connection.execute(insert(voice_responses).values({**row, "id": 2, "key": "late"}))

    Heard(database).keep_up()

    assert count(database, voice_said) == 2


def test_a_deleted_response_is_counted_no_more(database: Database) -> None:
    voices = Voices(contacts={"c1": ""}, said=[Said(1, TODAY, contact="c1", words=(Word("price"),))])
    store(database, voices)

    with database.write() as connection:
        connection.execute(delete(voice_responses))
    Heard(database).keep_up()

    assert count(database, voice_said) == count(database, voice_said_words) == count(database, voice_said_people) == 0


def test_what_has_not_changed_is_not_written_again(database: Database) -> None:
    store(database, random_voices(5))
    written: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        written.append(statement.split()[0])

    Heard(database).keep_up()

    assert "INSERT" not in written
    assert written.count("DELETE") == 1  # people of whom nothing is kept any more: there are none


def test_a_keyword_that_was_corrected_is_counted_anew(database: Database) -> None:
    said = [Said(1, TODAY, words=(Word("price"), Word("delivery"))), Said(2, TODAY, words=(Word("price"),))]
    store(database, Voices(said=said))
    with database.write() as connection:
        connection.execute(update(voice_keywords).where(voice_keywords.c.response_id == 1).values(tone="negative"))
        connection.execute(delete(voice_keywords).where(voice_keywords.c.place == 1))

    Heard(database).keep_up()

    with database.read() as connection:
        rows = connection.execute(
            select(voice_said_words.c.response_id, voice_said_words.c.normal, voice_said_words.c.tone)
        )
        assert sorted(tuple(row) for row in rows) == [(1, "price", "negative"), (2, "price", "neutral")]


def test_one_piece_is_small_enough_for_other_writers() -> None:
    assert keep_up.AT_ONCE <= 5_000
