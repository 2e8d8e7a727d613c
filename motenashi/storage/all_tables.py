"""Every room that has tables. Migrations are made from this list, and a test compares the two."""

from __future__ import annotations

from crm_client.embedded.tables import metadata as crm
from motenashi.conversation.tables import metadata as conversation
from motenashi.hand_over import metadata as hand_over
from motenashi.identity.tables import metadata as identity
from motenashi.jobs.leader import metadata as jobs
from motenashi.outgoing_mail.tables import metadata as outgoing_mail

ALL_TABLES = (conversation, crm, hand_over, identity, jobs, outgoing_mail)
