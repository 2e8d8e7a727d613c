"""Fields of a raw row, each checked and brought into our words; what is wrong is collected, never thrown."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from rapidfuzz import fuzz, process

from motenashi.clean_text import clean_text, plain_line
from motenashi.touchpoint_intake.row import RowProblem
from motenashi.touchpoint_intake.row_problem_words import kind_of

BIGGEST = 2**53 - 1  # what every JSON reader keeps exactly
MOST_PROBLEMS = 50  # told of one row; who sends more has another trouble than these
LONGEST_QUOTE = 60  # characters of a wrong value that are told again
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_WHOLE = re.compile(r"-?\d{1,16}", re.ASCII)


class Fields:
    """The fields of one raw row; `problems` grows, `notes` too."""

    def __init__(self, raw: Mapping[str, Any], now: datetime, clock_skew: timedelta) -> None:
        self.raw = raw
        self.problems: list[RowProblem] = []
        self.notes: list[RowProblem] = []
        self._now = now
        self._clock_skew = clock_skew

    def wrong(self, name: str, code: str, **values: Any) -> None:
        if not self.told_enough:
            self.problems.append(RowProblem(name, code, values))

    @property
    def told_enough(self) -> bool:
        return len(self.problems) >= MOST_PROBLEMS

    def given(self, name: str) -> bool:
        """Empty texts and nulls count as not given: spreadsheets and mappers send them for what they do not know."""
        value = self.raw.get(name)
        return value is not None and value != ""

    def text(self, name: str, most: int) -> str:
        """A line of text; '' when it is missing or wrong."""
        return self._line(name, self.raw.get(name), most)

    def _line(self, name: str, value: object, most: int) -> str:
        if value is None or value == "":
            return ""
        if not isinstance(value, str):
            if isinstance(value, int) and not isinstance(value, bool):
                return str(value)[:most]  # ids are numbers in many tools
            self.wrong(name, "not_text", kind=kind_of(value))
            return ""
        line = value.strip()
        if not line.isprintable() and plain_line(line) != line:
            self.wrong(name, "unseen_signs")
            return ""
        if len(line) > most:
            self.wrong(name, "too_long", length=len(line), most=most)
            return ""
        return line

    def required(self, name: str, most: int) -> str:
        before = len(self.problems)
        line = self.text(name, most)
        if not line and len(self.problems) == before:
            self.wrong(name, "missing")
        return line

    def inside(self, outer: str, values: Mapping[str, Any], name: str, most: int) -> str:
        return self._line(f"{outer}.{name}", values.get(name), most)

    def title(self, most: int) -> str:
        """Cut rather than refused: the end of a long title is no reason to lose a touchpoint."""
        value = self.raw.get("title")
        if value is None or isinstance(value, str):
            line = plain_line(value or "")
            if len(line) > most:
                self.notes.append(RowProblem("title", "shortened", {"most": most}))
            return line[:most]
        self.wrong("title", "not_text", kind=kind_of(value))
        return ""

    def words(self, name: str, value: object, most: int) -> str:
        """A text of many lines."""
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(name, "not_text", kind=kind_of(value))
            return ""
        if len(value) > most:
            self.wrong(name, "too_long", length=len(value), most=most)
            return ""
        return clean_text(value).strip()

    def number(self, name: str, least: int, most: int) -> int | None:
        if not self.given(name):
            return None
        value = self.raw[name]
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(name, "not_number", value=quoted(value), least=least, most=most)
        return None

    def minutes(self) -> int | None:
        """As seconds; halves of minutes are fine."""
        if not self.given("minutes"):
            return None
        try:
            minutes = float(self.raw["minutes"]) if not isinstance(self.raw["minutes"], bool) else -1.0
        except (TypeError, ValueError, OverflowError):
            minutes = -1.0
        if 0 <= minutes <= BIGGEST // 60:
            return round(minutes * 60)
        self.wrong("minutes", "not_number", value=quoted(self.raw["minutes"]), least=0, most=BIGGEST // 60)
        return None

    def moment(self, name: str) -> datetime | None:
        """In UTC. None when it is missing or wrong."""
        if not self.given(name):
            return None
        value = self.raw[name]
        at = _moment(value) if isinstance(value, str) else None
        if at is None:
            self.wrong(name, "not_time", value=quoted(value))
        elif at < LONG_AGO:
            self.wrong(name, "long_ago")
        elif at > self._now + self._clock_skew:
            self.wrong(name, "future", ahead=_told_length(at - self._now))
        else:
            return at
        return None

    def true_or_false(self, name: str) -> bool | None:
        value = self.raw.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return value
        self.wrong(name, "not_true_or_false", kind=kind_of(value))
        return None


def _moment(value: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(value.strip())
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _told_length(length: timedelta) -> str:
    hours, minutes = divmod(round(length.total_seconds() / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def quoted(value: object) -> str:
    words = plain_line(value if isinstance(value, str) else str(value)[:200])
    return words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…"


def nearest(word: str, known: Collection[str]) -> dict[str, Any]:
    """For a problem's values: the word that was probably meant, or all there are."""
    best = process.extractOne(word[:80].lower(), known, scorer=fuzz.ratio, score_cutoff=65)
    return {"near": best[0]} if best else {"known": list(known)} if len(known) <= 20 else {}
