"""The shop's questions and answers, as its people write them in YAML, and everything wrong with a file.

A file is one mapping: `faq` (its name), `title`, and `questions`: a list of entries with `id`, `question`, `variants`
(other ways to ask), `answer`, each per language, and an optional `link`. docs/faq.md shows one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from motenashi.problems import Problem, did_you_mean
from motenashi.yaml_source import YamlList, YamlMap, read_file

LANGUAGES = ("en", "ja")
_FILE_KEYS = ("faq", "title", "questions")
_ENTRY_KEYS = ("id", "question", "variants", "answer", "link")


@dataclass(frozen=True)
class Entry:
    """One question with its answer; the mappings go from language (en, ja) to text."""

    id: str
    question: Mapping[str, str]
    answer: Mapping[str, str]
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    link: Mapping[str, str] = field(default_factory=dict)

    def asked_as(self, language: str) -> tuple[str, ...]:
        return (self.question[language], *self.variants.get(language, ()))


def read_folder(folder: Path) -> tuple[tuple[Entry, ...], list[Problem]]:
    """All entries of a folder's *.yaml, in the order of file names, and all problems; entries with one are left out."""
    if not folder.is_dir():
        return (), [Problem(str(folder), 0, "there is no such folder.", "Set faq.folder in config.yaml.")]
    reader = _Reader()
    for path in sorted(folder.glob("*.yaml")):
        reader.file(path)
    return tuple(reader.entries), sorted(reader.problems)


class _Reader:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []
        self._name = ""
        self._ids: dict[str, str] = {}  # id -> where it stands first
        self._asked: dict[tuple[str, str], str] = {}  # (language, question) -> where it stands first

    def file(self, path: Path) -> None:
        self._name = str(path)
        documents, problems = read_file(path)
        self.problems += problems
        for document in documents:
            if not isinstance(document, YamlMap):
                self._say(0, "a file of questions must be a mapping.", "Begin it with `faq: name`.")
                continue
            self._unknown_keys(document, _FILE_KEYS, "a file of questions")
            questions = document.get("questions")
            if not isinstance(questions, YamlList) or not questions:
                self._say(document.line_of("questions"), "there are no questions.", "List them under `questions:`.")
                continue
            for index, entry in enumerate(questions):
                self._entry(entry, questions.line_of(index))

    def _entry(self, entry: Any, line: int) -> None:
        before = len(self.problems)
        if not isinstance(entry, YamlMap):
            self._say(line, "a question must be a mapping.", "Give it id, question and answer.")
            return
        self._unknown_keys(entry, _ENTRY_KEYS, "a question")
        name = self._id(entry)
        question, answer = self._texts(entry, "question"), self._texts(entry, "answer")
        variants = self._variants(entry)
        self._asked_twice(entry, question, variants)
        link = entry.get("link") or {}
        links = dict.fromkeys(LANGUAGES, link) if isinstance(link, str) else dict(link)
        if len(self.problems) == before:
            self.entries.append(Entry(name, question, answer, variants, links))

    def _id(self, entry: YamlMap) -> str:
        name = entry.get("id")
        if not isinstance(name, str) or not name.strip():
            self._say(entry.line, "this question has no id.", "Give it a short name of its own: `id: delivery_time`.")
            return ""
        line = entry.line_of("id")
        if name in self._ids:
            self._say(line, f"id '{name}' is taken ({self._ids[name]}).", "Ids are unique in all files.")
        self._ids.setdefault(name, f"{self._name}:{line}")
        return name

    def _texts(self, entry: YamlMap, key: str) -> dict[str, str]:
        value = entry.get(key)
        if not isinstance(value, YamlMap):
            line = entry.line_of(key)
            self._say(line, f"{key} must have a text in each language.", f"Write `{key}: {{en: ..., ja: ...}}`.")
            return {}
        self._unknown_keys(value, LANGUAGES, key)
        for language in LANGUAGES:
            text = value.get(language)
            if language not in value:
                self._say(value.line, f"{key} has no '{language}'.", "Every text stands in both languages.")
            elif not isinstance(text, str) or not text.strip():
                self._say(value.line_of(language), f"{key} is empty in '{language}'.", "Write a text.")
        return {language: text.strip() for language, text in value.items() if isinstance(text, str)}

    def _variants(self, entry: YamlMap) -> dict[str, tuple[str, ...]]:
        value = entry.get("variants")
        if value is None:
            return {}
        if not isinstance(value, YamlMap) or not all(isinstance(texts, YamlList) for texts in value.values()):
            hint = "Write `variants: {en: [...], ja: [...]}`."
            self._say(entry.line_of("variants"), "variants must be a list per language.", hint)
            return {}
        self._unknown_keys(value, LANGUAGES, "variants")
        for language, texts in value.items():
            if not all(isinstance(text, str) and text.strip() for text in texts):
                self._say(value.line_of(language), f"a variant in '{language}' is no text.", "Quote it or remove it.")
        return {language: tuple(str(text) for text in texts) for language, texts in value.items()}

    def _asked_twice(self, entry: YamlMap, question: Mapping[str, str], variants: Mapping[str, Iterable[str]]) -> None:
        for language in LANGUAGES:
            for text in (question.get(language, ""), *variants.get(language, ())):
                key = (language, _plain(text))
                if key[1] and key in self._asked:
                    what = f"'{text}' is asked twice (first at {self._asked[key]})."
                    self._say(entry.line, what, "Keep it where it is answered best.")
                self._asked.setdefault(key, f"{self._name}:{entry.line}")

    def _unknown_keys(self, mapping: YamlMap, known: tuple[str, ...], what: str) -> None:
        for key in mapping:
            if key not in known:
                self._say(mapping.line_of(key), f"'{key}' is unknown in {what}.", did_you_mean(key, known))

    def _say(self, line: int, what: str, hint: str = "") -> None:
        self.problems.append(Problem(self._name, line, what, hint))


def _plain(text: str) -> str:
    """As people compare questions: case, width, spaces and marks do not count."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
