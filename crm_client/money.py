"""Amounts in the whole units people speak of; the CRM counts the smallest parts of a currency."""

from __future__ import annotations

from typing import Final

# ISO 4217: their smallest part is the unit itself.
_NO_PARTS: Final = frozenset({"", "JPY", "KRW", "VND", "CLP", "ISK", "PYG", "UGX", "XAF", "XOF", "XPF"})


def parts_of(currency: str) -> int:
    """How many of the CRM's whole numbers make one unit."""
    return 1 if currency in _NO_PARTS else 100
