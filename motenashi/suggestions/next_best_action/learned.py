"""All that was learned about the next best action: small tables, and their way into bytes and back."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import Flags, Numbers
from motenashi.suggestions.next_best_action.blocks import Scales
from motenashi.suggestions.next_best_action.columns import Columns
from motenashi.suggestions.next_best_action.counts import Counts
from motenashi.suggestions.next_best_action.effects import Effects
from motenashi.suggestions.next_best_action.settings import LearningSettings
from motenashi.suggestions.next_best_action.vocabulary import Vocabulary
from motenashi.suggestions.next_best_action.win_chance import WinChance

FORM = 1  # of the bytes; others are refused


class NotLearnedTables(ValueError):
    """The bytes are not what `to_bytes` of this version makes: learn again."""


@dataclass(frozen=True)
class LearnedFrom:
    """What stood behind it. `as_of`: seconds UTC. `qualified`: won deals with enough contacts for the threshold."""

    as_of: int
    deals: int
    closed: int
    won: int
    qualified: int
    decisions: int


@dataclass(frozen=True)
class LearnedActions:
    """`candidates`: which actions are suggested. `habits`: shares by stage and action. `ideal_days`, `doubt`: of the
    gap between contacts, by stage and type; `stays`: quartiles of days in stage by stage, type and industry (NaN:
    unknown); `event_hours`: by weekday and hour of the organisation, how much oftener than usual deals moved on after
    events."""

    words: Vocabulary
    scales: Scales
    settings: LearningSettings
    learned_from: LearnedFrom
    effects: Effects
    win: WinChance
    counts: Counts
    candidates: Flags
    habits: Numbers
    ideal_days: Numbers
    doubt: Numbers
    stays: Numbers
    event_hours: Numbers

    @property
    def speaks(self) -> bool:
        """False: the threshold that was set is not reached yet, and nothing is suggested."""
        return self.learned_from.qualified >= self.settings.need_won_deals

    def to_bytes(self) -> bytes:
        """An npz archive of numbers with the names in JSON; no code in it."""
        plain = {
            "form": FORM,
            "words": asdict(self.words),
            "scales": {
                "signals_a_day": self.scales.signals_a_day,
                "log_amount": self.scales.log_amount,
                "until": self.scales.until,
            },
            "settings": asdict(self.settings),
            "learned_from": asdict(self.learned_from),
        }
        text = np.frombuffer(json.dumps(plain).encode(), dtype=np.uint8)
        file = io.BytesIO()
        arrays: dict[str, Any] = {"plain": text, **self._arrays()}
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    def _arrays(self) -> dict[str, NDArray[Any]]:
        arrays: dict[str, NDArray[Any]] = {"usual_days": self.scales.usual_days}
        for name in ("candidates", "habits", "ideal_days", "doubt", "stays", "event_hours"):
            arrays[name] = getattr(self, name)
        arrays |= {"taken": self.counts.taken.astype(np.float32), "advanced": self.counts.advanced.astype(np.float32)}
        arrays |= _columns("level", self.effects.level) | _columns("action", self.effects.action)
        arrays |= _columns("win", self.win.columns)
        arrays |= {"win.of_columns": self.win.of_columns, "win.of_numbers": self.win.of_numbers}
        for name in _DRAWS:
            draws = getattr(self.effects, name)
            middle = draws.mean(axis=1)
            # Draws come in mirrored pairs: one half and the middle are all there is to keep.
            half = draws[:, : draws.shape[1] // 2] - middle[:, None]
            arrays |= {f"{name}.middle": middle, f"{name}.half": half.astype(np.float16)}
        return arrays | {"spread": self.effects.spread}

    @staticmethod
    def from_bytes(data: bytes) -> LearnedActions:
        """NotLearnedTables when the bytes are damaged or of another form."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            plain = json.loads(arrays["plain"].tobytes())
            if plain["form"] != FORM:
                raise NotLearnedTables(f"form {plain['form']} of learned tables; this version reads form {FORM}")
            return _read(plain, arrays)
        except NotLearnedTables:
            raise
        except Exception as error:  # whatever damaged bytes do to zip, numpy and JSON
            raise NotLearnedTables(f"damaged: {error}") from error


_DRAWS = ("level_draws", "number_draws", "action_draws", "repetition_draws")


def _read(plain: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> LearnedActions:
    words = Vocabulary(**{name: tuple(names) for name, names in plain["words"].items()})
    scales = plain["scales"]
    mean, spread = scales["log_amount"]
    known = {one.name for one in fields(LearningSettings)}
    draws = {name: _draws(arrays, name) for name in _DRAWS}
    return LearnedActions(
        words,
        Scales(arrays["usual_days"], scales["signals_a_day"], (mean, spread), scales["until"]),
        LearningSettings(**{name: value for name, value in plain["settings"].items() if name in known}),
        LearnedFrom(**plain["learned_from"]),
        Effects(_of(arrays, "level"), _of(arrays, "action"), **draws, spread=arrays["spread"]),
        WinChance(_of(arrays, "win"), arrays["win.of_columns"], arrays["win.of_numbers"]),
        Counts(arrays["taken"].astype(np.float64), arrays["advanced"].astype(np.float64)),
        *(arrays[name] for name in ("candidates", "habits", "ideal_days", "doubt", "stays", "event_hours")),
    )


def _draws(arrays: dict[str, NDArray[Any]], name: str) -> Numbers:
    middle, half = arrays[f"{name}.middle"][:, None], arrays[f"{name}.half"].astype(np.float64)
    return np.concatenate([middle + half, middle - half], axis=1)


def _columns(prefix: str, columns: Columns) -> dict[str, NDArray[Any]]:
    return {f"{prefix}.{one.name}": getattr(columns, one.name) for one in fields(Columns)}


def _of(arrays: dict[str, NDArray[Any]], prefix: str) -> Columns:
    return Columns(**{one.name: arrays[f"{prefix}.{one.name}"] for one in fields(Columns)})
