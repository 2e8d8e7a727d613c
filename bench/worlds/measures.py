"""All scores of all suggesters on worlds of one kind and size: what the tables and pages show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bench.worlds.answers import from_scores
from bench.worlds.followed import Adviser, follow
from bench.worlds.hours import HourAnswers, from_chances, score_hours, slot_chances, slots_of, with_evidence
from bench.worlds.naive import NAIVE, Suggester
from bench.worlds.naive_hours import NAIVE_HOURS
from bench.worlds.omniscient import Omniscient
from bench.worlds.play import Play
from bench.worlds.record import history
from bench.worlds.scores import score, truths
from bench.worlds.world import World, held_out, make_world

HELD_OUT: Final = 6000  # deals of the last months that nobody learned from; about a third of them are open
FRESH: Final = 1000  # deals that are lived through when a suggester is followed

Scores = Mapping[str, float]
Told = dict[str, list[Scores]]  # who -> scores, one a seed


@dataclass(frozen=True)
class Wanted:
    """`only`: naive, ours, or both (''); `fresh`: deals to follow, 0 for none."""

    only: str = ""
    fresh: int = 0
    held_out: int = HELD_OUT


def suggesters(only: str = "") -> list[Suggester]:
    naive: list[Suggester] = [] if only == "ours" else [kind() for kind in NAIVE]
    if only == "naive":
        return naive
    # The naive ones can be looked at while learning is being changed.
    from bench.worlds.ours import Motenashi

    return [*naive, Motenashi()]


def advice(kind: str, deals: int, seeds: Iterable[int], wanted: Wanted, say: Callable[[str], None] = print) -> Told:
    told: Told = {}
    for seed in seeds:
        world = make_world(kind, deals, seed)
        others = held_out(world, wanted.held_out)
        truth, record, asked = truths(others), history(world.play), history(others.play)
        for one in suggesters(wanted.only):
            say(f"{kind}, {deals} deals, seed {seed}: {one.name}")
            one.learn(record)
            scores = score(others, one.advise(asked, world.as_of), truth)
            told.setdefault(one.name, []).append({**scores, **_followed(world, one, wanted)})
        perfect = from_scores(truth.advance, ~truth.quiet, truth.advance)
        told.setdefault(Omniscient.name, []).append(
            {**score(others, perfect, truth), **_followed(world, Omniscient, wanted)}
        )
    return told


def _followed(world: World, adviser: Adviser | Callable[[Play], Adviser], wanted: Wanted) -> Scores:
    if not wanted.fresh:
        return {}
    lived = follow(world, adviser, deals=wanted.fresh)
    return {"points": lived.points, "+/-": lived.error, "contacts": lived.contacts, "reps_won": 100 * lived.reps}


def hours(kind: str, deals: int, seeds: Iterable[int], wanted: Wanted, say: Callable[[str], None] = print) -> Told:
    told: Told = {}
    for seed in seeds:
        world = make_world(kind, deals, seed)
        record = history(world.play)
        contacts = with_evidence(record)
        for name, answers in _hour_answers(world, record, contacts, wanted.only):
            say(f"{kind}, {deals} deals, seed {seed}: {name}")
            told.setdefault(name, []).append(score_hours(world, contacts, answers()))
    return told


def _hour_answers(world: World, record: Any, contacts: Any, only: str) -> list[tuple[str, Callable[[], HourAnswers]]]:
    listed: list[tuple[str, Callable[[], HourAnswers]]] = []
    if only != "ours":
        slots = slots_of(world)
        listed += [(name, partial(way, record, contacts, slots)) for name, way in NAIVE_HOURS.items()]
    if only != "naive":
        from bench.worlds.ours_hours import hours_of

        listed.append(("Motenashi", lambda: hours_of(world, record, contacts)))
    listed.append((Omniscient.name, lambda: from_chances(slot_chances(world, contacts))))
    return listed
