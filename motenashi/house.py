"""All parts of the running house by name, as app.py built them: for the command line and for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_client.client import CrmClient
from motenashi.advice_room import AdviceRoom
from motenashi.channels.inside import Inside
from motenashi.chat_turn import ChatTurn
from motenashi.conversation.session_store import SessionStore
from motenashi.database import Database
from motenashi.faq.live_faq import LiveFaq
from motenashi.flow_archive import FlowArchive
from motenashi.flow_engine.check import Known
from motenashi.flow_engine.live_flows import LiveFlows
from motenashi.hand_over import HandOverDesk
from motenashi.identity.api_keys import ApiKeys
from motenashi.identity.signed_tokens import SignedTokens
from motenashi.identity.users import Users
from motenashi.insights_room import InsightsRoom
from motenashi.late_answers import LateAnswers
from motenashi.mail_room import MailRoom
from motenashi.outgoing_mail.outbox import Outbox
from motenashi.outgoing_mail.outgoing_mail import OutgoingMail
from motenashi.plug_runner.runner import PlugRunner
from motenashi.reader_here import ChatReader
from motenashi.settings import Settings
from motenashi.touchpoint_room import TouchpointRoom

if TYPE_CHECKING:
    from motenashi.zoho_room import ZohoRoom


@dataclass(frozen=True)
class House:
    settings: Settings
    secret_key: bytes
    database: Database
    crm: CrmClient
    zoho: ZohoRoom | None  # what stands behind `crm` when that is Zoho's
    known: Known
    flows: LiveFlows
    archive: FlowArchive
    faq: LiveFaq
    plugs: PlugRunner
    store: SessionStore
    chat: ChatTurn
    late: LateAnswers
    mail: OutgoingMail
    outbox: Outbox
    users: Users
    api_keys: ApiKeys
    tokens: SignedTokens
    desk: HandOverDesk
    reader: ChatReader
    inbound: MailRoom
    advice: AdviceRoom
    touchpoints: TouchpointRoom
    insights: InsightsRoom
    inside: Inside
