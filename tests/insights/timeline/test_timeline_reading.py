"""What stands on a timeline, on which side, and once; on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm_client.errors import CrmUnreachable
from crm_client.records import Activity, Lead
from motenashi.database import Database
from motenashi.insights.timeline.module_rhythms import ModuleRhythms
from motenashi.insights.timeline.reader import TimelineReader
from motenashi.insights.timeline.timeline import Query
from tests.insights.timeline.story_world import DAY, NOW, TOKYO, StoryWorld, told


@pytest.fixture
def world(database: Database) -> StoryWorld:
    return StoryWorld(database)


def test_signals_and_follow_ups_with_their_status(world: StoryWorld) -> None:
    world.mail(9, opened_at=NOW - 8 * DAY)
    world.mail(8, status="bounced", opened_at=NOW - 8 * DAY)
    world.mail(7, "in", "received")
    world.call(6, result="no_answer")
    world.call(5, "inbound", "missed")
    world.seen(4, "support", signal=False, status="closed")
    world.seen(3, "webinar", status="attended")

    assert told(world.read().rows) == [
        ">email opened", ">email bounced", "<email received", ">call no_answer", "<call missed",
        ">ticket closed", "<webinar attended",
    ]  # fmt: skip


def test_what_was_no_contact_is_not_told(world: StoryWorld) -> None:
    world.crm.save_activity(Activity("", "task", "Prepare", NOW - DAY, contact_id="c1", status="completed"))
    world.call(2, status="cancelled")
    world.call(3, status="open")
    world.call(-1)  # marked as done before it was
    world.mail(1, status="draft")
    world.seen(-0.5)

    assert world.read().rows == ()
    world.now = NOW + 0.6 * DAY
    assert told(world.read().rows) == ["<visit"]


def test_all_there_is_to_tell_of_a_touch(world: StoryWorld) -> None:
    world.seen(2, "survey", count=7, title="How did it go?", duration_s=90, pages=3, deal_id="d9")
    world.call(1)
    call, survey = (row.touch for row in world.read().rows)

    assert survey is not None and call is not None
    assert (survey.title, survey.count, survey.duration_s, survey.pages, survey.deal_id) == (
        "How did it go?",
        7,
        90,
        3,
        "d9",
    )
    assert (call.user_id, call.user, call.duration_s, call.title, call.type) == ("o1", "Aya Endo", 900, "Call", "")


def test_a_mail_that_stands_in_the_crm_twice_is_told_once(world: StoryWorld) -> None:
    mail = world.mail(3, "in", "received", key="mail:1")
    world.seen(3, "e-mail")  # as the mail walk writes it
    world.seen(2.9, "mail", key="mail:1")  # another tool, which was late, and knew the key
    world.call(2)
    world.seen(2, "call", signal=False)
    world.seen(2, "chat")  # at the same moment, but something else

    assert world.read().total == 3
    assert f"email:{mail.id}" in {row.touch.id for row in world.read().rows if row.touch}


def test_a_touchpoint_of_a_channel_nobody_knows_stays_visible(world: StoryWorld) -> None:
    world.seen(1, "carrier pigeon")

    assert told(world.read().rows) == ["<carrier pigeon"]
    assert world.read().channels == ("carrier pigeon",)


@pytest.mark.parametrize("said", [{"converted_contact_id": "c1"}, {"converted_deal_id": "d1"}], ids=["contact", "deal"])
def test_the_lead_that_became_this_contact_brings_its_history(world: StoryWorld, said: dict[str, str]) -> None:
    lead = world.lead(20)
    world.seen(19, contact_id="", lead_id="l1")
    world.mail(18, "in", contact_id="", lead_id="l1")
    world.deal(10)
    world.crm.save_lead(
        Lead("l1", lead.last_name, lead.company, status="Qualified", created_at=lead.created_at, **said)
    )

    assert told(world.read().rows) == [
        "leads.status=Not Contacted", "<visit", "<email delivered", "deals.stage=Qualification",
        "leads.status=Qualified",
    ]  # fmt: skip
    assert told(world.read(kind="lead", person_id="l1").rows) == [
        "leads.status=Not Contacted", "<visit", "<email delivered", "leads.status=Qualified",
    ]  # fmt: skip


def test_what_names_only_the_deal_is_of_the_deals_contact(world: StoryWorld) -> None:
    world.deal(10)
    world.call(5, contact_id="", deal_id="d1")
    world.seen(4, contact_id="c2", deal_id="d1")  # of somebody else

    assert told(world.read().rows) == ["deals.stage=Qualification", ">call answered"]


def test_milestones_last_until_the_next_one_and_count_what_lay_in_between(world: StoryWorld) -> None:
    world.deal(30)
    world.mail(25)
    world.seen(24)
    world.deal(20, "Needs Analysis")
    world.call(5)
    newest, first = (row.milestone for row in world.read(Query(view="milestones")).rows if row.milestone)

    assert (first.to_value, first.lasted_s, first.ended, first.signals, first.follow_ups) == (
        "Qualification", 10 * 86_400, True, 1, 1,
    )  # fmt: skip
    assert (newest.lasted_s, newest.ended, newest.signals, newest.follow_ups) == (20 * 86_400, False, 0, 1)
    assert (newest.outcome, newest.user, newest.deal) == ("open", "Aya Endo", "Laptops")


def test_views_fold_what_they_do_not_show_and_lose_nothing(world: StoryWorld) -> None:
    for ago in (9, 8, 7):
        world.mail(ago)
    world.seen(6)
    world.seen(5)
    world.mail(4)
    world.mail(3)
    signals = world.read(Query(view="signals"))

    assert told(signals.rows) == [">email delivered", "<visit", "<visit"]
    assert [touch.at for touch in signals.rows[-1].folded] == [NOW - 9 * DAY, NOW - 8 * DAY]
    assert [touch.at for touch in signals.unanswered] == [NOW - 4 * DAY, NOW - 3 * DAY]


def test_filters_by_channel_and_user(world: StoryWorld) -> None:
    world.deal(9)
    world.mail(8, owner_id="o2")
    world.call(7)
    world.call(6, "inbound", owner_id="o2")
    world.seen(5)

    assert told(world.read(Query(channels=frozenset({"call"}))).rows) == [
        "deals.stage=Qualification", ">call answered", "<call answered",
    ]  # fmt: skip
    by_aya = world.read(Query(users=frozenset({"o1"})))
    assert told(by_aya.rows) == ["deals.stage=Qualification", ">call answered", "<visit"]
    assert by_aya.summary == world.read().summary  # of the whole timeline, always
    assert by_aya.users == {"o1": "Aya Endo", "o2": "o2"}
    assert [row.gap_s for row in by_aya.rows] == [86_400, 86_400, None]


@pytest.mark.parametrize(
    ("query", "days"),
    [
        (Query(period="today"), [0]),
        (Query(period="yesterday"), [1]),
        (Query(period="last_7"), [6, 1, 0]),
        (Query(period="last_30"), [29, 7, 6, 1, 0]),
        (Query(period="day", day=date(2026, 5, 13)), [7]),
        (Query(period="range", first=date(2026, 4, 20), last=date(2026, 5, 13)), [30, 29, 7]),
        (Query(period="range", last=date(2026, 4, 20)), [30]),
        (Query(period="range", first=date(2026, 5, 19)), [1, 0]),
    ],
    ids=["today", "yesterday", "last 7", "last 30", "a day", "a range", "until", "since"],
)
def test_days_are_those_of_the_house(world: StoryWorld, query: Query, days: list[int]) -> None:
    first_minute = NOW - timedelta(hours=12)  # of today, in Tokyo
    for day in (30, 29, 7, 6, 1, 0):
        world.seen((NOW - first_minute + day * DAY) / DAY)
    shown = [round((first_minute - row.at) / DAY) for row in reversed(world.read(query).rows)]

    assert shown == days


def test_a_signal_of_the_period_brings_the_follow_up_before_it_along(world: StoryWorld) -> None:
    world.mail(40)
    world.seen(1)

    assert told(world.read(Query(view="signals", period="last_7")).rows) == [">email delivered", "<visit"]


def test_page_by_page(world: StoryWorld) -> None:
    for ago in range(1, 8):
        world.seen(ago)
    pages = [world.read(most=3, skip=skip) for skip in (0, 3, 6, 9)]

    assert [len(page.rows) for page in pages] == [3, 3, 1, 0]
    assert {page.total for page in pages} == {7}
    assert [row for page in pages for row in page.rows] == list(world.read(most=None).rows)


def test_gaps_are_marked_by_the_modules_mean_or_by_the_persons_own_rhythm(world: StoryWorld) -> None:
    for ago in (60, 50, 40, 30, 29.5, 19, 9, 0.5):
        world.seen(ago)
    world.rhythms.recompute(NOW)
    by_module, by_own = world.read(), world.read(Query(rhythm="own"))

    assert by_module.rhythm.mean_s == 59.5 * 86_400 / 7
    assert [row.inactive for row in by_module.rows] == [False, True, True, False, True, True, True, False]
    assert not any(row.inactive for row in by_own.rows)
    assert (by_own.rhythm.median_s, by_own.rhythm.gaps) == (10 * 86_400, 7)


def test_an_answer_by_nobody_ends_no_silence(world: StoryWorld) -> None:
    world.call(10)
    world.mail(9, "in", "automatic")
    world.seen(8, "campaign", signal=False)
    world.seen(7, "ticket", signal=False)
    world.seen(5)

    assert [row.gap_s for row in world.read().rows] == [5 * 86_400, None, None, None, None]


def test_of_nobody_there_is_no_timeline(world: StoryWorld) -> None:
    assert world.reader.read("contact", "nobody", Query()) is None
    assert world.reader.read("lead", "c1", Query()) is None
    assert world.reader.read("contact", "", Query()) is None
    assert world.reader.export("contact", "nobody", Query(), "csv") is None


def test_without_tables_nobody_says_that_nothing_happened(database: Database) -> None:
    reader = TimelineReader(database, TOKYO, ModuleRhythms(database, TOKYO), lambda: NOW)
    with pytest.raises(CrmUnreachable):
        reader.read("contact", "c1", Query())


def test_an_outline_tells_when_who_and_where_and_no_more(world: StoryWorld, database: Database) -> None:
    world.seen(2, "survey", count=7, title="How did it go?")
    world.call(1)
    reader = TimelineReader(database, TOKYO, ModuleRhythms(database, TOKYO), lambda: NOW)

    whole, outline = (reader.read("contact", "c1", Query(), outline=bare) for bare in (False, True))

    assert whole is not None and outline is not None
    assert [(row.at, row.gap_s, row.inactive) for row in outline.rows] == [
        (row.at, row.gap_s, row.inactive) for row in whole.rows
    ]
    call, survey = (row.touch for row in outline.rows)
    assert call is not None and survey is not None
    assert (survey.channel, survey.side, survey.title, survey.count) == ("survey", "signal", "", None)
    assert (call.channel, call.side, call.user) == (
        "call",
        "follow_up",
        whole.rows[0].touch and whole.rows[0].touch.user,
    )


def test_a_mail_to_many_is_a_campaign_and_ends_no_silence(world: StoryWorld, database: Database) -> None:
    world.mail(9, "in", "received")
    world.mail(5, purpose="campaign")
    world.mail(1)
    rhythms = ModuleRhythms(database, TOKYO)
    rhythms.recompute(NOW)

    rows = world.read().rows

    assert told(rows) == ["<email received", ">campaign delivered", ">email delivered"]
    assert [row.gap_s for row in rows] == [8 * 86_400, None, None]
    usual = rhythms.of("contacts")
    assert usual is not None and usual.mean_s == 8 * 86_400
