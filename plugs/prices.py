"""Money as people read it."""

from __future__ import annotations

from crm_client.money import parts_of

_SIGNS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "KRW": "₩"}
_JAPANESE = {"JPY": "円", "USD": "ドル", "EUR": "ユーロ", "GBP": "ポンド", "KRW": "ウォン"}


def price_text(amount: int, currency: str, language: str) -> str:
    """`amount` in the currency's smallest part: ¥128,000 or 128,000円; $12.50 or 12.50ドル; CHF 12.50."""
    code = currency.upper()
    number = f"{abs(amount):,}" if parts_of(code) == 1 else f"{abs(amount) / parts_of(code):,.2f}"
    minus = "-" if amount < 0 else ""
    if language == "ja":
        return f"{minus}{number}{_JAPANESE.get(code, ' ' + code)}"
    return f"{minus}{_SIGNS.get(code, code + ' ')}{number}"
