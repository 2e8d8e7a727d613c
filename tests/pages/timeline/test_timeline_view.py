"""The page of a timeline, its rows in parts, its view for paper and its files, as the server gives them."""

from __future__ import annotations

import gzip
import json
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from crm_client.touch_channels import CHANNELS
from motenashi.identity.roles import Role
from motenashi.insights.timeline.timeline import Query
from motenashi.pages.rooms import TODAY
from motenashi.pages.timeline.timeline_page import ALL_ROWS, PAGE_LENGTH
from tests.pages.conftest import House
from tests.pages.timeline.plain_timelines import NOW, PlainTimelines, a_stalled_deal, many_touches, touch
from tests.pages.timeline.timeline_pages import add_timeline_pages

STALLED = "/records/leads/stalled/timeline"
MANY = "/records/contacts/many/timeline"


@pytest.fixture
def desk(house: House) -> PlainTimelines:
    desk: PlainTimelines = add_timeline_pages(house)
    return desk


@pytest.fixture
def client(house: House, desk: PlainTimelines) -> FlaskClient:
    return house.staff(Role.REPRESENTATIVE)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def rows_of(page: str) -> list[str]:
    return re.findall(r'<li class="row .*?</li>\s*(?=<li class="row |</ol>)', page, flags=re.DOTALL)


def test_signals_and_follow_ups_stand_on_their_sides_with_all_that_is_known(client: FlaskClient) -> None:
    page = client.get(STALLED).text
    rows = {text_of(row).strip(): row for row in rows_of(page)}
    demo = next(row for words, row in rows.items() if "Demonstration of device management" in words)
    survey = next(row for words, row in rows.items() if "What matters in a notebook fleet" in words)

    assert len(rows) == len(a_stalled_deal())
    assert 'class="row row-follow_up"' in demo
    assert 'href="#c-meeting"' in demo
    for words in ("attended", "45 min", "Haruto Sato", "Sunday 2 November 2025, 09:30 (JST)", "2 Nov 2025"):
        assert words in demo, words
    assert 'class="row row-signal"' in survey
    assert "8 questions answered" in survey


@pytest.mark.parametrize(
    "words",
    [
        "not answered", "call answered", "bounced", "opened", "ticket closed", "escalated", "on hold", "6 min",
        "7 pages", "12 messages", "identity not verified",
    ],
)  # fmt: skip
def test_statuses_and_counts_are_said(client: FlaskClient, words: str) -> None:
    assert words in client.get(STALLED).text


def test_a_milestone_lies_across_with_what_lies_in_it(client: FlaskClient) -> None:
    rows = [row for row in rows_of(client.get(STALLED).text) if "row-milestone" in row]
    lost, qualified = text_of(rows[0]), text_of(next(row for row in rows if "Qualified" in row))

    assert "milestone-lost" in rows[0]
    assert "Stage: 120 AeroBooks Proposal → became Closed Lost 35 days in it so far" in lost
    assert "Lead status Contacted → became Qualified" in qualified
    assert "9 signals · 8 follow-ups" in qualified


def test_a_gap_is_a_label_and_a_long_one_a_band(client: FlaskClient) -> None:
    page = client.get(STALLED).text

    assert "41 days without contact</strong> <span>usual: 6.2 days" in page
    assert "silence-3" in page
    assert '<p class="gap"><span>2 hours</span></p>' in page
    assert page.count("6 days</span></p>") >= 1  # within the usual


def test_silence_rate_and_answers_are_summed_up_on_top(client: FlaskClient) -> None:
    words = text_of(client.get(STALLED).text)

    assert "Silence now 41 days longer than usual (6.2 days)" in words
    assert "12 signals in all" in words
    assert "3.4 touches in 30 days" in words
    assert "E-mail 2 of 6 33 %" in words
    assert "Gets answers Call 2 of 5 answered" in words
    assert "Between two touches of a lead there are usually 6.2 days" in words


def test_the_rhythm_of_the_person_is_chosen_and_explained(client: FlaskClient, desk: PlainTimelines) -> None:
    words = text_of(client.get(f"{STALLED}?rhythm=own").text)

    assert "With this person there are usually" in words
    assert {query.rhythm for query, *_ in desk.asked} == {"own"}


def test_who_has_no_rhythm_yet_is_held_against_all(client: FlaskClient, desk: PlainTimelines) -> None:
    desk.people["lead", "new"] = "Ben New", [touch(1, 3), touch(2, 1)]

    words = text_of(client.get("/records/leads/new/timeline?rhythm=own").text)

    assert "Too few gaps yet to know this person&#39;s own rhythm: 1 of 5." in words
    assert "usually 6.2 days" in words


def test_nothing_learned_yet_is_said(client: FlaskClient, desk: PlainTimelines) -> None:
    desk.mean_s = None

    page = client.get(STALLED).text

    assert "The usual rhythm is not known yet." in page
    assert "without contact" not in page


def test_signals_fold_the_other_follow_ups_and_hide_no_silence(client: FlaskClient) -> None:
    page = client.get(f"{STALLED}?view=signals").text
    unanswered = text_of(page[page.index("line-now") : page.index("data-lines")])

    assert "Details: 4 follow-ups without an answer yet 41 days without contact" in unanswered
    assert "Details: 1 follow-up" in page
    assert all("row-milestone" not in row for row in rows_of(page))


def test_folded_silences_are_told_in_parts_and_on_paper_too(client: FlaskClient, desk: PlainTimelines) -> None:
    desk.people["lead", "late"] = (
        "L",
        [touch(1, 50), touch(2, 30, "follow_up"), touch(3, 29, "follow_up"), touch(4, 28)],
    )
    path = "/records/leads/late/timeline"

    for content in (
        client.get(f"{path}?view=signals").text,
        client.get(f"{path}/print?view=signals").text,
        "".join(client.get(f"{path}/rows?view=signals").get_json()["rows"]),
    ):
        assert "20 days without contact</span></summary>" in content


def test_milestones_come_each_with_the_touch_before(client: FlaskClient) -> None:
    rows = rows_of(client.get(f"{STALLED}?view=milestones").text)

    assert ["milestone" in row.split('"')[1] for row in rows] == [True, False] * 5 + [True, False]


def test_filters_stand_in_the_address_and_are_taken_away_one_by_one(client: FlaskClient, desk: PlainTimelines) -> None:
    page = client.get(f"{STALLED}?channel=call&channel=email&user=o1&period=range&first=2025-10-01&view=signals").text
    away = re.findall(r'<a class="chip chip-label" href="([^"]+)">', page)

    query = desk.asked[-1][0]
    assert query.channels == {"call", "email"}
    assert query.users == {"o1"}
    assert (str(query.first), query.last) == ("2025-10-01", None)
    assert len(away) == 4
    assert "channel=email" not in away[0].replace("&amp;", "&")
    assert all("view=signals" in one for one in away)
    assert 'name="view" value="signals"' in page
    assert 'value="call" checked' in page


def test_a_wrong_filter_is_told_and_the_form_stays_open(client: FlaskClient) -> None:
    page = client.get(f"{STALLED}?period=range&first=2026-05-11&last=2026-05-01").text

    assert "The first day lies after the last one." in page
    assert re.search(r'class="sheet line-filter" open', page)


def test_nothing_fits_leads_back_to_everything(client: FlaskClient) -> None:
    page = client.get(f"{STALLED}?period=today").text

    assert "Nothing fits" in page
    assert f'<a class="button" href="{STALLED}">Show everything</a>' in page


def test_a_person_without_a_history_is_told_what_will_come(client: FlaskClient) -> None:
    page = client.get("/records/contacts/empty/timeline").text

    assert "Nothing has happened yet" in page
    assert "data-strip" not in page


@pytest.mark.parametrize("more", ["", "/rows", "/print", "/export.csv"])
def test_nobody_of_that_name_is_not_found(client: FlaskClient, more: str) -> None:
    for record_id in ("nobody", "x" * 300, "a%00b"):
        assert client.get(f"/records/leads/{record_id}/timeline{more}").status_code == 404


@pytest.mark.parametrize("more", ["", "/rows", "/print", "/export.json"])
def test_a_crm_that_is_away_is_not_an_empty_timeline(client: FlaskClient, desk: PlainTimelines, more: str) -> None:
    desk.away = True

    answer = client.get(STALLED + more)

    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_deals_have_no_timeline_and_no_tabs(client: FlaskClient) -> None:
    assert client.get("/records/deals/d1/timeline").status_code == 404
    assert "record-tabs" not in client.get("/records/deals/d1").text


def test_a_person_has_two_tabs_of_which_one_is_current(client: FlaskClient) -> None:
    overview, timeline = client.get("/records/contacts/c1").text, client.get("/records/contacts/c1/timeline").text

    assert '<a href="/records/contacts/c1" aria-current="page">Overview</a>' in overview
    assert '<a href="/records/contacts/c1/timeline">Timeline</a>' in overview
    assert '<a href="/records/contacts/c1/timeline" aria-current="page">Timeline</a>' in timeline


@pytest.mark.parametrize("role", [role for role in Role if role not in (*TODAY.roles, Role.ADMINISTRATOR)])
def test_a_role_that_may_not_see_records_sees_no_timeline(house: House, desk: PlainTimelines, role: Role) -> None:
    for more in ("", "/rows", "/print", "/export.csv"):
        assert house.staff(role).get(STALLED + more).status_code == 403


def test_nobody_sees_it_without_a_login(house: House, desk: PlainTimelines) -> None:
    assert house.client().get(f"{STALLED}/rows").status_code == 302


def test_the_first_rows_come_with_the_page_and_links_lead_to_the_rest(client: FlaskClient) -> None:
    seen: list[str] = []
    path = MANY
    while path:
        page = client.get(path).text
        seen += re.findall(r'data-index="(\d+)"', page)
        older = re.search(r'href="([^"]+)">Older</a>', page)
        path = older[1].replace("&amp;", "&") if older else ""

    assert seen == [str(number) for number in range(len(many_touches(700)))]


def test_parts_have_the_rows_of_the_page(client: FlaskClient) -> None:
    page = client.get(MANY).text
    part = client.get(f"{MANY}/rows?skip=0&most=5").get_json()

    assert part["total"] == len(many_touches(700))
    assert part["first"] == 0
    assert len(part["rows"]) == 5
    assert all(row in page for row in part["rows"])


def test_a_part_is_never_longer_than_agreed_and_travels_small(client: FlaskClient) -> None:
    answer = client.get(f"{MANY}/rows?most=100000", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.data) < 80_000
    assert len(json.loads(gzip.decompress(answer.data))["rows"]) == 500


@pytest.mark.parametrize("numbers", ["skip=-5&most=-1", "skip=abc&most=xyz", "skip=99999999999999999999"])
def test_numbers_that_are_none_do_no_harm(client: FlaskClient, numbers: str) -> None:
    assert client.get(f"{MANY}/rows?{numbers}").status_code == 200
    assert client.get(f"{MANY}?{numbers}").status_code == 200


@pytest.mark.parametrize("view", ["all", "signals"])
def test_a_day_is_found_among_all_rows(client: FlaskClient, view: str) -> None:
    for days_ago in (0, 10, 60, 4000):
        day = (NOW - timedelta(days=days_ago)).date()
        first = client.get(f"{MANY}/rows?view={view}&at={day}").get_json()["first"]
        page = client.get(f"{MANY}?view={view}&at={day}").text

        times = re.findall(r'<time class="moment" datetime="([^"]+)"', rows_of(page)[0])
        assert re.findall(r'data-index="(\d+)"', page)[0] == str(first)
        assert times[0][:10] <= str(day) or days_ago == 4000


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "yesterday"])
def test_a_day_beyond_the_calendar_is_the_beginning_or_the_end(client: FlaskClient, day: str) -> None:
    assert client.get(f"{MANY}?at={day}").status_code == 200


def test_the_picture_of_all_the_time_stands_whatever_is_filtered(client: FlaskClient) -> None:
    whole = re.findall(r'class="strip-(?:signal|follow-up)" [^>]+', client.get(STALLED).text)
    filtered = re.findall(r'class="strip-(?:signal|follow-up)" [^>]+', client.get(f"{STALLED}?channel=chat").text)

    assert whole
    assert whole == filtered


def test_paper_has_all_rows_and_says_when_there_are_more(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(rows_of(client.get(f"{MANY}/print").text)) == len(many_touches(700))
    monkeypatch.setattr("motenashi.pages.timeline.timeline_page.PRINTED", 50)

    page = client.get(f"{MANY}/print").text

    assert len(rows_of(page)) == 50
    assert "Only the newest 50 rows are here." in page


def test_files_carry_the_query(client: FlaskClient, desk: PlainTimelines) -> None:
    sheet = client.get(f"{STALLED}/export.csv?channel=webinar")
    data = client.get(f"{STALLED}/export.json?channel=webinar")

    assert sheet.headers["Content-Disposition"] == "attachment; filename=timeline-lead.csv"
    assert sheet.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert desk.asked[-1][0] == Query(channels=frozenset({"webinar"}))
    assert "Connecting AeroBooks to your directory" in sheet.text
    assert any(row["title"] == "Connecting AeroBooks to your directory" for row in data.get_json())


def test_what_a_customer_wrote_stays_text(client: FlaskClient, desk: PlainTimelines) -> None:
    nasty = "<script>alert(1)</script>"
    desk.people["lead", "nasty"] = (
        nasty,
        [touch(1, 1, title=nasty), touch(2, 2, "follow_up", user_id=nasty, user=nasty)],
    )

    page = client.get(f"/records/leads/nasty/timeline?user={nasty}&channel={nasty}").text
    part = client.get("/records/leads/nasty/timeline/rows").get_json()["rows"]

    assert nasty not in page
    assert nasty not in "".join(part)


def test_a_channel_that_nobody_knows_is_shown_as_it_came(client: FlaskClient, desk: PlainTimelines) -> None:
    desk.people["lead", "odd"] = "Odd", [touch(1, 1, channel="pigeon", status="landed")]

    page = client.get("/records/leads/odd/timeline").text

    assert "pigeon" in page
    assert "landed" in page
    assert 'href="#c-other"' in page


def test_every_channel_has_its_own_sign_and_words_in_both_languages(client: FlaskClient, desk: PlainTimelines) -> None:
    desk.people["lead", "all"] = "All", [touch(n, n, channel=name) for n, name in enumerate(CHANNELS)]

    page = client.get("/records/leads/all/timeline").text

    drawn = dict(re.findall(r'<symbol id="c-([\w-]+)"[^>]*>(.*?)</symbol>', page))
    assert set(CHANNELS) <= set(drawn)
    assert len(set(drawn.values())) == len(drawn)
    assert all(f'href="#c-{name}"' in page for name in CHANNELS)


def test_days_are_the_houses(client: FlaskClient, desk: PlainTimelines) -> None:
    """20:00 in London is tomorrow in Tokyo."""
    desk.people["lead", "late"] = "Late", [touch(1, 13.5 / 24 + 1)]

    words = text_of(client.get("/records/leads/late/timeline").text)

    assert "Saturday 9 May 2026, 20:00 (JST)" in words


def test_japanese_days_are_written_as_in_japan(client: FlaskClient) -> None:
    page = client.get(f"{STALLED}?lang=ja").text

    assert ">3月31日<" in page
    assert ">2025年11月2日<" in page
    assert "2026年3月31日(火) 09:30 (JST)" in page


def test_of_the_whole_only_the_outline_is_asked_for(client: FlaskClient, desk: PlainTimelines) -> None:
    client.get(MANY)

    assert [(most, skip, outline) for _query, most, skip, outline in desk.asked] == [
        (ALL_ROWS, 0, True),
        (PAGE_LENGTH, 0, False),
    ]
    assert PAGE_LENGTH <= 500
