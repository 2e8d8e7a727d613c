"""What contacts are for and how that is said, read from purposes.yaml with all its mistakes told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args

from motenashi.problems import Problem, ProblemsFound, did_you_mean
from motenashi.suggestions.advice.templates import LANGUAGES, filled, trouble
from motenashi.suggestions.suggestion import Action, Words
from motenashi.yaml_fields import FieldReader
from motenashi.yaml_source import YamlMap, read_file

FILE = Path(__file__).with_name("purposes.yaml")
SITUATIONS = ("demo", "meeting", "product_information", "trial", "subscription", "discount", "quote")
_TITLE = ("who", "when", "topic", "products")
_ACTIONS: tuple[str, ...] = tuple(action for action in get_args(Action) if action != "none")


@dataclass(frozen=True)
class WayToAct:
    """One way to act."""

    name: Annotated[Mapping[str, str], "One word, for lists."]
    noun: Annotated[Mapping[str, str], "In the middle of a sentence."]
    title: Annotated[Mapping[str, str], "Its ordinary title."]


@dataclass(frozen=True)
class Purpose:
    """One row of the table."""

    name: Annotated[Mapping[str, str], "One or two words, for lists."]
    topic: Annotated[Mapping[str, str], "What it is about, in the middle of a sentence."]
    subject: Annotated[Mapping[str, str], "The subject of a mail or an event."]
    points: Annotated[Mapping[str, tuple[str, ...]], "What to talk about."]
    situation: Annotated[str, "Which of the known situations it belongs to."] = ""
    ways: Annotated[tuple[Action, ...], "In which of these ways a wish for it may be answered."] = ()
    titles: Annotated[Mapping[str, Mapping[str, str]], "Action -> title, where the ordinary one does not fit."] = field(
        default_factory=dict
    )
    nouns: Annotated[Mapping[str, Mapping[str, str]], "Action -> what it is called in a sentence."] = field(
        default_factory=dict
    )


@dataclass(frozen=True)
class Purposes:
    """The whole table. Purposes that are not in it are shown by their own names."""

    actions: Annotated[Mapping[str, WayToAct], "How each way to act is called."]
    purposes: Annotated[Mapping[str, Purpose], "Purpose -> how it is said."]

    def find(self, purpose: str) -> Purpose:
        return self.purposes.get(purpose) or _unknown(purpose)

    def title(self, action: str, purpose: str, language: str, **values: Any) -> str:
        """`values`: who, when, products, in that language."""
        row = self.find(purpose)
        topic = filled(row.topic[language], values)
        template = row.titles.get(action, self.actions[action].title)[language]
        return filled(template, {**values, "topic": topic})

    def noun(self, action: str, purpose: str, language: str) -> str:
        """In the middle of a sentence: a call about the quote, お見積もりに関する電話."""
        row, plain = self.find(purpose), self.actions[action].noun[language]
        if action in row.nouns:
            return row.nouns[action][language]
        topic = filled(row.topic[language], {}) if purpose else ""
        about = f"{topic}に関する{plain}" if language == "ja" else f"{plain} about {topic}"
        return about if topic else plain

    def name(self, action: str, purpose: str) -> Words:
        """For lists: call and quote are "Call: quote"."""
        row = self.find(purpose)
        between = {"en": ": ", "ja": "："}
        return {
            language: self.actions[action].name[language] + (between[language] + row.name[language] if purpose else "")
            for language in LANGUAGES
        }


def _unknown(purpose: str) -> Purpose:
    said = " ".join(purpose.replace("_", " ").split()).replace("{", "(").replace("}", ")")
    plain = {"en": said or "how things stand", "ja": said or "その後のご状況"}
    return Purpose(name=plain, topic=plain, subject=plain, points=dict.fromkeys(LANGUAGES, ()))


def read_purposes(file: Path = FILE) -> tuple[Purposes | None, list[Problem]]:
    """The table, or None and what is wrong with it."""
    documents, problems = read_file(file, file.name)
    if problems:
        return None, problems
    reader = FieldReader(file.name)
    raw = documents[0] if documents else YamlMap()
    table = reader.record(Purposes, raw, 1, "the table of purposes")
    if table is None:
        return None, reader.problems
    for line, what, hint in (*_wrong_actions(table, raw), *_wrong_purposes(table, raw)):
        reader.problem(line, what, hint)
    return (None if reader.problems else table), reader.problems


@cache
def purposes() -> Purposes:
    """The table that lies beside this file. ProblemsFound tells what is wrong with it."""
    table, problems = read_purposes()
    if table is None:
        raise ProblemsFound(problems)
    return table


_Wrong = Iterator[tuple[int, str, str]]  # line, what, hint


def _wrong_actions(table: Purposes, raw: YamlMap) -> _Wrong:
    lines = raw["actions"]
    for action in _ACTIONS:
        if action not in table.actions:
            yield lines.line, f"actions has no '{action}'.", "Every way to act needs a name and a title."
    for action, way in table.actions.items():
        line = lines.line_of(action)
        if action not in _ACTIONS:
            yield line, f"'{action}' is no way to act.", did_you_mean(action, _ACTIONS)
        yield from _wrong_texts(line, f"{action}, 'name',", way.name, ())
        yield from _wrong_texts(line, f"{action}, 'noun',", way.noun, ())
        yield from _wrong_texts(line, f"{action}, 'title',", way.title, _TITLE)


def _wrong_purposes(table: Purposes, raw: YamlMap) -> _Wrong:
    for name, row in table.purposes.items():
        line = raw["purposes"].line_of(name)
        yield from _wrong_texts(line, f"{name}, 'name',", row.name, ())
        yield from _wrong_texts(line, f"{name}, 'topic',", row.topic, ("products",))
        yield from _wrong_texts(line, f"{name}, 'subject',", row.subject, ("products",))
        if row.situation and row.situation not in SITUATIONS:
            yield line, f"{name}, 'situation', can't be '{row.situation}'.", did_you_mean(row.situation, SITUATIONS)
        yield from _wrong_by_action(line, f"{name}, 'titles'", row.titles, _TITLE)
        yield from _wrong_by_action(line, f"{name}, 'nouns'", row.nouns, ())
        for language in LANGUAGES:
            if not row.points.get(language):
                yield line, f"{name}, 'points', has none for '{language}'.", ""


def _wrong_by_action(line: int, where: str, texts: Mapping[str, Mapping[str, str]], known: tuple[str, ...]) -> _Wrong:
    for action, text in texts.items():
        if action not in _ACTIONS:
            yield line, f"{where}: '{action}' is no way to act.", did_you_mean(action, _ACTIONS)
        yield from _wrong_texts(line, f"{where} of '{action}',", text, known)


def _wrong_texts(line: int, where: str, texts: Mapping[str, str], known: tuple[str, ...]) -> _Wrong:
    for language in LANGUAGES:
        if not texts.get(language, "").strip():
            yield line, f"{where} has no text for '{language}'.", ""
        elif fault := trouble(texts[language], known):
            hint = f"It may use {', '.join(known)}." if known else "It is plain text."
            yield line, f"{where} can't be filled in ({language}): {fault}.", hint
