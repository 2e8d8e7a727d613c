"""What the address of a page under /voice asks for: days, channel, language, and a filter of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from flask import url_for

from crm_client.touch_channels import CHANNELS
from motenashi.filters.filter import FilterWrong
from motenashi.pages.page_language import page_language
from motenashi.pages.voice.voice_view import PeopleDesk
from motenashi.voice_reports.question import LONGEST_PERIOD, People, Question

PERIODS = (30, 90, 180, 365)  # days up to today
USUAL = 90
LONGEST_FILTER = 4_000  # letters
LONGEST_LANGUAGE = 16


@dataclass(frozen=True)
class Asked:
    """`period` 0: own days. `people`: the filter in words, '' without one; `troubles`: what is wrong with it."""

    question: Question
    period: int
    channel: str = ""
    language: str = ""
    module: str = ""
    filter: str = ""
    people: str = ""
    troubles: tuple[str, ...] = ()

    @property
    def arguments(self) -> dict[str, Any]:
        """For the address of another page about the same."""
        days = {"from": f"{self.question.first}", "to": f"{self.question.last}"}
        told: dict[str, Any] = {"period": self.period} if self.period else days
        if self.period == USUAL:
            told = {}
        for name in ("channel", "language", "module", "filter"):
            if getattr(self, name):
                told[name] = getattr(self, name)
        return told

    def path(self, page: str, **more: Any) -> str:
        """Where another page of /voice tells about the same, but for `more` ('' and None take something out)."""
        named = {**self.arguments, **more}
        return url_for(f"voice.{page}", **{name: value for name, value in named.items() if value not in ("", None)})


def asked_for(arguments: Mapping[str, str], filters: PeopleDesk, now: datetime, zone: tzinfo) -> Asked:
    """Whatever stands there that makes no sense is left out; a filter that can't be used is told of."""
    today = now.astimezone(zone).date()
    first, last, period = _days(arguments, today)
    channel = arguments.get("channel", "")
    channel = channel if channel in CHANNELS else ""
    language = arguments.get("language", "")[:LONGEST_LANGUAGE]
    module, written = arguments.get("module", ""), arguments.get("filter", "")[:LONGEST_FILTER]
    people, words, troubles = _people(module, written, filters)
    question = Question(first, last, zone, frozenset({channel} - {""}), language, people)
    if people is None and not troubles:
        module = written = ""
    return Asked(question, period, channel, language, module, written, words, troubles)


def _days(arguments: Mapping[str, str], today: date) -> tuple[date, date, int]:
    first, last = _day(arguments.get("from", "")), _day(arguments.get("to", ""))
    if first and last and 0 <= (last - first).days < LONGEST_PERIOD:
        return first, last, 0
    period = int(arguments.get("period", "0")) if arguments.get("period", "").isdecimal() else USUAL
    period = period if period in PERIODS else USUAL
    return today - timedelta(days=period - 1), today, period


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Days at either end of the calendar have no moments in every zone, nor a period before them.
    return day if date(1970, 1, 2) <= day <= date(2200, 1, 1) else None


def _people(module: str, written: str, filters: PeopleDesk) -> tuple[People | None, str, tuple[str, ...]]:
    if not written or module not in ("contacts", "leads"):
        return None, "", ()
    try:
        chosen = filters.read(module, written)
    except FilterWrong as wrong:
        return None, "", tuple(str(problem) for problem in wrong.problems)
    words = filters.explain(chosen, page_language())
    people = People("leads" if module == "leads" else "contacts", lambda connection: filters.query(chosen, connection))
    return people, words, ()
