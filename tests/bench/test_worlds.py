"""The simulated companies: what is true in them, what their record shows, and that the truth stays out of it."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from bench.worlds import draws
from bench.worlds.files import FORMATS, write
from bench.worlds.kinds import FORM, KINDS, LIKE, NULL
from bench.worlds.play import OPEN, WON
from bench.worlds.record import history
from bench.worlds.words import ACTIONS, SUBJECTS
from bench.worlds.world import World, held_out, make_world
from motenashi.sales_history.from_files import read_files
from motenashi.sales_history.history import NEVER, SalesHistory
from motenashi.sales_history.purposes import purpose_of

HOUSE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def like() -> World:
    return make_world("like", 600, seed=4)


@pytest.fixture(scope="module")
def record(like: World) -> SalesHistory:
    return history(like.play)


def test_the_same_seed_makes_the_same_world_and_another_one_another() -> None:
    first, again, other = (make_world("form", 80, seed).play.state for seed in (1, 1, 2))

    assert np.array_equal(first.last_contact, again.last_contact)
    assert np.array_equal(first.heat, again.heat)
    assert not np.array_equal(first.last_contact, other.last_contact)


@pytest.mark.parametrize("kind", list(KINDS))
def test_some_deals_of_each_kind_of_world_are_won_some_lost_and_some_open(kind: str) -> None:
    outcome = make_world(kind, 400, seed=1).play.state.outcome

    assert np.bincount(outcome, minlength=3).min() > 5


def test_a_tiny_world_is_a_world() -> None:
    small = make_world("like", 30, seed=1)

    assert len(history(small.play).deals.ids) == 30
    assert set(np.unique(small.play.state.outcome)) <= {0, 1, 2}


def test_nothing_in_the_record_is_later_than_its_end(like: World, record: SalesHistory) -> None:
    moments = [record.activities.at, record.emails.at, record.touchpoints.at, record.stage_changes.at]
    moments += [getattr(record.emails, name) for name in ("opened_at", "opened_again_at", "clicked_at", "replied_at")]

    assert max(int(column.max()) for column in moments) <= like.as_of
    assert all((np.diff(column) >= 0).all() for column in moments[:3])


def test_a_record_of_an_earlier_morning_holds_only_what_was_known_then(like: World, record: SalesHistory) -> None:
    morning = like.as_of - 200 * 86400
    earlier = history(like.play, as_of=morning)

    assert earlier.emails.at.max() <= morning
    assert earlier.emails.replied_at.max() <= morning
    was_open = (record.deals.closed_at > morning) & (record.deals.created_at <= morning)
    assert (earlier.deals.closed_at[was_open] == NEVER).all()
    assert (earlier.deals.stage[was_open] < len(like.kind.stages)).all()


def test_a_part_of_the_deals_has_the_same_past_as_the_whole(like: World, record: SalesHistory) -> None:
    rows = np.array([5, 17, 300])
    part = history(like.play, rows=rows)

    assert part.deals.ids.tolist() == record.deals.ids[rows].tolist()
    for new, old in enumerate(rows):
        assert np.array_equal(part.emails.at[part.emails.deal == new], record.emails.at[record.emails.deal == old])
        assert np.array_equal(
            part.stage_changes.at[part.stage_changes.deal == new],
            record.stage_changes.at[record.stage_changes.deal == old],
        )


def test_contacts_of_the_company_are_in_its_business_hours(like: World, record: SalesHistory) -> None:
    ours = record.emails.at[record.emails.direction == 0] + 9 * 3600  # Tokyo has no summer time

    assert set(np.unique((ours // 86400 + 3) % 7)) <= set(like.kind.business_days)
    assert (ours % 86400 // 3600).min() >= like.kind.opens
    assert (ours % 86400 // 3600).max() < like.kind.closes


@pytest.mark.parametrize("form", list(FORMATS))
def test_files_are_read_without_a_row_left_out_and_say_what_the_record_says(
    form: str, like: World, tmp_path: Path
) -> None:
    record = history(make_world("form", 120, seed=2).play)
    write(record, tmp_path, form=form, seed=2)

    read = read_files(tmp_path)

    assert dict(read.left_out) == {}
    assert read.organisation == record.organisation
    for table in ("deals", "stage_changes", "activities", "emails", "touchpoints", "contacts"):
        assert _told(read, table) == _told(record, table)


def _told(told: SalesHistory, table: str) -> list[tuple[object, ...]]:
    """Rows with names instead of codes, sorted: codes may come in any order, and equal moments, too."""
    names, rows = told.names, getattr(told, table)
    of = {"stage": names.stages, "from_stage": names.stages, "to_stage": names.stages, "purpose": names.purposes}
    of |= {"type": names.touchpoint_types if table == "touchpoints" else names.types, "industry": names.industries}
    of |= {"lead_source": names.lead_sources, "channel": names.channels, "time_zone": names.time_zones}
    of |= {"deal": told.deals.ids, "contact": told.contacts.ids, "owner": told.users.ids, "account": told.accounts.ids}
    columns = [
        [(of[field.name][code] if code >= 0 else None) for code in column] if field.name in of else column.tolist()
        for field in fields(rows)
        for column in [getattr(rows, field.name)]
    ]
    return sorted(zip(*columns, strict=True), key=repr)


def test_purposes_are_missing_from_files_and_their_subjects_tell_them(record: SalesHistory, tmp_path: Path) -> None:
    write(record, tmp_path, form="jsonl", seed=1)

    mails = [json.loads(line) for line in (tmp_path / "emails.jsonl").read_text(encoding="utf-8").splitlines()]
    ours = [mail for mail in mails if mail["direction"] == "out"]
    nameless = [mail for mail in ours if mail["purpose"] is None]

    assert 0.2 < len(nameless) / len(ours) < 0.35
    assert all(purpose_of(subject) == purpose for purpose, subjects in SUBJECTS.items() for subject in subjects)


def test_the_truth_is_in_no_file(like: World, tmp_path: Path) -> None:
    write(history(like.play), tmp_path, form="jsonl", seed=1)
    text = "".join(file.read_text(encoding="utf-8") for file in tmp_path.iterdir())

    assert not [
        word for word in ("promise", "heat", "ideal", "profile", "effect", "level", "intensity") if word in text
    ]


def test_no_room_of_the_house_knows_the_worlds() -> None:
    folders = (HOUSE / name for name in ("motenashi", "crm_client", "nlp", "plugs"))

    told = [file for folder in folders for file in folder.rglob("*.py") if "bench" in file.read_text(encoding="utf-8")]

    assert not [file for file in told if "from bench" in file.read_text() or "import bench" in file.read_text()]


def test_in_the_null_world_no_action_gap_or_hour_makes_a_difference() -> None:
    world = make_world("null", 200, seed=1)
    play, rows = world.play, world.open_deals()

    chances = play.chances(rows, np.full(len(rows), world.as_of))
    late = play.chances(rows, np.full(len(rows), world.as_of), np.full(len(rows), 60.0))
    hours = [
        play.answer_chance(np.arange(20), np.full(20, day), np.full(20, hour)) for day in (0, 6) for hour in (3, 10)
    ]

    assert np.allclose(chances, chances[:, :1])
    assert np.allclose(chances, late)
    assert all(np.allclose(one, hours[0]) for one in hours)


def test_doing_the_same_again_and_a_wrong_gap_help_less(like: World) -> None:
    play, rows = like.play, like.open_deals()
    at, ideal = np.full(len(rows), like.as_of), play.truth.ideal[play.state.stage[rows], play.deals.type[rows]]
    best, hasty, late = (play.chances(rows, at, ideal * factor) for factor in (1.0, 0.4, 2.5))
    play.state.counts[rows] += 1
    again = play.chances(rows, at, ideal)
    play.state.counts[rows] -= 1

    assert (best > hasty).all()
    assert (best > late).all()
    assert (best >= again).all()  # the fifth time is no worse than the fourth
    assert (best > again).mean() > 0.95


def test_promise_drives_signals_and_success_and_reps_chase_it_without_seeing_it(like: World) -> None:
    world = make_world(replace(LIKE, sense=0.0), 3000, seed=1)
    play = world.play
    signals = np.bincount(play.log.table("signals")["deal"], minlength=3000) / np.maximum(play.state.steps, 1)
    table = play.log.table("contacts")
    meets = np.array([action.startswith("event") for action in ACTIONS])[table["action"]]
    share = np.bincount(table["deal"], meets, 3000) / np.maximum(np.bincount(table["deal"], minlength=3000), 1)
    promise, won = play.deals.promise, play.state.outcome == WON

    assert np.corrcoef(promise, signals)[0, 1] > 0.15
    assert promise[won].mean() > promise[play.state.outcome != OPEN].mean() + 0.3
    assert np.corrcoef(promise, share)[0, 1] > 0.05


def test_the_other_form_has_what_the_first_has_not() -> None:
    world = make_world("form", 300, seed=1)
    truth, play, rows = world.truth, world.play, world.open_deals()
    first, last = truth.effect(np.array([truth.starts, truth.as_of]))
    at = np.full(len(rows), world.as_of)

    assert not np.allclose(first, last)
    assert not np.allclose(truth.by_signal[1], truth.by_signal[2])
    assert not np.allclose(
        play.chances(rows, at, np.full(len(rows), 5.0)), play.chances(rows, at - 86400 * 182, np.full(len(rows), 5.0))
    )
    assert truth.chance(np.array([50.0]))[0] < 0.9
    assert (history(play).contacts.time_zone < 0).any()
    assert np.allclose(*make_world("like", 30, seed=1).truth.effect(np.array([truth.starts, truth.as_of])))


def test_held_out_deals_are_of_the_same_company_and_nobody_learned_from_them(like: World) -> None:
    others = held_out(like, 300)

    assert others.people is like.people
    assert not set(history(others.play).deals.ids) & set(history(like.play).deals.ids)
    assert len(others.open_deals()) > 50


def test_luck_is_the_same_for_the_same_question_and_even() -> None:
    asked = draws.uniform(7, np.arange(20000), 3)

    assert np.array_equal(asked, draws.uniform(7, np.arange(20000), 3))
    assert not np.array_equal(asked, draws.uniform(7, np.arange(20000), 4))
    assert abs(asked.mean() - 0.5) < 0.01
    assert np.histogram(asked, 10, (0, 1))[0].min() > 1850
    assert abs(np.corrcoef(asked, draws.uniform(8, np.arange(20000), 3))[0, 1]) < 0.03


def test_the_kinds_say_different_things() -> None:
    assert NULL.effect_sd == 0.0
    assert NULL.hours == 0.0
    assert FORM.link != LIKE.link
    assert FORM.stages != LIKE.stages
