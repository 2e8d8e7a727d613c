"""The sentences of advice in both languages, read from sentences.yaml with all its mistakes told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from motenashi.problems import Problem, ProblemsFound, did_you_mean
from motenashi.suggestions.advice.templates import LANGUAGES, filled, trouble
from motenashi.suggestions.suggestion import Reason, Words
from motenashi.yaml_fields import FieldReader
from motenashi.yaml_source import YamlMap, read_file

FILE = Path(__file__).with_name("sentences.yaml")
LIKE = ("industry", "type", "stage", "all")
FILLED: Mapping[str, str] = {  # sentence -> what it is filled with
    "effect_clear": "action advanced high lift like low taken",
    "effect_unclear": "action advanced high like low taken",
    "effect_never_taken": "action action_first high lift low",
    "thin": "evidence",
    "nothing_known": "",
    "not_learned": "",
    "gap_passed": "date days gap",
    "gap_not_passed": "date gap",
    "gap_by_rule": "date gap",
    "never_contacted": "",
    "slow": "days usual",
    "slow_without_usual": "days",
    "smooth": "",
    "repeated": "action action_first count",
    "last_signal": "date signal",
    "close_date": "date",
    "close_date_passed": "date",
    "none_title": "date",
    "none_planned_title": "date what",
    "none_away_title": "date",
    "none_closed_title": "won",
    "none_lead_title": "",
    "none_opted_out_title": "",
    "none_quiet_title": "",
    "none_open_deals_title": "count names",
    "enough_contact": "",
    "planned": "date time what what_first",
    "planned_settles": "date time",
    "away": "date",
    "look_again": "date",
    "deal_closed": "",
    "opted_out": "ways",
    "opted_out_but_asked": "ways",
    "nothing_recorded": "",
    "open_deals": "",
    "confirm": "date last time what what_first",
    "overdue": "date what what_first",
    "moved": "date time",
    "proposals_passed": "",
    "proposal_off_hours": "",
    "proposal_clashes": "",
    "held_hours": "all_held all_won held hour kind weekday won",
    "best_time_call": "answered attempts",
    "best_time_email": "answered attempts",
    "best_time_others": "",
    "override": "by",
    "override_unknown": "",
    "their_clock": "time zone",
    "their_night": "time zone",
    "late": "date",
    "asked_ways": "chosen ways",
    "also_asked": "names",
    "asked_before": "count",
    "product_named": "names",
    "details_wanted": "",
    "specification_wanted": "",
    "trial_ends": "date",
    "trial_ended": "date",
    "trial_active": "date signal",
    "trial_quiet": "",
    "term_ends": "date days",
    "term_ended": "date",
    "renewal_expected": "date",
    "usage_high": "share",
    "usage_low": "share",
    "usage": "share",
    "discount_drags": "",
    "discount_withdrawn": "",
    "discount_taken_back": "",
    "discount_asked_smooth": "",
    "discount_given": "count",
    "quote_usual": "",
    "quote_each": "names",
    "lead_new": "",
    "lead_signal": "date signal signal_first",
    "lead_attempts": "count",
    "lead_pause": "count",
    "silence": "date",
    "unreadable": "field text",
}

Value = str | int | float | bool | Mapping[str, str] | Callable[[str], str]  # by language, where it differs


@dataclass(frozen=True)
class Sentences:
    """The whole file."""

    like: Annotated[Mapping[str, Mapping[str, str]], 'How far "deals like this one" reaches.']
    signals: Annotated[Mapping[str, Mapping[str, str]], "What customers do, as a noun."]
    sentences: Annotated[Mapping[str, Mapping[str, str]], "Name -> the sentence."]

    def words(self, name: str, **values: Value) -> Words:
        """The sentence in each language."""
        texts = self.sentences[name]
        return {
            language: filled(texts[language], {key: _in(value, language) for key, value in values.items()})
            for language in LANGUAGES
        }

    def reason(self, name: str, weight: float, **values: Value) -> Reason:
        return Reason(self.words(name, **values), round(weight, 3))

    def signal(self, kind: str) -> Words:
        plain = kind.replace("_", " ")
        return self.signals.get(kind) or {"en": f"“{plain}”", "ja": f"「{plain}」"}

    def like_this(self, level: str) -> Words:
        return self.like.get(level) or self.like["all"]


def first_upper(words: Words) -> Words:
    """For the beginning of a sentence."""
    return {language: text[:1].upper() + text[1:] for language, text in words.items()}


def _in(value: Value, language: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(language) or next(iter(value.values()), "")
    return value(language) if callable(value) else value


def read_sentences(file: Path = FILE) -> tuple[Sentences | None, list[Problem]]:
    """The sentences, or None and what is wrong with them."""
    documents, problems = read_file(file, file.name)
    if problems:
        return None, problems
    reader = FieldReader(file.name)
    raw = documents[0] if documents else YamlMap()
    table = reader.record(Sentences, raw, 1, "the sentences")
    if table is None:
        return None, reader.problems
    _check_names(table, raw, reader)
    for section, texts in (("like", table.like), ("signals", table.signals)):
        for name, words in texts.items():
            _check_texts(raw[section].line_of(name), name, words, (), reader)
    for name, words in table.sentences.items():
        if name in FILLED:
            _check_texts(raw["sentences"].line_of(name), name, words, tuple(FILLED[name].split()), reader)
    return (None if reader.problems else table), reader.problems


@cache
def sentences() -> Sentences:
    """The file that lies beside this one. ProblemsFound tells what is wrong with it."""
    table, problems = read_sentences()
    if table is None:
        raise ProblemsFound(problems)
    return table


def _check_names(table: Sentences, raw: YamlMap, reader: FieldReader) -> None:
    for section, there, wanted in (("like", table.like, LIKE), ("sentences", table.sentences, tuple(FILLED))):
        for name in there:
            if name not in wanted:
                reader.problem(
                    raw[section].line_of(name), f"{section} has no use for '{name}'.", did_you_mean(name, wanted)
                )
        for name in wanted:
            if name not in there:
                reader.problem(raw.line_of(section), f"{section} lacks '{name}'.", "Every sentence is needed.")


def _check_texts(line: int, name: str, texts: Words, known: tuple[str, ...], reader: FieldReader) -> None:
    for language in LANGUAGES:
        if not texts.get(language, "").strip():
            reader.problem(line, f"{name} has no text for '{language}'.")
        elif fault := trouble(texts[language], known):
            hint = f"It may use {', '.join(known)}." if known else "It is plain text."
            reader.problem(line, f"{name} can't be filled in ({language}): {fault}.", hint)
