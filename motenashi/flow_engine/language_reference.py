"""The second half of flows/README.md: every kind of step, key, card and operator, made from what reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, cast, get_args

from motenashi.conversation.visitor import Visitor
from motenashi.flow_engine import phrases
from motenashi.flow_engine.criteria_operators import OPERATORS
from motenashi.flow_engine.field_tables import cell, records_within, spaced, table
from motenashi.flow_engine.flow import FlowHead
from motenashi.flow_engine.sample_talks import TalkScript
from motenashi.flow_engine.steps.all_steps import ALL_STEPS
from motenashi.flow_engine.steps.ask import PROFILE_FIELDS, QuestionSpec
from motenashi.flow_engine.steps.input_card import CardName, CardSpec, keys_of_card
from motenashi.flow_engine.steps.shown import Shown
from motenashi.flow_engine.steps.step_kind import StepKind, StepSpec
from motenashi.flow_engine.talk_lines import ACTS, EXPECTS
from motenashi.yaml_fields import rows_of

# In flows/README.md, what stands above this line is written by hand and stays as it is.
MARK = "<!-- From here on this page is made from the code: make docs -->"


def language_reference() -> str:
    """Markdown, beginning with MARK."""
    parts = [MARK, "## Reference", *_flow(), *_every_step(), *_steps(), *_cards(), *_criteria(), *_reads(), *_talks()]
    return "\n".join(parts) + "\n"


def _flow() -> list[str]:
    rows = rows_of(FlowHead)
    built_in = [f"* `{name}`: {', '.join(words)}" for name, words in phrases.INTERRUPT_WORDS.items()]
    return [
        *("", "### A flow", "", *table(rows), "", "`steps` come last: a name for each step, and what it does."),
        *_inner_tables(rows),
        *("", "These words need no list of their own; `start_over` and `stop` are understood in every flow:", ""),
        *built_in,
    ]


def _every_step() -> list[str]:
    own = {row.key for row in rows_of(StepSpec)}
    shown = [row for row in rows_of(Shown) if row.key not in own]
    return [
        *("", "### Keys of every step", "", *table(rows_of(StepSpec))),
        *("", "### Keys of steps that speak", "", "`say`, `ask` and `choices` have these, too.", ""),
        *table(shown),
        *_inner_tables(shown),
    ]


def _steps() -> Iterable[str]:
    yield from ("", "### Kinds of step")
    for kind in ALL_STEPS:
        yield from ("", f"#### `{kind.name}`", "", kind.meaning, "")
        yield from _step_table(kind)


def _step_table(kind: StepKind[Any]) -> list[str]:
    told = {row.key for row in rows_of(StepSpec)}
    speaks = issubclass(kind.spec, Shown)
    if speaks:
        told |= {row.key for row in rows_of(Shown)}
    rows = [row for row in rows_of(cast(Any, kind.spec)) if row.key not in told]
    if not rows:
        return ["It has the keys of steps that speak, at least one of them."]
    more = ["", "Beside these, the keys of steps that speak."] if speaks else []
    return [*table(rows), *more, *_inner_tables(rows)]


def _inner_tables(rows: Iterable[Any]) -> list[str]:
    lines: list[str] = []
    for record in records_within(rows):
        lines += ["", f"*{spaced(record)}*:", "", *table(rows_of(record))]
    return lines


def _cards() -> list[str]:
    own = {row.key for row in rows_of(CardSpec)}
    question = [row for row in rows_of(QuestionSpec) if row.key not in own]
    cards = [f"| `{name}` | {', '.join(f'`{key}`' for key in keys_of_card(name))} |" for name in get_args(CardName)]
    return [
        *("", "### Input cards", "", "`ask: email` is short for `ask: {card: email}`. Which card knows which key:", ""),
        *("| card | its keys |", "|---|---|", *cards, ""),
        *("Every card knows `skippable`. `phone` is another word for `tel`.", "", *table(rows_of(CardSpec))),
        *("", "A form is `ask: {questions: [...]}`. Each question has a card's keys and these:", "", *table(question)),
        *("", f"`profile` is one of {', '.join(f'`{name}`' for name in PROFILE_FIELDS)}."),
    ]


def _criteria() -> list[str]:
    rows = [
        f"| `{each.name}` | {', '.join(each.families)} | {cell(each.shape.meaning)} | {cell(each.meaning)} |"
        for each in OPERATORS
    ]
    return [
        *("", "### Conditions", ""),
        "A rule of a `criteria_router` has `name`, `if`, `go` and, when `if` is a numbered list, a `pattern` such as",
        "`(1 and 2) or 3`. As a mapping, all of its conditions must hold. Each condition is",
        "`variable: {operator: value}`.",
        "",
        "Short forms: a text means `is`, a number `eq`, a list `in`, true and false `is_true` and `is_false`, nothing",
        "`is_empty`. A value `$path` is another variable's value. An unknown variable is empty.",
        *("", "| operator | of | takes | holds when the variable |", "|---|---|---|---|", *rows),
    ]


def _reads() -> list[str]:
    visitor = ", ".join(f"`{field.name}`" for field in fields(Visitor))
    return [
        *("", "### What every flow can read", ""),
        *("| variable | holds |", "|---|---|"),
        "| `message.text`, `message.attachments`, `message.kind` | what came last |",
        "| `identity.level`, `identity.email` | `anonymous`, `claimed` or `verified`, and the address it speaks of |",
        "| `time.now`, `time.date`, `time.hour`, `time.weekday`, `time.zone`, `time.part_of_day` "
        "| the visitor's clock |",
        "| `channel`, `conversation`, `flow` | where the talk takes place, its id, the flow it is in |",
        "| `visitor.…` | " + visitor + " |",
    ]


def _talks() -> list[str]:
    rows = rows_of(TalkScript)
    return [
        *("", "### Sample talks", "", *table(rows), *_inner_tables(row for row in rows if row.key != "visitor")),
        *("", "`visitor` has the fields of `visitor.…` above."),
        *("", "Lines of `talk` in which something happens:", "", "| line | meaning |", "|---|---|"),
        *(f"| `{key}` | {cell(meaning)} |" for key, meaning in ACTS.items()),
        *("", "Lines that say what has to come back:", "", "| line | meaning |", "|---|---|"),
        *(f"| `{key}` | {cell(meaning)} |" for key, meaning in EXPECTS.items()),
    ]
