"""What every test may ask for: a database on each backend, Redis, a browser; and an account of what did not run.

A service that is missing skips its tests and says why. With CI set it fails them: there, nothing may be left out.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from motenashi.database import Database
from motenashi.storage.open_database import open_database
from tests.files_in_memory import keep_files_in_memory
from tests.services import Services, chromium
from tests.used_schemas import used_schemas

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from xdist.scheduler.loadscope import LoadScopeScheduling

    from nlp.pipeline import MailReader

SERVICES = Services()


def pytest_configure(config: pytest.Config) -> None:
    # Workers of pytest-xdist inherit the environment that the first process has filled.
    if not hasattr(config, "workerinput"):
        keep_files_in_memory()
        SERVICES.find_or_start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if used_schemas.ready:
        with psycopg.connect(os.environ["TEST_POSTGRES_URL"], autocommit=True) as connection:
            used_schemas.drop_all(connection)
    SERVICES.stop()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """A file's tests run in one worker, so that what a file prepares is prepared once; and all browser tests in one,
    since two browsers at once on a small machine only make each other slow. (pytest-xdist 3.8 has groups for this,
    which pytest 9.2 does not hear of.)"""
    from xdist.scheduler.loadscope import LoadScopeScheduling

    class BrowserTestsTogether(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "browser" if "browser" in file else file

    return BrowserTestsTogether(config, log)


def missing(reason: str) -> None:
    """Skip this test because a service is not there; fail instead where everything has to run."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (CI is set, so nothing is skipped)", pytrace=False)
    pytest.skip(reason)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/motenashi.db"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A PostgreSQL URL whose tables live in a schema of this test alone, dropped afterwards."""
    server = os.environ.get("TEST_POSTGRES_URL", "")
    if not server:
        missing("no PostgreSQL: install the Debian package postgresql or set TEST_POSTGRES_URL")
    schema = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        url = make_url(server).update_query_dict({"options": f"-csearch_path={schema}"})
        yield url.render_as_string(hide_password=False)
        used_schemas.give_back(connection, schema)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, once for each kind of database we run on."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database, once for each kind of database we run on."""
    database = open_database(database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """An empty SQLite database, for tests where the kind of database cannot matter."""
    database = open_database(sqlite_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def redis_url(worker_id: str) -> str:
    """The URL of an empty Redis database of this worker alone."""
    server = os.environ.get("TEST_REDIS_URL", "")
    if not server:
        missing("no Redis: install the Debian package redis-server or set TEST_REDIS_URL")
    import redis

    number = int(worker_id.removeprefix("gw")) if worker_id != "master" else 0
    url = f"{server}?db={number}" if server.startswith("unix:") else f"{server.rstrip('/')}/{number}"
    with redis.Redis.from_url(url) as connection:
        connection.flushdb()
    return url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    program = chromium()
    if not program:
        missing("no browser: install the Debian package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        switches = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=[*switches, "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page that remembers nothing of other tests."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def mail_reader() -> MailReader:
    """The real reader with the model that `make model` built, once for each test process."""
    from nlp.model_folder import MODEL, fresh

    if not fresh(MODEL):
        missing("no model of this code: make model")
    from nlp.pipeline import MailReader

    return MailReader.load(MODEL)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        reasons[reason] = reasons.get(reason, 0) + 1
    if reasons:
        terminalreporter.section("not run, and why")
        for reason, count in sorted(reasons.items()):
            terminalreporter.line(f"{count:5}  {reason}")
