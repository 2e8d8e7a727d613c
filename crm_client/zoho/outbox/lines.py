"""The products of a deal: what was put in here is linked there, what was taken out is unlinked. Both may be repeated,
and what somebody else linked in Zoho stays."""

from __future__ import annotations

from collections.abc import Sequence

from crm_client.errors import CrmRejected
from crm_client.zoho.api.entry_errors import error_of
from crm_client.zoho.api.shapes import Entry
from crm_client.zoho.outbox import entries
from crm_client.zoho.outbox.deleting import _NOT_THERE
from crm_client.zoho.outbox.desk import CallRefused, Desk
from crm_client.zoho.outbox.entries import Row
from crm_client.zoho.outbox.gone import Gone
from crm_client.zoho.outbox.ledger import PRODUCT_IDS
from crm_client.zoho.outbox.links import Links

RELATED_LIST = "Products"


class Lines:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._gone = Gone(desk)

    def send(self, row: Row) -> int:
        with self._desk.writing() as connection:
            taken = self._desk.claimed(connection, [row])
            if not taken:
                return 0
            row = taken[0]
            known = Links(connection)
            deal = known.zoho_id("deals", row.local_id)
            before, now = (set(side.get(PRODUCT_IDS) or ()) for side in (row.before, row.fields))
            come = [theirs for one in sorted(now - before) if (theirs := known.zoho_id("products", one))]
            go = [theirs for one in sorted(before - now) if (theirs := known.zoho_id("products", one))]
        try:
            with self._desk.asking([row]):
                answers = self._answers(deal, come, go) if deal else []
        except CallRefused:
            return 0
        return self._end(row, answers)

    def _answers(self, deal: str, come: Sequence[str], go: Sequence[str]) -> list[Entry]:
        """Of a deal that somebody deleted in Zoho, nothing is left to tell."""
        try:
            answers = self._tell(deal, come, go)
        except CrmRejected:
            if not self._gone.is_gone("deals", deal):
                raise
            return []
        refused = any(not one.ok for one in answers)
        return [] if refused and self._gone.is_gone("deals", deal) else answers

    def _tell(self, deal: str, come: Sequence[str], go: Sequence[str]) -> list[Entry]:
        api_module = self._desk.api("deals")
        answers: list[Entry] = []
        if come:
            linked = self._desk.calls.link(api_module, deal, RELATED_LIST, [{"id": one} for one in come])
            answers.extend(linked)
        if go:
            gone = self._desk.calls.unlink(api_module, deal, RELATED_LIST, go)
            answers.extend(one for one in gone if one.code not in _NOT_THERE)
        return answers

    def _end(self, row: Row, answers: Sequence[Entry]) -> int:
        errors = [error for entry in answers if (error := error_of(entry, "products of a deal")) is not None]
        with self._desk.writing() as connection:
            if errors:
                self._desk.refused(connection, row, errors[0])
                return 0
            entries.done(connection, [row.number])
        return 1
