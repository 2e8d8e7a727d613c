"""A demonstration: at the customer's time, else when past demonstrations led to wins; again when they move it."""

from __future__ import annotations

from dataclasses import replace

from motenashi.suggestions.advice.case import Case
from motenashi.suggestions.advice.idea import Idea
from motenashi.suggestions.advice.situations.appointments import arranged
from motenashi.suggestions.advice.situations.product_information import about_products


def demo(case: Case, idea: Idea) -> Idea:
    """A demonstration that is moved stays one, whatever the customer calls it."""
    purposes = tuple(dict.fromkeys((*idea.purposes, "demo")))
    return about_products(case, replace(arranged(case, idea, "demo"), purposes=purposes, situation="demo"))
