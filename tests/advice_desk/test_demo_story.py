"""The whole life of a suggestion on the demo company, everything real: learned, suggested, changed by a mail, accepted,
done, counted, and heard by the next learning."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from crm_client.demo.company import make_demo
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata as crm_tables
from crm_client.records import Email, Outcome, Touchpoint
from motenashi.advice_desk.desk import AdviceDesk
from motenashi.advice_desk.follow_up import FollowUp
from motenashi.advice_desk.learning import Learning
from motenashi.advice_desk.making import AdviceMaker
from motenashi.advice_desk.recompute import Recompute
from motenashi.advice_desk.switches import Switches
from motenashi.advice_desk.tables import metadata as desk_tables
from motenashi.advice_desk.thinking import LearnedHere
from motenashi.advice_desk.triggers import Triggers
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.database import Database
from motenashi.storage.open_database import open_database
from motenashi.suggestions.best_time.tables import metadata as time_tables
from motenashi.suggestions.store import SuggestionStore
from motenashi.suggestions.suggestion import About, Suggestion
from motenashi.suggestions.tables import metadata as suggestion_tables
from tests.advice_desk.desk_world import A_WISH, AYA, DAY, HOUR, NOW

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
HOURS = BusinessHoursSettings()


@dataclass
class Company:
    """Put together as app.py and the worker do."""

    database: Database

    def __post_init__(self) -> None:
        self.now = NOW
        self.triggers = Triggers(self.database, clock=lambda: self.now)
        self.crm = EmbeddedCrm(self.database, clock=lambda: self.now, on_change=self.triggers.changed)
        self.switches = Switches(self.database)
        self.desk = AdviceDesk(self.database, self.crm, self.switches)
        self.store = SuggestionStore(self.database, on_added=self.triggers.wished)
        self.learning = Learning(self.database, HOURS, clock=lambda: self.now)
        self.thinker = Recompute(
            self.database,
            self.crm,
            LearnedHere(self.database, HOURS, switches=self.switches),
            AdviceMaker(BusinessHours(HOURS)),
            switches=self.switches,
        )
        self.follow_up = FollowUp(self.database, self.crm)

    def work(self) -> None:
        """As the worker does, and the clock's jobs beside it."""
        self.triggers.look(self.now)
        while self.thinker.run(self.now):
            pass

    def advice(self, deal_id: str) -> Suggestion:
        found = self.desk.advice("deal", deal_id, now=self.now)
        assert found is not None and found.suggestion is not None
        return found.suggestion


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company after its first night; each test gets a copy."""
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    database = open_database(f"sqlite:///{file}")
    for tables in (crm_tables, suggestion_tables, desk_tables, time_tables):
        tables.create_all(database.engine)
    make_demo(database, now=NOW)
    company = Company(database)
    done = company.learning.run()
    assert (done.deals, done.left_out) == (2_000, {})
    company.work()
    database.engine.dispose()
    return file


@pytest.fixture
def company(learned: Path, tmp_path: Path) -> Iterator[Company]:
    for ending in ("", "-wal"):
        if (there := learned.with_name(learned.name + ending)).exists():
            shutil.copy(there, tmp_path / there.name)
    database = open_database(f"sqlite:///{tmp_path}/demo.db")
    yield Company(database)
    database.engine.dispose()


def an_open_deal(company: Company) -> str:
    """One with an ordinary suggestion and a contact."""
    for owner in company.crm.owners():
        for row in company.desk.today(owner.id, now=company.now).rows:
            if row.record_kind == "deal" and row.suggestion.effect and row.suggestion.about.contact_id:
                return row.suggestion.about.deal_id
    raise AssertionError("nobody has anything to do")


def mail_comes_in(company: Company, deal_id: str) -> Suggestion:
    """What mail intake writes about a mail that asks for a demonstration."""
    deal = company.crm.deal(deal_id)
    assert deal is not None
    ids = {"deal_id": deal_id, "contact_id": deal.contact_id}
    company.crm.save_email(Email("", "in", "Could we see it?", company.now, **ids), key="mail:1")
    company.crm.save_touchpoint(Touchpoint("", "email", "email", company.now, True, **ids), key="mail:1")
    about = About(deal.contact_id, "", deal_id, 0.9, deal.owner_id, "en")
    return company.store.add(replace(A_WISH, about=about, created_at=company.now))


def test_every_open_deal_and_lead_has_advice_after_the_first_night(company: Company) -> None:
    stages = {stage.name for stage in company.crm.stages() if stage.outcome is Outcome.OPEN}
    contacts = {deal.contact_id: deal for deal in company.crm.deals_of_contact("contact-000001")}
    owners = company.crm.owners()
    today = [company.desk.today(owner.id, now=NOW) for owner in owners]

    assert contacts and stages
    assert sum(len(one.rows) for one in today) > 50
    assert sum(one.quiet for one in today) > 50
    for row in (row for one in today for row in one.rows):
        assert row.suggestion.windows[0].end > NOW
        assert row.suggestion.reasons and {"en", "ja"} <= set(row.suggestion.title)
        assert row.stage in stages or row.record_kind != "deal"


def test_from_a_mail_to_a_demonstration_that_wins_the_deal(company: Company) -> None:
    deal_id = an_open_deal(company)
    before = company.advice(deal_id)
    wish = mail_comes_in(company, deal_id)
    company.work()
    asked = company.advice(deal_id)
    assert asked.id != before.id
    assert (asked.action, asked.purposes[0], asked.answers) == ("event", "demo", (wish.id,))
    assert any(reason.sentence == A_WISH.reasons[0].sentence for reason in asked.reasons)

    company.desk.shown([asked.id], by=AYA, now=company.now)
    accepted = company.desk.accept(asked.id, by=AYA, now=company.now)
    event = next(one for one in company.crm.activities_of(deal_id=deal_id) if one.id == accepted.record_id)
    assert (event.kind, event.status, event.start_at) == ("event", "open", A_WISH.windows[0].start)
    company.work()
    assert company.advice(deal_id).answers == ()

    company.now = event.start_at + 2 * HOUR
    company.crm.save_activity(replace(event, status="completed", result="attended"))
    deal = company.crm.deal(deal_id)
    assert deal is not None
    company.now += DAY
    company.crm.save_deal(replace(deal, stage="Closed Won"), at=company.now)
    company.work()
    company.follow_up.run(company.now)
    results = company.desk.results(since=NOW - DAY, now=company.now)
    total = results.total
    assert (total.shown, total.accepted, total.done, total.advanced, total.won) == (1, 1, 1, 1, 1)
    advice = company.desk.advice("deal", deal_id, now=company.now)
    assert advice is not None and advice.suggestion is None and not advice.computing


def test_learning_again_leaves_the_lists_as_they_are(company: Company) -> None:
    deal_id = an_open_deal(company)
    before = company.advice(deal_id)
    company.now += timedelta(minutes=30)
    company.learning.run()
    company.work()

    assert company.advice(deal_id).id == before.id
