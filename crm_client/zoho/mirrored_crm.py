"""The CRM when Zoho is the system of record: everything is read from the mirror, everything written is noted for Zoho.

Only a person whom the mirror does not know is asked for in Zoho, once, within the time a visitor's turn has; so a
visitor costs nothing as a rule and two credits at most, and all strangers together a part of the day's credits. "We
don't know this person" is only said when Zoho said so, or when the mirror is young enough to be believed.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

from crm_client.embedded.changes import OnChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.ledger import Ledger
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.embedded.store import utc_now
from crm_client.errors import CrmBusy, CrmError, CrmRejected, CrmUnreachable
from crm_client.identifiers import email_key, phone_key
from crm_client.records import Contact, Lead, Owner, Stage
from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.api.shapes import Raw
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mirror.freshness import Freshness
from crm_client.zoho.outbox.links import is_zoho_id
from crm_client.zoho.settings import ZohoLimits, ZohoSync
from crm_client.zoho.strangers import Allowance
from motenashi.database import Database

log = logging.getLogger(__name__)

MISSES_LAST = timedelta(minutes=10)
BELIEVED_ALONE: Final = timedelta(minutes=10)  # how old the mirror may be when Zoho can't be asked
_MOST_MISSES: Final = 10_000


class Reflecting(Protocol):
    """What is needed of the mirror."""

    def apply(self, module: str, raws: Sequence[Raw]) -> object: ...
    def freshness(self) -> Freshness: ...


class MirroredCrm(EmbeddedCrm):
    """A CrmClient. Owners and stages are Zoho's own: they can't be written here."""

    def __init__(
        self,
        database: Database,
        settings: EmbeddedCrmSettings | None = None,
        *,
        calls: ZohoCalls,
        mirror: Reflecting,
        field_map: FieldMap,
        sync: ZohoSync,
        limits: ZohoLimits,
        ledger: Ledger,
        clock: Callable[[], datetime] = utc_now,
        on_change: OnChange | None = None,
    ) -> None:
        super().__init__(database, settings, clock=clock, on_change=on_change, ledger=ledger)
        self._calls = calls
        self._mirror = mirror
        self._map = field_map
        self._sync = sync
        self._seconds = limits.visitor_seconds
        self._misses = Misses(clock)
        self._allowance = Allowance(limits, clock)

    def find_contact(self, *, email: str = "", phone: str = "") -> Contact | None:
        """From the mirror, else from Zoho. CrmUnreachable when neither can tell, unless the mirror knows a lead with
        that address or number: then Zoho's silence makes nobody a stranger."""
        found = super().find_contact(email=email, phone=phone)
        a_lead = partial(super().find_lead, email=email, phone=phone)
        if found is not None or not self._asked_for("contacts", email, phone, otherwise=a_lead):
            return found
        return super().find_contact(email=email, phone=phone)

    def find_lead(self, *, email: str = "", phone: str = "") -> Lead | None:
        """From the mirror, else from Zoho. CrmUnreachable when neither can tell, unless the mirror knows a contact."""
        found = super().find_lead(email=email, phone=phone)
        a_contact = partial(super().find_contact, email=email, phone=phone)
        if found is not None or not self._asked_for("leads", email, phone, otherwise=a_contact):
            return found
        return super().find_lead(email=email, phone=phone)

    def contact(self, contact_id: str) -> Contact | None:
        found = super().contact(contact_id)
        if found is not None or not self._asked_for_id("contacts", contact_id):
            return found
        return super().contact(contact_id)

    def lead(self, lead_id: str) -> Lead | None:
        found = super().lead(lead_id)
        if found is not None or not self._asked_for_id("leads", lead_id):
            return found
        return super().lead(lead_id)

    def save_owner(self, owner: Owner) -> Owner:
        raise CrmRejected("save owner", "owners are Zoho's users; add or change them in Zoho", "owner")

    def set_stages(self, stages: Sequence[Stage]) -> None:
        raise CrmRejected("set stages", "stages are Zoho's; change them in Zoho, Setup, Modules and Fields", "stage")

    # Asking Zoho

    def _asked_for(self, module: str, email: str, phone: str, otherwise: Callable[[], object]) -> bool:
        """Whether the mirror may know more now. Address and number are asked for in one call. `otherwise`: as whom else
        the mirror may know them."""
        address, number = email_key(email), phone_key(phone, self._settings.country_code)
        if not address and not number:
            return False
        given = {"email": email.strip() if address else "", "phone": phone.strip() if number else ""}

        def ask() -> Sequence[Raw]:
            fields = self._map.fields_to_read(module)
            return self._calls.people_with(self._map.api_module(module), fields, deadline=self._seconds, **given)

        return self._ask(module, f"{address} {number}", ask, otherwise)

    def _asked_for_id(self, module: str, record_id: str) -> bool:
        if not is_zoho_id(record_id):
            return False

        def ask() -> Sequence[Raw]:
            where = [("id", "=", record_id)]
            fields = self._map.fields_to_read(module)
            return self._calls.query(self._map.api_module(module), fields, where, most=1, deadline=self._seconds)

        return self._ask(module, record_id, ask)

    def _ask(
        self,
        module: str,
        whom: str,
        ask: Callable[[], Sequence[Raw]],
        otherwise: Callable[[], object] = lambda: None,
    ) -> bool:
        if self._misses.known(module, whom):
            return False
        age = self._age(module)
        if age is not None and age <= timedelta(seconds=self._sync.trusted_seconds):
            return False
        try:
            if not self._allowance.take():
                raise CrmBusy(f"find {module}", "as many strangers were asked for as may be", trouble="credits_low")
            found = ask()
        except CrmError as error:
            if (age is not None and age < BELIEVED_ALONE) or otherwise() is not None:
                log.warning("Zoho could not be asked, the mirror is believed: %s", error)
                return False
            raise CrmUnreachable(
                f"find {module}", f"Zoho could not be asked: {error}", trouble=error.trouble
            ) from error
        if not found:
            self._misses.remember(module, whom)
            return False
        self._mirror.apply(module, found)
        return True

    def _age(self, module: str) -> timedelta | None:
        """Since Zoho last told all that had changed in the module; None when it never did."""
        row = self._mirror.freshness().of(module)
        if row.asked_at is None or row.filled_at is None:
            return None
        return max(timedelta(0), self.now() - row.asked_at)


class Misses:
    """Whom Zoho did not know a moment ago. Only digests under a key of this process: no address is kept."""

    def __init__(self, clock: Callable[[], datetime], most: int = _MOST_MISSES) -> None:
        self._clock = clock
        self._most = most
        self._key = secrets.token_bytes(32)
        self._until: OrderedDict[bytes, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, module: str, whom: str) -> bool:
        with self._lock:
            until = self._until.get(self._digest(module, whom))
            return until is not None and until > self._clock()

    def remember(self, module: str, whom: str) -> None:
        with self._lock:
            digest = self._digest(module, whom)
            self._until[digest] = self._clock() + MISSES_LAST
            self._until.move_to_end(digest)
            while len(self._until) > self._most:
                self._until.popitem(last=False)

    def _digest(self, module: str, whom: str) -> bytes:
        return hashlib.blake2b(f"{module}:{whom}".encode(errors="replace"), key=self._key, digest_size=16).digest()
