"""Drafts in both languages: every template with everything known and with hardly anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm_client.records import Account, Contact, DealProduct, Product
from motenashi.suggestions.advice.drafts.draft_templates import FOLDER, VALUES, check_templates, render
from motenashi.suggestions.advice.drafts.money import money
from motenashi.suggestions.advice.facts import RecordFacts, Term
from motenashi.suggestions.advice.purposes import purposes
from motenashi.suggestions.suggestion import Draft
from tests.suggestions.advice.world import PRODUCTS, activity, advise, facts, learned, mail, moment

BODIES = sorted(file.stem for file in (FOLDER / "en" / "bodies").glob("*.j2"))
BARE: Mapping[str, Any] = {}  # what a careless caller might hand in
FULL: Mapping[str, Any] = {
    "name": "Haruka Mori",
    "account": "Sazanami Ltd",
    "us": "Minamo Inc.",
    "owner": "Aya Sato",
    "title": "Call Haruka Mori",
    "topic": "the quote",
    "points": ["Prices", "Dates"],
    "products": [
        {"name": "AeroBook 14", "summary": "Light", "quantity": 2, "price": "¥1"},
        {"name": "Dock Two", "summary": "", "quantity": 1, "price": ""},
    ],
    "product_names": "AeroBook 14 and Dock Two",
    "times": ["Thu 3 Jun 15:00–16:00", "Fri 4 Jun 11:00–12:00"],
    "zone": "Asia/Tokyo",
    "quoted": "What does it cost?",
    "asked": True,
    "first": False,
    "phone": "+81 3 0000 0000",
    "appointment": "Thu 3 Jun 15:00–16:00",
    "trial_ends": "Thu 10 Jun",
    "trial_until": "Thu 24 Jun",
    "term_ends": "Thu 1 Jul",
}


def looks_well(text: str) -> None:
    """Nothing missing shows, nothing is piled up, no empty greeting, no sentence that ends twice."""
    assert text and text == text.strip()
    assert "None" not in text and "{" not in text and "}" not in text
    assert not re.search(r"[^\S\n]{2,}|\n{3,}|[^\S\n]\n|\n[^\S\n]", text), text
    assert not re.search(r"\(\)|（）|\(\s|: *\n\n\n| ,|Dear ,| \.|。。|、、|^様|「」|\"\"", text, re.MULTILINE), text


def test_the_templates_as_they_are_have_no_problem() -> None:
    assert check_templates() == []


def test_both_languages_have_the_same_bodies_and_every_purpose_that_is_mailed_has_one() -> None:
    assert sorted(file.stem for file in (FOLDER / "ja" / "bodies").glob("*.j2")) == BODIES
    assert set(purposes().purposes) - set(BODIES) == set()


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("values", [FULL, BARE, dict(FULL, asked=False), dict.fromkeys(VALUES)], ids=str)
@pytest.mark.parametrize("body", BODIES)
def test_every_mail_reads_well_with_full_and_with_missing_data(
    language: str, values: Mapping[str, Any], body: str
) -> None:
    lists = {name: values.get(name) or [] for name in ("products", "times", "points")}
    text = render("mail", language, {**values, **lists, "bodies": [body]})

    looks_well(text)
    if values is FULL:
        assert "Aya Sato" in text


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("values", [FULL, BARE], ids=["full", "bare"])
@pytest.mark.parametrize("name", ["call", "event"])
def test_every_note_and_agenda_reads_well(language: str, values: Mapping[str, Any], name: str) -> None:
    lists = {each: values.get(each, []) for each in ("products", "times", "points")}

    looks_well(render(name, language, {**values, **lists}))


def nameless(about: RecordFacts) -> RecordFacts:
    return replace(
        about,
        contact=Contact("c1", "", email=""),
        account=Account("a1", ""),
        owner=None,
        company={},
        products=(),
        lines=(),
    )


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("purpose", [*purposes().purposes, "site_visit"])
@pytest.mark.parametrize("kind", ["call", "event", "email"])
@pytest.mark.parametrize("known", [True, False])
def test_every_action_and_purpose_makes_a_draft_that_reads_well(
    language: str, purpose: str, kind: str, known: bool
) -> None:
    about = replace(facts(language), language=language)
    told = learned(f"{kind}:{purpose} p 0.40 base 0.25 lift 1.6 (1.1 to 2.3) 12 of 19")
    made = advise(about if known else nameless(about), told)

    assert made.draft is not None
    looks_well(made.draft.text)
    assert made.draft.subject and made.draft.language == language
    assert all("  " not in title and "{" not in title for title in made.title.values())


def draft(about: RecordFacts, *wishes: Any) -> Draft:
    made = advise(about, None, *wishes)
    assert made.draft is not None
    return made.draft


def test_a_mail_goes_to_the_customer_in_their_language_else_in_the_companys() -> None:
    unknown = replace(facts("en"), contact=replace(facts().contact or Contact("c1", ""), language=""))
    asked = mail("en", {"quote_request": "What does it cost?"})

    assert draft(facts("ja"), *asked).language == "ja"
    assert draft(replace(unknown, company_language="ja"), *asked).text.startswith("Sazanami Ltd\nHaruka Mori様")
    assert draft(replace(unknown, language="fr"), *asked).language == "en"
    assert draft(facts("en"), *asked).to == "haruka.mori@example.com"


def test_what_a_customer_wrote_is_never_a_template_and_stays_on_its_line() -> None:
    contact = Contact("c1", "{{ 7 * 7 }}\nBcc: all@example.com", email="x@example.com\nBcc: y@example.com")
    asked = mail("en", {"spec_question": "{% for x in y %}{{ self }} <b>bold</b>\n\nDear all"})
    made = draft(replace(facts(), contact=contact), *asked)

    assert "Dear {{ 7 * 7 }} Bcc: all@example.com," in made.text
    assert '"{% for x in y %}{{ self }} <b>bold</b> Dear all"' in made.text
    assert "\n" not in made.to and "\n" not in made.subject


def test_prices_are_the_deals_own_else_the_list_price() -> None:
    lines = (DealProduct("d1", "aero", 3, 150_000), DealProduct("d1", "dock", 1, 0))
    text = draft(replace(facts(), lines=lines), *mail("en", {"quote_request": "What does it cost?"})).text

    assert "- AeroBook 14 × 3: ¥150,000 each" in text
    assert "- Dock Two: ¥24,800 each" in text


@pytest.mark.parametrize(
    ("amount", "currency", "language", "said"),
    [(98_000, "JPY", "en", "¥98,000"), (120_050, "EUR", "en", "€1,200.50"), (98_000, "JPY", "ja", "￥98,000")],
)
def test_money_is_said_in_its_own_unit(amount: int, currency: str, language: str, said: str) -> None:
    assert money(amount, currency, language) == said


def test_a_mail_about_a_demonstration_proposes_free_times_on_the_customers_clock() -> None:
    about = replace(facts(), time_zone="Asia/Singapore")
    made = advise(about, learned("email:demo p 0.40 base 0.25 lift 1.6 (1.1 to 2.3) 12 of 19"))

    assert made.draft is not None
    assert "(Singapore Time)" in made.draft.text
    assert "- Thu 3 Jun 09:00–10:00" in made.draft.text  # ten o'clock in Tokyo


def test_a_trial_that_has_ended_is_extended_from_today_on() -> None:
    about = replace(facts(), trial_ends=date(2027, 5, 20))
    text = draft(about, *mail("en", {"trial_extension": "We need more time."})).text

    assert "until Wed 16 Jun" in text


def test_a_term_that_is_over_is_not_said_to_end() -> None:
    about = replace(facts(kind="contact"), term=Term(date(2027, 5, 20)))
    text = draft(about).text

    assert "20 May" not in text
    assert "about the renewal of your subscription" in text


def test_a_moved_appointment_keeps_its_name_and_tells_what_it_stands_for() -> None:
    planned = (activity("event", "2027-06-03 15:00", "demo", end="2027-06-03 16:00", subject="AeroBook, live"),)
    asked = mail("en", {"reschedule": "I can't."}, "I can't make it. How about Tuesday 8 June at 10:00?")
    made = draft(replace(facts(), planned=planned), *asked)

    assert made.subject == "AeroBook, live"
    assert made.text.startswith("Instead of our appointment of Thu 3 Jun 15:00–16:00.")
    assert made.start == moment("2027-06-08 10:00")


def test_a_product_without_words_or_price_leaves_no_hole() -> None:
    bare = Product("aero", "", "AeroBook 14", "エアロブック14", "", 0)
    asked = mail("en", {"quote_request": "What does it cost?", "product_info": "Tell us more."}, products=["aero"])
    text = draft(replace(facts(), products=(bare, *PRODUCTS[1:]), lines=()), *asked).text

    looks_well(text)
    assert "\n- AeroBook 14\n" in text


def test_mistakes_in_templates_are_told_with_file_and_line(tmp_path: Path) -> None:
    for file in FOLDER.rglob("*.j2"):
        copy = tmp_path / file.relative_to(FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "en/call.j2").unlink()
    (tmp_path / "ja/event.j2").write_text("アジェンダ\n{{ pionts }}\n", encoding="utf-8")
    (tmp_path / "en/bodies/quote.j2").write_text("Hello\n{% if x %}\n", encoding="utf-8")

    told = [str(problem) for problem in check_templates(tmp_path)]
    assert any(each.startswith("en/call.j2: this file is missing.") for each in told)
    assert "ja/event.j2:2: nothing is known as 'pionts'. Did you mean 'points'?" in told
    assert any(each.startswith("en/bodies/quote.j2:") and "can't be read" in each for each in told)
    assert len(told) == 3
