"""A price as people write it: ¥98,000, €1,200.00."""

from __future__ import annotations

from babel.core import Locale
from babel.numbers import format_currency, get_currency_precision

_LOCALES = {"en": Locale("en"), "ja": Locale("ja")}


def money(amount: int, currency: str, language: str) -> str:
    """`amount` in the currency's smallest part (yen, cents)."""
    whole = amount / 10 ** get_currency_precision(currency)
    return format_currency(whole, currency, locale=_LOCALES.get(language, _LOCALES["en"]))
