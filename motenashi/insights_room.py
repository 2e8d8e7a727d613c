"""What customers did and said, put together for the web processes: timeline, lists, voice, bulk actions, alerts."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crm_client.client import CrmClient
from motenashi.alert_views import AlertViews
from motenashi.alerts.acting import Acting
from motenashi.alerts.check import read_rules
from motenashi.alerts.desk import AlertDesk
from motenashi.alerts.happenings import Happenings
from motenashi.alerts.live_alerts import LiveAlerts
from motenashi.alerts.raised_store import RaisedStore
from motenashi.alerts.rule import Rule
from motenashi.bulk_actions.build import BulkRoom, build_bulk_actions
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.database import Database
from motenashi.erasing.desk import EraseForPages
from motenashi.erasing.erase import Eraser, Erasing, nobody_else
from motenashi.filters.desk import FilterDesk
from motenashi.insights.timeline.module_rhythms import ModuleRhythms
from motenashi.insights.timeline.reader import TimelineReader
from motenashi.insights.voice.responses import Responses
from motenashi.known_names import allowed_hosts
from motenashi.outgoing_mail.followed_mail import FollowedMail
from motenashi.outgoing_mail.outgoing_mail import OutgoingMail
from motenashi.problems import Problem
from motenashi.settings import Settings
from motenashi.timeline_views import TimelineViews
from motenashi.visits.visits import Visits
from motenashi.voice_reports.keep_up import Heard
from motenashi.voice_reports.voice_reports import VoiceReports
from motenashi.web_call.caller import WebCaller

# Where development is reached when nobody says otherwise: links in mails must lead somewhere.
_HERE = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"


@dataclass(frozen=True)
class InsightsRoom:
    """`erasing` is told of by the pages and the command line; `bulk.runner` is run by the worker."""

    rhythms: ModuleRhythms
    timeline: TimelineReader
    timeline_views: TimelineViews
    filters: FilterDesk
    reports: VoiceReports
    heard: Heard
    bulk: BulkRoom
    visits: Visits
    alerts: AlertDesk
    alert_views: AlertViews
    erasing: EraseForPages


def build_insights_room(
    settings: Settings,
    database: Database,
    crm: CrmClient,
    hours: BusinessHours,
    mail: OutgoingMail,
    web: WebCaller,
    secret_key: bytes,
    *,
    deal_changed: Callable[[str], object],
    erasing: Erasing | None = None,
) -> InsightsRoom:
    """`deal_changed` is told of deals whose person was erased; `erasing` of whom is about to be."""
    zone = ZoneInfo(settings.turns.time_zone)
    rhythms = ModuleRhythms(database, zone)
    timeline = TimelineReader(database, zone, rhythms, _now)
    filters = FilterDesk(database, zone=zone)
    happenings = Happenings(database, Responses(database))
    alerts = AlertDesk(
        LiveAlerts(Path(settings.alerts.folder), lambda folder: rules_in(settings, folder)),
        happenings,
        RaisedStore(database),
        Acting(crm, mail.send, web),
        crm,
        settings.alerts,
        in_zone=lambda moment: moment.astimezone(zone),
    )
    eraser = Eraser(database, secret_key, on_erased=deal_changed, erasing=erasing or nobody_else)
    return InsightsRoom(
        rhythms=rhythms,
        timeline=timeline,
        timeline_views=TimelineViews(timeline, crm),
        filters=filters,
        reports=VoiceReports(database, zone=zone),
        heard=Heard(database),
        bulk=build_bulk_actions(
            settings.bulk_actions,
            database,
            crm,
            filters,
            hours,
            mail.send,
            FollowedMail(database, settings.outgoing_mail),
            signing_keys=[secret_key.decode()],
            address=settings.server.public_url or ("" if settings.production else _HERE),
            zone=zone,
            custom_fields=settings.crm.embedded.custom_fields,
        ),
        visits=Visits(database, secret_key),
        alerts=alerts,
        alert_views=AlertViews(alerts, happenings, crm),
        erasing=EraseForPages(eraser, crm),
    )


def rules_in(settings: Settings, folder: Path) -> tuple[tuple[Rule, ...], list[Problem]]:
    """The alerts of a folder and all that is wrong with them, webhooks and secrets included."""
    return read_rules(folder, allows=allowed_hosts(settings), secrets=tuple(settings.web_calls.secrets))


def _now() -> datetime:
    return datetime.now(UTC)
