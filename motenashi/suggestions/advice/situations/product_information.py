"""Product information: an answer to a question about details, or about a technical property."""

from __future__ import annotations

from dataclasses import replace

from motenashi.suggestions.advice.case import Case
from motenashi.suggestions.advice.idea import Idea


def product_information(case: Case, idea: Idea) -> Idea:
    found = about_products(case, replace(idea, situation="product_information"))
    if not idea.asked:
        return found
    name = "specification_wanted" if "specification" in idea.purposes else "details_wanted"
    return replace(found, reasons=(*found.reasons, case.sentences.reason(name, 0.3)))


def about_products(case: Case, idea: Idea) -> Idea:
    """The products it is about: those the customer named, else those of the deal."""
    products = case.products(idea.product_ids)
    if not products:
        return idea
    names = {language: case.product_names(products, language) for language in ("en", "ja")}
    reason = case.sentences.reason("product_named", 0.2, names=names)
    return replace(idea, product_ids=tuple(one.id for one in products), reasons=(*idea.reasons, reason))
