"""A query stands in the address, and what makes no sense there is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from crm_client.touch_channels import CHANNELS
from motenashi.insights.timeline.timeline import Query
from motenashi.pages.page_language import install_languages
from motenashi.pages.timeline.query_in_url import is_narrow, read_query, url_values

APP = Flask(__name__)
install_languages(APP, time_zone="Asia/Tokyo")


@pytest.fixture(autouse=True)
def request_of_a_page() -> Iterator[None]:
    with APP.test_request_context("/?lang=en"):
        yield


def read(**args: Any) -> tuple[Query, tuple[str, ...]]:
    return read_query(MultiDict(args))


days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
queries = st.builds(
    Query,
    view=st.sampled_from(["all", "signals", "milestones"]),
    rhythm=st.sampled_from(["module", "own"]),
    channels=st.frozensets(st.sampled_from(CHANNELS)),
    users=st.frozensets(st.text("abc123:_- é日", min_size=1, max_size=8), max_size=4),
) | st.builds(
    lambda period, one, other: (
        {
            "day": Query(period="day", day=one),
            "range": Query(period="range", first=min(one, other), last=max(one, other)),
            "open": Query(period="range", first=one),
        }.get(period)
        or Query(period=period)
    ),
    st.sampled_from(["", "today", "yesterday", "last_7", "last_30", "day", "range", "open"]),
    days,
    days,
)


@given(queries)
def test_what_is_written_into_an_address_is_read_from_it(query: Query) -> None:
    with APP.test_request_context("/"):
        assert read_query(MultiDict(url_values(query))) == (query, ())


def test_nothing_asked_is_everything_and_needs_no_words_in_the_address() -> None:
    assert read() == (Query(), ())
    assert url_values(Query()) == {}


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"channel": ["email", "telegram"]}, "There is no channel “telegram”."),
        ({"period": "day", "day": "2026-13-40"}, "Please choose the day. All of the time is shown."),
        ({"period": "day"}, "Please choose the day. All of the time is shown."),
        ({"period": "range"}, "Please choose the first or the last day. All of the time is shown."),
        (
            {"period": "range", "first": "2026-05-11", "last": "2026-05-10"},
            "The first day lies after the last one. All of the time is shown.",
        ),
    ],
)
def test_a_part_that_makes_no_sense_is_told_and_left_out(args: dict[str, Any], told: str) -> None:
    query, wrong = read(**args)

    assert wrong == (told,)
    assert query.period == ""
    assert query.channels <= {"email"}


def test_an_unknown_view_or_rhythm_is_the_usual_one() -> None:
    assert read(view="sideways", rhythm="waltz", period="for ever")[0] == Query()


def test_a_user_whom_no_database_could_hold_is_left_out() -> None:
    assert read(user=["o1", "x" * 300, "a\nb", ""])[0].users == {"o1"}


@pytest.mark.parametrize(
    "query", [Query(channels=frozenset({"x"})), Query(users=frozenset({"o1"})), Query(period="today")]
)
def test_filters_make_a_query_narrow(query: Query) -> None:
    assert is_narrow(query)


def test_a_view_or_a_rhythm_filters_nothing() -> None:
    assert not is_narrow(Query(view="signals", rhythm="own"))
