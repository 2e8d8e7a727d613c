"""Coverage-guided fuzzing of what finds dates: `python tests/fuzz/fuzz_dates.py en|ja -runs=20000 [CORPUS]`.

Not a test by itself: tests/fuzz/test_fuzz_dates.py starts it with a fixed number of runs. It ends with an error when
find_dates raises, hangs (-timeout), or points to places that do not hold what it says.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

with atheris.instrument_imports(include=["nlp.dates"]):
    from nlp.dates import find_dates

ZONES = ("", "Europe/London", "America/New_York", "Asia/Tokyo", "+05:30", "Pacific/Apia")
# The hours in which clocks are put on and back, leap days, and the ends of the calendar.
MOMENTS = (
    datetime(2026, 5, 13, 10, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/London")),
    datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York")),
    datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
    datetime(1, 1, 3, tzinfo=UTC),
    datetime(9999, 12, 29, tzinfo=UTC),
)


def read(language: str, data: bytes) -> None:
    choice = data[0] if data else 0
    text = data[1:].decode("utf-8", "replace")
    moment, zone = MOMENTS[choice % len(MOMENTS)], ZONES[choice // 8 % len(ZONES)]
    end = 0
    for mention in find_dates(text, language, reference=moment, time_zone=zone):
        if not end <= mention.start < mention.end <= len(text):
            raise AssertionError("places outside of the text, or out of order")
        if text[mention.start : mention.end] != mention.text:
            raise AssertionError("the words are not those of the place")
        if mention.begins and mention.ends and mention.ends - mention.begins < -timedelta(days=1):
            raise AssertionError("it ends before it begins")
        end = mention.end


def main() -> None:
    language = sys.argv.pop(1)
    atheris.Setup(sys.argv, partial(read, language))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
