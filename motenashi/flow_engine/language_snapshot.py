"""Everything designers and plug authors rely on, a line each: whoever changes it sees it in the diff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from motenashi.flow_engine import phrases
from motenashi.flow_engine.criteria_operators import OPERATORS
from motenashi.flow_engine.field_tables import default, records_within, spaced, takes
from motenashi.flow_engine.flow import FlowHead
from motenashi.flow_engine.sample_talks import TalkScript
from motenashi.flow_engine.steps.all_steps import ALL_STEPS
from motenashi.flow_engine.steps.ask import QuestionSpec
from motenashi.flow_engine.steps.input_card import CardName, CardSpec, keys_of_card
from motenashi.flow_engine.talk_lines import ACTS, EXPECTS
from motenashi.plug_contract import Plug, PlugValue
from motenashi.yaml_fields import rows_of


def language_snapshot(plugs: Sequence[Plug]) -> str:
    """Sorted within each part, so that only what really changes shows."""
    parts = [
        [
            "# The designers' language and the plugs' signatures. Written by `make snapshot`.",
            *_record("flow", FlowHead),
        ],
        *(_record(f"step {kind.name}", kind.spec) for kind in ALL_STEPS),
        _record("card", CardSpec),
        _record("question", QuestionSpec),
        sorted(f"card {name}: {' '.join(keys_of_card(name))}".rstrip() for name in get_args(CardName)),
        sorted(f"operator {each.name}: {'/'.join(each.families)} {each.shape.name}" for each in OPERATORS),
        sorted(f"interrupt {name}: {' | '.join(words)}" for name, words in phrases.INTERRUPT_WORDS.items()),
        _record("talk", TalkScript),
        sorted([*(f"talk line {key}" for key in ACTS), *(f"talk expects {key}" for key in EXPECTS)]),
        *(list(_plug(plug)) for plug in plugs),
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _record(name: str, kind: type) -> list[str]:
    lines = _rows(name, kind)
    for record in records_within(rows_of(kind)):
        lines += _rows(f"{name} / {spaced(record)}", record)
    return lines


def _rows(name: str, kind: type) -> list[str]:
    return sorted(f"{name}: {row.key}: {takes(row.type)} = {default(row) or 'nothing'}" for row in rows_of(kind))


def _plug(plug: Plug) -> Iterator[str]:
    about = f" about {plug.about}" if plug.about else ""
    yield f"plug {plug.name}: reveals {plug.reveals}{about}, {plug.timeout} s, cache {plug.cache} s"
    for value in plug.inputs:
        usual = "needed" if value.required else repr(value.default)
        yield f"plug {plug.name} takes {value.name}: {_type(value)} = {usual}"
    for value in plug.outputs:
        yield f"plug {plug.name} gives {value.name}: {_type(value)}"


def _type(value: PlugValue) -> str:
    kind: Any = value.type
    return kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind).replace("typing.", "")
