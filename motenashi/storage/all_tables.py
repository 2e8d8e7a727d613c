"""Every room that has tables. Migrations are made from this list, and a test compares the two."""

from __future__ import annotations

from crm_client.embedded.tables import metadata as crm
from crm_client.zoho.tables import metadata as zoho
from motenashi.advice_desk.tables import metadata as advice_desk
from motenashi.alerts.tables import metadata as alerts
from motenashi.bulk_actions.tables import metadata as bulk_actions
from motenashi.conversation.tables import metadata as conversation
from motenashi.erasing.tables import metadata as erasing
from motenashi.filters.tables import metadata as filters
from motenashi.hand_over import metadata as hand_over
from motenashi.identity.tables import metadata as identity
from motenashi.inbound_mail.corrections import metadata as corrections
from motenashi.inbound_mail.tables import metadata as inbound_mail
from motenashi.insights.timeline.tables import metadata as timeline
from motenashi.insights.voice.tables import metadata as voice
from motenashi.jobs.leader import metadata as jobs
from motenashi.outgoing_mail.tables import metadata as outgoing_mail
from motenashi.suggestions.best_time.tables import metadata as best_time
from motenashi.suggestions.tables import metadata as suggestions
from motenashi.touchpoint_intake.tables import metadata as touchpoint_intake
from motenashi.visits.tables import metadata as visits
from motenashi.voice_reports.tables import metadata as voice_reports

ALL_TABLES = (
    advice_desk,
    alerts,
    best_time,
    bulk_actions,
    conversation,
    corrections,
    crm,
    erasing,
    filters,
    hand_over,
    identity,
    inbound_mail,
    jobs,
    outgoing_mail,
    suggestions,
    touchpoint_intake,
    timeline,
    visits,
    voice,
    voice_reports,
    zoho,
)
