"""Records of every kind as hypothesis draws them: such as our tables hold and Zoho can."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from crm_client.records import Account, Activity, Contact, Deal, Lead, Note, Product
from crm_client.zoho.mapping.field_map import Record

words = st.text(st.characters(exclude_categories=("C", "Z")), max_size=30)
some_words = words.filter(bool)
ids = st.integers(1, 10**18).map(str)
no_id_or_one = st.just("") | ids
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
amounts = st.integers(-(2**50), 2**50)
extras = st.dictionaries(
    st.sampled_from(("Loyalty_Level", "Score", "Interests")),
    some_words | st.integers(-(10**9), 10**9) | st.booleans() | st.lists(some_words, min_size=1, max_size=3),
)
accounts = st.builds(
    Account,
    ids,
    some_words,
    industry=words,
    employees=st.none() | st.integers(0, 10**9),
    website=words,
    owner_id=no_id_or_one,
    extra=extras,
)
contacts = st.builds(
    Contact,
    ids,
    some_words,
    first_name=words,
    email=words,
    secondary_email=words,
    phone=words,
    mobile=words,
    account_id=no_id_or_one,
    title=words,
    language=st.sampled_from(("", "en", "ja")),
    time_zone=words,
    owner_id=no_id_or_one,
    extra=extras,
)
leads = st.builds(
    Lead,
    ids,
    some_words,
    words.filter(lambda company: company != "-"),
    first_name=words,
    email=words,
    phone=words,
    mobile=words,
    industry=words,
    status=words,
    source=words,
    owner_id=no_id_or_one,
    note=words,
    extra=extras,
)
products = st.builds(
    Product,
    ids,
    some_words,
    some_words,
    some_words,
    words,
    amounts,
    summary_en=words,
    active=st.booleans(),
)
deals = st.builds(
    Deal,
    ids,
    some_words,
    some_words,
    account_id=no_id_or_one,
    contact_id=no_id_or_one,
    owner_id=no_id_or_one,
    type=words,
    amount=st.none() | amounts,
    currency=st.sampled_from(("JPY", "USD", "EUR", "KRW")),
    lead_source=words,
    expected_close=days,
    extra=extras,
)
lengths = st.none() | st.integers(1, 100_000).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def calls(draw: Any) -> Activity:
    """Those that Zoho can tell: what came in is over, and what is yet to come has neither a length nor a result."""
    direction = draw(st.sampled_from(("inbound", "outbound")))
    status = draw(st.sampled_from(("completed",) if direction == "inbound" else ("open", "completed", "cancelled")))
    start, length = draw(moments).replace(microsecond=0), draw(lengths) if status == "completed" else None
    results = ("answered", "no_answer", "missed") if length or direction == "inbound" else ("", "answered", "no_answer")
    return _activity(
        draw,
        "call",
        start,
        end_at=start + length if length else None,
        direction=direction,
        status=status,
        result=draw(st.sampled_from(results)),
        purpose=draw(st.sampled_from(("", "demo", "follow_up", "quote"))),
    )


@st.composite
def events(draw: Any) -> Activity:
    start = draw(moments).replace(microsecond=0)
    return _activity(draw, "event", start, end_at=start + (draw(lengths) or timedelta(hours=1)))


@st.composite
def tasks(draw: Any) -> Activity:
    midnight_in_tokyo = datetime.combine(draw(days), datetime.min.time(), UTC) - timedelta(hours=9)
    return _activity(draw, "task", midnight_in_tokyo, status=draw(st.sampled_from(("open", "completed"))))


@st.composite
def notes(draw: Any) -> Note:
    about = draw(st.sampled_from(("contact_id", "lead_id", "deal_id")))
    at = draw(moments).replace(microsecond=0)
    return Note(draw(ids), draw(words), draw(some_words), at, owner_id=draw(no_id_or_one), **{about: draw(ids)})


def _activity(draw: Any, kind: str, start: datetime, **more: Any) -> Activity:
    what = draw(st.sampled_from(("deal_id", "lead_id", "")))
    parties = {what: draw(ids)} if what else {}
    return Activity(
        draw(ids),
        kind,
        draw(some_words),
        start,
        contact_id=draw(no_id_or_one),
        owner_id=draw(no_id_or_one),
        note=draw(words),
        **parties,
        **more,
    )


by_module: dict[str, st.SearchStrategy[Record]] = {
    "accounts": accounts,
    "contacts": contacts,
    "leads": leads,
    "products": products,
    "deals": deals,
    "calls": calls(),
    "events": events(),
    "tasks": tasks(),
    "notes": notes(),
}
records = st.sampled_from(sorted(by_module)).flatmap(lambda module: by_module[module])
