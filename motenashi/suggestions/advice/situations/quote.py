"""A quote: at stages where quotes move deals on; for each product when the customer wants to compare."""

from __future__ import annotations

from dataclasses import replace

from motenashi.suggestions.advice.case import Case
from motenashi.suggestions.advice.idea import Idea
from motenashi.suggestions.advice.situations.product_information import about_products


def quote(case: Case, idea: Idea) -> Idea:
    if "comparison" in idea.purposes:
        return _each(case, idea)
    found = about_products(case, replace(idea, situation="quote"))
    ranked = case.rank_of(idea.action, idea.purpose)
    if idea.asked or ranked is None or ranked.low <= 1:
        return found
    return replace(found, reasons=(*found.reasons, case.sentences.reason("quote_usual", 0.5)))


def _each(case: Case, idea: Idea) -> Idea:
    """A quote for every product they weigh against each other; one product alone has nothing to be set beside."""
    products = case.products(idea.product_ids)
    found = replace(idea, situation="quote", product_ids=tuple(one.id for one in products) or idea.product_ids)
    if len(products) < 2:
        return about_products(case, found)
    names = {language: case.product_names(products, language, most=len(products)) for language in ("en", "ja")}
    return replace(found, reasons=(*found.reasons, case.sentences.reason("quote_each", 0.5, names=names)))
