"""The world of a sample talk: the real parts of the house around a small CRM of its own, a clock and a caught mailbox.

Each talk gets a fresh database in a file that lives as long as the talk; what never changes is read once for all.
"""

from __future__ import annotations

import dataclasses
import logging
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, event

from crm_client.client import CrmClient
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.records import Account, Contact, Deal, DealProduct, Lead, Owner, Product
from motenashi.booking.diary import AppointmentDiary
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import WEEKDAYS, BusinessHoursSettings
from motenashi.channels.widget.talk import WEBSITE
from motenashi.conversation.message import Channel
from motenashi.database import Database
from motenashi.faq.live_faq import LiveFaq
from motenashi.flow_engine import turn
from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.live_flows import read_folder
from motenashi.flow_engine.sample_talks import SampleTalk, TalkScript, read_talks
from motenashi.flow_engine.services import Services
from motenashi.flow_engine.talk_given import GivenCrm, GivenDeal, GivenPerson
from motenashi.flow_engine.talk_player import CONVERSATION, TalkResult, run_talk
from motenashi.flow_services import build_services
from motenashi.hand_over import HandOverDesk
from motenashi.identity.one_time_codes import OneTimeCodes
from motenashi.outgoing_mail.mail import Mail
from motenashi.plug_contract import PlugCall, PlugFailed, PlugResult
from motenashi.plug_runner.record_emails import record_emails
from motenashi.plug_runner.runner import PlugRunner
from motenashi.problems import Problem, ProblemsFound, did_you_mean
from motenashi.settings import Settings
from motenashi.storage.all_tables import ALL_TABLES
from motenashi.storage.open_database import open_database
from motenashi.web_call.caller import WebCaller
from nlp.reading import Reading
from plugs.all_plugs import ALL_PLUGS

CHANNELS: Mapping[str, Channel] = {
    "website": WEBSITE,
    "salesiq": Channel("salesiq", collects_forms=True, hands_over=True),
    "terminal": Channel("terminal"),
}
STAGES = {"open": "Qualification", "won": "Closed Won", "lost": "Closed Lost"}
SELLER = Owner("seller", "Sam Seller", "sam.seller@example.com")
ReadText = Callable[[str, str], Reading]  # a text and its language
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


class TalkWorlds:
    """Makes a world for each talk. What talks share is made once: pages, the database's statements, and
    a database for each `given`, which is then copied."""

    def __init__(self, settings: Settings, folder: Path, read: ReadText) -> None:
        """`folder` is an empty place for databases; whoever gave it removes it. `read` understands what is typed."""
        self._settings = settings
        self._folder = folder
        self._read = read
        self._faq = LiveFaq(settings.faq)
        self._web = WebCaller(settings.web_calls)
        self._database = open_database(f"sqlite:///{self._file}")
        self._filled: dict[str, Path] = {}
        _never_wait_for_the_disk(self._database.engine)

    @contextmanager
    def of(self, talk: SampleTalk) -> Iterator[_World]:
        """A world as the talk's `given` says. One at a time: it is gone when the block ends."""
        self._lay_out(talk.script)
        world = _World(talk.script, self._database, self._settings, self._read, self._faq, self._web)
        try:
            yield world
        finally:
            world.close()
            self._database.engine.dispose()

    @property
    def _file(self) -> Path:
        return self._folder / "talk.db"

    def _lay_out(self, script: TalkScript) -> None:
        """Make the database what the talk begins with."""
        for left in self._folder.glob("talk.db*"):
            left.unlink()
        key = repr((script.given, script.now))
        if key in self._filled:
            shutil.copyfile(self._filled[key], self._file)
            return
        for tables in ALL_TABLES:
            tables.create_all(self._database.engine)
        now = _beginning(script, self._settings)
        fill(EmbeddedCrm(self._database, self._settings.crm.embedded, clock=lambda: now), script.given, now)
        self._database.engine.dispose()  # the last connection to close writes everything into the one file
        self._filled[key] = self._folder / f"given-{len(self._filled)}.db"
        shutil.copyfile(self._file, self._filled[key])


def _beginning(script: TalkScript, settings: Settings) -> datetime:
    return script.now.in_zone(ZoneInfo(settings.turns.time_zone)).astimezone(UTC)


def _never_wait_for_the_disk(engine: Engine) -> None:
    """A talk's database need not outlive a power cut."""

    @event.listens_for(engine, "connect")
    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")


class _World:
    """One talk's own: a TalkWorld."""

    def __init__(
        self,
        script: TalkScript,
        database: Database,
        settings: Settings,
        read: ReadText,
        faq: LiveFaq,
        web: WebCaller,
    ) -> None:
        self.time_zone = settings.turns.time_zone
        self._now = _beginning(script, settings)
        self._mails: list[Mail] = []
        crm = EmbeddedCrm(database, settings.crm.embedded, clock=self._clock)
        self._plugs = PlugRunner(
            ALL_PLUGS, crm=crm, emails_of=lambda record: record_emails(crm, record), settings=settings.plugs
        )
        hours = BusinessHours(_hours(script.hours, settings.business_hours))
        self.services: Services = build_services(
            crm=crm,
            call_plug=_with_failures(self._plugs.run, script.plug_fails),
            codes=OneTimeCodes(
                database, self._mails.append, settings.identity.one_time_codes, secret_key=b"sample talks"
            ),
            web=web,
            read=read,
            faq=faq,
            hours=hours,
            diary=AppointmentDiary(crm, hours, settings.booking),
            desk=HandOverDesk(database, hours, settings.hand_over),
            clock=self._clock,
        )

    def _clock(self) -> datetime:
        return self._now

    def set_clock(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def channel(self, name: str) -> Channel:
        return CHANNELS[name]

    def last_code(self) -> str:
        codes = _CODE.findall(self._mails[-1].text) if self._mails else []
        return codes[0] if codes else ""

    def close(self) -> None:
        self._plugs.close()


def _with_failures(call: Callable[[PlugCall], PlugResult], failing: Iterable[str]) -> Callable[[PlugCall], PlugResult]:
    broken = frozenset(failing)

    def answer(asked: PlugCall) -> PlugResult:
        if asked.plug in broken:
            raise PlugFailed(asked.plug, "crm_unreachable", "this talk wants it out of order")
        return call(asked)

    return answer


def _hours(word: str, configured: BusinessHoursSettings) -> BusinessHoursSettings:
    if word == "as configured":
        return configured
    spans = ("00:00-24:00",) if word == "open" else ()
    always = dict.fromkeys(WEEKDAYS, spans)
    return BusinessHoursSettings(time_zone=configured.time_zone, weekly=always)


def fill(crm: EmbeddedCrm, given: GivenCrm, now: datetime) -> None:
    """Write a talk's `given` into an empty CRM. One owner owns it all, so that there is somebody to meet."""
    crm.save_owner(SELLER)
    for each in given.products:
        crm.save_product(
            Product(each.id, each.id.upper(), each.en, each.ja, each.category, each.price, url=f"/products/{each.id}")
        )
    contacts = {person.email: crm.save_contact(_contact(crm, person)).id for person in given.contacts}
    for person in given.leads:
        crm.save_lead(Lead("", company=person.company or "?", **_fields(person)))
    for deal in given.deals:
        _save_deal(crm, deal, contacts[deal.contact], now)


def _contact(crm: CrmClient, person: GivenPerson) -> Contact:
    account = crm.save_account(Account("", person.company)).id if person.company else ""
    return Contact("", account_id=account, **_fields(person))


def _fields(person: GivenPerson) -> dict[str, Any]:
    fields = {name: value for name, value in dataclasses.asdict(person).items() if name != "company"}
    return {**fields, "owner_id": SELLER.id}


def _save_deal(crm: CrmClient, deal: GivenDeal, contact_id: str, now: datetime) -> None:
    day = datetime.combine(datetime.fromisoformat(deal.on), time(3), UTC) if deal.on else now
    stage = STAGES.get(deal.stage, deal.stage)
    record = Deal("", f"Deal of {deal.contact}", stage, contact_id=contact_id, owner_id=SELLER.id, created_at=day)
    crm.save_deal(record, [DealProduct("", product, many) for product, many in deal.products.items()], at=day)


def talks_in(folder: Path) -> tuple[SampleTalk, ...]:
    """The talks of a folder's YAML files, told as `flows/sample_talks/x.yaml`. ProblemsFound tells all that is wrong
    with them; a folder that is not there has none."""
    talks, problems = read_talks({f"{folder.parent.name}/{name}": text for name, text in read_folder(folder).items()})
    problems += [problem for talk in talks for problem in _unknown_plugs(talk)]
    if problems:
        raise ProblemsFound(problems)
    return talks


def _unknown_plugs(talk: SampleTalk) -> Iterator[Problem]:
    names = [plug.name for plug in ALL_PLUGS]
    for name in talk.script.plug_fails:
        if name not in names:
            yield Problem(talk.file, talk.line, f"there is no plug '{name}'.", did_you_mean(name, names))


def play(talks: Iterable[SampleTalk], flows: FlowSet, settings: Settings, read: ReadText) -> tuple[TalkResult, ...]:
    """Play talks, each in a world of its own. What is meant to fail in them is no trouble of this house's, so the log
    does not tell it."""
    with tempfile.TemporaryDirectory(prefix="motenashi-talks-") as folder, _quiet_about_talks():
        worlds = TalkWorlds(settings, Path(folder), read)
        return tuple(_played(talk, flows, worlds) for talk in talks)


@contextmanager
def _quiet_about_talks() -> Iterator[None]:
    def of_another(record: logging.LogRecord) -> bool:
        return not (isinstance(record.args, tuple) and str(next(iter(record.args), "")).startswith(CONVERSATION))

    log = logging.getLogger(turn.__name__)
    log.addFilter(of_another)
    try:
        yield
    finally:
        log.removeFilter(of_another)


def _played(talk: SampleTalk, flows: FlowSet, worlds: TalkWorlds) -> TalkResult:
    with worlds.of(talk) as world:
        return run_talk(talk, flows, world)
