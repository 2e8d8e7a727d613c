"""Advice as lines of JSON, one for every open deal: the answer file of a batch."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from motenashi.sales_history.history import Organisation
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice, RankedAction
from motenashi.suggestions.next_best_action.office_hours import next_open


def write_suggestions(advices: Iterable[DealAdvice], file: Path, *, organisation: Organisation) -> int:
    """How many lines were written. A name that ends in .gz is compressed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with _opened(file) as lines:
        for advice in advices:
            lines.write(json.dumps(as_row(advice, organisation), ensure_ascii=False) + "\n")
            written += 1
    return written


def _opened(file: Path) -> TextIO:
    if file.suffix == ".gz":
        return gzip.open(file, "wt", encoding="utf-8")
    return file.open("w", encoding="utf-8")


def as_row(advice: DealAdvice, organisation: Organisation) -> dict[str, Any]:
    if not advice.suggest or not advice.ranked:
        return {
            "deal_id": advice.deal_id,
            "suggest": False,
            "at": _text(next_open(organisation, advice.due_at)),
            "reason": _quiet(advice),
        }
    best = advice.ranked[0]
    return {
        "deal_id": advice.deal_id,
        "suggest": True,
        "action": best.name,
        "ranked": [action.name for action in advice.ranked],
        "p": round(best.p, 4),
        "at": _text(next_open(organisation, max(advice.due_at, advice.as_of))),
        "reason": _reason(advice, best),
        "lift": round(best.lift, 3),
        "low": round(best.low, 3),
        "high": round(best.high, 3),
        "taken": best.taken,
        "advanced": best.advanced,
        "evidence": advice.evidence,
    }


def _reason(advice: DealAdvice, best: RankedAction) -> str:
    if not advice.evidence:
        return f"Nothing is known of deals in {advice.stage} yet; {_spoken(best)} is a common next step."
    like = {
        "industry": f"deals of this industry and type in {advice.stage}",
        "type": f"deals of this type in {advice.stage}",
        "stage": f"deals in {advice.stage}",
        "all": "deals in any stage",
    }[best.like]
    return (
        f"{_spoken(best).capitalize()}: deals like this one move on {best.lift:.1f} times as often after it as after "
        f"what is usually done (95 % interval {best.low:.1f} to {best.high:.1f}); of {like}, "
        f"{best.advanced} of {best.taken} moved on."
    )


def _quiet(advice: DealAdvice) -> str:
    if advice.last_contact_at is None:
        return "The deal is new: no contact is due yet."
    days = (advice.as_of - advice.last_contact_at).days
    ago = {0: "less than a day ago", 1: "1 day ago"}.get(days, f"{days} days ago")
    best = (
        ""
        if advice.usual_gap_days is None
        else f", and about {advice.usual_gap_days:.0f} days between contacts go best"
    )
    return f"Contact is frequent enough: the last one was {ago}{best}."


def _spoken(action: RankedAction) -> str:
    purpose = action.purpose.replace("_", " ")
    kind = {"call": "a call", "event": "a meeting", "email": "an e-mail"}[action.kind]
    return f"{kind} ({purpose})" if purpose else kind


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
