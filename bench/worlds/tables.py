"""Suggesters side by side, as tables for the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.table import Table

from bench.worlds.answers import from_file
from bench.worlds.hours import from_hour_file, score_hours, with_evidence
from bench.worlds.measures import Scores, Told
from bench.worlds.record import deal_ids, history
from bench.worlds.scores import score, truths
from bench.worlds.world import World


def of_answers(world: World, folder: Path) -> list[Table]:
    """The answers' files in a folder, scored; each is left out where it is missing."""
    tables = []
    if suggestions := _file(folder, "suggestions"):
        truth = truths(world)
        told = from_file(deal_ids(world.play, truth.rows), suggestions)
        tables.append(of_scores(str(suggestions), {"answers": [score(world, told, truth)]}))
    if times := _file(folder, "besttime"):
        record = history(world.play)
        contacts = with_evidence(record)
        answers = from_hour_file(world, record.contacts.ids[contacts], times)
        tables.append(of_scores(str(times), {"answers": [score_hours(world, contacts, answers)]}))
    return tables


def _file(folder: Path, name: str) -> Path | None:
    return next((path for ending in ("jsonl", "jsonl.gz") if (path := folder / f"{name}.{ending}").exists()), None)


def of_scores(title: str, told: Told) -> Table:
    table = Table(title=title, header_style="bold", title_justify="left")
    columns = list(next(iter(told.values()))[0])
    table.add_column("")
    for column in columns:
        table.add_column(column.replace("_", "\n"), justify="right")
    for name, scores in told.items():
        table.add_row(name, *(cell([one[column] for one in scores]) for column in columns))
    return table


def cell(values: Sequence[float]) -> str:
    """The mean over the seeds; empty when nothing was said."""
    said = [value for value in values if not math.isnan(value)]
    if not said:
        return ""
    mean = float(np.mean(said))
    return f"{mean:.0f}" if abs(mean) > 100 else f"{mean:.1f}" if abs(mean) > 1.5 else f"{mean:.3f}"


def mean(scores: Sequence[Scores], column: str) -> float:
    """NaN when nothing was said."""
    said = [one[column] for one in scores if column in one and not math.isnan(one[column])]
    return float(np.mean(said)) if said else math.nan
