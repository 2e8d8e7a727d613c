"""How well the next event and its time are foretold, split by time: `python -m bench.next_events [--log FILE]`.

Without a file, on a made-up log whose best possible accuracy is known. Beside ours, in the same run: the most frequent
activity, what most often came after the last one (order 1), and after the whole case so far; the median gap of each.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np

from bench.next_events_world import world
from motenashi.suggestions.next_events.event_log import EventLog
from motenashi.suggestions.next_events.moments import EPOCH, moment_of, told
from motenashi.suggestions.next_events.predict_files import predict_files
from motenashi.suggestions.next_events.read_log import read_log

DAY = 86_400.0
MOST_ASKED = 20_000


@dataclass(frozen=True)
class Case:
    name: str
    activities: tuple[str, ...]
    at: tuple[float, ...]


@dataclass(frozen=True)
class Question:
    """A begun case, and what came of it. `best`: the likeliest activity by the truth, when that is known."""

    activities: tuple[str, ...]
    at: tuple[float, ...]
    next: str
    gap: float
    best: str = ""


@dataclass(frozen=True)
class Answer:
    ranked: Sequence[str]
    gap: float


def main() -> None:
    told_to = argparse.ArgumentParser(description=__doc__)
    told_to.add_argument("--log", type=Path, help="a CSV file of cases; without it a log is made up")
    told_to.add_argument("--cases", type=int, default=4_000, help="how many to make up")
    told_to.add_argument("--share", type=float, default=2 / 3, help="the part of the cases to learn from")
    told_to.add_argument("--by", choices=("time", "case", "cut"), default="time", help=SPLITS_TOLD)
    told_to.add_argument("--shortest", type=int, default=2, help="events a prefix has at least")
    options = told_to.parse_args()
    print(page(options.log, options.cases, options.share, options.by, options.shortest))


SPLITS_TOLD = (
    "time: the cases that begin first; case: the first of the file, as Tax et al. (2017) did; "
    "cut: all events before a moment, and only what comes later is asked"
)


def page(log: Path | None, cases: int, share: float, by: str, shortest: int) -> str:
    found, best = (cases_of(read_log(log).log), {}) if log else made_up(cases)
    learned, asked = split(found, best, share, by, shortest)
    rows, footer = measured(learned, asked)
    events = sum(len(case.at) for case in learned)
    head = f"{log.name if log else 'made-up log'}: {events:,} events learned, {len(asked):,} asked"
    ceiling = [q for q in asked if q.best]
    lines = [head, "", "| method | first right | among three | error in days |", "|---|---|---|---|", *rows]
    if ceiling:
        lines.append(f"| the truth itself | {fmean(q.best == q.next for q in ceiling):.4f} | | |")
    return "\n".join([*lines, "", footer])


def cases_of(log: EventLog) -> list[Case]:
    ends = [*log.starts[1:], len(log)]
    return [
        Case(
            str(number),
            tuple(log.names[code] for code in log.activity[begin:end]),
            tuple(float(at) for at in log.at[begin:end]),
        )
        for number, (begin, end) in enumerate(zip(log.starts, ends, strict=True))
    ]


def made_up(cases: int) -> tuple[list[Case], dict[tuple[str, int], str]]:
    """The cases, and for each step of each the activity that was likeliest."""
    events = world(cases)
    best = {
        (case[0].case, place): max(event.likely, key=lambda one: event.likely[one])
        for case in events
        for place, event in enumerate(case)
        if event.likely
    }
    return [
        Case(case[0].case, tuple(e.activity for e in case), tuple((e.at - EPOCH).total_seconds() for e in case))
        for case in events
    ], best


def split(
    cases: list[Case], best: dict[tuple[str, int], str], share: float, by: str, shortest: int
) -> tuple[list[Case], list[Question]]:
    if by != "case":
        cases = sorted(cases, key=lambda case: case.at[0])
    first = round(len(cases) * share)
    learned, later, cut = cases[:first], cases[first:], -np.inf
    if by == "cut":
        cut = float(np.quantile([at for case in cases for at in case.at], share))
        parts = [(case, sum(at < cut for at in case.at)) for case in cases]
        learned = [Case(case.name, case.activities[:n], case.at[:n]) for case, n in parts if n]
        later = cases
    asked = [
        Question(
            case.activities[:n],
            case.at[:n],
            case.activities[n],
            case.at[n] - case.at[n - 1],
            best.get((case.name, n), ""),
        )
        for case in later
        for n in range(shortest, len(case.at))
        if case.at[n - 1] >= cut
    ]
    draw = np.random.default_rng(5)
    some = sorted(draw.choice(len(asked), min(len(asked), MOST_ASKED), replace=False))
    return learned, [asked[place] for place in some]


def measured(learned: list[Case], asked: list[Question]) -> tuple[list[str], str]:
    rows = [row(name, asked, list(map(answer(learned), asked))) for name, answer in BASELINES.items()]
    began, used = time.monotonic(), time.process_time()
    ours = our_answers(learned, asked)
    seconds, processor = time.monotonic() - began, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    footer = (
        f"Ours: {seconds:.1f} s, {processor:.1f} s of processor time, learning and answering; {memory:.0f} MB at most."
    )
    return [*rows, row("ours", asked, ours)], footer


def row(name: str, asked: list[Question], answers: list[Answer]) -> str:
    pairs = list(zip(asked, answers, strict=True))
    first = fmean(a.ranked[0] == q.next for q, a in pairs)
    three = fmean(q.next in a.ranked[:3] for q, a in pairs)
    error = fmean(abs(a.gap - q.gap) for q, a in pairs) / DAY
    return f"| {name} | {first:.4f} | {three:.4f} | {error:.3f} |"


def our_answers(learned: list[Case], asked: list[Question]) -> list[Answer]:
    with tempfile.TemporaryDirectory() as folder:
        train, prefixes, out = (Path(folder) / name for name in ("train.csv", "prefixes.jsonl", "out.jsonl"))
        with train.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(["case", "activity", "timestamp"])
            lines.writerows((c.name, a, told(at, 0)) for c in learned for a, at in zip(c.activities, c.at, strict=True))
        with prefixes.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(_as_prefix(number, q)) + "\n" for number, q in enumerate(asked))
        predict_files(train, prefixes, out)
        answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return [Answer(a["ranked"], _gap(a["next_at"], q)) for a, q in zip(answers, asked, strict=True)]


def _as_prefix(number: int, question: Question) -> dict[str, Any]:
    pairs = zip(question.activities, question.at, strict=True)
    return {"id": number, "events": [{"activity": name, "timestamp": told(at, 0)} for name, at in pairs]}


def _gap(next_at: str | None, question: Question) -> float:
    moment = moment_of(next_at)
    return moment.at - question.at[-1] if moment else 0.0


def by_context(context: Callable[[tuple[str, ...]], Any]) -> Callable[[list[Case]], Callable[[Question], Answer]]:
    """The plain method: what most often came after this context, and the median gap there."""

    def learn(cases: list[Case]) -> Callable[[Question], Answer]:
        counts: dict[Any, Counter[str]] = defaultdict(Counter)
        gaps: dict[Any, list[float]] = defaultdict(list)
        everywhere: Counter[str] = Counter()
        for before, name, gap in _steps(cases):
            counts[context(before)][name] += 1
            gaps[context(before)].append(gap)
            everywhere[name] += 1
        usual = [name for name, _ in everywhere.most_common(3)]
        gap_of = {key: median(found) for key, found in gaps.items()}
        of_all = median(gap for found in gaps.values() for gap in found)

        def answer(question: Question) -> Answer:
            key = context(question.activities)
            ranked = [name for name, _ in counts[key].most_common(3)] if key in counts else []
            return Answer([*ranked, *(name for name in usual if name not in ranked)], gap_of.get(key, of_all))

        return answer

    return learn


def _steps(cases: list[Case]) -> Iterator[tuple[tuple[str, ...], str, float]]:
    for case in cases:
        for n in range(1, len(case.at)):
            yield case.activities[:n], case.activities[n], case.at[n] - case.at[n - 1]


BASELINES = {
    "most frequent": by_context(lambda before: ()),
    "order 1": by_context(lambda before: before[-1:]),
    "order 2": by_context(lambda before: before[-2:]),
    "whole case": by_context(lambda before: before),
}

if __name__ == "__main__":
    main()
