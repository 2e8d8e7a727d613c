"""config.yaml -> Settings: every room's section, gathered here and checked in one go.

Secrets never stand in the file; it names the environment variables that hold them. A few choices of the machine come
from the environment itself: MOTENASHI_ENVIRONMENT, DATABASE_URL, REDIS_URL, MOTENASHI_DATA.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.zoho.settings import ZohoSettings
from motenashi.advice_desk.settings import DeskSettings
from motenashi.alerts.settings import AlertSettings
from motenashi.booking import settings as booking
from motenashi.bulk_actions.settings import BulkSettings
from motenashi.business_hours import opening_times
from motenashi.business_hours import settings as business_hours
from motenashi.channels.api.settings import ApiSettings
from motenashi.channels.crm.settings import CrmDoorSettings
from motenashi.channels.email.settings import EmailSettings
from motenashi.channels.salesiq.settings import SalesIQSettings
from motenashi.channels.touchpoints.settings import TouchpointDoorSettings
from motenashi.channels.widget.settings import WidgetSettings
from motenashi.chat_turn import TurnSettings
from motenashi.faq.settings import FaqSettings
from motenashi.hand_over import HandOverSettings
from motenashi.identity.settings import IdentitySettings
from motenashi.inbound_mail.settings import InboundMailSettings
from motenashi.insights.voice.settings import VoiceSettings
from motenashi.mail_intake.settings import MailIntakeSettings
from motenashi.outgoing_mail.settings import OutgoingMailSettings
from motenashi.pages.embed.settings import EmbedSettings
from motenashi.plug_runner.settings import PlugSettings
from motenashi.problems import Problem, ProblemsFound, did_you_mean
from motenashi.reading_desk.settings import ReadingSettings
from motenashi.suggestions.advice.settings import AdviceSettings
from motenashi.suggestions.best_time.settings import BestTimeSettings
from motenashi.suggestions.next_best_action.settings import LearningSettings
from motenashi.touchpoint_intake.settings import TouchpointSettings
from motenashi.web_call.settings import WebCallSettings
from motenashi.yaml_fields import FieldReader
from motenashi.yaml_source import YamlMap, read_file

Environment = Literal["development", "production"]


@dataclass(frozen=True)
class FlowSettings:
    """config.yaml, section `flows`."""

    folder: Annotated[str, "Where the conversations' YAML files lie."] = "flows"


@dataclass(frozen=True)
class CrmSettings:
    """config.yaml, section `crm`."""

    backend: Annotated[
        Literal["embedded", "zoho"],
        "Which CRM is the system of record: the embedded one, or Zoho CRM, whose mirror the embedded one then is.",
    ] = "embedded"
    embedded: Annotated[EmbeddedCrmSettings, "The embedded CRM's own choices."] = field(
        default_factory=EmbeddedCrmSettings
    )
    zoho: Annotated[ZohoSettings, "Zoho CRM (docs/zoho.md)."] = field(default_factory=ZohoSettings)


@dataclass(frozen=True)
class ChannelSettings:
    """config.yaml, section `channels`."""

    salesiq: Annotated[SalesIQSettings, "Zoho SalesIQ's webhook bots and plugs."] = field(
        default_factory=SalesIQSettings
    )
    widget: Annotated[WidgetSettings, "Our own chat box."] = field(default_factory=WidgetSettings)
    api: Annotated[ApiSettings, "What tools may ask."] = field(default_factory=ApiSettings)
    email: Annotated[EmailSettings, "Inbound mail: the signed door and the mailboxes."] = field(
        default_factory=EmailSettings
    )
    touchpoints: Annotated[TouchpointDoorSettings, "What other tools tell of calls, surveys, tickets and so on."] = (
        field(default_factory=TouchpointDoorSettings)
    )
    crm: Annotated[CrmDoorSettings, "Notifications and webhooks of the CRM."] = field(default_factory=CrmDoorSettings)


@dataclass(frozen=True)
class DemoSettings:
    """config.yaml, section `demo`."""

    shop: Annotated[bool, "Show the demo shop at `/`."] = True


@dataclass(frozen=True)
class ServerSettings:
    """config.yaml, section `server`."""

    proxies: Annotated[
        int,
        "How many proxies of yours stand in front. Only as many are believed when they say where a call came from.",
    ] = 0
    public_url: Annotated[
        str, "This server's own address from outside, such as https://motenashi.example.com; for links we hand out."
    ] = ""


@dataclass(frozen=True)
class Settings:
    """All of config.yaml."""

    environment: Annotated[Environment, "MOTENASHI_ENVIRONMENT goes before it."] = "development"
    data_folder: Annotated[str, "Where the database and generated keys lie; MOTENASHI_DATA goes before it."] = "var"
    database_url: Annotated[str, "Empty: SQLite in the data folder. DATABASE_URL goes before it."] = ""
    server: Annotated[ServerSettings, "The web server."] = field(default_factory=ServerSettings)
    flows: Annotated[FlowSettings, "The conversations."] = field(default_factory=FlowSettings)
    turns: Annotated[TurnSettings, "How a message is answered."] = field(default_factory=TurnSettings)
    crm: Annotated[CrmSettings, "The CRM."] = field(default_factory=CrmSettings)
    channels: Annotated[ChannelSettings, "The ways in."] = field(default_factory=ChannelSettings)
    identity: Annotated[IdentitySettings, "Codes, tokens and logins."] = field(default_factory=IdentitySettings)
    outgoing_mail: Annotated[OutgoingMailSettings, "The mail server."] = field(default_factory=OutgoingMailSettings)
    plugs: Annotated[PlugSettings, "How plugs are called."] = field(default_factory=PlugSettings)
    web_calls: Annotated[WebCallSettings, "What `http` steps may call."] = field(default_factory=WebCallSettings)
    business_hours: Annotated[business_hours.BusinessHoursSettings, "When we are there."] = field(
        default_factory=business_hours.BusinessHoursSettings
    )
    booking: Annotated[booking.BookingSettings, "Appointments."] = field(default_factory=booking.BookingSettings)
    faq: Annotated[FaqSettings, "The question-and-answer pages."] = field(default_factory=FaqSettings)
    hand_over: Annotated[HandOverSettings, "Hand-overs to people."] = field(default_factory=HandOverSettings)
    inbound_mail: Annotated[InboundMailSettings, "Mail that comes in: how much, how long."] = field(
        default_factory=InboundMailSettings
    )
    mail_intake: Annotated[MailIntakeSettings, "What becomes of mail."] = field(default_factory=MailIntakeSettings)
    reading: Annotated[ReadingSettings, "What is recognised in mails and chats."] = field(
        default_factory=ReadingSettings
    )
    next_best_action: Annotated[LearningSettings, "How the next best action is learned and chosen."] = field(
        default_factory=LearningSettings
    )
    best_time: Annotated[BestTimeSettings, "When people answer."] = field(default_factory=BestTimeSettings)
    advice: Annotated[AdviceSettings, "Rules of thumb and limits of advice."] = field(default_factory=AdviceSettings)
    embed: Annotated[EmbedSettings, "Advice inside the CRM's own page."] = field(default_factory=EmbedSettings)
    advice_desk: Annotated[DeskSettings, "What becomes of suggestions."] = field(default_factory=DeskSettings)
    touchpoints: Annotated[TouchpointSettings, "What becomes of touchpoints that other tools tell of."] = field(
        default_factory=TouchpointSettings
    )
    voice: Annotated[VoiceSettings, "What customers say, and what comes of it."] = field(default_factory=VoiceSettings)
    bulk_actions: Annotated[BulkSettings, "Acting on many records at once."] = field(default_factory=BulkSettings)
    alerts: Annotated[AlertSettings, "Rules that act when customers say something."] = field(
        default_factory=AlertSettings
    )
    demo: Annotated[DemoSettings, "The demo shop."] = field(default_factory=DemoSettings)

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def data(self) -> Path:
        return Path(self.data_folder)

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.data / 'motenashi.db'}"


# Sections whose shape is freer than rows of keys; their rooms read and check them.
_OWN_READERS: Mapping[
    str, tuple[Callable[[Mapping[str, Any], str], list[Problem]], Callable[[Mapping[str, Any]], Any]]
] = {
    "business_hours": (opening_times.check, business_hours.settings_from),
    "booking": (booking.check, booking.settings_from),
}


def load_settings(file: str = "config.yaml", environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a file; an absent file means the defaults. ProblemsFound tells all that is wrong with it."""
    path = Path(file)
    raw: Any = None
    problems: list[Problem] = []
    if path.exists():
        documents, problems = read_file(path, path.name)
        raw = documents[0] if documents else None
    settings, more = _read(raw, path.name)
    if problems or more:
        raise ProblemsFound([*problems, *more])
    return _with_environment(settings, environment)


def _read(raw: Any, file: str) -> tuple[Settings, list[Problem]]:
    if raw is None:
        return Settings(), []
    if not isinstance(raw, YamlMap):
        return Settings(), [Problem(file, 1, "the settings must be a mapping.", "turns: {time_zone: Asia/Tokyo}")]
    problems: list[Problem] = []
    own: dict[str, Any] = {}
    for name, (check, build) in _OWN_READERS.items():
        section = raw.pop(name, None)
        if section is None:
            continue
        if not isinstance(section, YamlMap):
            problems.append(Problem(file, raw.line_of(name), f"{name} must be a mapping."))
        elif found := check(section, file):
            problems += found
        else:
            own[name] = build(section)
    reader = FieldReader(file)
    settings = reader.record(Settings, raw, raw.line, "config.yaml") or Settings()
    problems += reader.problems or _zoho_problems(raw, settings, file)
    return dataclasses.replace(settings, **own), problems


def _zoho_problems(raw: YamlMap, settings: Settings, file: str) -> list[Problem]:
    """What the kinds of values alone don't tell about `crm.zoho`."""
    crm = raw.get("crm")
    section = crm.get("zoho") if isinstance(crm, YamlMap) else None
    if not isinstance(section, YamlMap):
        return []
    from crm_client.zoho.mapping.settings_check import check  # what nobody uses takes no memory

    return check(section, file, settings.crm.embedded.custom_fields)


def _with_environment(settings: Settings, environment: Mapping[str, str]) -> Settings:
    chosen = environment.get("MOTENASHI_ENVIRONMENT") or settings.environment
    if chosen not in ("development", "production"):
        hint = did_you_mean(chosen, ("development", "production"))
        raise ProblemsFound([Problem("MOTENASHI_ENVIRONMENT", 0, f"there is no environment '{chosen}'.", hint)])
    if chosen == "production" and settings.crm.backend == "zoho" and settings.crm.zoho.fake_url:
        hint = "Leave it empty: what is written here would never reach your Zoho, and secrets would go out without TLS."
        raise ProblemsFound(
            [Problem("config.yaml", 0, "crm.zoho.fake_url is for trying out, not for production.", hint)]
        )
    return dataclasses.replace(
        settings,
        environment="production" if chosen == "production" else "development",
        data_folder=environment.get("MOTENASHI_DATA") or settings.data_folder,
        database_url=environment.get("DATABASE_URL") or settings.database_url,
    )
