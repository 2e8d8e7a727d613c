"""Read texts with one finder of dates and say what processor time each took: a process of its own for each finder.

    <python> bench/date_finders.py ours|dateparser|recognizers  < texts.json  > times.json

In: {"language", "reference" (ISO 8601), "texts"}; out: {"ms": one a text, the least of three, "found": how many dates}.
Only the standard library and the finder itself are imported, so that it runs in an environment of the finder's own.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

ROUNDS = 3
Find = Callable[[str], int]


def main() -> None:
    warnings.simplefilter("ignore")
    told = json.load(sys.stdin)
    find = FINDERS[sys.argv[1]](told["language"], datetime.fromisoformat(told["reference"]))
    for text in told["texts"][:20]:
        find(text)  # what is loaded and compiled on first use is not measured
    found, times = 0, []
    for text in told["texts"]:
        took = []
        for _ in range(ROUNDS):
            before = time.process_time_ns()
            count = find(text)
            took.append(time.process_time_ns() - before)
        found += count
        times.append(min(took) / 1e6)
    json.dump({"ms": times, "found": found}, sys.stdout)


def ours(language: str, reference: datetime) -> Find:
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from nlp.dates import find_dates

    return lambda text: len(find_dates(text, language, reference=reference))


def dateparser(language: str, reference: datetime) -> Find:
    from dateparser.search import search_dates

    settings = {"RELATIVE_BASE": reference.replace(tzinfo=None), "PREFER_DATES_FROM": "future"}
    return lambda text: len(search_dates(text, languages=[language], settings=settings) or ())


def recognizers(language: str, reference: datetime) -> Find:
    from recognizers_date_time import Culture, recognize_datetime

    culture = Culture.Japanese if language == "ja" else Culture.English
    at = reference.replace(tzinfo=None)
    return lambda text: len(recognize_datetime(text, culture, reference=at))


FINDERS: dict[str, Callable[[str, datetime], Find]] = {
    "ours": ours,
    "dateparser": dateparser,
    "recognizers": recognizers,
}

if __name__ == "__main__":
    main()
