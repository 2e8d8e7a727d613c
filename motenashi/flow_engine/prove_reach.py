"""Can every step be reached, and does every conversation end with a word?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from motenashi.flow_engine.evidence import conversation_over, lines_of, told
from motenashi.flow_engine.flow import Step
from motenashi.flow_engine.ways import Place, Way, Ways
from motenashi.problems import Problem

_BEGIN_A_TURN = ("visitor", "time", "platform")  # a hand-over may also fail when its turn is over


def prove_reach(ways: Ways) -> Iterator[Problem]:
    """Steps and flows that no conversation reaches. A flow nobody leads to yet is only worth a warning."""
    if not ways.complete:
        return
    reached = {flow for flow, _ in ways.places_of}
    for flow in ways.flows.flows.values():
        if flow.id not in reached:
            what = f"no conversation reaches flow '{flow.id}'."
            hint = "Lead to it with go, call or a choice, or give it a trigger."
            yield Problem(flow.file, flow.line, what, hint, severity="warning")
            continue
        for step in flow.steps:
            if (flow.id, step.id) not in ways.places_of:
                what = f"no conversation reaches step '{step.id}'."
                yield Problem(flow.file, step.line, what, "Lead to it, or take it out.")


def prove_last_words(ways: Ways) -> Iterator[Problem]:
    """Turns that end without anything said, asked or ended: the visitor waits, and so do we."""
    told_of: set[tuple[str, str]] = set()
    for place, evidence in (*_silent_answers(ways), *_silent_turns(ways)):
        if place.step not in told_of:
            told_of.add(place.step)
            flow, step = ways.step_at(place)
            what = f"the conversation stops at step '{step.id}' without a word: nothing is said, asked or ended."
            hint = "Say something, ask, or end with end_chat."
            yield Problem(flow.file, step.line, what, hint, evidence)


def _silent_answers(ways: Ways) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """The visitor answers, and that was the last step."""
    for place in ways.first:
        for way in ways.all[place]:
            if _stops(way) and way.out.by in _BEGIN_A_TURN and not _answers_itself(ways, way):
                yield place, conversation_over(ways, way, "(silence)")


def _silent_turns(ways: Ways) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """A turn goes on through steps that say nothing, and that was the last of them."""
    begun = _turns(ways)
    came: dict[Place, Way] = {}  # in silence
    waiting = deque(begun)
    while waiting:
        place = waiting.popleft()
        if _says_something(ways.step_at(place)[1]):
            continue
        for way in ways.all[place]:
            if way.asks:
                continue
            if _stops(way):
                yield place, _silence(ways, begun, came, way)
            elif way.target is not None and way.target not in begun and way.target not in came:
                came[way.target] = way
                waiting.append(way.target)


def _stops(way: Way) -> bool:
    return way.target is None and not way.out.ends and not way.circle


def _turns(ways: Ways) -> dict[Place, Way | None]:
    """Where turns begin with nothing said yet -> the visitor's words that led there."""
    begun: dict[Place, Way | None] = {place: None for place, way in ways.first.items() if way is None}
    for place in ways.first:
        for way in ways.all[place]:
            if way.out.by in _BEGIN_A_TURN and way.target is not None and not _answers_itself(ways, way):
                begun.setdefault(way.target, way)
    return begun


def _answers_itself(ways: Ways, way: Way) -> bool:
    """Does the step that was answered say something before it goes on?"""
    _, step = ways.step_at(way.source)
    return step.kind in ("book", "answer_bot") and way.out.name == "then"


def _says_something(step: Step) -> bool:
    """For sure, and whatever comes out of its variables."""
    spec = step.spec
    if step.kind != "say":
        return False
    products = spec.products or spec.product
    return bool(spec.when_empty if products else spec.say or spec.links or spec.articles)


def _silence(ways: Ways, begun: Mapping[Place, Way | None], came: Mapping[Place, Way], last: Way) -> tuple[str, ...]:
    """The shortest conversation to the turn's beginning, and the moves in silence from there on."""
    silent = [last]
    while silent[0].source in came:
        silent.insert(0, came[silent[0].source])
    words = begun[silent[0].source]
    before = [*ways.leading_to(words.source), words] if words else []
    quiet = [line for way in silent for line in lines_of(ways, way, unasked=True)]
    return told(ways, before, [*quiet, "(silence)"])
