"""The draft that accepting a suggestion fills in: a call note, an event or a mail, in the customer's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from crm_client.records import Contact, Lead, Product
from motenashi.clean_text import plain_line
from motenashi.suggestions.advice import planned
from motenashi.suggestions.advice.case import Case, utc
from motenashi.suggestions.advice.drafts.draft_templates import body_for, render
from motenashi.suggestions.advice.drafts.money import money
from motenashi.suggestions.advice.extra_fields import told_term, trial_ends
from motenashi.suggestions.advice.idea import Idea
from motenashi.suggestions.advice.moments import day_and_span, day_word, zone_word
from motenashi.suggestions.advice.names import account_name, our_name, owner_name, person_name, who
from motenashi.suggestions.advice.templates import filled
from motenashi.suggestions.advice.timing import free_hours
from motenashi.suggestions.suggestion import Draft, TimeWindow

_MOST_BODIES = 3
_LONGEST_QUOTE = 300
_APPOINTMENTS = ("demo", "meeting")


def make_draft(case: Case, idea: Idea, windows: Sequence[TimeWindow]) -> Draft | None:
    """None for a change of the record, which has nothing to write."""
    if idea.action == "call":
        return _call(case, idea)
    if idea.action == "event":
        return _event(case, idea, windows)
    return _mail(case, idea, windows) if idea.action == "e-mail" else None


def _call(case: Case, idea: Idea) -> Draft:
    language = case.facts.writes_in
    values = _values(case, idea, (), language)
    number = _phone(case.facts.person)
    return Draft("call", language, _subject(case, idea, language), render("call", language, values), to=number)


def _event(case: Case, idea: Idea, windows: Sequence[TimeWindow]) -> Draft:
    language = case.facts.writes_in
    values = _values(case, idea, windows, language)
    start, end = appointment(case, windows[0])
    text = render("event", language, values)
    return Draft("event", language, _subject(case, idea, language), text, to=_address(case), start=start, end=end)


def _mail(case: Case, idea: Idea, windows: Sequence[TimeWindow]) -> Draft:
    language = case.facts.writes_in
    values = _values(case, idea, windows, language)
    text = render("mail", language, values)
    return Draft("e-mail", language, _subject(case, idea, language), text, to=_address(case))


def appointment(case: Case, window: TimeWindow) -> tuple[datetime, datetime]:
    """An invitation's own times; of any other window the beginning, as long as an appointment usually is."""
    if window.source == "invitation":
        return window.start, window.end
    usual = (utc(window.start) + timedelta(minutes=case.settings.event_minutes)).astimezone(window.start.tzinfo)
    return window.start, min(usual, window.end, key=utc)


def _subject(case: Case, idea: Idea, language: str) -> str:
    products = case.product_names(case.products(idea.product_ids), language)
    # An appointment that is moved keeps its name.
    old = planned.to_be_moved(case) if "reschedule" in idea.purposes and idea.action == "event" else None
    if old is not None and old.subject:
        return plain_line(old.subject)
    return filled(case.purposes.find(idea.purpose).subject[language], {"products": products})


def _values(case: Case, idea: Idea, windows: Sequence[TimeWindow], language: str) -> Mapping[str, Any]:
    facts, products = case.facts, case.products(idea.product_ids)
    names = case.product_names(products, language)
    row = case.purposes.find(idea.purpose)
    spoken = {"who": who(facts, language), "when": "", "products": names}
    return {
        "name": person_name(facts, language),
        "account": account_name(facts),
        "us": our_name(facts, language),
        "owner": owner_name(facts),
        "title": case.purposes.title(idea.action, idea.purpose, language, **spoken),
        "topic": filled(row.topic[language], {"products": names}),
        "points": _points(case, idea, language),
        "bodies": list(dict.fromkeys(body_for(purpose, language) for purpose in idea.purposes))[:_MOST_BODIES],
        "products": [_product(case, product, language) for product in products],
        "product_names": names,
        "times": _times(case, idea, windows, language),
        "zone": zone_word(case.their_zone or case.zone, language),
        "quoted": _quoted(idea),
        "asked": idea.asked,
        "first": idea.purpose == "first_contact",
        "phone": _phone(facts.person),
        "appointment": _appointment(case, idea, language),
        **_ends(case, language),
    }


def _points(case: Case, idea: Idea, language: str) -> list[str]:
    """What to talk about. An appointment that is moved is about the same things as before."""
    purposes = [purpose for purpose in idea.purposes if purpose != "reschedule"] or idea.purposes
    points = (point for purpose in purposes for point in case.purposes.find(purpose).points[language])
    return list(dict.fromkeys(points))


def _product(case: Case, product: Product, language: str) -> Mapping[str, Any]:
    line = next((line for line in case.facts.lines if line.product_id == product.id), None)
    price = line.unit_price if line and line.unit_price else product.unit_price
    return {
        "name": plain_line(product.name(language)),
        "summary": plain_line(product.summary(language)),
        "quantity": line.quantity if line else 1,
        "price": money(price, product.currency, language) if price else "",
    }


def _times(case: Case, idea: Idea, windows: Sequence[TimeWindow], language: str) -> list[str]:
    """Times to propose, on the customer's clock. When a mail had best be written is none of them."""
    if idea.action == "e-mail" and idea.purpose in _APPOINTMENTS:
        windows = free_hours(case, case.back_at or case.now)
    elif idea.action != "event":
        return []
    spans = (appointment(case, window) for window in windows)
    zone = case.their_zone or case.zone
    return [day_and_span(start.astimezone(zone), end.astimezone(zone), case.now, language) for start, end in spans]


def _quoted(idea: Idea) -> str:
    said = next((reason.sentence for reason in idea.reasons if reason.sentence), "")
    return plain_line(said)[:_LONGEST_QUOTE]


def _appointment(case: Case, idea: Idea, language: str) -> str:
    """The one that is moved or confirmed, on the customer's clock."""
    if "reschedule" in idea.purposes:
        one = planned.to_be_moved(case)
    else:
        one = next(iter(planned.ahead(case)), None) if idea.purpose == "confirmation" else None
    if one is None:
        return ""
    zone = case.their_zone or case.zone
    return day_and_span(one.start_at.astimezone(zone), planned.ends(one).astimezone(zone), case.now, language)


def _ends(case: Case, language: str) -> Mapping[str, str]:
    trial, subscription = trial_ends(case), told_term(case)
    return {
        "trial_ends": _day(case, trial, language),
        "trial_until": _day(case, _extended(case, trial), language),
        "term_ends": _day(
            case, subscription.ends if subscription and subscription.ends >= case.today else None, language
        ),
    }


def _extended(case: Case, ends: date | None) -> date | None:
    """From its end on, or from today where it has ended."""
    return None if ends is None else max(ends, case.today) + timedelta(days=case.settings.trial_extension_days)


def _day(case: Case, day: date | None, language: str) -> str:
    return "" if day is None else day_word(day, case.today, language)


def _phone(person: Contact | Lead | None) -> str:
    return plain_line(person.phone or person.mobile) if person else ""


def _address(case: Case) -> str:
    return plain_line(case.facts.person.email) if case.facts.person else ""
