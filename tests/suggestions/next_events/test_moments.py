"""Moments in the usual ways of writing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from motenashi.suggestions.next_events.moments import moment_of, told

APRIL = datetime(2012, 4, 3, 16, 55, 38, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "written",
    [
        "2012-04-03T16:55:38Z",
        "2012-04-03 16:55:38",
        "2012-04-03T16:55:38.000+00:00",
        "2012-04-03T18:55:38+02:00",
        " 2012/04/03 16:55:38 ",
        "2012/4/3 16:55:38.000",
        "3.4.2012 16:55:38",
        "2012-04-03 16:55:38 UTC",
        str(int(APRIL)),
        str(int(APRIL) * 1000),
        int(APRIL),
        APRIL * 1e6,
        int(APRIL) * 10**9,
    ],
)
def test_a_moment_is_the_same_however_it_is_written(written: object) -> None:
    moment = moment_of(written)

    assert moment is not None
    assert moment.at == pytest.approx(APRIL)


@pytest.mark.parametrize(
    "written",
    [
        *("", "yesterday", "2012-13-40 10:00", "0001-01-01T00:00:00Z", "9999-12-31", "nan", "12", "1" * 400),
        *(None, True, [], {}, float("nan"), float("inf"), -(10**30), 10**400),
    ],
)
def test_what_is_no_moment_between_1900_and_2200_is_none(written: object) -> None:
    assert moment_of(written) is None


def test_hours_are_those_of_the_place_as_far_as_the_text_names_it() -> None:
    moment = moment_of("2026-01-05T09:00:00+09:00")

    assert moment is not None
    assert moment.clock - moment.at == 9 * 3600


@pytest.mark.parametrize("written", ["2026-01-05T09:00:00", "2026-01-05T09:00:00Z", "2026-01-05T09:00:00+09:00"])
def test_a_moment_is_told_the_way_it_was_asked(written: str) -> None:
    moment = moment_of(written)

    assert moment is not None
    assert told(moment.at, moment.offset) == written
