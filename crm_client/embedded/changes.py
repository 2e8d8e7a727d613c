"""What a write changed, told to whoever wants to know after it is on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crm_client.records import Activity, Deal, Email, Note, Touchpoint


@dataclass(frozen=True)
class RecordChange:
    """`module`: what was written (deals, contacts, leads, accounts, activities, emails, notes, touchpoints). The ids
    are those of the records it is about; '' where there is none."""

    module: str
    deal_id: str = ""
    contact_id: str = ""
    lead_id: str = ""


OnChange = Callable[[RecordChange], object]


def change_of_deal(deal: Deal) -> RecordChange:
    return RecordChange("deals", deal.id, deal.contact_id)


def change_of(module: str, piece: Activity | Email | Note | Touchpoint) -> RecordChange:
    """Something happened with somebody."""
    return RecordChange(module, piece.deal_id, piece.contact_id, piece.lead_id)
