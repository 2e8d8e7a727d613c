"""Best times, asked of the truth: how much of the answer chance of a person's three best hours a suggester reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.worlds.answers import read_lines
from bench.worlds.clock import DAY, HOUR, BusinessClock, local
from bench.worlds.world import World
from motenashi.sales_history.history import SalesHistory
from motenashi.suggestions.best_time.best_times import BestTimes

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]
THREE: Final = 3


@dataclass(frozen=True)
class HourAnswers:
    """Rows are contacts. `slots`: up to three, numbered like the columns of `slot_chances`, -1 where none was said.
    `preference`: the person is said to have one."""

    slots: Codes
    p: Numbers
    preference: NDArray[np.bool_]


def slots_of(world: World) -> list[tuple[int, int]]:
    """(weekday, hour) on the company's clock, in business hours."""
    kind = world.kind
    return [(day, hour) for day in kind.business_days for hour in range(kind.opens, kind.closes)]


def slot_chances(world: World, contacts: Codes) -> Numbers:
    """Contacts x slots: the true chance that a call is answered, in the week after `as_of` (middle of each hour)."""
    clock = BusinessClock(world.kind)
    midnight = int(clock.midnight(np.array([world.as_of + HOUR]))[0])
    first, _ = clock.local(np.array([midnight]))
    zones = world.play.zones
    columns = []
    for day, hour in slots_of(world):
        at = np.full(len(contacts), midnight + (day - int(first[0])) % 7 * DAY + hour * HOUR + HOUR // 2)
        weekday, there = local(zones, world.people.contact_zone[contacts], at)
        columns.append(world.play.answer_chance(contacts, weekday, there))
    return np.stack(columns, axis=1)


def with_evidence(history: SalesHistory) -> Codes:
    """Contacts with whom anything has happened."""
    seen = (history.activities.contact, history.emails.contact, history.touchpoints.contact)
    found = np.unique(np.concatenate(seen))
    return found[found >= 0].astype(np.int64)


def score_hours(world: World, contacts: Codes, answers: HourAnswers) -> dict[str, float]:
    """`share`: mean true chance of the three slots said, divided by that of the three best, over the contacts (a person
    for whom fewer were said: the missing ones count like an hour by chance). `error`: mean distance of stated and true
    chance in ten bins. `preference`: share of people said to prefer some hours."""
    true = slot_chances(world, contacts)
    best = np.sort(true, axis=1)[:, -THREE:].mean(axis=1)
    said = answers.slots >= 0
    reached = np.where(said, np.take_along_axis(true, np.maximum(answers.slots, 0), axis=1), true.mean(axis=1)[:, None])
    return {
        "people": float(len(contacts)),
        "share": float((reached.mean(axis=1) / best).mean()),
        "error": _error(answers.p[said], np.take_along_axis(true, np.maximum(answers.slots, 0), axis=1)[said]),
        "preference": float(answers.preference.mean()),
    }


def _error(said: Numbers, true: Numbers) -> float:
    true, said = true[~np.isnan(said)], said[~np.isnan(said)]
    if not len(said):
        return float("nan")
    bins = np.array_split(np.argsort(said), 10)
    return float(sum(abs(said[part].mean() - true[part].mean()) * len(part) for part in bins if len(part)) / len(said))


def from_chances(chances: Numbers, *, preference: bool | NDArray[np.bool_] = True) -> HourAnswers:
    slots = np.argsort(-chances, axis=1, kind="stable")[:, :THREE]
    p = np.take_along_axis(chances, slots, axis=1)
    return HourAnswers(slots, p, np.broadcast_to(np.asarray(preference), len(chances)))


def from_best_times(world: World, contact_ids: Iterable[str], told: Iterable[BestTimes]) -> HourAnswers:
    place = {slot: number for number, slot in enumerate(slots_of(world))}
    of_person = {one.person_id: one for one in told}
    wanted = list(contact_ids)
    answers = _none(len(wanted))
    for row, contact_id in enumerate(wanted):
        one = of_person.get(contact_id)
        if one is None:
            continue
        answers.preference[row] = one.preference
        for number, slot in enumerate(one.slots[:THREE]):
            answers.slots[row, number] = place.get((slot.weekday, slot.hour), -1)
            answers.p[row, number] = slot.p
    return answers


def from_hour_file(world: World, contact_ids: Iterable[str], file: Path) -> HourAnswers:
    place = {slot: number for number, slot in enumerate(slots_of(world))}
    told = {row["contact_id"]: row["slots"] for row in read_lines(file)}
    wanted = list(contact_ids)
    answers = _none(len(wanted))
    for row, contact_id in enumerate(wanted):
        slots = told.get(contact_id, ())
        answers.preference[row] = any(slot.get("stars", 0) > 0 for slot in slots)
        for number, slot in enumerate(slots[:THREE]):
            answers.slots[row, number] = place.get((slot["weekday"], slot["hour"]), -1)
            answers.p[row, number] = slot.get("p", np.nan)
    return answers


def _none(count: int) -> HourAnswers:
    return HourAnswers(np.full((count, THREE), -1), np.full((count, THREE), np.nan), np.zeros(count, bool))
