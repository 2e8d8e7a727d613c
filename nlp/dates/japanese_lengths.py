"""Japanese rules for lengths: 3時間, 2泊3日. 3日 is one only before 後, 前, 間, 以内."""

from __future__ import annotations

import re
from typing import Any

from nlp.dates.cascade import Found, Rules
from nlp.dates.context import Context
from nlp.dates.values import Length

LENGTHS = Rules()
_DAYS_ARE_COUNTED = re.compile(
    r"\s*(?:間|目|分|程|ほど|以内|以上|以下|あまり|余り|も(?:あ|か|経|待)|くらい|ぐらい|連続|たっ|経|"
    r"かか|坊|ごと|毎|に\d回|の間)"
)


@LENGTHS.rule(
    "length",
    "まる? ( num | decimal | num_few ) unit 半?",
    "まる? ( num | num_few ) 営業日",
    "まる? ( num | decimal ) ( 分 | 秒 )",
    "decimal 年",
)
def _three_hours(found: Found, _context: Context) -> Any:
    few = found.has("num_few")
    amount = 3.0 if few else float(found.first("num", "decimal"))
    if found.has("営業日"):
        return Length((("days", amount),), business=True)
    if found.has("分") and re.match(r"の\d", found.ahead(2)):
        return None
    if re.match(r"(?:365|対応|体制|サポート|稼働|営業|受付)", found.ahead(5)):
        return None
    unit = found.first("unit") or ("minutes" if found.has("分") else "seconds" if found.has("秒") else "years")
    if (
        found.has("分")
        and found.text[found.tokens[0].start] == "十"
        and not re.match(r"\s*(?:間|後|前|ほど|以内|程|く|で|$|[かのを、。])", found.ahead(3))
    ):
        return None
    return Length(((unit, amount + (0.5 if found.has("半") else 0)),))


@LENGTHS.rule("length", "num 年 半?", "まる? ( num | num_few ) 日", "まる num 日", "num 週")
def _three_years(found: Found, context: Context) -> Any:
    """Years below 1000, and days that something is counted by."""
    amount = 3.0 if found.has("num_few") else float(found.first("num"))
    after = found.ahead(4)
    counted = re.match(r"\s*(?:後|前|以内|間|以上|以下|未満|ほど|程|くらい|ぐらい|あと|経)", after) is not None
    if found.has("年"):
        before = found.behind(2)
        if amount >= 1000 or before in ("令和", "平成", "昭和", "大正", "明治") or before[-1:] in ("r", "h"):
            return None
        return Length((("years", amount + (0.5 if found.has("半") else 0)),))
    if found.has("週"):
        return Length((("weeks", amount),)) if counted else None
    kanji_one = found.text[found.tokens[0].start] == "一" and amount == 1 and after[:1] not in ("か", "ま", "に", "(")
    before = found.behind(1)
    if before in ("月", "/", "第") or not (
        counted or found.has("まる", "num_few") or (kanji_one and before not in ("年",))
    ):
        return None
    if re.match(r"前(?:の|日)|後半|前半|間の|間で", after) and not found.has("num_few") and amount > 7:
        return None
    return Length((("days", amount),))


@LENGTHS.rule("length", "length num 日")
def _two_nights(found: Found, _context: Context) -> Any:
    """2泊3日"""
    length = found.first("length")
    nights = length.amounts == (("days", float(found.first("num") - 1)),)
    return Length((("days", float(found.first("num"))),)) if nights else None


@LENGTHS.rule("length", "length length", "length num 分")
def _years_and_months(found: Found, _context: Context) -> Any:
    one, two = ([*found.every("length"), None])[:2]
    if two is None:
        return None
    order = ["years", "months", "weeks", "days", "hours", "minutes", "seconds"]
    if one.business or two.business or order.index(two.amounts[0][0]) <= order.index(one.amounts[-1][0]):
        return None
    return Length(one.amounts + two.amounts)
