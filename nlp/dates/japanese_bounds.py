"""Japanese rules for open ends: 金曜まで, 16時以降, 月曜から."""

from __future__ import annotations

from typing import Any

from nlp.dates.cascade import Found, Rules, Token
from nlp.dates.compose_clocks import bounded
from nlp.dates.context import Context
from nlp.dates.japanese_windows import is_moved
from nlp.dates.values import Bound, Period, When

BOUNDS = Rules()


_THINGS = "( day | moment | period | month_date | year_date | clock | part | part_period | counted | stretch )"


@BOUNDS.rule(
    "bound",
    f"{_THINGS} ( の )? ( 以降 )",
    f"{_THINGS} ( の )? ( まで | 以前 | 前 | 後 )",
    "( day | month_date | year_date | period | part_period ) から",
    "moment から",
    "早ければ ( period | month_date | day )",
    "day 中",
    "day day_end",
)
def _since(found: Found, context: Context) -> Any:
    token = next(one for one in found.tokens if one.category != "早ければ")
    word = found.tokens[-1].category
    if word == "から" and is_moved(found):
        return None
    if found.has("早ければ"):
        return When(day=token.value, bound="since")
    if word == "中":
        return None
    if token.category == "moment" and word == "から" and token.value.part is None:
        return None
    said = found.text[found.tokens[-1].start : found.tokens[-1].end]
    after = found.ahead(3)
    if word == "後" and (
        token.category in ("period", "part_period", "counted", "part") or after[:1] in ("半", "日", "任")
    ):
        return None
    if (word == "前" and after[:1] in ("半", "日", "回", "後", "倒", "向")) or said == "あと":
        return None
    bounds: dict[str, Bound] = {
        "以降": "since",
        "から": "since",
        "まで": "until",
        "以前": "before",
        "前": "before",
        "後": "since",
    }
    bound = bounds[word]
    if word == "以降" and "後" in said and token.category in ("year_date", "month_date") and "その" not in said:
        bound = "after"
    if (word == "以前" and "その" in said) or "それ以前" in said:
        bound = "until"
    return _bounded(token, bound)


def _bounded(token: Token, bound: Bound) -> Any:
    if token.category == "part_period":
        part, _whole = token.value
        if bound in ("until", "before"):
            return When(day=part if bound == "until" else Period(part.start, part.start), bound=bound)
        return When(day=part, bound=bound)
    return None if isinstance(token.value, When) and token.value.exact else bounded(token.value, bound)
