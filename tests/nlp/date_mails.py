"""The whole mails of date_mails_*.yaml as cases: text, moment of writing, and the dates that stand in it.

The YAML files' heads tell how the mails are marked. `python -m tests.nlp.date_mails OUT` writes the cases as JSON lines
in the format of `find-dates`, with what is expected, so that any scorer of that format can read them.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
MARKED = re.compile(r"\[(?P<said>[^\]\n]+)\]\((?P<told>[^)\n]+)\)")
_PARTS = {"MO", "AF", "EV", "NI"}
_OFFSET = re.compile(r"(?<=\d\d:\d\d)[+-]\d\d:\d\d$")

Form = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """One date of a mail. No `values` means that only the place and the role count."""

    start: int
    end: int
    text: str
    role: str
    values: tuple[Form, ...]


@dataclass(frozen=True)
class Mail:
    name: str
    language: str
    text: str
    sent: datetime
    zone: str
    expected: tuple[Expected, ...]
    optional: tuple[tuple[int, int], ...]

    def as_case(self) -> Form:
        sent = self.sent.isoformat()
        return {
            "id": self.name,
            "source": "own-mails",
            "lang": self.language,
            "text": self.text,
            "reference": sent[:19],
            "reference_tz": sent[19:],
            "time_zone": self.zone,
            "expected": [
                {"text": one.text, "start": one.start, "end": one.end, "type": "datetime", "role": one.role,
                 "values": list(one.values), "value_scored": bool(one.values)}
                for one in self.expected
            ],
            "optional": [{"text": self.text[a:b], "start": a, "end": b} for a, b in self.optional],
            "tags": [],
        }  # fmt: skip


def date_mails(name: str) -> list[Mail]:
    """The mails of one file; its name ends in its language."""
    told = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return [_mail(one, name[-2:]) for one in told]


def _mail(told: Form, language: str) -> Mail:
    text, expected, optional, last = "", list[Expected](), list[tuple[int, int]](), 0
    for match in MARKED.finditer(told["mail"]):
        text += told["mail"][last : match.start()]
        start, last = len(text), match.end()
        text += match["said"]
        if match["told"] == "optional":
            optional.append((start, len(text)))
        else:
            role, _, values = match["told"].partition(":")
            expected.append(Expected(start, len(text), match["said"], role, _values(values)))
    text += told["mail"][last:]
    sent = told["sent"] if isinstance(told["sent"], datetime) else datetime.fromisoformat(told["sent"])
    zone = told.get("zone", "Asia/Tokyo" if language == "ja" else "")
    return Mail(told["id"], language, text, sent, zone, tuple(expected), tuple(optional))


def _values(told: str) -> tuple[Form, ...]:
    return tuple(_form(one.strip()) for one in told.split("|") if one.strip() != "?")


def _form(told: str) -> Form:
    if told.startswith("P"):
        return {"kind": "duration", "value": told, "seconds": _seconds(told)}
    if told.startswith("FREQ"):
        return {"kind": "set", "value": told, "raw": told}
    if told[-2:] in _PARTS:
        return {"kind": "interval", **_days(told[:-3]), "grain": "hour", "daypart": told[-2:]}
    if "/" in told:
        return _stretch(*told.split("/"))
    if told.startswith("T"):
        offset = _OFFSET.search(told)
        return {"kind": "time", "value": f"{told[1:6]}:00"} | ({"tz": offset.group()} if offset else {})
    if "T" in told:
        offset = _OFFSET.search(told)
        return {"kind": "instant", "value": f"{told[:16]}:00", "grain": "minute"} | (
            {"tz": offset.group()} if offset else {}
        )
    return {"kind": "interval", **_days(told), "grain": "day"}


def _stretch(one: str, two: str) -> Form:
    if one.startswith("T") or two.startswith("T"):
        ends = [f"{end[1:6]}:00" if end else None for end in (one, two)]
        return {"kind": "timeinterval", "start": ends[0], "end": ends[1]}
    offset = _OFFSET.search(one) or _OFFSET.search(two)
    ends = [_moment(end) if end else None for end in (one, two)]
    grain = "minute" if "T" in one + two else "day"
    return {"kind": "interval", "start": ends[0], "end": ends[1], "grain": grain} | (
        {"tz": offset.group()} if offset else {}
    )


def _moment(told: str) -> str:
    return f"{told[:16]}:00" if "T" in told else f"{told}T00:00:00"


def _days(told: str) -> dict[str, str]:
    """A day, week, month, quarter or year as the stretch it covers."""
    first: date
    if "-W" in told:
        first = date.fromisocalendar(int(told[:4]), int(told[6:]), 1)
        last = first + timedelta(days=7)
    elif "-Q" in told:
        first = date(int(told[:4]), int(told[-1]) * 3 - 2, 1)
        last = _months_on(first, 3)
    elif len(told) == 10:
        first = date.fromisoformat(told)
        last = first + timedelta(days=1)
    else:
        first = date(int(told[:4]), int(told[5:7] or 1), 1)
        last = _months_on(first, 1 if len(told) == 7 else 12)
    return {"start": f"{first.isoformat()}T00:00:00", "end": f"{last.isoformat()}T00:00:00"}


def _months_on(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def _seconds(told: str) -> float:
    day = 86400
    units = {"Y": 365 * day, "M": 30 * day, "W": 7 * day, "D": day, "H": 3600, "m": 60}
    days, _, clock = told[1:].partition("T")
    return float(
        sum(int(count) * units[unit] for count, unit in re.findall(r"(\d+)(\w)", days + clock.replace("M", "m")))
    )


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w", encoding="utf-8") as out:
        for name in sys.argv[2:]:
            for mail in date_mails(name):
                out.write(json.dumps(mail.as_case(), ensure_ascii=False) + "\n")
