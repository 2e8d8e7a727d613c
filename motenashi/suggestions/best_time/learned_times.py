"""What was learned about when people answer: small tables that travel as bytes (npz with JSON inside, never pickle)."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from motenashi.suggestions.best_time.answer_model import AnswerModel
from motenashi.suggestions.best_time.group_shares import GroupShares
from motenashi.suggestions.best_time.profiles import Profiles

_FORMAT = 1


@dataclass(frozen=True)
class HourTest:
    """Does the hour of an attempt tell anything? `gain`: by how much later attempts were foretold better with the
    hour than without, in log probability a person; `certainty`: that gain over its standard error."""

    attempts: int
    gain: float
    certainty: float
    matters: bool


@dataclass(frozen=True)
class LearnedTimes:
    """`zones`: shares of the known time zones, for people whose zone is
    unknown. `people`: how many it was learned from. `learned_at`: the end of the record, aware."""

    profiles: Profiles
    tests: Mapping[str, HourTest]
    zones: Mapping[str, float]
    industries: tuple[str, ...]
    by_industry: GroupShares
    accounts: tuple[str, ...]
    by_account: GroupShares
    people: int
    learned_at: datetime

    def to_bytes(self) -> bytes:
        arrays: dict[str, Any] = {
            "about": np.asarray(json.dumps(self._about(), ensure_ascii=False)),
            "shares": self.profiles.shares,
            "densities": self.profiles.densities,
            "accounts": np.asarray(self.accounts, dtype=np.str_),
            "industry_sums": self.by_industry.sums,
            "account_sums": self.by_account.sums.astype(np.float32),
        }
        for channel, model in self.profiles.answers.items():
            arrays[f"{channel}.coefficients"] = model.coefficients
            arrays[f"{channel}.covariance"] = model.covariance
            arrays[f"{channel}.widths"] = model.widths
        out = io.BytesIO()
        np.savez_compressed(out, **arrays)
        return out.getvalue()

    def _about(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "learned_at": self.learned_at.isoformat(),
            "people": self.people,
            "zones": dict(self.zones),
            "industries": list(self.industries),
            "strengths": [self.by_industry.strength, self.by_account.strength],
            "tests": {channel: vars(test) for channel, test in self.tests.items()},
        }

    @staticmethod
    def from_bytes(data: bytes) -> LearnedTimes:
        """ValueError when these are no learned times, or of another format."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                return _read({name: arrays[name] for name in arrays.files})
        except (KeyError, OSError, EOFError, TypeError) as error:
            raise ValueError("these bytes hold no learned best times") from error
        except Exception as error:  # zipfile has an error of its own for every way to be broken
            raise ValueError("these bytes hold no learned best times") from error


def _read(arrays: Mapping[str, Any]) -> LearnedTimes:
    about = json.loads(str(arrays["about"]))
    if about["format"] != _FORMAT:
        raise ValueError(f"learned best times of format {about['format']}; this is {_FORMAT}")
    tests = {channel: HourTest(**test) for channel, test in about["tests"].items()}
    shares = arrays["shares"]
    answers = {channel: _model(arrays, channel, len(shares), test.matters) for channel, test in tests.items()}
    industry, account = about["strengths"]
    return LearnedTimes(
        Profiles(shares, arrays["densities"], answers),
        tests,
        about["zones"],
        tuple(about["industries"]),
        GroupShares(arrays["industry_sums"], industry),
        tuple(arrays["accounts"].tolist()),
        GroupShares(arrays["account_sums"].astype(np.float64), account),
        about["people"],
        datetime.fromisoformat(about["learned_at"]).astimezone(UTC),
    )


def _model(arrays: Mapping[str, Any], channel: str, profiles: int, hours: bool) -> AnswerModel:
    parts = (arrays[f"{channel}.{name}"] for name in ("coefficients", "covariance", "widths"))
    coefficients, covariance, widths = parts
    return AnswerModel(coefficients, covariance, widths, profiles, hours)
