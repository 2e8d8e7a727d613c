"""A day as a person says it, in each of our languages."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

_FORMS = {"en": "ccc d MMM y", "ja": "y年M月d日(ccc)"}


def day_in(day: date, language: str) -> str:
    """Thu 3 Jun 2027, 2027年6月3日(木). A language that is not ours gets the English form."""
    known = language if language in _FORMS else "en"
    return format_date(day, _FORMS[known], locale=known)
