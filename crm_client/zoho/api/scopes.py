"""What we may do in an organisation: the scopes we ask for, and whether those that were granted cover them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

# The least that works: what is mirrored and written, looked up, and listened to. Deleting is part of ALL: a record
# that was deleted here is deleted there.
LEAST: Final = (
    "ZohoCRM.modules.leads.ALL",
    "ZohoCRM.modules.contacts.ALL",
    "ZohoCRM.modules.accounts.ALL",
    "ZohoCRM.modules.deals.ALL",
    "ZohoCRM.modules.tasks.ALL",
    "ZohoCRM.modules.calls.ALL",
    "ZohoCRM.modules.events.ALL",
    "ZohoCRM.modules.notes.ALL",
    "ZohoCRM.modules.products.READ",
    "ZohoCRM.modules.emails.ALL",
    "ZohoCRM.coql.READ",
    "ZohoSearch.securesearch.READ",
    "ZohoCRM.settings.modules.READ",
    "ZohoCRM.settings.fields.READ",
    "ZohoCRM.settings.layouts.READ",
    "ZohoCRM.settings.related_lists.READ",
    "ZohoCRM.users.READ",
    "ZohoCRM.org.READ",
)
# Without these it works, only more slowly or with more credits: first fill, notifications, several lists in one call.
EXTRAS: Final = (
    "ZohoCRM.bulk.READ",
    "ZohoCRM.notifications.ALL",
    "ZohoCRM.composite_requests.CUSTOM",
)
SCOPES: Final = LEAST + EXTRAS

_PARTS: Final = {"all": ("read", "create", "update", "delete"), "write": ("create", "update")}


def missing(granted: Collection[str]) -> tuple[str, ...]:
    """Those of SCOPES that the granted ones do not cover."""
    rights = {right for scope in granted for right in _rights(scope)}
    return tuple(scope for scope in SCOPES if not all(_covered(right, rights) for right in _rights(scope)))


def _rights(scope: str) -> Iterator[str]:
    """Scope `a.b.ALL` as a.b.read, a.b.create …; case does not matter to Zoho."""
    place, _, operation = scope.strip().lower().rpartition(".")
    for part in _PARTS.get(operation, (operation,)):
        yield f"{place}.{part}"


def _covered(right: str, rights: Collection[str]) -> bool:
    """Also by the same right on something larger: settings.read covers settings.fields.read."""
    place, _, operation = right.rpartition(".")
    while place:
        if f"{place}.{operation}" in rights:
            return True
        place = place.rpartition(".")[0]
    return False
