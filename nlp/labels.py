"""The labels of a mail, in the order of the taxonomy, and the coarse class that follows from them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

INTENTS: Final = (
    "demo_request",
    "meeting_request",
    "reschedule",
    "product_info",
    "spec_question",
    "trial_extension",
    "renewal",
    "upgrade",
    "discount_request",
    "quote_request",
    "comparison_request",
    "purchase",
    "complaint",
    "cancellation",
    "support_issue",
    "payment_invoice",
    "general_inquiry",
    "out_of_office",
    "unsubscribe",
    "thanks_ack",
    "not_interested",
    "referral",
    "spam",
    "other",
)

# These never stand beside another label.
STAND_ALONE: Final = frozenset({"out_of_office", "spam", "other"})

# Coarse class of the voice of the customer: the first group that shares a label with the mail.
COARSE_CLASSES: Final = (
    ("complaint", frozenset({"complaint", "cancellation"})),
    ("purchase", frozenset({"purchase", "upgrade", "renewal", "quote_request", "discount_request"})),
    (
        "inquiry",
        frozenset(
            {
                "demo_request",
                "meeting_request",
                "reschedule",
                "product_info",
                "spec_question",
                "trial_extension",
                "comparison_request",
                "support_issue",
                "payment_invoice",
                "general_inquiry",
            }
        ),
    ),
)


def coarse_class(labels: Collection[str]) -> str:
    """`complaint`, `purchase`, `inquiry` or `other`."""
    return next((name for name, group in COARSE_CLASSES if not group.isdisjoint(labels)), "other")
