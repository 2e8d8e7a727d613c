"""Dates and times in English and Japanese texts: found, understood, resolved, with their role.

`find_dates` is the only door. A text goes through one tokeniser and one cascade of rules a language (english_*.py,
japanese_*.py); what they make are the values of values.py; resolve.py puts those against the moment the text was
written; roles.py says what each date is there for. No model, no network, no clock of its own.
"""

from nlp.dates.finding import find_dates
from nlp.dates.mention import DateMention, NormalForm, RejectedReading

__all__ = ["DateMention", "NormalForm", "RejectedReading", "find_dates"]
