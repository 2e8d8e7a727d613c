"""Where each step of a flow stands in its picture: layer by layer, from the first step down.

A step's layer is the fewest turns-offs from the first step (breadth first), so a line to a new step always goes one
layer down. All other lines (back to the menu, sideways, into another flow) would cross the picture; they become
small signs on the step they leave from. Within a layer, steps stand below the steps they come from.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

NODE_WIDTH = 184
GAP = 20  # between two steps of a layer
LAYER_GAP = 58  # between two layers
LABEL_GAP = 26  # more, where words stand beside the lines
MARGIN = 16
HEAD = 58  # a step's kind, name and words
SIGN = 22  # one sign below them
WORDS_FIT = 23  # half-width letters in a step's width


@dataclass(frozen=True)
class Step:
    id: str
    words: str = ""


@dataclass(frozen=True)
class Line:
    source: str
    target: str
    words: str = ""


@dataclass(frozen=True)
class Sign:
    """A way on that is not drawn as a line; its arrow says whether it leads back, aside or out of the picture."""

    target: str
    words: str
    y: int
    arrow: str


@dataclass(frozen=True)
class Box:
    """A step's place; x, y is its upper left corner, in the picture's units."""

    id: str
    words: str
    x: int
    y: int
    height: int
    signs: tuple[Sign, ...] = ()
    reachable: bool = True
    width: int = NODE_WIDTH

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True)
class Curve:
    source: str
    target: str
    path: str
    words: str  # all of them, for the title
    short: str
    x: int
    y: int


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    boxes: tuple[Box, ...] = ()
    curves: tuple[Curve, ...] = field(default_factory=tuple)


def draw(steps: Sequence[Step], lines: Sequence[Line]) -> Picture:
    """The first step is where the flow begins. Lines to steps that are not here are signs; equal lines are one."""
    if not steps:
        return Picture(2 * MARGIN, 2 * MARGIN)
    known = {step.id for step in steps}
    lines = _joined([line for line in lines if line.source in known])
    reached = _reached(steps, lines)
    depth = _depths(steps, reached)
    layers = _layers(steps, lines, depth)
    down = [line for line in lines if line.target in depth and depth[line.target] == depth[line.source] + 1]
    signs = _signs([line for line in lines if line not in down], depth)
    columns = _columns(layers, down)
    boxes: dict[str, Box] = {}
    crossings: dict[str, int] = {}
    bottom = MARGIN - LAYER_GAP
    words = {step.id: shorten(step.words, WORDS_FIT) for step in steps}
    for layer in layers:
        labels = any(line.words and line.target in layer for line in down)
        y = bottom + LAYER_GAP + (LABEL_GAP if labels else 0)
        for name in layer:
            ways = signs.get(name, ())
            height = HEAD + SIGN * len(ways) + (8 if ways else 0)
            boxes[name] = Box(name, words[name], columns[name], y, height, ways, name in reached)
        bottom = y + max(boxes[name].height for name in layer)
        # Neighbours' lines turn at different heights, to be told apart.
        crossings |= {name: bottom + 14 + 7 * (place % 4) for place, name in enumerate(layer)}
    width = max(box.x for box in boxes.values()) + NODE_WIDTH + MARGIN
    curves = tuple(_curve(boxes, line, crossings[line.source]) for line in down)
    return Picture(width, bottom + MARGIN, tuple(boxes.values()), curves)


def shorten(text: str, fits: int) -> str:
    """The text as far as it fits; full-width letters count two."""
    text, used = " ".join(text.split()), 0
    for place, letter in enumerate(text):
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > fits:
            return text[: max(0, place - 1)].rstrip() + "…"
    return text


def _joined(lines: Sequence[Line]) -> list[Line]:
    """Lines between the same two steps as one, their words side by side."""
    words: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        known = words.setdefault((line.source, line.target), [])
        if line.words and line.words not in known:
            known.append(line.words)
    return [Line(source, target, " / ".join(said)) for (source, target), said in words.items()]


def _reached(steps: Sequence[Step], lines: Sequence[Line]) -> dict[str, int]:
    """Each step that can be reached from the first one, and how many lines away it is."""
    onward: dict[str, list[str]] = {step.id: [] for step in steps}
    for line in lines:
        if line.target in onward:
            onward[line.source].append(line.target)
    depth, waiting = {steps[0].id: 0}, deque([steps[0].id])
    while waiting:
        here = waiting.popleft()
        for there in onward[here]:
            if there not in depth:
                depth[there] = depth[here] + 1
                waiting.append(there)
    return depth


def _depths(steps: Sequence[Step], reached: Mapping[str, int]) -> dict[str, int]:
    """Steps that cannot be reached stand together in a layer of their own, below all others."""
    last = max(reached.values()) + 1
    return {step.id: reached.get(step.id, last) for step in steps}


def _columns(layers: Sequence[Sequence[str]], down: Sequence[Line]) -> dict[str, int]:
    """Where each step stands from left to right: below the steps it comes from, as far as its neighbours let it."""
    x: dict[str, float] = {}
    for layer in layers:
        wished: list[float] = []
        for name in layer:
            above = [x[line.source] for line in down if line.target == name]
            wished.append(sum(above) / len(above) if above else 0.0)
        placed: list[float] = []
        for wish in wished:
            placed.append(max(wish, placed[-1] + NODE_WIDTH + GAP) if placed else wish)
        aside = sum(place - wish for place, wish in zip(placed, wished, strict=True)) / len(layer)
        x |= {name: place - aside for name, place in zip(layer, placed, strict=True)}
    leftmost = min(x.values())
    return {name: round(place - leftmost) + MARGIN for name, place in x.items()}


def _layers(steps: Sequence[Step], lines: Sequence[Line], depth: Mapping[str, int]) -> list[list[str]]:
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for step in steps:
        layers[depth[step.id]].append(step.id)
    for above, layer in pairwise(layers):
        place = {name: number / max(1, len(above) - 1) for number, name in enumerate(above)}
        came_from = {
            name: [place[line.source] for line in lines if line.target == name and line.source in place]
            for name in layer
        }
        # Stable: steps below the same step keep the order in which the file has them.
        layer.sort(key=lambda name: sum(came_from[name]) / len(came_from[name]) if came_from[name] else 1.0)
    return layers


def _signs(lines: Sequence[Line], depth: Mapping[str, int]) -> dict[str, tuple[Sign, ...]]:
    """The signs that each step carries, from its first line of text down."""
    signs: dict[str, tuple[Sign, ...]] = {}
    for line in lines:
        here = signs.get(line.source, ())
        inside = line.target in depth
        back = inside and depth[line.target] < depth[line.source]
        arrow = "↩" if back else "→" if inside else "↗"
        words = shorten(line.target, WORDS_FIT)
        signs[line.source] = (*here, Sign(line.target, words, HEAD + SIGN * len(here), arrow))
    return signs


def _curve(boxes: Mapping[str, Box], line: Line, across: int) -> Curve:
    """Down, at the height `across` to the side, and down again, with round corners."""
    source, target = boxes[line.source], boxes[line.target]
    x1, y1, x2, y2 = source.middle, source.y + source.height, target.middle, target.y
    turn = min(8, abs(x2 - x1) // 2) * (1 if x2 > x1 else -1)
    path = f"M{x1},{y1} V{y2 - 7}"
    if turn:
        first = f"V{across - abs(turn)} Q{x1},{across} {x1 + turn},{across}"
        path = f"M{x1},{y1} {first} H{x2 - turn} Q{x2},{across} {x2},{across + abs(turn)} V{y2 - 7}"
    return Curve(line.source, line.target, path, line.words, shorten(line.words, WORDS_FIT + 6), x2, y2 - 20)
