"""English words that take part in dates: each with its category and value.

Words of one category may stand for each other in every rule; a word that is its own category stands for itself.
"""

from __future__ import annotations

from typing import Any

from nlp.dates.time_zones import ABBREVIATIONS, PLACES
from nlp.dates.values import Clock, Part

MORNING, LUNCH, AFTERNOON = Part("morning", 8, 12), Part("noon", 12, 14), Part("afternoon", 12, 18)
EVENING, NIGHT = Part("evening", 17, 21), Part("night", 20, 24)

_WEEKDAYS = (
    "monday mon",
    "tuesday tue tues teusday",
    "wednesday wed weds wednesay wensday wendesday wednsday",
    "thursday thu thur thurs thrusday thursady thurday thusday",
    "friday fri firday",
    "saturday saterday",
    "sunday",
)
_MONTHS = (
    "january jan",
    "february feb feburary febuary",
    "",  # march and may are verbs too and have categories of their own
    "april apr",
    "",
    "june jun",
    "july jul",
    "august aug",
    "september sep sept setember",
    "october oct",
    "november nov",
    "december dec",
)
_SMALL_NUMBERS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen
"""
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = """
first _ third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth
"""
_UNITS = {
    "seconds": "seconds secs",
    "minutes": "minute minutes min mins",
    "hours": "hour hours hr hrs",
    "days": "day days",
    "weeks": "week weeks wk wks",
    "months": "month months",
    "years": "year years yr yrs",
    "fortnights": "fortnight fortnights",
    "decades": "decade decades",
}
_DAYS_AHEAD = {0: "today", 1: "tomorrow tmrw tmr tomorow tommorow tommorrow", -1: "yesterday"}
_SAME = {
    "this": "this current",
    "next": "next following coming upcoming nxt",
    "last": "last previous preceding prior",
    "a": "a an",
    "to": "to till til untill through thru",
    "around": "around about approximately approx circa roughly ca",
    "every": "every each",
    "all": "all whole entire",
    "begin": "beginning start",
    "mid": "mid middle",
    "end": "end close",
    "business": "business working",
    "more": "more extra additional further less fewer",
    "couple": "couple pair",
    "few": "few several some",
    "from": "from starting",
    "within": "within inside",
    "since": "since",
    "commencing": "commencing",
    "oclock": "o'clock oclock o’clock",
    "time": "time timezone",
    "closest": "closest nearest",
    "during": "during throughout",
    "onwards": "onwards onward",
    "any_time": "anytime",
    "instead": "instead",
}
_THEMSELVES = """
in on until ago now hence other alternate once half or and of the at than no not as to early late later
earlier before after between by for past date that sometime plus asap eow eom eoy eoq bom boy ish q cy
but weekdays weekend weekends night nights tonight midday noon commencing beginning h d m s p hundred thousand
later up fiscal quarter out w wc also either
"""
_REPEATS = {
    "daily": "FREQ=DAILY",
    "everyday": "FREQ=DAILY",
    "nightly": "FREQ=DAILY;X-DAYPART=NI",
    "weekly": "FREQ=WEEKLY",
    "monthly": "FREQ=MONTHLY",
    "yearly": "FREQ=YEARLY",
    "annually": "FREQ=YEARLY",
    "annual": "FREQ=YEARLY",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "semiannual": "FREQ=MONTHLY;INTERVAL=6",
    "semiannually": "FREQ=MONTHLY;INTERVAL=6",
    "biweekly": "FREQ=WEEKLY;INTERVAL=2",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "bimonthly": "FREQ=MONTHLY;INTERVAL=2",
}
_SINGLE = {
    "pacific": ("zone", "America/Los_Angeles"),
    "eastern": ("zone", "America/New_York"),
    "central": ("zone", "America/Chicago"),
    "may": ("may", 5),
    "march": ("march", 3),
    "mar": ("mar", 3),
    "sat": ("sat", 5),
    "sun": ("sun", 6),
    "second": ("second", 2),
    "sec": ("second", 2),
    "spring": ("season", 3),
    "summer": ("season", 6),
    "autumn": ("season", 9),
    "fall": ("season", 9),
    "winter": ("season", 12),
    "tonight": ("tonight", 0),
    "tonite": ("tonight", 0),
    "noon": ("clock", Clock(12, sure=True, grain="hour")),
    "midday": ("clock", Clock(12, sure=True, grain="hour")),
    "midnight": ("clock", Clock(0, sure=True, grain="hour")),
    "am": ("am_pm", "am"),
    "pm": ("am_pm", "pm"),
    "morning": ("part", MORNING),
    "mornings": ("parts", MORNING),
    "afternoon": ("part", AFTERNOON),
    "afternoonish": ("part", AFTERNOON),
    "afternoons": ("parts", AFTERNOON),
    "evening": ("part", EVENING),
    "evenings": ("parts", EVENING),
    "lunchtime": ("part", LUNCH),
    "lunch": ("lunch", LUNCH),
    "breakfast": ("lunch", Part("morning", 7, 9)),
    "dinner": ("lunch", Part("evening", 18, 20)),
    "night": ("night", NIGHT),
    "nights": ("nights", NIGHT),
    "qtr": ("quarter", None),
    "quarters": ("quarter", None),
    "week-end": ("weekend", None),
    "otd": ("today", 0),
    "weekday": ("weekday_any", None),
    "h": ("h", "hours"),
    "d": ("d", "days"),
    "m": ("m", "minutes"),
    "s": ("s", "seconds"),
    "p": ("p", "pm"),
    "nineties": ("decade_name", 1990),
    "eighties": ("decade_name", 1980),
    "seventies": ("decade_name", 1970),
}
# Several words that are one: looked for where their first word stands.
_PHRASES = {
    "as soon as possible": ("asap", None),
    "day after tomorrow": ("today", 2),
    "day before yesterday": ("today", -2),
    "end of business": ("eod_word", None),
    "end of play": ("eod_word", None),
    "close of business": ("eod_word", None),
    "close of play": ("eod_word", None),
    "end of the day": ("eod_word", None),
    "end of day": ("eod_word", None),
    "end of today": ("eod_today", None),
    "end of the working day": ("eod_word", None),
    "first thing": ("first_thing", None),
    "at present": ("now", None),
    "right now": ("now", None),
    "at the moment": ("_", None),
    "at the minute": ("now", None),
    "up to date": ("_", None),
    "up-to-date": ("_", None),
    "to date": ("to_date", None),
    "year to date": ("year_to_date", None),
    "good morning": ("_", None),
    "good afternoon": ("_", None),
    "good evening": ("_", None),
    "good night": ("_", None),
    "new york": ("place", "America/New_York"),
    "los angeles": ("place", "America/Los_Angeles"),
    "san francisco": ("place", "America/Los_Angeles"),
    "hong kong": ("place", "Asia/Hong_Kong"),
    "mid night": ("clock", Clock(0, sure=True, grain="hour")),
    "eod": ("eod_word", None),
    "cob": ("eod_word", None),
    "once a": ("once_a", 1),
    "twice a": ("once_a", 2),
    "no later than": ("no_later_than", None),
    "not later than": ("no_later_than", None),
    "at the latest": ("at_the_latest", None),
    "later than": ("later_than", None),
    "earlier than": ("earlier_than", None),
    "as early as": ("as_early_as", None),
    "no earlier than": ("as_early_as", None),
    "year on year": ("_", None),
    "day to day": ("_", None),
    "day-to-day": ("_", None),
    "24/7": ("_", None),
    "this time": ("_", None),
    "black friday": ("holiday", "black friday"),
    "cyber monday": ("holiday", "cyber monday"),
    "in time": ("_", None),
    "second hand": ("_", None),
    "second opinion": ("_", None),
    "day one": ("_", None),
    "all day": ("all_day", (("days", 1.0),)),
    "any time": ("any_time", None),
    "same time": ("same_time", None),
    "drop by": ("_", None),
    "stop by": ("_", None),
    "swing by": ("_", None),
    "pop by": ("_", None),
    "pass by": ("_", None),
    "dropping by": ("_", None),
    "stopping by": ("_", None),
    "bi-monthly": ("repeat", "FREQ=MONTHLY;INTERVAL=2"),
    "bi-weekly": ("repeat", "FREQ=WEEKLY;INTERVAL=2"),
    "semi-annual": ("repeat", "FREQ=MONTHLY;INTERVAL=6"),
    "some day": ("_", None),
    "these days": ("_", None),
    "those days": ("_", None),
    "w/c": ("commencing", None),
    "w/b": ("commencing", None),
    "week commencing": ("commencing", None),
    "week beginning": ("commencing", None),
    "week starting": ("commencing", None),
    "in between": ("between", None),
    "ides of": ("ides", None),
    "the rest of": ("rest_of", None),
    "rest of": ("rest_of", None),
    "remainder of": ("rest_of", None),
    "christmas": ("holiday", "christmas"),
    "christmas day": ("holiday", "christmas"),
    "xmas": ("holiday", "christmas"),
    "xmas day": ("holiday", "christmas"),
    "christmas eve": ("holiday", "christmas eve"),
    "boxing day": ("holiday", "boxing day"),
    "new year's eve": ("holiday", "new year's eve"),
    "new years eve": ("holiday", "new year's eve"),
    "new year's day": ("holiday", "new year"),
    "new years day": ("holiday", "new year"),
    "new year's": ("holiday", "new year"),
    "new year": ("holiday", "new year"),
    "new years": ("holiday", "new year"),
    "thanksgiving": ("holiday", "thanksgiving"),
    "thanksgiving day": ("holiday", "thanksgiving"),
    "halloween": ("holiday", "halloween"),
    "easter": ("holiday", "easter"),
    "easter sunday": ("holiday", "easter"),
    "easter monday": ("holiday", "easter monday"),
    "good friday": ("holiday", "good friday"),
    "pentecost": ("holiday", "pentecost"),
    "whit monday": ("holiday", "whit monday"),
    "ash wednesday": ("holiday", "ash wednesday"),
    "mardi gras": ("holiday", "shrove tuesday"),
    "pancake day": ("holiday", "shrove tuesday"),
    "valentine's day": ("holiday", "valentine"),
    "valentines day": ("holiday", "valentine"),
    "valentine day": ("holiday", "valentine"),
    "independence day": ("holiday", "independence day"),
    "labor day": ("holiday", "labor day"),
    "labour day": ("holiday", "may day"),
    "international workers' day": ("holiday", "may day"),
    "memorial day": ("holiday", "memorial day"),
    "veterans day": ("holiday", "veterans day"),
    "veteran day": ("holiday", "veterans day"),
    "presidents day": ("holiday", "presidents day"),
    "presidents' day": ("holiday", "presidents day"),
    "president day": ("holiday", "presidents day"),
    "washington's birthday": ("holiday", "presidents day"),
    "mlk day": ("holiday", "mlk day"),
    "martin luther king day": ("holiday", "mlk day"),
    "columbus day": ("holiday", "columbus day"),
    "juneteenth": ("holiday", "juneteenth"),
    "groundhog day": ("holiday", "groundhog day"),
    "st patrick's day": ("holiday", "st patrick"),
    "st. patrick's day": ("holiday", "st patrick"),
    "saint patrick's day": ("holiday", "st patrick"),
    "saint patricks day": ("holiday", "st patrick"),
    "mother's day": ("holiday", "mothers day"),
    "mothers day": ("holiday", "mothers day"),
    "father's day": ("holiday", "fathers day"),
    "fathers day": ("holiday", "fathers day"),
    "tax day": ("holiday", "tax day"),
    "april fools": ("holiday", "april fools"),
    "guy fawkes night": ("holiday", "guy fawkes"),
    "bonfire night": ("holiday", "guy fawkes"),
    "earth day": ("holiday", "earth day"),
}
# A number behind one of these is no date: versions, orders, rooms, telephones.
_NAMES_A_NUMBER = """
version ver release build firmware model invoice order orders ticket case ref reference room page pages
section chapter extension ext item items tel phone fax mobile number no sku serial po quote quotation part
clause figure fig table step slide article isbn account code id ip port usb windows office level gen
generation id's
"""

# May stand with a full stop that belongs to them.
ABBREVIATED = frozenset(
    [
        "mon",
        "tue",
        "tues",
        "wed",
        "weds",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "sun",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "approx",
        "ca",
        "hr",
        "hrs",
        "min",
        "mins",
        "sec",
        "secs",
        "wk",
        "wks",
        "qtr",
    ]
)


def _lexicon() -> dict[str, tuple[str, Any]]:
    words: dict[str, tuple[str, Any]] = {word: (word, None) for word in _THEMSELVES.split()}
    words |= {word: ("zone", zone) for word, zone in ABBREVIATIONS.items() if len(word) > 1}
    words |= {word: ("place", zone) for word, zone in PLACES.items() if word.isascii()}
    words |= {word: ("names_number", None) for word in _NAMES_A_NUMBER.split() if word != "no"}
    for category, same in _SAME.items():
        words |= dict.fromkeys(same.split(), (category, None))
    for days, same in _DAYS_AHEAD.items():
        words |= dict.fromkeys(same.split(), ("today", days))
    for place, names in enumerate(_WEEKDAYS):
        words |= dict.fromkeys(names.split(), ("weekday", place))
        words[names.split()[0] + "s"] = ("weekdays_of", place)
    for place, names in enumerate(_MONTHS, 1):
        words |= dict.fromkeys(names.split(), ("month", place))
    for unit, names in _UNITS.items():
        words |= dict.fromkeys(names.split(), ("unit", unit))
    words |= {word: ("word_number", number) for number, word in enumerate(_SMALL_NUMBERS.split())}
    words |= {word: ("tens", number * 10) for number, word in enumerate(_TENS, 2)}
    words |= {word: ("ordinal", number) for number, word in enumerate(_ORDINALS.split(), 1)}
    words["thirtieth"] = ("ordinal", 30)
    words |= {word: ("repeat", rule) for word, rule in _REPEATS.items()}
    return words | _SINGLE


def _by_first_word() -> dict[str, tuple[tuple[str, tuple[str, Any]], ...]]:
    """Phrases by the letters they begin with, the longest first."""
    found: dict[str, list[tuple[str, tuple[str, Any]]]] = {}
    for phrase, meaning in _PHRASES.items():
        first = phrase.replace("-", " ").replace("/", " ").split(" ")[0].rstrip(".")
        found.setdefault(first, []).append((phrase, meaning))
    return {first: tuple(sorted(phrases, key=lambda pair: -len(pair[0]))) for first, phrases in found.items()}


WORDS = _lexicon()
PHRASES = _by_first_word()
