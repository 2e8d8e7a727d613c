"""Builds every part once and hands each to those who need it; also the command line's entry.

    python app.py                 says what there is
    gunicorn "app:create_app()"   serves

The only file that knows everyone.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import getaddresses
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask
from limits.storage import Storage, storage_from_string
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from crm_client.embedded.changes import RecordChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.errors import CrmError
from crm_client.records import Product
from motenashi.advice_desk.triggers import Triggers
from motenashi.advice_room import build_advice_room
from motenashi.booking.diary import AppointmentDiary
from motenashi.bulk_views import BulkViews
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.channels.api.door import build_api
from motenashi.channels.api.lists_door import build_lists_api
from motenashi.channels.api.timeline_door import build_timeline_api
from motenashi.channels.email.door import build_email_door
from motenashi.channels.inside import Inside
from motenashi.channels.salesiq.access_token import AccessTokens
from motenashi.channels.salesiq.callbacks import deliver_late
from motenashi.channels.salesiq.plug_webhook import build_plug_webhook
from motenashi.channels.salesiq.settings import SalesIQSettings
from motenashi.channels.salesiq.webhook import build_salesiq
from motenashi.channels.touchpoints.door import build_touchpoints_door
from motenashi.channels.widget.conversation_secret import ConversationSecrets
from motenashi.channels.widget.door import build_widget
from motenashi.channels.widget.visits_door import build_visits
from motenashi.chat_turn import ChatTurn
from motenashi.conversation.session_store import SessionStore
from motenashi.crm_views import CrmViews, build_crm_views
from motenashi.database import Database
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
from motenashi.insights_room import build_insights_room
from motenashi.jobs.clock import start_clock
from motenashi.jobs.forget_inbound_mail import forget_inbound_mail
from motenashi.jobs.fresh_plans import fresh_plans
from motenashi.jobs.leader import Leader
from motenashi.jobs.note_chats import note_chats
from motenashi.jobs.note_visits import note_visits
from motenashi.jobs.schedule import Job, all_jobs
from motenashi.jobs.waiting_mail import waiting_mail
from motenashi.jobs.wake_conversations import wake_conversations
from motenashi.known_names import known_names
from motenashi.late_answers import LateAnswers
from motenashi.mail_room import build_mail_room
from motenashi.outgoing_mail.outbox import Outbox
from motenashi.outgoing_mail.outgoing_mail import OutgoingMail
from motenashi.pages.advice.results_page import build_results_page
from motenashi.pages.advice.settings_page import build_advice_settings_page
from motenashi.pages.alerts.alerts_page import build_alerts_page
from motenashi.pages.bulk.bulk_page import build_bulk_page
from motenashi.pages.bulk.unsubscribe_page import build_unsubscribe_page
from motenashi.pages.crm.crm_page import build_crm_page
from motenashi.pages.embed.embed_page import build_embed_page
from motenashi.pages.guard import calling, require_api_key
from motenashi.pages.health import build_health
from motenashi.pages.lists.lists_page import build_lists_page
from motenashi.pages.mail.mail_page import build_mail_page
from motenashi.pages.page_language import page_language
from motenashi.pages.records.erase_page import build_erase_page
from motenashi.pages.records.records_page import build_records_page
from motenashi.pages.rooms import (
    ADVICE_SETTINGS,
    ALERTS,
    BULK,
    CRM,
    LISTS,
    MAIL,
    RESULTS,
    TODAY,
    TOUCHPOINTS,
    VOICE,
)
from motenashi.pages.shop.shop import build_shop
from motenashi.pages.staff_pages import StaffParts, install_staff_pages
from motenashi.pages.timeline.timeline_page import build_timeline_page
from motenashi.pages.today.today_page import build_today_page
from motenashi.pages.touchpoints.touchpoints_page import build_touchpoints_page
from motenashi.pages.voice.voice_page import build_voice_page
from motenashi.plug_runner.record_emails import record_emails
from motenashi.plug_runner.runner import PlugRunner
from motenashi.reader_here import ChatReader
from motenashi.reading_desk.client import ReadingDesk
from motenashi.reading_desk.wire import desk_key, socket_address
from motenashi.settings import Settings, load_settings
from motenashi.storage.open_database import open_database
from motenashi.touchpoint_intake.refusals import forget_refused
from motenashi.touchpoint_room import TouchpointRoom, build_touchpoint_room, told_to
from motenashi.web_call.caller import WebCaller
from plugs.all_plugs import ALL_PLUGS

if TYPE_CHECKING:
    from motenashi.zoho_room import ZohoRoom

# Who was written to is nobody's business for ever; as long as this, an operator may look up whether a mail went out.
MAIL_KEPT = timedelta(days=30)


def build_house(settings: Settings, reader: ChatReader | None = None) -> House:
    """Every part, on an open database. Nothing runs yet: no thread, no clock, no door.

    `reader` understands texts; without one the worker of this machine is asked over the reading desk.

    ProblemsFound when the flows on disk can't answer; SecretKeyMissing in production without a key.
    """
    key = secret_key(settings.data, settings.production)
    database = open_database(settings.database)
    triggers = Triggers(database)
    touchpoints = build_touchpoint_room(settings, database, triggers)
    crm, zoho = _crm(settings, database, key, triggers, touchpoints)
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
    if reader is None:
        reader = ReadingDesk(socket_address(settings.data), desk_key(key), settings.reading.patience)
    services = build_services(
        crm=crm,
        call_plug=plugs.run,
        codes=codes,
        web=web,
        read=reader.read_chat,
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
        zoho=zoho,
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
        reader=reader,
        inbound=build_mail_room(settings, database, crm, hours, reader, _our_addresses(settings), triggers),
        advice=build_advice_room(settings, database, crm, hours, triggers, key, mail.send),
        touchpoints=touchpoints,
        insights=build_insights_room(
            settings,
            database,
            crm,
            hours,
            mail,
            web,
            key,
            deal_changed=lambda deal_id: triggers.changed(RecordChange("deals", deal_id)),
            erasing=zoho.erasing if zoho else None,
        ),
        inside=Inside(
            answer=chat.answer,
            answer_in_time=late.answer_in_time,
            history=chat.history,
            call_plug=plugs.run,
            plugs=ALL_PLUGS,
            bots=chat.bots,
        ),
    )


def _crm(
    settings: Settings, database: Database, key: bytes, triggers: Triggers, touchpoints: TouchpointRoom
) -> tuple[EmbeddedCrm, ZohoRoom | None]:
    """The CRM that the settings name, and what stands behind it when that is Zoho's."""
    on_change = told_to(triggers.changed, touchpoints.changed)
    if settings.crm.backend == "embedded":
        return EmbeddedCrm(database, settings.crm.embedded, on_change=on_change), None
    from motenashi.zoho_room import build_zoho_room  # what nobody uses takes no memory

    def many(changes: Sequence[RecordChange]) -> None:
        triggers.all_changed(changes)
        for change in changes:
            touchpoints.changed(change)

    zoho = build_zoho_room(settings, database, key, on_change=on_change, on_changes=many)
    return zoho.crm, zoho


def create_app(settings: Settings | None = None) -> Flask:
    """The web application with all its doors. Background jobs begin with `start_jobs`, not here."""
    house = build_house(settings or load_settings(os.environ.get("MOTENASHI_CONFIG", "config.yaml")))
    settings = house.settings
    app = Flask("motenashi.pages")
    app.extensions["motenashi"] = house
    if proxies := settings.server.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    csrf = install_staff_pages(app, _staff_parts(house), secret_key=house.secret_key)

    rates = _rate_storage()
    salesiq = salesiq_settings(settings)
    tokens = AccessTokens(salesiq.callbacks)
    house.late.deliver_by("salesiq", lambda data, reply: deliver_late(salesiq, data, reply, tokens))
    doors = [
        build_salesiq(salesiq, house.inside),
        build_plug_webhook(salesiq, house.inside, _opens(house.api_keys, "plugs")),
        build_email_door(
            settings.channels.email,
            house.inbound.mails,
            arrived=house.inbound.arrived,
            largest_mail=settings.inbound_mail.largest_mail,
            rate_storage=rates,
            production=settings.production,
        ),
        build_health(lambda: troubles(house), lambda: metrics(house), production=settings.production),
    ]
    if settings.channels.widget.enabled:
        doors += _visits_doors(house, rates)
        doors.append(
            build_widget(
                settings.channels.widget,
                house.inside,
                signing_keys=[house.secret_key.decode()],
                rate_storage=rates,
                check_token=house.tokens.check_token,
            )
        )
    zone = ZoneInfo(settings.turns.time_zone)
    advice, insights = house.advice, house.insights
    api: dict[str, Any] = {"require_scope": require_api_key, "caller": calling, "rate_storage": rates}
    doors += [
        build_api(settings.channels.api, advice.answers, **api),
        build_timeline_api(settings.channels.api, insights.timeline, **api),
        build_lists_api(settings.channels.api, insights.filters, **api),
        build_unsubscribe_page(insights.bulk.stopping),
        build_touchpoints_door(
            settings.channels.touchpoints,
            house.touchpoints.intake,
            house.touchpoints.told,
            house.touchpoints.schema,
            rate_storage=rates,
            production=settings.production,
        ),
        build_embed_page(settings.embed, advice.views, advice.links, clock=lambda: datetime.now(zone)),
        *_zoho_doors(house, rates),
    ]
    for door in doors:
        csrf.exempt(door)
        app.register_blueprint(door)
    app.register_blueprint(build_mail_page(house.inbound.views, clock=lambda: datetime.now(zone)))
    for build_page in (build_records_page, build_today_page, build_advice_settings_page, build_results_page):
        app.register_blueprint(build_page(advice.views, clock=lambda: datetime.now(zone)))
    pages = (
        build_timeline_page(insights.timeline_views, clock=lambda: datetime.now(zone)),
        build_lists_page(insights.filters, clock=lambda: datetime.now(zone)),
        build_voice_page(insights.reports, insights.filters, clock=lambda: datetime.now(zone)),
        build_bulk_page(BulkViews(insights.bulk.desk, language=page_language), clock=lambda: datetime.now(zone)),
        build_touchpoints_page(
            house.touchpoints.views,
            address=f"{settings.server.public_url}/touchpoints",
            signed=lambda: any(os.environ.get(name) for name in settings.channels.touchpoints.secret_envs),
        ),
        build_alerts_page(insights.alert_views, clock=lambda: datetime.now(zone)),
        build_erase_page(insights.erasing),
        build_crm_page(_crm_views(house), clock=lambda: datetime.now(zone)),
    )
    for page in pages:
        app.register_blueprint(page)
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
    inbound = house.inbound
    return all_jobs(
        look_at_flows=house.flows.current,  # an edit is told in the terminal also when nobody is chatting
        wake_conversations=lambda: wake_conversations(house.store.due, house.chat.wake, house.store.put_off),
        late_answers=house.late.look,
        outgoing_mail=house.mail.deliver_waiting,
        note_chats=lambda: note_chats(house.store.chats_to_note, house.store.noted, house.crm, house.desk.asked_in),
        forget_mail=lambda: house.mail.forget_finished(datetime.now(UTC) - MAIL_KEPT),
        waiting_mail=lambda: waiting_mail(inbound.mails.waiting, inbound.arrived, inbound.tasks.waiting),
        forget_inbound_mail=lambda: forget_inbound_mail(inbound.mails.forget, house.settings.inbound_mail.kept_days),
        advice_in_time=lambda: house.advice.triggers.look(datetime.now(UTC)),
        advice_follow_up=lambda: house.advice.follow_up.run(datetime.now(UTC)),
        note_visits=lambda: note_visits(
            house.insights.visits.to_note,
            house.insights.visits.noted,
            house.store.recognised,
            house.crm,
            datetime.now(UTC),
        ),
        forget_visits=lambda: house.insights.visits.forget_old(
            datetime.now(UTC) - timedelta(days=house.settings.channels.widget.visit_days)
        ),
        alerts=lambda: house.insights.alerts.look(datetime.now(UTC)),
        forget_alerts=lambda: house.insights.alerts.forget_old(datetime.now(UTC)),
        usual_gaps=lambda: house.insights.rhythms.recompute_if_due(datetime.now(UTC)),
        fresh_plans=lambda: fresh_plans(house.database),
        count_voice=house.insights.heard.keep_up,
        tidy_bulk_actions=lambda: house.insights.bulk.runner.tidy(datetime.now(UTC)),
        forget_touchpoints=lambda: forget_refused(house.database, house.settings.touchpoints, datetime.now(UTC)),
        match_touchpoints=lambda: house.touchpoints.waiting.match_waiting(datetime.now(UTC)),
    )


def _our_addresses(settings: Settings) -> list[str]:
    """What our own mail is sent from: mail of these addresses that comes in is our own coming back."""
    mail = settings.outgoing_mail
    return [address for _name, address in getaddresses([mail.sender, mail.reply_to]) if address]


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
        more_rooms=(TODAY, LISTS, VOICE, MAIL, BULK, ALERTS, TOUCHPOINTS, RESULTS, ADVICE_SETTINGS, CRM),
        due_reminders=house.advice.reminders,
    )


def _visits_doors(house: House, rates: Storage) -> list[Blueprint]:
    """The door for visits where it is switched on; without it there is none."""
    settings = house.settings.channels.widget
    if not settings.visits:
        return []
    secrets = ConversationSecrets([house.secret_key.decode()], timedelta(hours=settings.identity_hours))

    def holds(conversation_id: str, secret: str) -> bool:
        holder = secrets.holder_of(secret, datetime.now(UTC))
        return holder is not None and holder.conversation_id == conversation_id

    return [
        build_visits(settings, house.insights.visits, holds=holds, rate_storage=rates, now=lambda: datetime.now(UTC))
    ]


def _zoho_doors(house: House, rates: Storage) -> list[Blueprint]:
    """The door for Zoho's notifications, where Zoho is the CRM."""
    if house.zoho is None:
        return []
    from motenashi.channels.crm.zoho_door import build_zoho_door

    channels, settings = house.zoho.channels, house.settings.channels.crm
    return [build_zoho_door(channels.accept, channels.accept_workflow, rate_storage=rates, settings=settings)]


def _crm_views(house: House) -> CrmViews:
    crm, database = house.settings.crm, house.database
    if house.zoho is None:
        return build_crm_views(crm, database, environment=os.environ)
    return build_crm_views(
        crm,
        database,
        environment=os.environ,
        ask_now=house.zoho.ask_now,
        workflow_url=house.zoho.channels.workflow_url,
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
    for state, mails in house.inbound.mails.counts().items():
        counted[f'inbound_mails{{state="{state}"}}'] = float(mails)
    oldest = house.inbound.mails.waiting_since()
    counted["inbound_mail_waits_seconds"] = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
    for mailbox in house.inbound.mailboxes():
        counted[f'mailbox_connected{{name="{mailbox.name}"}}'] = float(mailbox.state == "connected")
    counted["advice_waits"], counted["advice_set_aside"] = map(float, house.advice.due.counts())
    recent = house.store.count_by_flow_set(datetime.now(UTC) - timedelta(hours=1))
    return {**counted, "conversations_last_hour": float(sum(recent.values()))}


if __name__ == "__main__":
    from motenashi import cli  # a web process has no use for it

    cli.main(cli.Builders(build_house, create_app))
