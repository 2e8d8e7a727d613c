"""The tables of purposes and of sentences are read with every mistake told by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from motenashi.problems import Problem
from motenashi.suggestions.advice import purposes as purposes_file
from motenashi.suggestions.advice import sentences as sentences_file
from motenashi.suggestions.advice.purposes import SITUATIONS, purposes, read_purposes
from motenashi.suggestions.advice.sentences import FILLED, Value, read_sentences, sentences
from motenashi.suggestions.advice.situations.all_situations import ANSWERS
from motenashi.suggestions.intent_actions import intent_actions

PURPOSES = purposes_file.FILE.read_text(encoding="utf-8")
SENTENCES = sentences_file.FILE.read_text(encoding="utf-8")
OF_THE_RECORDS = (  # the purposes of activities and mails in sales records
    *("follow_up", "discovery", "negotiation", "demo", "meeting", "contract_review", "product_info", "quote"),
    *("discount", "trial_extension", "renewal"),
)


def wrong_purposes(tmp_path: Path, text: str) -> list[Problem]:
    file = tmp_path / "purposes.yaml"
    file.write_text(text, encoding="utf-8")
    table, found = read_purposes(file)
    assert (table is None) == bool(found)
    return found


def wrong_sentences(tmp_path: Path, text: str) -> list[Problem]:
    file = tmp_path / "sentences.yaml"
    file.write_text(text, encoding="utf-8")
    table, found = read_sentences(file)
    assert (table is None) == bool(found)
    return found


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_the_files_as_they_are_have_no_problem(tmp_path: Path) -> None:
    assert wrong_purposes(tmp_path, PURPOSES) == []
    assert wrong_sentences(tmp_path, SENTENCES) == []


def test_every_purpose_of_records_and_of_the_mail_table_stands_in_the_table() -> None:
    told = {advice.purpose for advice in intent_actions().intents.values() if not advice.nothing}

    assert (told | set(OF_THE_RECORDS)) - set(purposes().purposes) == set()


def test_every_way_in_which_the_mail_table_meets_a_wish_is_one_of_its_ways() -> None:
    """So that history can be asked which of them is best."""
    wrong = [
        (label, advice.action)
        for label, advice in intent_actions().intents.items()
        if not advice.nothing and purposes().find(advice.purpose).ways
        if advice.action not in purposes().find(advice.purpose).ways
    ]

    assert wrong == []


def test_every_situation_has_its_file() -> None:
    assert set(ANSWERS) == set(SITUATIONS)


@pytest.mark.parametrize("purpose", [*purposes().purposes, "site_visit", ""])
@pytest.mark.parametrize("action", ["call", "event", "e-mail", "update"])
def test_every_action_and_purpose_has_a_title_and_a_name_in_both_languages(action: str, purpose: str) -> None:
    for language, who in (("en", "Haruka Mori"), ("ja", "森様")):
        title = purposes().title(action, purpose, language, who=who, when="", products="")

        assert who in title or (language, purpose) == ("ja", "unsubscribe")
        assert "{" not in title and "  " not in title
        assert purposes().name(action, purpose)[language]
        assert purposes().noun(action, purpose, language)


def test_a_purpose_that_only_the_crm_knows_is_shown_by_its_own_name() -> None:
    title = purposes().title("call", "site_visit", "en", who="Haruka Mori", when="", products="")

    assert title == "Call Haruka Mori about site visit"


def test_a_purpose_that_looks_like_a_template_is_only_text() -> None:
    title = purposes().title("call", "{{ 7 * 7 }}{% x %}", "en", who="Haruka Mori", when="", products="")

    assert "49" not in title
    assert title.startswith("Call Haruka Mori about")


@pytest.mark.parametrize(
    ("old", "new", "what", "at"),
    [
        ("situation: demo", "situation: demos", "demo, 'situation', can't be 'demos'", "  demo:"),
        (
            "{en: discovery, ja: ヒアリング}",
            "{en: discovery}",
            "discovery, 'name', has no text for 'ja'",
            "  discovery:",
        ),
        ("{en: the terms,", "{en: '{{ terms }}',", "nothing is known as terms", "  negotiation:"),
        ("{en: the contract,", "{en: '{{ the contract',", "can't be filled in (en)", "  contract_review:"),
        ("ways: [e-mail, call, event]", "ways: [e-mail, fax]", "fax", "ways: [e-mail, call, event]"),
        (
            "    points:\n      en: [Open questions, What it",
            "    pints:\n      en: [Open questions, What it",
            "pints",
            "",
        ),
        ("      call: {en: 'Call {{ who }}{{ when }} for", "      fax: {en: 'Call {{ who }}{{ when }} for", "fax", ""),
    ],
)
def test_each_mistake_in_the_purposes_is_told_where_it_stands(
    tmp_path: Path, old: str, new: str, what: str, at: str
) -> None:
    assert PURPOSES.count(old) >= 1
    found = wrong_purposes(tmp_path, PURPOSES.replace(old, new, 1))

    assert any(what in str(problem) for problem in found), found
    assert not at or found[0].line == line_of(PURPOSES, at)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = PURPOSES.replace("situation: demo", "situation: demos").replace("ja: ヒアリング", "ja: ''")

    assert len(wrong_purposes(tmp_path, text)) == 2


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("  smooth:\n", "  smoth:\n", "Did you mean 'smooth'?"),
        ("{{ evidence|counted('earlier contact') }}", "{{ evidences }}", "thin can't be filled in (en)"),
        ("  all: {en: Deals as a whole, ja: 商談全体}\n", "", "like lacks 'all'"),
        ('ja: "商談は順調に進んでおり', 'jp: "商談は順調に進んでおり', "smooth has no text for 'ja'"),
    ],
)
def test_each_mistake_in_the_sentences_is_told(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert SENTENCES.count(old) == 1
    found = wrong_sentences(tmp_path, SENTENCES.replace(old, new))

    assert any(what in str(problem) for problem in found), found


def test_every_sentence_is_used_somewhere() -> None:
    room = Path(purposes_file.__file__).parent
    code = "".join(file.read_text(encoding="utf-8") for file in room.rglob("*.py") if file.name != "sentences.py")

    assert [name for name in FILLED if f'"{name}"' not in code] == []


@pytest.mark.parametrize("name", FILLED)
def test_every_sentence_reads_well_when_filled_in(name: str) -> None:
    values: dict[str, Value] = {key: "demonstration" if key == "kind" else 3 for key in FILLED[name].split()}

    for text in sentences().words(name, **values).values():
        assert text.strip() == text and "{" not in text and "  " not in text
