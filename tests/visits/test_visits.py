"""Views become visits; visits of people we know become touchpoints; who says no is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.errors import CrmUnreachable
from crm_client.records import Contact, Touchpoint
from motenashi.database import Database
from motenashi.jobs.note_visits import note_visits
from motenashi.visits.tables import visit_browsers, visit_views
from motenashi.visits.tables import visits as visits_table
from motenashi.visits.visits import MOST_VIEWS, PAUSE, View, Visit, Visits
from tests.migrated import migrate

NOW = datetime(2026, 5, 11, 0, 30, tzinfo=UTC)
BROWSER, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def visits(database: Database) -> Visits:
    migrate(database)
    return Visits(database, b"k" * 32)


@pytest.fixture
def crm(database: Database) -> EmbeddedCrm:
    migrate(database)
    crm = EmbeddedCrm(database, EmbeddedCrmSettings())
    crm.save_contact(Contact("c1", "Sato", "Aki"))
    return crm


def view(name: str, seconds: int, page: str = "/", conversation_id: str = "talk-1") -> View:
    return View(name, page, f"Page {page}", seconds, conversation_id)


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def test_views_of_one_browser_are_one_visit_until_it_pauses(visits: Visits) -> None:
    visits.seen(BROWSER, view("v1", 0), NOW)
    visits.seen(BROWSER, view("v1", 30), minutes(0.5))
    visits.seen(BROWSER, view("v2", 0, "/servers"), minutes(1))
    visits.seen(BROWSER, view("v2", 90, "/servers"), minutes(2.5))
    visits.seen(BROWSER, view("v3", 5), minutes(60))

    first, second = visits.to_note(minutes(120))

    assert (first.pages, first.seconds, first.title) == (2, 120, "Page /servers")
    assert (first.began_at, first.last_at) == (NOW, minutes(2.5))
    assert (second.pages, second.seconds) == (1, 5)


def test_a_view_told_twice_or_out_of_order_counts_once(visits: Visits) -> None:
    for seconds in (0, 60, 30, 60):
        visits.seen(BROWSER, view("v1", seconds), NOW)

    (visit,) = visits.to_note(minutes(60))
    assert (visit.pages, visit.seconds) == (1, 60)


def test_a_machine_that_clicks_all_day_stays_bounded(visits: Visits) -> None:
    for number in range(MOST_VIEWS + 20):
        visits.seen(BROWSER, view(f"v{number}", 10**6), NOW)

    (visit,) = visits.to_note(minutes(60))
    assert visit.pages == MOST_VIEWS
    assert visit.seconds == MOST_VIEWS * 3_600


def test_a_visit_that_still_goes_on_or_belongs_to_nobody_waits(visits: Visits) -> None:
    visits.seen(BROWSER, view("v1", 5), NOW)
    visits.seen(OTHER, view("v1", 5, conversation_id=""), NOW)

    assert visits.to_note(minutes(29)) == []
    assert [visit.conversation_id for visit in visits.to_note(NOW + PAUSE)] == ["talk-1"]


def test_a_conversation_later_on_tells_who_came_before(visits: Visits) -> None:
    visits.seen(BROWSER, view("v1", 5, conversation_id=""), NOW)
    visits.seen(BROWSER, view("v2", 5), minutes(600))

    assert [visit.began_at for visit in visits.to_note(minutes(700))] == [minutes(-5 / 60), minutes(600 - 5 / 60)]


def test_visits_of_people_we_know_become_touchpoints_once(visits: Visits, crm: EmbeddedCrm) -> None:
    visits.seen(BROWSER, view("v1", 70, "/servers"), NOW)
    visits.seen(OTHER, view("v1", 5, conversation_id="talk-2"), NOW)
    known = {"talk-1": ("contact", "c1", False)}

    def note() -> int:
        return note_visits(visits.to_note, visits.noted, known.get, crm, minutes(60))

    assert note() == 1
    assert note() == 0
    (touch,) = crm.touchpoints_of(contact_id="c1")
    assert (touch.channel, touch.pages, touch.duration_s, touch.title) == ("visit", 1, 70, "Page /servers")
    assert (touch.signal, touch.status, touch.at) == (True, "claimed", NOW - timedelta(seconds=70))

    known["talk-2"] = ("contact", "c1", True)
    assert note() == 1
    told = {(one.type, one.status) for one in crm.touchpoints_of(contact_id="c1")}
    assert told == {("claimed visit", "claimed"), ("visit", "verified")}


def test_strangers_who_wait_keep_nobody_else_waiting(visits: Visits, crm: EmbeddedCrm) -> None:
    for number in range(3):
        visits.seen(f"{number:032x}", view("v1", 5, conversation_id=f"stranger-{number}"), NOW)
    visits.seen(BROWSER, view("v1", 70), NOW)
    known = {"talk-1": ("contact", "c1", True)}

    def two_at_once(now: datetime, *, after: int = 0) -> Sequence[Visit]:
        return visits.to_note(now, most=2, after=after)

    assert note_visits(two_at_once, visits.noted, known.get, crm, minutes(60)) == 1
    assert len(crm.touchpoints_of(contact_id="c1")) == 1


def test_a_crm_that_is_away_loses_no_visit(visits: Visits, crm: EmbeddedCrm, monkeypatch: pytest.MonkeyPatch) -> None:
    visits.seen(BROWSER, view("v1", 70), NOW)

    def away(_touchpoint: Touchpoint, *, key: str = "") -> Touchpoint:
        raise CrmUnreachable("save touchpoint", "it is away")

    with monkeypatch.context() as patched:
        patched.setattr(crm, "save_touchpoint", away)
        with pytest.raises(CrmUnreachable):
            note_visits(visits.to_note, visits.noted, lambda _talk: ("contact", "c1", True), crm, minutes(60))

    assert note_visits(visits.to_note, visits.noted, lambda _talk: ("contact", "c1", True), crm, minutes(60)) == 1


def test_who_says_no_is_forgotten_and_nobody_else(visits: Visits, database: Database) -> None:
    visits.seen(BROWSER, view("v1", 5), NOW)
    visits.seen(OTHER, view("v1", 5), NOW)

    visits.forget(BROWSER)

    assert rows(database) == [1, 1, 1]


def test_who_stays_unknown_is_forgotten_in_time(visits: Visits, database: Database) -> None:
    visits.seen(BROWSER, view("v1", 5), NOW)
    visits.seen(OTHER, view("v1", 5), NOW + timedelta(days=40))

    assert visits.forget_old(NOW + timedelta(days=30)) == 1
    assert rows(database) == [1, 1, 1]


def test_the_browsers_number_is_not_kept(visits: Visits, database: Database) -> None:
    visits.seen(BROWSER, view("v1", 5), NOW)

    with database.read() as connection:
        marks = list(connection.execute(select(visit_browsers.c.mark)).scalars())
    assert BROWSER not in marks[0]


def rows(database: Database) -> list[int]:
    with database.read() as connection:
        tables = (visit_browsers, visits_table, visit_views)
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]
