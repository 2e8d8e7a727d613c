"""Everything anyone may ask of a CRM.

Look-ups return None or an empty tuple only when the CRM answered and has no such record; every other trouble is
one of `errors.py`. E-mail addresses and phone numbers are compared as people mean them: case, spaces, width and
punctuation do not matter. Every `save_*` returns the record as stored (with its id) and, where a `key` is given,
the same key again returns the record made the first time and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from crm_client.records import (
    Account,
    Activity,
    Contact,
    Deal,
    DealProduct,
    Email,
    FieldChange,
    Lead,
    Note,
    Outcome,
    Owner,
    Product,
    ProductCount,
    Stage,
    StageChange,
    Touchpoint,
)


class CrmClient(Protocol):
    # Who is this?
    def find_contact(self, *, email: str = "", phone: str = "") -> Contact | None: ...
    def find_lead(self, *, email: str = "", phone: str = "") -> Lead | None:
        """The newest lead that is not converted."""

    def contact(self, contact_id: str) -> Contact | None: ...
    def lead(self, lead_id: str) -> Lead | None: ...
    def account(self, account_id: str) -> Account | None: ...
    def owner(self, owner_id: str) -> Owner | None: ...
    def owners(self) -> Sequence[Owner]: ...

    # Deals and products
    def stages(self) -> Sequence[Stage]: ...
    def deal(self, deal_id: str) -> Deal | None: ...
    def deals_of_contact(self, contact_id: str, outcomes: Collection[Outcome] = ()) -> Sequence[Deal]:
        """Newest first; all outcomes when none is named."""

    def products(self, *, active_only: bool = True) -> Sequence[Product]: ...
    def product(self, product_id: str) -> Product | None: ...
    def products_of_deals(self, deal_ids: Collection[str]) -> Sequence[tuple[DealProduct, Product]]:
        """In one call, whatever the number of deals; in the order of `deal_ids`."""

    def popular_products(
        self, *, by: str = "deals", category: str = "", limit: int = 5, now: datetime
    ) -> Sequence[ProductCount]:
        """`by`: deals (number of linked deals), recent (the same, each deal counting half as much per 90 days of
        age), revenue (of won deals). Highest first, ties by product code. One call, never one per product."""

    def stage_history(self, deal_id: str) -> Sequence[StageChange]: ...
    def field_changes_of(self, module: str, record_ids: Collection[str]) -> Sequence[FieldChange]:
        """Of the fields whose changes are tracked, in time order; a deal's stages are in its stage history."""

    def activities_of(
        self, *, contact_id: str = "", lead_id: str = "", deal_id: str = "", owner_id: str = ""
    ) -> Sequence[Activity]: ...
    def emails_of(self, *, contact_id: str = "", lead_id: str = "", deal_id: str = "") -> Sequence[Email]: ...
    def emails_with(self, message_ids: Collection[str]) -> Sequence[Email]:
        """Those with one of these Message-IDs, oldest first. In one call, whatever their number."""

    def notes_of(self, *, contact_id: str = "", lead_id: str = "", deal_id: str = "") -> Sequence[Note]:
        """Those that fit all the ids named, in time order; none when no id is named."""

    def touchpoints_of(self, *, contact_id: str = "", lead_id: str = "") -> Sequence[Touchpoint]: ...
    def events_between(self, start: datetime, end: datetime, owner_id: str = "") -> Sequence[Activity]:
        """Open and completed events that overlap the time; for free slots."""

    # Many at once: one query for each 500 ids; ids that no record has are left out.
    def accounts_with(self, ids: Collection[str]) -> Sequence[Account]: ...
    def contacts_with(self, ids: Collection[str]) -> Sequence[Contact]: ...
    def leads_with(self, ids: Collection[str]) -> Sequence[Lead]: ...
    def deals_with(self, ids: Collection[str]) -> Sequence[Deal]: ...
    def open_deals_of(self, contact_ids: Collection[str]) -> Sequence[Deal]:
        """Of all these contacts; each contact's newest first."""

    def stage_changes_of(self, deal_ids: Collection[str]) -> Sequence[StageChange]: ...
    def activities_of_all(
        self, *, deal_ids: Collection[str] = (), contact_ids: Collection[str] = (), lead_ids: Collection[str] = ()
    ) -> Sequence[Activity]:
        """Those of any of these records, each once, in time order; so do the two below."""

    def emails_of_all(
        self, *, deal_ids: Collection[str] = (), contact_ids: Collection[str] = (), lead_ids: Collection[str] = ()
    ) -> Sequence[Email]: ...
    def touchpoints_of_all(
        self, *, deal_ids: Collection[str] = (), contact_ids: Collection[str] = (), lead_ids: Collection[str] = ()
    ) -> Sequence[Touchpoint]: ...

    # Writing
    def save_account(self, account: Account) -> Account: ...
    def save_contact(self, contact: Contact) -> Contact: ...
    def save_lead(self, lead: Lead, *, key: str = "") -> Lead: ...
    def save_deal(self, deal: Deal, products: Sequence[DealProduct] = (), *, at: datetime, by: str = "") -> Deal:
        """A changed stage is written into the stage history at `at`."""

    def save_product(self, product: Product) -> Product: ...
    def save_activity(self, activity: Activity, *, key: str = "") -> Activity: ...
    def book_event(self, event: Activity, *, key: str) -> Activity:
        """Like save_activity, but CrmConflict when the owner has another open event at that time."""

    def save_email(self, email: Email, *, key: str = "") -> Email: ...
    def save_note(self, note: Note, *, key: str = "") -> Note: ...
    def save_touchpoint(self, touchpoint: Touchpoint, *, key: str = "") -> Touchpoint: ...
    def save_touchpoints(self, touchpoints: Sequence[Touchpoint]) -> Sequence[Touchpoint]:
        """Many new ones in one write, each under its `key`; what a key had stored before stays, and comes back."""

    def set_touchpoint_statuses(self, statuses: Mapping[str, str]) -> None:
        """Key of a touchpoint -> what its status is now."""

    def update_record(self, module: str, record_id: str, fields: Mapping[str, Any], *, by: str = "") -> None:
        """Set fields by our names or Zoho's API names. `module`: contacts, leads, deals, accounts. `by`: who of ours.
        CrmRejected names a field that does not exist or a value that does not fit."""
