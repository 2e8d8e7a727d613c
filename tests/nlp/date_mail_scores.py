"""How well find_dates reads the whole mails of date_mails_*.yaml: places, values, zones and roles.

A found date is paired with the expected one it overlaps most. The rules follow those of scorers in the field: a clock
time without a day may stand on the day of writing or the next; a part of the day is right if it begins within it; any
accepted value will do. `python -m tests.nlp.date_mail_scores` prints the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from nlp.dates import DateMention, NormalForm, find_dates
from tests.nlp.date_mails import Expected, Form, Mail, date_mails

SETS = (
    "date_mails_en",
    "date_mails_ja",
    "date_mails_second_en",
    "date_mails_second_ja",
    "date_mails_third_en",
    "date_mails_third_ja",
)
_HOURS = {"MO": (0, 12), "AF": (12, 18), "EV": (16, 22), "NI": (17, 29)}
_MINUTE = timedelta(minutes=1)


@dataclass
class Scores:
    counts: Counter[str] = field(default_factory=Counter)
    roles: Counter[tuple[str, str]] = field(default_factory=Counter)  # (expected, told)

    def share(self, right: str, of: str) -> float:
        return self.counts[right] / self.counts[of] if self.counts[of] else 1.0

    @property
    def found(self) -> float:
        """F1 of the places."""
        pairs = self.counts["paired"]
        return 2 * pairs / (self.counts["expected"] + self.counts["told"])

    @property
    def proposed_values(self) -> float:
        return self.share("proposed right", "proposed")

    @property
    def values(self) -> float:
        return self.share("value right", "valued")

    @property
    def zones(self) -> float:
        return self.share("zone right", "zoned")

    @property
    def roles_right(self) -> float:
        """Of all expected dates: one that was not found has no right role."""
        return self.share("role right", "expected")


def scores_of(mails: Iterable[Mail]) -> Scores:
    scores = Scores()
    for mail in mails:
        told = find_dates(mail.text, mail.language, reference=mail.sent, time_zone=mail.zone)
        pairs = dict(_pairs(mail.expected, told))
        free = [one for place, one in enumerate(told) if place not in pairs.values()]
        extra = [one for one in free if not any(a < one.end and one.start < b for a, b in mail.optional)]
        scores.counts.update(expected=len(mail.expected), told=len(pairs) + len(extra), paired=len(pairs))
        for place, expected in enumerate(mail.expected):
            _count(scores, mail, expected, told[pairs[place]] if place in pairs else None)
    return scores


def _pairs(expected: tuple[Expected, ...], told: tuple[DateMention, ...]) -> Iterator[tuple[int, int]]:
    overlaps = sorted(
        (
            (min(one.end, two.end) - max(one.start, two.start)) / (max(one.end, two.end) - min(one.start, two.start)),
            i,
            j,
        )
        for i, one in enumerate(expected)
        for j, two in enumerate(told)
    )
    used: set[int] = set()
    taken: set[int] = set()
    for overlap, i, j in reversed(overlaps):
        if overlap > 0 and i not in taken and j not in used:
            taken.add(i)
            used.add(j)
            yield i, j


def _count(scores: Scores, mail: Mail, expected: Expected, told: DateMention | None) -> None:
    role = told.role if told else "missed"
    scores.roles[expected.role, role] += 1
    scores.counts["role right"] += role == expected.role
    if not expected.values:
        return
    right = told is not None and any(is_same(form, told.value, mail.sent) for form in expected.values)
    scores.counts.update({"valued": 1, "value right": right})
    if expected.role == "proposed":
        scores.counts.update({"proposed": 1, "proposed right": right})
    if any("tz" in form for form in expected.values):
        scores.counts.update({"zoned": 1, "zone right": right and told is not None and bool(told.value.zone)})


def is_same(gold: Form, told: NormalForm, sent: datetime) -> bool:
    """Does `told` say what `gold` says?"""
    if "duration" in (gold["kind"], told.kind):
        return bool(gold["kind"] == told.kind and gold["seconds"] == told.seconds)
    if "set" in (gold["kind"], told.kind):
        return gold["kind"] == told.kind and _rule(gold["value"]) == _rule(told.value)
    local = sent.replace(tzinfo=None)
    shift = _offset(gold.get("tz") or sent.isoformat()[19:]) - _offset(told.zone) if told.zone else timedelta(0)
    for one in _stretches(gold, local):
        for two in _stretches(told.as_json(), local):
            if gold.get("daypart"):
                if _in_part(one, two, _HOURS[gold["daypart"]]):
                    return True
            elif _is_near(one, two, shift):
                return True
    return False


def _rule(rule: str) -> set[str]:
    return {part for part in rule.split(";") if part != "BYMINUTE=0"}


def _offset(written: str) -> timedelta:
    hours, minutes = written[1:].split(":")
    shift = timedelta(hours=int(hours), minutes=int(minutes))
    return -shift if written[0] == "-" else shift


Stretch = tuple[datetime | None, datetime | None, bool]  # begin, end, is it a point of time


def _stretches(form: Form, sent: datetime) -> Iterator[Stretch]:
    """What a value covers; a clock time stands on the day of writing and on the next."""
    kind = form["kind"]
    if kind == "instant":
        begin = datetime.fromisoformat(form["value"])
        clock = form.get("grain") in ("hour", "minute", "second")
        yield begin, None if clock else _end(begin, form.get("grain", "day")), clock
    elif kind == "interval":
        yield _read(form["start"]), _read(form["end"]), False
    else:
        for days in (0, 1):
            day = datetime.combine(sent.date() + timedelta(days=days), time())
            if kind == "time":
                yield datetime.combine(day, time.fromisoformat(form["value"])), None, True
                continue
            first, last = (
                datetime.combine(day, time.fromisoformat(said)) if said else None
                for said in (form["start"], form["end"])
            )
            yield first, last, False


def _read(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _end(begin: datetime, grain: str) -> datetime:
    months = {"month": 1, "quarter": 3, "year": 12}.get(grain)
    if months is None:
        return begin + timedelta(days={"week": 7}.get(grain, 1))
    last = begin.year * 12 + begin.month - 1 + months
    return begin.replace(year=last // 12, month=last % 12 + 1)


def _in_part(gold: Stretch, told: Stretch, hours: tuple[int, int]) -> bool:
    begin, end, point = told
    if gold[0] is None or begin is None or (not point and (end is None or end - begin > timedelta(hours=12))):
        return False
    hour = (begin - gold[0]).total_seconds() / 3600
    return hours[0] <= hour < hours[1]


def _is_near(gold: Stretch, told: Stretch, shift: timedelta) -> bool:
    if gold[2] != told[2]:
        return False
    whole_days = all(end is None or end.time() == time() for end in told[:2]) and not told[2]
    for one, two in zip(gold[:2], told[:2], strict=True):
        if (one is None) != (two is None):
            return False
        if one is not None and two is not None and abs(two + (timedelta(0) if whole_days else shift) - one) > _MINUTE:
            return False
    return True


def table() -> str:
    rows = ["| set | found (F1) | values | proposed values | zones | roles |", "|---|---|---|---|---|---|"]
    for name in SETS:
        one = scores_of(date_mails(name))
        figures = (one.found, one.values, one.proposed_values, one.zones, one.roles_right)
        rows.append(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
