"""E-mails that were exchanged elsewhere, put beside a record. Part of `ZohoApi`.

https://www.zoho.com/crm/developer/docs/api/v8/associate-email.html
"""

from __future__ import annotations

from dataclasses import replace

from crm_client.errors import CrmOutcomeUnknown
from crm_client.zoho.api import asker
from crm_client.zoho.api.entries import read_entry
from crm_client.zoho.api.shapes import Call, Entry, Raw


class Mails(asker.Asker):
    def associate_email(self, module: str, record_id: str, email: Raw) -> Entry:
        asking = f"put an e-mail beside a record of {module}"
        path = self._path(
            asker.checked_module(module, asking), asker.checked_id(record_id, asking), "actions", "associate_email"
        )
        call = Call("POST", path, asking, body={"Emails": [dict(email)]}, repeatable=False, entries="Emails")
        rows = asker.rows_of(self._send(call), call.entries, asking)
        if len(rows) != 1:
            raise CrmOutcomeUnknown(asking, f"one e-mail was sent and {len(rows)} answered")
        entry = read_entry(rows[0])
        details = asker.mapping(rows[0].get("details"))
        return replace(entry, id=entry.id or asker.text_of(details.get("message_id"))) if entry.ok else entry
