"""The sections of /voice without a browser: who may see them, what an address asks for, what its links lead to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.exc import OperationalError

from motenashi.database import Database
from motenashi.filters.desk import FilterDesk
from motenashi.filters.filter import FilterTooSlow
from motenashi.identity.roles import Role
from motenashi.pages.voice.wanted import arguments_of, wanted_for
from motenashi.voice_reports.quotes import PAGE
from motenashi.voice_reports.voice_reports import VoiceReports
from tests.pages.conftest import NOW, House, build_house, house
from tests.pages.voice.voice_house import add_voice_pages
from tests.voice_reports.lively_world import lively_voices
from tests.voice_reports.voices import TOKYO, Said, Voices, Word, more_said

__all__ = ["build_house", "house"]  # fixtures
SECTIONS = {
    "/voice": "How customers sound",
    "/voice/tones": "What they feel",
    "/voice/keywords": "The map",
    "/voice/competitors": "Who is named",
    "/voice/promoters": "By survey score",
    "/voice/promoters/tone/lost": "Turned away",
    "/voice/nps": "By industry",
    "/voice/before-a-loss": "Goes along with a loss",
    "/voice/before-a-loss?loss=churn": "customers who left",
    "/voice/responses": "What they said",
}
NUMBER = re.compile(r'href="(/lists/contacts\?[^"]+)"[^>]*>([\d,]+)</a>')


@pytest.fixture
def desk(house: House, sqlite_database: Database) -> VoiceReports:
    return add_voice_pages(house, sqlite_database)


def links_to_lists(page: str) -> Iterator[tuple[str, int]]:
    """Of every number that leads to a list: the filter, and the number."""
    for link, number in NUMBER.findall(page):
        yield parse_qs(urlsplit(unescape(link)).query)["filter"][0], int(number.replace(",", ""))


def pictures(page: str) -> list[dict[str, Any]]:
    return [json.loads(told) for told in re.findall(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)]


@pytest.mark.parametrize("path", SECTIONS)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_section_is_shown(house: House, desk: VoiceReports, path: str, language: str) -> None:
    browser = house.staff(Role.REPRESENTATIVE)

    answer = browser.get(path, headers={"Accept-Language": language})

    assert answer.status_code == 200
    if language == "en":
        assert SECTIONS[path] in answer.text
    assert "None" not in re.sub(r"<script.*?</script>", "", answer.text, flags=re.DOTALL)


@pytest.mark.parametrize("role", Role)
def test_only_some_roles_see_it(house: House, desk: VoiceReports, role: Role) -> None:
    may = role in (Role.SUPERVISOR, Role.REPRESENTATIVE, Role.ADMINISTRATOR)

    for path in SECTIONS:
        assert house.staff(role).get(path).status_code == (200 if may else 403)
    assert house.client().get("/voice").status_code == 302


@pytest.mark.parametrize("path", ["/voice", "/voice/tones", "/voice/keywords", "/voice/competitors"])
@pytest.mark.parametrize("arguments", ["", "?period=30", "?channel=email", "?language=ja&period=180"])
def test_the_list_behind_a_number_has_as_many(
    house: House, sqlite_database: Database, path: str, arguments: str
) -> None:
    voices = lively_voices(NOW, customers=120)
    voices.said = [one for one in voices.said if one.contact]  # a list of contacts has no leads
    add_voice_pages(house, sqlite_database, voices)
    filters = FilterDesk(sqlite_database, zone=TOKYO, clock=lambda: NOW)

    page = house.staff().get(path + arguments).text

    found = list(links_to_lists(page))
    assert len(found) >= 3
    for written, number in found:
        assert filters.count(filters.read("contacts", written)) == number, written


def test_a_click_on_a_bar_leads_to_the_same_people(house: House, sqlite_database: Database) -> None:
    voices = lively_voices(NOW, customers=120)
    voices.said = [one for one in voices.said if one.contact]
    add_voice_pages(house, sqlite_database, voices)
    filters = FilterDesk(sqlite_database, zone=TOKYO, clock=lambda: NOW)

    drawn = pictures(house.staff().get("/voice/tones").text)

    followed = 0
    for picture in drawn:
        for series in picture["series"]:
            for value, link in zip(series["values"], series["links"], strict=True):
                if link:
                    written = parse_qs(urlsplit(link).query)["filter"][0]
                    assert filters.count(filters.read("contacts", written)) == value
                    followed += 1
    assert followed > 40


def test_numbers_are_narrowed_by_a_filter_and_so_are_their_links(house: House, desk: VoiceReports) -> None:
    written = json.dumps({"if": [{"account.industry": "Retail"}, {"email": {"is_empty": True}}], "pattern": "1 or 2"})
    browser = house.staff()

    page = browser.get("/voice/tones", query_string={"module": "contacts", "filter": written}).text

    assert "Only:" in page
    assert "Everybody again" in page
    told, _number = next(links_to_lists(page))
    assert json.loads(told)["pattern"] == "(1 or 2) and 3"
    assert len(json.loads(told)["if"]) == 3


def test_a_filter_that_cant_be_used_is_told_of_and_nothing_is_counted(house: House, desk: VoiceReports) -> None:
    page = house.staff().get("/voice/tones?module=contacts&filter={%22if%22:{%22colour%22:1}}")

    assert page.status_code == 200
    assert "This filter can't be used" in page.text
    assert "colour" in page.text
    assert pictures(page.text) == []


@pytest.mark.parametrize(
    "arguments",
    [
        "period=-3",
        "period=ninety",
        "period=99999999999999999999",
        "from=2026-02-31&to=x",
        "from=2026-05-01&to=2026-04-01",
        "from=0001-01-01&to=0001-01-02",
        "from=9999-12-30&to=9999-12-31",
        "from=1990-01-01&to=2026-01-01",
        "channel=pigeon",
        "channel=email%00",
        "language=xx%00yy",
        "tone=loud&score=11-999999999999999999999",
        "after=99999999999999999999999-1",
        "after=1--2",
        "keyword=%00&by=nobody",
        "module=deals&filter=x",
        "group=everybody&measure=7",
        "skip=-1",
        "skip=99999999999999999999",
        "kind=all&by=1&loss=x",
    ],
)
def test_an_address_that_makes_no_sense_does_no_harm(house: House, desk: VoiceReports, arguments: str) -> None:
    browser = house.staff()
    for path in SECTIONS:
        assert browser.get(f"{path}{'&' if '?' in path else '?'}{arguments}").status_code == 200


def test_own_days_are_counted_and_kept_by_links(house: House, desk: VoiceReports) -> None:
    page = house.staff().get("/voice/tones?from=2026-03-01&to=2026-03-14").text

    assert 'href="/voice/keywords?from=2026-03-01&amp;to=2026-03-14"' in page
    assert pictures(page)[0]["labels"] == [f"{day} Mar" for day in range(1, 15)]


def test_nobody_has_said_anything_yet(house: House, sqlite_database: Database) -> None:
    add_voice_pages(house, sqlite_database, Voices())

    page = house.staff().get("/voice").text

    assert "Nothing heard yet" in page
    assert "python app.py voice backfill" in page


@pytest.mark.parametrize("path", [path for path in SECTIONS if "promoters" not in path])
def test_days_without_a_word_say_so(house: House, desk: VoiceReports, path: str) -> None:
    page = house.staff().get(f"{path}{'&' if '?' in path else '?'}from=2020-01-01&to=2020-01-31").text

    assert 'class="empty"' in page
    assert pictures(page) == []


def test_what_is_not_counted_yet_is_told(house: House, sqlite_database: Database, desk: VoiceReports) -> None:
    more_said(sqlite_database, [Said(10**6, NOW), Said(10**6 + 1, NOW)])

    assert "2 newer responses are not counted yet" in house.staff().get("/voice").text


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (FilterTooSlow("no"), "The database took too long."),
        (OperationalError("SELECT 1", {}, Exception("gone")), "The database does not answer."),
    ],
)
def test_a_database_in_trouble_is_told_calmly(
    house: House, desk: VoiceReports, monkeypatch: pytest.MonkeyPatch, trouble: Exception, words: str
) -> None:
    def fail(*_given: Any, **_named: Any) -> Any:
        raise trouble

    monkeypatch.setattr(desk, "tones", fail)

    page = house.staff().get("/voice/tones")

    assert page.status_code == 200
    assert words in page.text
    assert "Try again" in page.text


def test_responses_come_a_page_at_a_time(house: House, desk: VoiceReports) -> None:
    browser = house.staff()
    page, seen = browser.get("/voice/responses?tone=positive").text, []
    while True:
        seen += re.findall(r"<blockquote", page)
        more = re.search(r'href="(/voice/responses\?[^"]*after=[^"]*)"', page)
        if more is None:
            break
        page = browser.get(unescape(more[1])).text

    told = re.search(r"([\d,]+) responses,", page)
    assert told
    assert len(seen) == int(told[1].replace(",", "")) > PAGE


def test_what_is_asked_of_responses_can_be_taken_out_again(house: House, desk: VoiceReports) -> None:
    page = house.staff().get("/voice/responses?tone=negative&keyword=price&score=0-6").text

    assert 'href="/voice/responses?keyword=price&amp;score=0-6"' in page
    assert "“Price”" in page


def test_words_of_customers_are_text_and_nothing_else(house: House, sqlite_database: Database) -> None:
    evil = "<script>alert(1)</script> </script><!-- <b>price</b>"
    voices = Voices(
        contacts={"c1": "<i>Retail</i>"},
        said=[
            Said(1, NOW, contact="c1", text=evil, score=3, words=(Word("</script><b>x"), Word("<u>r", "competitor")))
        ],
    )
    add_voice_pages(house, sqlite_database, voices)
    browser = house.staff()

    for path in SECTIONS:
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert "<b>" not in page
        assert "<u>" not in page
        assert "<i>" not in page


def test_a_group_leads_to_its_people_and_their_words(house: House, desk: VoiceReports) -> None:
    browser = house.staff()
    page = browser.get("/voice/promoters/tone/won_back").text

    names = re.findall(r'href="/records/contacts/(c\d+)"', page)
    assert names
    (written,) = [
        parse_qs(urlsplit(unescape(link)).query)["filter"][0] for link in re.findall(r'href="(/lists/[^"]+)"', page)
    ]
    assert json.loads(written) == {"if": [{"id": {"in": names}}]}
    assert browser.get("/voice/responses?group=won_back").status_code == 200
    assert browser.get("/voice/promoters/tone/nobody").status_code == 404


def test_a_long_group_has_pages(house: House, sqlite_database: Database) -> None:
    said = [Said(number, NOW, contact=f"c{number:03}", tone="positive") for number in range(1, 121)]
    add_voice_pages(house, sqlite_database, Voices(contacts={one.contact: "" for one in said}, said=said))
    browser = house.staff()

    pages = [browser.get(f"/voice/promoters/tone/new_promoter?skip={skip}").text for skip in (0, 50, 100)]

    people = [name for page in pages for name in re.findall(r'href="/records/contacts/(c\d+)"', page)]
    assert sorted(people) == [one.contact for one in said]
    assert "skip=50" in pages[0]
    assert "skip=" not in pages[2].partition('class="more"')[2]


def test_leads_are_shown_as_leads(house: House, sqlite_database: Database) -> None:
    voices = Voices(leads=["l1"], said=[Said(1, NOW, lead="l1", tone="negative", text="Too dear.")])
    add_voice_pages(house, sqlite_database, voices)

    assert '"/records/leads/l1"' in house.staff().get("/voice/responses").text
    assert '"/records/leads/l1"' in house.staff().get("/voice/promoters/tone/new_detractor").text


def test_the_periods_end_is_today_in_the_house(house: House, sqlite_database: Database) -> None:
    """At 23:30 UTC it is tomorrow already in Tokyo."""
    house.now = NOW.replace(hour=23, minute=30)
    add_voice_pages(house, sqlite_database, Voices(said=[Said(1, house.now)]))

    page = house.staff().get("/voice/tones?period=30").text

    assert pictures(page)[0]["labels"][-1] == "12 May"
    assert sum(one["values"][-1] or 0 for one in pictures(page)[0]["series"]) == 0  # a response of nobody known
    assert "(1)" in page


def test_arguments_survive_a_round_trip() -> None:
    arguments = {
        "tone": "negative",
        "emotion": "happy",
        "intent": "complaint",
        "keyword": "価格",
        "keyword_kind": "competitor",
        "by": "us",
        "score": "0-6",
        "group": "lost",
        "measure": "score",
    }
    wanted, after = wanted_for({**arguments, "after": "123-4"})

    assert arguments_of(wanted) == arguments
    assert after == (123, 4)
    assert arguments_of(replace(wanted, scores=None)) == {
        name: one for name, one in arguments.items() if name != "score"
    }
