"""What made-up customers write: enough of it, in their language, always the same, and as their story ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import yaml

from crm_client.demo.block import Block
from crm_client.demo.deal_story import RENEWAL
from crm_client.demo.mail_words import Told, mail_phrases, mail_text, survey_comment, ticket_text
from crm_client.demo.sales_rules import LOST, WON
from crm_client.embedded.bulk import DealHistory
from crm_client.records import Email

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
CONFIG = Path(__file__).parents[2] / "config.yaml"
PRODUCT = {"en": "AeroBook 14", "ja": "エアロブック14"}
KANA = re.compile("[\u3040-\u30ff]")


@pytest.fixture(scope="module")
def block() -> Block:
    return Block(2_026, 0, NOW)


@pytest.fixture(scope="module")
def histories(block: Block) -> list[DealHistory]:
    return list(block.deals())


def sentences(topics: list[str], language: str) -> list[str]:
    """As patterns: what is filled in may be anything."""
    words = mail_phrases()["topics"]
    return [re.sub(r"\\{\w+\\}", r"[^.。\n]+?", re.escape(one)) for topic in topics for one in words[topic][language]]


def share_of(histories: list[DealHistory], wanted: Callable[[DealHistory], bool], *topics: str) -> float:
    """Of all mails of customers in these deals, how many have a sentence of these topics."""
    known = re.compile("|".join(sentences([*topics], "en") + sentences([*topics], "ja")))
    texts = [mail.text for one in histories if wanted(one) for mail in one.emails if mail.direction == "in"]
    assert len(texts) > 50
    return sum(bool(known.search(text)) for text in texts) / len(texts)


def test_there_is_enough_to_say_in_both_languages() -> None:
    words = mail_phrases()

    for language in ("en", "ja"):
        said = [one for topic in words["topics"].values() for one in topic[language]]
        assert len(set(said)) == len(said) >= 40
        assert min(len(topic[language]) for topic in words["topics"].values()) >= 2  # a mail takes two of its one topic
        assert all(bool(KANA.search(one)) == (language == "ja") for one in said)


def test_every_topic_that_is_named_is_there() -> None:
    words = mail_phrases()
    named = {topic for mood in words["moods"].values() for topic in mood}
    named |= {topic for topics in words["fits"].values() for topic in topics}
    named |= {fault for faults in words["quality"].values() for fault in faults}

    assert named - {"quality"} == set(words["topics"])


def test_the_rivals_are_those_that_the_reader_knows() -> None:
    known = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["reading"]["competitors"]

    assert mail_phrases()["rivals"] == {
        "en": [one["name"] for one in known],
        "ja": [one["name_ja"] for one in known],
    }


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("mood", ["open", "won", "lost", "renewed", "left"])
def test_a_mail_has_two_to_five_sentences_and_nothing_unfilled(mood: str, language: str) -> None:
    told = Told(language, mood, PRODUCT[language], "notebook")
    words = mail_phrases()
    pieces = sentences([*words["topics"]], language)
    pieces += [re.escape(one) for part in ("openings", "closings") for one in words[part][language]]
    piece = re.compile("|".join(sorted(pieces, key=len, reverse=True)))

    for seed in range(300):
        text = mail_text(Random(seed), told, "quote", seed / 300)
        assert "{" not in text
        assert 2 <= len(piece.findall(text)) <= 5, text
        assert piece.sub("", text).strip() == "", text


def test_surveys_say_what_their_score_says() -> None:
    told = Told("en", "won", "AeroBook 14")
    bad = {survey_comment(Random(seed), 3, told) for seed in range(50)}
    good = {survey_comment(Random(seed), 10, told) for seed in range(50)}

    assert not bad & good
    assert "The delivery was late and nobody told us." in bad
    assert any("AeroBook 14" in ticket_text(Random(seed), told) for seed in range(20))


def test_customers_write_in_their_language_and_we_keep_silent(block: Block, histories: list[DealHistory]) -> None:
    language = {one.id: one.language for one in block.customers}
    for mail in (mail for one in histories for mail in one.emails):
        if mail.direction == "in":
            assert bool(KANA.search(mail.text)) == (language[mail.contact_id] == "ja"), mail.text
        else:
            assert mail.text == ""


def test_leads_write_too(block: Block) -> None:
    mails = [one for story in block.leads() for one in story if isinstance(one, Email)]
    texts = [one.text for one in mails if one.direction == "in"]

    assert len(texts) > 50
    assert all(texts)


def test_the_same_company_says_the_same(histories: list[DealHistory]) -> None:
    def said(made: Iterator[DealHistory]) -> list[str]:
        return [mail.text for _, one in zip(range(200), made, strict=False) for mail in one.emails]

    assert said(Block(2_026, 0, NOW).deals()) == said(iter(histories))
    assert said(Block(2_027, 0, NOW).deals()) != said(iter(histories))


def test_what_they_say_is_how_it_ends_but_not_always(histories: list[DealHistory]) -> None:
    def won(one: DealHistory) -> bool:
        return one.deal.stage == WON

    def lost(one: DealHistory) -> bool:
        return one.deal.stage == LOST

    def left(one: DealHistory) -> bool:
        return lost(one) and one.deal.type == RENEWAL

    for topics in (["rival_cheaper", "rival_better"], ["price"], ["delay", "support_slow", "battery", "noise", "heat"]):
        assert share_of(histories, lost, *topics) > 1.5 * share_of(histories, won, *topics) > 0
    praise = ("praise_product", "praise_support", "trust", "excited")
    assert share_of(histories, won, *praise) > 2 * share_of(histories, lost, *praise) > 0
    sore = ("delay", "support_slow")
    assert share_of(histories, left, *sore) > 1.5 * share_of(histories, lambda one: lost(one) and not left(one), *sore)
