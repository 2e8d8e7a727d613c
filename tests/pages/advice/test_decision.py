"""What somebody decides about a suggestion is understood as they mean it, in the house's zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from motenashi.pages.advice.decision import put_off_until

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 5, 11, 0, 30, tzinfo=UTC)  # 9:30 in Tokyo
FRIDAY_NIGHT = datetime(2026, 5, 15, 14, 30, tzinfo=UTC)  # 23:30 in Tokyo


@pytest.mark.parametrize(
    ("now", "choice", "day", "until"),
    [
        (MONDAY, "later", "", datetime(2026, 5, 11, 12, 30, tzinfo=TOKYO)),
        (MONDAY, "tomorrow", "", datetime(2026, 5, 12, 9, tzinfo=TOKYO)),
        (MONDAY, "week", "", datetime(2026, 5, 18, 9, tzinfo=TOKYO)),
        (FRIDAY_NIGHT, "tomorrow", "", datetime(2026, 5, 16, 9, tzinfo=TOKYO)),
        (FRIDAY_NIGHT, "week", "", datetime(2026, 5, 18, 9, tzinfo=TOKYO)),
        (MONDAY, "date", "2026-06-01", datetime(2026, 6, 1, 9, tzinfo=TOKYO)),
    ],
)
def test_a_suggestion_is_put_off_until_then(now: datetime, choice: str, day: str, until: datetime) -> None:
    assert put_off_until(choice, day, now=now, zone=TOKYO) == until


@pytest.mark.parametrize(("choice", "day"), [("date", ""), ("date", "31.12.2026"), ("", "nonsense"), ("date", "²")])
def test_what_is_no_day_puts_nothing_off(choice: str, day: str) -> None:
    assert put_off_until(choice, day, now=MONDAY, zone=TOKYO) is None
