"""What a suggester says, as columns: for each open deal of a history, in the order of its rows."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.worlds.words import ACTIONS, KIND_OF
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]
_PLACE = {action: number for number, action in enumerate(ACTIONS)}
_KINDS = {kind: [number for number, one in enumerate(KIND_OF) if one == kind] for kind in set(KIND_OF)}


@dataclass(frozen=True)
class Answers:
    """`ranked`: deals x actions, codes, best first, -1 where nothing more was said; a deal that was not answered has
    only -1. `p`, `low`, `high`: deals x actions (by code), NaN where not said; the latter two are of the lift."""

    suggest: NDArray[np.bool_]
    ranked: Codes
    p: Numbers
    low: Numbers
    high: Numbers

    @property
    def best(self) -> Codes:
        return self.ranked[:, 0]


def nothing(count: int) -> Answers:
    empty = np.full((count, len(ACTIONS)), np.nan)
    return Answers(np.zeros(count, bool), np.full((count, len(ACTIONS)), -1), empty, empty.copy(), empty.copy())


def from_scores(scores: Numbers, suggest: NDArray[np.bool_], p: Numbers | None = None) -> Answers:
    """The action with the highest score first."""
    answers = nothing(len(scores))
    said = answers.p if p is None else p
    return Answers(suggest, np.argsort(-scores, axis=1, kind="stable"), said, answers.low, answers.high)


def from_advice(deal_ids: Iterable[str], advice: Iterable[DealAdvice]) -> Answers:
    told = {one.deal_id: one for one in advice}
    wanted = list(deal_ids)
    answers = nothing(len(wanted))
    for row, deal_id in enumerate(wanted):
        one = told.get(deal_id)
        if one is None:
            continue
        answers.suggest[row] = one.suggest
        codes = [_PLACE[action.name] for action in one.ranked if action.name in _PLACE]
        answers.ranked[row, : len(codes)] = codes
        for action in one.ranked:
            if action.name in _PLACE:
                code = _PLACE[action.name]
                answers.p[row, code] = action.p
                answers.low[row, code], answers.high[row, code] = action.low, action.high
    return answers


def from_file(deal_ids: Iterable[str], file: Path) -> Answers:
    """suggestions.jsonl (or .gz). A bare kind stands for the first action of that kind in the ranking, or any."""
    told = {row["deal_id"]: row for row in read_lines(file)}
    wanted = list(deal_ids)
    answers = nothing(len(wanted))
    for row, deal_id in enumerate(wanted):
        one = told.get(deal_id, {"suggest": False})
        answers.suggest[row] = bool(one["suggest"])
        codes = _codes(one)
        answers.ranked[row, : len(codes)] = codes
        if codes and one.get("p") is not None:
            answers.p[row, codes[0]] = one["p"]
    return answers


def _codes(one: Mapping[str, Any]) -> list[int]:
    names = list(dict.fromkeys(name for name in (one.get("action"), *(one.get("ranked") or ())) if name))
    codes = [_PLACE[name] for name in names if name in _PLACE]
    if names and names[0] in _KINDS:
        of_kind = _KINDS[names[0]]
        codes = [next((code for code in codes if code in of_kind), of_kind[0]), *codes]
    return list(dict.fromkeys(codes))


def read_lines(file: Path) -> list[dict[str, Any]]:
    raw = file.read_bytes()
    lines = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode().split("\n")
    return [json.loads(line) for line in lines if line.strip()]
