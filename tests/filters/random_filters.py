"""Random filters: every kind of field, every operator that fits it, groups inside lists inside groups."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

from motenashi.filters.operators import OPERATORS_OF
from tests.filters.small_world import KEYWORDS, STAGES, TEXTS

_asked = st.sampled_from([text for text in TEXTS if text.strip()] + ["ice", "i", "b", "won", "ja", "o1", "webinar"])
_numbers = st.one_of(st.integers(-3, 12), st.sampled_from([2.5, "３", "1,000", 10**30]))
_moment_words = ("today", "yesterday", "tomorrow", "now", "2026-11-03", "2026-10-27", "2026-11-03T09:00",
                 "2026-11-02T15:00:00+00:00", "2026-10-20T10:30:15.250000+09:00",
                 "0001-01-01", "9999-12-31")  # fmt: skip
_whens = st.sampled_from(_moment_words)
_sizes = st.integers(0, 3)
_patterns = st.sampled_from(
    ["price", "^p", "e$", "[a-z]+ice", r"\d", r"\bprice\b", "価|ﾌﾟ", "(a|b){1,2}", "x*y?", "[^a]$"]
)

# Values that are checked against what there can be.
CLOSED: Mapping[str, tuple[str, ...]] = {
    "tone": ("positive", "neutral", "negative"),
    "intent": ("purchase", "complaint", "inquiry", "other"),
    "emotion": ("happy",),
    "kind": ("churn", "deal_won"),
    "keyword.kind": ("general", "competitor"),
    "said_by": ("customer", "us"),
    "relation": ("during", "after"),
    "channel": ("email", "webinar", "visit"),
    "score_group": ("promoter", "passive", "detractor"),
    "outcome": ("won", "lost", "open"),
}
CUSTOM = {"Tier": "text", "Seats": "number", "Opt_In": "boolean", "Day": "date", "Tags": "texts"}
_TOUCHED = {"last_touch_at": "moment", "last_signal_at": "moment", "days_since_last_touch": "number"}
_SUMS = {"number_of_deals": "number", "won_deals": "number", "won_amount": "number"}
FIELDS: Mapping[str, Mapping[str, str]] = {
    "contacts": {
        "name": "text", "last_name": "text", "email": "text", "title": "text", "language": "choice", "id": "id",
        "created_at": "moment", "account.industry": "choice", "account.employees": "number", "owner.active": "boolean",
        "account.owner.name": "text", "can_be_mailed": "boolean", "account.number_of_deals": "number",
        "account.last_touch_at": "moment", **_SUMS, **_TOUCHED,
    },
    "leads": {"status": "choice", "company": "text", "converted": "boolean", "owner.email": "text", **_TOUCHED},
    "accounts": {"name": "text", "industry": "choice", "employees": "number", **_SUMS, **_TOUCHED},
    "deals": {
        "name": "text", "stage": "choice", "stage.outcome": "choice", "amount": "money", "repeat": "boolean",
        "expected_close": "date", "closed_at": "moment", "created_at": "moment", "contact.title": "text",
        "contact.account.industry": "choice", **_TOUCHED,
    },
    "touchpoints": {"channel": "choice", "at": "moment", "signal": "boolean", "pages": "number", "title": "text",
                    "status": "choice"},
    "responses": {
        "tone": "choice", "emotion": "choice", "intent": "choice", "at": "moment", "score": "number",
        "score_group": "choice", "text": "text", "intents": "texts", "keyword": "keyword", "keyword.tone": "choice",
        "keyword.said_by": "choice", "keyword.kind": "choice", "keyword.intent": "choice", "keyword.text": "text",
        "competitor": "keyword", "competitor.tone": "choice", "product": "id",
    },
    "events": {
        "kind": "choice", "at": "moment", "detail": "choice", "relation": "choice", "seconds": "number",
        "days_after": "number", "response.tone": "choice", "response.keyword": "keyword",
        "response.keyword.tone": "choice", "response.score": "number", "response.intents": "texts",
    },
    "keywords": {"keyword": "plain keyword", "tone": "choice", "kind": "plain kind"},
}  # fmt: skip
# A keyword's own list calls its fields by their bare names, which the plain view of rows does not: left to other tests.
LISTS: Mapping[str, tuple[str, ...]] = {
    "contacts": ("responses", "events", "touchpoints", "deals"),
    "leads": ("responses", "events", "touchpoints"),
    "deals": ("responses", "events", "touchpoints"),
    "accounts": ("responses", "events", "contacts", "deals", "touchpoints"),
}


@cache
@st.composite
def filters(draw: st.DrawFn, module: str, custom: frozenset[str]) -> dict[str, Any]:
    """{"if": …, "pattern": …}; and with these `custom` fields, which contacts and accounts have."""
    items, pattern = draw(_groups(module, 2, custom))
    return {"if": items} if pattern is None else {"if": items, "pattern": pattern}


@cache
@st.composite
def _groups(draw: st.DrawFn, kind: str, depth: int, custom: frozenset[str]) -> tuple[list[dict[str, Any]], str | None]:
    items = draw(st.lists(_conditions(kind, depth, custom), min_size=1, max_size=3))
    return items, draw(st.one_of(st.none(), _pattern_of(len(items))))


@cache
@st.composite
def _conditions(draw: st.DrawFn, kind: str, depth: int, custom: frozenset[str]) -> dict[str, Any]:
    lists = LISTS.get(kind, ()) if depth else ()
    if lists and draw(st.booleans()):
        name = draw(st.sampled_from(lists))
        items, pattern = draw(_groups(name, depth - 1, frozenset()))
        written: dict[str, Any] = {draw(st.sampled_from(["some", "some", "none"])): items}
        if pattern is not None:
            written["pattern"] = pattern
        if "some" in written and draw(st.booleans()):
            written["at_least"] = draw(st.integers(1, 3))
        return {name: written}
    known = dict(FIELDS[kind]) | ({name: CUSTOM[name] for name in custom} if kind in ("contacts", "accounts") else {})
    name = draw(st.sampled_from(sorted(known)))
    return {name: draw(_written(name, known[name]))}


@cache
@st.composite
def _written(draw: st.DrawFn, name: str, kind: str) -> dict[str, Any]:
    operators = OPERATORS_OF["text" if kind == "keyword" else kind]  # type: ignore[index]
    operator = draw(st.sampled_from(operators))
    texts: Any = st.sampled_from((*KEYWORDS, "ｐｒｉｃｅ", "PRICE")) if kind == "keyword" else _asked
    last = name.rpartition(".")[2]
    closed = CLOSED.get(name) or CLOSED.get(last)
    if closed and kind == "choice" and operator in ("is", "is_not", "in", "not_in"):
        texts = st.sampled_from(closed)
    if name == "stage":
        texts = st.sampled_from([stage for stage, _ in STAGES] + ["gone", "other"])
    return {operator: draw(_value(operator, kind, texts))}


def _value(operator: str, kind: str, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    if operator in ("is_empty", "is_not_empty", "is_true", "is_false"):
        return st.just(True)
    if operator in ("in", "not_in", "has_any", "has_all"):
        items = st.sampled_from(["a", "b", "order", "thanks"]) if kind == "texts" else texts
        return st.lists(items, min_size=1, max_size=3)
    if operator in ("has", "has_not"):
        return st.sampled_from(["a", "Ｂ", "order", "Thanks", "c d"])
    if operator in ("size_eq", "size_gt", "size_lt", "in_last_days", "in_next_days"):
        return _sizes if operator.startswith("size") else st.sampled_from([0, 1, 7, 30])
    if operator == "weekday_in":
        return st.sampled_from([["mon"], ["tue", "sun"], {"days": ["火"], "zone": "America/New_York"}])
    if operator == "time_between":
        return st.sampled_from(
            [["09:00", "18:00"], ["22:00", "06:30"], {"from": "00:00", "to": "00:01", "zone": "UTC"}]
        )
    if operator == "between":
        return _ranges(kind)
    if operator in ("before", "after", "on"):
        return _whens
    if operator == "matches":
        return _patterns
    return _numbers if operator in ("eq", "ne", "gt", "ge", "lt", "le") else texts


def _ranges(kind: str) -> st.SearchStrategy[Any]:
    if kind in ("date", "moment"):
        days = [["2026-10-20", "2026-11-03"], ["yesterday", "now"], ["2026-11-03T00:00+09:00", "tomorrow"]]
        return st.sampled_from(days + ([["23:00", "05:00"]] if kind == "moment" else []))
    return st.sampled_from([[0, 3], [2, 2], [-2.5, 7]])


@cache
def _pattern_of(count: int) -> st.SearchStrategy[str]:
    """Every number once, in some tree."""
    one = st.sampled_from
    if count == 1:
        return one(["1", "not 1", "not not 1"])
    if count == 2:
        return one(["1 or 2", "1 and not 2", "not (1 and 2)", "not (not 1 or 2)"])
    return one(["(1 and 2) or 3", "1 or not (2 and 3)", "not (1 or 2) and 3", "1 or 2 or not 3"])
