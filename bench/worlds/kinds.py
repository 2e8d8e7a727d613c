"""The kinds of worlds: what each assumes, in numbers.

* `like`: in the spirit of a small CRM of a trading company in Tokyo. A hidden promise of each deal drives its signals,
  the reps' choices (they see the signals, not the promise) and the chance to advance. Effects are stage x action with
  smaller deviations by industry, type and repeat business; doing the same again helps less each time; there is an ideal
  gap for each stage and type. Logistic, and the same throughout the two years.
* `form`: different in form. A company in Berlin with five open stages, summer time, people whose time zone is unknown.
  What an action does depends on what the customer did last; effects turn over the two years; months and weekdays
  matter; the link is a capped complementary log-log; reps sense part of the promise that no record shows.
* `chased`: like `like`, but promise decides more, effects are smaller and reps choose far more by what looks hot: what
  is done with good deals looks good, and plain rates mislead.
* `null`: nothing works. No action, gap, repetition or hour makes a difference; promise does, and reps chase it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

SOME_ZONES: Final = {
    "Asia/Tokyo": 0.6,
    "Asia/Singapore": 0.1,
    "Asia/Kolkata": 0.08,
    "Asia/Dubai": 0.06,
    "Europe/Istanbul": 0.06,
    "America/Sao_Paulo": 0.04,
    "America/Phoenix": 0.03,
    "America/Bogota": 0.03,
}
SUMMER_TIME_ZONES: Final = {
    "Europe/Berlin": 0.45,
    "Europe/London": 0.15,
    "Europe/Helsinki": 0.1,
    "America/New_York": 0.1,
    "Asia/Tokyo": 0.08,
    "Asia/Kolkata": 0.05,
    "Africa/Johannesburg": 0.04,
    "": 0.03,  # unknown; they live by Berlin's clock
}


@dataclass(frozen=True)
class Kind:
    """Widths (`..._sd`) and weights are on the scale of the linear predictor."""

    name: str
    stages: tuple[str, ...] = ("Qualification", "Needs Analysis", "Proposal", "Negotiation")
    base: tuple[float, ...] = (-1.35, -1.3, -0.95, -0.75)  # to advance
    loss: tuple[float, ...] = (-1.75, -1.95, -1.95, -2.2)  # to be lost, when it does not advance
    ideal_days: tuple[float, ...] = (6.5, 5.5, 5.0, 4.5)
    industries: tuple[str, ...] = (
        "Manufacturing",
        "Finance",
        "Construction",
        "Software",
        "Education",
        "Healthcare",
        "Retail",
        "Logistics",
    )
    time_zone: str = "Asia/Tokyo"
    as_of: str = "2025-12-30T15:00:00Z"
    business_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: int = 9
    closes: int = 18
    days: int = 730
    zones: tuple[tuple[str, float], ...] = tuple(SOME_ZONES.items())
    promise: float = 1.0
    heat: float = 0.5  # of the deal for a fortnight or so
    effect_sd: float = 0.36
    industry_sd: float = 0.22
    type_sd: float = 0.2
    repeat_sd: float = 0.15
    signal_sd: float = 0.0  # action x group of the customer's last signal
    repetition: float = 0.6
    gap: float = 0.45
    drift: float = 0.0  # share of a right angle by which the effects turn in two years
    season: float = 0.0
    link: str = "logistic"  # or "capped"
    chase: float = 0.8  # how much a rep's choice depends on the signals seen
    sense: float = 0.0  # ... and on the promise itself, which no record shows
    habit: float = 0.6
    hours: float = 1.0  # how much the hour matters to who answers; 0: not at all


LIKE: Final = Kind("like")
FORM: Final = Kind(
    "form",
    stages=("Incoming", "Qualified", "Technical Fit", "Offer", "Closing"),
    base=(-0.55, -0.65, -0.45, -0.45, -0.35),
    loss=(-1.8, -2.0, -2.1, -2.2, -2.4),
    ideal_days=(4.0, 6.0, 9.0, 7.0, 4.5),
    industries=("Machinery", "Chemicals", "Public Sector", "Food", "Energy"),
    time_zone="Europe/Berlin",
    as_of="2025-06-30T22:00:00Z",
    opens=8,
    closes=17,
    zones=tuple(SUMMER_TIME_ZONES.items()),
    promise=0.9,
    effect_sd=0.4,
    signal_sd=0.35,
    repetition=0.45,
    gap=0.6,
    drift=0.5,
    season=0.25,
    link="capped",
    chase=0.9,
    sense=0.5,
    habit=0.9,
)
CHASED: Final = replace(LIKE, name="chased", promise=1.3, effect_sd=0.25, chase=1.7, heat=0.7)
NULL: Final = replace(
    LIKE,
    name="null",
    effect_sd=0.0,
    industry_sd=0.0,
    type_sd=0.0,
    repeat_sd=0.0,
    repetition=0.0,
    gap=0.0,
    hours=0.0,
    base=(-1.6, -1.5, -1.1, -0.9),
)
KINDS: Final = {kind.name: kind for kind in (LIKE, FORM, CHASED, NULL)}
