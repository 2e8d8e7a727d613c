"""A filter in words, English and Japanese, for whoever has to be sure what it means before acting on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from motenashi.conversation.folding import fold
from motenashi.filters.entities.catalogue import ENTITIES
from motenashi.filters.filter import FieldPath, FieldTest, Filter, Group, RowsTest, Test
from motenashi.filters.model import Field, Label, One, Part, words
from motenashi.flow_engine.criteria_pattern import And, Not, Pattern, Ref

_MODULES: Mapping[str, Label] = {
    "leads": words("Leads", "見込み客"),
    "contacts": words("Contacts", "連絡先"),
    "accounts": words("Accounts", "取引先"),
    "deals": words("Deals", "商談"),
}
# {f} is the field, {v} the value.
_SAID: Mapping[str, Label] = {
    "is": words("{f} is {v}", "{f}が{v}"),
    "is_not": words("{f} is not {v}", "{f}が{v}以外"),
    "contains": words("{f} contains {v}", "{f}に{v}を含む"),
    "not_contains": words("{f} does not contain {v}", "{f}に{v}を含まない"),
    "starts_with": words("{f} begins with {v}", "{f}が{v}で始まる"),
    "ends_with": words("{f} ends with {v}", "{f}が{v}で終わる"),
    "in": words("{f} is one of {v}", "{f}が{v}のいずれか"),
    "not_in": words("{f} is none of {v}", "{f}が{v}のいずれでもない"),
    "matches": words("{f} matches the expression {v}", "{f}が正規表現{v}に一致"),
    "is_empty": words("{f} is empty", "{f}が空"),
    "is_not_empty": words("{f} is filled", "{f}が入力済み"),
    "eq": words("{f} is {v}", "{f}が{v}"),
    "ne": words("{f} is not {v}", "{f}が{v}以外"),
    "gt": words("{f} is more than {v}", "{f}が{v}より大きい"),
    "ge": words("{f} is {v} or more", "{f}が{v}以上"),
    "lt": words("{f} is less than {v}", "{f}が{v}より小さい"),
    "le": words("{f} is {v} or less", "{f}が{v}以下"),
    "between": words("{f} is from {v}", "{f}が{v}"),
    "is_true": words("{f}: yes", "{f}：はい"),
    "is_false": words("{f}: no", "{f}：いいえ"),
    "before": words("{f} is before {v}", "{f}が{v}より前"),
    "after": words("{f} is after {v}", "{f}が{v}より後"),
    "on": words("{f} is on {v}", "{f}が{v}"),
    "in_last_days": words("{f} is in the last {v} days", "{f}が過去{v}日以内"),
    "in_next_days": words("{f} is in the next {v} days", "{f}が今後{v}日以内"),
    "weekday_in": words("{f} is on {v}", "{f}の曜日が{v}"),
    "time_between": words("{f} has a time of day from {v}", "{f}の時刻が{v}"),
    "has": words("{f} include {v}", "{f}に{v}を含む"),
    "has_not": words("{f} do not include {v}", "{f}に{v}を含まない"),
    "has_any": words("{f} include one of {v}", "{f}に{v}のいずれかを含む"),
    "has_all": words("{f} include all of {v}", "{f}に{v}のすべてを含む"),
    "size_eq": words("{f} number {v}", "{f}が{v}件"),
    "size_gt": words("{f} number more than {v}", "{f}が{v}件より多い"),
    "size_lt": words("{f} number fewer than {v}", "{f}が{v}件より少ない"),
}
_DAY_WORDS: Mapping[str, Label] = {
    "today": words("today", "今日"),
    "tomorrow": words("tomorrow", "明日"),
    "yesterday": words("yesterday", "昨日"),
    "now": words("now", "現在"),
}
_MOST_NAMED = 8  # values of a list that are named


def in_words(chosen: Filter, language: str) -> str:
    """One sentence without a full stop."""
    name = _MODULES[chosen.module][language]
    if not chosen.group.tests:
        return f"All {name.lower()}" if language == "en" else f"すべての{name}"
    told = _pattern(chosen.group.pattern, chosen.group, language)
    return f"{name}: {told}" if language == "en" else f"{name}：{told}"


def test_in_words(tests: Sequence[Test], language: str) -> str:
    """Tests that must all hold."""
    return _joined([_test(test, language) for test in tests], "and", language)


def _pattern(pattern: Pattern, group: Group, language: str, inside: bool = False) -> str:
    if isinstance(pattern, Ref):
        return test_in_words([test for test in group.tests if test.number == pattern.number], language)
    if isinstance(pattern, Not):
        told = _pattern(pattern.part, group, language)
        return f"not ({told})" if language == "en" else f"（{told}）ではない"
    parts = [_pattern(part, group, language, inside=True) for part in pattern.parts]
    told = _joined(parts, "and" if isinstance(pattern, And) else "or", language)
    if not inside or len(parts) < 2:
        return told
    return f"({told})" if language == "en" else f"（{told}）"


def _joined(parts: Sequence[str], word: str, language: str) -> str:
    between = {"and": words(" and ", "、かつ"), "or": words(" or ", "、または")}[word][language]
    return between.join(parts)


def _test(test: Test, language: str) -> str:
    return _rows(test, language) if isinstance(test, RowsTest) else _field(test, language)


def _rows(test: RowsTest, language: str) -> str:
    name = _name(test.path.ways, test.path.many.label, language)
    inner = _pattern(test.group.pattern, test.group, language) if test.group.tests else ""
    if language == "ja":
        which = f"（{inner}）" if inner else ""
        if test.none:
            count = f"が{test.at_least}件以上ない" if test.at_least > 1 else "がない"
        else:
            count = f"が{test.at_least}件以上ある" if test.at_least > 1 else "がある"
        return f"{name}{which}{count}"
    least = f"at least {test.at_least}" if test.at_least > 1 else "some"
    how = f"not {least}" if test.none and test.at_least > 1 else "no" if test.none else least
    return f"there are {how} {name}" + (f" where {_bracketed(test.group, inner)}" if inner else "")


def _bracketed(group: Group, inner: str) -> str:
    return f"({inner})" if len(group.tests) > 1 else inner


def _field(test: FieldTest, language: str) -> str:
    name = _name_of(test.path, language)
    value = _value(test, language)
    return _SAID[test.operator.name][language].format(f=name, v=value)


def _name_of(path: FieldPath, language: str) -> str:
    """'account industry'; a keyword's own field is just 'keyword'."""
    ways, field = path.ways, path.field
    if ways and not _is_open(ways[-1]) and field.name == ENTITIES[ways[-1].entity].main:
        return _name(ways[:-1], ways[-1].label, language)
    return _name(ways, field.label, language)


def _name(ways: Iterable[One | Part], label: Label, language: str) -> str:
    labels = [way.label for way in ways if not _is_open(way)] + [label]
    if language == "en":
        return " ".join(_lower(one["en"]) for one in labels)
    return "の".join(one["ja"] for one in labels)


def _is_open(way: One | Part) -> bool:
    return isinstance(way, Part) and way.open


def _lower(text: str) -> str:
    """With a small letter, unless it is an abbreviation."""
    return text if text[1:2].isupper() else text[0].lower() + text[1:]


def _value(test: FieldTest, language: str) -> str:
    name, value, field = test.operator.name, test.value, test.path.field
    if name in ("between", "time_between"):
        low, high = (value["from"], value["to"]) if isinstance(value, Mapping) else value
        ends = (_one(low, field, language), _one(high, field, language))
        return f"{ends[0]} to {ends[1]}" if language == "en" else f"{ends[0]}から{ends[1]}まで"
    if isinstance(value, Mapping):
        value = value.get("days", "")
    if isinstance(value, list | tuple | set | frozenset):
        return _several([_one(item, field, language) for item in value], language)
    told = _one(value, field, language)
    if field.unit and name in ("eq", "ne", "gt", "ge", "lt", "le"):
        told += f" {field.unit['en']}" if language == "en" else field.unit["ja"]
    return told


def _several(items: Sequence[str], language: str) -> str:
    named = list(items[:_MOST_NAMED])
    more = len(items) - len(named)
    if more:
        named.append(f"{more} more" if language == "en" else f"ほか{more}件")
    return (", " if language == "en" else "、").join(named)


def _one(value: Any, field: Field, language: str) -> str:
    if isinstance(value, bool | int | float):
        return f"{value:,}" if not isinstance(value, bool) else str(value).lower()
    text = str(value)
    if field.kind in ("date", "moment", "number", "money"):
        return _DAY_WORDS[fold(text)][language] if fold(text) in _DAY_WORDS else text
    for choice in field.choices:
        if fold(choice.value) == fold(text):
            return choice.label[language].lower() if language == "en" else choice.label[language]
    return f"“{text}”" if language == "en" else f"「{text}」"
