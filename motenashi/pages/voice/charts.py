"""A picture as data: what the script `voice.ts` draws, and the table behind it says in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

# Names of colours in voice.css; a script reads them from there, so that they are right in light and dark.
TONE_COLOURS = {"positive": "positive", "neutral": "neutral", "negative": "negative"}
PALETTE = tuple(f"chart-{number}" for number in range(1, 9))

Kind = Literal["stack", "bars", "lines", "map", "ranges"]
Format = Literal["number", "percent", "score", "times"]


@dataclass(frozen=True)
class Series:
    """`values`: one a label; None leaves it out. `links`: where a click on each goes, '' nowhere."""

    name: str
    colour: str
    values: Sequence[float | None]
    links: Sequence[str] = ()
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


@dataclass(frozen=True)
class Bubble:
    """Of a map: to the right what sounds better, upwards what more customers say. `links`: places of others in the
    list that are said together with it, and by how many."""

    label: str
    x: float
    y: float
    colour: str
    link: str
    words: str
    links: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class Chart:
    """`says`: the picture in a sentence, for those who don't see it. `mark`: where to draw a line, and its name."""

    kind: Kind
    says: str
    labels: Sequence[str] = ()
    series: Sequence[Series] = ()
    bubbles: Sequence[Bubble] = ()
    horizontal: bool = False
    format: Format = "number"
    unit: str = ""
    mark: tuple[float, str] | None = None
    axes: tuple[str, str] = ("", "")
    ends: tuple[str, str] = ("", "")
    colours: Sequence[str] = field(default_factory=tuple)  # of each bar, where there is one series

    @property
    def data(self) -> dict[str, Any]:
        return asdict(self)
