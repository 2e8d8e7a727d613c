"""A way through the flows, told as a conversation: what the visitor says, what the bot says, what decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from motenashi.flow_engine.flow import Step
from motenashi.flow_engine.steps.ask import FormSpec
from motenashi.flow_engine.texts import LocalText
from motenashi.flow_engine.ways import Place, Way, Ways

LONGEST_LINE = 100  # characters
LONGEST_TALK = 40  # lines; of longer ones the middle is left out
_OPENS = "visitor: (opens the chat)"
_BLOCK = re.compile(r"\{%.*?%\}")  # {% if … %}: what stands between is shown
_PLAIN = ("then", "go", "call")


def conversation_to(ways: Ways, place: Place, *more: str) -> tuple[str, ...]:
    """A shortest conversation that comes to this place, and then `more`."""
    return told(ways, ways.leading_to(place), more)


def conversation_over(ways: Ways, way: Way, *more: str) -> tuple[str, ...]:
    """A shortest conversation that takes this way."""
    return told(ways, [*ways.leading_to(way.source), way], more)


def told(ways: Ways, chain: Iterable[Way], more: Iterable[str] = ()) -> tuple[str, ...]:
    """A chain of ways, line by line: the bot's lines of each step that is left, and how it is left."""
    lines = [_OPENS, *(line for way in chain for line in lines_of(ways, way))]
    lines += more
    if len(lines) > LONGEST_TALK:
        half = LONGEST_TALK // 2
        lines = [*lines[:half], "…", *lines[-half:]]
    return tuple(lines)


def lines_of(ways: Ways, way: Way, *, unasked: bool = False) -> Iterator[str]:
    """What is said at one step. `unasked`: as it goes when the step needs not ask the visitor."""
    _, step = ways.step_at(way.source)
    if unasked and way.out.at_once:
        yield f"(when {way.out.at_once})"
        return
    yield from (f"bot: {line}" for line in bot_lines(step))
    yield from _how_left(step, way)


def bot_lines(step: Step) -> Iterator[str]:
    """What the bot says at a step, as far as it stands in the file."""
    spec = step.spec
    if step.kind == "verify":
        yield "(asks for the code it has sent)"
        return
    say = getattr(spec, "say", None) or getattr(getattr(spec, step.kind, None), "say", None)
    if step.kind == "ask" and isinstance(spec.ask, FormSpec):
        say = say or next((question.say for question in spec.ask.questions), None)
    if say is not None and step.kind != "forward_to_operator":
        yield _short(say)
    if shown := _shown(spec):
        yield f"({shown})"


def _shown(spec: Any) -> str:
    keys = ("products", "product", "image", "video", "file", "links", "articles")
    return ", ".join(key for key in keys if getattr(spec, key, None))


def _how_left(step: Step, way: Way) -> Iterator[str]:
    out = way.out
    if out.by == "visitor":
        yield f"visitor: {out.says}"
    elif out.by == "time":
        yield out.says
    elif out.by == "error":
        yield f"(when {step.id} fails)"
    elif out.by == "platform":
        yield "(when nobody is there)"
    elif out.name not in _PLAIN:
        yield f"(when {out.name})"


def _short(say: LocalText) -> str:
    text = " ".join(_BLOCK.sub("", say.source("en")).split())
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"
