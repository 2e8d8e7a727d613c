"""The table of what to do about what a mail says, read from intent_actions.yaml with all its mistakes told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Annotated

from motenashi.problems import Problem, ProblemsFound
from motenashi.suggestions.suggestion import Action, Urgency
from motenashi.yaml_fields import FieldReader
from motenashi.yaml_source import YamlMap, read_file

FILE = Path(__file__).with_name("intent_actions.yaml")
LANGUAGES = ("en", "ja")
REASONS: Mapping[str, tuple[str, ...]] = {  # name -> what its text is filled with
    "proposed": ("times",),
    "deadline": ("times",),
    "competitor": ("names",),
    "away": ("date",),
}


@dataclass(frozen=True)
class Advice:
    """One row of the table."""

    action: Annotated[Action, "How to go about it."] = "e-mail"
    purpose: Annotated[str, "What it is done for."] = ""
    urgency: Annotated[Urgency, "How urgent it is."] = "normal"
    within_hours: Annotated[float, "The customer should hear from us within so many business hours."] = 16.0
    title: Annotated[Mapping[str, str], "What to do, in each language."] = field(default_factory=dict)
    because: Annotated[Mapping[str, str], "Why, in each language."] = field(default_factory=dict)
    nothing: Annotated[bool, "true: nothing is to be done about it."] = False


@dataclass(frozen=True)
class Circumstances:
    """What asks for something without being an intent."""

    unhappy: Annotated[Advice, "A negative tone, and nothing asked for."]
    invitation: Annotated[Advice, "An invitation with a date."]
    invitation_cancelled: Annotated[Advice, "An invitation that was withdrawn or declined."]


@dataclass(frozen=True)
class IntentActions:
    """The whole table; `intents` in the order of their rank."""

    intents: Annotated[Mapping[str, Advice], "Intent -> what to do about it."]
    circumstances: Annotated[Circumstances, "What asks for something without being an intent."]
    reasons: Annotated[Mapping[str, Mapping[str, str]], "Reasons that are added to whatever is suggested."]

    def rank(self, label: str) -> int:
        order = list(self.intents)
        return order.index(label) if label in self.intents else len(order)


def read_intent_actions(file: Path = FILE) -> tuple[IntentActions | None, list[Problem]]:
    """The table, or None and what is wrong with it."""
    documents, problems = read_file(file, file.name)
    if problems:
        return None, problems
    reader = FieldReader(file.name)
    raw = documents[0] if documents else YamlMap()
    table = reader.record(IntentActions, raw, 1, "the table of actions")
    if table is None:
        return None, reader.problems
    for name, advice in _rows(table):
        reader.problems += _wrong(file.name, _line(raw, name), name, advice)
    for name, filled in REASONS.items():
        reader.problems += _wrong_texts(file.name, raw.line_of("reasons"), name, table.reasons.get(name, {}), filled)
    return (None if reader.problems else table), reader.problems


@cache
def intent_actions() -> IntentActions:
    """The table that lies beside this file. ProblemsFound tells what is wrong with it."""
    table, problems = read_intent_actions()
    if table is None:
        raise ProblemsFound(problems)
    return table


def _rows(table: IntentActions) -> list[tuple[str, Advice]]:
    more = [(one.name, getattr(table.circumstances, one.name)) for one in fields(Circumstances)]
    return [*table.intents.items(), *more]


def _wrong(file: str, line: int, name: str, advice: Advice) -> list[Problem]:
    if advice.nothing:
        return []
    problems = [
        *_wrong_texts(file, line, f"{name}, 'title'", advice.title),
        *_wrong_texts(file, line, f"{name}, 'because'", advice.because),
    ]
    if not advice.purpose:
        problems.append(Problem(file, line, f"{name} needs a 'purpose'.", "Or say `nothing: true`."))
    if not 0 < advice.within_hours <= 400:
        problems.append(Problem(file, line, f"{name}, 'within_hours', must lie between 0 and 400.", ""))
    return problems


def _wrong_texts(
    file: str, line: int, name: str, texts: Mapping[str, str], filled: tuple[str, ...] = ()
) -> list[Problem]:
    problems = []
    for language in LANGUAGES:
        try:
            said = texts.get(language, "").format(**dict.fromkeys(filled, "x"))
        except (KeyError, IndexError, ValueError):
            hint = f"It may hold {', '.join('{' + word + '}' for word in filled) or 'no braces'}."
            problems.append(Problem(file, line, f"{name} can't be filled in ({language}).", hint))
            continue
        if not said.strip():
            problems.append(Problem(file, line, f"{name} has no text for '{language}'.", ""))
    return problems


def _line(raw: YamlMap, name: str) -> int:
    section = next((raw[part] for part in ("intents", "circumstances") if name in raw.get(part, {})), raw)
    return section.line_of(name) if isinstance(section, YamlMap) else raw.line
