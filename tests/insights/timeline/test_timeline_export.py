"""A timeline as a file: nothing missing, nothing that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io
import json

import pytest

from motenashi.database import Database
from motenashi.insights.timeline.export import COLUMNS, file_name
from motenashi.insights.timeline.timeline import Query
from tests.insights.timeline.story_world import StoryWorld


@pytest.fixture
def world(sqlite_database: Database) -> StoryWorld:
    return StoryWorld(sqlite_database)


def lines(world: StoryWorld, query: Query) -> list[dict[str, str]]:
    text = world.reader.export("contact", "c1", query, "csv")
    assert text is not None
    assert text.startswith("\ufeffat,what,")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_every_touch_and_milestone_is_a_line_the_newest_first(world: StoryWorld) -> None:
    world.deal(9)
    world.mail(8)
    world.seen(7, "survey", count=5, title="調査")
    survey, mail, stage = lines(world, Query())

    assert tuple(survey) == COLUMNS
    assert (survey["what"], survey["count"], survey["title"], survey["gap_s"]) == ("signal", "5", "調査", "86400")
    assert (mail["what"], mail["at"], mail["user"]) == ("follow_up", "2026-05-12T03:00:00Z", "Aya Endo")
    assert (stage["what"], stage["to_value"], stage["lasted_s"], stage["gap_s"]) == (
        "milestone", "Qualification", str(9 * 86_400), "",
    )  # fmt: skip


def test_what_a_view_folds_is_in_the_file(world: StoryWorld) -> None:
    for ago in (9, 8, 6, 5):
        world.mail(ago)
    world.seen(7)
    told = [(line["at"][8:10], line["folded"]) for line in lines(world, Query(view="signals"))]

    assert told == [("15", "true"), ("14", "true"), ("13", "false"), ("12", "false"), ("11", "true")]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1"])
def test_no_text_is_a_formula(world: StoryWorld, title: str) -> None:
    world.seen(1, title=title)
    world.seen(2, "=cmd|' /C calc'!A0")

    assert lines(world, Query())[0]["title"] == f"'{title}"
    assert lines(world, Query())[1]["channel"].startswith("'=")


def test_json_holds_what_the_api_tells(world: StoryWorld) -> None:
    world.deal(9)
    world.seen(7, title="価格")
    text = world.reader.export("contact", "c1", Query(), "json")

    assert text is not None and "価格" in text
    assert [row["at"] for row in json.loads(text)["rows"]] == ["2026-05-13T03:00:00Z", "2026-05-11T03:00:00Z"]


def test_the_file_has_a_plain_name(world: StoryWorld) -> None:
    assert file_name(world.read(), "csv") == "timeline-contact-c1.csv"
