"""Causes in companies whose truth is known: what is told, against what was planted; beside two plain ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from motenashi.storage.open_database import open_database
from motenashi.voice_reports.causes import Cause, Looked, cause_report
from motenashi.voice_reports.matched_risk import Stratum, p_value
from motenashi.voice_reports.question import Question
from tests.voice_reports.loss_worlds import PERIOD, Truth, loss_world
from tests.voice_reports.voices import TODAY, TOKYO, store

CUSTOMERS = 1_000
PLANTED = Truth(words={"word 20": 3.0, "word 25": 3.0, "word 33": 0.3}, rivals={"r1": 3.5})
NOTHING = Truth()
EVERYTHING = Looked(share=1.0)
Named = set[tuple[str, str]]


@dataclass
class Found:
    """Over all companies: right and wrong names that were told, and how often any wrong one was."""

    right: int = 0
    wrong: int = 0
    companies_with_wrong: int = 0
    shares: list[float] = field(default_factory=list)  # of each company: wrong of all told

    def add(self, told: Named, true: Named) -> None:
        wrong = told - true
        self.right += len(told & true)
        self.wrong += len(wrong)
        self.companies_with_wrong += bool(wrong)
        self.shares.append(len(wrong) / len(told) if told else 0.0)


def causes_page(folder: Path, seeds: int) -> Iterator[str]:
    yield f"Causes: {seeds} companies of {CUSTOMERS:,} customers with four things planted, {seeds} with none\n"
    yield "| way | recall | precision | told wrongly, mean share | nothing matters: companies told of anything |"
    yield "|---|---|---|---|---|"
    planted = _over(folder, PLANTED, seeds, 0)
    nothing = _over(folder, NOTHING, seeds, 10_000)
    true = len(_names(PLANTED)) * seeds
    for way, found in planted.items():
        told = found.right + found.wrong
        cells = [way, f"{found.right / true:.0%}", f"{found.right / told:.0%}" if told else "–"]
        cells += [f"{sum(found.shares) / seeds:.1%}", f"{nothing[way].companies_with_wrong} of {seeds}"]
        yield f"| {' | '.join(cells)} |"


def _over(folder: Path, truth: Truth, seeds: int, first: int) -> dict[str, Found]:
    true, found = (
        _names(truth),
        {way: Found() for way in ("ours", "said most often by the lost", "plain tests, p < 0.05")},
    )
    for seed in range(first, first + seeds):
        for way, told in _told(folder / f"{seed}.db", seed, truth).items():
            found[way].add(told, true)
    return found


def _told(file: Path, seed: int, truth: Truth) -> dict[str, Named]:
    database = open_database(f"sqlite:///{file}")
    store(database, loss_world(seed, truth, CUSTOMERS))
    last = TODAY.astimezone(TOKYO).date()
    question = Question(last - timedelta(days=PERIOD), last, TOKYO)
    with database.read() as connection:
        ours = cause_report(connection, question)
        everything = cause_report(connection, question, looked=EVERYTHING)
    database.engine.dispose()
    factors = [*everything.before_loss, *everything.before_keeping]
    often = Counter({(one.kind, one.name): one.lost for one in factors if one.kind in ("keyword", "competitor")})
    most = max(1, len(_names(truth)))
    return {
        "ours": _of(ours.before_loss) | _of(ours.before_keeping),
        "said most often by the lost": {name for name, _count in often.most_common(most)},
        "plain tests, p < 0.05": _of(tuple(one for one in factors if _plain_p(one) < 0.05)),
    }


def _of(causes: tuple[Cause, ...]) -> Named:
    """Only words: a tone or a channel is the same for everybody in these worlds."""
    return {(one.kind, one.name) for one in causes if one.kind in ("keyword", "competitor")}


def _plain_p(one: Cause) -> float:
    return p_value([Stratum(one.lost + one.kept, one.lost, one.lost_all + one.kept_all, one.lost_all)])


def _names(truth: Truth) -> Named:
    return {("keyword", name) for name in truth.words} | {("competitor", name) for name in truth.rivals}
