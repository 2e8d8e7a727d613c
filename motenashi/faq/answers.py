"""The answer to a visitor's question, or an honest "not sure" with the questions that come near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from motenashi.faq.entries import LANGUAGES, Entry, read_folder
from motenashi.faq.index import Index
from motenashi.faq.settings import FaqSettings
from motenashi.faq.words import is_japanese
from motenashi.problems import Problem

LONGEST_QUESTION = 500  # characters; what comes after says nothing new


@dataclass(frozen=True)
class FoundAnswer:
    """`sure` is False when the best answer is too weak to give; `others` are near questions to ask back with, in the
    answer's language. All texts are '' when nothing comes near."""

    answer: str
    question: str
    score: float  # 0 to 1
    sure: bool
    url: str = ""
    others: tuple[str, ...] = ()
    entry: str = ""  # the entry's id


class Faq:
    """Answers from a set of entries. Built once: some 30 entries take a few milliseconds."""

    def __init__(self, entries: Sequence[Entry], settings: FaqSettings | None = None) -> None:
        self._entries = tuple(entries)
        self._settings = settings or FaqSettings()
        self._indexes = {
            language: Index([(entry.asked_as(language), entry.answer[language]) for entry in entries], language)
            for language in LANGUAGES
        }

    @classmethod
    def from_folder(cls, settings: FaqSettings) -> tuple[Faq, list[Problem]]:
        """The answers that can be used, and what is wrong with the others."""
        entries, problems = read_folder(Path(settings.folder))
        return cls(entries, settings), problems

    def find(self, question: str, language: str) -> FoundAnswer:
        """Whatever the conversation's language is (any code; unknown ones mean English), a Japanese question is
        answered in Japanese; Latin letters alone, such as a product's name, are answered in that language."""
        question = question[:LONGEST_QUESTION]
        shown = "ja" if is_japanese(question) or language.lower().startswith("ja") else "en"
        scores = self._scores(question, shown)
        ranked = sorted(range(len(scores)), key=lambda place: -scores[place])
        near = [place for place in ranked if scores[place] >= self._settings.near_from]
        if not near:
            return FoundAnswer("", "", max(scores, default=0.0), sure=False)
        return self._found(near, scores, shown)

    def _scores(self, question: str, shown: str) -> list[float]:
        scores = self._indexes[shown].scores(question)
        if shown == "ja" and not is_japanese(question):
            return [max(pair) for pair in zip(scores, self._indexes["en"].scores(question), strict=True)]
        return scores

    def _found(self, near: Sequence[int], scores: Sequence[float], language: str) -> FoundAnswer:
        settings, best = self._settings, near[0]
        ahead = scores[best] - (scores[near[1]] if len(near) > 1 else 0.0)
        entry = self._entries[best]
        others = tuple(self._entries[place].question[language] for place in near[1 : settings.most_others + 1])
        sure = scores[best] >= settings.sure_from and ahead >= settings.ahead_by
        url = entry.link.get(language, "")
        return FoundAnswer(
            entry.answer[language], entry.question[language], round(scores[best], 3), sure, url, others, entry.id
        )
