"""All we ask of Zoho's API, over one `Sender`. Each part lives in the file beside this one that is named like it."""

from __future__ import annotations

from crm_client.zoho.api.searching import Searching
from crm_client.zoho.api.shapes import Credits
from crm_client.zoho.api.writing import Writing


class ZohoApi(Searching, Writing):
    """`ZohoCalls` (calls.py says what each call does), built with `ZohoApi(sender, settings)`. Keeps no state that two
    threads could disturb."""

    def credits(self) -> Credits:
        return self._sender.credits()

    def can_work(self) -> bool:
        return self._sender.can_work()
