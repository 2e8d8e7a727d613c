"""What the page `/crm` sees when the CRM is Zoho's."""

from __future__ import annotations

import logging
import os

from motenashi.crm_views import CrmViews, build_crm_views
from motenashi.pages.crm.crm_view import Examination, FindingRow
from motenashi.zoho_room import ZohoRoom

log = logging.getLogger(__name__)


def zoho_views(room: ZohoRoom) -> CrmViews:
    def try_again(number: int) -> bool:
        return room.waiting.try_again(number)

    def give_up(number: int, by: str) -> bool:
        given_up = room.waiting.give_up(number)
        if given_up.rows:
            log.warning("the outbox: entry %d was given up by %s (%d rows)", number, by, given_up.rows)
        return given_up.rows > 0

    return build_crm_views(
        room.settings.crm,
        room.database,
        environment=os.environ,
        try_again=try_again,
        give_up=give_up,
        ask_now=room.ask_now,
        examination=lambda: _examination(room),
    )


def _examination(room: ZohoRoom) -> Examination | None:
    last = room.examinations.last()
    if last is None:
        return None
    at, findings = last
    rows = [FindingRow(one.severity, one.module, one.field, one.what, one.what_to_do, one.trouble) for one in findings]
    return Examination(at, rows)
