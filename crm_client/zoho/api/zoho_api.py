"""All we ask of Zoho's API, over one `Sender`. Each part lives in the file beside this one that is named like it."""

from __future__ import annotations

from crm_client.zoho.api.bulk import Bulk
from crm_client.zoho.api.mails import Mails
from crm_client.zoho.api.metadata import Metadata
from crm_client.zoho.api.related import Related
from crm_client.zoho.api.searching import Searching
from crm_client.zoho.api.shapes import Credits
from crm_client.zoho.api.watching import Watching
from crm_client.zoho.api.writing import Writing


class ZohoApi(Searching, Related, Writing, Mails, Bulk, Metadata, Watching):
    """`ZohoCalls` (calls.py says what each call does), built with `ZohoApi(sender, settings)`. May be shared by
    threads: all it remembers is that Zoho did not offer composite calls."""

    def credits(self) -> Credits:
        return self._sender.credits()

    def can_work(self) -> bool:
        return self._sender.can_work()
