"""The machine that the grammars run on."""

from __future__ import annotations

from typing import Any

from nlp.dates.cascade import GAP, Found, Grammar, Rules, Token


def grammar() -> Grammar:
    rules = Rules()

    @rules.rule("pair", "number ( and | comma ) number", "a? number twice")
    def _pair(found: Found, _context: Any) -> Any:
        numbers = found.every("number")
        return (numbers * 2)[:2] if numbers != [0] else None

    @rules.rule("many", "pair and pair")
    def _many(found: Found, _context: Any) -> Any:
        return ("list", [number for pair in found.every("pair") for number in pair])

    return Grammar({}, rules)


def run(*words: str | int) -> list[tuple[str, Any]]:
    built = grammar()
    tokens = [
        Token(GAP, GAP, place, place + 1) if word == GAP
        else built.token("number", place, place + 1, word) if isinstance(word, int)
        else built.token(word, place, place + 1)
        for place, word in enumerate(words)
    ]  # fmt: skip
    return [(token.category, token.value) for token in built.run(tokens, "x" * len(words), None)]


def test_a_rule_replaces_what_it_matches() -> None:
    assert run(1, "and", 2) == [("pair", [1, 2])]


def test_what_may_be_missing_may_be_there() -> None:
    assert run("a", 3, "twice") == run(3, "twice") == [("pair", [3, 3])]


def test_a_rule_that_declines_leaves_its_tokens() -> None:
    assert run(0, "twice") == [("number", 0), ("twice", None)]


def test_later_rules_build_on_earlier_ones_and_may_name_their_category() -> None:
    assert run(1, "comma", 2, "and", 3, "twice") == [("list", [1, 2, 3, 3])]


def test_nothing_crosses_a_gap() -> None:
    assert [category for category, _ in run(1, GAP, "and", 2)] == ["number", GAP, "and", "number"]
