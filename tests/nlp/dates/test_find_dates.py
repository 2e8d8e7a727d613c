"""Dates in English and Japanese texts: the cases of cases_en.yaml and cases_ja.yaml, and what is promised of a find."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from nlp.dates import DateMention, NormalForm, find_dates

HERE = Path(__file__).parent
ZONES = {"en": "Europe/London", "ja": "Asia/Tokyo"}


def cases(language: str) -> list[tuple[str, str, list[list[str]]]]:
    told = yaml.safe_load((HERE / f"cases_{language}.yaml").read_text(encoding="utf-8"))
    return [(language, case["text"], case["dates"]) for case in told]


def found(text: str, language: str = "en", *, zone: str = "") -> tuple[DateMention, ...]:
    here = zone or ZONES[language]
    return find_dates(text, language, reference=datetime(2026, 5, 13, 10, tzinfo=ZoneInfo(here)), time_zone=here)


def only(text: str, language: str = "en", *, zone: str = "") -> DateMention:
    (mention,) = found(text, language, zone=zone)
    return mention


def brief(form: NormalForm) -> str:
    """A value as the case files write it."""

    def short(moment: str) -> str:
        return moment.removesuffix("T00:00:00").removesuffix(":00") if moment.count(":") == 2 else moment

    if form.kind == "instant":
        told = {"month": form.value[:7], "year": form.value[:4]}.get(form.grain) or short(form.value)
    elif form.kind == "interval":
        told = f"{short(form.start) or '..'}/{short(form.end) or '..'}"
    elif form.kind == "time":
        told = f"T{form.value[:5]}"
    elif form.kind == "timeinterval":
        told = "/".join(f"T{end[:5]}" if end else ".." for end in (form.start, form.end))
    else:
        told = form.value
    return told + form.zone


@pytest.mark.parametrize(("language", "text", "dates"), [*cases("en"), *cases("ja")], ids=lambda value: str(value)[:40])
def test_what_a_text_says_is_found_with_value_and_role(language: str, text: str, dates: list[list[str]]) -> None:
    assert [[one.text, brief(one.value), one.role] for one in found(text, language)] == dates


@pytest.mark.parametrize("language", ["en", "ja"])
def test_there_are_cases_enough(language: str) -> None:
    assert len(cases(language)) >= 150
    assert sum(not dates for _, _, dates in cases(language)) >= 20


def test_two_days_to_choose_from_are_linked() -> None:
    first, second = found("Could we meet next Tuesday or Wednesday afternoon?")

    assert (first.alternative_to, second.alternative_to) == (0, 0)
    assert (first.begins, second.begins) == (
        datetime(2026, 5, 19, 12, tzinfo=ZoneInfo("Europe/London")),
        datetime(2026, 5, 20, 12, tzinfo=ZoneInfo("Europe/London")),
    )


def test_two_days_without_a_choice_are_not_linked() -> None:
    assert [one.alternative_to for one in found("Call me on Friday. On Monday I am away.")] == [-1, -1]


def test_an_hour_without_its_half_of_the_day_keeps_the_other_reading_and_says_why() -> None:
    mention = only("Can we talk tomorrow at 3?")

    assert mention.value.value == "2026-05-14T15:00:00"
    assert [reading.value.value for reading in mention.rejected] == ["2026-05-14T03:00:00"]
    assert all(reading.reason for reading in mention.rejected)
    assert mention.certainty < 1


def test_a_date_of_two_numbers_is_read_as_the_writers_country_reads_it() -> None:
    british, american = only("on 03/06", zone="Europe/London"), only("on 03/06", zone="America/New_York")

    assert (british.value.value[:10], american.value.value[:10]) == ("2026-06-03", "2027-03-06")
    assert "2027-03-06" in [reading.value.value[:10] for reading in british.rejected]


def test_a_number_beyond_twelve_settles_the_order() -> None:
    assert only("on 25/06", zone="America/New_York").value.value == "2026-06-25T00:00:00"


def test_a_weekday_settles_the_order() -> None:
    assert only("Wednesday 3/6", zone="America/New_York").value.value == "2026-06-03T00:00:00"


def test_a_told_zone_gives_the_moment_and_keeps_the_clock() -> None:
    mention = only("Let's talk on Thursday at 3pm CET.")

    assert mention.value.zone == "+02:00"
    assert mention.begins == datetime(2026, 5, 14, 13, tzinfo=UTC)


def test_a_zone_follows_summer_time() -> None:
    assert only("15 January 2027 at 9:00 ET").value.zone == "-05:00"
    assert only("15 July 2026 at 9:00 ET").value.zone == "-04:00"


def test_without_a_told_zone_the_writers_own_counts() -> None:
    mention = only("明日の15時はいかがでしょうか。", "ja")

    assert mention.value.zone == ""
    assert mention.begins == datetime(2026, 5, 14, 6, tzinfo=UTC)


def test_the_day_of_writing_is_the_writers_day() -> None:
    reference = datetime(2026, 5, 13, 20, tzinfo=UTC)  # the 14th in Tokyo

    (mention,) = find_dates("明日", "ja", reference=reference, time_zone="Asia/Tokyo")

    assert mention.value.value == "2026-05-15T00:00:00"


def test_business_days_leave_out_the_holidays_one_is_told_of() -> None:
    reference = datetime(2026, 5, 22, 9, tzinfo=UTC)  # a Friday

    def is_holiday(day: date) -> bool:
        return day == date(2026, 5, 25)

    (plain,) = find_dates("in two business days", "en", reference=reference)
    (mention,) = find_dates("in two business days", "en", reference=reference, is_holiday=is_holiday)

    assert (plain.value.value[:10], mention.value.value[:10]) == ("2026-05-26", "2026-05-27")


def test_a_repeated_date_tells_its_rule() -> None:
    mention = only("Every second Thursday works, so does nothing else.")

    assert mention.recurrence == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"


def test_a_past_verb_makes_a_bare_weekday_a_past_one() -> None:
    assert only("We received the parcel on Monday.").value.value == "2026-05-11T00:00:00"
    assert only("月曜に届きましたが、動きません。", "ja").value.value == "2026-05-11T00:00:00"


def test_a_day_that_the_calendar_does_not_have_is_no_date() -> None:
    assert found("31 June 2026, or 2026-02-30") == ()


def test_a_naive_reference_is_taken_as_local() -> None:
    (mention,) = find_dates("tomorrow", "en", reference=datetime(2026, 5, 13, 10))

    assert mention.value.value == "2026-05-14T00:00:00"


def test_other_languages_are_read_as_english() -> None:
    assert find_dates("on 3 June 2026", "de", reference=datetime(2026, 5, 13, tzinfo=UTC))[0].grain == "day"


def test_a_mention_ends_after_it_begins() -> None:
    mention = only("22:00 to 01:00 on 3 June")

    assert mention.begins is not None
    assert mention.ends is not None
    assert mention.ends - mention.begins == timedelta(hours=3)


def test_an_offset_tells_the_zone_and_how_numbers_are_ordered() -> None:
    reference = datetime(2026, 5, 13, 20, tzinfo=UTC)  # 22:00 in Berlin

    (mention,) = find_dates("on 03/06 at 10:00", "en", reference=reference, time_zone="+02:00")

    assert mention.begins == datetime(2026, 6, 3, 8, tzinfo=UTC)


def test_the_zone_of_one_hour_to_choose_is_that_of_the_other() -> None:
    assert [one.value.zone for one in found("Could you do Thursday at 9:00 or Friday at 10:00 ET?")] == ["-04:00"] * 2


def test_the_day_after_follows_the_date_before_it() -> None:
    assert [one.value.value[:10] for one in found("Is 3 June possible, or the day after?")] == [
        "2026-06-03",
        "2026-06-04",
    ]


def test_a_weekday_is_in_the_week_that_is_spoken_of() -> None:
    *_, mention = found("Are you free the week after next? Tuesday looks good here.")

    assert mention.value.value == "2026-05-26T00:00:00"


def test_the_people_who_write_are_no_dates() -> None:
    assert found("Morning Sam,\n\nmy colleague April Summer has the file.\n\nCheers\nSun Li") == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "We have to move our call from\nThursday at 2, and would suggest\nFriday at 10\ninstead.",
            "en",
        ),
        (
            "大変申し訳ございませんが、先日お約束いたしました5月20日のお打ち\n合わせにつきまして、社内の都合により5月22日15時に変更\nしていただけないでしょうか。",
            "ja",
        ),
    ],
)
def test_lines_that_are_broken_amid_a_sentence_change_no_role(text: str, language: str) -> None:
    assert [one.role for one in found(text, language)] == ["old", "proposed"]
