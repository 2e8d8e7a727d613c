"""`voice backfill` and `voice events`: what they do in all, what they say, and what an interruption leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from crm_client.embedded import tables as crm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.embedded.stages import DEFAULT_STAGES, write_stages
from motenashi import cli, mail_commands, reader_here, voice_commands
from motenashi.database import Database
from motenashi.insights.voice.responses import Responses
from motenashi.insights.voice.settings import VoiceSettings
from motenashi.insights.voice.text_touch import TextTouch
from motenashi.reading_desk.settings import ReadingSettings
from motenashi.touchpoint_intake.texts import keep_texts
from nlp import reader_pool
from nlp.reading import Reading, TextToRead
from tests.insights.told_by_words import told_by_words
from tests.migrated import migrate

AT = datetime(2026, 1, 20, 1, 0, tzinfo=UTC)


class Pool:
    """Readers that were begun; interrupted at once where told so."""

    def __init__(self, *, interrupted: bool = False) -> None:
        self.interrupted = interrupted

    def read_all(self, texts: Sequence[TextToRead]) -> list[Reading | None]:
        if self.interrupted:
            raise KeyboardInterrupt
        return [told_by_words(text.body, "") for text in texts]


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Pool:
    """The commands on a database of this test, with a reader that needs no model."""
    pool = Pool()

    @contextmanager
    def begun(*_: Any, **__: Any) -> Iterator[Pool]:
        yield pool

    settings = SimpleNamespace(
        voice=VoiceSettings(),
        reading=ReadingSettings(),
        database=sqlite_url,
        crm=SimpleNamespace(embedded=EmbeddedCrmSettings()),
    )
    monkeypatch.setattr(cli, "settings_now", lambda: settings)
    monkeypatch.setattr(cli, "own_reader", lambda _: SimpleNamespace(read_chat=told_by_words))
    monkeypatch.setattr(mail_commands, "ensure_model", lambda *_: None)
    monkeypatch.setattr(reader_here, "model_folder", lambda _: None)
    monkeypatch.setattr(reader_pool, "reader_pool", begun)
    return pool


@pytest.fixture
def responses(sqlite_database: Database) -> Responses:
    """A mail of a customer, a text that waits, and a deal that was won later."""
    migrate(sqlite_database)
    mail = {"id": "e1", "direction": "in", "sent_at": AT, "contact_id": "c1", "deal_id": "d1", "text": "I love it"}
    deal = {"id": "d1", "name": "d1", "stage": "Closed Won", "contact_id": "c1", "repeat": False, "created_at": AT}
    with sqlite_database.write() as connection:
        write_stages(connection, DEFAULT_STAGES)
        connection.execute(insert(crm.crm_emails).values(mail))
        connection.execute(insert(crm.crm_deals).values(deal))
        text = TextTouch("fb:1", AT, "facebook", "comment", contact_id="c1", text="terrible")
        keep_texts(connection, [text], AT)
    return Responses(sqlite_database)


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(voice_commands.voice, list(words))
    return result.exit_code, result.output


def test_everything_old_is_told_and_what_came_of_it(pool: Pool, responses: Responses) -> None:
    code, told = run("backfill")

    assert code == 0, told
    assert {one.key for one in responses.of(contact_id="c1")} == {"email:e1", "touch:fb:1"}
    assert "mails of the CRM: 1 new" in told
    assert "texts: 1 new" in told
    assert "events: 1 new" in told

    _, again = run("backfill")
    assert "mails of the CRM: 0 new" in again
    assert "events: 0 new" in again


def test_who_is_interrupted_is_told_how_to_go_on(pool: Pool, responses: Responses) -> None:
    pool.interrupted = True
    code, told = run("backfill")
    assert (code, "the same command goes on" in told) == (1, True)

    pool.interrupted = False
    assert run("backfill")[0] == 0
    assert len(responses.of(contact_id="c1")) == 2


def test_events_are_found_when_asked(pool: Pool, responses: Responses) -> None:
    assert "1 new" in run("events")[1]
    assert "0 new" in run("events")[1]
