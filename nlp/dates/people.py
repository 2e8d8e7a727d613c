"""Names of people that are words of dates as well: Jan, May, April, Sun, Sat, and the "Morning" of a greeting.

A date inside one of these places is none. Capitals tell a name, so this is for languages that have them.
"""

from __future__ import annotations

import re
from bisect import bisect_right

# Only where one of these stands is it worth looking.
_DOUBTFUL = re.compile(
    r"\b(?:jan|mar|may|april|june|august|sept?|dec|march|sat|sun|wed|summer|autumn|winter|spring|weekend|friday|"
    r"monday|morning|afternoon|evening|noel|easter|christmas|second)\b"
)
_NAME = r"[A-Z][\w'’.-]{0,20}(?:[ ][A-Z][\w'’.-]{0,20}){0,2}"
_TITLE = r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Herr|Frau|Monsieur|Madame)\.? "
_PRESENTED = (
    r"\b(?:[Mm]y name is|I am|I'm|[Tt]his is|[Cc]olleague|[Mm]anager|[Dd]irector|[Aa]ssistant|[Bb]oss|C[EFTO]O|"
    r"[Hh]ead of [a-z]{2,12}|[Aa]sk|[Cc]ontact|[Cc]c|[Cc]opying),? (?:is )?"
)
_GREETED = r"^[ \t]*(?:[Hh]i|[Hh]ello|[Dd]ear|[Hh]ey) "
_TIME_OF_DAY = r"^[ \t]*(?:[Gg]ood )?(?:[Mm]orning|[Aa]fternoon|[Ee]vening)"
_CLOSED = (
    r"(?:[Rr]egards|[Tt]hanks|[Tt]hank you|[Cc]heers|[Bb]est|[Yy]ours(?: \w+)?|[Ss]incerely|[Bb]est wishes|"
    r"[Gg]reetings)"
    r"[,.!]?[ \t]*(?:\n[ \t]*){0,2}"
)
_WISHED = (
    r"\b(?:[Hh]ave|[Hh]ad|[Ee]njoy) (?:a|your|the) (?:great|nice|good|lovely|wonderful|relaxing|pleasant) "
    r"(?:rest of (?:the|your) )?(?:weekend|week|day|summer|morning|afternoon|evening|holidays?|break)"
    r"|\b(?:[Mm]erry|[Hh]appy|[Bb]lessed) (?:[Cc]hristmas|[Ee]aster|[Xx]mas|[Nn]ew [Yy]ear)(?: in advance)?"
)
_NAMES = re.compile(
    "|".join([
        _TITLE + _NAME,
        _PRESENTED + _NAME,
        _GREETED + _NAME + r"(?=[ \t]*(?:[,!:]|$))",
        _TIME_OF_DAY + rf"(?: (?:all|everyone|team|folks|there|{_NAME})[ \t]*(?:[,!]|$)|,[ \t]*\n|!)",
        _CLOSED + _NAME + r"[ \t]*(?=\n|\Z)",
        _WISHED,
    ]),
    re.MULTILINE,
)  # fmt: skip
_DAY = re.compile(r"\b(?:Mon|Tues?|Wednes|Thurs?|Fri|Satur|Sun)day\b|\d")


def touches(places: list[tuple[int, int]], start: int, end: int) -> bool:
    """Does one of the places (in order, apart from each other) share letters with this stretch?"""
    first = bisect_right(places, start, key=lambda place: place[1])
    return first < len(places) and places[first][0] < end


def places_of_names(text: str, narrow: str) -> list[tuple[int, int]]:
    """Where names stand that could be taken for dates; `narrow` is the text in small letters."""
    if _DOUBTFUL.search(narrow) is None:
        return []
    return [match.span() for match in _NAMES.finditer(text) if not _DAY.search(match.group())]
