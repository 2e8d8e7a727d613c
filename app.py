"""Builds every part once and hands each to those who need it; also the command line's entry.

    python app.py                 says what there is
    gunicorn "app:create_app()"   serves

The only file that knows everyone.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from limits.storage import Storage, storage_from_string
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.errors import CrmError
from crm_client.records import Product
from motenashi import cli
from motenashi.booking.diary import AppointmentDiary
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.channels.inside import Inside
from motenashi.channels.salesiq.access_token import AccessTokens
from motenashi.channels.salesiq.callbacks import deliver_late
from motenashi.channels.salesiq.plug_webhook import build_plug_webhook
from motenashi.channels.salesiq.settings import SalesIQSettings
from motenashi.channels.salesiq.webhook import build_salesiq
from motenashi.channels.widget.door import build_widget
from motenashi.chat_turn import ChatTurn
from motenashi.conversation.session_store import SessionStore
from motenashi.faq.live_faq import LiveFaq
from motenashi.flow_archive import FlowArchive
from motenashi.flow_engine.check import check_all
from motenashi.flow_engine.live_flows import LiveFlows
from motenashi.flow_services import build_services
from motenashi.flow_views import FlowViews
from motenashi.hand_over import HandOverDesk
from motenashi.house import House
from motenashi.identity.api_keys import ApiKeys
from motenashi.identity.login_sessions import LoginSessions
from motenashi.identity.one_time_codes import OneTimeCodes
from motenashi.identity.secret_key import secret_key
from motenashi.identity.signed_tokens import SignedTokens
from motenashi.identity.users import Users
from motenashi.jobs.clock import start_clock
from motenashi.jobs.leader import Leader
from motenashi.jobs.note_chats import note_chats
from motenashi.jobs.schedule import Job, all_jobs
from motenashi.jobs.wake_conversations import wake_conversations
from motenashi.known_names import known_names
from motenashi.late_answers import LateAnswers
from motenashi.outgoing_mail.outbox import Outbox
from motenashi.outgoing_mail.outgoing_mail import OutgoingMail
from motenashi.pages.health import build_health
from motenashi.pages.page_language import page_language
from motenashi.pages.shop.shop import build_shop
from motenashi.pages.staff_pages import StaffParts, install_staff_pages
from motenashi.plug_runner.record_emails import record_emails
from motenashi.plug_runner.runner import PlugRunner
from motenashi.settings import Settings, load_settings
from motenashi.storage.open_database import open_database
from motenashi.web_call.caller import WebCaller
from nlp.key_phrases import KeyPhraseReader
from plugs.all_plugs import ALL_PLUGS

# Who was written to is nobody's business for ever; as long as this, an operator may look up whether a mail went out.
MAIL_KEPT = timedelta(days=30)


def build_house(settings: Settings) -> House:
    """Every part, on an open database. Nothing runs yet: no thread, no clock, no door.

    ProblemsFound when the flows on disk can't answer; SecretKeyMissing in production without a key.
    """
    key = secret_key(settings.data, settings.production)
    database = open_database(settings.database)
    crm = EmbeddedCrm(database, settings.crm.embedded)
    hours = BusinessHours(settings.business_hours)
    web = WebCaller(settings.web_calls)
    mail = OutgoingMail(settings.outgoing_mail, database, production=settings.production)
    codes = OneTimeCodes(database, mail.send, settings.identity.one_time_codes, secret_key=key)
    desk = HandOverDesk(database, hours, settings.hand_over)
    faq = LiveFaq(settings.faq)
    plugs = PlugRunner(ALL_PLUGS, crm=crm, emails_of=lambda record: record_emails(crm, record), settings=settings.plugs)

    known = known_names(settings, ALL_PLUGS)
    archive = FlowArchive(database)
    flows = LiveFlows(
        Path(settings.flows.folder),
        lambda candidate: check_all(candidate, known),
        archive=archive.keep,
        restore=archive.sources,
        newest=archive.newest,
    )
    store = SessionStore(database)
    services = build_services(
        crm=crm,
        call_plug=plugs.run,
        codes=codes,
        web=web,
        reader=KeyPhraseReader(),
        faq=faq,
        hours=hours,
        diary=AppointmentDiary(crm, hours, settings.booking),
        desk=desk,
    )
    chat = ChatTurn(flows, store, services, settings.turns)
    late = LateAnswers(database, chat.answer)
    return House(
        settings=settings,
        secret_key=key,
        database=database,
        crm=crm,
        known=known,
        flows=flows,
        archive=archive,
        faq=faq,
        plugs=plugs,
        store=store,
        chat=chat,
        late=late,
        mail=mail,
        outbox=Outbox(database),
        users=Users(database, shortest_password=settings.identity.login.shortest_password),
        api_keys=ApiKeys(database),
        tokens=SignedTokens(settings.identity.tokens),
        desk=desk,
        inside=Inside(
            answer=chat.answer,
            answer_in_time=late.answer_in_time,
            history=chat.history,
            call_plug=plugs.run,
            plugs=ALL_PLUGS,
            bots=chat.bots,
        ),
    )


def create_app(settings: Settings | None = None) -> Flask:
    """The web application with all its doors. Background jobs begin with `start_jobs`, not here."""
    house = build_house(settings or load_settings(os.environ.get("MOTENASHI_CONFIG", "config.yaml")))
    settings = house.settings
    app = Flask("motenashi.pages")
    app.extensions["motenashi"] = house
    if proxies := settings.server.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    csrf = install_staff_pages(app, _staff_parts(house), secret_key=house.secret_key)

    salesiq = salesiq_settings(settings)
    tokens = AccessTokens(salesiq.callbacks)
    house.late.deliver_by("salesiq", lambda data, reply: deliver_late(salesiq, data, reply, tokens))
    doors = [
        build_salesiq(salesiq, house.inside),
        build_plug_webhook(salesiq, house.inside, _opens(house.api_keys, "plugs")),
        build_health(lambda: troubles(house), lambda: metrics(house), production=settings.production),
    ]
    if settings.channels.widget.enabled:
        doors.append(
            build_widget(
                settings.channels.widget,
                house.inside,
                signing_keys=[house.secret_key.decode()],
                rate_storage=_rate_storage(),
                check_token=house.tokens.check_token,
            )
        )
    for door in doors:
        csrf.exempt(door)
        app.register_blueprint(door)
    if settings.demo.shop:
        app.register_blueprint(build_shop(_products(house), language=page_language, try_out=not settings.production))
    return app


def salesiq_settings(settings: Settings) -> SalesIQSettings:
    """Without a public key calls are answered in development, with a loud log; in production never."""
    salesiq = settings.channels.salesiq
    unsigned = not settings.production and (salesiq.allow_unsigned or not salesiq.public_keys)
    return dataclasses.replace(salesiq, allow_unsigned=unsigned)


def start_jobs(app: Flask) -> Callable[[], None]:
    """Run the background jobs in this process when it leads. Returns how to stop."""
    house: House = app.extensions["motenashi"]
    return start_clock(jobs_of(house), Leader(house.database))


def jobs_of(house: House) -> tuple[Job, ...]:
    """The jobs on the list, each with the parts it works with."""
    return all_jobs(
        look_at_flows=house.flows.current,  # an edit is told in the terminal also when nobody is chatting
        wake_conversations=lambda: wake_conversations(house.store.due, house.chat.wake, house.store.put_off),
        late_answers=house.late.look,
        outgoing_mail=house.mail.deliver_waiting,
        note_chats=lambda: note_chats(house.store.chats_to_note, house.store.noted, house.crm),
        forget_mail=lambda: house.mail.forget_finished(datetime.now(UTC) - MAIL_KEPT),
    )


def _rate_storage() -> Storage:
    """Where requests are counted: in this process, or in Redis for all of them."""
    storage = storage_from_string(os.environ.get("REDIS_URL") or "memory://")
    if not isinstance(storage, Storage):
        raise ValueError("REDIS_URL must not begin with async+")
    return storage


def _staff_parts(house: House) -> StaffParts:
    login = house.settings.identity.login
    return StaffParts(
        users=house.users,
        logins=LoginSessions(house.database, login),
        api_keys=house.api_keys,
        outbox=house.outbox,
        flows=FlowViews(house).all,
        login_settings=login,
        production=house.settings.production,
        time_zone=house.settings.turns.time_zone,
    )


def _opens(api_keys: ApiKeys, scope: str) -> Callable[[str], bool]:
    def opens(key: str) -> bool:
        found = api_keys.find(key, now=datetime.now(UTC))
        return found is not None and found.opens(scope)

    return opens


def _products(house: House) -> Callable[[], list[Product]]:
    def products() -> list[Product]:
        try:
            return list(house.crm.products())
        except CrmError:
            return []  # the shop shows its empty state; the log and /healthz say why

    return products


def troubles(house: House) -> dict[str, str]:
    """Parts without which nobody is answered, and what is wrong with them."""
    try:
        with house.database.read() as connection:
            connection.execute(text("select 1 from conversations where id = ''")).first()
    except DBAPIError as error:
        return {"database": type(error).__name__}
    return {}


def metrics(house: House) -> dict[str, float]:
    """Counters of this process, and a few sizes."""
    counted = {"flow_problems": float(len(house.flows.state.problems))}
    for name, counts in house.plugs.counts().items():
        counted[f'plug_calls_total{{plug="{name}"}}'] = counts.calls
        counted[f'plug_failures_total{{plug="{name}"}}'] = sum(counts.failures.values())
    recent = house.store.count_by_flow_set(datetime.now(UTC) - timedelta(hours=1))
    return {**counted, "conversations_last_hour": float(sum(recent.values()))}


if __name__ == "__main__":
    cli.main(cli.Builders(build_house, create_app))
